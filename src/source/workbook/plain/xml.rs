//! The tags of an XML part, one after another, with the text before each.
//!
//! Plain XML is UTF-8 and has tags, text, the entities of XML itself and references to characters. A comment, a CDATA
//! section, a document type or anything malformed is [`Odd`].

use std::io::Read;
use std::ops::Range;

use crate::source::workbook::plain::odd::Odd;

/// Bytes read at a time.
const CHUNK: usize = 64 * 1024;
/// Maximum length in bytes of a tag with the text before it; a cell has at most 32,767 characters.
const MAX_TAG: usize = 1 << 20;

/// The kind of a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::source::workbook) enum Tag {
    Start,
    /// `<v/>`.
    Empty,
    End,
    /// There is none: the end of the part.
    Nothing,
}

/// The tags of a part.
pub(in crate::source::workbook) struct PlainXml<R> {
    input: R,
    buffer: Vec<u8>,
    /// The part of the buffer that is to be read.
    at: usize,
    filled: usize,
    /// The number of bytes that may still be read: the size that the package states may be false.
    left: u64,
    is_first: bool,
    text: Range<usize>,
    name: Range<usize>,
    attributes: Range<usize>,
}

impl<R: Read> PlainXml<R> {
    /// Creates a reader of a part of a size.
    pub(in crate::source::workbook) fn new(input: R, size: u64) -> Self {
        let (text, name, attributes) = (0..0, 0..0, 0..0);
        Self { input, buffer: vec![0; CHUNK], at: 0, filled: 0, left: size, is_first: true, text, name, attributes }
    }

    /// The text before the current tag.
    pub(super) fn text(&self) -> &[u8] {
        &self.buffer[self.text.clone()]
    }

    /// The name of the current tag.
    pub(super) fn name(&self) -> &[u8] {
        &self.buffer[self.name.clone()]
    }

    /// The attributes of the current tag.
    pub(super) fn attributes(&self) -> Attributes<'_> {
        Attributes { rest: &self.buffer[self.attributes.clone()] }
    }

    /// Goes to the next tag.
    pub(super) fn next(&mut self) -> Result<Tag, Odd> {
        loop {
            let Some(start) = self.find(b'<', 0)? else {
                self.text = self.at..self.filled;
                self.at = self.filled;
                return Ok(Tag::Nothing);
            };
            let end = self.find(b'>', start + 1)?.ok_or(Odd)?;
            let base = self.at;
            self.text = base..base + start;
            self.at = base + end + 1;
            let (mut from, mut to) = (base + start + 1, base + end);
            let tag = &self.buffer[from..to];
            // Neither a line end within a tag nor a `>` within a value is usual; both are left to the library.
            let kind = match tag {
                [] | [b'!', ..] => return Err(Odd),
                [b'?', ..] => {
                    if !self.is_first || !is_utf8_declaration(tag) || !is_nothing(self.text()) {
                        return Err(Odd);
                    }
                    self.is_first = false;
                    continue;
                }
                [b'/', ..] => {
                    from += 1;
                    Tag::End
                }
                [.., b'/'] => {
                    to -= 1;
                    Tag::Empty
                }
                _ => Tag::Start,
            };
            if self.is_first && !is_nothing(self.text()) {
                return Err(Odd);
            }
            self.is_first = false;
            let tag = &self.buffer[from..to];
            let length = tag.iter().position(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n')).unwrap_or(tag.len());
            if length == 0 || kind == Tag::End && length < tag.len() {
                return Err(Odd);
            }
            self.name = from..from + length;
            self.attributes = from + length..to;
            return Ok(kind);
        }
    }

    /// Looks for a byte, at `from` behind the current place or later. Gives how far behind it is.
    fn find(&mut self, byte: u8, mut from: usize) -> Result<Option<usize>, Odd> {
        loop {
            if let Some(found) = memchr::memchr(byte, &self.buffer[self.at + from..self.filled]) {
                return Ok(Some(from + found));
            }
            from = self.filled - self.at;
            if !self.fill()? {
                return Ok(None);
            }
        }
    }

    /// Reads on; what has not been read yet stays in the buffer. False at the end of the part.
    fn fill(&mut self) -> Result<bool, Odd> {
        self.buffer.copy_within(self.at..self.filled, 0);
        self.filled -= self.at;
        self.at = 0;
        if self.filled > MAX_TAG {
            return Err(Odd);
        }
        if self.filled == self.buffer.len() {
            self.buffer.resize(2 * self.filled, 0);
        }
        let more = self.input.read(&mut self.buffer[self.filled..])?;
        self.filled += more;
        self.left = self.left.checked_sub(more as u64).ok_or(Odd)?;
        Ok(more > 0)
    }
}

/// Whether nothing stands before the first tag, apart from a byte order mark.
fn is_nothing(text: &[u8]) -> bool {
    text.is_empty() || text == "\u{feff}".as_bytes() || text.iter().all(|byte| matches!(byte, b'\r' | b'\n'))
}

/// Whether a declaration names UTF-8 as encoding, or none.
fn is_utf8_declaration(tag: &[u8]) -> bool {
    let Some(tag) = tag.strip_prefix(b"?xml ").and_then(|tag| tag.strip_suffix(b"?")) else { return false };
    let is_utf8 = |value: &[u8]| value.eq_ignore_ascii_case(b"utf-8");
    Attributes { rest: tag }.all(|pair| pair.is_ok_and(|(key, value)| key != b"encoding" || is_utf8(value)))
}

/// The attributes of a tag: keys and values as written.
pub(super) struct Attributes<'t> {
    rest: &'t [u8],
}

impl<'t> Iterator for Attributes<'t> {
    type Item = Result<(&'t [u8], &'t [u8]), Odd>;

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.rest.trim_ascii_start();
        if rest.is_empty() {
            return None;
        }
        let pair = || {
            let (key, rest) = rest.split_at(rest.iter().position(|byte| *byte == b'=')?);
            let (quote, rest) = rest[1..].split_first()?;
            let end = matches!(quote, b'"' | b'\'').then(|| memchr::memchr(*quote, rest))??;
            let is_plain = !key.is_empty() && !key.iter().any(u8::is_ascii_whitespace);
            is_plain.then_some((key, &rest[..end], &rest[end + 1..]))
        };
        Some(match pair() {
            Some((key, value, rest)) => {
                self.rest = rest;
                Ok((key, value))
            }
            None => Err(Odd),
        })
    }
}

/// Adds a text as it is meant: with its entities resolved and its line ends as line feeds.
pub(super) fn push_text(out: &mut Vec<u8>, written: &[u8]) -> Result<(), Odd> {
    let mut rest = written;
    while let Some(at) = memchr::memchr2(b'&', b'\r', rest) {
        out.extend_from_slice(&rest[..at]);
        if rest[at] == b'\r' {
            out.push(b'\n');
            rest = &rest[at + 1..];
            rest = rest.strip_prefix(b"\n").unwrap_or(rest);
            continue;
        }
        let end = at + memchr::memchr(b';', &rest[at..]).ok_or(Odd)?;
        let c = entity(&rest[at + 1..end]).ok_or(Odd)?;
        out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        rest = &rest[end + 1..];
    }
    out.extend_from_slice(rest);
    Ok(())
}

/// The character that an entity stands for; `None` for any but those of XML.
fn entity(name: &[u8]) -> Option<char> {
    Some(match name {
        b"lt" => '<',
        b"gt" => '>',
        b"amp" => '&',
        b"quot" => '"',
        b"apos" => '\'',
        [b'#', b'x', digits @ ..] => number(digits, 16)?,
        [b'#', digits @ ..] => number(digits, 10)?,
        _ => return None,
    })
}

fn number(digits: &[u8], radix: u32) -> Option<char> {
    if digits.is_empty() || digits.len() > 7 {
        return None;
    }
    let code = digits.iter().try_fold(0, |code, digit| Some(code * radix + char::from(*digit).to_digit(radix)?))?;
    char::from_u32(code).filter(|c| *c != '\0')
}

/// Whether all that looks like an entity is one.
pub(super) fn has_plain_entities(text: &[u8]) -> bool {
    memchr::memchr(b'&', text).is_none() || push_text(&mut Vec::new(), text).is_ok()
}

/// Resolves what Excel writes for characters that XML does not allow, `_x000D_`, from a place on.
pub(super) fn resolve_escapes(text: &mut Vec<u8>, from: usize) -> Result<(), Odd> {
    let code = |bytes: &[u8]| match bytes {
        [b'_', b'x', digits @ .., b'_'] => {
            digits.iter().try_fold(0, |code, digit| Some(code << 4 | char::from(*digit).to_digit(16)?))
        }
        _ => None,
    };
    let mut at = from;
    while let Some(found) = memchr::memchr(b'_', &text[at..]) {
        at += found;
        if let Some(code) = text.get(at..at + 7).and_then(code) {
            // Surrogates are for the library.
            let c = char::from_u32(code).ok_or(Odd)?;
            text.splice(at..at + 7, c.encode_utf8(&mut [0; 4]).bytes());
            at += c.len_utf8();
        } else {
            at += 1;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(text: &str) -> Result<Vec<String>, Odd> {
        let mut xml = PlainXml::new(text.as_bytes(), text.len() as u64);
        let mut tags = Vec::new();
        loop {
            let tag = xml.next()?;
            let attributes: Vec<_> = xml.attributes().collect::<Result<_, _>>()?;
            let pairs = attributes
                .iter()
                .map(|(key, value)| format!(" {}={}", String::from_utf8_lossy(key), String::from_utf8_lossy(value)));
            let (text, name) = (String::from_utf8_lossy(xml.text()), String::from_utf8_lossy(xml.name()));
            if tag == Tag::Nothing {
                return Ok(tags);
            }
            tags.push(format!("{text}|{tag:?} {name}{}", pairs.collect::<String>()));
        }
    }

    #[test]
    fn tags_come_with_the_text_before_them() {
        let text = "\u{feff}<?xml version=\"1.0\" encoding='utf-8'?>\r\n<a b=\"1\" c='甲'>x<d/>y</a>\n";
        assert_eq!(tags(text).unwrap(), ["\r\n|Start a b=1 c=甲", "x|Empty d", "y|End a"]);
        for odd in [
            "<a><!-- b --></a>",
            "<a><![CDATA[b]]></a>",
            "<?xml version=\"1.0\" encoding=\"GB18030\"?><a/>",
            "<a b=1/>",
            "<a b=\"1/>",
            "<a b=\"x>y\"/>",
            "<a",
            "x<a/>",
        ] {
            assert!(tags(odd).is_err(), "{odd}");
        }
    }

    #[test]
    fn more_than_the_stated_size_is_odd() {
        let text = format!("<a>{}</a>", "<b/>".repeat(50_000));
        assert!(PlainXml::new(text.as_bytes(), 100).next().is_err());
        assert_eq!(tags(&text).unwrap().len(), 50_002);
    }

    #[test]
    fn texts_are_read_as_meant() {
        let read = |written: &str| {
            let mut text = Vec::new();
            push_text(&mut text, written.as_bytes()).ok()?;
            resolve_escapes(&mut text, 0).ok()?;
            String::from_utf8(text).ok()
        };
        for (written, expected) in [
            ("a &lt;&amp;&gt; b&#10;&#x7532;", Some("a <&> b\n甲")),
            ("a\r\nb\rc", Some("a\nb\nc")),
            ("a_x000D__x005F_x000A_", Some("a\r_x000A_")),
            ("a_x00_ _", Some("a_x00_ _")),
            ("a &nbsp; b", None),
            ("a & b", None),
            ("&#0;", None),
            ("_xD83D__xDE00_", None),
        ] {
            assert_eq!(read(written).as_deref(), expected, "{written}");
        }
    }
}
