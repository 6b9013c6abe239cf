//! The pictures of an `.ods` (ODF 1.3): frames within the cells that they are bound to, and frames bound to the sheet.

use std::collections::BTreeMap;
use std::io::{Read, Seek};

use quick_xml::events::BytesStart;

use super::drawing::{MAX_PICTURES, too_many};
use super::error::PhotoError;
use super::package::Package;
use super::sheet_picture::{Content, Crop, Doubt, Form, Missing, SheetPicture, Turn, doubts};
use super::xml::{Piece, Take, add, number, value};
use crate::placement::{Anchor, Axis, Corner, Grid, Part, Region, Sizes, WHOLE};

/// The rows and columns of a sheet.
const ROWS: u32 = 1_048_576;
const COLUMNS: u32 = 16_384;
/// EMU in an inch.
const EMU_INCH: f64 = 914_400.0;
/// The usual width of a column and height of a row, in inches, where no style tells them.
const USUAL_WIDTH: f64 = 0.889;
const USUAL_HEIGHT: f64 = 0.178;
const MAX_STYLES: usize = 1 << 20;
const MAX_MERGED: usize = 1 << 21;
/// The most text of a description.
const MAX_TEXT: usize = 1 << 15;

/// Returns the pictures of a workbook, in the order of its sheets.
pub(super) fn pictures<R: Read + Seek>(package: &mut Package<R>) -> Result<Vec<SheetPicture>, PhotoError> {
    let mut is_encrypted = false;
    let mut take = |piece: &Piece<'_>| {
        if let Piece::Start(element) = piece {
            is_encrypted |= element.local_name().as_ref() == "encryption-data";
        }
        Ok(())
    };
    package.walk("META-INF/manifest.xml", &mut take)?;
    if is_encrypted {
        return Err(PhotoError::Encrypted);
    }
    let mut book = OdsBook::default();
    package.walk("styles.xml", &mut book)?;
    package.walk("content.xml", &mut book)?;
    let placed = book.found.into_iter().map(|(mut picture, address)| {
        if let Some(address) = address {
            picture.content = content(package, &address);
        }
        picture
    });
    Ok(placed.collect())
}

/// Where the bytes of a picture are.
fn content<R: Read + Seek>(package: &Package<R>, address: &str) -> Content {
    let is_outside = address.contains("://") || address.starts_with("../") || address.starts_with('/');
    if address.is_empty() {
        Content::Missing(Missing::Unknown(String::new()))
    } else if is_outside || address.get(1..2) == Some(":") {
        Content::Linked(address.to_owned())
    } else {
        package.part(address.trim_start_matches("./"))
    }
}

/// What a style says that matters here.
#[derive(Clone, Debug, Default)]
struct Style {
    above: Option<String>,
    /// The width of a column or the height of a row, in EMU.
    size: Option<i64>,
    is_cropped: Option<bool>,
    mirror: Option<String>,
    is_filled: Option<bool>,
    fill: Option<String>,
}

/// A workbook that is being read.
#[derive(Default)]
struct OdsBook {
    styles: BTreeMap<(String, String), Style>,
    /// The pictures that fill shapes, by their names.
    fills: BTreeMap<String, String>,
    style: Option<(String, String)>,
    table: Table,
    /// The depth of tables: those within a cell are not sheets.
    depth: usize,
    /// The depth of elements.
    level: usize,
    frames: Vec<Frame>,
    /// Which text is read: a description or a title.
    text: Option<(bool, String)>,
    found: Vec<(SheetPicture, Option<String>)>,
}

/// A sheet that is being read.
#[derive(Default)]
struct Table {
    name: String,
    rows: Sizes,
    columns: Sizes,
    next_column_told: u32,
    merged: Vec<Region>,
    /// The current row, the number of rows that it stands for, and the current column and its number.
    row: u32,
    row_repeats: u32,
    column: u32,
    next_column: u32,
    is_in_cell: bool,
    pictures: Vec<(SheetPicture, Option<String>)>,
    anchors: Vec<(Option<Anchor>, Part)>,
}

/// A frame, shape or group that is being read.
#[derive(Default)]
struct Frame {
    level: usize,
    is_group: bool,
    is_shape: bool,
    name: String,
    description: String,
    title: String,
    style: String,
    is_hidden: bool,
    anchor: Option<Anchor>,
    angle: f64,
    address: Option<String>,
    /// What it is the look of: an object of another program, or one of the office's own, such as a chart.
    object: Option<bool>,
}

impl Take for OdsBook {
    fn take(&mut self, piece: &Piece<'_>) -> Result<(), PhotoError> {
        match piece {
            Piece::Start(element) => self.start(element),
            Piece::End(name) => self.end(name),
            Piece::Text(text) => {
                if let Some((_, own)) = &mut self.text {
                    add(own, text, MAX_TEXT);
                }
                Ok(())
            }
        }
    }
}

impl OdsBook {
    fn start(&mut self, element: &BytesStart<'_>) -> Result<(), PhotoError> {
        self.level += 1;
        let (local, whole) = (element.local_name(), element.name());
        let prefix = whole.as_ref().split_once(':').map_or("", |(prefix, _)| prefix);
        match (prefix, local.as_ref()) {
            (_, "default-style" | "style") if self.depth == 0 => {
                let name = value(element, "name").unwrap_or_default();
                let key = (value(element, "family").unwrap_or_default(), name);
                let style = Style { above: value(element, "parent-style-name"), ..Style::default() };
                self.styles.insert(key.clone(), style);
                self.style = Some(key);
            }
            (_, "table-column-properties") => self.told(|style| style.size = length(element, "column-width")),
            (_, "table-row-properties") => self.told(|style| style.size = length(element, "row-height")),
            (_, "graphic-properties") => {
                let clip = value(element, "clip");
                // `rect(0cm, 1cm, 0cm, 0cm)`
                let is_cropped = clip.map(|clip| clip.chars().any(|c| matches!(c, '1'..='9')));
                let mirror = value(element, "mirror");
                let fill = value(element, "fill-image-name");
                let is_filled = value(element, "fill").map(|fill| fill == "bitmap");
                self.told(|style| {
                    (style.is_cropped, style.mirror, style.fill, style.is_filled) =
                        (is_cropped, mirror, fill, is_filled);
                });
            }
            (_, "fill-image") => {
                self.fills
                    .insert(value(element, "name").unwrap_or_default(), value(element, "href").unwrap_or_default());
            }
            ("table", "table") => {
                self.depth += 1;
                if self.depth == 1 {
                    self.table = Table { name: value(element, "name").unwrap_or_default(), ..Table::default() };
                }
            }
            ("table", name) if self.depth == 1 => self.in_table(element, name),
            ("draw", name) if self.depth > 0 => self.in_drawing(element, name),
            ("svg", "desc" | "title") if !self.frames.is_empty() => {
                self.text = Some((local.as_ref() == "desc", String::new()));
            }
            _ => {}
        }
        let is_many = self.styles.len().max(self.fills.len()) > MAX_STYLES;
        if is_many || self.table.merged.len() > MAX_MERGED {
            let what = ("样式或合并单元格的数量", "styles or merged cells");
            return Err(PhotoError::TooLarge { what, limit: MAX_STYLES as u64 });
        }
        Ok(())
    }

    fn told(&mut self, tell: impl FnOnce(&mut Style)) {
        if let Some(style) = self.style.as_ref().and_then(|key| self.styles.get_mut(key)) {
            tell(style);
        }
    }

    fn in_table(&mut self, element: &BytesStart<'_>, name: &str) {
        let repeats = |name| number::<u32>(element, name).unwrap_or(1).clamp(1, ROWS);
        let is_visible = || value(element, "visibility").is_none_or(|visibility| visibility == "visible");
        match name {
            "table-column" => {
                let size = self.size("table-column", element, USUAL_WIDTH, is_visible());
                let table = &mut self.table;
                let (first, count) = (table.next_column_told, repeats("number-columns-repeated").min(COLUMNS));
                table.next_column_told = first.saturating_add(count);
                table.columns.push(first, table.next_column_told - 1, size);
            }
            "table-row" => {
                let size = self.size("table-row", element, USUAL_HEIGHT, is_visible());
                let table = &mut self.table;
                table.row = table.row.saturating_add(table.row_repeats);
                table.row_repeats = repeats("number-rows-repeated");
                table.next_column = 0;
                table.rows.push(table.row, table.row.saturating_add(table.row_repeats - 1), size);
            }
            "table-cell" | "covered-table-cell" => {
                let table = &mut self.table;
                table.is_in_cell = true;
                table.column = table.next_column;
                table.next_column = table.column.saturating_add(repeats("number-columns-repeated"));
                let (down, across) = (repeats("number-rows-spanned"), repeats("number-columns-spanned"));
                if down > 1 || across > 1 {
                    let (row, column) = (table.row, table.column);
                    table.merged.push([row, row.saturating_add(down - 1), column, column.saturating_add(across - 1)]);
                }
            }
            _ => {}
        }
    }

    fn in_drawing(&mut self, element: &BytesStart<'_>, name: &str) {
        match name {
            "frame" | "g" | "custom-shape" | "rect" | "circle" | "ellipse" | "polygon" | "path" => {
                let is_hidden =
                    value(element, "display").is_some_and(|display| matches!(display.as_str(), "none" | "printer"));
                let (place, size, angle) = rectangle(element);
                let table = &self.table;
                let anchor = if table.is_in_cell {
                    let (row, column) = (table.row, table.column);
                    Anchor::Measured(Corner { row, column, right: place.0, down: place.1 }, size)
                } else {
                    Anchor::Page(place, size)
                };
                self.frames.push(Frame {
                    level: self.level,
                    is_group: name == "g",
                    is_shape: name != "frame",
                    name: value(element, "name").unwrap_or_default(),
                    style: value(element, "style-name").unwrap_or_default(),
                    is_hidden: is_hidden || self.frames.last().is_some_and(|group| group.is_hidden),
                    anchor: Some(anchor),
                    angle,
                    ..Frame::default()
                });
            }
            "image" => {
                if let Some(frame) = self.frames.last_mut() {
                    // The first of several versions of a picture is the best one.
                    let address = || value(element, "href").unwrap_or_default();
                    frame.address.get_or_insert_with(address);
                }
            }
            "object" | "object-ole" => {
                if let Some(frame) = self.frames.last_mut() {
                    frame.object = Some(name == "object-ole");
                }
            }
            _ => {}
        }
    }

    fn end(&mut self, name: &str) -> Result<(), PhotoError> {
        let level = self.level;
        self.level = level.saturating_sub(1);
        if self.frames.last().is_some_and(|frame| frame.level == level) {
            return self.frame();
        }
        match name {
            "style" | "default-style" => self.style = None,
            "desc" | "title" => {
                if let (Some((is_description, text)), Some(frame)) = (self.text.take(), self.frames.last_mut()) {
                    *(if is_description { &mut frame.description } else { &mut frame.title }) = text;
                }
            }
            "table-cell" | "covered-table-cell" if self.depth == 1 => self.table.is_in_cell = false,
            "table" if self.depth > 0 => {
                self.depth -= 1;
                if self.depth == 0 {
                    let usual = (self.usual("table-row", USUAL_HEIGHT), self.usual("table-column", USUAL_WIDTH));
                    let table = std::mem::take(&mut self.table);
                    self.frames.clear();
                    self.found.extend(table.finish(usual)?);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn frame(&mut self) -> Result<(), PhotoError> {
        let Some(frame) = self.frames.pop() else { return Ok(()) };
        if frame.is_group {
            return Ok(());
        }
        let fill = || {
            let fill = self.style_value(&frame.style, |style| style.fill.clone());
            let is_filled = self.style_value(&frame.style, |style| style.is_filled).unwrap_or(false);
            fill.filter(|_| is_filled).map(|fill| self.fills.get(&fill).cloned().unwrap_or_default())
        };
        let (form, address) = match (frame.object, frame.address) {
            (Some(true), _) => (Form::Object, None),
            (None, Some(address)) => (Form::Floating, Some(address)),
            (None, None) if frame.is_shape => match fill() {
                Some(address) => (Form::Fill, Some(address)),
                None => return Ok(()),
            },
            // The office's own, such as a chart, or a frame with text.
            (Some(false), _) | (None, None) => return Ok(()),
        };
        let is_cropped = self.style_value(&frame.style, |style| style.is_cropped).unwrap_or(false);
        let mirror = self.style_value(&frame.style, |style| style.mirror.clone()).unwrap_or_default();
        let turn = Turn {
            angle: 0,
            is_mirrored: mirror.split(' ').any(|word| word.starts_with("horizontal")),
            is_upside_down: mirror.split(' ').any(|word| word == "vertical"),
        };
        let picture = SheetPicture {
            sheet: self.table.name.clone(),
            form,
            name: frame.name,
            description: if frame.description.is_empty() { frame.title } else { frame.description },
            cells: Vec::new(),
            doubts: frame.is_hidden.then_some(Doubt::Hidden).into_iter().collect(),
            crop: if is_cropped { Crop::Unmeasured } else { Crop::Whole },
            turn: turn.by(clockwise(frame.angle)),
            content: Content::Missing(Missing::Object(String::new())),
        };
        self.table.pictures.push((picture, address));
        self.table.anchors.push((frame.anchor, WHOLE));
        if self.table.pictures.len() + self.found.len() > MAX_PICTURES { Err(too_many()) } else { Ok(()) }
    }

    /// What a style says, or the styles that it builds on.
    fn style_value<T>(&self, name: &str, get: impl Fn(&Style) -> Option<T>) -> Option<T> {
        let mut name = name.to_owned();
        for _ in 0..8 {
            let style = self.styles.get(&("graphic".to_owned(), name))?;
            if let Some(found) = get(style) {
                return Some(found);
            }
            name = style.above.clone()?;
        }
        None
    }

    /// The size of a column or row, in EMU.
    fn size(&self, family: &str, element: &BytesStart<'_>, usual: f64, is_visible: bool) -> i64 {
        if !is_visible {
            return 0;
        }
        let style = value(element, "style-name").and_then(|name| self.styles.get(&(family.to_owned(), name)));
        style.and_then(|style| style.size).unwrap_or_else(|| self.usual(family, usual))
    }

    fn usual(&self, family: &str, inches: f64) -> i64 {
        let style = self.styles.get(&(family.to_owned(), String::new()));
        style.and_then(|style| style.size).unwrap_or_else(|| emu(inches * EMU_INCH))
    }
}

impl Table {
    fn finish(self, usual: (i64, i64)) -> Result<Vec<(SheetPicture, Option<String>)>, PhotoError> {
        let grid = Grid {
            rows: Axis::new(self.rows, usual.0, ROWS),
            columns: Axis::new(self.columns, usual.1, COLUMNS),
            merged: self.merged,
        };
        let places = self.anchors.iter().zip(grid.places(&self.anchors)?);
        let pictures = self.pictures.into_iter().zip(places).map(|((mut picture, address), ((anchor, _), place))| {
            picture.doubts.splice(0..0, doubts(anchor.as_ref(), &place));
            picture.cells = place.cells;
            (picture, address)
        });
        Ok(pictures.collect())
    }
}

/// Returns where a frame lies, its width and height as it is shown, and its angle, anticlockwise.
fn rectangle(element: &BytesStart<'_>) -> ((i64, i64), (i64, i64), f64) {
    let of = |name| length(element, name).unwrap_or(0);
    let (place, size) = ((of("x"), of("y")), (of("width"), of("height")));
    let Some(transform) = value(element, "transform") else { return (place, size, 0.0) };
    // `rotate (-1.57) translate (1cm 2cm)`: turned about the corner, then moved.
    let call = |name: &str| {
        let (_, rest) = transform.split_once(name)?;
        Some(rest.trim_start().strip_prefix('(')?.split_once(')')?.0)
    };
    let angle: f64 = call("rotate").and_then(|angle| angle.trim().parse().ok()).unwrap_or(0.0);
    let mut moved = call("translate").unwrap_or_default().split([' ', ',']).filter(|part| !part.is_empty());
    let mut next = || moved.next().and_then(emu_of).unwrap_or(0);
    let place = (next(), next());
    let (sin, cos) = angle.sin_cos();
    #[expect(clippy::cast_precision_loss, reason = "lengths of a sheet in EMU")]
    let (width, height) = (size.0 as f64, size.1 as f64);
    let xs = [0.0, width * cos, height * sin, width * cos + height * sin];
    let ys = [0.0, -width * sin, height * cos, height * cos - width * sin];
    let span = |ends: [f64; 4]| {
        let (from, to) = (ends.iter().copied().fold(0.0, f64::min), ends.iter().copied().fold(0.0, f64::max));
        (emu(from), emu(to - from))
    };
    let ((left, across), (top, down)) = (span(xs), span(ys));
    // It may begin before its cell: a corner is what is bound to the cell.
    ((place.0.saturating_add(left), place.1.saturating_add(top)), (across, down), angle)
}

/// The angle in 1/60,000 degree, clockwise, of one in radians, anticlockwise.
#[expect(clippy::cast_possible_truncation, reason = "a float becomes the nearest number there is")]
fn clockwise(angle: f64) -> i64 {
    (-angle.to_degrees() * 60_000.0).round() as i64
}

fn length(element: &BytesStart<'_>, name: &str) -> Option<i64> {
    emu_of(&value(element, name)?)
}

/// Reads a length, such as `1.5cm`.
fn emu_of(text: &str) -> Option<i64> {
    let text = text.trim();
    let end = text.find(|c: char| c.is_ascii_alphabetic() || c == '%').unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let unit = match unit {
        "in" => EMU_INCH,
        "cm" => 360_000.0,
        "mm" => 36_000.0,
        "pt" => 12_700.0,
        "pc" => 152_400.0,
        "px" => 9_525.0,
        _ => return None,
    };
    Some(emu(number.trim().parse::<f64>().ok()? * unit))
}

#[expect(clippy::cast_possible_truncation, reason = "a float becomes the nearest number there is")]
fn emu(length: f64) -> i64 {
    length.clamp(-1e13, 1e13) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_have_units() {
        for (text, expected) in [
            ("1in", Some(914_400)),
            ("2.54cm", Some(914_400)),
            ("25.4mm", Some(914_400)),
            ("72pt", Some(914_400)),
            ("-1cm", Some(-360_000)),
            ("1", None),
            ("5%", None),
            ("", None),
            ("NaNcm", None),
        ] {
            assert_eq!(emu_of(text), expected, "{text}");
        }
    }
}
