//! The rows and cells of a sheet.

use std::io::Read;

use calamine::{Data, ExcelDateTime, ExcelDateTimeType};

use crate::source::workbook::grid::{Look, TableWriter};
use crate::source::workbook::placeholder::{PICTURE, UNCALCULATED};
use crate::source::workbook::plain::odd::Odd;
use crate::source::workbook::plain::strings::{SharedStrings, Struck, read_text};
use crate::source::workbook::plain::xml::{PlainXml, Tag, has_plain_entities, push_text, resolve_escapes};
use crate::source::workbook::shape::{KNOWN_ERRORS, Merged, XlsxTraits, merged, parse_address};

/// The look of cells, and what their numbers are.
pub(in crate::source::workbook) struct CellStyle {
    pub(in crate::source::workbook) look: Look,
    /// What a number shows, if a day or a time.
    pub(in crate::source::workbook) moment: Option<ExcelDateTimeType>,
}

/// What a workbook says of the cells of its sheets.
pub(in crate::source::workbook) struct CellContext<'b> {
    pub(in crate::source::workbook) strings: &'b mut SharedStrings,
    pub(in crate::source::workbook) styles: &'b [CellStyle],
    pub(in crate::source::workbook) is_1904: bool,
    pub(in crate::source::workbook) traits: XlsxTraits,
}

/// The type of a cell's value, as its attribute `t` names it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum CellType {
    Number,
    /// A number, or a text that is none.
    Unstated,
    Shared,
    Inline,
    /// The text that a formula gave.
    Text,
    Truth,
    Error,
    /// A day as text.
    Day,
}

/// What a cell's tag says.
struct CellHead {
    place: (u32, u32),
    kind: CellType,
    /// The number of its style, if it has one.
    style: Option<usize>,
    is_linked: bool,
}

/// Element names that mean something, whatever their prefix.
const NAMES: [&[u8]; 5] = [b"sheetData", b"row", b"c", b"mergeCell", b"dimension"];

/// Reads a sheet into a table; with a limit, the first rows only, and nothing of what hides or replaces a cell.
///
/// Returns the cells merged over several rows, in the order in which they stand. They follow the rows: if there are
/// any, the sheet is to be read once more.
pub(in crate::source::workbook) fn read(
    mut xml: PlainXml<impl Read>,
    context: &mut CellContext<'_>,
    grid: &mut TableWriter<'_>,
    limit: Option<u32>,
) -> Result<Vec<Merged>, Odd> {
    let mut open = OpenElements::default();
    loop {
        let tag = xml.next()?;
        if tag == Tag::Nothing || !has_plain_entities(xml.text()) {
            return Err(Odd);
        }
        match xml.name() {
            b"sheetData" if tag == Tag::Start => {
                if rows(&mut xml, context, grid, limit)? || limit.is_some() {
                    return Ok(Vec::new());
                }
                break;
            }
            b"sheetData" if tag == Tag::Empty => break,
            b"dimension" if tag != Tag::End => is_region(&xml)?,
            name if has_meaning(name) => return Err(Odd),
            name => open.see(tag, name)?,
        }
    }
    let mut regions = Vec::new();
    loop {
        let tag = xml.next()?;
        if !has_plain_entities(xml.text()) {
            return Err(Odd);
        }
        match (tag, xml.name()) {
            (Tag::Nothing, _) => break,
            (Tag::Empty, b"mergeCell") => regions.extend(merged_region(&xml)?),
            (_, name) if has_meaning(name) => return Err(Odd),
            (_, name) => open.see(tag, name)?,
        }
    }
    if open.is_any() { Err(Odd) } else { Ok(regions) }
}

/// Whether a name is that of an element that is to be where it belongs, or has one of these behind a prefix.
fn has_meaning(name: &[u8]) -> bool {
    let local = memchr::memrchr(b':', name).map_or(name, |colon| &name[colon + 1..]);
    NAMES.contains(&local)
}

/// The names of the elements that are open, one behind another.
#[derive(Default)]
struct OpenElements {
    names: Vec<u8>,
    starts: Vec<usize>,
}

impl OpenElements {
    fn see(&mut self, tag: Tag, name: &[u8]) -> Result<(), Odd> {
        match tag {
            Tag::Start => {
                self.starts.push(self.names.len());
                self.names.extend_from_slice(name);
            }
            Tag::End => {
                let start = self.starts.pop().ok_or(Odd)?;
                if &self.names[start..] != name {
                    return Err(Odd);
                }
                self.names.truncate(start);
            }
            Tag::Empty | Tag::Nothing => {}
        }
        Ok(())
    }

    fn is_any(&self) -> bool {
        !self.starts.is_empty()
    }
}

/// Reads the rows up to the end of the sheet's data. True if the last of them is beyond the limit.
fn rows(
    xml: &mut PlainXml<impl Read>,
    context: &mut CellContext<'_>,
    grid: &mut TableWriter<'_>,
    limit: Option<u32>,
) -> Result<bool, Odd> {
    let (mut row, mut is_in_row) = (None, false);
    let mut value = Vec::new();
    let mut last = None;
    loop {
        let tag = xml.next()?;
        if !xml.text().is_empty() && !xml.text().iter().all(u8::is_ascii_whitespace) {
            return Err(Odd);
        }
        match (tag, xml.name()) {
            (Tag::Start, b"c") if is_in_row => {
                let head = head(xml, row, &mut last)?;
                if !cell(xml, &head, context, grid, &mut value, limit)? {
                    return Ok(true);
                }
            }
            (Tag::Empty, b"c") if is_in_row => {
                head(xml, row, &mut last)?;
            }
            (Tag::Start | Tag::Empty, b"row") if !is_in_row => {
                let (number, is_hidden) = row_head(xml)?;
                if row.is_some_and(|before| number <= before) {
                    return Err(Odd);
                }
                row = Some(number);
                is_in_row = tag == Tag::Start;
                if is_hidden && limit.is_none() {
                    grid.hide(number);
                }
            }
            (Tag::End, b"row") if is_in_row => is_in_row = false,
            (Tag::End, b"sheetData") if !is_in_row => return Ok(false),
            _ => return Err(Odd),
        }
    }
}

/// The number of a row, from 0, and whether it is hidden.
fn row_head(xml: &PlainXml<impl Read>) -> Result<(u32, bool), Odd> {
    let (mut number, mut is_hidden) = (None, false);
    for attribute in xml.attributes() {
        let (key, value) = attribute?;
        match key {
            b"r" => number = digits(value),
            b"hidden" => is_hidden |= matches!(value, b"1" | b"true"),
            b"ht" => {
                let height = std::str::from_utf8(value).ok().and_then(|height| height.parse::<f64>().ok());
                is_hidden |= height == Some(0.0);
            }
            _ if is_prefixed(key, &[b"r", b"hidden", b"ht"]) => return Err(Odd),
            _ => {}
        }
    }
    Ok((number.and_then(|number| number.checked_sub(1)).ok_or(Odd)?, is_hidden))
}

/// What the tag of a cell says that stands behind the last. Of two cells at one place the library's way tells more.
fn head(xml: &PlainXml<impl Read>, row: Option<u32>, last: &mut Option<(u32, u32)>) -> Result<CellHead, Odd> {
    let (mut place, mut style, mut kind, mut is_linked) = (None, None, CellType::Unstated, false);
    for attribute in xml.attributes() {
        let (key, value) = attribute?;
        match key {
            b"r" => place = address(value),
            b"s" => style = Some(digits(value).ok_or(Odd)? as usize),
            b"t" => {
                kind = match value {
                    b"n" => CellType::Number,
                    b"s" => CellType::Shared,
                    b"inlineStr" => CellType::Inline,
                    b"str" => CellType::Text,
                    b"b" => CellType::Truth,
                    b"e" => CellType::Error,
                    b"d" => CellType::Day,
                    _ => return Err(Odd),
                }
            }
            b"vm" => is_linked = true,
            _ if is_prefixed(key, &[b"r", b"s", b"t", b"vm"]) => return Err(Odd),
            _ => {}
        }
    }
    let place = place.filter(|(found, _)| row == Some(*found)).ok_or(Odd)?;
    if last.replace(place).is_some_and(|before| place <= before) {
        return Err(Odd);
    }
    Ok(CellHead { place, kind, style, is_linked })
}

/// Whether a key is one of some with a prefix.
fn is_prefixed(key: &[u8], keys: &[&[u8]]) -> bool {
    let colon = memchr::memchr(b':', key);
    colon.is_some_and(|colon| keys.contains(&&key[colon + 1..]))
}

/// Reads the content of a cell and adds it to the table; false if that is beyond the limit.
fn cell(
    xml: &mut PlainXml<impl Read>,
    head: &CellHead,
    context: &mut CellContext<'_>,
    grid: &mut TableWriter<'_>,
    value: &mut Vec<u8>,
    limit: Option<u32>,
) -> Result<bool, Odd> {
    value.clear();
    let (mut has_value, mut has_formula, mut struck) = (false, false, Struck::Nothing);
    loop {
        let tag = xml.next()?;
        let is_inline = head.kind == CellType::Inline;
        match (tag, xml.name()) {
            (Tag::Start, b"v") if !has_value && !is_inline => {
                if xml.next()? != Tag::End || xml.name() != b"v" {
                    return Err(Odd);
                }
                has_value = true;
                if matches!(head.kind, CellType::Text | CellType::Day) {
                    push_text(value, xml.text())?;
                } else if memchr::memchr(b'&', xml.text()).is_none() {
                    value.extend_from_slice(xml.text());
                } else {
                    return Err(Odd);
                }
            }
            (Tag::Empty, b"v") if !has_value && !is_inline => has_value = true,
            (Tag::Start, b"is") if !has_value && is_inline => {
                has_value = true;
                struck = read_text(xml, b"is", value)?;
            }
            (Tag::Empty, b"is") if !has_value && is_inline => has_value = true,
            (Tag::Start, b"f") => {
                if xml.next()? != Tag::End || xml.name() != b"f" || !has_plain_entities(xml.text()) {
                    return Err(Odd);
                }
                has_formula = true;
            }
            (Tag::Empty, b"f") => has_formula = true,
            (Tag::End, b"c") => break,
            _ => return Err(Odd),
        }
    }
    if has_formula && head.kind == CellType::Inline || std::str::from_utf8(value).is_err() {
        return Err(Odd);
    }
    shown(head, has_formula, context, grid, (value, struck), limit)
}

/// Adds a cell to the table as what it shows; false if that is beyond the limit.
fn shown(
    head: &CellHead,
    has_formula: bool,
    context: &mut CellContext<'_>,
    grid: &mut TableWriter<'_>,
    (value, struck): (&mut Vec<u8>, Struck),
    limit: Option<u32>,
) -> Result<bool, Odd> {
    let CellHead { place, kind, style, is_linked } = *head;
    let number = style.unwrap_or(0);
    let look = context.styles.get(number).map(|style| &style.look);
    let is_struck = look.is_some_and(|look| look.is_struck);
    let mut text = |text: &[u8], is_struck| grid.text(place, text, struck.in_style(is_struck), limit).map_err(|_| Odd);
    let is_error = kind == CellType::Error;
    let is_known = !is_error || KNOWN_ERRORS.iter().any(|known| known.as_bytes() == value.as_slice());
    // Without a limit, a cell shows what it stands for.
    if limit.is_none() {
        let trimmed = value.trim_ascii();
        if is_error && is_linked && context.traits.pictures {
            return text(PICTURE.as_bytes(), is_known && is_struck);
        }
        if is_error && trimmed.len() < value.len() {
            return Err(Odd);
        }
        let is_blank = trimmed.is_empty() && kind != CellType::Text;
        if has_formula && is_known && (is_blank || trimmed == b"0" && context.traits.recalculates) {
            return text(UNCALCULATED.as_bytes(), is_struck);
        }
    }
    match kind {
        CellType::Error if is_known => text(value, is_struck),
        // The library refuses the cell, and therefore knows no look of it.
        CellType::Error if limit.is_none() => text(value, false),
        CellType::Error => Ok(true),
        _ if value.is_empty() => Ok(true),
        CellType::Shared => {
            let number = digits(value).ok_or(Odd)?;
            let struck = context.strings.struck(number as usize).in_style(is_struck);
            grid.text(place, context.strings.get(number as usize)?, struck, limit).map_err(|_| Odd)
        }
        CellType::Inline | CellType::Day => text(value, is_struck),
        CellType::Text => {
            resolve_escapes(value, 0)?;
            text(value, is_struck)
        }
        CellType::Truth => match value.as_slice() {
            b"0" => text(b"FALSE", is_struck),
            b"1" => text(b"TRUE", is_struck),
            _ => Err(Odd),
        },
        CellType::Number | CellType::Unstated => {
            let number = float(value).ok_or(Odd)?;
            // A cell without a style is a number even if the first style is that of days.
            let moment = style.and_then(|style| context.styles.get(style)?.moment);
            let data = match moment {
                Some(kind) => Data::DateTime(ExcelDateTime::new(number, kind, context.is_1904)),
                None => Data::Float(number),
            };
            grid.cell(place, data, look, limit).map_err(|_| Odd)
        }
    }
}

/// Reads a number as it is usually written.
fn float(text: &[u8]) -> Option<f64> {
    let is_plain = text.iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E'));
    let starts = matches!(text, [b'0'..=b'9', ..] | [b'-', b'0'..=b'9', ..]) && text.last()?.is_ascii_digit();
    std::str::from_utf8(text).ok().filter(|_| is_plain && starts)?.parse().ok()
}

/// Reads a whole number without sign.
fn digits(text: &[u8]) -> Option<u32> {
    if text.is_empty() || text.len() > 9 {
        return None;
    }
    text.iter().try_fold(0, |number, digit| digit.is_ascii_digit().then(|| number * 10 + u32::from(digit - b'0')))
}

/// Reads the address of a cell as row and column from 0: `C5`.
fn address(text: &[u8]) -> Option<(u32, u32)> {
    let letters = text.iter().take_while(|byte| byte.is_ascii_uppercase()).count();
    let (letters, number) = text.split_at(letters);
    if letters.is_empty() || letters.len() > 3 {
        return None;
    }
    let column = letters.iter().fold(0, |column, letter| column * 26 + u32::from(letter - b'A') + 1);
    Some((digits(number)?.checked_sub(1)?, column - 1))
}

/// The region that the current tag refers to, if it has several rows.
fn merged_region(xml: &PlainXml<impl Read>) -> Result<Option<Merged>, Odd> {
    let mut region = None;
    for attribute in xml.attributes() {
        let (key, value) = attribute?;
        if key == b"ref" {
            region = std::str::from_utf8(value).map_err(|_| Odd)?.split_once(':');
        }
    }
    let parse = |(start, end)| merged(parse_address(start)?, parse_address(end)?);
    Ok(region.and_then(parse))
}

/// Checks that the current tag refers to a region, such as the library reads it.
fn is_region(xml: &PlainXml<impl Read>) -> Result<(), Odd> {
    for attribute in xml.attributes() {
        let (key, value) = attribute?;
        if key != b"ref" {
            continue;
        }
        let (start, end) = memchr::memchr(b':', value).map_or((value, value), |at| (&value[..at], &value[at + 1..]));
        let (start, end) = (address(start).ok_or(Odd)?, address(end).ok_or(Odd)?);
        return if start.0 <= end.0 && start.1 <= end.1 { Ok(()) } else { Err(Odd) };
    }
    Err(Odd)
}
