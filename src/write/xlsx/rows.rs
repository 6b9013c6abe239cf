//! The rows of a table, written as XML straight into the compressor. A sheet is made without them, with one row that shows
//! how they look; they take its place.

use std::borrow::Cow;
use std::io::{self, Cursor, Read as _};

use rust_xlsxwriter::{Format, Worksheet, XlsxError};
use zip::ZipArchive;

use super::cells::{HEADER, LINE_PT, column_letter, lines};
use super::column::{Column, ColumnKind, DAYS, number, read_day};
use super::stand_in::StandIns;
use super::text;
use crate::document::{Cell, Table};
use crate::ooxml::archive::{Archive, Packed, PackedWriter};
use crate::spool::Spooled;

/// The height in pixels of a row of which the sheet need not say it.
const USUAL_PX: u32 = pixels(1);
/// The XML that is handed to the compressor at a time.
const PIECE: usize = 1 << 16;

/// The rows of a sheet that are still to be written.
pub(super) struct Rows<'t> {
    table: &'t Table,
    kinds: Vec<ColumnKind>,
    widths: Vec<usize>,
    /// The last row of the sheet, from 0: of the table, or of the notes below.
    last: u32,
}

impl<'t> Rows<'t> {
    /// Prepares a sheet for the rows of a table, which is to have some. `bordered` is the look of its cells; `notes` is the
    /// number of rows that follow.
    ///
    /// # Errors
    /// The table has more columns than a worksheet can hold.
    pub(super) fn prepare(
        sheet: &mut Worksheet,
        (table, columns, widths): (&'t Table, &[Column], &[usize]),
        bordered: &Format,
        notes: usize,
    ) -> Result<Self, XlsxError> {
        let looks = std::iter::once(bordered.clone()).chain(DAYS.map(|shown| bordered.clone().set_num_format(shown)));
        let has_days = columns.iter().any(|column| column.kind == ColumnKind::Date);
        for (at, look) in (0..).zip(looks).take(if has_days { usize::MAX } else { 1 }) {
            sheet.write_blank(HEADER + 1, at, &look)?;
        }
        let last = HEADER + u32::try_from(table.rows.len() + notes).unwrap_or(u32::MAX - HEADER);
        let kinds = columns.iter().map(|column| column.kind).collect();
        Ok(Self { table, kinds, widths: widths.to_vec(), last })
    }

    /// Writes a sheet, given as it is without the rows.
    fn write(&self, sheet: &str) -> io::Result<Packed<'static>> {
        let mut out = PackedWriter::default();
        let start = format!("<row r=\"{}\"", HEADER + 2);
        let (head, rest) = sheet.split_once(&start).ok_or_else(unexpected)?;
        let (sample, tail) = rest.split_once("</row>").ok_or_else(unexpected)?;
        let (before, after) = head.split_once("<dimension ref=\"").ok_or_else(unexpected)?;
        let (_, after) = after.split_once('"').ok_or_else(unexpected)?;
        let width = self.kinds.len().max(1);
        let mut xml = format!("{before}<dimension ref=\"A1:{}{}\"{after}", column_letter(width - 1), self.last + 1);
        let styles: Vec<&str> = sample.split(" s=\"").skip(1).filter_map(|cell| cell.split('"').next()).collect();
        let letters: Vec<String> = (0..width).map(column_letter).collect();
        for (row, cells) in (HEADER + 2..).zip(&self.table.rows) {
            self.row(&mut xml, row, cells, (&letters, &styles));
            if xml.len() > PIECE {
                out.push(xml.as_bytes())?;
                xml.clear();
            }
        }
        xml.push_str(tail);
        out.push(xml.as_bytes())?;
        out.finish()
    }

    /// Writes a row, counted from 1.
    fn row(&self, xml: &mut String, row: u32, cells: &[Cell], (letters, styles): (&[String], &[&str])) {
        let row = row.to_string();
        xml.extend(["<row r=\"", &row, "\""]);
        let head = xml.len();
        xml.push('>');
        let mut high = 1;
        for (at, ((letter, kind), width)) in letters.iter().zip(&self.kinds).zip(&self.widths).enumerate() {
            let text = cells.get(at).map(text::of).unwrap_or_default();
            high = high.max(lines(&text, *width));
            xml.extend(["<c r=\"", letter, &row, "\" s=\""]);
            put(xml, *kind, &text, styles);
        }
        xml.push_str("</row>");
        let height = pixels(high);
        if height != USUAL_PX {
            xml.insert_str(head, &format!(" ht=\"{}\" customHeight=\"1\"", f64::from(height) * 0.75));
        }
    }
}

/// The height of so many lines in pixels.
const fn pixels(lines: u32) -> u32 {
    // Rounded: 96 pixels are 72 points.
    (LINE_PT * lines * 8 + 3) / 6
}

/// Writes the style and the content of a cell.
fn put(xml: &mut String, kind: ColumnKind, text: &str, styles: &[&str]) {
    let [plain, ..] = styles else { return };
    match kind {
        ColumnKind::Date => {
            if let Some((time, shown)) = read_day(text) {
                let style = DAYS.iter().position(|day| *day == shown).and_then(|at| styles.get(at + 1));
                xml.extend([style.unwrap_or(plain), "\"><v>", &time.to_excel().to_string(), "</v></c>"]);
                return;
            }
        }
        ColumnKind::Number => {
            if number(text).is_some() {
                xml.extend([plain, "\"><v>", text, "</v></c>"]);
                return;
            }
        }
        ColumnKind::Text => {}
    }
    xml.push_str(plain);
    if text.is_empty() {
        xml.push_str("\"/>");
        return;
    }
    // Always as text: a cell that begins with = + - @ must not become a formula.
    let blanks = [' ', '\n', '\t'];
    let kept = if text.starts_with(blanks) || text.ends_with(blanks) { " xml:space=\"preserve\"" } else { "" };
    xml.extend(["\" t=\"inlineStr\"><is><t", kept, ">"]);
    put_text(xml, &literal(text));
    xml.push_str("</t></is></c>");
}

fn put_text(xml: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>']) {
        let (before, special) = rest.split_at(at);
        let escaped = match special.as_bytes().first() {
            Some(b'&') => "&amp;",
            Some(b'<') => "&lt;",
            _ => "&gt;",
        };
        xml.extend([before, escaped]);
        rest = special.get(1..).unwrap_or_default();
    }
    xml.push_str(rest);
}

/// A text in which nothing is taken for the escape of a character, `_x0041_`.
fn literal(text: &str) -> Cow<'_, str> {
    let is_escape = |at: usize| {
        let escape = text.as_bytes().get(at..at + 7);
        escape.is_some_and(|bytes| bytes.ends_with(b"_") && bytes.get(2..6).is_some_and(is_hexadecimal))
    };
    if !text.match_indices("_x").any(|(at, _)| is_escape(at)) {
        return text.into();
    }
    let mut literal = String::with_capacity(text.len() + 8);
    let mut from = 0;
    for (at, _) in text.match_indices("_x").filter(|(at, _)| is_escape(*at)) {
        literal.push_str(text.get(from..at).unwrap_or_default());
        literal.push_str("_x005F");
        from = at;
    }
    literal.push_str(text.get(from..).unwrap_or_default());
    literal.into()
}

fn is_hexadecimal(digits: &[u8]) -> bool {
    digits.iter().all(u8::is_ascii_hexdigit)
}

/// A workbook with its rows: of each sheet, in their order, those that are still to be written, if there are any. Its photos
/// take the place of the pictures that stand for them.
///
/// # Errors
/// The workbook would be larger than 4 GB, a photo can't be read again, or a temporary file can't be written.
pub(super) fn finished(workbook: Vec<u8>, rows: &[Option<Rows<'_>>], photos: &StandIns<'_, '_>) -> io::Result<Spooled> {
    if rows.iter().all(Option::is_none) && photos.is_empty() {
        return Ok(workbook.into());
    }
    let mut package = ZipArchive::new(Cursor::new(&*workbook)).map_err(io::Error::from)?;
    let mut whole = Archive::default();
    for index in 0..package.len() {
        let mut part = package.by_index(index).map_err(io::Error::from)?;
        let name = part.name().map_err(io::Error::from)?.into_owned();
        let sheet = name.strip_prefix("xl/worksheets/sheet").and_then(|name| name.strip_suffix(".xml"));
        let sheet = sheet.and_then(|number| number.parse::<usize>().ok()?.checked_sub(1));
        match sheet.and_then(|sheet| rows.get(sheet)?.as_ref()) {
            Some(rows) => {
                let mut xml = String::new();
                part.read_to_string(&mut xml)?;
                whole.add(&name, &rows.write(&xml)?)?;
            }
            None if name.starts_with("xl/media/") && !photos.is_empty() => {
                let mut picture = Vec::new();
                part.read_to_end(&mut picture)?;
                let photo = photos.photo(&picture)?.unwrap_or(picture);
                whole.add(&name, &Packed::stored(photo)?)?;
            }
            None => whole.add(&name, &Packed::of(&part, &workbook).ok_or_else(unexpected)?)?,
        }
    }
    whole.finish()
}

fn unexpected() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "a sheet is not as it was made")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_an_escape_stays_as_it_is() {
        for (text, expected) in [
            ("_x0041_", "_x005F_x0041_"),
            ("甲_x000D_乙_x0a0A_", "甲_x005F_x000D_乙_x005F_x0a0A_"),
            ("_x0041", "_x0041"),
            ("_x00甲_", "_x00甲_"),
            ("_xyzzz_", "_xyzzz_"),
        ] {
            assert_eq!(literal(text), expected);
        }
    }

    #[test]
    fn a_text_can_not_break_out_of_its_cell() {
        let mut xml = String::new();
        put(&mut xml, ColumnKind::Text, "=1</t><f>&\"", &["7"]);
        assert_eq!(xml, "7\" t=\"inlineStr\"><is><t>=1&lt;/t&gt;&lt;f&gt;&amp;\"</t></is></c>");
    }

    #[test]
    fn heights_are_whole_pixels() {
        for (lines, height) in [(1, 17), (2, 35), (3, 52), (4, 69), (25, 433)] {
            assert_eq!(pixels(lines), height);
        }
    }
}
