//! Records of a stream, as raw spans with the true line of each.
//!
//! The scanning is our own for its speed, and because the csv crate's line numbers are one early in every CRLF file; a test
//! and a fuzz target compare the two. Memory: one buffer, in which the cells of a record stay where they are.

use std::io::{self, Read};

use crate::delimited::bytes::{fill, line_breaks};
use crate::delimited::cells::{Cells, short};
use crate::delimited::marks::Marks;
use crate::place::OneBased;

/// A record longer than this is not read: a quote that is never closed must not eat the memory.
pub(crate) const MAX_RECORD: usize = 64 * 1024 * 1024;
/// How many cells a record may have.
pub(crate) const MAX_CELLS: usize = 16 * 1024;

const BUFFER: usize = 256 * 1024;
/// Marks are found for so much of a buffer at a time: what was just found is near at hand.
const WINDOW: usize = 32 * 1024;

/// What came of reading a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReadOutcome {
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

/// Reads records one after another into [`Cells`], whose buffer is the scanner's own while it reads.
pub(crate) struct Scanner<R> {
    input: R,
    delimiter: u8,
    /// The buffer is filled up to `filled`; the next record begins at `at`.
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
    /// The line of the record read last, where it begins in the buffer, and whether a cell of it is quoted.
    line: OneBased,
    begins: usize,
    has_quotes: bool,
}

/// The memory in which records are found: made once, and used for one piece of a file after another.
#[derive(Debug, Default)]
pub(crate) struct ScanBuffers {
    pub(crate) buffer: Vec<u8>,
    marks: Marks,
}

/// A record as other readers give it: its line, and the bytes of its cells.
#[cfg(feature = "fuzzing")]
pub type RawRecord = (u32, Vec<Vec<u8>>);

/// The records of a text, where a comma parts the cells: for tests against other readers. `steps` are how many bytes the
/// input gives at a time, in turn; `buffer` is how many the scanner begins with, `window` how many it looks for marks in at
/// a time.
#[cfg(feature = "fuzzing")]
#[must_use]
pub fn raw_cells(text: &[u8], steps: &[usize], buffer: usize, window: usize) -> Vec<RawRecord> {
    let input = InSteps { rest: text, steps: steps.iter().cycle() };
    let mut cells = Cells::with_buffer(vec![0; buffer.max(1)]);
    let mut scanner = Scanner::from_line(input, b',', 0);
    scanner.window = window.max(1);
    let mut found = Vec::new();
    while matches!(scanner.read(&mut cells), Ok(ReadOutcome::Record | ReadOutcome::Unclosed)) {
        cells.unquote();
        let values = (0..cells.len()).map(|cell| cells.get(cell).to_vec()).collect();
        found.push((scanner.line().get(), values));
    }
    found
}

/// Gives a few bytes at a time.
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

/// Why a record is not in the buffer as a whole.
enum Part {
    /// It goes on behind the marks.
    Unmarked,
    /// It goes on behind the buffer.
    GoesOn,
    Bad(ReadOutcome),
}

impl<R: Read> Scanner<R> {
    /// Reads the start of the text and lets `choose` pick the delimiter from it.
    pub(crate) fn new(input: R, cells: &mut Cells, choose: impl FnOnce(&[u8]) -> u8) -> io::Result<Self> {
        let mut scanner = Self::from_line(input, 0, 0);
        scanner.refill(cells)?;
        scanner.delimiter = choose(&cells.buffer()[..scanner.filled]);
        Ok(scanner)
    }

    /// Reads on in the middle of a text, where a record may begin; so many line breaks lie before.
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
            line: OneBased::FIRST,
            begins: 0,
            has_quotes: false,
        }
    }

    /// By what cells are parted.
    pub(crate) fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// The line on which the record read last begins: what it is known by.
    #[inline]
    pub(crate) fn line(&self) -> OneBased {
        self.line
    }

    /// Where the record read last begins in the buffer.
    pub(crate) fn begins(&self) -> usize {
        self.begins
    }

    /// How much of the buffer is filled.
    pub(crate) fn filled(&self) -> usize {
        self.filled
    }

    /// Whether a cell of the record read last is quoted: [`Cells::unquote`] gives what it says.
    #[inline]
    pub(crate) fn has_quotes(&self) -> bool {
        self.has_quotes
    }

    /// The cells and the memory of the scanner, to be used anew.
    pub(crate) fn into_buffers(mut self, cells: &mut Cells) -> ScanBuffers {
        self.marks.clear();
        ScanBuffers { buffer: std::mem::take(cells.buffer_mut()), marks: self.marks }
    }

    /// Reads the next record: the raw spans of its cells, quotes included. Blank lines are passed over. The cells must be
    /// the same each time, since they hold the buffer.
    ///
    /// # Errors
    /// The input can't be read.
    #[inline]
    pub(crate) fn read(&mut self, cells: &mut Cells) -> io::Result<ReadOutcome> {
        loop {
            self.skip_breaks(cells.buffer());
            self.line = OneBased::from_zero(self.breaks);
            self.begins = self.at;
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
                Err(Part::Bad(read)) => return Ok(read),
                Err(Part::Unmarked) if self.indexed - self.at > MAX_RECORD => return Ok(ReadOutcome::TooLong),
                Err(Part::Unmarked) if self.indexed < self.filled => self.index(cells),
                Err(Part::GoesOn) if self.filled - self.at > MAX_RECORD => return Ok(ReadOutcome::TooLong),
                Err(Part::Unmarked | Part::GoesOn) => self.refill(cells)?,
            }
        }
    }

    /// Takes the record that begins here, if all of it is in the buffer.
    #[inline]
    fn record(&mut self, cells: &mut Cells) -> Result<(), Part> {
        self.has_quotes = false;
        let Some((ends, end)) = self.marks.record().and_then(|ends| Some((ends, *ends.last()? as usize))) else {
            return self.cell_by_cell(cells);
        };
        let too_wide = ends.len() > MAX_CELLS;
        cells.push_spans(short(self.at), &ends[..ends.len().min(MAX_CELLS + 1)]);
        self.at = end;
        if too_wide { Err(Part::Bad(ReadOutcome::TooWide)) } else { Ok(()) }
    }

    /// The same for a record with a quoted cell, and for the last one.
    #[cold]
    fn cell_by_cell(&mut self, cells: &mut Cells) -> Result<(), Part> {
        self.has_quotes = true;
        let (buffer, spans) = cells.spans_mut();
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
        self.at = end;
        self.marks.pass(mark);
        Ok(())
    }

    /// Takes the rest of the text, as far as its last cell goes.
    fn never_closed(&mut self) -> Part {
        self.marks.clear();
        (self.at, self.indexed) = (self.filled, self.filled);
        Part::Bad(ReadOutcome::Unclosed)
    }

    /// Passes over line breaks.
    #[inline]
    fn skip_breaks(&mut self, buffer: &[u8]) {
        while self.at < self.indexed
            && let Some(byte @ (b'\n' | b'\r')) = buffer.get(self.at).copied()
        {
            let after_return = if self.at == 0 { self.after_return } else { buffer[self.at - 1] == b'\r' };
            self.breaks += usize::from(byte == b'\r' || !after_return);
            self.at += 1;
            self.marks.pass(1);
        }
    }

    /// Reads more, behind what is left of the buffer. It grows if one record fills it.
    fn refill(&mut self, cells: &mut Cells) -> io::Result<()> {
        let buffer = cells.buffer_mut();
        if buffer.is_empty() {
            buffer.resize(BUFFER, 0);
        }
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
    fn index(&mut self, cells: &Cells) {
        let end = self.filled.min(self.indexed + self.window);
        self.marks.find(&cells.buffer()[..end], self.indexed, self.delimiter);
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

/// Where the quoted part of a cell that begins with a quote ends: behind its closing quote. Nothing if it has none.
pub(crate) fn closing_quote(cell: &[u8]) -> Option<usize> {
    behind_quotes(cell, 0, true)
}

impl ScanBuffers {
    /// A text to be scanned where it is.
    pub(crate) fn holding(buffer: Vec<u8>) -> Self {
        Self { buffer, ..Self::default() }
    }
}

/// Reads the records of a buffer that holds all of them.
impl Scanner<io::Empty> {
    /// The first `filled` bytes of the buffer are all of the text; so many line breaks lie before them. Returns the cells
    /// that hold the buffer, too.
    pub(crate) fn of_buffer(buffers: ScanBuffers, filled: usize, delimiter: u8, breaks: usize) -> (Self, Cells) {
        let scanner =
            Self { ended: true, filled, marks: buffers.marks, ..Self::from_line(io::empty(), delimiter, breaks) };
        (scanner, Cells::with_buffer(buffers.buffer))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Line and cells of each record.
    fn rest(mut scanner: Scanner<impl Read>, mut cells: Cells) -> Vec<(u32, Vec<String>)> {
        let mut found = Vec::new();
        while matches!(scanner.read(&mut cells).unwrap(), ReadOutcome::Record | ReadOutcome::Unclosed) {
            let raw = cells.spans().to_vec();
            cells.unquote();
            assert!(scanner.has_quotes() || raw == cells.spans());
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
        /// Lines and cells are the same when the buffer holds a few bytes only and every record spans several.
        #[test]
        fn the_buffer_shows_nowhere(text in "([ab,\"\r\n]|甲){0,60}", step in 1..9_usize, size in 1..90_usize, window in 1..20_usize) {
            let steps = [step];
            let input = InSteps { rest: text.as_bytes(), steps: steps.iter().cycle() };
            let scanner = Scanner { window, ..Scanner::from_line(input, b',', 0) };
            let found = rest(scanner, Cells::with_buffer(vec![0; size]));
            prop_assert_eq!(&found, &all(text.as_bytes()));
            // The same where all of it is in the buffer from the beginning, and something behind it.
            let buffer = [text.as_bytes(), b"\"b\r,\n"].concat();
            let buffers = ScanBuffers { buffer, ..ScanBuffers::default() };
            let (scanner, cells) = Scanner::of_buffer(buffers, text.len(), b',', 0);
            prop_assert_eq!(rest(Scanner { window, ..scanner }, cells), found);
        }

        /// The csv crate is the reference for what the cells are, and for where records begin.
        #[test]
        fn records_are_those_of_the_csv_crate(text in "([ab,\"\r\n]|甲){0,60}") {
            let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
            let expected: Vec<(u32, Vec<String>)> = reader
                .records()
                .flatten()
                .map(|record| {
                    // Its place is where it went on reading, before the line breaks that come first.
                    let stood = usize::try_from(record.position().unwrap().byte()).unwrap();
                    let begins = stood + text[stood..].bytes().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
                    let before = text[..begins].replace("\r\n", "\n").replace('\r', "\n");
                    let line = u32::try_from(before.matches('\n').count() + 1).unwrap();
                    (line, record.iter().map(str::to_owned).collect())
                })
                .collect();
            prop_assert_eq!(all(text.as_bytes()), expected);
        }
    }
}
