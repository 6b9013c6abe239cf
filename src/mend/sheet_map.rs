//! Where the cells of a sheet stand in its XML: those that are wanted, and what lies around them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::source::workbook::place_of_address;

/// An area of cells: the first and the last row and column, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Area {
    pub(super) first: (u32, u32),
    pub(super) last: (u32, u32),
}

impl Area {
    /// Reads `A1:C5`, or `A1`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (first, last) = text.split_once(':').unwrap_or((text, text));
        Some(Self { first: place_of_address(first)?, last: place_of_address(last)? })
    }

    pub(super) fn has(&self, (row, column): (u32, u32)) -> bool {
        (self.first.0..=self.last.0).contains(&row) && (self.first.1..=self.last.1).contains(&column)
    }

    pub(super) fn is_one_cell(&self) -> bool {
        self.first == self.last
    }
}

/// The formula of a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum CellFormula {
    /// The cell's own.
    Own,
    /// One that cells of a group share.
    Shared {
        /// The name of the group.
        group: String,
        /// Whether it says for which cells it is: they have it from this one.
        has_area: bool,
    },
}

/// A cell as it is written.
#[derive(Clone, Debug)]
pub(super) struct CellAt {
    pub(super) column: u32,
    pub(super) range: Range<usize>,
    /// The attributes but for the type and what belongs to the value, as written.
    pub(super) attributes: String,
    pub(super) style: Option<usize>,
    pub(super) kind: String,
    pub(super) has_value: bool,
    pub(super) formula: Option<CellFormula>,
    pub(super) has_address: bool,
}

/// A row that is wanted.
#[derive(Clone, Debug)]
pub(super) struct RowAt {
    /// Its tag.
    pub(super) tag: Range<usize>,
    pub(super) is_empty: bool,
    /// Where its end tag begins.
    pub(super) end: usize,
    /// The style of cells that are not there.
    pub(super) style: Option<usize>,
    pub(super) cells: Vec<CellAt>,
}

/// What is found in the XML of a sheet.
#[derive(Clone, Debug, Default)]
pub(super) struct SheetMap {
    /// What stands before the names of elements: `x:`, or nothing.
    pub(super) prefix: String,
    /// The rows that are wanted and are there, from 0.
    pub(super) rows: BTreeMap<u32, RowAt>,
    /// Where those that are not there would be put.
    pub(super) gaps: BTreeMap<u32, usize>,
    /// The tag of the list of rows, if it is empty.
    pub(super) empty_data: Option<Range<usize>>,
    /// Whether each row says its number.
    pub(super) rows_are_numbered: bool,
    pub(super) merged: Vec<Area>,
    /// Formulas over several cells.
    pub(super) arrays: Vec<Area>,
    /// The cells that share a formula, by the name of their group, in order.
    pub(super) shared: BTreeMap<String, Vec<(u32, u32)>>,
    /// First and last column, from 0, and the style of cells that are not there.
    pub(super) columns: Vec<(u32, u32, usize)>,
    /// The attribute that says which cells there are, and its value.
    pub(super) dimension: Option<(Range<usize>, Area)>,
}

/// Reads the XML of a sheet.
///
/// # Errors
/// It is no XML, or its rows or cells are out of order.
pub(super) fn map(xml: &str, wanted: &BTreeSet<u32>) -> Result<SheetMap, String> {
    let mut scan = Scan {
        map: SheetMap { rows_are_numbered: true, ..SheetMap::default() },
        wanted,
        missing: wanted.clone(),
        in_data: false,
        has_data: false,
        row: None,
        next_column: 0,
        open_row: None,
        open_cell: None,
    };
    let mut reader = Reader::from_str(xml);
    let at = |reader: &Reader<&[u8]>| usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
    loop {
        let start = at(&reader);
        match reader.read_event().map_err(|error| error.to_string())? {
            Event::Start(element) => scan.start(xml, &element, start..at(&reader), false)?,
            Event::Empty(element) => scan.start(xml, &element, start..at(&reader), true)?,
            Event::End(element) => scan.end(element.local_name().as_ref(), start..at(&reader)),
            Event::Eof => break,
            _ => {}
        }
    }
    if scan.has_data { Ok(scan.map) } else { Err("no rows".to_owned()) }
}

struct Scan<'w> {
    map: SheetMap,
    wanted: &'w BTreeSet<u32>,
    /// Wanted rows that were not seen yet.
    missing: BTreeSet<u32>,
    in_data: bool,
    has_data: bool,
    /// The number of the current row, from 0.
    row: Option<u32>,
    next_column: u32,
    /// The row and the cell that are open, if wanted.
    open_row: Option<RowAt>,
    open_cell: Option<CellAt>,
}

impl Scan<'_> {
    fn start(
        &mut self,
        xml: &str,
        element: &BytesStart<'_>,
        range: Range<usize>,
        is_empty: bool,
    ) -> Result<(), String> {
        match element.local_name().as_ref() {
            "sheetData" if !self.has_data => {
                (self.in_data, self.has_data) = (!is_empty, true);
                let name = element.name().as_ref().to_owned();
                name.strip_suffix("sheetData").unwrap_or_default().clone_into(&mut self.map.prefix);
                if is_empty {
                    self.fill_gaps(None, range.end);
                    self.map.empty_data = Some(range);
                }
            }
            "row" if self.in_data => self.row(element, range, is_empty)?,
            "c" if self.in_data => self.cell(element, range, is_empty)?,
            "f" if self.in_data => self.formula(element),
            "v" | "is" if self.in_data => {
                if let Some(cell) = &mut self.open_cell {
                    cell.has_value = !is_empty;
                }
            }
            "mergeCell" if !self.in_data => {
                let area = value(element, "ref").and_then(|text| Area::parse(&text));
                self.map.merged.push(area.ok_or("a merged cell without an area")?);
            }
            "col" if !self.has_data => self.column(element),
            "dimension" if !self.has_data => {
                let area = value(element, "ref").and_then(|text| Some((Area::parse(&text)?, text)));
                let at = area.and_then(|(area, text)| {
                    let tag = xml.get(range.clone())?;
                    let from = range.start + tag.find(&text)?;
                    Some((from..from + text.len(), area))
                });
                self.map.dimension = at;
            }
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, name: &str, range: Range<usize>) {
        match name {
            "c" => {
                let cell = self.open_cell.take();
                if let (Some(row), Some(mut cell)) = (&mut self.open_row, cell) {
                    cell.range.end = range.end;
                    row.cells.push(cell);
                }
            }
            "row" => {
                if let (Some(mut row), Some(number)) = (self.open_row.take(), self.row) {
                    row.end = range.start;
                    self.map.rows.insert(number, row);
                }
            }
            "sheetData" if self.in_data => {
                self.in_data = false;
                self.fill_gaps(None, range.start);
            }
            _ => {}
        }
    }

    /// Rows that are wanted and are not there before `row` would stand at `at`.
    fn fill_gaps(&mut self, row: Option<u32>, at: usize) {
        let later = row.map_or_else(BTreeSet::new, |row| self.missing.split_off(&row));
        let gone = std::mem::replace(&mut self.missing, later);
        self.map.gaps.extend(gone.into_iter().map(|row| (row, at)));
    }

    fn row(&mut self, element: &BytesStart<'_>, tag: Range<usize>, is_empty: bool) -> Result<(), String> {
        let stated = match value(element, "r") {
            Some(text) => {
                Some(text.parse::<u32>().ok().and_then(|row| row.checked_sub(1)).ok_or("a row without a number")?)
            }
            None => None,
        };
        self.map.rows_are_numbered &= stated.is_some();
        let number = stated.unwrap_or_else(|| self.row.map_or(0, |row| row.saturating_add(1)));
        if self.row.is_some_and(|before| number <= before) {
            return Err("the rows are out of order".to_owned());
        }
        self.fill_gaps(Some(number), tag.start);
        (self.row, self.next_column) = (Some(number), 0);
        self.missing.remove(&number);
        if self.wanted.contains(&number) {
            let has_style = value(element, "customFormat").is_some_and(|on| matches!(on.as_str(), "1" | "true"));
            let style = value(element, "s").filter(|_| has_style).and_then(|style| style.parse().ok());
            let row = RowAt { end: tag.end, tag, is_empty, style, cells: Vec::new() };
            if is_empty {
                self.map.rows.insert(number, row);
            } else {
                self.open_row = Some(row);
            }
        }
        Ok(())
    }

    fn cell(&mut self, element: &BytesStart<'_>, range: Range<usize>, is_empty: bool) -> Result<(), String> {
        let Some(row) = self.row else { return Err("a cell without a row".to_owned()) };
        let stated = match value(element, "r") {
            Some(text) => {
                let place = place_of_address(&text).filter(|place| place.0 == row);
                Some(place.ok_or_else(|| format!("a cell with the address {text} in row {}", row + 1))?.1)
            }
            None => None,
        };
        let column = stated.unwrap_or(self.next_column);
        if column < self.next_column {
            return Err("the cells of a row are out of order".to_owned());
        }
        self.next_column = column.saturating_add(1);
        let Some(open) = &mut self.open_row else { return Ok(()) };
        let mut attributes = String::new();
        let (mut kind, mut style) = (String::new(), None);
        for attribute in element.attributes() {
            let attribute = attribute.map_err(|error| error.to_string())?;
            let (key, text) = (attribute.key.as_ref().to_owned(), attribute.value.to_string());
            match key.as_str() {
                "t" => kind = text,
                // What belongs to the value: an array that spills, linked data.
                "cm" | "vm" => {}
                key => {
                    if key == "s" {
                        style = text.parse().ok();
                    }
                    // Written within double quotes, whatever they were.
                    let _ = write!(attributes, " {key}=\"{}\"", text.replace('"', "&quot;"));
                }
            }
        }
        let has_address = stated.is_some();
        let cell = CellAt { column, range, attributes, style, kind, has_value: false, formula: None, has_address };
        if is_empty {
            open.cells.push(cell);
        } else {
            self.open_cell = Some(cell);
        }
        Ok(())
    }

    fn formula(&mut self, element: &BytesStart<'_>) {
        let area = value(element, "ref").and_then(|text| Area::parse(&text));
        let formula = match value(element, "t").as_deref() {
            Some("shared") => {
                let group = value(element, "si").unwrap_or_default();
                // The column of the cell that was begun last.
                if let (Some(row), Some(column)) = (self.row, self.next_column.checked_sub(1)) {
                    self.map.shared.entry(group.clone()).or_default().push((row, column));
                }
                CellFormula::Shared { group, has_area: area.is_some() }
            }
            Some("array" | "dataTable") => {
                self.map.arrays.extend(area.filter(|area| !area.is_one_cell()));
                CellFormula::Own
            }
            _ => CellFormula::Own,
        };
        if let Some(cell) = &mut self.open_cell {
            cell.formula = Some(formula);
        }
    }

    fn column(&mut self, element: &BytesStart<'_>) {
        let number = |name: &str| value(element, name).and_then(|text| text.parse::<u32>().ok());
        let style = number("style").and_then(|style| usize::try_from(style).ok());
        if let (Some(first), Some(last), Some(style)) = (number("min"), number("max"), style) {
            self.map.columns.push((first.saturating_sub(1), last.saturating_sub(1), style));
        }
    }
}

/// The value of an attribute without a prefix.
pub(super) fn value(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = element.try_get_attribute(name).ok().flatten()?;
    quick_xml::escape::unescape(&found.value).ok().map(std::borrow::Cow::into_owned)
}
