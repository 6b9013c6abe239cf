//! What the earlier documents of a series say: the last one, and the issues that they listed.

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::dataset::record::{Record, texts};

/// A key of issues: whether a document of the series listed it. A document that covers what is unreported asks for
/// `reported=false` by itself where a call names no period.
pub(crate) const REPORTED: &str = "reported";

/// The document before this one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Previous {
    /// Its number as printed.
    pub number: String,
    /// Its date.
    pub date: String,
    /// Its title.
    pub title: String,
    /// The ids of the issues it named.
    pub issues: Vec<String>,
}

/// The last document of a series that is not void, to one unit if it is given.
pub(crate) fn previous(documents: &[Record], series: &str, unit: Option<&str>) -> Option<Previous> {
    let is_wanted = |record: &&Record| {
        stands(record) && text(record, "series") == series && unit.is_none_or(|unit| text(record, "unit") == unit)
    };
    let record = documents.iter().rev().find(is_wanted)?;
    Some(Previous {
        number: text(record, "number").to_owned(),
        date: text(record, "date").to_owned(),
        title: text(record, "title").to_owned(),
        issues: record.get("issues").map(texts).unwrap_or_default(),
    })
}

/// What the run calls the issues that the documents of each series listed, by series.
pub(super) type Reported = FxHashMap<String, FxHashSet<String>>;

/// Those of all series. What a void document listed is as if never listed.
pub(super) fn reported(documents: &[Record]) -> Reported {
    let mut reported = Reported::default();
    for record in documents.iter().filter(|record| stands(record)) {
        let issues = record.get("issues").map(texts).unwrap_or_default();
        reported.entry(text(record, "series").to_owned()).or_default().extend(issues);
    }
    reported
}

/// Whether a document is not void.
fn stands(record: &Record) -> bool {
    text(record, "status") != "void"
}

fn text<'r>(record: &'r Record, key: &str) -> &'r str {
    record.get(key).and_then(Value::as_str).unwrap_or_default()
}
