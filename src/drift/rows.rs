//! What became of the rows behind the figures of a document.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::dataset::{FigureSheet, RowRef, RowSet};

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RowChange {
    /// No figure of the document had it.
    Added,
    /// It stands in no log any more, or is withdrawn.
    Removed,
    /// It says something else.
    Edited,
    /// What it says now, or said then, has no day: it can't be told whether it held on the day of the document.
    Undated,
    /// What it says has not changed: it counts otherwise by its deadline, or by the settings.
    Same,
}

/// A row that a figure has gained or lost, or that has changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RowDrift {
    /// The id as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The key of what it says.
    pub key: Option<String>,
    /// Where it stands: today, or where it stood then.
    pub file: String,
    /// The line.
    pub line: Option<u64>,
    /// What became of it.
    pub change: RowChange,
}

/// The rows of today, by what they are called.
pub(super) struct RowIndex<'r> {
    rows: BTreeMap<&'r str, &'r RowRef>,
    keys: BTreeMap<&'r str, &'r RowRef>,
}

impl<'r> RowIndex<'r> {
    pub(super) fn of(rows: impl Iterator<Item = &'r RowRef> + Clone) -> Self {
        let key = |row: &'r RowRef| Some((row.key.as_deref()?, row));
        Self { rows: rows.clone().map(|row| (row.id.as_str(), row)).collect(), keys: rows.filter_map(key).collect() }
    }

    /// The row that a run calls by the same name, or that says the same.
    pub(super) fn find(&self, row: &RowRef) -> Option<&'r RowRef> {
        let by_key = || self.keys.get(row.key.as_deref()?);
        self.rows.get(row.id.as_str()).or_else(by_key).copied()
    }
}

/// The rows behind a figure, by what they are called.
pub(super) fn called<'s>(sheet: &'s FigureSheet, rows: &RowSet) -> BTreeMap<&'s str, &'s RowRef> {
    rows.iter().filter_map(|row| sheet.rows.get(row)).map(|row| (row.id.as_str(), row)).collect()
}

/// What became of a row: `then` is how the document had it, and `now` how the logs have it.
pub(super) fn change(then: Option<&RowRef>, now: Option<&RowRef>) -> RowChange {
    match (then, now) {
        (_, Some(now)) if now.undated => RowChange::Undated,
        (Some(then), Some(_)) if then.undated => RowChange::Undated,
        (None, Some(_)) => RowChange::Added,
        (_, None) => RowChange::Removed,
        // Older versions did not keep what a row said.
        (Some(then), Some(now)) if then.said.is_some() && then.said == now.said => RowChange::Same,
        (Some(_), Some(_)) => RowChange::Edited,
    }
}
