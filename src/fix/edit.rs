//! A change of a value, before it is made.

use std::ops::Range;

use crate::model::Entry;
use crate::model::row::Row;

/// A value that is to be written anew.
pub(super) struct Edit {
    /// Where it stands in the text, quotes included.
    pub(super) span: Range<usize>,
    pub(super) line: u32,
    pub(super) old: String,
    pub(super) new: String,
    /// The new value as it stands there, quotes included.
    pub(super) written: String,
}

/// The row of a record; a declared total has none to be mended.
pub(super) fn row_of<'e>(entry: &'e Entry<'_>) -> Option<&'e Row> {
    match entry {
        Entry::Issue(issue) => Some(&issue.row),
        Entry::Inspection(inspection) => Some(&inspection.row),
        Entry::Measure(measure) => Some(&measure.row),
        Entry::Declared(_) => None,
    }
}
