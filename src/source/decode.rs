//! Encodings: strict detection and streaming decoding.
//!
//! Detection does not guess by frequency. A byte order mark decides; otherwise valid UTF-8 is UTF-8; otherwise valid
//! GB18030 (a superset of GBK and GB2312) is GB18030; otherwise the encoding is unknown and the first offending byte is
//! reported.

use std::io::{self, Read};

use encoding_rs::{CoderResult, DecoderResult, GB18030, UTF_16BE, UTF_16LE};

use crate::delimited::bytes::{LineCounter, fill};
use crate::source::gb18030;
use crate::source::western::{LatinPair, WesternCheck};

/// Bytes read at a time.
const CHUNK: usize = 256 * 1024;

/// The encoding of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-8 with a byte order mark.
    Utf8Bom,
    /// UTF-16, little-endian, with a byte order mark.
    Utf16Le,
    /// UTF-16, big-endian, with a byte order mark.
    Utf16Be,
    /// GB18030, which includes GBK and GB2312.
    Gb18030,
}

impl Encoding {
    /// Returns the usual name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 | Self::Utf8Bom => "UTF-8",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
            Self::Gb18030 => "GB18030",
        }
    }

    /// Returns the encoding that a byte order mark at the start of `head` indicates.
    pub(super) fn from_mark(head: &[u8]) -> Option<Self> {
        match head {
            [0xef, 0xbb, 0xbf, ..] => Some(Self::Utf8Bom),
            [0xff, 0xfe, ..] => Some(Self::Utf16Le),
            [0xfe, 0xff, ..] => Some(Self::Utf16Be),
            _ => None,
        }
    }

    /// Whether it is UTF-16, in which the bytes of a line feed are part of other characters too.
    pub(crate) fn is_wide(self) -> bool {
        matches!(self, Self::Utf16Le | Self::Utf16Be)
    }

    fn mark_length(self) -> usize {
        match self {
            Self::Utf8Bom => 3,
            Self::Utf16Le | Self::Utf16Be => 2,
            Self::Utf8 | Self::Gb18030 => 0,
        }
    }
}

/// A byte that is invalid in every encoding that is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("byte {offset} (0x{byte:02X}) is invalid in every encoding that is tried")]
pub struct EncodingFault {
    /// Byte offset in the file, from 0.
    pub offset: u64,
    /// The line, from 1.
    pub line: u32,
    /// The byte.
    pub byte: u8,
    /// The encoding that the byte order mark indicates, if there is one.
    pub promised: Option<Encoding>,
    /// The character that the byte and the next would be in GB18030, if the text looks like one of a Western encoding.
    pub misread: Option<char>,
}

/// Detects the encoding of a stream. `open` is called once for valid UTF-8, and at most three times otherwise.
///
/// # Errors
/// The outer error is the reader's; the inner one is the byte that fits no encoding.
pub fn decide<R: Read>(open: impl Fn() -> io::Result<R>) -> io::Result<Result<Encoding, EncodingFault>> {
    let mut chunk = vec![0; CHUNK];
    let mut bytes = open()?;
    let mut filled = fill(&mut bytes, &mut chunk)?;
    let mark = Encoding::from_mark(&chunk[..filled]);
    let wide = match mark {
        Some(Encoding::Utf16Le) => Some(UTF_16LE),
        Some(Encoding::Utf16Be) => Some(UTF_16BE),
        _ => None,
    };
    if let (Some(encoding), Some(mark)) = (wide, mark) {
        let broken = |fault| Err(EncodingFault { promised: Some(mark), ..fault });
        return Ok(check_strictly(open()?, encoding, &mut |_| {})?.map_or(Ok(mark), broken));
    }
    let mut utf8 = Utf8Check::default();
    while utf8.fault.is_none() {
        utf8.push(&chunk[..filled], filled == 0);
        if filled == 0 {
            break;
        }
        filled = fill(&mut bytes, &mut chunk)?;
    }
    let Some(fault) = utf8.fault else {
        return Ok(Ok(mark.unwrap_or(Encoding::Utf8)));
    };
    if mark.is_some() {
        return Ok(Err(EncodingFault { promised: mark, ..fault }));
    }
    if let Some(western) = check_plain_gb18030(open()?)? {
        return Ok(western.found().map_or(Ok(Encoding::Gb18030), |pair| Err(misread(pair))));
    }
    let mut western = WesternCheck::default();
    Ok(match check_strictly(open()?, GB18030, &mut |bytes| western.push(bytes))? {
        None => western.found().map_or(Ok(Encoding::Gb18030), |pair| Err(misread(pair))),
        // Valid multi-byte characters before the bad byte: this is damaged UTF-8, not GB18030.
        Some(gb) => Err(if utf8.saw_multibyte { fault } else { gb }),
    })
}

/// The fault of a text that looks like one of a Western encoding.
fn misread(LatinPair { offset, line, bytes }: LatinPair) -> EncodingFault {
    let misread = GB18030.decode_without_bom_handling(&bytes).0.chars().next();
    EncodingFault { offset, line, byte: bytes[0], promised: None, misread }
}

/// Reads a stream of GB18030 that has ASCII and characters of two bytes only, without decoding it. `None` if there is
/// anything else.
fn check_plain_gb18030(mut bytes: impl Read) -> io::Result<Option<WesternCheck>> {
    let mut chunk = vec![0; CHUNK];
    let mut western = WesternCheck::default();
    // A first byte at the end of a chunk is looked at with the next one.
    let mut kept = 0;
    loop {
        let filled = kept + fill(&mut bytes, &mut chunk[kept..])?;
        let plain = western.push_plain(&chunk[..filled]);
        let is_end = filled < chunk.len();
        kept = filled - plain;
        if kept > 1 || is_end && kept > 0 {
            return Ok(None);
        }
        if is_end {
            return Ok(Some(western));
        }
        chunk[0] = chunk[plain.min(filled - 1)];
    }
}

/// Returns the first byte of a stream that is invalid in an encoding. `see` gets all bytes before it.
fn check_strictly(
    mut bytes: impl Read,
    encoding: &'static encoding_rs::Encoding,
    see: &mut dyn FnMut(&[u8]),
) -> io::Result<Option<EncodingFault>> {
    let mut chunk = vec![0; CHUNK];
    let mut check = StrictCheck::new(encoding);
    loop {
        let filled = fill(&mut bytes, &mut chunk)?;
        check.push(&chunk[..filled], filled == 0);
        see(&chunk[..filled]);
        if filled == 0 || check.fault.is_some() {
            return Ok(check.fault);
        }
    }
}

/// Validates a stream as UTF-8, chunk by chunk.
#[derive(Default)]
struct Utf8Check {
    fault: Option<EncodingFault>,
    saw_multibyte: bool,
    /// An incomplete character at the end of the last chunk.
    rest: Vec<u8>,
    offset: u64,
    lines: LineCounter,
}

impl Utf8Check {
    fn push(&mut self, input: &[u8], last: bool) {
        if self.fault.is_some() {
            return;
        }
        let joined;
        let piece = if self.rest.is_empty() {
            input
        } else {
            joined = [self.rest.as_slice(), input].concat();
            &joined
        };
        let (valid, is_invalid) = match simdutf8::compat::from_utf8(piece) {
            Ok(_) => (piece.len(), false),
            Err(error) => (error.valid_up_to(), error.error_len().is_some() || last),
        };
        self.saw_multibyte |= !piece[..valid].is_ascii();
        self.lines.push(&piece[..valid]);
        if is_invalid {
            self.fault = Some(EncodingFault {
                offset: self.offset + valid as u64,
                line: self.lines.line(),
                byte: piece[valid],
                promised: None,
                misread: None,
            });
        }
        self.offset += valid as u64;
        self.rest = piece[valid..].to_vec();
    }
}

/// Validates a stream against an encoding of `encoding_rs`, chunk by chunk.
struct StrictCheck {
    decoder: encoding_rs::Decoder,
    fault: Option<EncodingFault>,
    offset: u64,
    /// Counted in the decoded text: in UTF-16 the byte of a line feed is part of many characters.
    lines: LineCounter,
    sink: Vec<u8>,
}

impl StrictCheck {
    fn new(encoding: &'static encoding_rs::Encoding) -> Self {
        let decoder = encoding.new_decoder_with_bom_removal();
        Self { decoder, fault: None, offset: 0, lines: LineCounter::default(), sink: vec![0; 32 * 1024] }
    }

    fn push(&mut self, mut input: &[u8], last: bool) {
        while self.fault.is_none() {
            let (result, read, written) = self.decoder.decode_to_utf8_without_replacement(input, &mut self.sink, last);
            self.lines.push(&self.sink[..written]);
            self.offset += read as u64;
            match result {
                DecoderResult::InputEmpty => return,
                DecoderResult::OutputFull => input = &input[read..],
                DecoderResult::Malformed(length, after) => {
                    let back = usize::from(length) + usize::from(after);
                    self.fault = Some(EncodingFault {
                        offset: self.offset.saturating_sub(back as u64),
                        line: self.lines.line(),
                        byte: read.checked_sub(back).and_then(|at| input.get(at)).copied().unwrap_or_default(),
                        promised: None,
                        misread: None,
                    });
                }
            }
        }
    }
}

/// A stream of UTF-8 decoded from bytes in any known encoding. Uses two buffers, whatever the size of the input.
pub struct Decoder<R> {
    input: R,
    mode: Mode,
}

enum Mode {
    /// UTF-8, passed through; `skip` bytes of the byte order mark are still to be dropped.
    Plain {
        skip: usize,
    },
    Converted(Box<Converted>),
}

struct Converted {
    decoder: encoding_rs::Decoder,
    /// Whether malformed text is an error.
    is_strict: bool,
    /// Whether the text is in GB18030, and the decoder has none of a character.
    is_plain: bool,
    raw: Vec<u8>,
    raw_range: (usize, usize),
    text: Vec<u8>,
    text_range: (usize, usize),
    progress: Progress,
}

/// How far a text has been decoded.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Progress {
    Reading,
    /// The input has been read to its end.
    Read,
    /// The text has been decoded to its end.
    Done,
}

/// The length in bytes of the longest characters.
const LONGEST: usize = 4;

impl<R: Read> Decoder<R> {
    /// Creates a decoder for which a text that is not in the encoding is invalid data.
    pub(super) fn strict(input: R, encoding: Encoding) -> Self {
        let mut decoder = Self::new(input, encoding);
        if let Mode::Converted(converted) = &mut decoder.mode {
            converted.is_strict = true;
        }
        decoder
    }

    /// Creates a decoder of `input`.
    pub fn new(input: R, encoding: Encoding) -> Self {
        let converted = |encoding: &'static encoding_rs::Encoding| {
            Mode::Converted(Box::new(Converted {
                decoder: encoding.new_decoder_with_bom_removal(),
                is_strict: false,
                is_plain: encoding == GB18030,
                raw: vec![0; CHUNK],
                raw_range: (0, 0),
                text: vec![0; CHUNK],
                text_range: (0, 0),
                progress: Progress::Reading,
            }))
        };
        let mode = match encoding {
            Encoding::Utf8 | Encoding::Utf8Bom => Mode::Plain { skip: encoding.mark_length() },
            Encoding::Utf16Le => converted(UTF_16LE),
            Encoding::Utf16Be => converted(UTF_16BE),
            Encoding::Gb18030 => converted(GB18030),
        };
        Self { input, mode }
    }
}

impl<R: Read> Read for Decoder<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        match &mut self.mode {
            Mode::Plain { skip: 0 } => self.input.read(out),
            Mode::Plain { skip } => {
                let mut mark = vec![0; *skip];
                self.input.read_exact(&mut mark)?;
                *skip = 0;
                self.input.read(out)
            }
            Mode::Converted(converted) => converted.read(&mut self.input, out),
        }
    }
}

impl Converted {
    fn read(&mut self, input: &mut impl Read, out: &mut [u8]) -> io::Result<usize> {
        while self.text_range.0 == self.text_range.1 {
            if self.progress == Progress::Done {
                return Ok(0);
            }
            if self.raw_range.1 - self.raw_range.0 < LONGEST && self.progress == Progress::Reading {
                // The beginning of a character stays.
                self.raw.copy_within(self.raw_range.0..self.raw_range.1, 0);
                let kept = self.raw_range.1 - self.raw_range.0;
                self.raw_range = (0, kept + fill(input, &mut self.raw[kept..])?);
                if self.raw_range.1 < self.raw.len() {
                    self.progress = Progress::Read;
                }
            }
            let last = self.progress == Progress::Read;
            let raw = &self.raw[self.raw_range.0..self.raw_range.1];
            if self.is_plain {
                let (read, written) = gb18030::decode_plain(raw, &mut self.text);
                if read > 0 {
                    self.raw_range.0 += read;
                    self.text_range = (0, written);
                    if last && self.raw_range.0 == self.raw_range.1 {
                        self.progress = Progress::Done;
                    }
                    continue;
                }
                // A character of four bytes is decoded by itself; behind anything else the decoder goes on.
                let length = gb18030::four_bytes(raw);
                self.is_plain = length.is_some();
                if let Some(length) = length {
                    let (_, read, written, _) = self.decoder.decode_to_utf8(&raw[..length], &mut self.text, false);
                    self.raw_range.0 += read;
                    self.text_range = (0, written);
                    continue;
                }
            }
            let (result, read, written, is_malformed) = self.decoder.decode_to_utf8(raw, &mut self.text, last);
            if self.is_strict && is_malformed {
                return Err(io::ErrorKind::InvalidData.into());
            }
            self.raw_range.0 += read;
            self.text_range = (0, written);
            if last && result == CoderResult::InputEmpty {
                self.progress = Progress::Done;
            }
        }
        let count = out.len().min(self.text_range.1 - self.text_range.0);
        out[..count].copy_from_slice(&self.text[self.text_range.0..][..count]);
        self.text_range.0 += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(bytes: &[u8]) -> Result<String, EncodingFault> {
        let encoding = decide(|| Ok(bytes)).unwrap()?;
        let mut text = String::new();
        Decoder::new(bytes, encoding).read_to_string(&mut text).unwrap();
        Ok(text)
    }

    #[test]
    fn each_encoding_is_known_by_its_bytes() {
        let text = "序号,责任单位\n1,贾陈社区\n";
        let utf16 = |big: bool| {
            let units = std::iter::once(0xfeff).chain(text.encode_utf16());
            units.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect::<Vec<_>>()
        };
        let gb = GB18030.encode(text).0.into_owned();
        for (bytes, encoding) in [
            (text.as_bytes().to_vec(), Encoding::Utf8),
            ([b"\xef\xbb\xbf", text.as_bytes()].concat(), Encoding::Utf8Bom),
            (utf16(false), Encoding::Utf16Le),
            (utf16(true), Encoding::Utf16Be),
            (gb, Encoding::Gb18030),
        ] {
            assert_eq!(decide(|| Ok(bytes.as_slice())).unwrap(), Ok(encoding));
            assert_eq!(read(&bytes).unwrap(), text);
        }
        assert_eq!(read(b"").unwrap(), "");
    }

    #[test]
    fn a_byte_that_fits_nothing_is_named() {
        let fault = read("甲,乙\n丙".as_bytes().iter().chain(b"\xff,\n").copied().collect::<Vec<_>>().as_slice());
        assert_eq!(fault, Err(EncodingFault { offset: 11, line: 2, byte: 0xff, promised: None, misread: None }));
        let fault = read(b"a,b\n\xff\xff,c\n");
        assert_eq!(fault, Err(EncodingFault { offset: 4, line: 2, byte: 0xff, promised: None, misread: None }));
        let fault = read(b"\xff\xfea\0\n\0\0\xd8b\0");
        assert!(matches!(fault, Err(EncodingFault { line: 2, promised: Some(Encoding::Utf16Le), .. })), "{fault:?}");
        // 上 is 0x4e0a: its low byte is that of a line feed.
        let bytes: Vec<u8> =
            "\u{feff}上上\n上".encode_utf16().chain([0xd800, 0x61]).flat_map(u16::to_le_bytes).collect();
        assert!(matches!(read(&bytes), Err(EncodingFault { line: 2, .. })), "{:?}", read(&bytes));
        assert!(matches!(read(b"a\rb\r\nc\xff\xff"), Err(EncodingFault { line: 3, .. })));
        let fault = read("甲".as_bytes().iter().take(2).copied().collect::<Vec<_>>().as_slice());
        assert!(fault.is_err() || fault == Ok("鐢".into()), "{fault:?}");
    }

    #[test]
    fn gb18030_is_found_behind_a_long_run_of_ascii() {
        let mut bytes = vec![b'a'; CHUNK * 2 + 7];
        bytes.extend_from_slice(&GB18030.encode("贾陈社区").0);
        assert_eq!(decide(|| Ok(bytes.as_slice())).unwrap(), Ok(Encoding::Gb18030));
    }

    proptest! {
        #[test]
        fn any_chinese_text_comes_back_from_gb18030(text in "[\\u4e00-\\u9fa5a-z0-9,\\n]{0,200}") {
            let bytes = GB18030.encode(&text).0.into_owned();
            prop_assume!(decide(|| Ok(bytes.as_slice())).unwrap() == Ok(Encoding::Gb18030) || text.is_ascii());
            prop_assert_eq!(read(&bytes).unwrap(), text);
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = read(&bytes);
        }
    }
}
