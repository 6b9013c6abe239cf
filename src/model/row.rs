//! Cells with their places: the common output of all readers, and all that the rest of duban sees of a file.

use std::borrow::Cow;
use std::ops::Deref;
use std::sync::Arc;

use crate::delimited::cells::{Cells, Padded};
use crate::model::field::{FIELD_COUNT, Field};
use crate::place::{OneBased, Place, SourceId, Spot};
use crate::words::symbol::Symbol;

/// The columns of a table, or the keys of a YAML record: which cell holds which field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    cell_of: [Option<u16>; FIELD_COUNT],
    /// Columns that match no field, by header, with their cells: available to templates as `extra`.
    pub extra: Vec<(Symbol, u16)>,
    /// The columns for photos, and those that may name some, in their order; several may be of one field.
    pub photos: Vec<(u16, Field)>,
    /// The values of empty cells and missing columns, from the project's `defaults:`.
    defaults: Arc<[(Field, String)]>,
    /// A bit for each field that has a cell or a default, since most fields of most logs have neither.
    present: u64,
}

const _: () = assert!(FIELD_COUNT <= 64, "a bit for each field");

impl Default for Columns {
    fn default() -> Self {
        Self {
            cell_of: [None; FIELD_COUNT],
            extra: Vec::new(),
            photos: Vec::new(),
            defaults: Arc::default(),
            present: 0,
        }
    }
}

impl Columns {
    /// Adds the project's values for empty cells and missing columns.
    #[must_use]
    pub fn with_defaults(self, defaults: Arc<[(Field, String)]>) -> Self {
        let present = defaults.iter().fold(self.present, |present, (field, _)| present | 1 << *field as u32);
        Self { defaults, present, ..self }
    }

    /// Assigns a cell to a field, unless the field already has one.
    pub fn set(&mut self, field: Field, cell: usize) {
        let slot = &mut self.cell_of[field as usize];
        if slot.is_none() {
            *slot = u16::try_from(cell).ok();
            self.present |= 1 << field as u32;
        }
    }

    /// Assigns a cell to a field, in place of the cell it has.
    pub(crate) fn replace(&mut self, field: Field, cell: usize) {
        self.cell_of[field as usize] = u16::try_from(cell).ok();
        self.present |= 1 << field as u32;
    }

    /// Keeps a cell under its own header, for templates.
    pub(crate) fn add_extra(&mut self, header: &str, cell: usize) {
        self.extra.push((Symbol::new(header), u16::try_from(cell).unwrap_or(u16::MAX)));
    }

    /// Whether a field has a cell or a default, without which it has no value in any row.
    #[must_use]
    #[inline]
    pub fn has(&self, field: Field) -> bool {
        self.present & 1 << field as u32 != 0
    }

    /// A bit for each field that can have a value, at the position of the field.
    #[must_use]
    #[inline]
    pub(crate) fn present(&self) -> u64 {
        self.present
    }

    /// Returns the cell of a field.
    #[must_use]
    #[inline]
    pub fn get(&self, field: Field) -> Option<usize> {
        self.cell_of[field as usize].map(usize::from)
    }

    /// Returns the project's value for an empty cell of a field; empty if there is none.
    #[must_use]
    pub fn default_of(&self, field: Field) -> &str {
        // The last declaration wins.
        let found = self.defaults.iter().rev().find(|(other, _)| *other == field);
        found.map_or("", |(_, text)| text.as_str())
    }
}

/// One row of a table or one record of YAML. A reader reuses the same `Row` for all records.
#[derive(Debug)]
pub struct Row {
    /// The source it was read from.
    pub source: SourceId,
    /// The line it begins on.
    pub line: OneBased,
    /// Number of records that begin before it on the same line, as in JSON without line breaks.
    pub(crate) before: u32,
    /// Which cell holds which field.
    pub columns: Arc<Columns>,
    /// The cells. The decoder guarantees UTF-8.
    cells: Cells,
    /// The place of each value, from readers that know it (YAML); empty for tables.
    pub(crate) spots: Vec<Place>,
    /// The cells that held an error value or a picture, were reported and emptied. Only of the row being read.
    pub(crate) emptied: Vec<usize>,
    /// Those in columns for photos of which the workbook says that they hold a picture. Only of the row being read.
    pub(crate) pictured: Vec<usize>,
}

/// How surely a place belongs to a row, in ascending order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum RowClaim {
    /// It lies between the first and the last line of the row, which begins on this one.
    Within(OneBased),
    /// It is that of a value of the row.
    Value,
}

/// A row borrowed from a reader, or an owned one. Boxed to keep it small, since every record holds one.
#[derive(Clone, Debug)]
pub enum SomeRow<'r> {
    /// The reader's row, valid until it reads the next record.
    Borrowed(&'r Row),
    /// A row of its own.
    Owned(Box<Row>),
}

impl SomeRow<'_> {
    /// Returns the owned row, copied if it was borrowed.
    #[must_use]
    pub fn into_row(self) -> Row {
        match self {
            Self::Borrowed(row) => row.clone(),
            Self::Owned(row) => *row,
        }
    }

    /// Returns the row in its owned form, copied if it was borrowed.
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
            Self::Borrowed(row) => row,
            Self::Owned(row) => row,
        }
    }
}

impl<'r> From<&'r Row> for SomeRow<'r> {
    fn from(row: &'r Row) -> Self {
        Self::Borrowed(row)
    }
}

impl From<Row> for SomeRow<'_> {
    fn from(row: Row) -> Self {
        Self::Owned(Box::new(row))
    }
}

impl Clone for Row {
    /// Copies the row with its cells.
    fn clone(&self) -> Self {
        let mut row = Self { columns: Arc::clone(&self.columns), spots: self.spots.clone(), ..Self::new(self.source) };
        (row.line, row.before) = (self.line, self.before);
        row.cells.reserve(self.len(), (0..self.len()).map(|cell| self.untrimmed(cell).len()).sum());
        (0..self.len()).for_each(|cell| row.cells.push(self.untrimmed(cell)));
        row
    }
}

impl Row {
    /// Returns a row without cells.
    #[must_use]
    pub fn new(source: SourceId) -> Self {
        Self {
            source,
            line: OneBased::FIRST,
            before: 0,
            columns: Arc::default(),
            cells: Cells::default(),
            spots: Vec::new(),
            emptied: Vec::new(),
            pictured: Vec::new(),
        }
    }

    /// Removes all cells, keeping the allocated memory.
    #[inline]
    pub(crate) fn clear(&mut self) {
        self.cells.clear();
        self.spots.clear();
    }

    /// Returns the cells for a reader to fill.
    #[inline]
    pub(crate) fn cells_mut(&mut self) -> &mut Cells {
        &mut self.cells
    }

    /// Adds a cell at the end, with its place if the reader knows it.
    pub(crate) fn push_cell(&mut self, text: &str, spot: Option<Place>) {
        self.cells.push(text.as_bytes());
        self.spots.extend(spot);
    }

    /// Empties a cell whose content was reported.
    pub(crate) fn blank_reported(&mut self, cell: usize) {
        self.cells.blank(cell);
        self.emptied.push(cell);
    }

    /// Empties a cell that stands for a picture.
    pub(crate) fn blank_pictured(&mut self, cell: usize) {
        self.blank_reported(cell);
        self.pictured.push(cell);
    }

    /// Empties a cell.
    pub(crate) fn blank(&mut self, cell: usize) {
        self.cells.blank(cell);
    }

    /// Replaces a cell by the one above it; false if there is none, or it is blank.
    pub(crate) fn take_above(&mut self, cell: usize) -> bool {
        let Some(text) = self.cells.above(cell).filter(|text| !trim(text).is_empty()) else { return false };
        let text = text.to_vec();
        self.cells.replace(cell, &text);
        true
    }

    /// Replaces a cell by a text; false if that is blank.
    pub(crate) fn take(&mut self, cell: usize, text: &str) -> bool {
        if !text.is_empty() {
            self.cells.replace(cell, text.as_bytes());
        }
        !text.is_empty()
    }

    /// Returns the number of cells.
    #[must_use]
    #[inline]
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Whether it has no cells.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cells.len() == 0
    }

    /// Returns the bytes of a cell without surrounding white space; empty if there is no such cell.
    #[must_use]
    #[inline]
    pub fn raw(&self, cell: usize) -> &[u8] {
        trim(self.untrimmed(cell))
    }

    /// Returns the bytes of a cell with surrounding white space; empty if there is no such cell.
    #[inline]
    pub(crate) fn untrimmed(&self, cell: usize) -> &[u8] {
        self.cells.get(cell)
    }

    /// Returns the text of a cell with surrounding white space.
    #[must_use]
    pub fn as_written(&self, cell: usize) -> Cow<'_, str> {
        String::from_utf8_lossy(self.untrimmed(cell))
    }

    /// Returns the text of a cell without surrounding white space. Always borrowed, since cells are UTF-8.
    #[must_use]
    pub fn cell(&self, cell: usize) -> Cow<'_, str> {
        String::from_utf8_lossy(self.raw(cell))
    }

    /// Returns the text of a field, without surrounding white space: that of its cell, or else the project's default.
    /// Empty if there is neither.
    #[must_use]
    pub fn text(&self, field: Field) -> Cow<'_, str> {
        String::from_utf8_lossy(self.bytes(field))
    }

    /// Returns the bytes of [`Row::text`].
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
        // The first byte decides for most cells.
        let first = self.columns.get(field).and_then(|cell| self.untrimmed(cell).first());
        first.is_some_and(|first| !may_begin_space(*first)) || !self.bytes(field).is_empty()
    }

    /// Returns the cell of a field as written, padded with the bytes that follow it. `None` if the cell is long, or at
    /// the very end of the buffer.
    #[must_use]
    #[inline]
    pub(crate) fn padded(&self, field: Field) -> Option<Padded<'_>> {
        self.columns.get(field).map_or(Some(Padded::NOTHING), |cell| self.padded_cell(cell))
    }

    /// Returns a cell like [`Row::padded`].
    #[must_use]
    #[inline]
    pub(crate) fn padded_cell(&self, cell: usize) -> Option<Padded<'_>> {
        self.cells.padded(cell)
    }

    /// Returns the bytes of the cell of a field with surrounding white space.
    #[must_use]
    pub(crate) fn written(&self, field: Field) -> &[u8] {
        self.columns.get(field).map_or(&[], |cell| self.untrimmed(cell))
    }

    /// Returns the place of a cell, or of the row if it has no such cell.
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

    /// Returns the place of the cell of a field, or of the row if the field has no cell.
    #[must_use]
    pub fn field_place(&self, field: Field) -> Place {
        self.columns.get(field).map_or_else(|| self.place(), |cell| self.cell_place(cell))
    }

    /// Returns the first and the last line with a value of it. A value that it inherits may stand above it.
    pub(crate) fn lines(&self) -> (OneBased, OneBased) {
        let spots = || self.spots.iter().map(|place| place.line);
        (spots().fold(self.line, OneBased::min), spots().fold(self.line, OneBased::max))
    }

    /// How surely a place belongs to the row; `None` if it does not. Of several rows the surest has it.
    pub(crate) fn claim(&self, place: Place) -> Option<RowClaim> {
        if place.source != self.source {
            return None;
        }
        if self.spots.contains(&place) {
            return Some(RowClaim::Value);
        }
        (self.line..=self.lines().1).contains(&place.line).then_some(RowClaim::Within(self.line))
    }

    /// Returns the place of the whole row.
    #[must_use]
    pub fn place(&self) -> Place {
        Place::line(self.source, self.line)
    }
}

/// Removes white space at both ends, including ideographic spaces, no-break spaces and stray byte order marks, all of
/// which occur in real ledgers.
#[inline]
fn trim(bytes: &[u8]) -> &[u8] {
    // Most cells have no surrounding white space.
    match bytes {
        [] => bytes,
        [first, .., last] if !may_begin_space(*first) && !may_end_space(*last) => bytes,
        _ => trim_slowly(bytes),
    }
}

/// Whether a byte may be the first of a white space character.
#[inline]
fn may_begin_space(byte: u8) -> bool {
    byte <= b' ' || matches!(byte, 0xe3 | 0xc2 | 0xef)
}

/// Whether a byte may be the last of a white space character.
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
