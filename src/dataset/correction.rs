//! What a correction (更正) puts right in a document that was sent out.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A document and what is wrong in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// Its number as printed.
    pub number: String,
    /// Its title.
    pub title: String,
    /// Its day.
    pub date: NaiveDate,
    /// The unit it went to, if it was a letter.
    pub unit: Option<String>,
    /// The passages, in the order of the document.
    pub passages: Vec<CorrectedPassage>,
    /// The figures that were wrong.
    pub figures: Vec<CorrectedFigure>,
}

/// A passage of a document, and what it should say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CorrectedPassage {
    /// The row of a table that it stands in, by its first cell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<String>,
    /// Of one that is missing, how the line before it begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// What it says; empty if it is missing.
    pub was: String,
    /// What it should say; empty if it should not be there.
    pub now: String,
}

/// A figure that was wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CorrectedFigure {
    /// Its number in the document.
    pub figure: usize,
    /// What it should be.
    pub value: Value,
    /// The issues that it should have counted, by their ids or keys.
    pub rows: Vec<String>,
}
