//! Reads the records of a stream as raw spans, with the exact line of each.
//!
//! This is our own scanner for speed, and because the csv crate's line numbers are one too low in every CRLF file; a
//! test and a fuzz target compare the two. It uses one buffer; the cells of a record are not copied out of it.

use std::io::{self, Read};

use crate::delimited::bytes::{fill, line_breaks};
use crate::delimited::cells::{Cells, offset};
use crate::delimited::marks::{Marks, Quoting};
use crate::place::OneBased;

/// Maximum length of a record in bytes: an unclosed quote must not exhaust the memory.
pub(crate) const MAX_RECORD: usize = 64 * 1024 * 1024;
/// Maximum number of cells in a record.
pub(crate) const MAX_CELLS: usize = 16 * 1024;

/// Size of the buffer in bytes, and how much of it is made for a text that may be short: a log of ten rows is opened once
/// for each delimiter that it may have.
const BUFFER: usize = 256 * 1024;
const SHORT: usize = 8 * 1024;
/// Bytes of the buffer that are searched for marks at a time, small enough for text and marks to stay in the CPU cache.
const WINDOW: usize = 32 * 1024;

/// The outcome of reading a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReadOutcome {
    /// A record was read.
    Record,
    /// There are no more records.
    End,
    /// A quote is never closed; the cells hold the rest of the text.
    Unclosed,
    /// The record is longer than [`MAX_RECORD`].
    TooLong,
    /// The record has more than [`MAX_CELLS`] cells.
    TooWide,
}

/// Reads records one by one into [`Cells`], whose buffer belongs to the scanner while it reads.
pub(crate) struct Scanner<R> {
    input: R,
    delimiter: u8,
    /// The buffer holds `filled` bytes; the next record begins at `at`.
    filled: usize,
    at: usize,
    /// The ends of cells and records in the buffer, from `at` up to `indexed`.
    marks: Marks,
    indexed: usize,
    /// Bytes of the buffer that are searched for marks at a time.
    window: usize,
    /// The number of line breaks before the buffer's `at`, and whether the byte before the buffer is a carriage return.
    breaks: usize,
    after_return: bool,
    /// Whether the input is exhausted.
    ended: bool,
    /// Up to where the buffer was found to be UTF-8; `None` if nobody needs to know.
    utf8: Option<usize>,
    is_utf8: bool,
    /// The line of the last record, its start in the buffer, and how its cells are quoted.
    line: OneBased,
    record_start: usize,
    quoting: Quoting,
}

/// The memory of a scanner, allocated once and reused for one block of a file after another.
#[derive(Debug, Default)]
pub(crate) struct ScanBuffers {
    pub(crate) buffer: Vec<u8>,
    marks: Marks,
}

/// A record in a form comparable with other readers: its line, and the bytes of its cells.
#[cfg(feature = "fuzzing")]
pub type RawRecord = (u32, Vec<Vec<u8>>);

/// Reads the records of a comma-separated text, for comparison with other readers.
///
/// `steps` are the numbers of bytes that the input returns per read, cycled; `buffer` is the initial size of the buffer
/// and `window` the number of bytes searched for marks at a time.
#[cfg(feature = "fuzzing")]
#[must_use]
pub fn raw_cells(text: &[u8], steps: &[usize], buffer: usize, window: usize) -> Vec<RawRecord> {
    let input = InSteps { rest: text, steps: steps.iter().cycle() };
    let mut cells = Cells::with_buffer(vec![0; buffer.max(1)]);
    let mut scanner = Scanner::from_line(input, b',', 0);
    scanner.window = window.max(1);
    let mut found = Vec::new();
    while matches!(scanner.read(&mut cells), Ok(ReadOutcome::Record | ReadOutcome::Unclosed)) {
        scanner.unquote(&mut cells);
        let values = (0..cells.len()).map(|cell| cells.get(cell).to_vec()).collect();
        found.push((scanner.line().get(), values));
    }
    found
}

/// A reader that returns a few bytes at a time.
#[cfg(any(test, feature = "fuzzing"))]
struct InSteps<'t, S> {
    rest: &'t [u8],
    steps: S,
}

#[cfg(any(test, feature = "fuzzing"))]
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

/// Why no complete record could be taken from the buffer.
enum Incomplete {
    /// It extends beyond the marks found so far.
    NeedsMarks,
    /// It is not a valid record.
    Invalid(ReadOutcome),
}

impl<R: Read> Scanner<R> {
    /// Creates a scanner whose delimiter `choose` picks from the start of the text.
    ///
    /// # Errors
    /// The input cannot be read.
    pub(crate) fn new(input: R, cells: &mut Cells, choose: impl FnOnce(&[u8]) -> u8) -> io::Result<Self> {
        let mut scanner = Self::from_line(input, 0, 0);
        scanner.refill(cells)?;
        scanner.delimiter = choose(&cells.buffer()[..scanner.filled]);
        Ok(scanner)
    }

    /// Creates a scanner that starts inside a text, at the start of a record, after `breaks` line breaks.
    pub(crate) fn from_line(input: R, delimiter: u8, breaks: usize) -> Self {
        Self {
            input,
            delimiter,
            filled: 0,
            at: 0,
            marks: Marks::default(),
            indexed: 0,
            window: WINDOW,
            breaks,
            after_return: false,
            ended: false,
            utf8: None,
            is_utf8: true,
            line: OneBased::FIRST,
            record_start: 0,
            quoting: Quoting::None,
        }
    }

    /// Returns the delimiter between cells.
    pub(crate) fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// Returns the line on which the last record begins, which identifies it.
    #[inline]
    pub(crate) fn line(&self) -> OneBased {
        self.line
    }

    /// Whether there are line breaks within the last record, which must not be followed by another yet.
    #[inline]
    pub(crate) fn has_lines(&self) -> bool {
        self.breaks > self.line.to_zero()
    }

    /// Whether the text read so far is UTF-8, if the scanner reads a buffer that nobody has decoded.
    pub(crate) fn is_utf8(&self) -> bool {
        self.is_utf8
    }

    /// Returns the start of the last record in the buffer.
    pub(crate) fn record_start(&self) -> usize {
        self.record_start
    }

    /// Returns the number of bytes in the buffer.
    pub(crate) fn filled(&self) -> usize {
        self.filled
    }

    /// Removes the quotes from the cells of the last record.
    #[inline]
    pub(crate) fn unquote(&self, cells: &mut Cells) {
        match self.quoting {
            Quoting::None => {}
            Quoting::Around => cells.strip_quotes(),
            Quoting::Uneven => cells.unquote(),
        }
    }

    /// Returns the memory of the scanner and its cells for reuse.
    pub(crate) fn into_buffers(mut self, cells: &mut Cells) -> ScanBuffers {
        self.marks.clear();
        ScanBuffers { buffer: std::mem::take(cells.buffer_mut()), marks: self.marks }
    }

    /// Reads the next record: the raw spans of its cells, quotes included. Blank lines are skipped.
    ///
    /// Every call must pass the same `cells`, since they hold the buffer.
    ///
    /// # Errors
    /// The input cannot be read.
    #[inline]
    pub(crate) fn read(&mut self, cells: &mut Cells) -> io::Result<ReadOutcome> {
        cells.begin_record();
        loop {
            self.skip_breaks(cells.buffer());
            self.line = OneBased::from_zero(self.breaks);
            self.record_start = self.at;
            cells.clear_spans();
            if self.at == self.indexed {
                match (self.indexed == self.filled, self.ended) {
                    (false, _) => self.index(cells),
                    (true, false) => self.refill(cells)?,
                    (true, true) => return Ok(ReadOutcome::End),
                }
                continue;
            }
            match self.record(cells) {
                Ok(()) => return Ok(ReadOutcome::Record),
                Err(Incomplete::Invalid(outcome)) => return Ok(outcome),
                Err(Incomplete::NeedsMarks) if self.indexed - self.at > MAX_RECORD => return Ok(ReadOutcome::TooLong),
                Err(Incomplete::NeedsMarks) if self.indexed < self.filled => self.index(cells),
                Err(Incomplete::NeedsMarks) => self.refill(cells)?,
            }
        }
    }

    /// Takes the record at `at`, if all of it is in the buffer.
    #[inline]
    fn record(&mut self, cells: &mut Cells) -> Result<(), Incomplete> {
        let Some(record) = self.marks.record() else { return self.last_record(cells) };
        let Some(end) = record.ends.last().map(|end| *end as usize) else { return Err(Incomplete::NeedsMarks) };
        let too_wide = record.ends.len() > MAX_CELLS;
        cells.push_spans(offset(self.at), &record.ends[..record.ends.len().min(MAX_CELLS + 1)]);
        self.quoting = record.quoting;
        if record.has_lines {
            self.breaks += line_breaks(&cells.buffer()[self.at..end]);
            self.marks.skip_lines(end);
        }
        self.at = end;
        if too_wide { Err(Incomplete::Invalid(ReadOutcome::TooWide)) } else { Ok(()) }
    }

    /// Takes a record that ends with the text.
    #[cold]
    fn last_record(&mut self, cells: &mut Cells) -> Result<(), Incomplete> {
        if let Some(ends) = self.marks.remaining().get(..=MAX_CELLS) {
            cells.push_spans(offset(self.at), ends);
            return Err(Incomplete::Invalid(ReadOutcome::TooWide));
        }
        if !self.ended || self.indexed < self.filled {
            return Err(Incomplete::NeedsMarks);
        }
        let ends = self.marks.remaining();
        let last = ends.last().map_or(self.at, |end| *end as usize + 1);
        cells.push_spans(offset(self.at), ends);
        cells.push_spans(offset(last), &[offset(self.filled)]);
        self.quoting = Quoting::Uneven;
        let is_unclosed = self.marks.ends_in_quotes();
        if !is_unclosed {
            self.breaks += line_breaks(&cells.buffer()[self.at..self.filled]);
        }
        self.marks.clear();
        (self.at, self.indexed) = (self.filled, self.filled);
        if is_unclosed { Err(Incomplete::Invalid(ReadOutcome::Unclosed)) } else { Ok(()) }
    }

    /// Skips line breaks, counting them.
    #[inline]
    fn skip_breaks(&mut self, buffer: &[u8]) {
        while self.at < self.indexed
            && let Some(byte @ (b'\n' | b'\r')) = buffer.get(self.at).copied()
        {
            let after_return = if self.at == 0 { self.after_return } else { buffer[self.at - 1] == b'\r' };
            self.breaks += usize::from(byte == b'\r' || !after_return);
            self.at += 1;
            self.marks.skip(1);
        }
    }

    /// Reads more input after what is left in the buffer, which grows if a single record fills it.
    fn refill(&mut self, cells: &mut Cells) -> io::Result<()> {
        cells.keep_above();
        let buffer = cells.buffer_mut();
        let is_new = buffer.is_empty();
        if is_new {
            buffer.resize(SHORT, 0);
        }
        if self.at > 0 {
            self.after_return = buffer[self.at - 1] == b'\r';
        }
        buffer.copy_within(self.at..self.filled, 0);
        (self.filled, self.at) = (self.filled - self.at, 0);
        if self.filled == buffer.len() {
            buffer.resize(buffer.len() * 2, 0);
        }
        self.filled += fill(&mut self.input, &mut buffer[self.filled..])?;
        if is_new && self.filled == buffer.len() {
            buffer.resize(BUFFER, 0);
            self.filled += fill(&mut self.input, &mut buffer[self.filled..])?;
        }
        self.ended = self.filled < buffer.len();
        self.marks.clear();
        self.indexed = 0;
        Ok(())
    }

    /// Searches the next window of the buffer for marks.
    fn index(&mut self, cells: &Cells) {
        let end = self.filled.min(self.indexed + self.window);
        if let Some(checked) = &mut self.utf8 {
            // While the window is in the CPU's cache; but for a character that its end may cut.
            let text = &cells.buffer()[..self.filled];
            let is_within = |at: &usize| text.get(*at).is_some_and(|byte| byte & 0xc0 == 0x80);
            let cut = (end.saturating_sub(3)..=end).rev().find(|at| !is_within(at)).unwrap_or(end).max(*checked);
            self.is_utf8 &= simdutf8::basic::from_utf8(&text[*checked..cut]).is_ok();
            *checked = cut;
        }
        self.marks.find(&cells.buffer()[..end], self.indexed, self.delimiter);
        self.indexed = end;
    }
}

/// Returns the offset after the closing quote of the quoted cell at `from`.
///
/// `None` if the quote is not closed in `text`, or, unless `ended`, if more input is needed to tell.
fn end_of_quoted(text: &[u8], from: usize, ended: bool) -> Option<usize> {
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

/// Returns the offset after the closing quote of a cell that begins with a quote; `None` if the quote is never closed.
pub(crate) fn closing_quote(cell: &[u8]) -> Option<usize> {
    end_of_quoted(cell, 0, true)
}

impl ScanBuffers {
    /// Creates buffers that hold a whole text, to be scanned in place.
    pub(crate) fn with_text(buffer: Vec<u8>) -> Self {
        Self { buffer, ..Self::default() }
    }
}

/// A scanner over a buffer that holds all records.
impl Scanner<io::Empty> {
    /// Creates a scanner over the first `filled` bytes of the buffer, which follow `breaks` line breaks of the file,
    /// and the cells that hold the buffer.
    pub(crate) fn of_buffer(buffers: ScanBuffers, filled: usize, delimiter: u8, breaks: usize) -> (Self, Cells) {
        let scanner = Self {
            ended: true,
            filled,
            marks: buffers.marks,
            utf8: Some(0),
            ..Self::from_line(io::empty(), delimiter, breaks)
        };
        (scanner, Cells::with_buffer(buffers.buffer))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Reads line and cells of each remaining record.
    fn rest(mut scanner: Scanner<impl Read>, mut cells: Cells) -> Vec<(u32, Vec<String>)> {
        let mut found = Vec::new();
        while matches!(scanner.read(&mut cells).unwrap(), ReadOutcome::Record | ReadOutcome::Unclosed) {
            let raw = cells.spans().to_vec();
            scanner.unquote(&mut cells);
            assert!(scanner.quoting != Quoting::None || raw == cells.spans());
            let text = |cell| String::from_utf8(cells.get(cell).to_vec()).unwrap();
            found.push((scanner.line().get(), (0..cells.len()).map(text).collect()));
        }
        found
    }

    fn all(text: &[u8]) -> Vec<(u32, Vec<String>)> {
        rest(Scanner::from_line(text, b',', 0), Cells::default())
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
    fn a_quote_that_is_never_closed_takes_the_rest() {
        let (mut scanner, mut cells) = (Scanner::from_line(&b"a,b\n1,\"x\n2,y\n"[..], b',', 0), Cells::default());
        assert_eq!(scanner.read(&mut cells).unwrap(), ReadOutcome::Record);
        assert_eq!(scanner.read(&mut cells).unwrap(), ReadOutcome::Unclosed);
        assert_eq!((scanner.line().get(), cells.len()), (2, 2));
        assert_eq!(cells.get(1), b"\"x\n2,y\n");
        assert_eq!(scanner.read(&mut cells).unwrap(), ReadOutcome::End);
    }

    proptest! {
        /// Lines and cells don't depend on the size of the buffer, even if every record spans several refills.
        #[test]
        fn the_buffer_shows_nowhere(text in "([ab,\"\r\n]|甲){0,60}", step in 1..9_usize, size in 1..90_usize, window in 1..20_usize) {
            let steps = [step];
            let input = InSteps { rest: text.as_bytes(), steps: steps.iter().cycle() };
            let scanner = Scanner { window, ..Scanner::from_line(input, b',', 0) };
            let found = rest(scanner, Cells::with_buffer(vec![0; size]));
            prop_assert_eq!(&found, &all(text.as_bytes()));
            // Nor do they if the buffer holds the whole text from the start, followed by unrelated bytes.
            let buffer = [text.as_bytes(), b"\"b\r,\n"].concat();
            let buffers = ScanBuffers { buffer, ..ScanBuffers::default() };
            let (scanner, cells) = Scanner::of_buffer(buffers, text.len(), b',', 0);
            prop_assert_eq!(rest(Scanner { window, ..scanner }, cells), found);
        }

        /// The csv crate is the reference for the values of cells and the starts of records.
        #[test]
        fn records_are_those_of_the_csv_crate(text in "([ab,\"\r\n]|甲){0,60}") {
            let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
            let expected: Vec<(u32, Vec<String>)> = reader
                .records()
                .flatten()
                .map(|record| {
                    // Its position is where it resumed reading, before any leading line breaks.
                    let resumed = usize::try_from(record.position().unwrap().byte()).unwrap();
                    let blank = text[resumed..].bytes().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
                    let before = text[..resumed + blank].replace("\r\n", "\n").replace('\r', "\n");
                    let line = u32::try_from(before.matches('\n').count() + 1).unwrap();
                    (line, record.iter().map(str::to_owned).collect())
                })
                .collect();
            prop_assert_eq!(all(text.as_bytes()), expected);
        }
    }
}
