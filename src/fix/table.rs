//! What is to be mended in a table: the cells of its records, and its header.

use std::collections::BTreeMap;

use crate::fix::spelling::{Speller, header, trimmed};
use crate::fix::{Edit, row_of};
use crate::log;
use crate::model::field::FIELDS;
use crate::model::record::Entry;
use crate::model::row::Row;
use crate::project::Project;
use crate::source::cells::{self, Record};

/// What the cells of each record are to be, by the line it begins on.
#[derive(Default)]
pub(super) struct Wanted(BTreeMap<u32, Vec<(usize, String)>>);

impl Wanted {
    /// Looks at a record.
    pub(super) fn entry(&mut self, entry: &Entry<'_>, speller: &Speller<'_>) {
        let Some(row): Option<&Row> = row_of(entry) else { return };
        let fields = FIELDS.iter().filter_map(|info| Some((info.field, row.columns.get(info.field)?)));
        let mut cells: Vec<(usize, String)> = fields
            .filter_map(|(field, cell)| speller.spelling(field, &row.cell(cell)).map(|new| (cell, new)))
            .collect();
        cells.sort();
        cells.dedup_by_key(|(cell, _)| *cell);
        self.0.insert(row.line.get(), cells);
    }

    /// The changes to a table; nothing if a quote is never closed. Rows that are neither records nor the header (titles,
    /// totals) are left alone.
    pub(super) fn edits(&self, text: &str, delimiter: u8, project: &Project) -> Option<Vec<Edit>> {
        let names_field = log::header_words(project);
        let first = self.0.keys().next().copied().unwrap_or(0);
        let mut edits = Vec::new();
        for record in &cells::records(text, delimiter)? {
            let cells = record.cells.iter().enumerate().filter(|(_, cell)| !cell.is_odd);
            let raw = |cell: &cells::Cell| text.get(cell.span.clone()).unwrap_or_default();
            let is_header = record.line < first && is_header(record, text, &names_field);
            for (index, cell) in cells {
                let value = cells::value(raw(cell));
                let new = match self.0.get(&record.line) {
                    Some(wanted) => {
                        let found = wanted.iter().find(|(cell, _)| *cell == index);
                        found.map_or_else(|| trimmed(&value).to_owned(), |(_, new)| new.clone())
                    }
                    None if is_header && names_field(&value) => header(&value),
                    None => continue,
                };
                if new != value {
                    let written = cells::written(&new, delimiter, raw(cell).starts_with('"'));
                    edits.push(Edit {
                        span: cell.span.clone(),
                        line: record.line,
                        old: value.into_owned(),
                        new,
                        written,
                    });
                }
            }
        }
        Some(edits)
    }
}

/// A row above the records of which two cells are headers.
fn is_header(record: &Record, text: &str, names_field: &dyn Fn(&str) -> bool) -> bool {
    let values = record.cells.iter().map(|cell| cells::value(text.get(cell.span.clone()).unwrap_or_default()));
    values.filter(|value| names_field(value)).count() >= 2
}
