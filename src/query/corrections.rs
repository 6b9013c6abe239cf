//! `corrections()`: what a correction puts right in the document that it is of.

use rustc_hash::FxHashSet;
use serde_json::{Value, json};

use crate::dataset::Record;
use crate::dataset::issues::ListedIssue;
use crate::query::call_error::CallError;
use crate::query::context::QueryContext;
use crate::words::lang::Lang;

/// The function of the figures that it records: what a figure of the other document should be.
pub(crate) const CORRECTION: &str = "correction";

/// `corrections()`: the passages, each with what it says (`was`), what it should say (`now`) and the row of a table that it
/// stands in (`row`), or the beginning of the line that a missing one follows (`after`). Every figure that was wrong is recorded with its right value and rows.
pub(super) fn corrections(context: &QueryContext, arguments: Record) -> Result<Value, CallError> {
    let query = context.only_issues("corrections", arguments)?;
    let Some(correction) = &context.data.correction else { return Ok(Value::Array(Vec::new())) };
    let issues: Vec<(usize, String, String)> = context
        .data
        .records
        .each_issue()
        .enumerate()
        .map(|(at, issue): (usize, ListedIssue<'_>)| (at, issue.id().into_owned(), issue.key().to_owned()))
        .collect();
    for corrected in &correction.figures {
        let rows: FxHashSet<&str> = corrected.rows.iter().map(String::as_str).collect();
        let is_row = |id: &String, key: &String| rows.contains(id.as_str()) || rows.contains(key.as_str());
        let rows: Vec<usize> = issues.iter().filter(|(_, id, key)| is_row(id, key)).map(|(at, ..)| *at).collect();
        let mut query = query.clone();
        query.selection.insert("document".to_owned(), correction.number.as_str().into());
        query.selection.insert("figure".to_owned(), corrected.figure.into());
        context.note(CORRECTION, &query, &corrected.value, &rows);
    }
    let quoted = |text: &String| match context.data.lang {
        // Quotation marks within quotation marks (GB/T 15834).
        Lang::Zh => text.replace('“', "‘").replace('”', "’"),
        Lang::En => text.replace('"', "'"),
    };
    let passages = correction
        .passages
        .iter()
        .map(|passage| json!({"row": passage.row, "after": passage.after, "was": quoted(&passage.was), "now": quoted(&passage.now)}));
    Ok(passages.collect())
}
