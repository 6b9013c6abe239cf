//! Splits large tables into blocks of whole lines, to be read in parallel. Each byte is read once.
//!
//! What is unpacked or decoded for the blocks (gzip, UTF-16) is so by whoever takes the next block, beside those who read
//! theirs; it is not read again.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;

use flate2::read::MultiGzDecoder;

use crate::delimited::bytes::{LineCounter, fill, line_breaks, line_breaks_and_quotes};
use crate::source::decode::{Decoder, Encoding};
use crate::source::{Form, Origin, Source, gb18030};

/// Minimum size in bytes of a table that is split.
const MIN_TABLE: u64 = 8 * 1024 * 1024;
/// The same of a table that is packed.
const MIN_PACKED: u64 = 1024 * 1024;
/// Maximum size in bytes to which a block grows in search of a line end; longer than any record may be.
const MAX_BLOCK: usize = 128 * 1024 * 1024;

/// Some whole lines of a file. A block is reused for one piece after another.
#[derive(Debug, Default)]
pub(crate) struct Block {
    buffer: Vec<u8>,
    filled: usize,
    /// The byte range of the lines in the file.
    pub(crate) range: Range<u64>,
    /// The number of line breaks before them.
    pub(crate) breaks: usize,
}

impl Block {
    /// Returns the bytes as they are in the file.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.buffer[..self.filled]
    }

    /// Decodes it into a buffer, if it can be decoded as a whole at once; returns how much of the buffer it fills.
    pub(crate) fn decode(&self, encoding: Encoding, out: &mut Vec<u8>) -> Option<usize> {
        if encoding == Encoding::Gb18030 { gb18030::decode_all(self.bytes(), out) } else { None }
    }

    /// Returns the buffer, and how many of its bytes belong to the block. The buffer may be swapped out and back.
    pub(crate) fn buffer(&mut self) -> (&mut Vec<u8>, usize) {
        (&mut self.buffer, self.filled)
    }
}

/// The successive blocks of a file.
pub(crate) struct Blocks {
    text: Box<dyn Read + Send>,
    /// Minimum number of bytes read for a block.
    size: usize,
    /// Bytes read beyond the end of the last block.
    kept: Vec<u8>,
    at: u64,
    breaks: usize,
    ended: bool,
}

impl Source {
    /// Returns the encoding that a large table's byte order mark indicates, UTF-8 without one.
    ///
    /// `None` if the source cannot be split into blocks: it is small, no file, or not a table.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(crate) fn in_blocks(&self) -> io::Result<Option<Encoding>> {
        let (path, least) = match &self.origin {
            Origin::Path(path) => (path, MIN_TABLE),
            Origin::Gzip(path) => (path, MIN_PACKED),
            Origin::Spool(_) | Origin::Text(_) => return Ok(None),
        };
        // Most files are small and need not be opened for this.
        if self.form != Form::Table || path.metadata()?.len() < least {
            return Ok(None);
        }
        let mut head = [0; 3];
        let filled = fill(&mut self.raw()?, &mut head)?;
        Ok(Some(Encoding::from_mark(&head[..filled]).unwrap_or(Encoding::Utf8)))
    }

    /// Returns the blocks of the file, for each of which at least `size` bytes are read.
    ///
    /// Those of UTF-16 are in UTF-8, without a mark; a text that is not UTF-16 throughout is invalid data.
    ///
    /// # Errors
    /// The file cannot be opened.
    pub(crate) fn blocks(&self, encoding: Encoding, size: usize) -> io::Result<Blocks> {
        let text: Box<dyn Read + Send> = match &self.origin {
            Origin::Path(path) => Box::new(self.counted(path)?),
            Origin::Gzip(path) => Box::new(MultiGzDecoder::new(self.counted(path)?)),
            Origin::Spool(_) | Origin::Text(_) => return Err(io::ErrorKind::Unsupported.into()),
        };
        let text = if encoding.is_wide() { Box::new(Decoder::strict(text, encoding)) } else { text };
        Ok(Blocks { text, size, kept: Vec::new(), at: 0, breaks: 0, ended: false })
    }

    /// Reads adjacent blocks again, as one; `breaks` is the number of line breaks before them. `None` if they were
    /// unpacked or decoded.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(crate) fn block(&self, encoding: Encoding, range: Range<u64>, breaks: usize) -> io::Result<Option<Block>> {
        let Some(path) = self.path().filter(|_| !encoding.is_wide()) else { return Ok(None) };
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(range.start))?;
        let mut buffer = Vec::new();
        file.take(range.end - range.start).read_to_end(&mut buffer)?;
        Ok(Some(Block { filled: buffer.len(), buffer, range, breaks }))
    }
}

impl Blocks {
    /// Usual size in bytes: large enough to be worth handing to a thread, small enough to stay in the CPU cache.
    pub(crate) const SIZE: usize = 2 * 1024 * 1024;
    /// Size in bytes where nothing needs to be merged after each block.
    pub(crate) const SMALL: usize = 256 * 1024;
    /// Bytes that are read and counted at a time: they stay in the cache of one processor.
    const PIECE: usize = 128 * 1024;

    /// Fills `block` with the next lines; returns false at the end of the file.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(crate) fn next(&mut self, block: &mut Block) -> io::Result<bool> {
        let mut filled = 0;
        let (mut lines, mut quotes) = (LineCounter::default(), 0);
        let (end, breaks) = loop {
            let target = if filled == 0 { self.kept.len() + self.size } else { 2 * filled };
            if block.buffer.len() < target {
                block.buffer.resize(target, 0);
            }
            if !self.kept.is_empty() {
                block.buffer[..self.kept.len()].copy_from_slice(&self.kept);
                filled = self.kept.len();
                quotes += lines.push(&self.kept);
                self.kept.clear();
            }
            while filled < target && !self.ended {
                let piece = &mut block.buffer[filled..target.min(filled + Self::PIECE)];
                let more = fill(&mut self.text, piece)?;
                self.ended = more < piece.len();
                quotes += lines.push(&piece[..more]);
                filled += more;
            }
            if self.ended || filled >= MAX_BLOCK {
                break (filled, lines.breaks());
            }
            if let Some(end) = end_of_lines(&block.buffer[..filled], lines.breaks(), quotes) {
                break end;
            }
        };
        self.kept.extend_from_slice(&block.buffer[end..filled]);
        block.filled = end;
        block.range = self.at..self.at + end as u64;
        block.breaks = self.breaks;
        self.at = block.range.end;
        // The block ends after a line feed, so that none of its breaks is half of a `\r\n`.
        self.breaks += breaks;
        Ok(end > 0)
    }
}

/// Returns the end of the last line that, judging by the quotes, ends a record, and the number of line breaks before
/// it.
///
/// `bytes` must start at the start of a record, and have so many line breaks and quotes. `None` if they contain no line
/// feed.
fn end_of_lines(bytes: &[u8], breaks: usize, quotes: usize) -> Option<(usize, usize)> {
    let last = memchr::memrchr(b'\n', bytes)? + 1;
    let behind = line_breaks_and_quotes(&bytes[last..]);
    let (breaks, quotes) = (breaks - behind.0, quotes - behind.1);
    if quotes.is_multiple_of(2) {
        return Some((last, breaks));
    }
    let quote = memchr::memrchr(b'"', &bytes[..last])?;
    // Cut before the opening quote. Without a line feed there, cut anywhere: a wrong cut is detected later.
    let end = memchr::memrchr(b'\n', &bytes[..quote]).map_or(last, |feed| feed + 1);
    Some((end, breaks - line_breaks(&bytes[end..last])))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// The blocks make up the file, end after line feeds, and know the number of line breaks before them.
        #[test]
        fn blocks_are_the_file(text in "([ab\"\r\n]|甲|\r\n){0,80}", size in 1..30_usize) {
            let encoding = Encoding::Utf8;
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("log.csv");
            crate::atomic::write(&path, text.as_bytes()).unwrap();
            let source = Source::file(path, "log.csv".to_owned(), Form::Table);
            let mut blocks = source.blocks(encoding, size).unwrap();
            let (mut block, mut all) = (Block::default(), Vec::new());
            while blocks.next(&mut block).unwrap() {
                prop_assert_eq!(block.breaks, line_breaks(&all));
                prop_assert_eq!(block.range.clone(), all.len() as u64..(all.len() + block.bytes().len()) as u64);
                let again = source.block(encoding, block.range.clone(), 0).unwrap().unwrap();
                prop_assert_eq!(again.bytes(), block.bytes());
                all.extend_from_slice(block.bytes());
                prop_assert!(all.ends_with(b"\n") || all.len() == text.len());
            }
            prop_assert_eq!(all, text.as_bytes());
            prop_assert!(!blocks.next(&mut block).unwrap());
        }
    }
}
