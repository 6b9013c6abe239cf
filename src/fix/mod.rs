//! Mends what is mechanical in a log: the same meaning, in the one spelling. Everything else of the file stays byte for
//! byte, its encoding and line ends too.
//!
//! Enters: a log and what the office has declared. Leaves: [`Fixed`], the new bytes and each value that was changed.
//! Workbooks are left alone: they are mended in their program.
//!
//! - `edit`: a value that is to be written anew
//! - `spelling`: the one spelling of a value
//! - `table`, `tree`: where it stands in a table, and in YAML

mod edit;
mod spelling;
mod table;
mod tree;

use chrono::NaiveDate;

use crate::delimited::bytes::lines;
use crate::fault::Faults;
use crate::log;
use crate::place::SourceId;
use crate::project::Project;
use crate::source::decode::Encoding;
use crate::source::{Form, SourceError, Sources};
use edit::Edit;
use spelling::Speller;

/// A value that was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The line it begins on, from 1.
    pub line: u32,
    /// As it was.
    pub old: String,
    /// As it is.
    pub new: String,
}

/// A mended file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fixed {
    /// Its bytes, in the encoding it had.
    pub bytes: Vec<u8>,
    /// The text before.
    pub old: String,
    /// The text now.
    pub new: String,
    /// What was changed, in order.
    pub changes: Vec<Change>,
}

/// Mends a log; nothing if there is nothing to mend, or nothing that can be mended without a person: a file in no
/// encoding, or with a quote that is never closed.
///
/// # Errors
/// The file can't be read by the system.
pub fn fix(
    sources: &mut Sources,
    id: SourceId,
    project: &Project,
    today: NaiveDate,
) -> Result<Option<Fixed>, SourceError> {
    let form = sources.get(id).form;
    let speller = Speller::new(project);
    let (mut cells, mut scalars) = (table::Wanted::default(), tree::Wanted::default());
    log::read(sources, id, project, today, &mut Faults::default(), |entry| match form {
        Form::Table => cells.entry(&entry, &speller),
        Form::Tree => scalars.entry(&entry, &speller),
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
    let mut new = String::with_capacity(old.len());
    let (mut copied, mut changes) = (0, Vec::new());
    for Edit { span, line, old: was, new: is, written } in edits {
        new.push_str(old.get(copied..span.start).unwrap_or_default());
        new.push_str(&written);
        copied = span.end;
        changes.push(Change { line, old: was, new: is });
    }
    new.push_str(old.get(copied..).unwrap_or_default());
    let bytes = encoded(&new, encoding);
    Ok(Some(Fixed { bytes, old, new, changes }))
}

/// The bytes of a text in an encoding, with the mark it begins with.
fn encoded(text: &str, encoding: Encoding) -> Vec<u8> {
    match encoding {
        Encoding::Utf8 => text.as_bytes().to_vec(),
        Encoding::Utf8Bom => [b"\xef\xbb\xbf", text.as_bytes()].concat(),
        Encoding::Utf16Le => "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect(),
        Encoding::Utf16Be => "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect(),
        Encoding::Gb18030 => encoding_rs::GB18030.encode(text).0.into_owned(),
    }
}

/// The lines that changed, in the manner of `diff -U0`, under the numbers that `check` gives them.
///
/// `patch` can apply it where lines end with a line feed; a lone carriage return ends a line here and not there.
#[must_use]
pub fn diff(name: &str, fixed: &Fixed) -> String {
    use std::fmt::Write as _;
    let mut text = format!("--- {name}\n+++ {name}\n");
    // A change never adds or takes a line, so lines stand beside each other.
    for (line, (old, new)) in (1..).zip(lines(&fixed.old).zip(lines(&fixed.new))) {
        if old != new {
            let _ = writeln!(text, "@@ -{line} +{line} @@\n-{old}\n+{new}");
        }
    }
    text
}

#[cfg(test)]
mod tests;
