//! Finds what the reader of cells doesn't tell of a sheet: which cells are merged downwards, which rows are hidden, and
//! which cells hold pictures, errors that the reader doesn't know, or formulas without a result.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufReader, Read as _};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use crate::source::workbook::biff_rows::BiffRows;
use crate::source::workbook::error::BookError;
use crate::source::workbook::input::Bytes;
use crate::source::workbook::limits::MAX_CELLS;
use crate::source::workbook::placeholder::{PICTURE, UNCALCULATED};
use crate::source::workbook::xlsb::{self, Region};

/// A cell merged over several rows; rows and columns are counted from 0. Cells merged over columns only don't matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Merged {
    pub(super) first_row: u32,
    pub(super) last_row: u32,
    pub(super) column: u32,
}

/// A cell whose value the reader of cells does not give as it is, and what it shows instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct OddCell {
    /// Row and column, from 0.
    pub(super) place: (u32, u32),
    pub(super) shows: String,
}

/// The number of columns that a struck cell may be repeated over; a log has fewer.
const MAX_STRUCK: u32 = 256;

/// The merged cells and hidden rows of a sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Shape {
    /// In the order of first rows.
    pub(super) merged: Vec<Merged>,
    /// Hidden rows, from 0, in order.
    pub(super) hidden: Vec<u32>,
    /// Errors that the reader of cells does not know, pictures, and formulas without a result, in the order of the
    /// sheet.
    pub(super) odd: Vec<OddCell>,
    /// Cells that are struck out, where the reader of cells does not tell.
    pub(super) struck: BTreeSet<(u32, u32)>,
}

impl Shape {
    pub(super) fn new(mut merged: Vec<Merged>, mut hidden: Vec<u32>) -> Self {
        merged.sort_by_key(|merged| (merged.first_row, merged.column));
        hidden.sort_unstable();
        hidden.dedup();
        Self { merged, hidden, odd: Vec::new(), struck: BTreeSet::new() }
    }
}

pub(super) type WorkbookPackage = ZipArchive<BufReader<Box<dyn Bytes>>>;

/// The shapes of a workbook's sheets.
#[derive(Default)]
pub(super) struct Shapes {
    /// The shapes that were read, by sheet.
    known: BTreeMap<String, Shape>,
    /// The names of the parts from which shapes are read on demand, by sheet.
    parts: BTreeMap<String, String>,
    package: Option<WorkbookPackage>,
    /// Whether the parts are those of an `.xlsb`.
    is_binary: bool,
    /// How an `.xlsx` stores what its cells hold beside values.
    xlsx: XlsxTraits,
}

impl Shapes {
    /// Opens the shapes of an `.xlsx`, each of which is read on demand.
    pub(super) fn of_xlsx(mut package: WorkbookPackage) -> Result<Self, BookError> {
        let main = main_part(&mut package)?;
        let (folder, file) = main.rsplit_once('/').unwrap_or(("", &main));
        let targets = relations(&mut package, &format!("{folder}/_rels/{file}.rels"))?;
        let (mut parts, mut recalculates) = (BTreeMap::new(), false);
        elements(&mut package, &main, |element| {
            let is_true = |value: String| matches!(value.as_str(), "1" | "true");
            recalculates |=
                element.local_name().as_ref() == "calcPr" && value(element, "fullCalcOnLoad").is_some_and(is_true);
            if element.local_name().as_ref() == "sheet"
                && let (Some(name), Some(id)) = (value(element, "name"), value(element, "id"))
                && let Some(target) = targets.get(&id)
            {
                let part = target.strip_prefix('/').map_or_else(|| format!("{folder}/{target}"), str::to_owned);
                parts.insert(name, part.trim_start_matches('/').to_owned());
            }
            Ok(())
        })?;
        let pictures = has_only_pictures(&mut package, folder)?;
        let xlsx = XlsxTraits { recalculates, pictures };
        Ok(Self { parts, package: Some(package), xlsx, ..Self::default() })
    }

    /// Reads the shapes of an `.ods`, and checks its number of cells: repeated rows can exceed any memory.
    pub(super) fn of_ods(mut package: WorkbookPackage) -> Result<Self, BookError> {
        let mut sheets: Vec<OdsSheet> = Vec::new();
        let (mut style, mut struck) = (String::new(), BTreeSet::new());
        elements(&mut package, "content.xml", |element| {
            match element.name().as_ref() {
                "table:table" => sheets.push(OdsSheet::new(value(element, "name").unwrap_or_default())),
                "style:style" => style = value(element, "name").unwrap_or_default(),
                "style:text-properties" => {
                    let line = ["text-line-through-style", "text-line-through-type"].map(|name| value(element, name));
                    if line.into_iter().flatten().any(|line| line != "none") {
                        struck.insert(style.clone());
                    }
                }
                _ => {
                    if let Some(sheet) = sheets.last_mut() {
                        sheet.element(element, &struck);
                    }
                }
            }
            match sheets.last() {
                Some(sheet) if sheet.cells() > MAX_CELLS => {
                    Err(BookError::TooLarge { what: "cells", limit: MAX_CELLS })
                }
                _ => Ok(()),
            }
        })?;
        let known = sheets.into_iter().map(|sheet| {
            let OdsSheet { name, merged, hidden, struck, .. } = sheet;
            (name, Shape { struck, ..Shape::new(merged, hidden) })
        });
        Ok(Self { known: known.collect(), ..Self::default() })
    }

    /// Makes the shapes of an `.xls`: for each sheet its name, its merged regions, and what its records say of its rows.
    pub(super) fn of_xls(sheets: impl Iterator<Item = (String, Vec<Region>, BiffRows)>) -> Self {
        let known = sheets.map(|(name, regions, rows)| {
            let merged = regions.into_iter().filter_map(|(start, end)| merged(start, end));
            (name, Shape { struck: rows.struck, ..Shape::new(merged.collect(), rows.hidden) })
        });
        Self { known: known.collect(), ..Self::default() }
    }

    /// Opens the shapes of an `.xlsb`, each of which is read on demand.
    pub(super) fn of_xlsb(mut package: WorkbookPackage) -> Result<Self, BookError> {
        let targets = relations(&mut package, "xl/_rels/workbook.bin.rels")?;
        let sheets = xlsb::sheets(&bytes(&mut package, "xl/workbook.bin")?);
        let parts = sheets.into_iter().filter_map(|(name, relation)| {
            let target = targets.get(&relation)?;
            let part = target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned);
            Some((name, part))
        });
        Ok(Self { parts: parts.collect(), package: Some(package), is_binary: true, ..Self::default() })
    }

    /// What an `.xlsx` stores beside values.
    pub(super) fn xlsx_traits(&self) -> XlsxTraits {
        self.xlsx
    }

    /// The name of the part of a sheet of an `.xlsx`, under which the package holds it.
    pub(super) fn part_of(&self, sheet: &str) -> Option<String> {
        name_of(self.package.as_ref()?, self.parts.get(sheet)?)
    }

    /// Returns the shape of a sheet.
    ///
    /// # Errors
    /// The part of the sheet cannot be read.
    pub(super) fn of(&mut self, name: &str) -> Result<&Shape, BookError> {
        if !self.known.contains_key(name) {
            let shape = match (&mut self.package, self.parts.get(name)) {
                (Some(package), Some(part)) if self.is_binary => {
                    let looks = xlsb::struck_looks(&bytes(package, "xl/styles.bin")?);
                    let shape = xlsb::shape(&bytes(package, part)?, &looks);
                    let regions = shape.merged.into_iter().filter_map(|(start, end)| merged(start, end));
                    Shape { struck: shape.struck, ..Shape::new(regions.collect(), shape.hidden) }
                }
                (Some(package), Some(part)) => read_xlsx_shape(package, part, self.xlsx)?,
                _ => Shape::default(),
            };
            self.known.insert(name.to_owned(), shape);
        }
        Ok(&self.known[name])
    }
}

/// Returns the merged cell of a region, if it has several rows.
pub(super) fn merged(start: (u32, u32), end: (u32, u32)) -> Option<Merged> {
    (end.0 > start.0).then_some(Merged { first_row: start.0, last_row: end.0, column: start.1 })
}

/// How a workbook stores what its cells hold beside values.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct XlsxTraits {
    /// Whether everything is to be calculated when the workbook is opened, so that a stored 0 may be a placeholder.
    pub(super) recalculates: bool,
    /// Whether the linked data of cells are pictures. Excel stores them, like its newer errors, as `#VALUE!` with a
    /// reference to the data.
    pub(super) pictures: bool,
}

/// Whether the linked data of a workbook's cells are pictures and nothing else.
fn has_only_pictures(package: &mut WorkbookPackage, folder: &str) -> Result<bool, BookError> {
    let (mut pictures, mut others) = (false, false);
    elements(package, &format!("{folder}/richData/rdrichvaluestructure.xml"), |element| {
        if element.local_name().as_ref() == "s" {
            let is_picture =
                value(element, "t").is_some_and(|kind| matches!(kind.as_str(), "_localImage" | "_webimage"));
            (pictures, others) = (pictures || is_picture, others || !is_picture);
        }
        Ok(())
    })?;
    Ok(pictures && !others)
}

/// The errors that the reader of cells knows in an `.xlsx`; with any other it refuses the cell.
pub(super) const KNOWN_ERRORS: [&str; 7] = ["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"];

/// A sheet of an `.xlsx` whose part is being read.
#[derive(Default)]
struct XlsxSheet {
    regions: Vec<Merged>,
    hidden: Vec<u32>,
    odd: Vec<OddCell>,
    /// The number of the current row, from 1, and the column that follows its last cell, from 0.
    row: u32,
    next_column: u32,
    cell: XlsxCell,
    /// Whether an odd cell has the address of another, so that it can't be told which of them it replaces.
    is_ambiguous: bool,
    /// Whether text belongs to the value of the current cell.
    in_value: bool,
}

/// The type of a cell's value, as far as it matters.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum CellKind {
    Error,
    /// The result of a formula that is text, which may be empty.
    Text,
    #[default]
    Other,
}

/// The current cell.
#[derive(Default)]
struct XlsxCell {
    place: Option<(u32, u32)>,
    /// Whether it stands at or before the place of the cell before it.
    goes_back: bool,
    kind: CellKind,
    is_linked: bool,
    has_formula: bool,
    value: String,
}

impl XlsxSheet {
    /// Reads the start of an element; `is_empty` says that it has no content.
    fn start(&mut self, element: &BytesStart<'_>, is_empty: bool) {
        match element.local_name().as_ref() {
            "row" => {
                // A row without a number follows the previous row.
                self.row = value(element, "r").and_then(|number| number.parse().ok()).unwrap_or(self.row + 1);
                self.next_column = 0;
                let is_hidden = value(element, "hidden").is_some_and(|hidden| matches!(hidden.as_str(), "1" | "true"));
                let is_flat = value(element, "ht").and_then(|height| height.parse::<f64>().ok()) == Some(0.0);
                if is_hidden || is_flat {
                    self.hidden.extend(self.row.checked_sub(1));
                }
            }
            "c" => {
                let cell = &mut self.cell;
                cell.value.clear();
                (cell.kind, cell.is_linked, cell.has_formula) = (CellKind::Other, false, false);
                let mut place = None;
                for attribute in element.attributes().filter_map(Result::ok) {
                    match attribute.key.local_name().as_ref() {
                        "r" => place = parse_address(&attribute.value),
                        "t" => {
                            cell.kind = match attribute.value.as_ref() {
                                "e" => CellKind::Error,
                                "str" => CellKind::Text,
                                _ => CellKind::Other,
                            }
                        }
                        "vm" => cell.is_linked = true,
                        _ => {}
                    }
                }
                let place = place.or_else(|| Some((self.row.checked_sub(1)?, self.next_column)));
                self.next_column = place.map_or(self.next_column, |(_, column)| column).saturating_add(1);
                cell.goes_back = place.is_some() && place <= cell.place;
                cell.place = place;
                self.is_ambiguous |= self.odd.last().is_some_and(|odd| place == Some(odd.place));
            }
            "f" => self.cell.has_formula = true,
            "v" | "is" => self.in_value = !is_empty,
            "mergeCell" => self.regions.extend(value(element, "ref").and_then(|region| {
                let (start, end) = region.split_once(':')?;
                merged(parse_address(start)?, parse_address(end)?)
            })),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.in_value {
            self.cell.value.push_str(text);
        }
    }

    /// Reads the end of an element.
    fn end(&mut self, name: &str, traits: XlsxTraits) {
        match name {
            "v" | "is" => self.in_value = false,
            "c" => {
                let XlsxCell { place, goes_back, kind, is_linked, has_formula, ref value } = self.cell;
                let is_error = kind == CellKind::Error;
                let value = value.trim();
                let shows = if is_error && is_linked && traits.pictures {
                    PICTURE.to_owned()
                } else if is_error && !KNOWN_ERRORS.contains(&value) {
                    value.to_owned()
                } else if has_formula
                    && (value.is_empty() && kind != CellKind::Text || value == "0" && traits.recalculates)
                {
                    UNCALCULATED.to_owned()
                } else {
                    return;
                };
                // What shows nothing replaces nothing.
                if !shows.is_empty() {
                    self.is_ambiguous |= goes_back;
                    self.odd.extend(place.map(|place| OddCell { place, shows }));
                }
            }
            _ => {}
        }
    }
}

/// Reads the shape of a sheet from its part.
fn read_xlsx_shape(package: &mut WorkbookPackage, part: &str, traits: XlsxTraits) -> Result<Shape, BookError> {
    let mut sheet = XlsxSheet::default();
    events(package, part, |event| {
        match event {
            Event::Start(element) => sheet.start(element, false),
            Event::Empty(element) => sheet.start(element, true),
            Event::Text(text) => sheet.text(text.as_ref()),
            Event::End(element) => sheet.end(element.local_name().as_ref(), traits),
            _ => {}
        }
        Ok(())
    })?;
    if sheet.is_ambiguous {
        return Err(BookError::out_of_order());
    }
    let mut shape = Shape::new(sheet.regions, sheet.hidden);
    shape.odd = sheet.odd;
    Ok(shape)
}

/// Reads an address: `C5` is row 4 and column 2, counted from 0.
pub(super) fn parse_address(address: &str) -> Option<(u32, u32)> {
    let address = address.strip_prefix('$').unwrap_or(address);
    let digits = address.find(|c: char| c.is_ascii_digit())?;
    let (letters, number) = address.split_at(digits);
    let letters = letters.strip_suffix('$').unwrap_or(letters);
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
    struck: BTreeSet<(u32, u32)>,
}

impl OdsSheet {
    fn new(name: String) -> Self {
        let (merged, hidden, struck) = Default::default();
        Self { name, rows: 0, row_repeats: 0, column: 0, filled: (0, 0), merged, hidden, struck }
    }

    fn cells(&self) -> u64 {
        self.filled.0.saturating_mul(self.filled.1)
    }

    /// Reads the start of an element. `struck` are the styles that strike out.
    fn element(&mut self, element: &BytesStart<'_>, struck: &BTreeSet<String>) {
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
                    if value(element, "style-name").is_some_and(|style| struck.contains(&style)) {
                        // Cells of the same value side by side are one element.
                        let repeats = u32::try_from(repeats).unwrap_or(1).min(MAX_STRUCK);
                        self.struck.extend((column..column.saturating_add(repeats)).map(|column| (first, column)));
                    }
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
pub(super) fn main_part(package: &mut WorkbookPackage) -> Result<String, BookError> {
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
    events(package, part, |event| match event {
        Event::Start(element) | Event::Empty(element) => each(element),
        _ => Ok(()),
    })
}

/// Reads a part; empty if it is missing.
fn bytes(package: &mut WorkbookPackage, part: &str) -> Result<Vec<u8>, BookError> {
    let Some(name) = name_of(package, part) else { return Ok(Vec::new()) };
    let mut bytes = Vec::new();
    package.by_name(&name).map_err(|error| BookError::Unreadable(error.to_string()))?.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The name under which a package holds a part: some programs write it in another letter case than the targets of
/// relationships.
pub(super) fn name_of(package: &WorkbookPackage, part: &str) -> Option<String> {
    let mut names = package.file_names().filter_map(Result::ok);
    names.find(|name| name.eq_ignore_ascii_case(part)).map(std::borrow::Cow::into_owned)
}

/// Passes each event of a part to `each`. A missing part is like an empty one.
fn events(
    package: &mut WorkbookPackage,
    part: &str,
    mut each: impl FnMut(&Event<'_>) -> Result<(), BookError>,
) -> Result<(), BookError> {
    let Some(name) = name_of(package, part) else { return Ok(()) };
    let file = package.by_name(&name).map_err(|error| BookError::Unreadable(error.to_string()))?;
    let mut reader = Reader::from_reader(BufReader::new(file));
    let mut buffer = Vec::new();
    loop {
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Eof) => return Ok(()),
            Ok(event) => each(&event)?,
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
