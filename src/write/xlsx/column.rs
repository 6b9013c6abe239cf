//! The contents of a table column, inferred from its header and cells.

use std::borrow::Cow;

use chrono::{Datelike as _, NaiveDate, NaiveDateTime};
use rust_xlsxwriter::ExcelDateTime;

use super::cells::need;
use super::print::ColumnNeed;
use super::text::said;
use crate::document::text::columns as display_width;
use crate::document::{Align, Table, plain};
use crate::model::Field;
use crate::model::field::{FIELDS, FieldKind};
use crate::model::value::{DISPOSITIONS, STATUSES, UNSTATED, ValueInfo};
use crate::words::date;
use crate::words::lang::Lang;

/// A column of a sheet.
#[derive(Debug, Clone)]
pub(super) struct Column {
    /// The field that its header names.
    pub(super) field: Option<Field>,
    pub(super) kind: ColumnKind,
    pub(super) need: ColumnNeed,
}

/// The type of a column's cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ColumnKind {
    /// Dates; any other cell is written as text.
    Date,
    /// Whole numbers; any other cell is written as text.
    Number,
    Text,
}

/// The formats that days are shown in: without an hour, and with one.
pub(super) const DAYS: [&str; 3] = ["yyyy-mm-dd", "yyyy-mm-dd hh:mm", "yyyy-mm-dd hh:mm:ss"];

/// The widest that a column of texts would like to be.
const WIDEST: usize = 44;

/// Returns the columns of a table.
pub(super) fn columns(table: &Table) -> Vec<Column> {
    (0..table.width())
        .map(|index| {
            let header = table.header.get(index).map(|cell| plain(&cell.0)).unwrap_or_default();
            let field = FIELDS.iter().find(|info| {
                let names = [info.zh, info.en, info.key].into_iter().chain(info.synonyms.iter().copied());
                info.of.issue && names.into_iter().any(|name| name.eq_ignore_ascii_case(header.trim()))
            });
            let kind = match field.map(|info| info.kind) {
                Some(FieldKind::Date | FieldKind::Deadline) => ColumnKind::Date,
                // Figures are aligned to the right; ids and phone numbers are not.
                _ if table.align(index) == Align::Right => ColumnKind::Number,
                _ => ColumnKind::Text,
            };
            let texts: Vec<Cow<'_, str>> = table.rows.iter().filter_map(|row| row.get(index)).map(said).collect();
            let kind = match kind {
                // A day that is written as a workbook shows it comes back the same.
                ColumnKind::Text if field.is_none() && is_of_days(&texts) => ColumnKind::Date,
                kind => kind,
            };
            let mut need = need(&header, texts.iter().map(AsRef::as_ref), WIDEST);
            if kind != ColumnKind::Text {
                // A day or a figure that has no room is shown as ####.
                let shown = |text: &Cow<'_, str>| number(text).is_some() || read_day(text).is_some();
                let longest = texts
                    .iter()
                    .filter(|text| !text.is_empty() && shown(text))
                    .map(|text| display_width(text) + 2)
                    .max();
                need.least = need.least.max(longest.unwrap_or(0));
            }
            Column { field: field.map(|info| info.field), kind, need }
        })
        .collect()
}

/// Whether texts are days, spelt as a workbook shows them; blank ones may be among them.
fn is_of_days(texts: &[Cow<'_, str>]) -> bool {
    let is_day = |text: &str| text.parse::<NaiveDate>().is_ok_and(|day| day.to_string() == text);
    texts.iter().any(|text| !text.is_empty()) && texts.iter().all(|text| text.is_empty() || is_day(text))
}

/// Returns the labels of a column's vocabulary, for a list to choose from; none if a cell holds anything else.
pub(super) fn choices(column: &Column, table: &Table, index: usize, lang: Lang) -> Vec<&'static str> {
    let values: &[ValueInfo] = match column.field {
        Some(Field::Status) => STATUSES,
        Some(Field::Disposition) => DISPOSITIONS,
        _ => return Vec::new(),
    };
    let stated = values.iter().filter(|value| value.key != UNSTATED);
    let labels: Vec<&'static str> = stated.map(|value| value.label(lang)).collect();
    let mut cells = table.rows.iter().filter_map(|row| row.get(index)).map(said);
    if cells.all(|text| text.is_empty() || labels.contains(&&*text)) { labels } else { Vec::new() }
}

/// Returns the labels of the values with the given keys.
pub(super) fn labels_of(values: &'static [ValueInfo], keys: &[&str], lang: Lang) -> impl Iterator<Item = &'static str> {
    values.iter().filter(|value| keys.contains(&value.key)).map(move |value| value.label(lang))
}

/// Reads a date that is written in full, with its year, for Excel; and the format to show it in, with its hour if it has
/// one.
pub(super) fn read_day(text: &str) -> Option<(ExcelDateTime, &'static str)> {
    let [as_day, to_minute, to_second] = DAYS;
    if let Some(day) = plain_day(text) {
        return Some((excel_date(day)?, as_day));
    }
    for (read, shown) in [("%Y-%m-%d %H:%M", to_minute), ("%Y-%m-%d %H:%M:%S", to_second)] {
        if let Ok(time) = NaiveDateTime::parse_from_str(text, read) {
            let time = time.format("%Y-%m-%dT%H:%M:%S").to_string();
            return Some((ExcelDateTime::parse_from_str(&time).ok()?, shown));
        }
    }
    let day = date::parse(text, None, None).ok().filter(|read| !read.assumed).map(|read| read.date)?;
    Some((excel_date(day)?, as_day))
}

/// Reads a date of this century that is written as most are, `2021-08-20`.
fn plain_day(text: &str) -> Option<NaiveDate> {
    let bytes: &[u8; 10] = text.as_bytes().try_into().ok()?;
    let [b'2', b'0', _, _, b'-', _, _, b'-', _, _] = bytes else { return None };
    let two = |tens: u8, ones: u8| {
        (tens.is_ascii_digit() && ones.is_ascii_digit()).then(|| u32::from(tens - b'0') * 10 + u32::from(ones - b'0'))
    };
    let year = 2000 + i32::try_from(two(bytes[2], bytes[3])?).ok()?;
    NaiveDate::from_ymd_opt(year, two(bytes[5], bytes[6])?, two(bytes[8], bytes[9])?)
}

/// Returns a date for Excel, or `None` before 1900, which it can't represent.
pub(super) fn excel_date(day: NaiveDate) -> Option<ExcelDateTime> {
    let (month, day_of_month) = (u8::try_from(day.month()).ok()?, u8::try_from(day.day()).ok()?);
    ExcelDateTime::from_ymd(u16::try_from(day.year()).ok()?, month, day_of_month).ok()
}

/// Reads a whole number that a cell shows exactly as written: no sign, no leading zero, at most the 15 digits of Excel.
pub(super) fn number(text: &str) -> Option<f64> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit()) && text.len() <= 15;
    let leading = text.len() > 1 && text.starts_with('0');
    text.parse().ok().filter(|_| plain && !leading)
}
