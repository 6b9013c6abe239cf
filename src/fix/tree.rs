//! Fixes in a YAML or JSON log: single-line scalars, plain or quoted, that are values of a record.
//!
//! Keys, comments, anchors, block scalars, and scalars with escapes or folding are left alone.

use std::collections::BTreeMap;

use crate::fix::edit::{Edit, row_of};
use crate::fix::spelling::{Speller, trimmed};
use crate::mend::{encoded_scalar, is_marked, span_of_chars};
use crate::model::field::{FIELDS, FieldInfo, FieldKind};
use crate::model::record::Entry;
use crate::place::Spot;

/// The scalars to change, by line and column, both from 0.
#[derive(Default)]
pub(super) struct ScalarFixes(BTreeMap<(usize, usize), Scalar>);

struct Scalar {
    /// Its length in characters.
    length: usize,
    value: String,
    new: String,
    /// Whether it belongs to a number field: only then may it look like a number.
    is_number: bool,
}

impl ScalarFixes {
    /// Adds the fixes of an entry.
    pub(super) fn add_entry(&mut self, entry: &Entry<'_>, speller: &Speller<'_>) {
        let Some(row) = row_of(entry) else { return };
        for (cell, place) in row.spots.iter().enumerate() {
            let Spot::Chars { column, length } = place.spot else { continue };
            let value = row.as_written(cell);
            let fields = || FIELDS.iter().filter(|info| row.columns.get(info.field) == Some(cell));
            let spelling = |info: &FieldInfo| {
                speller.spelling(info.field, &row.cell(cell)).unwrap_or_else(|| trimmed(&value).to_owned())
            };
            let new = fields().next().map_or_else(|| trimmed(&value).to_owned(), spelling);
            // A value used by several fields is changed only if they agree.
            if new != value && fields().all(|info| spelling(info) == new) {
                let is_number = fields().any(|info| info.kind == FieldKind::Number);
                let scalar = Scalar { length: length as usize, value: value.into_owned(), new, is_number };
                self.0.insert((place.line.to_zero(), column.to_zero()), scalar);
            }
        }
    }

    /// Returns the changes to the text.
    pub(super) fn edits(&self, text: &str) -> Vec<Edit> {
        // YAML counts a lone carriage return as a line break, but lines are counted by line feeds here.
        if text.replace("\r\n", "").contains('\r') {
            return Vec::new();
        }
        let starts: Vec<usize> =
            std::iter::once(0).chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1)).collect();
        let edits = self.0.iter().filter_map(|((line, column), scalar)| {
            let start = *starts.get(*line)?;
            let row = text.get(start..)?.lines().next()?;
            let span = span_of_chars(row, *column, scalar.length)?;
            let (before, raw) = (row.get(..span.start)?, row.get(span.clone())?);
            let encoded =
                encoded_scalar(raw, &scalar.value, &scalar.new, scalar.is_number).filter(|_| !is_marked(before))?;
            Some(Edit {
                span: start + span.start..start + span.end,
                line: u32::try_from(line + 1).ok()?,
                old: scalar.value.clone(),
                new: scalar.new.clone(),
                encoded,
            })
        });
        edits.collect()
    }
}
