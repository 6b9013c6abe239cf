//! Mends what is mechanical in a log: the same meaning, in the one spelling. Everything else of the file stays byte for
//! byte, its encoding and line ends too.
//!
//! Enters: a table and what the office has declared. Leaves: [`Fixed`], the new bytes and each cell that was changed.
//! Workbooks and YAML are left alone: a workbook is mended in its program, and a YAML log is written by a machine or
//! by somebody who knows how.
//!
//! - `spelling`: the one spelling of a cell

mod spelling;

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::fault::Faults;
use crate::log;
use crate::model::Entry;
use crate::model::field::FIELDS;
use crate::model::row::Row;
use crate::place::SourceId;
use crate::project::Project;
use crate::source::cells;
use crate::source::decode::Encoding;
use crate::source::{Form, SourceError, Sources};
use spelling::Speller;

/// A cell that was changed.
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

/// Mends a log; nothing if there is nothing to mend, or nothing that can be mended without a person: a file that is no
/// table, in no encoding, or with a quote that is never closed.
///
/// # Errors
/// The file can't be read by the system.
pub fn fix(
    sources: &mut Sources,
    id: SourceId,
    project: &Project,
    today: NaiveDate,
) -> Result<Option<Fixed>, SourceError> {
    if sources.get(id).form != Form::Table {
        return Ok(None);
    }
    let speller = Speller::new(project);
    // By the line a record begins on: what each of its cells is to be.
    let mut wanted: BTreeMap<u32, Vec<(usize, String)>> = BTreeMap::new();
    let mut faults = Faults::default();
    log::read(sources, id, project, today, &mut faults, |entry| {
        let row: &Row = match &entry {
            Entry::Issue(issue) => &issue.row,
            Entry::Inspection(inspection) => &inspection.row,
            Entry::Measure(measure) => &measure.row,
            Entry::Declared(_) => return,
        };
        let fields = FIELDS.iter().filter_map(|info| Some((info.field, row.columns.get(info.field)?)));
        let changed = fields.filter_map(|(field, cell)| {
            let text = row.cell(cell);
            speller.spelling(field, &text).map(|new| (cell, new))
        });
        let mut cells: Vec<(usize, String)> = changed.collect();
        cells.sort();
        cells.dedup_by_key(|(cell, _)| *cell);
        wanted.insert(row.line.get(), cells);
    })?;
    let Some(encoding) = sources.get(id).encoding() else { return Ok(None) };
    let old = sources.get(id).read_to_string()?;
    let delimiter = sources.get(id).delimiter;
    let Some(records) = cells::records(&old, delimiter) else { return Ok(None) };
    let mut new = String::with_capacity(old.len());
    let (mut copied, mut changes) = (0, Vec::new());
    for record in &records {
        // Rows that are no records (titles, the header, totals) are left alone.
        let Some(cells) = wanted.get(&record.line) else { continue };
        for (index, cells::Cell { span, .. }) in record.cells.iter().enumerate().filter(|(_, cell)| !cell.is_odd) {
            let raw = old.get(span.clone()).unwrap_or_default();
            let value = cells::value(raw);
            let trimmed = value.trim_end_matches([' ', '\u{3000}', '\t']);
            let target = cells.iter().find(|(cell, _)| *cell == index).map_or(trimmed, |(_, new)| new.as_str());
            if target != value {
                new.push_str(old.get(copied..span.start).unwrap_or_default());
                new.push_str(&cells::written(target, delimiter, raw.starts_with('"')));
                copied = span.end;
                changes.push(Change { line: record.line, old: value.to_string(), new: target.to_owned() });
            }
        }
    }
    new.push_str(old.get(copied..).unwrap_or_default());
    let bytes = encoded(&new, encoding);
    Ok((!changes.is_empty()).then_some(Fixed { bytes, old, new, changes }))
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

/// The lines that changed, as `patch` reads them.
#[must_use]
pub fn diff(name: &str, fixed: &Fixed) -> String {
    use std::fmt::Write as _;
    let mut text = format!("--- {name}\n+++ {name}\n");
    // A change never adds or takes a line, so lines stand beside each other.
    for (line, (old, new)) in (1..).zip(fixed.old.split('\n').zip(fixed.new.split('\n'))) {
        if old != new {
            let _ = writeln!(text, "@@ -{line} +{line} @@\n-{old}\n+{new}");
        }
    }
    text
}

#[cfg(test)]
mod tests;
