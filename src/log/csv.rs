//! Records of a table, with the true line of each.
//!
//! What a record is and what its cells are follows the csv crate to the letter, which a test and a fuzz target compare:
//! a quote means something only where a cell begins, a line feed or a carriage return ends a record, blank lines are
//! none. The scanning is our own, for its speed and because the crate's line numbers are one early in every CRLF file.
//! Memory: one buffer, in which the cells of a record stay where they are.

use std::io::{self, Read};
use std::sync::Arc;

use crate::log::marks::Marks;
use crate::model::Row;
use crate::model::row::{Columns, short};
use crate::place::{OneBased, SourceId};
use crate::source::decode::{fill, line_breaks};

/// A record longer than this is not read: a quote that is never closed must not eat the memory.
pub(super) const MAX_RECORD: usize = 64 * 1024 * 1024;
/// How many cells a record may have.
pub(super) const MAX_CELLS: usize = 16 * 1024;

const BUFFER: usize = 256 * 1024;
/// Marks are found for so much of a buffer at a time: what was just found is near at hand.
const WINDOW: usize = 32 * 1024;

/// What came of reading a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ReadOutcome {
    /// The row holds a record.
    Record,
    /// There is no more.
    End,
    /// The row holds the rest of the text: a quote in it is never closed.
    Unclosed,
    /// The record is longer than [`MAX_RECORD`].
    TooLong,
    /// The record has more than [`MAX_CELLS`] cells.
    TooWide,
}

/// Reads records one after another.
pub(super) struct Records<R> {
    input: R,
    delimiter: u8,
    /// The record read last, in a buffer filled up to `filled`; the next one begins at `at`.
    row: Row,
    filled: usize,
    at: usize,
    /// Where cells and records end in the buffer, from `at` up to `indexed`.
    marks: Marks,
    indexed: usize,
    /// For how much of the buffer marks are found at a time.
    window: usize,
    /// How many line breaks lie behind, and whether the last byte behind is a carriage return.
    breaks: usize,
    after_return: bool,
    ended: bool,
}

/// What records are found in: it is made once, and used for one piece of a file after another.
#[derive(Debug, Default)]
pub(super) struct ScanBuffers {
    pub(super) buffer: Vec<u8>,
    marks: Marks,
}

/// The cells of a text, where a comma parts them: for tests against other readers. `steps` are how many bytes
/// the input gives at a time, in turn; `buffer` is how many the reader begins with, `window` how many it looks for marks
/// in at a time.
#[must_use]
pub fn cells(text: &[u8], steps: &[usize], buffer: usize, window: usize) -> Vec<Vec<String>> {
    let input = InSteps { rest: text, steps: steps.iter().cycle() };
    let mut records = Records::from_line(input, SourceId(0), b',', 0);
    *records.row.buffer_mut() = vec![0; buffer.max(1)];
    records.window = window.max(1);
    let mut found = Vec::new();
    while matches!(records.read(), Ok(ReadOutcome::Record | ReadOutcome::Unclosed)) {
        let row = records.row();
        found.push((0..row.len()).map(|cell| row.as_written(cell).into_owned()).collect());
    }
    found
}

/// Gives a few bytes at a time.
struct InSteps<'t, S> {
    rest: &'t [u8],
    steps: S,
}

impl<'s, S: Iterator<Item = &'s usize>> Read for InSteps<'_, S> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let step = self.steps.next().map_or(usize::MAX, |step| (*step).max(1));
        let count = self.rest.len().min(out.len()).min(step);
        let (now, later) = self.rest.split_at(count);
        out[..count].copy_from_slice(now);
        self.rest = later;
        Ok(count)
    }
}

/// Why a record is not in the buffer as a whole.
enum Part {
    /// It goes on behind the marks.
    Unmarked,
    /// It goes on behind the buffer.
    GoesOn,
    Bad(ReadOutcome),
}

impl<R: Read> Records<R> {
    /// Reads the start of the text and lets `choose` pick the delimiter from it.
    pub(super) fn new(input: R, source: SourceId, choose: impl FnOnce(&[u8]) -> u8) -> io::Result<(Self, u8)> {
        let mut records = Self::from_line(input, source, 0, 0);
        records.refill()?;
        records.delimiter = choose(records.text());
        let delimiter = records.delimiter;
        Ok((records, delimiter))
    }

    /// Reads on in the middle of a text, where a record may begin; so many line breaks lie before.
    pub(super) fn from_line(input: R, source: SourceId, delimiter: u8, breaks: usize) -> Self {
        Self::within(
            ScanBuffers { buffer: vec![0; BUFFER], ..ScanBuffers::default() },
            input,
            source,
            delimiter,
            breaks,
        )
    }

    fn within(room: ScanBuffers, input: R, source: SourceId, delimiter: u8, breaks: usize) -> Self {
        let mut row = Row::new(source);
        *row.buffer_mut() = room.buffer;
        let (after_return, ended) = (false, false);
        Self {
            input,
            delimiter,
            row,
            filled: 0,
            at: 0,
            marks: room.marks,
            indexed: 0,
            window: WINDOW,
            breaks,
            after_return,
            ended,
        }
    }

    /// Its room, to be used anew.
    pub(super) fn into_room(mut self) -> ScanBuffers {
        self.marks.clear();
        ScanBuffers { buffer: std::mem::take(self.row.buffer_mut()), marks: self.marks }
    }

    /// The record read last.
    #[inline]
    pub(super) fn row(&self) -> &Row {
        &self.row
    }

    /// Says what the cells of the records from here on are.
    pub(super) fn set_columns(&mut self, columns: &Arc<Columns>) {
        self.row.columns = Arc::clone(columns);
    }

    /// Reads the next record; blank lines are passed over.
    pub(super) fn read(&mut self) -> io::Result<ReadOutcome> {
        loop {
            self.skip_breaks();
            self.row.line = OneBased::from_zero(self.breaks);
            self.row.clear_cells();
            if self.at == self.indexed {
                match (self.indexed == self.filled, self.ended) {
                    (false, _) => self.index(),
                    (true, false) => self.refill()?,
                    (true, true) => return Ok(ReadOutcome::End),
                }
                continue;
            }
            match self.record() {
                Ok(()) => return Ok(ReadOutcome::Record),
                Err(Part::Bad(read)) => return Ok(read),
                Err(Part::Unmarked) if self.indexed - self.at > MAX_RECORD => return Ok(ReadOutcome::TooLong),
                Err(Part::Unmarked) if self.indexed < self.filled => self.index(),
                Err(Part::GoesOn) if self.filled - self.at > MAX_RECORD => return Ok(ReadOutcome::TooLong),
                Err(Part::Unmarked | Part::GoesOn) => self.refill()?,
            }
        }
    }

    /// What is in the buffer.
    #[inline]
    fn text(&self) -> &[u8] {
        &self.row.buffer()[..self.filled]
    }

    /// Takes the record that begins here, if all of it is in the buffer.
    fn record(&mut self) -> Result<(), Part> {
        let Some((ends, end)) = self.marks.record().and_then(|ends| Some((ends, *ends.last()? as usize))) else {
            return self.cell_by_cell();
        };
        let too_wide = ends.len() > MAX_CELLS;
        self.row.push_spans(short(self.at), &ends[..ends.len().min(MAX_CELLS + 1)]);
        self.at = end;
        if too_wide { Err(Part::Bad(ReadOutcome::TooWide)) } else { Ok(()) }
    }

    /// The same for a record with a quoted cell, and for the last one.
    #[cold]
    fn cell_by_cell(&mut self) -> Result<(), Part> {
        let (buffer, spans) = self.row.spans_mut();
        let (text, marks) = (&buffer[..self.filled], self.marks.ahead());
        let (mut from, mut mark) = (self.at, 0);
        let end = loop {
            if text.get(from) == Some(&b'"') {
                let Some(behind) = behind_quotes(text, from, self.ended) else {
                    spans.push((short(from), short(self.filled)));
                    return Err(if self.ended { self.never_closed() } else { Part::GoesOn });
                };
                mark += marks[mark..].iter().take_while(|mark| (**mark as usize) < behind).count();
            }
            let end = match marks.get(mark) {
                Some(end) => *end as usize,
                None if self.ended && self.indexed == self.filled => self.filled,
                None => return Err(Part::Unmarked),
            };
            spans.push((short(from), short(end)));
            if spans.len() > MAX_CELLS {
                return Err(Part::Bad(ReadOutcome::TooWide));
            }
            if text.get(end) != Some(&self.delimiter) {
                break end;
            }
            (from, mark) = (end + 1, mark + 1);
        };
        if self.marks.have_break(mark) {
            self.breaks += line_breaks(&text[self.at..end]);
        }
        self.unquote();
        self.at = end;
        self.marks.pass(mark);
        Ok(())
    }

    /// Takes the rest of the text, as far as its last cell goes.
    fn never_closed(&mut self) -> Part {
        self.unquote();
        self.marks.clear();
        (self.at, self.indexed) = (self.filled, self.filled);
        Part::Bad(ReadOutcome::Unclosed)
    }

    /// Takes the quotes from the cells that begin with one. The record is read: nobody looks at its bytes again.
    fn unquote(&mut self) {
        let (buffer, spans) = self.row.spans_mut();
        for (start, end) in spans {
            let cell = &mut buffer[*start as usize..*end as usize];
            if cell.first() == Some(&b'"') {
                let length = unquoted(cell);
                *start += 1;
                *end = *start + short(length);
            }
        }
    }

    /// Passes over line breaks.
    fn skip_breaks(&mut self) {
        while self.at < self.indexed
            && let Some(byte @ (b'\n' | b'\r')) = self.text().get(self.at).copied()
        {
            let after_return = if self.at == 0 { self.after_return } else { self.text()[self.at - 1] == b'\r' };
            self.breaks += usize::from(byte == b'\r' || !after_return);
            self.at += 1;
            self.marks.pass(1);
        }
    }

    /// Reads more, behind what is left of the buffer. It grows if one record fills it.
    fn refill(&mut self) -> io::Result<()> {
        let buffer = self.row.buffer_mut();
        if self.at > 0 {
            self.after_return = buffer[self.at - 1] == b'\r';
        }
        buffer.copy_within(self.at..self.filled, 0);
        (self.filled, self.at) = (self.filled - self.at, 0);
        if self.filled == buffer.len() {
            buffer.resize(buffer.len() * 2, 0);
        }
        let room = buffer.len() - self.filled;
        let more = fill(&mut self.input, &mut buffer[self.filled..])?;
        self.filled += more;
        self.ended = more < room;
        self.marks.clear();
        self.indexed = 0;
        Ok(())
    }

    /// Finds marks a little further.
    fn index(&mut self) {
        let end = self.filled.min(self.indexed + self.window);
        self.marks.find(&self.row.buffer()[..end], self.indexed, self.delimiter);
        self.indexed = end;
    }
}

/// Where the quoted part of the cell that begins at `from` ends. Nothing if the text ends before, or if more of it must
/// be seen.
fn behind_quotes(text: &[u8], from: usize, ended: bool) -> Option<usize> {
    let mut at = from + 1;
    loop {
        at += memchr::memchr(b'"', text.get(at..)?)? + 1;
        match text.get(at) {
            Some(b'"') => at += 1,
            None if !ended => return None,
            _ => return Some(at),
        }
    }
}

/// Reads the records of a buffer that holds all of them.
impl Records<io::Empty> {
    /// The first `text` bytes of the buffer are all of it; so many line breaks lie before them.
    pub(super) fn of_buffer(room: ScanBuffers, text: usize, source: SourceId, delimiter: u8, breaks: usize) -> Self {
        Self { ended: true, filled: text, ..Self::within(room, io::empty(), source, delimiter, breaks) }
    }
}

/// Puts what a cell says, which begins with a quote, behind that quote: doubled ones made single, that which closes
/// left out. Gives how many bytes it has.
fn unquoted(cell: &mut [u8]) -> usize {
    let (mut from, mut to) = (1, 1);
    while let Some(quote) = memchr::memchr(b'"', &cell[from..]) {
        cell.copy_within(from..from + quote, to);
        (from, to) = (from + quote + 1, to + quote);
        if cell.get(from) != Some(&b'"') {
            break;
        }
        cell[to] = b'"';
        (from, to) = (from + 1, to + 1);
    }
    cell.copy_within(from.., to);
    to + cell.len() - from - 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Line and cells of each record.
    fn rest(mut records: Records<impl Read>) -> Vec<(u32, Vec<String>)> {
        let mut found = Vec::new();
        while matches!(records.read().unwrap(), ReadOutcome::Record | ReadOutcome::Unclosed) {
            let row = records.row();
            found.push((row.line.get(), (0..row.len()).map(|cell| row.cell(cell).into_owned()).collect()));
        }
        found
    }

    fn all(text: &[u8]) -> Vec<(u32, Vec<String>)> {
        rest(Records::new(text, SourceId(0), |_| b',').unwrap().0)
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
        let (mut records, _) = Records::new(&b"a,b\n1,\"x\n2,y\n"[..], SourceId(0), |_| b',').unwrap();
        assert_eq!(records.read().unwrap(), ReadOutcome::Record);
        assert_eq!(records.read().unwrap(), ReadOutcome::Unclosed);
        assert_eq!((records.row().line.get(), records.row().len()), (2, 2));
        assert_eq!(records.row().as_written(1), "x\n2,y\n");
        assert_eq!(records.read().unwrap(), ReadOutcome::End);
    }

    proptest! {
        /// Lines and cells are the same when the buffer holds a few bytes only and every record spans several.
        #[test]
        fn the_buffer_shows_nowhere(text in "([ab,\"\r\n]|甲){0,60}", step in 1..9_usize, size in 1..90_usize, window in 1..20_usize) {
            let steps = [step];
            let input = InSteps { rest: text.as_bytes(), steps: steps.iter().cycle() };
            let mut records = Records::from_line(input, SourceId(0), b',', 0);
            *records.row.buffer_mut() = vec![0; size];
            records.window = window;
            let found = rest(records);
            prop_assert_eq!(&found, &all(text.as_bytes()));
            // The same where all of it is in the buffer from the beginning, and something behind it.
            let buffer = [text.as_bytes(), b"\"b\r,\n"].concat();
            let room = ScanBuffers { buffer, ..ScanBuffers::default() };
            let mut records = Records::of_buffer(room, text.len(), SourceId(0), b',', 0);
            records.window = window;
            prop_assert_eq!(rest(records), found);
        }

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
