//! Finds which cells of a sheet are merged downwards and which rows are hidden, which the reader of cells doesn't tell.

use std::collections::BTreeMap;
use std::io::BufReader;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use crate::source::workbook::error::BookError;
use crate::source::workbook::input::Bytes;
use crate::source::workbook::limits::MAX_CELLS;

/// A cell merged over several rows; rows and columns are counted from 0. Cells merged over columns only don't matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Merged {
    pub(super) first_row: u32,
    pub(super) last_row: u32,
    pub(super) column: u32,
}

/// The merged cells and hidden rows of a sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Shape {
    /// In the order of first rows.
    pub(super) merged: Vec<Merged>,
    /// Hidden rows, from 0, in order.
    pub(super) hidden: Vec<u32>,
}

impl Shape {
    fn new(mut merged: Vec<Merged>, mut hidden: Vec<u32>) -> Self {
        merged.sort_by_key(|merged| (merged.first_row, merged.column));
        hidden.sort_unstable();
        hidden.dedup();
        Self { merged, hidden }
    }
}

type WorkbookPackage = ZipArchive<BufReader<Box<dyn Bytes>>>;

/// The shapes of a workbook's sheets.
#[derive(Default)]
pub(super) struct Shapes {
    /// The shapes that were read, by sheet.
    known: BTreeMap<String, Shape>,
    /// The names of the parts from which shapes are read on demand, by sheet.
    parts: BTreeMap<String, String>,
    package: Option<WorkbookPackage>,
}

impl Shapes {
    /// Opens the shapes of an `.xlsx`, each of which is read on demand.
    pub(super) fn of_xlsx(mut package: WorkbookPackage) -> Result<Self, BookError> {
        let main = main_part(&mut package)?;
        let (folder, file) = main.rsplit_once('/').unwrap_or(("", &main));
        let targets = relations(&mut package, &format!("{folder}/_rels/{file}.rels"))?;
        let mut parts = BTreeMap::new();
        elements(&mut package, &main, |element| {
            if element.local_name().as_ref() == "sheet"
                && let (Some(name), Some(id)) = (value(element, "name"), value(element, "id"))
                && let Some(target) = targets.get(&id)
            {
                let part = target.strip_prefix('/').map_or_else(|| format!("{folder}/{target}"), str::to_owned);
                parts.insert(name, part.trim_start_matches('/').to_owned());
            }
            Ok(())
        })?;
        Ok(Self { parts, package: Some(package), known: BTreeMap::new() })
    }

    /// Reads the shapes of an `.ods`, and checks its number of cells: repeated rows can exceed any memory.
    pub(super) fn of_ods(mut package: WorkbookPackage) -> Result<Self, BookError> {
        let mut sheets: Vec<OdsSheet> = Vec::new();
        elements(&mut package, "content.xml", |element| {
            if element.name().as_ref() == "table:table" {
                sheets.push(OdsSheet::new(value(element, "name").unwrap_or_default()));
            } else if let Some(sheet) = sheets.last_mut() {
                sheet.element(element);
            }
            match sheets.last() {
                Some(sheet) if sheet.cells() > MAX_CELLS => {
                    Err(BookError::TooLarge { what: "cells", limit: MAX_CELLS })
                }
                _ => Ok(()),
            }
        })?;
        let known = sheets.into_iter().map(|sheet| (sheet.name, Shape::new(sheet.merged, sheet.hidden)));
        Ok(Self { known: known.collect(), ..Self::default() })
    }

    /// Makes shapes from merged regions: for each sheet its name, and the first and last (row, column) of each region.
    pub(super) fn of_regions(sheets: impl Iterator<Item = (String, Vec<((u32, u32), (u32, u32))>)>) -> Self {
        let known = sheets.map(|(name, regions)| {
            let merged = regions.into_iter().filter_map(|(start, end)| merged(start, end));
            (name, Shape::new(merged.collect(), Vec::new()))
        });
        Self { known: known.collect(), ..Self::default() }
    }

    /// Returns the shape of a sheet.
    ///
    /// # Errors
    /// The part of the sheet cannot be read.
    pub(super) fn of(&mut self, name: &str) -> Result<&Shape, BookError> {
        if !self.known.contains_key(name) {
            let shape = match (&mut self.package, self.parts.get(name)) {
                (Some(package), Some(part)) => read_xlsx_shape(package, part)?,
                _ => Shape::default(),
            };
            self.known.insert(name.to_owned(), shape);
        }
        Ok(&self.known[name])
    }
}

/// Returns the merged cell of a region, if it has several rows.
fn merged(start: (u32, u32), end: (u32, u32)) -> Option<Merged> {
    (end.0 > start.0).then_some(Merged { first_row: start.0, last_row: end.0, column: start.1 })
}

/// Reads the shape of a sheet from its part.
fn read_xlsx_shape(package: &mut WorkbookPackage, part: &str) -> Result<Shape, BookError> {
    let (mut regions, mut hidden, mut row) = (Vec::new(), Vec::new(), 0_u32);
    elements(package, part, |element| {
        match element.local_name().as_ref() {
            "row" => {
                // A row without a number follows the previous row.
                row = value(element, "r").and_then(|number| number.parse().ok()).unwrap_or(row + 1);
                if value(element, "hidden").is_some_and(|hidden| matches!(hidden.as_str(), "1" | "true")) {
                    hidden.extend(row.checked_sub(1));
                }
            }
            "mergeCell" => regions.extend(value(element, "ref").and_then(|region| {
                let (start, end) = region.split_once(':')?;
                merged(parse_address(start)?, parse_address(end)?)
            })),
            _ => {}
        }
        Ok(())
    })?;
    Ok(Shape::new(regions, hidden))
}

/// Reads an address: `C5` is row 4 and column 2, counted from 0.
fn parse_address(address: &str) -> Option<(u32, u32)> {
    let address = address.replace('$', "");
    let digits = address.find(|c: char| c.is_ascii_digit())?;
    let (letters, number) = address.split_at(digits);
    let mut column = 0_u32;
    for letter in letters.bytes() {
        let letter = letter.to_ascii_uppercase();
        if !letter.is_ascii_uppercase() {
            return None;
        }
        column = column.checked_mul(26)?.checked_add(u32::from(letter - b'A') + 1)?;
    }
    Some((number.parse::<u32>().ok()?.checked_sub(1)?, column.checked_sub(1)?))
}

/// A sheet of an `.ods` whose elements are being read.
struct OdsSheet {
    name: String,
    /// The current row and column; the row may stand for several.
    rows: u64,
    row_repeats: u64,
    column: u64,
    /// Number of rows and columns up to the last cell with a value.
    filled: (u64, u64),
    merged: Vec<Merged>,
    hidden: Vec<u32>,
}

impl OdsSheet {
    fn new(name: String) -> Self {
        Self { name, rows: 0, row_repeats: 0, column: 0, filled: (0, 0), merged: Vec::new(), hidden: Vec::new() }
    }

    fn cells(&self) -> u64 {
        self.filled.0.saturating_mul(self.filled.1)
    }

    fn element(&mut self, element: &BytesStart<'_>) {
        let number = |name: &str| value(element, name).and_then(|text| text.parse::<u64>().ok()).unwrap_or(1).max(1);
        match element.name().as_ref() {
            "table:table-row" => {
                self.rows = self.rows.saturating_add(self.row_repeats);
                self.row_repeats = number("number-rows-repeated");
                self.column = 0;
                let is_visible = value(element, "visibility").is_none_or(|visibility| visibility == "visible");
                // Hidden rows up to the end of the sheet are blank.
                if !is_visible && self.row_repeats < u64::from(u16::MAX) {
                    let rows = self.rows..self.rows + self.row_repeats;
                    self.hidden.extend(rows.filter_map(|row| u32::try_from(row).ok()));
                }
            }
            "table:table-cell" | "table:covered-table-cell" => {
                let (spanned, repeats) = (number("number-rows-spanned"), number("number-columns-repeated"));
                if let (Ok(first), Ok(column)) = (u32::try_from(self.rows), u32::try_from(self.column)) {
                    let last = first.saturating_add(u32::try_from(spanned - 1).unwrap_or(u32::MAX));
                    self.merged.extend(merged((first, column), (last, column)));
                }
                self.column = self.column.saturating_add(repeats);
                if value(element, "value-type").is_some() {
                    let rows = self.rows.saturating_add(self.row_repeats);
                    self.filled = (self.filled.0.max(rows), self.filled.1.max(self.column));
                }
            }
            _ => {}
        }
    }
}

/// Returns the name of the part that is the workbook.
fn main_part(package: &mut WorkbookPackage) -> Result<String, BookError> {
    let mut main = None;
    elements(package, "_rels/.rels", |element| {
        if value(element, "Type").is_some_and(|kind| kind.ends_with("/officeDocument")) {
            main = value(element, "Target");
        }
        Ok(())
    })?;
    Ok(main.map_or_else(|| "xl/workbook.xml".to_owned(), |main| main.trim_start_matches('/').to_owned()))
}

/// Reads a part of relationships: target by ID.
fn relations(package: &mut WorkbookPackage, part: &str) -> Result<BTreeMap<String, String>, BookError> {
    let mut targets = BTreeMap::new();
    elements(package, part, |element| {
        targets.extend(value(element, "Id").zip(value(element, "Target")));
        Ok(())
    })?;
    Ok(targets)
}

/// Passes each element of a part to `each`. A missing part is like an empty one.
fn elements(
    package: &mut WorkbookPackage,
    part: &str,
    mut each: impl FnMut(&BytesStart<'_>) -> Result<(), BookError>,
) -> Result<(), BookError> {
    // Some programs write the names of parts in another letter case than the targets of relationships.
    let found = package.file_names().filter_map(Result::ok).find(|name| name.eq_ignore_ascii_case(part));
    let Some(name) = found.map(std::borrow::Cow::into_owned) else { return Ok(()) };
    let file = package.by_name(&name).map_err(|error| BookError::Unreadable(error.to_string()))?;
    let mut reader = Reader::from_reader(BufReader::new(file));
    let mut buffer = Vec::new();
    loop {
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(element) | Event::Empty(element)) => each(&element)?,
            Ok(Event::Eof) => return Ok(()),
            Ok(_) => {}
            Err(error) => return Err(BookError::Unreadable(format!("{part}: {error}"))),
        }
        buffer.clear();
    }
}

/// Returns the value of an attribute, whatever its namespace prefix.
fn value(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = element.attributes().filter_map(Result::ok).find(|it| it.key.local_name().as_ref() == name)?;
    quick_xml::escape::unescape(&found.value).ok().map(std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_rows_and_columns() {
        assert_eq!(parse_address("A1"), Some((0, 0)));
        assert_eq!(parse_address("$AB$12"), Some((11, 27)));
        for wrong in ["", "A", "1", "A0", "甲1", "AAAAAAAAAAAA1"] {
            assert_eq!(parse_address(wrong), None, "{wrong}");
        }
    }
}
