//! The contents of a table column, inferred from its header and cells.

use chrono::{NaiveDate, NaiveDateTime};
use rust_xlsxwriter::ExcelDateTime;

use super::cells::need;
use super::print::ColumnNeed;
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
            let texts = || table.rows.iter().filter_map(|row| row.get(index)).map(|cell| plain(&cell.0));
            let kind = match field.map(|info| info.kind) {
                Some(FieldKind::Date | FieldKind::Deadline) => ColumnKind::Date,
                // Figures are aligned to the right; ids and phone numbers are not.
                _ if table.align(index) == Align::Right => ColumnKind::Number,
                _ => ColumnKind::Text,
            };
            let texts: Vec<String> = texts().collect();
            let kind = match kind {
                // A day that is written as a workbook shows it comes back the same.
                ColumnKind::Text if field.is_none() && is_of_days(&texts) => ColumnKind::Date,
                kind => kind,
            };
            let mut need = need(&header, texts.iter().map(String::as_str), WIDEST);
            if kind != ColumnKind::Text {
                // A day or a figure that has no room is shown as ####.
                let shown = |text: &String| number(text).is_some() || read_day(text).is_some();
                let longest = texts.iter().filter(|text| shown(text)).map(|text| display_width(text) + 2).max();
                need.least = need.least.max(longest.unwrap_or(0));
            }
            Column { field: field.map(|info| info.field), kind, need }
        })
        .collect()
}

/// Whether texts are days, spelt as a workbook shows them; blank ones may be among them.
fn is_of_days(texts: &[String]) -> bool {
    let is_day = |text: &String| text.parse::<NaiveDate>().is_ok_and(|day| day.to_string() == *text);
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
    let mut cells = table.rows.iter().filter_map(|row| row.get(index)).map(|cell| plain(&cell.0));
    if cells.all(|text| text.is_empty() || labels.contains(&text.as_str())) { labels } else { Vec::new() }
}

/// Returns the labels of the values with the given keys.
pub(super) fn labels_of(values: &'static [ValueInfo], keys: &[&str], lang: Lang) -> impl Iterator<Item = &'static str> {
    values.iter().filter(|value| keys.contains(&value.key)).map(move |value| value.label(lang))
}

/// Reads a date that is written in full, with its year, for Excel; and the format to show it in, with its hour if it has
/// one.
pub(super) fn read_day(text: &str) -> Option<(ExcelDateTime, &'static str)> {
    for (read, shown) in [("%Y-%m-%d %H:%M", "yyyy-mm-dd hh:mm"), ("%Y-%m-%d %H:%M:%S", "yyyy-mm-dd hh:mm:ss")] {
        if let Ok(time) = NaiveDateTime::parse_from_str(text, read) {
            let time = time.format("%Y-%m-%dT%H:%M:%S").to_string();
            return Some((ExcelDateTime::parse_from_str(&time).ok()?, shown));
        }
    }
    let day = date::parse(text, None, None).ok().filter(|read| !read.assumed).map(|read| read.date)?;
    Some((excel_date(day)?, "yyyy-mm-dd"))
}

/// Returns a date for Excel, or `None` before 1900, which it can't represent.
pub(super) fn excel_date(day: NaiveDate) -> Option<ExcelDateTime> {
    ExcelDateTime::parse_from_str(&day.to_string()).ok()
}

/// Reads a whole number that a cell shows exactly as written: no sign, no leading zero, at most the 15 digits of Excel.
pub(super) fn number(text: &str) -> Option<f64> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit()) && text.len() <= 15;
    let leading = text.len() > 1 && text.starts_with('0');
    text.parse().ok().filter(|_| plain && !leading)
}
