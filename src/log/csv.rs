//! Records of a table, with the true line of each.
//!
//! The automaton is the csv crate's (`csv-core`); the buffer is ours, so that the line a record
//! begins on is known for every record. (The csv crate's own `Position` is one line early in every
//! CRLF file.) Memory: one buffer and one record.

use std::io::{self, Read};

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use crate::model::Row;
use crate::place::OneBased;
use crate::source::decode::fill;

/// A record longer than this is not read: a quote that is never closed must not eat the memory.
pub(super) const MAX_RECORD: usize = 64 * 1024 * 1024;
/// How many cells a record may have.
pub(super) const MAX_CELLS: usize = 16 * 1024;

const BUFFER: usize = 256 * 1024;

/// What came of reading a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Read1 {
    /// The row holds a record.
    Record,
    /// There is no more.
    End,
    /// The row holds the rest of the text: a quote in it is never closed.
    Unclosed,
    /// The record is longer than [`MAX_RECORD`] or has more than [`MAX_CELLS`] cells.
    TooLong,
}

/// Reads records one after another.
pub(super) struct Records<R> {
    input: R,
    automaton: Reader,
    buffer: Vec<u8>,
    range: (usize, usize),
    breaks: Breaks,
    ended: bool,
}

/// Counts line breaks piece by piece: `\n`, `\r\n` or a lone `\r`.
#[derive(Default)]
struct Breaks {
    count: usize,
    after_return: bool,
}

impl Breaks {
    fn pass(&mut self, piece: &[u8]) {
        for at in memchr::memchr2_iter(b'\n', b'\r', piece) {
            let after_return = if at == 0 { self.after_return } else { piece[at - 1] == b'\r' };
            if piece[at] == b'\r' || !after_return {
                self.count += 1;
            }
        }
        if let Some(last) = piece.last() {
            self.after_return = *last == b'\r';
        }
    }
}

impl<R: Read> Records<R> {
    /// Reads the start of the text and lets `choose` pick the delimiter from it.
    pub(super) fn new(mut input: R, choose: impl FnOnce(&[u8]) -> u8) -> io::Result<(Self, u8)> {
        let mut buffer = vec![0; BUFFER];
        let filled = fill(&mut input, &mut buffer)?;
        let delimiter = choose(&buffer[..filled]);
        let automaton = ReaderBuilder::new().delimiter(delimiter).build();
        let range = (0, filled);
        Ok((Self { input, automaton, buffer, range, breaks: Breaks::default(), ended: false }, delimiter))
    }

    /// Reads the next record into `row`; blank lines are passed over.
    pub(super) fn read(&mut self, row: &mut Row) -> io::Result<Read1> {
        if !self.skip_breaks()? {
            row.cells = 0;
            return Ok(Read1::End);
        }
        row.line = OneBased::from_zero(self.breaks.count);
        let (mut written, mut cells) = (0, 0);
        row.bytes.resize(row.bytes.capacity().max(4096), 0);
        row.ends.resize(row.ends.capacity().max(64), 0);
        loop {
            let input = &self.buffer[self.range.0..self.range.1];
            let (result, read, wrote, ended) =
                self.automaton.read_record(input, &mut row.bytes[written..], &mut row.ends[cells..]);
            self.breaks.pass(&input[..read]);
            self.range.0 += read;
            (written, cells) = (written + wrote, cells + ended);
            match result {
                ReadRecordResult::Record => {
                    row.cells = cells;
                    return Ok(Read1::Record);
                }
                ReadRecordResult::OutputFull if written < MAX_RECORD => row.bytes.resize(row.bytes.len() * 2, 0),
                ReadRecordResult::OutputEndsFull if cells < MAX_CELLS => row.ends.resize(row.ends.len() * 2, 0),
                ReadRecordResult::InputEmpty => {
                    self.refill()?;
                    if self.ended {
                        return Ok(self.close(row, written, cells));
                    }
                }
                _ => {
                    row.cells = cells;
                    return Ok(Read1::TooLong);
                }
            }
        }
    }

    /// The text ended inside a record. A line feed ends any record but one with an open quote.
    fn close(&mut self, row: &mut Row, written: usize, cells: usize) -> Read1 {
        row.bytes.resize(row.bytes.len() + 1, 0);
        row.ends.resize(row.ends.len() + 1, 0);
        let (result, _, wrote, ended) =
            self.automaton.read_record(b"\n", &mut row.bytes[written..], &mut row.ends[cells..]);
        if result == ReadRecordResult::Record {
            row.cells = cells + ended;
            return Read1::Record;
        }
        row.ends[cells] = written + wrote;
        row.cells = cells + 1;
        Read1::Unclosed
    }

    /// Passes over line breaks; false at the end of the text.
    fn skip_breaks(&mut self) -> io::Result<bool> {
        loop {
            let rest = &self.buffer[self.range.0..self.range.1];
            let skipped = rest.iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
            self.breaks.pass(&rest[..skipped]);
            self.range.0 += skipped;
            if self.range.0 < self.range.1 {
                return Ok(true);
            }
            self.refill()?;
            if self.ended {
                return Ok(false);
            }
        }
    }

    fn refill(&mut self) -> io::Result<()> {
        let filled = fill(&mut self.input, &mut self.buffer)?;
        self.range = (0, filled);
        self.ended = filled == 0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place::SourceId;
    use proptest::prelude::*;

    fn all(text: &[u8]) -> Vec<(u32, Vec<String>)> {
        let (mut records, _) = Records::new(text, |_| b',').unwrap();
        let mut row = Row::new(SourceId(0));
        let mut found = Vec::new();
        while matches!(records.read(&mut row).unwrap(), Read1::Record | Read1::Unclosed) {
            found.push((row.line.get(), (0..row.len()).map(|cell| row.cell(cell).into_owned()).collect()));
        }
        found
    }

    #[test]
    fn lines_are_true_in_files_with_crlf_and_blank_lines() {
        let got = all(b"a,b\r\n1,2\r\n\r\n\r\n\"x\r\ny\",3\r\n4,5");
        let lines: Vec<u32> = got.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [1, 2, 5, 7]);
        assert_eq!(got[2].1, ["x\r\ny", "3"]);
        assert_eq!(all(b"a\rb\rc").iter().map(|(line, _)| *line).collect::<Vec<_>>(), [1, 2, 3]);
    }

    #[test]
    fn a_quote_that_is_never_closed_is_told() {
        let (mut records, _) = Records::new(&b"a,b\n1,\"x\n2,y\n"[..], |_| b',').unwrap();
        let mut row = Row::new(SourceId(0));
        assert_eq!(records.read(&mut row).unwrap(), Read1::Record);
        assert_eq!(records.read(&mut row).unwrap(), Read1::Unclosed);
        assert_eq!((row.line.get(), row.len()), (2, 2));
        assert_eq!(records.read(&mut row).unwrap(), Read1::End);
    }

    proptest! {
        /// The csv crate is the reference for what the cells are.
        #[test]
        fn records_are_those_of_the_csv_crate(text in "([ab,\"\r\n]|甲){0,60}") {
            let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
            let expected: Vec<Vec<String>> = reader
                .records()
                .flatten()
                .map(|record| record.iter().map(|cell| cell.trim().to_owned()).collect())
                .collect();
            let got: Vec<Vec<String>> = all(text.as_bytes()).into_iter().map(|(_, cells)| cells).collect();
            prop_assert_eq!(got, expected);
        }
    }
}
