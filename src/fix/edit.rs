//! A pending change of a value.

use std::ops::Range;

use crate::model::Entry;
use crate::model::row::Row;

/// A pending change of a value.
pub(super) struct Edit {
    /// The byte span of the value in the text, quotes included.
    pub(super) span: Range<usize>,
    pub(super) line: u32,
    pub(super) old: String,
    pub(super) new: String,
    /// The new value as it is written to the file, quotes included.
    pub(super) encoded: String,
}

/// Returns the row of an entry; `None` for a declared total, which is never fixed.
pub(super) fn row_of<'e>(entry: &'e Entry<'_>) -> Option<&'e Row> {
    match entry {
        Entry::Issue(issue) => Some(&issue.row),
        Entry::Inspection(inspection) => Some(&inspection.row),
        Entry::Measure(measure) => Some(&measure.row),
        Entry::Declared(_) => None,
    }
}
