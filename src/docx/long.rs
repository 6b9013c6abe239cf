//! Text that may get long: what is settled, since nothing looks back at it, is compressed while the rest is written.

use std::io;

use crate::ooxml::archive::{Packed, PackedWriter};

/// The length from which a text is settled piece by piece.
const PIECE: usize = 1 << 18;
/// The paragraphs of a list, or rows of a table, that are looked back at, and more: what follows may change the last two.
const KEPT: usize = 4;

/// The text of a part.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum PartText {
    /// As it is.
    Text(String),
    /// One that got long.
    Packed(Packed<'static>),
}

impl From<String> for PartText {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

/// The settled beginning of a text.
#[derive(Debug)]
pub(super) struct Settled {
    /// The length from which text is settled.
    piece: usize,
    packed: Option<PackedWriter>,
    /// What is not compressed yet.
    text: String,
    /// The length of all of it.
    length: usize,
    failed: Option<io::Error>,
}

impl Default for Settled {
    fn default() -> Self {
        Self::in_pieces_of(PIECE)
    }
}

impl Settled {
    /// One whose text is settled in pieces of a length.
    pub(super) fn in_pieces_of(piece: usize) -> Self {
        Self { piece, packed: None, text: String::new(), length: 0, failed: None }
    }

    /// The length of what is settled.
    pub(super) fn length(&self) -> usize {
        self.length
    }

    /// Adds text.
    pub(super) fn push(&mut self, text: &str) {
        self.length += text.len();
        self.text.push_str(text);
        if self.text.len() > self.piece {
            let packed = self.packed.get_or_insert_default().push(self.text.as_bytes());
            self.failed = self.failed.take().or(packed.err());
            self.text.clear();
        }
    }

    /// Begins another paragraph of a list, or row of a table, at the end of a text. If the text is long, what stands before
    /// the last of them is settled and taken away there. `starts` is where they begin, counted from the beginning of all.
    pub(super) fn next(&mut self, text: &mut String, starts: &mut Vec<usize>) {
        starts.push(self.length + text.len());
        let Some(kept) = starts.len().checked_sub(KEPT).filter(|_| text.len() > self.piece) else { return };
        // A table within a list may have been settled further.
        let end = starts.get(kept).map_or(0, |start| start.saturating_sub(self.length));
        self.push(text.get(..end).unwrap_or_default());
        text.drain(..end);
        starts.drain(..kept);
    }

    /// Returns all of it.
    ///
    /// # Errors
    /// It is larger than 4 GB.
    pub(super) fn finish(self) -> io::Result<PartText> {
        match (self.failed, self.packed) {
            (Some(error), _) => Err(error),
            (None, None) => Ok(self.text.into()),
            (None, Some(mut packed)) => {
                packed.push(self.text.as_bytes())?;
                Ok(PartText::Packed(packed.finish()?))
            }
        }
    }
}

#[cfg(test)]
impl PartText {
    pub(super) fn unpacked(self) -> String {
        match self {
            Self::Text(text) => text,
            Self::Packed(packed) => {
                let mut text = String::new();
                let mut read = flate2::read::DeflateDecoder::new(packed.bytes());
                io::Read::read_to_string(&mut read, &mut text).unwrap();
                text
            }
        }
    }
}
