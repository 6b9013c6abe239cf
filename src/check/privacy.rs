//! P301 and P302: identity card and mobile numbers in free text.

use crate::fault::{Faults, What};
use crate::model::{Field, Issue};

/// Free text that goes into documents.
const TEXTS: [Field; 7] = [
    Field::Description,
    Field::Basis,
    Field::Demand,
    Field::Measures,
    Field::Progress,
    Field::Accountability,
    Field::Note,
];

/// Finds numbers of persons in the texts of an issue.
pub(super) fn check(issue: &Issue<'_>, faults: &mut Faults) {
    for field in TEXTS.into_iter().filter(|field| issue.row.columns.has(*field)) {
        for number in numbers(issue.row.bytes(field)) {
            let place = issue.row.field_place(field);
            if is_id_card(number) {
                let masked = format!("{}********{}", part(number, 0, 6), part(number, 14, 18));
                faults.add_at(place, field, What::IdCard { masked });
            } else if is_mobile(number) {
                let masked = format!("{}****{}", part(number, 0, 3), part(number, 7, 11));
                faults.add_at(place, field, What::Mobile { masked });
            }
        }
    }
}

fn part(number: &[u8], from: usize, to: usize) -> String {
    String::from_utf8_lossy(number.get(from..to).unwrap_or_default()).into_owned()
}

/// Runs of digits (and a closing X) that have the length of a number of a person.
fn numbers(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let is_digit = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'X' | b'x');
    // A run of eleven has one of every eleven bytes: most texts have none there.
    let may_have = text.iter().skip(10).step_by(11).any(is_digit);
    let text = if may_have { text } else { &[] };
    text.split(move |byte| !is_digit(byte)).filter(|run| matches!(run.len(), 11 | 18))
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
        let found = |text: &str| {
            numbers(text.as_bytes())
                .map(|number| (is_id_card(number), is_mobile(number)))
                .filter(|(id, mobile)| *id || *mobile)
                .count()
        };
        assert_eq!(found("身份证11010519491231002X，电话13800138000"), 2);
        assert_eq!(found("编号110105194912310021"), 0, "a wrong check digit is no identity card");
        assert_eq!(found("单号12345678901"), 0, "no mobile prefix");
        assert_eq!(found("联系13800138000转8"), 1);
        assert_eq!(found("138001380001"), 0);
    }
}
