//! Located cells: what every reader makes, and all that the rest of duban sees of a file.

use std::borrow::Cow;
use std::ops::Deref;
use std::sync::Arc;

use crate::delimited::cells::{Cells, Padded};
use crate::model::field::{FIELD_COUNT, Field};
use crate::place::{OneBased, Place, SourceId, Spot};
use crate::words::symbol::Symbol;

/// The columns of a table, or the keys of a YAML record: which cell serves which field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    cell_of: [Option<u16>; FIELD_COUNT],
    /// Columns that serve no field, by their header: kept under `extra`.
    pub extra: Vec<(Symbol, u16)>,
    /// What an empty cell or a missing column means, by the project's `defaults:`.
    defaults: Arc<[(Field, String)]>,
    /// A bit for each field that has a cell or a default: most fields of most logs have neither.
    present: u64,
}

const _: () = assert!(FIELD_COUNT <= 64, "a bit for each field");

impl Default for Columns {
    fn default() -> Self {
        Self { cell_of: [None; FIELD_COUNT], extra: Vec::new(), defaults: Arc::default(), present: 0 }
    }
}

impl Columns {
    /// The same columns where the project says what nothing means.
    #[must_use]
    pub fn with_defaults(self, defaults: Arc<[(Field, String)]>) -> Self {
        let present = defaults.iter().fold(self.present, |present, (field, _)| present | 1 << *field as u32);
        Self { defaults, present, ..self }
    }

    /// Lets a cell serve a field; the first one stays.
    pub fn set(&mut self, field: Field, cell: usize) {
        let slot = &mut self.cell_of[field as usize];
        if slot.is_none() {
            *slot = u16::try_from(cell).ok();
            self.present |= 1 << field as u32;
        }
    }

    /// Lets another cell serve a field.
    pub(crate) fn replace(&mut self, field: Field, cell: usize) {
        self.cell_of[field as usize] = u16::try_from(cell).ok();
        self.present |= 1 << field as u32;
    }

    /// Whether a field can have a value at all.
    #[must_use]
    #[inline]
    pub fn has(&self, field: Field) -> bool {
        self.present & 1 << field as u32 != 0
    }

    /// The cell that serves a field.
    #[must_use]
    #[inline]
    pub fn get(&self, field: Field) -> Option<usize> {
        self.cell_of[field as usize].map(usize::from)
    }

    /// Whether a field tells something of the status, or anything else that issues are counted by. 整改情况 does only where
    /// no column is the status.
    #[must_use]
    #[inline]
    pub(crate) fn is_counted(&self, field: Field) -> bool {
        self.has(field) && (field != Field::Progress || !self.has(Field::Status))
    }

    /// What an empty cell of a field means; empty if the project says nothing.
    #[must_use]
    pub fn default_of(&self, field: Field) -> &str {
        // Declared later goes before declared earlier.
        let found = self.defaults.iter().rev().find(|(other, _)| *other == field);
        found.map_or("", |(_, text)| text.as_str())
    }
}

/// One row of a table or one record of YAML. A reader fills the same `Row` again and again.
#[derive(Debug)]
pub struct Row {
    /// The source it stands in.
    pub source: SourceId,
    /// The line it begins on.
    pub line: OneBased,
    /// How many records begin before it on the same line, as in JSON without line breaks.
    pub(crate) before: u32,
    /// What its cells are.
    pub columns: Arc<Columns>,
    /// The cells; UTF-8, as the decoder promises.
    cells: Cells,
    /// Where each value stands, for readers that know (YAML); empty for tables.
    pub(crate) spots: Vec<Place>,
}

/// A row that a reader lends, or one kept after the reader has gone on. Small, since every record holds one.
#[derive(Clone, Debug)]
pub enum SomeRow<'r> {
    /// The reader's.
    Lent(&'r Row),
    /// One of its own.
    Kept(Box<Row>),
}

impl SomeRow<'_> {
    /// The row, to be kept.
    #[must_use]
    pub fn into_row(self) -> Row {
        match self {
            Self::Lent(row) => row.clone(),
            Self::Kept(row) => *row,
        }
    }

    /// The same row, kept.
    #[must_use]
    pub fn into_kept(self) -> SomeRow<'static> {
        self.into_row().into()
    }
}

impl Deref for SomeRow<'_> {
    type Target = Row;

    #[inline]
    fn deref(&self) -> &Row {
        match self {
            Self::Lent(row) => row,
            Self::Kept(row) => row,
        }
    }
}

impl<'r> From<&'r Row> for SomeRow<'r> {
    fn from(row: &'r Row) -> Self {
        Self::Lent(row)
    }
}

impl From<Row> for SomeRow<'_> {
    fn from(row: Row) -> Self {
        Self::Kept(Box::new(row))
    }
}

impl Clone for Row {
    /// The same cells, in bytes of their own.
    fn clone(&self) -> Self {
        let mut row = Self { columns: Arc::clone(&self.columns), spots: self.spots.clone(), ..Self::new(self.source) };
        (row.line, row.before) = (self.line, self.before);
        (0..self.len()).for_each(|cell| row.cells.push(self.untrimmed(cell)));
        row
    }
}

impl Row {
    /// A row without cells.
    #[must_use]
    pub fn new(source: SourceId) -> Self {
        Self {
            source,
            line: OneBased::FIRST,
            before: 0,
            columns: Arc::default(),
            cells: Cells::default(),
            spots: Vec::new(),
        }
    }

    /// Empties it, keeping its memory.
    #[inline]
    pub(crate) fn clear(&mut self) {
        self.cells.clear();
        self.spots.clear();
    }

    /// The cells, to be filled by a reader.
    #[inline]
    pub(crate) fn cells_mut(&mut self) -> &mut Cells {
        &mut self.cells
    }

    /// Adds a cell at the end.
    pub(crate) fn push_cell(&mut self, text: &str, spot: Option<Place>) {
        self.cells.push(text.as_bytes());
        self.spots.extend(spot);
    }

    /// How many cells it has.
    #[must_use]
    #[inline]
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Whether it has no cell.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cells.len() == 0
    }

    /// A cell's bytes without the white space around them; empty when there is no such cell.
    #[must_use]
    #[inline]
    pub fn raw(&self, cell: usize) -> &[u8] {
        trim(self.untrimmed(cell))
    }

    /// The same with the white space around them.
    #[inline]
    pub(crate) fn untrimmed(&self, cell: usize) -> &[u8] {
        self.cells.get(cell)
    }

    /// A cell's text with the white space around it.
    #[must_use]
    pub fn as_written(&self, cell: usize) -> Cow<'_, str> {
        String::from_utf8_lossy(self.untrimmed(cell))
    }

    /// A cell's text without the white space around it. Borrowed, as cells are UTF-8.
    #[must_use]
    pub fn cell(&self, cell: usize) -> Cow<'_, str> {
        String::from_utf8_lossy(self.raw(cell))
    }

    /// The text of a field; empty when the log says nothing, and the project has no default.
    #[must_use]
    pub fn text(&self, field: Field) -> Cow<'_, str> {
        String::from_utf8_lossy(self.bytes(field))
    }

    /// The bytes of a field, trimmed: those of its cell, else of the project's default.
    #[must_use]
    #[inline]
    pub fn bytes(&self, field: Field) -> &[u8] {
        let written: &[u8] = self.columns.get(field).map_or(&[], |cell| self.raw(cell));
        if written.is_empty() && !self.columns.defaults.is_empty() {
            return self.columns.default_of(field).as_bytes();
        }
        written
    }

    /// Whether a field has any text.
    #[must_use]
    #[inline]
    pub fn says(&self, field: Field) -> bool {
        // Most cells show it by their first byte.
        let first = self.columns.get(field).and_then(|cell| self.untrimmed(cell).first());
        first.is_some_and(|first| !may_begin_space(*first)) || !self.bytes(field).is_empty()
    }

    /// A field's cell as it is written and what follows; none if it is long, or at the very end of the buffer.
    #[must_use]
    #[inline]
    pub(crate) fn padded(&self, field: Field) -> Option<Padded<'_>> {
        self.columns.get(field).map_or(Some(Padded::NOTHING), |cell| self.padded_cell(cell))
    }

    /// The same for a cell.
    #[must_use]
    #[inline]
    pub(crate) fn padded_cell(&self, cell: usize) -> Option<Padded<'_>> {
        self.cells.padded(cell)
    }

    /// The bytes of a field's cell with the white space around them.
    #[must_use]
    pub(crate) fn written(&self, field: Field) -> &[u8] {
        self.columns.get(field).map_or(&[], |cell| self.untrimmed(cell))
    }

    /// The place of a cell.
    #[must_use]
    pub fn cell_place(&self, cell: usize) -> Place {
        if let Some(place) = self.spots.get(cell) {
            return *place;
        }
        match u16::try_from(cell) {
            Ok(cell) if usize::from(cell) < self.len() => {
                Place { source: self.source, line: self.line, spot: Spot::Cell(cell) }
            }
            _ => self.place(),
        }
    }

    /// The place of a field's cell, or of the row when it has none.
    #[must_use]
    pub fn field_place(&self, field: Field) -> Place {
        self.columns.get(field).map_or_else(|| self.place(), |cell| self.cell_place(cell))
    }

    /// The place of the whole row.
    #[must_use]
    pub fn place(&self) -> Place {
        Place::line(self.source, self.line)
    }
}

/// Without white space at both ends, the ideographic space, the no-break space and a stray byte
/// order mark included: cells of real ledgers end in all of them.
#[inline]
fn trim(bytes: &[u8]) -> &[u8] {
    // Most cells have none of it.
    match bytes {
        [] => bytes,
        [first, .., last] if !may_begin_space(*first) && !may_end_space(*last) => bytes,
        _ => trim_slowly(bytes),
    }
}

/// Whether white space may begin with a byte.
#[inline]
fn may_begin_space(byte: u8) -> bool {
    byte <= b' ' || matches!(byte, 0xe3 | 0xc2 | 0xef)
}

/// Whether white space may end with a byte.
#[inline]
fn may_end_space(byte: u8) -> bool {
    byte <= b' ' || matches!(byte, 0x80 | 0xa0 | 0xbf)
}

fn trim_slowly(mut bytes: &[u8]) -> &[u8] {
    const WIDE: [&[u8]; 3] = ["\u{3000}".as_bytes(), "\u{a0}".as_bytes(), "\u{feff}".as_bytes()];
    loop {
        let before = bytes.len();
        bytes = bytes.trim_ascii();
        for wide in WIDE {
            bytes = bytes.strip_prefix(wide).unwrap_or(bytes);
            bytes = bytes.strip_suffix(wide).unwrap_or(bytes);
        }
        if bytes.len() == before {
            return bytes;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_come_without_the_space_around_them() {
        for (raw, expected) in [
            (" a ", "a"),
            ("\u{3000}贾陈社区 \r\n", "贾陈社区"),
            ("\u{feff}\u{a0} x\u{a0}", "x"),
            ("", ""),
            (" \u{3000} ", ""),
            ("你　好", "你　好"),
        ] {
            let mut row = Row::new(SourceId(0));
            row.push_cell("before", None);
            row.push_cell(raw, None);
            assert_eq!(row.cell(1), expected);
            assert_eq!(row.cell(2), "", "a cell that is not there is empty");
        }
    }
}
