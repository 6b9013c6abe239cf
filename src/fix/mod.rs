//! Automatic fixes of a log (`check --fix`): values are rewritten in their canonical spelling, with the same meaning.
//! The rest of the file is preserved byte for byte, including its encoding and line breaks.
//!
//! In: a log and the project. Out: [`Fixed`], the new bytes and every changed value. Workbooks are not fixed; they are
//! to be corrected in a spreadsheet program.
//!
//! - `edit`: a pending change of a value
//! - `spelling`: the canonical spelling of a value
//! - `table`, `tree`: locate and replace values in a table, and in YAML or JSON; how they are written is told by
//!   [`mend`]

mod edit;
mod spelling;
mod table;
mod tree;

use crate::delimited::bytes::lines;
use crate::fault::Faults;
use crate::log;
use crate::mend;
use crate::place::SourceId;
use crate::project::Project;
use crate::source::{Form, SourceError, Sources};
use edit::Edit;
use spelling::Speller;

/// A value that was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The line it begins on, from 1.
    pub line: u32,
    /// The value before.
    pub old: String,
    /// The value after.
    pub new: String,
}

/// A fixed file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fixed {
    /// The new bytes, in the original encoding.
    pub bytes: Vec<u8>,
    /// The text before.
    pub old: String,
    /// The text after.
    pub new: String,
    /// The changed values, in order.
    pub changes: Vec<Change>,
}

/// Fixes a log.
///
/// Returns `None` if there is nothing to fix, or if a human has to look at the file first: its encoding is unknown, or
/// a quote is never closed.
///
/// # Errors
/// The file cannot be read.
pub fn fix(sources: &mut Sources, id: SourceId, project: &Project) -> Result<Option<Fixed>, SourceError> {
    let form = sources.get(id).form;
    let speller = Speller::new(project);
    let (mut cells, mut scalars) = (table::CellFixes::default(), tree::ScalarFixes::default());
    log::read(sources, id, project, &mut Faults::default(), |entry| match form {
        Form::Table => cells.add_entry(&entry, &speller),
        Form::Tree => scalars.add_entry(&entry, &speller),
    })?;
    let Some(encoding) = sources.get(id).encoding() else { return Ok(None) };
    let old = sources.get(id).read_to_string()?;
    let edits = match form {
        Form::Table => cells.edits(&old, sources.get(id).delimiter, project).unwrap_or_default(),
        Form::Tree => scalars.edits(&old),
    };
    if edits.is_empty() {
        return Ok(None);
    }
    let raw = sources.get(id).bytes()?;
    let replaced = edits.iter().map(|edit| (edit.span.clone(), edit.encoded.as_str()));
    // A character that the encoding can't hold is left to a human.
    let Ok(bytes) = mend::spliced(&raw, &old, encoding, replaced) else { return Ok(None) };
    let mut new = String::with_capacity(old.len());
    let (mut copied, mut changes) = (0, Vec::new());
    for Edit { span, line, old: value, new: fixed, encoded } in edits {
        new.push_str(old.get(copied..span.start).unwrap_or_default());
        new.push_str(&encoded);
        copied = span.end;
        changes.push(Change { line, old: value, new: fixed });
    }
    new.push_str(old.get(copied..).unwrap_or_default());
    Ok(Some(Fixed { bytes, old, new, changes }))
}

/// Returns the changed lines in the format of `diff -U0`, with the line numbers that `check` reports.
///
/// `patch` can apply it if all lines end with a line feed; unlike duban, it does not count a lone carriage return as a
/// line break.
#[must_use]
pub fn diff(name: &str, fixed: &Fixed) -> String {
    use std::fmt::Write as _;
    let mut text = format!("--- {name}\n+++ {name}\n");
    // A fix never adds or removes a line, so old and new lines pair up.
    for (line, (old, new)) in (1..).zip(lines(&fixed.old).zip(lines(&fixed.new))) {
        if old != new {
            let _ = writeln!(text, "@@ -{line} +{line} @@\n-{old}\n+{new}");
        }
    }
    text
}

#[cfg(test)]
mod tests;
