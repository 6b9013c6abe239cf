//! New text in the bytes of a file: every other byte stays, in any encoding.

use std::ops::Range;

use encoding_rs::GB18030;

use crate::source::decode::Encoding;

/// Returns the bytes of a file with ranges of its text replaced. The ranges are those of the decoded `text`, in order, and
/// do not overlap.
///
/// Decoding a file and encoding it again would change bytes that GB18030 can write in two ways.
///
/// # Errors
/// The first character of a replacement that the encoding can't hold; `None` if the bytes are not those of the text.
pub(crate) fn spliced<'e>(
    raw: &[u8],
    text: &str,
    encoding: Encoding,
    edits: impl IntoIterator<Item = (Range<usize>, &'e str)>,
) -> Result<Vec<u8>, Option<char>> {
    let mut offsets = Offsets { raw, text, encoding, at_text: 0, at_raw: mark_length(encoding) };
    let (mut bytes, mut copied) = (Vec::with_capacity(raw.len() + 64), 0);
    for (range, new) in edits {
        let start = offsets.of(range.start).ok_or(None)?;
        let end = offsets.of(range.end).ok_or(None)?;
        bytes.extend_from_slice(raw.get(copied..start).ok_or(None)?);
        push(&mut bytes, new, encoding).map_err(Some)?;
        copied = end;
    }
    bytes.extend_from_slice(raw.get(copied..).ok_or(None)?);
    Ok(bytes)
}

/// Returns the first character of a text that an encoding can't hold.
pub(crate) fn unencodable(text: &str, encoding: Encoding) -> Option<char> {
    let fits = |c: &char| encoding != Encoding::Gb18030 || !GB18030.encode(c.encode_utf8(&mut [0; 4])).2;
    text.chars().find(|c| !fits(c))
}

fn mark_length(encoding: Encoding) -> usize {
    match encoding {
        Encoding::Utf8Bom => 3,
        Encoding::Utf16Le | Encoding::Utf16Be => 2,
        Encoding::Utf8 | Encoding::Gb18030 => 0,
    }
}

fn push(bytes: &mut Vec<u8>, text: &str, encoding: Encoding) -> Result<(), char> {
    if let Some(c) = unencodable(text, encoding) {
        return Err(c);
    }
    match encoding {
        Encoding::Utf8 | Encoding::Utf8Bom => bytes.extend_from_slice(text.as_bytes()),
        Encoding::Utf16Le => bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes)),
        Encoding::Utf16Be => bytes.extend(text.encode_utf16().flat_map(u16::to_be_bytes)),
        Encoding::Gb18030 => bytes.extend_from_slice(&GB18030.encode(text).0),
    }
    Ok(())
}

/// Where in the bytes the text is; asked in ascending order.
struct Offsets<'b> {
    raw: &'b [u8],
    text: &'b str,
    encoding: Encoding,
    at_text: usize,
    at_raw: usize,
}

impl Offsets<'_> {
    fn of(&mut self, offset: usize) -> Option<usize> {
        let between = self.text.get(self.at_text..offset)?;
        self.at_raw += match self.encoding {
            Encoding::Utf8 | Encoding::Utf8Bom => between.len(),
            Encoding::Utf16Le | Encoding::Utf16Be => between.chars().map(|c| 2 * c.len_utf16()).sum(),
            Encoding::Gb18030 => {
                let mut at = self.at_raw;
                for _ in between.chars() {
                    at += gb18030_length(self.raw.get(at..)?)?;
                }
                at - self.at_raw
            }
        };
        self.at_text = offset;
        Some(self.at_raw)
    }
}

/// The number of bytes of the first character.
fn gb18030_length(raw: &[u8]) -> Option<usize> {
    Some(match raw {
        [0x00..=0x80, ..] => 1,
        [0x81..=0xfe, b'0'..=b'9', ..] => 4,
        [0x81..=0xfe, _, ..] => 2,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What `text` is in an encoding, with the mark that belongs to it.
    fn encoded(text: &str, encoding: Encoding) -> Vec<u8> {
        let mut bytes = match encoding {
            Encoding::Utf8Bom => b"\xef\xbb\xbf".to_vec(),
            Encoding::Utf16Le => b"\xff\xfe".to_vec(),
            Encoding::Utf16Be => b"\xfe\xff".to_vec(),
            Encoding::Utf8 | Encoding::Gb18030 => Vec::new(),
        };
        push(&mut bytes, text, encoding).unwrap();
        bytes
    }

    #[test]
    fn bytes_that_can_be_written_in_two_ways_stay() {
        // 0x80 is the euro sign too, which is written A2 E3.
        let raw = b"a,\x80,\xbc\xd7\n";
        let text = GB18030.decode_without_bom_handling(raw).0;
        let at = text.find('甲').unwrap();
        let new = spliced(raw, &text, Encoding::Gb18030, [(at..at + 3, "乙")]).unwrap();
        assert_eq!(new, b"a,\x80,\xd2\xd2\n");
        assert_eq!(spliced(raw, &text, Encoding::Gb18030, [(at..at + 3, "\u{e5e5}")]), Err(Some('\u{e5e5}')));
    }

    proptest! {
        /// Edits of the text are edits of the bytes.
        #[test]
        fn splicing_is_encoding(
            pieces in proptest::collection::vec(("[a-z甲€𠮷\\n]{0,5}", "[a-z乙€𠀀]{0,3}", "[b丙𠮷]{0,4}"), 0..6),
        ) {
            let (mut text, mut expected, mut edits) = (String::new(), String::new(), Vec::new());
            for (kept, old, new) in &pieces {
                text += kept;
                edits.push((text.len()..text.len() + old.len(), new.as_str()));
                text += old;
                expected += kept;
                expected += new;
            }
            for encoding in [Encoding::Utf8, Encoding::Utf8Bom, Encoding::Utf16Le, Encoding::Utf16Be, Encoding::Gb18030] {
                let new = spliced(&encoded(&text, encoding), &text, encoding, edits.clone()).unwrap();
                prop_assert_eq!(new, encoded(&expected, encoding));
            }
        }
    }
}
