//! The contents of a table column, inferred from its header and cells.

use chrono::NaiveDate;
use rust_xlsxwriter::ExcelDateTime;

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
    /// The width in half-width characters.
    pub(super) width: usize,
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
            let longest = |text: &str| text.lines().map(crate::document::text::columns).max().unwrap_or(0);
            let width = texts().map(|text| longest(&text)).max().unwrap_or(0).min(44).max(longest(&header) + 2) + 2;
            Column { field: field.map(|info| info.field), kind, width }
        })
        .collect()
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

/// Reads a date that is written in full, with its year.
pub(super) fn read_date(text: &str) -> Option<NaiveDate> {
    date::parse(text, None, None).ok().filter(|read| !read.assumed).map(|read| read.date)
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
