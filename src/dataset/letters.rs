//! The letters that named an issue: what a letter quotes.
//!
//! Only letters to the unit of the issue are quoted: a bulletin or a ledger that lists the issue was not written to it, and
//! what was written to another unit is not its business.

use rustc_hash::FxHashMap;
use serde_json::Value;

use crate::dataset::record::{Record, texts};

/// The keys that a letter quotes of an earlier one.
const QUOTED: [&str; 5] = ["number", "date", "kind", "title", "limit"];

/// Letters by the ids of the issues they name, as indexes in the order given out.
pub(super) type ByIssue = FxHashMap<String, Vec<usize>>;

/// Maps issues to the letters that named them; void ones, and documents that go to no unit, are left out.
pub(super) fn by_issue(documents: &[Record]) -> ByIssue {
    let mut by_issue = ByIssue::default();
    let is_void = |record: &Record| record.get("status").and_then(Value::as_str) == Some("void");
    for (index, record) in documents.iter().enumerate().filter(|(_, record)| !is_void(record) && unit(record).is_some())
    {
        for issue in record.get("issues").map(texts).unwrap_or_default() {
            by_issue.entry(issue).or_default().push(index);
        }
    }
    by_issue
}

/// The unit that a document was addressed to.
pub(super) fn unit(document: &Record) -> Option<&str> {
    document.get("unit").and_then(Value::as_str).filter(|unit| !unit.is_empty())
}

/// What is quoted of a document of the register.
pub(super) fn quoted(document: &Record) -> Value {
    let parts = QUOTED.iter().filter_map(|key| Some(((*key).to_owned(), document.get(*key)?.clone())));
    Value::Object(parts.collect())
}
