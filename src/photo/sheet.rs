//! The part of a sheet of an `.xlsx`: its rows and columns, and the cells that hold pictures.

use quick_xml::events::BytesStart;

use super::drawing::{CornerReader, MAX_PICTURES, too_many};
use super::error::PhotoError;
use super::rich::{RichPicture, RichValues};
use super::xml::{Piece, Take, add, is_true, number, value};
use crate::placement::{Anchor, Axis, EMU_PIXEL, EMU_POINT, Grid, Region, Sizes};

/// The rows and columns of a sheet.
const ROWS: u32 = 1_048_576;
const COLUMNS: u32 = 16_384;
/// The width of a digit in the usual font, in pixels. The font of the workbook may differ a little.
const DIGIT: f64 = 7.0;
/// The usual width of a column, in pixels, where the sheet does not tell it, and the usual height of a row, in points.
const USUAL_WIDTH: f64 = 64.0;
const USUAL_HEIGHT: f64 = 15.0;
/// The most text of a formula that may name a picture.
const MAX_FORMULA: usize = 1 << 13;
/// The most merged cells.
const MAX_MERGED: usize = 1 << 21;

/// A picture that is the value of a cell.
pub(super) enum Held {
    /// As WPS keeps it: its ID.
    Wps(String),
    /// As Excel keeps it.
    Rich(RichPicture),
}

/// An embedded file of another program.
#[derive(Default)]
pub(super) struct Object {
    /// The kind of file.
    pub(super) program: String,
    pub(super) anchor: Option<Anchor>,
    shape: Option<u64>,
}

/// What a sheet tells: its cells, the pictures in them, the objects, and the relation that leads to its drawing.
pub(super) struct Told {
    pub(super) grid: Grid,
    pub(super) held: Vec<((u32, u32), Held)>,
    pub(super) objects: Vec<Object>,
    pub(super) drawing: Option<String>,
}

/// A sheet that is being read.
pub(super) struct Sheet<'r> {
    rich: &'r RichValues,
    rows: Sizes,
    columns: Sizes,
    usual: (f64, f64),
    are_rows_hidden: bool,
    merged: Vec<Region>,
    held: Vec<((u32, u32), Held)>,
    objects: Vec<Object>,
    corners: Option<CornerReader>,
    drawing: Option<String>,
    /// The current row and column, from 0: of the next row, and of the next cell.
    next_row: u32,
    next_column: u32,
    cell: (u32, u32),
    /// What is read of the text of the current formula or value.
    text: Option<String>,
}

impl<'r> Sheet<'r> {
    pub(super) fn new(rich: &'r RichValues) -> Self {
        Self {
            rich,
            rows: Sizes::default(),
            columns: Sizes::default(),
            usual: (USUAL_WIDTH, USUAL_HEIGHT),
            are_rows_hidden: false,
            merged: Vec::new(),
            held: Vec::new(),
            objects: Vec::new(),
            corners: None,
            drawing: None,
            next_row: 0,
            next_column: 0,
            cell: (0, 0),
            text: None,
        }
    }

    /// Returns what it tells.
    pub(super) fn finish(self) -> Told {
        let height = if self.are_rows_hidden { 0.0 } else { self.usual.1 };
        let grid = Grid {
            rows: Axis::new(self.rows, of_points(height), ROWS),
            columns: Axis::new(self.columns, of_pixels(self.usual.0), COLUMNS),
            merged: self.merged,
        };
        Told { grid, held: self.held, objects: self.objects, drawing: self.drawing }
    }

    fn start(&mut self, element: &BytesStart<'_>) -> Result<(), PhotoError> {
        let local = element.local_name();
        match local.as_ref() {
            "sheetFormatPr" => {
                let width = number(element, "defaultColWidth").map(pixels);
                // Without a width of its own, columns are wide enough for this many digits, and a little.
                let digits =
                    || number(element, "baseColWidth").map(|digits: f64| ((digits * DIGIT + 5.0) / 8.0).ceil() * 8.0);
                self.usual.0 = width.or_else(digits).unwrap_or(USUAL_WIDTH);
                self.usual.1 = number(element, "defaultRowHeight").unwrap_or(USUAL_HEIGHT);
                self.are_rows_hidden = is_true(element, "zeroHeight");
            }
            "col" if self.corners.is_none() => {
                let (first, last): (u32, u32) =
                    (number(element, "min").unwrap_or(0), number(element, "max").unwrap_or(0));
                let width = number(element, "width").map_or(self.usual.0, pixels);
                let width = if is_true(element, "hidden") { 0.0 } else { width };
                if let (Some(first), Some(last)) = (first.checked_sub(1), last.checked_sub(1)) {
                    self.columns.push(first, last.min(COLUMNS), of_pixels(width));
                }
            }
            "row" if self.corners.is_none() => {
                // A row without a number follows the one before.
                let row = number::<u32>(element, "r").and_then(|row| row.checked_sub(1)).unwrap_or(self.next_row);
                self.next_row = row.saturating_add(1);
                (self.cell, self.next_column) = ((row, 0), 0);
                let height = number(element, "ht");
                if is_true(element, "hidden") {
                    self.rows.push(row, row, 0);
                } else if let Some(height) = height.or(self.are_rows_hidden.then_some(self.usual.1)) {
                    self.rows.push(row, row, of_points(height));
                }
            }
            "c" => return self.cell(element),
            "f" | "v" => self.text = Some(String::new()),
            "mergeCell" => {
                self.merged.extend(value(element, "ref").and_then(|range| region(&range)));
                if self.merged.len() > MAX_MERGED {
                    let what = ("合并单元格的数量", "merged cells");
                    return Err(PhotoError::TooLarge { what, limit: MAX_MERGED as u64 });
                }
            }
            "drawing" => self.drawing = value(element, "id"),
            "oleObject" => {
                let shape = number(element, "shapeId");
                // The same object is told again for older programs.
                if shape.is_none() || self.objects.iter().rev().take(2).all(|object| object.shape != shape) {
                    let program = value(element, "progId").unwrap_or_default();
                    self.objects.push(Object { program, anchor: None, shape });
                }
                if self.objects.len() > MAX_PICTURES {
                    return Err(too_many());
                }
            }
            "objectPr" => self.corners = Some(CornerReader::default()),
            name => {
                if let Some(corners) = &mut self.corners {
                    corners.start(name);
                }
            }
        }
        if let (Some(corners), name @ ("col" | "row")) = (&mut self.corners, local.as_ref()) {
            corners.start(name);
        }
        Ok(())
    }

    fn cell(&mut self, element: &BytesStart<'_>) -> Result<(), PhotoError> {
        let (mut place, mut record, mut is_error) = (None, None, false);
        for attribute in element.attributes().with_checks(false).filter_map(Result::ok) {
            match attribute.key.local_name().as_ref() {
                "r" => place = address(&attribute.value),
                "vm" => record = attribute.value.trim().parse().ok(),
                "t" => is_error = attribute.value.as_ref() == "e",
                _ => {}
            }
        }
        self.cell = place.unwrap_or((self.cell.0, self.next_column));
        self.next_column = self.cell.1.saturating_add(1);
        self.text = None;
        if let Some(picture) = record.and_then(|record| self.rich.picture(record, is_error)) {
            self.hold(Held::Rich(picture))?;
        }
        Ok(())
    }

    fn hold(&mut self, held: Held) -> Result<(), PhotoError> {
        self.held.push((self.cell, held));
        if self.held.len() > MAX_PICTURES { Err(too_many()) } else { Ok(()) }
    }

    fn end(&mut self, name: &str) -> Result<(), PhotoError> {
        match name {
            "f" | "v" => {
                let id = self.text.take().as_deref().and_then(wps_id).map(str::to_owned);
                // A formula and its value name the same picture.
                let is_known = self.held.last().is_some_and(|(place, _)| *place == self.cell);
                if let Some(id) = id.filter(|_| !is_known) {
                    self.hold(Held::Wps(id))?;
                }
            }
            "objectPr" => {
                if let (Some(corners), Some(object)) = (self.corners.take(), self.objects.last_mut()) {
                    object.anchor = corners.from.map(|from| match corners.to {
                        Some(to) => Anchor::Corners(from, to),
                        None => Anchor::Sized(from, (0, 0)),
                    });
                }
            }
            name => {
                if let Some(corners) = &mut self.corners {
                    corners.end(name);
                }
            }
        }
        Ok(())
    }
}

impl Take for Sheet<'_> {
    fn take(&mut self, piece: &Piece<'_>) -> Result<(), PhotoError> {
        match piece {
            Piece::Start(element) => self.start(element),
            Piece::End(name) => self.end(name),
            Piece::Text(text) => {
                if let Some(own) = &mut self.text {
                    add(own, text, MAX_FORMULA);
                }
                if let Some(corners) = &mut self.corners {
                    corners.text(text);
                }
                Ok(())
            }
        }
    }
}

/// Returns the ID of the picture that a formula of WPS shows: `=DISPIMG("ID_…",1)`, also behind `_xlfn.`, in either case.
///
/// Where WPS's pictures have been lost, the text of the cell is all that is left of them.
#[must_use]
pub fn wps_id(formula: &str) -> Option<&str> {
    const CALL: &str = "DISPIMG(";
    let at = formula.as_bytes().windows(CALL.len()).position(|window| window.eq_ignore_ascii_case(CALL.as_bytes()))?;
    let text = formula.get(at + CALL.len()..)?.trim_start().strip_prefix('"')?;
    let (id, _) = text.split_once('"')?;
    Some(id).filter(|id| !id.is_empty())
}

/// Reads an address: `C5` is row 4 and column 2.
fn address(text: &str) -> Option<(u32, u32)> {
    let text = text.trim();
    let letters = text.strip_prefix('$').unwrap_or(text);
    let end = letters.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(letters.len());
    let (letters, number) = letters.split_at_checked(end).filter(|(letters, _)| (1..=3).contains(&letters.len()))?;
    let column =
        letters.bytes().fold(0, |column, letter| column * 26 + u32::from(letter.to_ascii_uppercase() - b'A') + 1);
    let row: u32 = number.strip_prefix('$').unwrap_or(number).parse().ok()?;
    Some((row.checked_sub(1).filter(|row| *row < ROWS)?, column - 1))
}

/// Reads a range of cells.
fn region(text: &str) -> Option<Region> {
    let (from, to) = text.split_once(':')?;
    let (from, to) = (address(from)?, address(to)?);
    Some([from.0.min(to.0), from.0.max(to.0), from.1.min(to.1), from.1.max(to.1)])
}

/// The width of a column in pixels, of one in digits.
fn pixels(digits: f64) -> f64 {
    (digits * DIGIT).round()
}

#[expect(clippy::cast_possible_truncation, reason = "a float becomes the nearest number there is")]
fn of_pixels(pixels: f64) -> i64 {
    (pixels.clamp(0.0, 1e6) as i64) * EMU_PIXEL
}

#[expect(clippy::cast_possible_truncation, reason = "a float becomes the nearest number there is")]
fn of_points(points: f64) -> i64 {
    (points.clamp(0.0, 1e5) * EMU_POINT) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_rows_and_columns() {
        for (text, expected) in [
            ("A1", Some((0, 0))),
            ("$AB$12", Some((11, 27))),
            ("XFD1048576", Some((1_048_575, 16_383))),
            ("A0", None),
            ("A1048577", None),
            ("ABCD1", None),
            ("1", None),
            ("甲1", None),
            ("", None),
        ] {
            assert_eq!(address(text), expected, "{text}");
        }
        assert_eq!(region("B3:A1"), Some([0, 2, 0, 1]));
    }

    #[test]
    fn formulas_of_wps_name_pictures() {
        for (formula, expected) in [
            ("=DISPIMG(\"ID_A\",1)", Some("ID_A")),
            ("_xlfn.DISPIMG(\"ID_A\",1)", Some("ID_A")),
            ("=_xlfn.dispimg( \"ID_A\")", Some("ID_A")),
            ("IF(A1=\"\",\"\",DISPIMG(\"ID_A\",1))", Some("ID_A")),
            ("DISPIMG(A1,1)", None),
            ("DISPIMG(\"\",1)", None),
            ("照DISPIMG(\"ID_A", None),
            ("=SUM(A1)", None),
        ] {
            assert_eq!(wps_id(formula), expected, "{formula}");
        }
    }
}
