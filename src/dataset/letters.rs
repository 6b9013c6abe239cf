//! The documents that named an issue: what a letter quotes.

use rustc_hash::FxHashMap;
use serde_json::Value;

use crate::dataset::data::{Record, Records};
use crate::dataset::record::texts;

/// What a letter tells of one before.
const QUOTED: [&str; 5] = ["number", "date", "kind", "title", "limit"];

/// Documents by the ids of the issues they name, as indexes in the order given out.
pub(crate) type ByIssue = FxHashMap<String, Vec<usize>>;

/// Void numbers name nothing.
pub(crate) fn by_issue(documents: &[Record]) -> ByIssue {
    let mut by_issue = ByIssue::default();
    let is_void = |record: &Record| record.get("status").and_then(Value::as_str) == Some("void");
    for (index, record) in documents.iter().enumerate().filter(|(_, record)| !is_void(record)) {
        for issue in record.get("issues").map(texts).unwrap_or_default() {
            by_issue.entry(issue).or_default().push(index);
        }
    }
    by_issue
}

impl Records {
    /// The documents of the register that named an issue, in the order given out: number, date, kind and title of
    /// each, and the limit it set if it set one.
    pub(crate) fn letters_of(&self, issue: &str) -> Value {
        let quoted = |index: &usize| {
            let document = self.documents.get(*index)?;
            let parts = QUOTED.iter().filter_map(|key| Some(((*key).to_owned(), document.get(*key)?.clone())));
            Some(Value::Object(parts.collect()))
        };
        self.naming(issue).iter().filter_map(quoted).collect()
    }
}
