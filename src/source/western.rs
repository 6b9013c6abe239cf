//! Finds text of a Western encoding (Windows-1252, ISO 8859) that would pass as GB18030.
//!
//! There an accented letter and the letter behind it make a rare hanzi: `Müller` reads `M黮ler`. Such a hanzi has a Latin
//! letter as its second byte and stands beside another; those in use in China have none (GB/T 2312), and hardly ever
//! stand beside one.

use crate::delimited::bytes::line_breaks;
use crate::source::gb18030::{PlainRun, is_pair, skip_plain};

/// Reads bytes and counts the characters of two bytes, chunk by chunk.
#[derive(Debug, Default)]
pub(super) struct WesternCheck {
    /// The bytes before, as far as they matter.
    state: ByteState,
    /// The number of line breaks so far, and whether the last byte was a carriage return.
    breaks: u32,
    after_return: bool,
    offset: u64,
    /// Those that look like Latin letters, and the others.
    latin: u64,
    others: u64,
    first: Option<LatinPair>,
}

/// The first two bytes that look like Latin letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LatinPair {
    pub(super) offset: u64,
    pub(super) line: u32,
    pub(super) bytes: [u8; 2],
}

#[derive(Clone, Copy, Debug, Default)]
enum ByteState {
    #[default]
    Other,
    /// A Latin letter.
    Letter,
    /// The first byte of a character, and whether it follows a letter.
    Lead(u8, bool),
    /// A character whose second byte is a letter, which does not follow one: what comes next decides.
    Open(LatinPair),
}

impl WesternCheck {
    pub(super) fn push(&mut self, input: &[u8]) {
        let mut rest = input;
        while let [byte, after @ ..] = rest {
            if matches!(self.state, ByteState::Other | ByteState::Letter) {
                let run = skip_plain(rest);
                if run.length > 0 {
                    self.skip(&rest[..run.length], run);
                    rest = &rest[run.length..];
                    continue;
                }
            }
            self.byte(*byte);
            self.offset += 1;
            rest = after;
        }
    }

    /// Reads bytes as far as they are ASCII and characters of two bytes; returns how many they are.
    pub(super) fn push_plain(&mut self, input: &[u8]) -> usize {
        let mut at = 0;
        loop {
            let rest = &input[at..];
            if matches!(self.state, ByteState::Other | ByteState::Letter) {
                let run = skip_plain(rest);
                if run.length > 0 {
                    self.skip(&rest[..run.length], run);
                    at += run.length;
                    continue;
                }
            }
            let length = match rest {
                [byte, ..] if byte.is_ascii() => 1,
                [lead, trail, ..] if is_pair(*lead, *trail) => 2,
                _ => return at,
            };
            self.push(&rest[..length]);
            at += length;
        }
    }

    /// Goes over text without a pair that looks like a Latin letter.
    fn skip(&mut self, text: &[u8], run: PlainRun) {
        self.others += run.pairs;
        self.state = if run.ends_with_letter { ByteState::Letter } else { ByteState::Other };
        self.offset += text.len() as u64;
        // The lines matter up to the first pair only.
        if self.first.is_none() {
            let is_cut = self.after_return && text.first() == Some(&b'\n');
            self.breaks += u32::try_from(line_breaks(text)).unwrap_or(u32::MAX) - u32::from(is_cut);
        }
        self.after_return = text.last() == Some(&b'\r');
    }

    fn byte(&mut self, byte: u8) {
        let is_letter = byte.is_ascii_alphabetic();
        if let ByteState::Open(pair) = self.state {
            self.count(is_letter.then_some(pair));
            self.state = ByteState::Other;
        }
        self.state = match (self.state, byte) {
            (ByteState::Lead(lead, after_letter), _) if is_letter => {
                let offset = self.offset.saturating_sub(1);
                let pair = LatinPair { offset, line: self.breaks + 1, bytes: [lead, byte] };
                if after_letter {
                    self.count(Some(pair));
                    ByteState::Letter
                } else {
                    ByteState::Open(pair)
                }
            }
            (ByteState::Lead(..), _) => {
                self.count(None);
                ByteState::Other
            }
            (state, 0x81..=0xfe) => ByteState::Lead(byte, matches!(state, ByteState::Letter)),
            _ if is_letter => ByteState::Letter,
            _ => ByteState::Other,
        };
        self.breaks += u32::from(byte == b'\r' || byte == b'\n' && !self.after_return);
        self.after_return = byte == b'\r';
    }

    fn count(&mut self, pair: Option<LatinPair>) {
        match pair {
            Some(pair) => {
                self.latin += 1;
                self.first.get_or_insert(pair);
            }
            None => self.others += 1,
        }
    }

    /// Returns the first pair of bytes if at least half of all characters look like Latin letters.
    pub(super) fn found(&self) -> Option<LatinPair> {
        self.first.filter(|_| self.latin >= self.others)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::{GB18030, WINDOWS_1252};
    use proptest::prelude::*;

    fn found(bytes: &[u8]) -> Option<(u64, u32)> {
        let mut whole = WesternCheck::default();
        whole.push(bytes);
        let mut pieces = WesternCheck::default();
        bytes.chunks(1).for_each(|piece| pieces.push(piece));
        assert_eq!(whole.found(), pieces.found());
        whole.found().map(|pair| (pair.offset, pair.line))
    }

    /// The same, byte by byte.
    fn found_slowly(bytes: &[u8]) -> Option<(u64, u32)> {
        let mut check = WesternCheck::default();
        for byte in bytes {
            check.byte(*byte);
            check.offset += 1;
        }
        check.found().map(|pair| (pair.offset, pair.line))
    }

    proptest! {
        #[test]
        fn what_is_skipped_shows_nowhere(text in "[a甲囧镕\r\n,]{0,30}", western in "[aü\r\n]{0,12}", bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            let text = [&*GB18030.encode(&text).0, &*WINDOWS_1252.encode(&western).0, &bytes].concat();
            prop_assert_eq!(found(&text), found_slowly(&text));
        }
    }

    #[test]
    fn western_words_are_told_from_chinese_ones() {
        let western = |text: &str| found(&WINDOWS_1252.encode(text).0);
        assert_eq!(western("unit\nMüller\nKöln, Äpfel\n"), Some((6, 2)));
        assert_eq!(western("Ärzte\n"), Some((0, 1)));
        assert_eq!(western("a\r\nb\r\nSão Paulo, Niño"), Some((7, 3)));
        assert_eq!(western("plain text"), None);
        let chinese = |text: &str| found(&GB18030.encode(text).0);
        for text in ["责任单位\nA座3楼PVC管破损\n", "朱镕基", "贾陈社区", "M黮ler 有限公司承建，朱镕基题字", "囧rz"]
        {
            assert_eq!(chinese(text), None, "{text}");
        }
    }
}
