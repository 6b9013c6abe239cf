//! Large tables in pieces, so that every processor has one to read.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Take};
use std::ops::Range;

use crate::source::decode::{Decoder, Encoding, fill, line_breaks};
use crate::source::{Form, Source};

/// A piece is worth its while from here on.
const LEAST: u64 = 4 * 1024 * 1024;
const CHUNK: usize = 256 * 1024;

/// The bytes of a piece of a file.
pub(crate) type Piece = Range<u64>;

/// What a look at the bytes of a piece tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Survey {
    /// Whether it is UTF-8.
    pub(crate) is_utf8: bool,
    /// How many line breaks it has.
    pub(crate) breaks: usize,
}

impl Source {
    /// Cuts a large table on disk into at most so many pieces, each ending behind a line feed. None if it is read as a
    /// whole: small, packed, no table, or in UTF-16.
    ///
    /// # Errors
    /// The file can't be read.
    pub(crate) fn cut(&self, most: usize) -> io::Result<Vec<Piece>> {
        let Some(path) = self.path().filter(|_| self.form == Form::Table) else { return Ok(Vec::new()) };
        let mut file = File::open(path)?;
        let mut head = [0; 3];
        let filled = fill(&mut file, &mut head)?;
        let length = file.seek(SeekFrom::End(0))?;
        let count = (length / LEAST).min(most as u64);
        let mark = Encoding::from_mark(head.get(..filled).unwrap_or_default());
        if count < 2 || matches!(mark, Some(Encoding::Utf16Le | Encoding::Utf16Be)) {
            return Ok(Vec::new());
        }
        let mut pieces: Vec<Piece> = Vec::new();
        let mut start = 0;
        for index in 1..=count {
            let end = if index == count { length } else { behind_line_feed(&mut file, length / count * index)? };
            if end > start {
                pieces.push(start..end);
                start = end;
            }
        }
        Ok(pieces)
    }

    /// Reads a piece once.
    ///
    /// # Errors
    /// The file can't be read.
    pub(crate) fn survey(&self, piece: &Piece) -> io::Result<Survey> {
        let mut bytes = self.bytes_of(piece)?;
        let mut chunk = vec![0; CHUNK];
        let mut survey = Survey { is_utf8: true, breaks: 0 };
        // What is left of the chunk before: a character cut in two.
        let mut kept = 0;
        let mut after_return = false;
        loop {
            let filled = kept + fill(&mut bytes, &mut chunk[kept..])?;
            if filled == kept {
                survey.is_utf8 &= kept == 0;
                return Ok(survey);
            }
            survey.breaks += line_breaks(&chunk[kept..filled], after_return);
            after_return = chunk[filled - 1] == b'\r';
            let sound = match simdutf8::compat::from_utf8(&chunk[..filled]) {
                Ok(_) => filled,
                Err(error) if error.error_len().is_none() => error.valid_up_to(),
                Err(_) => {
                    survey.is_utf8 = false;
                    filled
                }
            };
            chunk.copy_within(sound..filled, 0);
            kept = filled - sound;
        }
    }

    /// The encoding of a file that is known to be UTF-8: whether it begins with a mark.
    ///
    /// # Errors
    /// The file can't be read.
    pub(crate) fn utf8(&self) -> io::Result<Encoding> {
        let mut head = Vec::new();
        self.bytes_of(&(0..3))?.read_to_end(&mut head)?;
        Ok(Encoding::from_mark(&head).unwrap_or(Encoding::Utf8))
    }

    /// The text of a piece, as UTF-8.
    ///
    /// # Errors
    /// The file can't be read.
    pub(crate) fn open_piece(&self, piece: &Piece, encoding: Encoding) -> io::Result<Decoder<Take<File>>> {
        // The mark stands at the beginning of the file only.
        let is_marked = encoding == Encoding::Utf8Bom && piece.start == 0;
        let encoding = if encoding == Encoding::Utf8Bom && !is_marked { Encoding::Utf8 } else { encoding };
        Ok(Decoder::new(self.bytes_of(piece)?, encoding))
    }

    fn bytes_of(&self, piece: &Piece) -> io::Result<Take<File>> {
        let path = self.path().ok_or(io::ErrorKind::Unsupported)?;
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(piece.start))?;
        Ok(file.take(piece.end - piece.start))
    }
}

/// The first place behind a line feed that is not before `from`; the end of the file if there is none.
fn behind_line_feed(file: &mut File, from: u64) -> io::Result<u64> {
    let mut at = from.saturating_sub(1);
    file.seek(SeekFrom::Start(at))?;
    let mut chunk = vec![0; CHUNK];
    loop {
        let filled = fill(file, &mut chunk)?;
        if let Some(found) = memchr::memchr(b'\n', &chunk[..filled]) {
            return Ok(at + found as u64 + 1);
        }
        at += filled as u64;
        if filled == 0 {
            return Ok(at);
        }
    }
}
