//! A large table in blocks, so that every processor has one to read. Each byte is read once.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;

use crate::delimited::bytes::{fill, line_breaks, line_breaks_and_quotes};
use crate::source::decode::Encoding;
use crate::source::{Form, Source};

/// A table is cut from here on.
const LEAST: u64 = 8 * 1024 * 1024;
/// A block grows so far for the end of a line. No record is that long.
const MOST: usize = 128 * 1024 * 1024;

/// Some whole lines of a file. One is filled again and again.
#[derive(Debug, Default)]
pub(crate) struct Block {
    buffer: Vec<u8>,
    filled: usize,
    /// Where they are in the file.
    pub(crate) range: Range<u64>,
    /// How many line breaks stand before them.
    pub(crate) breaks: usize,
}

impl Block {
    /// The bytes as they are in the file.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.buffer[..self.filled]
    }

    /// The buffer, and how much of it is the block's. It may be given back, to be filled again.
    pub(crate) fn buffer(&mut self) -> (&mut Vec<u8>, usize) {
        (&mut self.buffer, self.filled)
    }
}

/// The blocks of a file, one after another.
#[derive(Debug)]
pub(crate) struct Blocks {
    file: File,
    /// How many bytes are read for a block at least.
    size: usize,
    /// What was read behind the last block.
    kept: Vec<u8>,
    at: u64,
    breaks: usize,
    ended: bool,
}

impl Source {
    /// What the mark at the beginning of a large table says of its encoding. None if it is read as a whole: small, packed,
    /// no table, or in UTF-16.
    ///
    /// # Errors
    /// The file can't be read.
    pub(crate) fn in_blocks(&self) -> io::Result<Option<Encoding>> {
        let Some(path) = self.path().filter(|_| self.form == Form::Table) else { return Ok(None) };
        // Most files are small, and are not opened for this.
        if path.metadata()?.len() < LEAST {
            return Ok(None);
        }
        let mut head = [0; 3];
        let filled = fill(&mut File::open(path)?, &mut head)?;
        let mark = Encoding::from_mark(&head[..filled]).unwrap_or(Encoding::Utf8);
        Ok(Some(mark).filter(|mark| !matches!(mark, Encoding::Utf16Le | Encoding::Utf16Be)))
    }

    /// Its blocks from the first on, for each of which so many bytes are read at least.
    ///
    /// # Errors
    /// The file can't be read.
    pub(crate) fn blocks(&self, size: usize) -> io::Result<Blocks> {
        let file = File::open(self.path().ok_or(io::ErrorKind::Unsupported)?)?;
        Ok(Blocks { file, size, kept: Vec::new(), at: 0, breaks: 0, ended: false })
    }

    /// Blocks that follow one another, read again as one.
    ///
    /// # Errors
    /// The file can't be read.
    pub(crate) fn block(&self, range: Range<u64>, breaks: usize) -> io::Result<Block> {
        let mut file = File::open(self.path().ok_or(io::ErrorKind::Unsupported)?)?;
        file.seek(SeekFrom::Start(range.start))?;
        let mut buffer = Vec::new();
        file.take(range.end - range.start).read_to_end(&mut buffer)?;
        Ok(Block { filled: buffer.len(), buffer, range, breaks })
    }
}

impl Blocks {
    /// What is worth a worker's while, and still near at hand when it is read.
    pub(crate) const SIZE: usize = 2 * 1024 * 1024;

    /// Fills a block with the next lines; false where there are no more.
    ///
    /// # Errors
    /// The file can't be read.
    pub(crate) fn next(&mut self, block: &mut Block) -> io::Result<bool> {
        let mut filled = 0;
        let (end, breaks) = loop {
            let wanted = if filled == 0 { self.kept.len() + self.size } else { 2 * filled };
            if block.buffer.len() < wanted {
                block.buffer.resize(wanted, 0);
            }
            block.buffer[..self.kept.len()].copy_from_slice(&self.kept);
            filled += self.kept.len();
            self.kept.clear();
            let more = if self.ended { 0 } else { fill(&mut self.file, &mut block.buffer[filled..wanted])? };
            filled += more;
            self.ended = filled < wanted;
            if self.ended || filled >= MOST {
                break (filled, line_breaks(&block.buffer[..filled]));
            }
            if let Some(end) = end_of_lines(&block.buffer[..filled]) {
                break end;
            }
        };
        self.kept.extend_from_slice(&block.buffer[end..filled]);
        block.filled = end;
        block.range = self.at..self.at + end as u64;
        block.breaks = self.breaks;
        self.at = block.range.end;
        // It ends behind a line feed: none of its breaks is half of a pair.
        self.breaks += breaks;
        Ok(end > 0)
    }
}

/// Where the last line ends that stands between two records as far as the quotes tell, the start being such a place; and
/// how many line breaks stand before it.
fn end_of_lines(bytes: &[u8]) -> Option<(usize, usize)> {
    let last = memchr::memrchr(b'\n', bytes)? + 1;
    let (breaks, quotes) = line_breaks_and_quotes(&bytes[..last]);
    if quotes.is_multiple_of(2) {
        return Some((last, breaks));
    }
    let quote = memchr::memrchr(b'"', &bytes[..last])?;
    // Before the quote that opens. If there is no line feed, any will do: whether it was right shows later.
    let end = memchr::memrchr(b'\n', &bytes[..quote]).map_or(last, |feed| feed + 1);
    Some((end, breaks - line_breaks(&bytes[end..last])))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Blocks are the file, cut behind line feeds, and know how many breaks stand before them.
        #[test]
        fn blocks_are_the_file(text in "([ab\"\r\n]|甲|\r\n){0,80}", size in 1..30_usize) {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("log.csv");
            crate::atomic::write(&path, text.as_bytes()).unwrap();
            let source = Source::file(path, "log.csv".to_owned(), Form::Table);
            let mut blocks = source.blocks(size).unwrap();
            let (mut block, mut all) = (Block::default(), Vec::new());
            while blocks.next(&mut block).unwrap() {
                prop_assert_eq!(block.breaks, line_breaks(&all));
                prop_assert_eq!(block.range.clone(), all.len() as u64..(all.len() + block.bytes().len()) as u64);
                let again = source.block(block.range.clone(), 0).unwrap();
                prop_assert_eq!(again.bytes(), block.bytes());
                all.extend_from_slice(block.bytes());
                prop_assert!(all.ends_with(b"\n") || all.len() == text.len());
            }
            prop_assert_eq!(all, text.as_bytes());
            prop_assert!(!blocks.next(&mut block).unwrap());
        }
    }
}
