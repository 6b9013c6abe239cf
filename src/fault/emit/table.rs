//! The logs of a report as they stand, with their faults at rows and cells.

use serde::Serialize;

use crate::fault::{Code, Severity};

/// A log, or a sheet of one.
#[derive(Clone, Debug, Serialize)]
pub struct ReportedTable {
    /// The name of the file.
    pub file: String,
    /// The name of the sheet, in a workbook.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// `table`, or `tree` for YAML and JSON, whose columns are fields and keys; the first is the line.
    pub form: &'static str,
    /// Which of the rows is the header, or its last one.
    pub header: Option<usize>,
    /// The key of the field that each column holds.
    pub columns: Vec<Option<&'static str>>,
    /// All rows, those above the header too.
    pub rows: Vec<ReportedRow>,
    /// The faults of no row.
    pub faults: Vec<ReportedFault>,
}

/// A row, and what is wrong with it.
#[derive(Clone, Debug, Serialize)]
pub struct ReportedRow {
    /// The line it begins on, or its number on the sheet; from 1.
    pub line: u32,
    /// Its cells as they show.
    pub cells: Vec<String>,
    /// The unit of its issue, where the cell shows something else: 同上, or another name of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Its faults.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<ReportedFault>,
}

/// A fault where it stands.
#[derive(Clone, Debug, Serialize)]
pub struct ReportedFault {
    /// Its code.
    pub code: Code,
    /// How grave it is.
    pub severity: Severity,
    /// The cell, from 0; `None` for the row as a whole.
    pub cell: Option<usize>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// The values that are probably meant.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub near: Vec<String>,
    /// Which of several values in the cell it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub word: Option<String>,
    /// The whole cell with what is probably meant for each of its values that is wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mended: Vec<String>,
}
