//! From a document back to its figures, and from a figure to its rows.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What stands beside every document as `NAME.figures.json`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Figures {
    /// The document.
    pub document: String,
    /// Its kind.
    pub kind: String,
    /// Its number, if it has one.
    pub number: Option<String>,
    /// The day its figures hold for.
    pub as_of: String,
    /// The figures in the order of the document.
    pub figures: Vec<Figure>,
}

/// One figure.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Figure {
    /// Its number in the document.
    pub id: usize,
    /// The template function that made it.
    pub function: String,
    /// What was selected.
    pub selection: Map<String, Value>,
    /// Over which days, unit and day.
    pub scope: Map<String, Value>,
    /// What came out.
    pub value: Value,
    /// The rows it was counted from.
    pub rows: Vec<Row>,
}

/// A row behind a figure.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Row {
    /// The id of the record.
    pub id: String,
    /// Its file.
    pub file: String,
    /// Its line, where it has one.
    pub line: Option<u64>,
}

/// The figures file of a document: beside `x.docx` stands `x.figures.json`.
#[must_use]
pub fn figures_path(document: &Path) -> PathBuf {
    let name = document.file_name().unwrap_or_default().to_string_lossy().into_owned();
    if name.ends_with(".figures.json") {
        return document.to_owned();
    }
    let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
    document.with_file_name(format!("{stem}.figures.json"))
}

/// Reads the figures of a document.
///
/// # Errors
/// There is no figures file, or it is none.
pub fn read(document: &Path) -> io::Result<Figures> {
    let text = fs::read(figures_path(document))?;
    serde_json::from_slice(&text).map_err(io::Error::from)
}

impl Figure {
    /// What was selected and over what, as one line: `disposition=on_site from=2021-08-01`.
    #[must_use]
    pub fn describe(&self) -> String {
        let all = self.selection.iter().chain(self.scope.iter().filter(|(key, _)| *key != "as_of"));
        let words = all.filter(|(_, value)| !value.is_null()).map(|(key, value)| format!("{key}={}", brief(value)));
        words.collect::<Vec<_>>().join(" ")
    }

    /// The value as one line; of a list or table how long it is.
    #[must_use]
    pub fn shown_value(&self) -> String {
        brief(&self.value)
    }
}

fn brief(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) if items.iter().all(|item| item.is_string() || item.is_number()) && items.len() <= 8 => {
            items.iter().map(brief).collect::<Vec<_>>().join("|")
        }
        Value::Array(items) => format!("[{}]", items.len()),
        Value::Object(map) => format!("{{{}}}", map.len()),
        other => other.to_string(),
    }
}
