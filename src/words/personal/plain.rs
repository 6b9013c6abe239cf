//! One form of a text in which numbers and names are looked for, with the places that its characters come from.
//!
//! Full-width letters, digits and signs are narrow, zero-width characters are gone, the many blanks, hyphens and middle dots
//! are one each. [`compact`] also drops what people put between the digits of a number and the characters of a name.

use std::ops::Range;

use super::simplified::simplified;

/// A text in plain form.
pub(super) struct Plain {
    /// The plain form.
    pub(super) text: String,
    /// For each character its place there, and its range in the original.
    places: Vec<(usize, Range<usize>)>,
}

impl Plain {
    /// Makes the plain form of a text.
    pub(super) fn of(original: &str) -> Self {
        let (mut text, mut places) = (String::with_capacity(original.len()), Vec::new());
        for (at, c) in original.char_indices() {
            if let Some(plain) = plain(c) {
                places.push((text.len(), at..at + c.len_utf8()));
                text.push(plain);
            }
        }
        Self { text, places }
    }

    /// Returns the range in the original of a range of the plain form, which is not empty.
    pub(super) fn original(&self, range: &Range<usize>) -> Range<usize> {
        original(&self.places, range)
    }
}

/// Returns the plain form of a character; `None` if it has no width.
fn plain(c: char) -> Option<char> {
    Some(match c {
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}' => return None,
        '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{3000}' => ' ',
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '－' | '﹣' => '-',
        '•' | '‧' | '・' | '･' | '˙' | '∙' => '·',
        '！'..='～' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        c => c,
    })
}

/// Whether a sign may stand between the digits of a number.
pub(super) fn is_separator(c: char) -> bool {
    matches!(c, ' ' | '-' | '.' | '·')
}

/// Whether a character is a Chinese one.
pub(crate) fn is_han(c: char) -> bool {
    ('\u{3400}'..='\u{9fff}').contains(&c) || ('\u{20000}'..='\u{323af}').contains(&c)
}

/// A text in compact form: without what people put between the digits of a number and the characters of a name, Latin
/// letters in capitals, Chinese characters simplified. Two spellings of one number or name have the same compact form.
///
/// Blanks, hyphens, full stops and middle dots are dropped between letters and digits, and blanks and middle dots between
/// Chinese characters. Line breaks stay.
#[derive(Debug)]
pub struct Compact {
    /// The compact form.
    pub text: String,
    places: Vec<(usize, Range<usize>)>,
}

impl Compact {
    /// Makes the compact form of a text.
    #[must_use]
    pub fn of(original: &str) -> Self {
        let mut compact = Self { text: String::with_capacity(original.len()), places: Vec::new() };
        let mut waiting: Vec<(char, Range<usize>)> = Vec::new();
        for (at, c) in original.char_indices() {
            let place = at..at + c.len_utf8();
            let Some(c) = plain(c) else { continue };
            if is_separator(c) {
                waiting.push((c, place));
                continue;
            }
            let before = compact.text.chars().next_back();
            // ß becomes SS.
            let capital = c.to_uppercase().next().unwrap_or(c);
            let are_latin = capital.is_ascii_alphanumeric() && before.is_some_and(|c| c.is_ascii_alphanumeric());
            let is_blank = || waiting.iter().all(|(c, _)| matches!(c, ' ' | '·'));
            let are_han = is_han(c) && before.is_some_and(is_han) && is_blank();
            if !are_latin && !are_han {
                compact.extend(&waiting);
            }
            waiting.clear();
            for c in c.to_uppercase() {
                compact.push(simplified(c), &place);
            }
        }
        compact.extend(&waiting);
        compact
    }

    fn extend(&mut self, chars: &[(char, Range<usize>)]) {
        for (c, place) in chars {
            self.push(*c, place);
        }
    }

    fn push(&mut self, c: char, place: &Range<usize>) {
        self.places.push((self.text.len(), place.clone()));
        self.text.push(c);
    }

    /// Returns the range in the original of a range of the compact form.
    #[must_use]
    pub fn original(&self, range: &Range<usize>) -> Range<usize> {
        original(&self.places, range)
    }
}

/// Returns the [`Compact`] form of a text.
#[must_use]
pub fn compact(text: &str) -> String {
    Compact::of(text).text
}

/// Returns the range in the original of a range, by the places of its characters.
fn original(places: &[(usize, Range<usize>)], range: &Range<usize>) -> Range<usize> {
    let first = places.partition_point(|(at, _)| *at < range.start);
    let last = places.partition_point(|(at, _)| *at < range.end);
    let start = places.get(first).map_or(0, |(_, place)| place.start);
    let end = last.checked_sub(1).and_then(|last| places.get(last)).map_or(start, |(_, place)| place.end);
    start..end.max(start)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn spellings_of_one_number_or_name_have_one_form() {
        for (form, spellings) in [
            (
                "13800138000",
                &["138 0013 8000", "１３８－００１３－８０００", "138.0013.8000", "138\u{200b}00138000"][..],
            ),
            ("11010519491231002X", &["110105 19491231 002x", "１１０１０５１９４９１２３１００２Ｘ"]),
            ("李四", &["李 四", "李\u{3000}四", "李\u{200b}四"]),
            ("买买提艾力", &["买买提·艾力", "买买提•艾力", "买买提 ‧ 艾力"]),
            ("张伟国", &["張偉國", "張 偉國"]),
            ("JOHNSMITH", &["John Smith", "john  smith", "JOHN-SMITH"]),
        ] {
            for spelling in spellings {
                assert_eq!(compact(spelling), form, "{spelling}");
            }
        }
        assert_eq!(compact("张\n三。 a, b"), "张\n三。 A, B");
    }

    proptest! {
        /// The places lead back to the characters they came from.
        #[test]
        fn places_are_those_of_the_original(text in "[0-9０-９ -－a中，\u{200b}\u{3000}·•]{0,30}") {
            let plain = Plain::of(&text);
            for (at, c) in plain.text.char_indices() {
                let place = plain.original(&(at..at + c.len_utf8()));
                let original: Vec<char> = text[place].chars().filter(|c| super::plain(*c).is_some()).collect();
                prop_assert_eq!(original.len(), 1);
                prop_assert_eq!(super::plain(original[0]), Some(c));
            }
            prop_assert_eq!(compact(&compact(&text)), compact(&text));
        }
    }
}
