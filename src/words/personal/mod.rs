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
    if may_hold_any(text.as_bytes()) { search(text) } else { Vec::new() }
}

fn search(text: &str) -> Vec<Found> {
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
    // lives at, living at, residing at, home address: with the number of a house.
    let is_word =
        |word: &[u8]| [b"live", b"livi", b"resi", b"home"].iter().any(|known| word.eq_ignore_ascii_case(*known));
    let is_english = || has_wide_latin || text.windows(4).any(is_word);
    // A plate has at least two digits and a letter.
    digits >= digits::LEAST && has_long_number(text)
        || digits >= 2 && (has_latin || has_wide_latin)
        || lives
        || has_at
        || digits == 1 && (has_latin || has_wide_latin) && is_english()
}

/// Whether as many digits as a number has stand together in a text without letters, with nothing between them but what may
/// stand within a number. Fewer than [`digits::TELLING`] count only beside what tells whose they are.
///
/// Chinese characters and most ASCII signs end a number. What separates digits, or has no width, has its first byte elsewhere.
fn has_long_number(text: &[u8]) -> bool {
    let (mut digits, mut longest) = (0, 0);
    for (byte, before) in text.iter().zip(std::iter::once(&0).chain(text)) {
        match byte {
            b'0'..=b'9' => digits += 1,
            0x90..=0x99 if *before == 0xbc => digits += 1,
            b' ' | b'-' | b'.' | b')' | 0x80..=0xe3 | 0xea..=0xff => {}
            _ => digits = 0,
        }
        longest = longest.max(digits);
    }
    longest >= digits::TELLING || longest >= digits::LEAST && tells_whose(text)
}

/// Whether there may be a word before which a short number is that of a telephone or a document, the + of a country, or the
/// brackets of a check digit.
fn tells_whose(text: &[u8]) -> bool {
    (0..text.len()).any(|at| {
        let pair = || [1, 2].map(|next| text.get(at + next).copied().unwrap_or_default());
        // Behind a digit, or what may be a blank: not behind a Chinese character.
        let is_check_digit = || !matches!(text.get(at.saturating_sub(3)), Some(0xe4..=0xe9));
        // A character of 电话 座机 固话 传真 拨打 来电 致电 号码 台胞证 臺胞證 通行证 台湾居民; +, ＋, (, （.
        match text[at] {
            b'+' => true,
            b'(' => is_check_digit(),
            0xe6 => matches!(pair(), [0x89, 0x93] | [0x9c, 0xba] | [0xb9, 0xbe]),
            0xe7 => matches!(pair(), [0x94, 0xb5] | [0x9c, 0x9f] | [0xa0, 0x81]),
            0xe8 => matches!(pair(), [0xad, 0x89] | [0xaf, 0x81 | 0x9d]),
            0xef => pair() == [0xbc, 0x8b] || pair() == [0xbc, 0x88] && is_check_digit(),
            _ => false,
        }
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

    #[test]
    fn the_quick_look_knows_every_word_before_a_short_number() {
        for word in digits::TELEPHONES.iter().chain(&patterns::TRAVEL_PERMITS) {
            let text = format!("{word}66668888");
            assert!(may_hold_any(text.as_bytes()), "{word}");
        }
    }

    proptest::proptest! {
        /// What the quick look passes over has nothing personal in it.
        #[test]
        fn a_text_that_is_not_searched_has_nothing(
            parts in proptest::collection::vec(
                "[灭楼（）()、号 ]{0,40}|1?[0-9]{6,12}|[0-9０-９]{1,5}|[ .·\u{200b}－）(-]|0371|138|010|\\+86|电话|座\u{200b}机|传真|拨打|号码|tel|\
                 通行证|台湾居民|豫A|Ａ[0-9]{4}|＠|@a.cn|家住|户籍地|lives at 1 Oak Street|Home address: 2 Elm|residing at 3 Ash|ｌiving at ４ Fir|1234567 ?[（(]8[)）]|A123456\\(7\\)",
                0..8,
            ),
        ) {
            let text = parts.concat();
            proptest::prop_assert_eq!(find(&text), search(&text), "{}", text);
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
