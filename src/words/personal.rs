//! Numbers that belong to one person: identity cards (GB 11643) and mobiles.

use std::ops::Range;

/// What a number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An identity card.
    IdCard,
    /// A mobile telephone.
    Mobile,
}

/// Finds the numbers of persons in a text: where they stand, and what each is.
pub fn numbers(text: &[u8]) -> impl Iterator<Item = (Range<usize>, Kind)> + '_ {
    let is_digit = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'X' | b'x');
    // A run of eleven has one of every eleven bytes: most texts have none there.
    let may_have = text.iter().skip(10).step_by(11).any(is_digit);
    let mut at = if may_have { 0 } else { text.len() };
    std::iter::from_fn(move || {
        loop {
            at += text.get(at..)?.iter().position(is_digit)?;
            let length = text[at..].iter().position(|byte| !is_digit(byte)).unwrap_or(text.len() - at);
            let run = at..at + length;
            at = run.end;
            let number = &text[run.clone()];
            if is_id_card(number) {
                return Some((run, Kind::IdCard));
            }
            if is_mobile(number) {
                return Some((run, Kind::Mobile));
            }
        }
    })
}

/// A number with its middle left out: `138****1234`, `110105********002X`.
#[must_use]
pub fn masked(number: &str, kind: Kind) -> String {
    let (head, tail) = match kind {
        Kind::IdCard => (6, 4),
        Kind::Mobile => (3, 4),
    };
    let part = |range| number.get(range).unwrap_or_default();
    let end = number.len().saturating_sub(tail);
    let middle = if kind == Kind::IdCard { "********" } else { "****" };
    format!("{}{middle}{}", part(0..head), part(end..number.len()))
}

/// A text with the middle of each such number left out.
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

/// 11 digits, a mobile prefix.
fn is_mobile(number: &[u8]) -> bool {
    number.len() == 11
        && number.iter().all(u8::is_ascii_digit)
        && number[0] == b'1'
        && (b'3'..=b'9').contains(&number[1])
}

/// 18 characters whose last is the check digit of GB 11643 over the others.
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
