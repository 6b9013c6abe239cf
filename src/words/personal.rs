//! Finds and masks the numbers of identity cards (GB 11643) and mobile phones.

use std::ops::Range;

/// The kind of a personal number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PersonalNumber {
    /// An identity card.
    IdCard,
    /// A mobile phone.
    Mobile,
}

/// Minimum number of digits of a personal number.
const MIN_DIGITS: usize = 11;

/// Finds the personal numbers in a text. Yields the byte range and the kind of each.
pub fn numbers(text: &[u8]) -> impl Iterator<Item = (Range<usize>, PersonalNumber)> + '_ {
    let is_other = |byte: &u8| !byte.is_ascii_digit() && !matches!(byte, b'X' | b'x');
    // A run of this many digits cannot be missed if only every `MIN_DIGITS`th byte is examined.
    let mut at = MIN_DIGITS - 1;
    std::iter::from_fn(move || {
        loop {
            if is_other(text.get(at)?) {
                at += MIN_DIGITS;
                continue;
            }
            let start = text[..at].iter().rposition(is_other).map_or(0, |other| other + 1);
            let end = text[at..].iter().position(is_other).map_or(text.len(), |length| at + length);
            at = end + MIN_DIGITS;
            let number = &text[start..end];
            if is_id_card(number) {
                return Some((start..end, PersonalNumber::IdCard));
            }
            if is_mobile(number) {
                return Some((start..end, PersonalNumber::Mobile));
            }
        }
    })
}

/// Masks the middle of a personal number: `138****1234`, `110105********002X`.
#[must_use]
pub fn masked(number: &str, kind: PersonalNumber) -> String {
    let (head, tail) = match kind {
        PersonalNumber::IdCard => (6, 4),
        PersonalNumber::Mobile => (3, 4),
    };
    let part = |range| number.get(range).unwrap_or_default();
    let end = number.len().saturating_sub(tail);
    let middle = if kind == PersonalNumber::IdCard { "********" } else { "****" };
    format!("{}{middle}{}", part(0..head), part(end..number.len()))
}

/// Masks the middle of each personal number in a text; `None` if it has none.
#[must_use]
pub fn without_numbers(text: &str) -> Option<String> {
    let mut shown = String::new();
    let mut from = 0;
    for (run, kind) in numbers(text.as_bytes()) {
        shown.push_str(text.get(from..run.start)?);
        shown.push_str(&masked(text.get(run.clone())?, kind));
        from = run.end;
    }
    (from > 0).then(|| shown + text.get(from..).unwrap_or_default())
}

/// Whether a run of digits is a mobile number: 11 digits with a mobile prefix, 13 to 19.
fn is_mobile(number: &[u8]) -> bool {
    number.len() == 11
        && number.iter().all(u8::is_ascii_digit)
        && number[0] == b'1'
        && (b'3'..=b'9').contains(&number[1])
}

/// Whether a run of digits is an identity number: 18 characters, the last being the check digit of GB 11643.
fn is_id_card(number: &[u8]) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const DIGITS: &[u8; 11] = b"10X98765432";
    let [body @ .., last] = number else { return false };
    if body.len() != WEIGHTS.len() || !body.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let sum: u32 = body.iter().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    DIGITS[(sum % 11) as usize] == last.to_ascii_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// The result is the same as that of examining every run of digits.
        #[test]
        fn no_run_of_digits_is_passed_over(text in "(13800138000|11010519491231002X|[0-9]{1,3}|[a甲]{1,4}){0,9}") {
            let is_digit = |c: char| c.is_ascii_digit() || matches!(c, 'X' | 'x');
            let runs = text.split(|c: char| !is_digit(c)).map(str::as_bytes);
            let expected: Vec<&[u8]> = runs.filter(|run| is_id_card(run) || is_mobile(run)).collect();
            let found: Vec<&[u8]> = numbers(text.as_bytes()).map(|(run, _)| &text.as_bytes()[run]).collect();
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn only_numbers_of_persons_are_found() {
        let found = |text: &str| numbers(text.as_bytes()).count();
        assert_eq!(found("身份证11010519491231002X，电话13800138000"), 2);
        assert_eq!(found("编号110105194912310021"), 0, "a wrong check digit is no identity card");
        assert_eq!(found("单号12345678901"), 0, "no mobile prefix");
        assert_eq!(found("联系13800138000转8"), 1);
        assert_eq!(found("138001380001"), 0);
        assert_eq!(found("2021年13800138000"), 1);
    }

    #[test]
    fn the_middle_is_left_out() {
        let shown = without_numbers("身份证11010519491231002X，电话13800138000转8");
        assert_eq!(shown.as_deref(), Some("身份证110105********002X，电话138****8000转8"));
        assert_eq!(without_numbers("编号12345"), None);
    }
}
