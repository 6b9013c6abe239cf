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

/// Whether a text may hold anything personal. Nearly no description does, and every one is asked.
#[must_use]
pub fn may_hold_any(text: &[u8]) -> bool {
    let ByteSigns { digits, has_latin, has_wide_latin, lives, has_at } = ByteSigns::of(text);
    let is_english =
        || text.windows(5).any(|word| word.eq_ignore_ascii_case(b"lives") || word.eq_ignore_ascii_case(b" home"));
    // A plate has at least two digits and a letter.
    digits >= digits::LEAST && has_long_number(text)
        || digits >= 2 && (has_latin || has_wide_latin)
        || lives
        || has_at
        || has_latin && is_english()
}

/// Whether there are as many digits as a number has with nothing between them but what may stand within one.
///
/// Chinese characters and most ASCII signs end a number. What separates digits, or has no width, has its first byte elsewhere.
fn has_long_number(text: &[u8]) -> bool {
    let mut digits = 0;
    text.iter().zip(std::iter::once(&0).chain(text)).any(|(byte, before)| {
        match byte {
            b'0'..=b'9' => digits += 1,
            0x90..=0x99 if *before == 0xbc => digits += 1,
            b' ' | b'-' | b'.' | b')' | 0x80..=0xe3 | 0xea..=0xff => {}
            _ => digits = 0,
        }
        digits >= digits::LEAST
    })
}

/// What the bytes of a text tell of it.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a sign of its own")]
struct ByteSigns {
    digits: usize,
    has_latin: bool,
    has_wide_latin: bool,
    /// Whether 住 or 籍 may be in it.
    lives: bool,
    has_at: bool,
}

impl ByteSigns {
    /// Bytes that are looked at in one go: the compiler makes SIMD of a loop whose sums fit into bytes.
    const PART: usize = 128;

    fn of(text: &[u8]) -> Self {
        let mut signs = Self::default();
        let mut before = 0;
        for part in text.chunks(Self::PART) {
            signs.add(&[before], &part[..1]);
            signs.add(&part[..part.len() - 1], &part[1..]);
            before = part[part.len() - 1];
        }
        signs
    }

    /// Adds bytes, each with the one before it.
    fn add(&mut self, before: &[u8], bytes: &[u8]) {
        let (mut digits, mut latin, mut wide_latin, mut lives, mut at) = (0_u8, 0_u8, 0_u8, 0_u8, 0_u8);
        let within = |byte: u8, first: u8, count: u8| u8::from(byte.wrapping_sub(first) < count);
        for (before, byte) in before.iter().zip(bytes) {
            let (before, byte) = (*before, *byte);
            // The last two bytes of full-width digits are BC 90 to BC 99, of letters BC A1 to BC BA and BD 81 to BD 9A, of
            // ＠ BC A0; 住 ends in BD 8F, 籍 in B1 8D.
            let (wide, low) = (u8::from(before == 0xbc), u8::from(before == 0xbd));
            digits += within(byte, b'0', 10) | wide & within(byte, 0x90, 10);
            latin |= within(byte | 0x20, b'a', 26);
            wide_latin |= wide & within(byte, 0xa1, 26) | low & within(byte, 0x81, 26);
            lives |= low & u8::from(byte == 0x8f) | u8::from(before == 0xb1) & u8::from(byte == 0x8d);
            at |= u8::from(byte == b'@') | wide & u8::from(byte == 0xa0);
        }
        self.digits += usize::from(digits);
        self.has_latin |= latin != 0;
        self.has_wide_latin |= wide_latin != 0;
        self.lives |= lives != 0;
        self.has_at |= at != 0;
    }
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

    /// The same, sign by sign.
    fn may_hold_any_slowly(text: &str) -> bool {
        let is_digit = |c: &char| matches!(c, '0'..='9' | '０'..='９');
        let digits = text.chars().filter(is_digit).count();
        let is_end = |c: char| {
            let is_within = matches!(c, '0'..='9' | ' ' | '-' | '.' | ')' | '\u{80}'..='\u{3fff}' | '\u{a000}'..);
            !is_within
        };
        let longest = text.split(is_end).map(|part| part.chars().filter(is_digit).count()).max();
        let is_letter = |c: char| matches!(c, 'a'..='z' | 'A'..='Z' | 'ａ'..='ｚ' | 'Ａ'..='Ｚ');
        let lower = text.to_ascii_lowercase();
        longest >= Some(7)
            || digits >= 2 && text.contains(is_letter)
            || text.contains(['住', '籍', '@', '＠'])
            || lower.contains("lives")
            || lower.contains(" home")
    }

    proptest::proptest! {
        #[test]
        fn signs_are_found_wherever_they_stand(before in "[a 灭]{0,140}", text in "[0-9０-９ａＺaZ@＠住籍楼，\"）) -]{0,16}|[0-9０-９楼－ ]{7,20}|lives| Home") {
            for text in [text.clone(), format!("{before}{text}"), format!("{text}{before}")] {
                // The last two bytes may be those of other characters as well.
                proptest::prop_assert!(may_hold_any(text.as_bytes()) || !may_hold_any_slowly(&text), "{}", text);
                let is_plain = |c: char| c.is_ascii() || "灭楼住籍".contains(c) || matches!(c, '！'..='～');
                if text.chars().all(is_plain) {
                    proptest::prop_assert_eq!(may_hold_any(text.as_bytes()), may_hold_any_slowly(&text), "{}", text);
                }
            }
        }
    }

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
