//! The documents that named an issue: what a letter quotes.

use rustc_hash::FxHashMap;
use serde_json::Value;

use crate::dataset::record::{Record, texts};

/// The keys that a letter quotes of an earlier one.
const QUOTED: [&str; 5] = ["number", "date", "kind", "title", "limit"];

/// Documents by the ids of the issues they name, as indexes in the order given out.
pub(super) type ByIssue = FxHashMap<String, Vec<usize>>;

/// Maps issues to the documents that named them; void documents are left out.
pub(super) fn by_issue(documents: &[Record]) -> ByIssue {
    let mut by_issue = ByIssue::default();
    let is_void = |record: &Record| record.get("status").and_then(Value::as_str) == Some("void");
    for (index, record) in documents.iter().enumerate().filter(|(_, record)| !is_void(record)) {
        for issue in record.get("issues").map(texts).unwrap_or_default() {
            by_issue.entry(issue).or_default().push(index);
        }
    }
    by_issue
}

/// What is quoted of a document of the register.
pub(super) fn quoted(document: &Record) -> Value {
    let parts = QUOTED.iter().filter_map(|key| Some(((*key).to_owned(), document.get(*key)?.clone())));
    Value::Object(parts.collect())
}
