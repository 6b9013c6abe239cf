//! Gives single cells of a log new values (`duban mend`, the gate's page); everything else stays as it is.
//!
//! In: the bytes of a log and [`Edit`]s. Out: [`Mended`], the new bytes. Nothing is half done: all that is wrong with the
//! edits is told at once, and what was made is read again. A cell that was not edited and reads otherwise than before
//! refuses the whole. Needs no file, no thread and no clock.
//!
//! - `edit`: edits and their places, `request`: edits as JSON, `fault`: why there is nothing
//! - `input`: what is mended, `outcome`: what comes of it
//! - `splice`: new text in the bytes of a file, in any encoding; `scalar`: values of YAML and JSON. [`fix`](crate::fix) has
//!   both from here
//! - `grid`: which cell of a table is meant; `table`: CSV; `tree`: YAML and JSON, with `tokens`
//! - `book`: workbooks; `csv_rows`: their rows as CSV; `sheet`: the cells in the XML of a sheet, `sheet_map`: where they stand there, `cell`: what is
//!   written, `package`: the other parts

mod book;
mod cell;
mod csv_rows;
mod edit;
mod fault;
mod grid;
mod input;
mod outcome;
mod package;
mod request;
mod scalar;
mod sheet;
mod sheet_map;
mod splice;
mod table;
mod tokens;
mod tree;

use crate::place::SourceId;
use crate::project::Project;
use crate::source::find;
use crate::source::workbook::choice::Choice;
use crate::source::{Form, Source, Sources};
use crate::{fault as faults, log};

pub use edit::{Column, Edit, EditPlace};
pub use fault::{EditFault, MendError, What};
use input::Before;
pub use input::{LogBytes, MendTarget};
pub use outcome::{Mended, MendedCell};
pub use request::edits_of_json;
pub(crate) use scalar::{encoded_scalar, is_marked, span_of_chars};
pub(crate) use splice::spliced;

/// Mends a log.
///
/// # Errors
/// All that is wrong with the edits, or why the log can't be read or written; then nothing is made.
pub fn mend(log: &LogBytes<'_>, edits: &[Edit], target: MendTarget, project: &Project) -> Result<Mended, MendError> {
    if find::is_workbook_name(log.name) {
        return book::mend(log, edits, target, project);
    }
    if target == MendTarget::Csv {
        return Err(MendError::NoSheets);
    }
    let source = read_text(log, log.bytes.to_vec(), project)?;
    let misplaced = edits.iter().filter(|edit| edit.place.sheet.is_some());
    let mut faults: Vec<EditFault> = misplaced.map(|edit| EditFault::new(edit, What::NoWorkbook)).collect();
    faults.extend(values_of_text(edits));
    if !faults.is_empty() {
        return Err(MendError::Faults(faults));
    }
    let (form, encoding) = (source.form, source.encoding().ok_or(MendError::Encoding)?);
    let raw = source.bytes().map_err(|error| MendError::Broken(error.to_string()))?;
    let text = source.read_to_string().map_err(|error| MendError::Broken(error.to_string()))?;
    let before = Before { source: &source, raw: &raw, text: &text, encoding };
    let (bytes, cells) = match form {
        Form::Table => table::mend(&before, edits, project)?,
        Form::Tree => tree::mend(&before, edits, project)?,
    };
    let again = read_text(&LogBytes { name: inner_name(log.name), bytes: &bytes, ..*log }, bytes.clone(), project)?;
    let text = again.read_to_string().map_err(|error| MendError::Broken(error.to_string()))?;
    match form {
        Form::Table => table::compare(&before, &again, &text, edits, project)?,
        Form::Tree => tree::compare(&before, &text, edits, project)?,
    }
    let bytes = if find::is_gzip_name(log.name) { packed(&bytes)? } else { bytes };
    Ok(Mended { bytes, cells, ..Mended::default() })
}

/// The name of what a compressed file holds.
fn inner_name(name: &str) -> &str {
    if find::is_gzip_name(name) { name.get(..name.len() - 3).unwrap_or(name) } else { name }
}

/// Reads a log as `check` reads it, so that its encoding and its delimiter are known.
fn read_text(log: &LogBytes<'_>, bytes: Vec<u8>, project: &Project) -> Result<Source, MendError> {
    let source = if let Some(form) = log.form {
        Source::text(log.name, bytes, form)
    } else {
        let choice = Choice { wanted: &[], is_log: &|_| false };
        let mut found = find::in_bytes(log.name, bytes, &choice).map_err(MendError::Find)?;
        found.pop().ok_or(MendError::NoSheets)?
    };
    let mut sources = Sources::default();
    let id: SourceId = sources.add(source);
    let broken = |error: crate::source::SourceError| MendError::Broken(error.to_string());
    log::read(&mut sources, id, project, &mut faults::Faults::default(), |_| {}).map_err(broken)?;
    sources.into_iter().next().ok_or(MendError::NoSheets)
}

/// What can't be a value of any log: characters that nobody sees.
fn values_of_text(edits: &[Edit]) -> impl Iterator<Item = EditFault> + '_ {
    edits.iter().filter_map(|edit| {
        let bad = edit.value.chars().find(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r'));
        bad.map(|c| EditFault::new(edit, What::Control(c)))
    })
}

fn packed(bytes: &[u8]) -> Result<Vec<u8>, MendError> {
    use std::io::Write as _;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    let written = encoder.write_all(bytes).and_then(|()| encoder.finish());
    written.map_err(|error| MendError::Broken(error.to_string()))
}

#[cfg(test)]
mod tests;
