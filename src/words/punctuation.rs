//! Punctuation by what stands beside it: Chinese text has full-width marks and curved quotes (GB/T 15834), Western text has
//! half-width ones. The letters of a text decide, never the language of the paper that quotes it.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::words::personal::is_han;

/// Which punctuation the texts of the logs have in a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Punctuation {
    /// That of the text's script: full-width in Chinese text, half-width in Western.
    #[default]
    ByScript,
    /// That of the log.
    AsWritten,
}

impl Punctuation {
    /// Whether it is the usual one.
    #[must_use]
    pub fn is_by_script(&self) -> bool {
        *self == Self::ByScript
    }
}

/// Half-width marks and the full-width ones of Chinese text.
const MARKS: [(char, char); 5] = [(',', '，'), (';', '；'), (':', '：'), ('?', '？'), ('!', '！')];

/// Marks of Chinese text that Western text has otherwise, beside [`MARKS`].
const WESTERN: [(char, char); 5] = [('。', '.'), ('、', ','), ('（', '('), ('）', ')'), ('．', '.')];

/// Whether [`punctuated`] may change a text in UTF-8; most texts are told apart here.
#[must_use]
pub fn may_change(text: &[u8]) -> bool {
    // Bytes and no branches: the compiler makes SIMD of it.
    let (mut mark, mut wide, mut han) = (0_u8, 0_u8, 0_u8);
    for byte in text {
        let is = |other: u8| u8::from(*byte == other);
        mark |= is(b'"') | is(b',') | is(b';') | is(b':') | is(b'?') | is(b'!');
        wide |= is(0xe3) | is(0xef);
        han |= u8::from(byte.wrapping_sub(0xe4) < 6) | is(0xf0);
    }
    han & mark != 0 || han == 0 && wide != 0
}

/// Returns a text with the punctuation of its own script. In Chinese text, half-width commas, semicolons, colons, question
/// and exclamation marks beside a Chinese character become full-width, and pairs of straight quotes become “”; those
/// between letters and digits stay (1,000; 10:30). In text without a Chinese character, Chinese marks become Western ones.
#[must_use]
pub fn punctuated(text: &str) -> Cow<'_, str> {
    if !may_change(text.as_bytes()) {
        return Cow::Borrowed(text);
    }
    if text.chars().any(is_han) { chinese(text) } else { western(text) }
}

fn chinese(text: &str) -> Cow<'_, str> {
    let chars: Vec<char> = text.chars().collect();
    let mut out: Vec<char> = Vec::with_capacity(chars.len());
    let mut quotes = quotes(&chars).into_iter().peekable();
    let mut index = 0;
    while let Some(c) = chars.get(index).copied() {
        if let Some((_, quote)) = quotes.next_if(|(at, _)| *at == index) {
            out.push(quote);
        } else if let Some((_, wide)) = MARKS.iter().find(|(half, _)| *half == c)
            && is_in_chinese(&chars, index)
        {
            while out.last() == Some(&' ') {
                out.pop();
            }
            out.push(*wide);
            // A full-width mark has the blank in it.
            while chars.get(index + 1) == Some(&' ') {
                index += 1;
            }
        } else {
            out.push(c);
        }
        index += 1;
    }
    if out == chars { Cow::Borrowed(text) } else { Cow::Owned(out.into_iter().collect()) }
}

/// Whether the mark at `index` has a Chinese character or mark beside it; blanks, quotes and other marks are passed over.
fn is_in_chinese(chars: &[char], index: usize) -> bool {
    let is_letter = |c: &&char| !matches!(**c, ' ' | '"' | '“' | '”') && MARKS.iter().all(|(half, _)| half != *c);
    let before = chars.get(..index).and_then(|before| before.iter().rev().find(is_letter));
    let after = chars.get(index + 1..).and_then(|after| after.iter().find(is_letter));
    // What follows the colon of an address (https://) or of a drive is no text.
    let is_address = chars.get(index) == Some(&':') && matches!(chars.get(index + 1), Some('/' | '\\'));
    !is_address && before.into_iter().chain(after).any(|c| is_chinese(*c))
}

fn is_chinese(c: char) -> bool {
    is_han(c) || "，。；：？！、（）《》〔〕…".contains(c)
}

/// The straight quotes that become curved ones, by their places. An odd number of them pairs in no certain way.
fn quotes(chars: &[char]) -> Vec<(usize, char)> {
    let places: Vec<usize> = chars.iter().enumerate().filter(|(_, c)| **c == '"').map(|(index, _)| index).collect();
    let pairs = places.chunks_exact(2);
    if !pairs.remainder().is_empty() {
        return Vec::new();
    }
    let curved = pairs.filter_map(|pair| {
        let [open, close] = *pair else { return None };
        let inside = chars.get(open + 1..close)?;
        let outside = open.checked_sub(1).and_then(|at| chars.get(at)).into_iter().chain(chars.get(close + 1));
        inside.iter().chain(outside).any(|c| is_han(*c)).then_some([(open, '“'), (close, '”')])
    });
    curved.flatten().collect()
}

fn western(text: &str) -> Cow<'_, str> {
    let half = |c: char| {
        let marks = MARKS.iter().map(|(half, wide)| (*wide, *half)).chain(WESTERN);
        marks.into_iter().find(|(wide, _)| *wide == c).map(|(_, half)| half)
    };
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let Some(mark) = half(c) else {
            out.push(c);
            continue;
        };
        if mark == '(' && out.chars().last().is_some_and(char::is_alphanumeric) {
            out.push(' ');
        }
        out.push(mark);
        let follows = chars.peek().is_some_and(|next| next.is_alphanumeric());
        if follows && matches!(mark, ',' | ';' | ':' | '?' | '!' | '.' | ')') {
            out.push(' ');
        }
    }
    if out == text { Cow::Borrowed(text) } else { Cow::Owned(out) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn chinese_text_has_full_width_marks() {
        for (written, wanted) in [
            ("地面有\"油污\",未清理", "地面有“油污”，未清理"),
            ("共3个, 现场整改2个;其余限期", "共3个，现场整改2个；其余限期"),
            ("责任人:张三", "责任人：张三"),
            ("是否培训?否!", "是否培训？否！"),
            ("标有\"A级\"字样", "标有“A级”字样"),
            ("A,B两处", "A,B两处"),
            ("甲,B,乙", "甲，B，乙"),
            ("金额1,000元,10:30检查", "金额1,000元，10:30检查"),
            ("见https://a.cn/b,已核", "见https://a.cn/b，已核"),
            ("管径3\"的管道", "管径3\"的管道"),
            ("比例1:2", "比例1:2"),
            ("已是全角，“不变”", "已是全角，“不变”"),
        ] {
            assert_eq!(punctuated(written), wanted);
        }
    }

    #[test]
    fn western_text_has_half_width_marks() {
        for (written, wanted) in [
            ("Door blocked，exit unlit。", "Door blocked, exit unlit."),
            ("Fridge：9 °C（limit 5 °C）", "Fridge: 9 °C (limit 5 °C)"),
            ("“Use by” date past", "“Use by” date past"),
            ("Sink, tap; 10:30", "Sink, tap; 10:30"),
        ] {
            assert_eq!(punctuated(written), wanted);
        }
    }

    proptest! {
        #[test]
        fn letters_and_digits_stay_and_twice_is_once(text in "[甲乙a1 ,;:?!\"，。“”（）/.]{0,24}") {
            let once = punctuated(&text).into_owned();
            prop_assert_eq!(punctuated(&once), once.as_str());
            let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
            prop_assert_eq!(letters(&once), letters(&text));
        }
    }
}
