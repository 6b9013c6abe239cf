//! The cells of a table, and which of them an edit means.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::delimited::bytes::line_breaks;
use crate::delimited::text::{self, Record};
use crate::log;
use crate::mend::edit::{Column, Edit, EditPlace};
use crate::mend::fault::{MendError, What};
use crate::model::Field;
use crate::place::OneBased;
use crate::project::Project;

/// Which field a header, a key or a name of one means.
pub(super) type Names<'n> = dyn Fn(&str) -> Option<Field> + 'n;

/// A table in memory.
pub(super) struct Grid<'t> {
    text: &'t str,
    pub(super) delimiter: u8,
    pub(super) records: Vec<Record>,
    /// The header as the reader merges it.
    header: Vec<String>,
    /// The cells of the widest row.
    width: usize,
}

/// A cell of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct CellAt {
    /// The line on which its row begins, from 1.
    pub(super) line: u32,
    /// Its number in the row, from 0.
    pub(super) cell: usize,
}

/// An edit and the cell it means.
pub(super) type Found<'e> = BTreeMap<CellAt, &'e Edit>;

impl<'t> Grid<'t> {
    /// Reads a table.
    ///
    /// # Errors
    /// A quote is never closed, or a row is beyond what is read.
    pub(super) fn new(text: &'t str, delimiter: u8, project: &Project) -> Result<Self, MendError> {
        let records = text::records(text, delimiter);
        let records = records.map_err(|unreadable| MendError::Unreadable { line: unreadable.line.get() })?;
        let header = log::header(text.as_bytes(), Some(delimiter), project).unwrap_or_default();
        let width = records.iter().map(|record| record.cells.len()).max().unwrap_or_default();
        Ok(Self { text, delimiter, records, header, width })
    }

    /// The row that begins on a line.
    pub(super) fn record(&self, line: u32) -> Option<&Record> {
        let at = self.records.binary_search_by_key(&line, |record| record.line.get()).ok()?;
        self.records.get(at)
    }

    /// The line of the last row; 0 of a table without any.
    pub(super) fn last_line(&self) -> u32 {
        self.records.last().map_or(0, |record| record.line.get())
    }

    /// What a cell holds as it is written, quotes included.
    pub(super) fn raw(&self, at: CellAt) -> Option<&'t str> {
        self.text.get(self.record(at.line)?.cells.get(at.cell)?.clone())
    }

    /// What a cell shows; nothing where a row ends before it.
    pub(super) fn shows(&self, at: CellAt) -> Cow<'t, str> {
        self.raw(at).map_or(Cow::Borrowed(""), text::value)
    }

    /// Finds the cell that a place means.
    ///
    /// # Errors
    /// There is none, or more than one.
    pub(super) fn find(&self, place: &EditPlace, names: &Names<'_>) -> Result<CellAt, What> {
        let record = self.record_of(place.line);
        let line = record.map_or(place.line, |record| record.line.get());
        match &place.column {
            Column::Cell(cell) => Ok(CellAt { line, cell: usize::from(*cell) }),
            Column::Named(name) => Ok(CellAt { line, cell: self.column(name, names)? }),
            Column::Character(column) => {
                let record = record.ok_or(What::NoLine)?;
                let cell = self.cell_at(record, place.line, *column).ok_or(What::NoCell)?;
                Ok(CellAt { line, cell })
            }
        }
    }

    /// Whether a row has a cell there, or could have: no row is wider than the widest.
    pub(super) fn is_within(&self, at: CellAt) -> bool {
        at.cell < self.width.max(self.header.len())
    }

    /// The row that has a line; a quoted cell may have several.
    fn record_of(&self, line: u32) -> Option<&Record> {
        let after = self.records.partition_point(|record| record.line.get() <= line);
        let record = self.records.get(after.checked_sub(1)?)?;
        let (first, last) = (record.cells.first()?, record.cells.last()?);
        let within = self.text.as_bytes().get(first.start..last.end)?;
        let end = OneBased::from_zero(record.line.to_zero() + line_breaks(within));
        (line <= end.get()).then_some(record)
    }

    /// The cell at a character of a line, as `check` counts them.
    fn cell_at(&self, record: &Record, line: u32, column: u32) -> Option<usize> {
        let place = |cell: usize, offset: usize| -> Option<(u32, u32)> {
            let before = self.text.get(..offset)?;
            let from = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
            let column = OneBased::from_zero(before.get(from..)?.chars().count()).get();
            Some((record.line_of(cell, self.text).get(), column))
        };
        let starts = record.cells.iter().enumerate().map(|(cell, span)| (cell, span, place(cell, span.start)));
        let mut within = None;
        for (cell, span, start) in starts {
            if start == Some((line, column)) {
                return Some(cell);
            }
            let Some((first, from)) = start else { continue };
            let raw = self.text.get(span.clone()).unwrap_or_default();
            let length = u32::try_from(raw.lines().next().unwrap_or_default().chars().count()).unwrap_or(u32::MAX);
            if first == line && from < column && column < from.saturating_add(length) {
                within = Some(cell);
            }
        }
        within
    }

    /// The column of a header: in the words of the log, else by the field that it names.
    fn column(&self, name: &str, names: &Names<'_>) -> Result<usize, What> {
        let one = |found: Vec<usize>| match found[..] {
            [] => None,
            [column] => Some(Ok(column)),
            _ => Some(Err(What::SeveralColumns)),
        };
        let columns = |is_it: &dyn Fn(&str) -> bool| -> Vec<usize> {
            self.header.iter().enumerate().filter(|(_, header)| is_it(header)).map(|(at, _)| at).collect()
        };
        let plain = |text: &str| text.trim().replace('\u{2028}', "");
        if let Some(found) = one(columns(&|header| plain(header) == plain(name))) {
            return found;
        }
        let field = names(name).ok_or(What::NoColumn)?;
        one(columns(&|header| names(header) == Some(field))).unwrap_or(Err(What::NoColumn))
    }
}
