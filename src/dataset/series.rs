//! What the earlier documents of a series say: the last one, and the issues that they listed.

use rustc_hash::FxHashSet;
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
    let is_wanted = |record: &&Record| unit.is_none_or(|unit| text(record, "unit") == unit);
    let record = standing(documents, series).filter(is_wanted).last()?;
    Some(Previous {
        number: text(record, "number").to_owned(),
        date: text(record, "date").to_owned(),
        title: text(record, "title").to_owned(),
        issues: record.get("issues").map(texts).unwrap_or_default(),
    })
}

/// What the run calls the issues that documents of a series listed. Those of void documents are as if never listed.
pub(crate) fn reported(documents: &[Record], series: &str) -> FxHashSet<String> {
    standing(documents, series).flat_map(|record| record.get("issues").map(texts).unwrap_or_default()).collect()
}

/// The documents of a series that are not void, in the order given out.
fn standing<'r>(documents: &'r [Record], series: &'r str) -> impl Iterator<Item = &'r Record> {
    documents.iter().filter(move |record| text(record, "series") == series && text(record, "status") != "void")
}

fn text<'r>(record: &'r Record, key: &str) -> &'r str {
    record.get(key).and_then(Value::as_str).unwrap_or_default()
}
