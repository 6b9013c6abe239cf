//! Writes the cells of a sheet as CSV: one line per row, with merged cells filled downwards.

use std::io::Write as _;

use calamine::Data;

use crate::source::Spool;
use crate::source::workbook::error::BookError;
use crate::source::workbook::limits::MAX_CELLS;
use crate::source::workbook::shape::Merged;

/// Maximum size of a sheet, that of `.xlsx`; cells beyond it are ignored.
const MAX_ROWS: u32 = 1_048_576;
const MAX_COLUMNS: u32 = 16_384;

/// Writes cells, which must arrive row by row, as CSV.
pub(super) struct TableWriter<'m> {
    text: Spool,
    /// The current row, from 0, and its cells in the order of their columns.
    row: u32,
    cells: Vec<(u32, String)>,
    /// The merged cells that begin in later rows.
    merged: std::iter::Peekable<std::slice::Iter<'m, Merged>>,
    /// The merged cells that include rows below the one they begin in, with their text.
    active: Vec<(Merged, String)>,
    /// Hidden rows, from 0.
    hidden: &'m [u32],
    /// Hidden rows that are not blank, from 1.
    hidden_found: Vec<u32>,
    /// The number of cells written so far, empty ones included.
    count: u64,
    /// The greatest column so far.
    width: u32,
    /// The bytes of the current line; its memory is reused.
    line: Vec<u8>,
}

impl<'m> TableWriter<'m> {
    /// Creates an empty table. `merged` and `hidden` must be in the order of rows.
    pub(super) fn new(merged: &'m [Merged], hidden: &'m [u32]) -> Self {
        Self {
            text: Spool::default(),
            row: 0,
            cells: Vec::new(),
            merged: merged.iter().peekable(),
            active: Vec::new(),
            hidden,
            hidden_found: Vec::new(),
            count: 0,
            width: 0,
            line: Vec::new(),
        }
    }

    /// Adds a cell at a row and column, from 0. Returns false if its row is beyond the first `limit` rows.
    ///
    /// # Errors
    /// The cells are out of order, there are too many, or the text cannot be written.
    pub(super) fn cell(
        &mut self,
        (row, column): (u32, u32),
        value: Data,
        limit: Option<u32>,
    ) -> Result<bool, BookError> {
        let shown = shown(value);
        if shown.is_empty() || row >= MAX_ROWS || column >= MAX_COLUMNS {
            return Ok(true);
        }
        if limit.is_some_and(|limit| row >= limit) {
            return Ok(false);
        }
        // A cell that goes back would be written to the place of another.
        let previous = self.cells.last().map(|(column, _)| *column);
        if row < self.row || row == self.row && previous.is_some_and(|previous| column <= previous) {
            return Err(BookError::Unreadable("the cells of the sheet are out of order".to_owned()));
        }
        while self.row < row {
            self.end_row()?;
        }
        self.cells.push((column, shown));
        Ok(true)
    }

    /// Returns the table, and its hidden rows that are not blank, from 1.
    ///
    /// # Errors
    /// There are too many cells, or the text cannot be written.
    pub(super) fn finish(mut self) -> Result<(Spool, Vec<u32>), BookError> {
        self.end_row()?;
        Ok((self.text, self.hidden_found))
    }

    /// Writes the current row as a line.
    fn end_row(&mut self) -> Result<(), BookError> {
        self.fill_merged();
        self.line.clear();
        let mut at = 0;
        for (column, text) in &self.cells {
            self.line.resize(self.line.len() + (column - at) as usize, b',');
            at = *column;
            push_cell(&mut self.line, text);
        }
        // A row has as many cells as the widest row before it: in the sheet, they have the same width.
        self.width = self.width.max(at);
        if !self.cells.is_empty() {
            self.line.resize(self.line.len() + (self.width - at) as usize, b',');
            self.count += u64::from(self.width) + 1;
        }
        if self.count > MAX_CELLS {
            return Err(BookError::TooLarge { what: "cells", limit: MAX_CELLS });
        }
        if !self.cells.is_empty() && self.hidden.binary_search(&self.row).is_ok() {
            self.hidden_found.push(self.row + 1);
        }
        self.line.push(b'\n');
        self.text.write_all(&self.line)?;
        self.cells.clear();
        self.row += 1;
        Ok(())
    }

    /// Repeats a cell that is merged over several rows in each of them, such as a unit beside its five issues.
    ///
    /// Only downwards: a title merged over several columns remains one cell. A row without any other cell stays blank.
    fn fill_merged(&mut self) {
        let row = self.row;
        self.active.retain(|(merged, _)| merged.last_row >= row);
        if !self.cells.is_empty() {
            for (merged, text) in &self.active {
                if let Err(at) = self.cells.binary_search_by_key(&merged.column, |(column, _)| *column) {
                    self.cells.insert(at, (merged.column, text.clone()));
                }
            }
        }
        while let Some(merged) = self.merged.next_if(|merged| merged.first_row <= row) {
            if merged.first_row == row
                && let Some((_, text)) = self.cells.iter().find(|(column, _)| *column == merged.column)
            {
                self.active.push((*merged, text.clone()));
            }
        }
    }
}

/// Appends a cell, quoted if it must be.
fn push_cell(line: &mut Vec<u8>, text: &str) {
    let is_quoted = text.contains([',', '"']);
    line.extend(is_quoted.then_some(b'"'));
    for c in text.chars() {
        match c {
            '\n' | '\r' => line.extend_from_slice("\u{2028}".as_bytes()),
            '"' => line.extend_from_slice(b"\"\""),
            c => line.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    line.extend(is_quoted.then_some(b'"'));
}

/// Returns the text that a cell shows.
fn shown(value: Data) -> String {
    match value {
        Data::Empty => String::new(),
        Data::Int(number) => number.to_string(),
        // The shortest text that reads back as the same number; whole numbers have no decimal point.
        Data::Float(number) => number.to_string(),
        Data::Bool(truth) => if truth { "TRUE" } else { "FALSE" }.to_owned(),
        Data::DateTime(moment) => match moment.as_datetime() {
            Some(moment) if moment.time() == chrono::NaiveTime::MIN => moment.date().to_string(),
            Some(moment) => moment.format("%Y-%m-%d %H:%M").to_string(),
            None => moment.as_f64().to_string(),
        },
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text,
        Data::Error(error) => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(cells: &[(u32, u32, &str)], merged: &[Merged]) -> String {
        let mut grid = TableWriter::new(merged, &[]);
        for (row, column, text) in cells {
            grid.cell((*row, *column), Data::String((*text).to_owned()), None).unwrap();
        }
        String::from_utf8(grid.finish().unwrap().0.into_bytes().unwrap()).unwrap()
    }

    #[test]
    fn a_row_of_the_sheet_is_a_line_of_the_table() {
        let text = table(&[(0, 1, "a\nb"), (3, 0, "c,\"d\""), (3, 2, "e")], &[]);
        assert_eq!(text, ",a\u{2028}b\n\n\n\"c,\"\"d\"\"\",,e\n");
    }

    #[test]
    fn a_cell_merged_downwards_speaks_for_its_rows() {
        let merged = [Merged { first_row: 1, last_row: 3, column: 0 }];
        let text = table(&[(0, 0, "u"), (1, 0, "甲"), (1, 1, "1"), (2, 1, "2"), (4, 1, "3")], &merged);
        assert_eq!(text, "u\n甲,1\n甲,2\n\n,3\n", "the empty row stays empty, and the merged cell ends");
    }

    #[test]
    fn cells_out_of_order_are_refused() {
        let mut grid = TableWriter::new(&[], &[]);
        let text = || Data::String("x".to_owned());
        assert!(grid.cell((2, 1), text(), None).unwrap());
        assert!(grid.cell((2, 1), text(), None).is_err());
        assert!(grid.cell((1, 5), text(), None).is_err());
    }
}
