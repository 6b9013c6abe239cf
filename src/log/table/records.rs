//! Reads the records of a table as rows, with cells unquoted and source and line set.

use std::io::{self, Read};
use std::sync::Arc;

use crate::delimited::scanner::{ReadOutcome, ScanBuffers, Scanner};
use crate::model::Row;
use crate::model::row::Columns;
use crate::place::SourceId;

/// Reads rows one by one.
pub(in crate::log) struct Records<R> {
    scanner: Scanner<R>,
    /// The last row; its cells hold the scanner's buffer.
    row: Row,
}

impl<R: Read> Records<R> {
    /// Creates a reader whose delimiter `choose` picks from the start of the text.
    ///
    /// # Errors
    /// The input cannot be read.
    pub(super) fn new(input: R, source: SourceId, choose: impl FnOnce(&[u8]) -> u8) -> io::Result<Self> {
        let mut row = Row::new(source);
        Ok(Self { scanner: Scanner::new(input, row.cells_mut(), choose)?, row })
    }

    /// Creates a reader that starts inside a text, at the start of a record, after `breaks` line breaks.
    pub(super) fn from_line(input: R, source: SourceId, delimiter: u8, breaks: usize) -> Self {
        Self { scanner: Scanner::from_line(input, delimiter, breaks), row: Row::new(source) }
    }

    /// Returns the delimiter between cells.
    pub(super) fn delimiter(&self) -> u8 {
        self.scanner.delimiter()
    }

    /// Whether the last row has several lines.
    #[inline]
    pub(super) fn has_lines(&self) -> bool {
        self.scanner.has_lines()
    }

    /// Returns the last row.
    #[inline]
    pub(super) fn row(&self) -> &Row {
        &self.row
    }

    /// Returns the last row for blanking cells that hold no value.
    #[inline]
    pub(super) fn row_mut(&mut self) -> &mut Row {
        &mut self.row
    }

    /// Sets the columns of all rows from here on.
    pub(super) fn set_columns(&mut self, columns: &Arc<Columns>) {
        self.row.columns = Arc::clone(columns);
    }

    /// Reads the next row.
    ///
    /// # Errors
    /// The input cannot be read.
    #[inline]
    pub(super) fn read(&mut self) -> io::Result<ReadOutcome> {
        let outcome = self.scanner.read(self.row.cells_mut())?;
        if matches!(outcome, ReadOutcome::Record | ReadOutcome::Unclosed) {
            self.scanner.unquote(self.row.cells_mut());
        }
        self.row.line = self.scanner.line();
        Ok(outcome)
    }

    /// Whether the text read so far is UTF-8, as far as the scanner was asked to look.
    pub(super) fn is_utf8(&self) -> bool {
        self.scanner.is_utf8()
    }

    /// Returns the scanner's memory for reuse.
    pub(super) fn into_buffers(mut self) -> ScanBuffers {
        self.scanner.into_buffers(self.row.cells_mut())
    }
}

impl Records<io::Empty> {
    /// Creates a reader of the first `filled` bytes of the buffer, which follow `breaks` line breaks of the file.
    pub(super) fn from_buffer(
        buffers: ScanBuffers,
        filled: usize,
        source: SourceId,
        delimiter: u8,
        breaks: usize,
    ) -> Self {
        let (scanner, cells) = Scanner::of_buffer(buffers, filled, delimiter, breaks);
        let mut row = Row::new(source);
        *row.cells_mut() = cells;
        Self { scanner, row }
    }
}
