//! What a column of a table holds, by its header and its cells.

use chrono::NaiveDate;
use rust_xlsxwriter::ExcelDateTime;

use crate::document::{Align, Table, plain};
use crate::model::Field;
use crate::model::field::{FIELDS, FieldKind};
use crate::model::value::{DISPOSITIONS, STATUSES, UNSTATED, ValueInfo};
use crate::words::date;
use crate::words::lang::Lang;

/// A column.
#[derive(Debug, Clone)]
pub(super) struct Column {
    /// The field that its header names.
    pub(super) field: Option<Field>,
    pub(super) kind: ColumnKind,
    /// How wide it is to be, in characters of half width.
    pub(super) width: usize,
}

/// What is written into its cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ColumnKind {
    /// Days; a cell that is none stays text.
    Day,
    /// Whole numbers; a cell that is none stays text.
    Number,
    Text,
}

/// The columns of a table.
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
                Some(FieldKind::Date | FieldKind::Deadline) => ColumnKind::Day,
                // What is set to the right are figures; ids and phone numbers are not.
                _ if table.align(index) == Align::Right => ColumnKind::Number,
                _ => ColumnKind::Text,
            };
            let longest = |text: &str| text.lines().map(crate::document::text::columns).max().unwrap_or(0);
            let width = texts().map(|text| longest(&text)).max().unwrap_or(0).min(44).max(longest(&header) + 2) + 2;
            Column { field: field.map(|info| info.field), kind, width }
        })
        .collect()
}

/// The values that a column's cells may have: the labels of its vocabulary, if every cell is one of them.
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

/// The labels of some values of a vocabulary.
pub(super) fn labels_of(values: &'static [ValueInfo], keys: &[&str], lang: Lang) -> impl Iterator<Item = &'static str> {
    values.iter().filter(|value| keys.contains(&value.key)).map(move |value| value.label(lang))
}

/// A day written in full.
pub(super) fn day(text: &str) -> Option<NaiveDate> {
    date::parse(text, None, None).ok().filter(|read| !read.assumed).map(|read| read.date)
}

/// A day as Excel counts it, which is from 1900 on.
pub(super) fn date(day: NaiveDate) -> Option<ExcelDateTime> {
    ExcelDateTime::parse_from_str(&day.to_string()).ok()
}

/// A whole number that a cell shows as it was written: no sign, no zero in front, and few enough digits for Excel.
pub(super) fn number(text: &str) -> Option<f64> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit()) && text.len() <= 15;
    let leading = text.len() > 1 && text.starts_with('0');
    text.parse().ok().filter(|_| plain && !leading)
}
