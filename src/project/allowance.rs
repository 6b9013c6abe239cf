//! Allowances: faults that are let pass, for a reason and until a day, in the note of a row or in `duban.yaml`.

use chrono::NaiveDate;

use crate::fault::Code;
use crate::place::{OneBased, Place};
use crate::project::selection::Selection;

/// Faults that are let pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// The codes of the faults.
    pub codes: Vec<Code>,
    /// Where they are let pass.
    pub scope: AllowanceScope,
    /// The last day on which they are; the note of a row may name none.
    pub until: Option<NaiveDate>,
    /// The reason.
    pub why: String,
}

/// Where an allowance holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AllowanceScope {
    /// In the row in whose note it stands.
    Row {
        /// The first and the last line of the row.
        lines: (OneBased, OneBased),
        /// The place of the note.
        note: Place,
    },
    /// Where all of this holds that is given: an item of `allowances:`.
    Config {
        /// Its line in `duban.yaml`.
        line: u32,
        /// The row is in one of these selections.
        rows: Vec<Selection>,
        /// The file is one of these, or in one of these folders, or matches one of these patterns, from the root.
        files: Vec<String>,
        /// The row has one of these ids.
        ids: Vec<String>,
    },
}

impl Allowance {
    /// Whether it holds for some files of the project alone.
    #[must_use]
    pub fn is_for_files(&self) -> bool {
        matches!(&self.scope, AllowanceScope::Config { files, .. } if !files.is_empty())
    }

    /// Whether it no longer holds on a day.
    #[must_use]
    pub fn is_expired(&self, day: NaiveDate) -> bool {
        self.until.is_some_and(|until| until < day)
    }
}
