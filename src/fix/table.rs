//! Fixes in a table: the cells of its records, and its header.

use std::collections::BTreeMap;

use crate::delimited::text::{self, Record};
use crate::fix::edit::{Edit, row_of};
use crate::fix::spelling::{Speller, header, trimmed};
use crate::log;
use crate::model::field::FIELDS;
use crate::model::record::Entry;
use crate::model::row::Row;
use crate::place::OneBased;
use crate::project::Project;

/// The cells to change (index and new value) in each record, by the line that identifies the record.
#[derive(Default)]
pub(super) struct CellFixes(BTreeMap<OneBased, Vec<(usize, String)>>);

impl CellFixes {
    /// Adds the fixes of an entry.
    pub(super) fn add_entry(&mut self, entry: &Entry<'_>, speller: &Speller<'_>) {
        let Some(row): Option<&Row> = row_of(entry) else { return };
        let fields = FIELDS.iter().filter_map(|info| Some((info.field, row.columns.get(info.field)?)));
        let mut cells: Vec<(usize, String)> = fields
            .filter_map(|(field, cell)| speller.spelling(field, &row.cell(cell)).map(|new| (cell, new)))
            .collect();
        cells.sort();
        cells.dedup_by_key(|(cell, _)| *cell);
        self.0.insert(row.line, cells);
    }

    /// Returns the changes to a table; `None` if a quote is never closed or a record exceeds the limits of the scanner.
    ///
    /// Rows that are neither records nor the header (titles, totals) are left alone.
    pub(super) fn edits(&self, text: &str, delimiter: u8, project: &Project) -> Option<Vec<Edit>> {
        let names_field = log::header_words(project);
        let first = self.0.keys().next().copied();
        let mut edits = Vec::new();
        for record in &text::records(text, delimiter).ok()? {
            let is_header = first.is_some_and(|first| record.line < first) && is_header(record, text, &names_field);
            for (index, span) in record.cells.iter().enumerate() {
                let raw = text.get(span.clone()).unwrap_or_default();
                if text::is_ambiguous(raw) {
                    continue;
                }
                let value = text::value(raw);
                let new = match self.0.get(&record.line) {
                    Some(fixes) => {
                        let fix = fixes.iter().find(|(cell, _)| *cell == index);
                        fix.map_or_else(|| trimmed(&value).to_owned(), |(_, new)| new.clone())
                    }
                    None if is_header && names_field(&value) => header(&value),
                    None => continue,
                };
                if new != value {
                    let encoded = text::encoded(&new, delimiter, raw.starts_with('"'));
                    let (span, line) = (span.clone(), record.line_of(index, text).get());
                    edits.push(Edit { span, line, old: value.into_owned(), new, encoded });
                }
            }
        }
        Some(edits)
    }
}

/// Whether at least two cells of a row above the records name fields.
fn is_header(record: &Record, text: &str, names_field: &dyn Fn(&str) -> bool) -> bool {
    record.values(text).filter(|value| names_field(value)).count() >= 2
}
