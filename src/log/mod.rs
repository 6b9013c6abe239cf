//! Stage 2: text to located rows to records. The door is [`read`]; nobody goes deeper.
//!
//! - `csv`: records of a table with their true lines
//! - `table`: title rows, header, totals, signatures
//! - `heading`: where the header is, one row of two or three
//! - `header`: header cells to fields
//! - `yaml`: records of YAML and JSON
//! - `record`: rows to issues, inspections, measures; every cell is tried
//!
//! One stream: a file is read from its start to its end, each record is handed on and forgotten.

mod csv;
mod header;
mod heading;
mod record;
mod table;
mod yaml;

use chrono::NaiveDate;

use crate::fault::{Faults, What};
use crate::fold::Fold;
use crate::model::Entry;
use crate::place::{OneBased, Place, SourceId};
use crate::project::Project;
use crate::source::{Form, Sheet, SourceError, Sources};
use record::Recorder;
pub use yaml::SECTIONS;

/// So many runs of hidden rows are named.
const HIDDEN_SHOWN: usize = 8;

/// Reads one log and hands on every record, in the order of the file. `today` is the day that dates
/// without a year are near to. Faults of the log go to `faults`; none of them stops the others.
///
/// # Errors
/// The file can't be read by the system.
pub fn read(
    sources: &mut Sources,
    id: SourceId,
    project: &Project,
    today: NaiveDate,
    faults: &mut Faults,
    mut each: impl FnMut(Entry<'_>),
) -> Result<(), SourceError> {
    if let Err(fault) = sources.get_mut(id).decide_encoding()? {
        let place = Place::line(id, OneBased::from_one(fault.line));
        faults.add(place, What::Encoding { offset: fault.offset, byte: fault.byte });
        return Ok(());
    }
    if let Some(sheet) = &sources.get(id).sheet {
        tell_of_sheet(sheet, id, faults);
    }
    let mut recorder = Recorder::new(project, today);
    match sources.get(id).form {
        Form::Tree => yaml::read(sources.get(id), id, &mut recorder, faults, &mut each),
        Form::Table => {
            let source = sources.get(id);
            let read = table::read(source.open()?, id, &mut recorder, faults, &mut each);
            let delimiter = read.map_err(|cause| sources.get(id).error(cause))?;
            sources.get_mut(id).delimiter = delimiter;
            Ok(())
        }
    }
}

/// What of a workbook does not show, and what of it was not read.
fn tell_of_sheet(sheet: &Sheet, id: SourceId, faults: &mut Faults) {
    if let Some(first) = sheet.hidden.first() {
        let mut runs: Vec<(u32, u32)> = Vec::new();
        for row in &sheet.hidden {
            match runs.last_mut() {
                Some((_, last)) if *last + 1 == *row => *last = *row,
                _ => runs.push((*row, *row)),
            }
        }
        let run =
            |(first, last): &(u32, u32)| if first == last { first.to_string() } else { format!("{first}–{last}") };
        let mut rows: Vec<String> = runs.iter().take(HIDDEN_SHOWN).map(run).collect();
        rows.extend((runs.len() > HIDDEN_SHOWN).then(|| "…".to_owned()));
        let what = What::HiddenRows { rows: rows.join(", "), count: sheet.hidden.len() };
        faults.add(Place::line(id, OneBased::from_one(*first)), what);
    }
    for sheet in &sheet.left {
        faults.add(Place::file(id), What::UnreadSheet { sheet: sheet.clone() });
    }
}

/// Whether a table, by its first rows, is a log. A list of units or a summary is none.
#[must_use]
pub fn looks_like_log(head: &[u8], project: &Project) -> bool {
    heading::looks_like_log(head, project)
}

/// Tells whether a text names a field of an issue or an inspection, as the header of a column does.
pub fn header_words(project: &Project) -> impl Fn(&str) -> bool {
    let headers = header::Headers::new(project);
    move |text| {
        let kinds = [header::RecordKind::Issue, header::RecordKind::Inspection, header::RecordKind::Measure];
        kinds.into_iter().any(|kind| !headers.find(kind, text).is_empty())
    }
}

/// Reads all logs into a fold. Each file gets a fold of its own, merged in the order of the files, so
/// that files can be worked on side by side without a different answer.
///
/// # Errors
/// A file can't be read by the system.
pub fn fold<F: for<'r> Fold<Entry<'r>>>(
    sources: &mut Sources,
    ids: &[SourceId],
    project: &Project,
    today: NaiveDate,
    faults: &mut Faults,
    fresh: impl Fn() -> F,
) -> Result<F, SourceError> {
    let mut whole = fresh();
    for id in ids {
        let mut part = fresh();
        let mut found = faults.fresh();
        read(sources, *id, project, today, &mut found, |entry| part.push(&entry))?;
        faults.append(found);
        whole.merge(part);
    }
    Ok(whole)
}
