//! A number of a document, and the rows it was counted from.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::dataset::data::Data;
use crate::dataset::record::Record;
use crate::fault::FaultCount;
use crate::tally::as_of_summary::LeftOut;

/// A row behind a figure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowRef {
    /// The record's id; of things of the config their name.
    pub id: String,
    /// The file it stands in.
    pub file: String,
    /// The line; nothing where the config does not tell.
    pub line: Option<u64>,
}

impl RowRef {
    pub(crate) fn of(record: &Record) -> Self {
        let text = |key: &str| record.get(key).and_then(Value::as_str).map(str::to_owned);
        Self {
            id: text("id").or_else(|| text("name")).unwrap_or_default(),
            file: text("file").unwrap_or_else(|| "duban.yaml".to_owned()),
            line: record.get("line").and_then(Value::as_u64),
        }
    }
}

/// What a figure was counted over, beside its selection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// The first day.
    pub from: Option<String>,
    /// The last day.
    pub to: Option<String>,
    /// The unit of a letter.
    pub unit: Option<String>,
    /// The day the standings hold for.
    pub as_of: String,
}

/// A call of a function in a template, and what it gave.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// Its number in the document, from 1. Calls that say the same share one.
    pub id: usize,
    /// The function.
    pub function: String,
    /// What was asked for: filters in canonical values, and what the function was told to do.
    pub selection: Record,
    /// Over what.
    pub scope: Scope,
    /// What it gave. Of lists, how long they are.
    pub value: Value,
    /// The rows, in the order of the logs.
    pub rows: Vec<RowRef>,
}

/// `DOCUMENT.figures.json`: what stands beside a document, and what `trace` reads.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FigureSheet {
    /// The document's file.
    pub document: String,
    /// Its kind.
    pub kind: String,
    /// Its number; nothing for a draft.
    pub number: Option<String>,
    /// The day the standings hold for.
    pub as_of: String,
    /// The faults of the logs that it was made from; empty for sound logs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<FaultCount>,
    /// What the logs have and the document has not.
    #[serde(default)]
    pub left_out: LeftOut,
    /// Issues of the run that count as closed or rectified by a status without a day, if the run looks back.
    #[serde(default)]
    pub by_undated_word: u64,
    /// The figures.
    pub figures: Vec<Figure>,
}

/// The figures of a document as they are written beside it.
#[must_use]
pub fn figures_json(figures: &[Figure], document: &str, data: &Data) -> Value {
    let sheet = FigureSheet {
        document: document.to_owned(),
        kind: data.kind.clone(),
        number: data.number.clone(),
        as_of: data.as_of.to_string(),
        faults: data.faults.clone(),
        left_out: data.left_out,
        by_undated_word: data.by_undated_word,
        figures: figures.to_vec(),
    };
    serde_json::to_value(sheet).unwrap_or_default()
}
