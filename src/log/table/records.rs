//! The records of a table as rows: the scanner's, with quotes taken off and places known.

use std::io::{self, Read};
use std::sync::Arc;

use crate::delimited::scanner::{ReadOutcome, ScanBuffers, Scanner};
use crate::model::Row;
use crate::model::row::Columns;
use crate::place::SourceId;

/// Reads rows one after another.
pub(in crate::log) struct Records<R> {
    scanner: Scanner<R>,
    /// The row read last; its cells stand in the scanner's buffer.
    row: Row,
}

impl<R: Read> Records<R> {
    /// Reads the start of the text and lets `choose` pick the delimiter from it.
    pub(super) fn new(input: R, source: SourceId, choose: impl FnOnce(&[u8]) -> u8) -> io::Result<Self> {
        let mut row = Row::new(source);
        Ok(Self { scanner: Scanner::new(input, row.cells_mut(), choose)?, row })
    }

    /// Reads on in the middle of a text, where a record may begin; so many line breaks lie before.
    pub(super) fn from_line(input: R, source: SourceId, delimiter: u8, breaks: usize) -> Self {
        Self { scanner: Scanner::from_line(input, delimiter, breaks), row: Row::new(source) }
    }

    /// By what cells are parted.
    pub(super) fn delimiter(&self) -> u8 {
        self.scanner.delimiter()
    }

    /// The row read last.
    #[inline]
    pub(super) fn row(&self) -> &Row {
        &self.row
    }

    /// Says what the cells of the rows from here on are.
    pub(super) fn set_columns(&mut self, columns: &Arc<Columns>) {
        self.row.columns = Arc::clone(columns);
    }

    /// Reads the next row.
    ///
    /// # Errors
    /// The input can't be read.
    #[inline]
    pub(super) fn read(&mut self) -> io::Result<ReadOutcome> {
        let outcome = self.scanner.read(self.row.cells_mut())?;
        if self.scanner.has_quotes() && matches!(outcome, ReadOutcome::Record | ReadOutcome::Unclosed) {
            self.row.cells_mut().unquote();
        }
        self.row.line = self.scanner.line();
        Ok(outcome)
    }

    /// The scanner's memory, to be used anew.
    pub(super) fn into_buffers(mut self) -> ScanBuffers {
        self.scanner.into_buffers(self.row.cells_mut())
    }
}

impl Records<io::Empty> {
    /// The rows in the first `filled` bytes of a buffer; so many line breaks lie before them.
    pub(super) fn of_buffer(
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
