//! Finds and masks what belongs to a person in free text: numbers of identity documents, telephones and bank cards, licence
//! plates, e-mail addresses and addresses of dwellings.
//!
//! - `plain`: the form in which they are looked for, whatever the spelling
//! - `simplified`: traditional characters and their simplified forms
//! - `kind`: what there is
//! - `digits`: what runs of digits are
//! - `patterns`: what is not digits alone
//!
//! A number that only looks like one stays: social credit codes, case numbers, serial numbers, amounts
//! (`tests/personal/texts.tsv` holds what is found in some 200 texts).

mod digits;
mod kind;
mod patterns;
mod plain;
mod simplified;

use std::ops::Range;

pub use kind::PersonalData;
pub(crate) use plain::is_han;
pub use plain::{Compact, compact};

use kind::Candidate;
use plain::Plain;

/// Something personal in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its bytes in the text.
    pub range: Range<usize>,
    /// What it is.
    pub kind: PersonalData,
    /// Its [`compact`] form, by which another spelling is known.
    pub compact: String,
}

/// Returns what is personal in a text, in order, without overlaps.
#[must_use]
pub fn find(text: &str) -> Vec<Found> {
    if !may_hold_any(text.as_bytes()) {
        return Vec::new();
    }
    let plain = Plain::of(text);
    let mut all = patterns::find(&plain.text);
    all.extend(digits::find(&plain.text));
    // Of two that overlap, the one that begins first is taken, of those the longer.
    all.sort_by_key(|candidate| (candidate.range.start, std::cmp::Reverse(candidate.range.end)));
    let (mut found, mut end) = (Vec::new(), 0);
    for Candidate { range, kind } in all {
        if range.start >= end && !range.is_empty() {
            end = range.end;
            let compact = compact(plain.text.get(range.clone()).unwrap_or_default());
            found.push(Found { range: plain.original(&range), kind, compact });
        }
    }
    found
}

/// Whether a text may hold anything personal. Nearly no description does, and every one is asked: bytes are counted, all at
/// once.
#[must_use]
pub fn may_hold_any(text: &[u8]) -> bool {
    let count = |is: fn(u8) -> bool| text.iter().filter(|byte| is(**byte)).count();
    let pairs = || text.iter().zip(text.iter().skip(1));
    let narrow = count(|byte| byte.is_ascii_digit());
    // Full-width digits end in BC 90 to BC 99.
    let wide = pairs().filter(|(first, second)| **first == 0xbc && (0x90..=0x99).contains(*second)).count();
    // 住 ends in BD 8F, 籍 in B1 8D; @ and ＠ (BC A0).
    let lives = || pairs().any(|(first, second)| matches!((*first, *second), (0xbd, 0x8f) | (0xb1, 0x8d)));
    let has_at = || text.contains(&b'@') || pairs().any(|(first, second)| (*first, *second) == (0xbc, 0xa0));
    let is_english =
        || text.windows(5).any(|word| word.eq_ignore_ascii_case(b"lives") || word.eq_ignore_ascii_case(b" home"));
    let has_letter =
        || text.iter().any(u8::is_ascii_alphabetic) || pairs().any(|(first, second)| is_wide_letter(*first, *second));
    let digits = narrow + wide;
    // A plate has at least two digits and a letter, a number has seven.
    digits >= 7 || digits >= 2 && has_letter() || lives() || has_at() || is_english()
}

/// Whether two bytes are the last of a full-width letter: BC A1 to BC BA, BD 81 to BD 9A.
fn is_wide_letter(first: u8, second: u8) -> bool {
    matches!((first, second), (0xbc, 0xa1..=0xba) | (0xbd, 0x81..=0x9a))
}

/// Masks what is personal: `138****8000`, `110105********002X`, 豫A*****.
#[must_use]
pub fn masked(text: &str, kind: PersonalData) -> String {
    let plain: String = compact(text);
    let (head, stars, tail) = match kind {
        PersonalData::IdCard if plain.len() == 18 => (6, "********", 4),
        PersonalData::IdCard | PersonalData::Passport => (1, "********", 0),
        PersonalData::Mobile => match plain.len() {
            11 => (3, "****", 4),
            // 86 or 0086 before it.
            length => (length.saturating_sub(8), "****", 4),
        },
        PersonalData::Telephone => (4, "****", 0),
        PersonalData::BankCard => (4, "****", 4),
        PersonalData::Plate => (2, "*****", 0),
        PersonalData::Email => {
            return text.find(['@', '＠']).map_or_else(|| "***".to_owned(), |at| format!("***{}", &text[at..]));
        }
        PersonalData::Dwelling => return "***".to_owned(),
    };
    let chars: Vec<char> = plain.chars().collect();
    let part = |range: Range<usize>| chars.get(range).unwrap_or_default().iter().collect::<String>();
    format!("{}{stars}{}", part(0..head.min(chars.len())), part(chars.len().saturating_sub(tail)..chars.len()))
}

/// Masks everything personal in a text; `None` if there is nothing.
#[must_use]
pub fn without_personal_data(text: &str) -> Option<String> {
    let (mut shown, mut from) = (String::new(), 0);
    for Found { range, kind, .. } in find(text) {
        shown.push_str(text.get(from..range.start)?);
        shown.push_str(&masked(text.get(range.clone())?, kind));
        from = range.end;
    }
    (from > 0).then(|| shown + text.get(from..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_is_left_out() {
        let shown = |text: &str| without_personal_data(text).unwrap_or_else(|| text.to_owned());
        assert_eq!(
            shown("身份证11010519491231002X，电话13800138000转8"),
            "身份证110105********002X，电话138****8000转8"
        );
        assert_eq!(shown("电话１３８－００１３ ８０００。"), "电话138****8000。");
        assert_eq!(shown("联系+86 138 0013 8000"), "联系+86138****8000");
        assert_eq!(shown("豫A·12345停在门口"), "豫A*****停在门口");
        assert_eq!(shown("编号12345"), "编号12345");
    }
}
