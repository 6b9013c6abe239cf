//! One source, read from its start to its end.

use crate::fault::{FaultKind, Faults};
use crate::log::record::Recorder;
use crate::log::sheet_look::{StruckParts, StruckRows, UtcDays};
use crate::log::{table, yaml};
use crate::model::Entry;
use crate::place::{OneBased, Place, SourceId};
use crate::project::Project;
use crate::source::{Form, Learned, OwnOutput, Sheet, Source, SourceError, Sources};

/// So many runs of rows are named.
const RUNS_SHOWN: usize = 8;

/// Reads one log and hands on every record, in the order of the file. Faults of the log go to `faults`; none of them stops the others.
///
/// # Errors
/// The file can't be read by the system.
pub fn read(
    sources: &mut Sources,
    id: SourceId,
    project: &Project,
    faults: &mut Faults,
    mut each: impl FnMut(Entry<'_>),
) -> Result<(), SourceError> {
    let learned = read_source(
        sources.get(id),
        id,
        &mut Recorder::new(project, Recorder::dictionary(project)),
        faults,
        &mut each,
    )?;
    sources.get_mut(id).learn(learned);
    Ok(())
}

/// The same for one source by itself; a recorder may serve several, one after another. Gives what was learned of it on the way.
pub(super) fn read_source(
    source: &Source,
    id: SourceId,
    recorder: &mut Recorder<'_>,
    faults: &mut Faults,
    each: &mut dyn FnMut(Entry<'_>),
) -> Result<Learned, SourceError> {
    recorder.begin(source);
    let encoding = match source.find_encoding()? {
        Ok(encoding) => encoding,
        Err(fault) => {
            let place = Place::line(id, OneBased::from_one(fault.line));
            faults.add(place, FaultKind::Encoding(fault));
            return Ok(Learned::default());
        }
    };
    if let Some(sheet) = &source.sheet {
        if sheet.own == Some(OwnOutput::Table) {
            faults.add(Place::file(id), FaultKind::OwnOutput { output: OwnOutput::Table });
            return Ok(Learned { encoding: Some(encoding), ..Learned::default() });
        }
        tell_of_sheet(sheet, id, faults);
    }
    let mut learned = Learned { encoding: Some(encoding), ..Learned::default() };
    match source.form {
        Form::Tree => yaml::read(source, encoding, id, recorder, faults, each)?,
        Form::Table => {
            let read = table::read(source.open_as(encoding)?, id, recorder, faults, each);
            let (delimiter, stated_on) = read.map_err(|cause| source.error(cause))?;
            (learned.delimiter, learned.stated_on) = (Some(delimiter), stated_on);
        }
    }
    Ok(learned)
}

/// What of a workbook does not show, and what of it was not read.
fn tell_of_sheet(sheet: &Sheet, id: SourceId, faults: &mut Faults) {
    if let Some(first) = sheet.hidden.first() {
        let what = FaultKind::HiddenRows { rows: runs(&sheet.hidden), count: sheet.hidden.len() };
        faults.add(Place::line(id, OneBased::from_one(*first)), what);
    }
    if let Some(first) = sheet.struck.first() {
        let what = StruckRows { rows: runs(&sheet.struck), count: sheet.struck.len() };
        faults.add(Place::line(id, OneBased::from_one(*first)), what);
    }
    if let Some((line, cell)) = sheet.struck_parts.first() {
        let mut rows: Vec<u32> = sheet.struck_parts.iter().map(|(line, _)| *line).collect();
        rows.dedup();
        let what = StruckParts { rows: runs(&rows), count: sheet.struck_parts.len() };
        faults.add(Place::cell(id, OneBased::from_one(*line), *cell), what);
    }
    if let Some(output) = sheet.own {
        faults.add(Place::file(id), FaultKind::OwnOutput { output });
    }
    if let Some((line, cell)) = sheet.utc_days {
        faults.add(Place::cell(id, OneBased::from_one(line), cell), UtcDays);
    }
    for sheet in &sheet.left {
        faults.add(Place::file(id), FaultKind::UnreadSheet { sheet: sheet.clone() });
    }
}

/// Lists rows, the first runs of them: `3, 5–7`.
fn runs(rows: &[u32]) -> String {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for row in rows {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == *row => *last = *row,
            _ => runs.push((*row, *row)),
        }
    }
    let run = |(first, last): &(u32, u32)| if first == last { first.to_string() } else { format!("{first}–{last}") };
    let mut rows: Vec<String> = runs.iter().take(RUNS_SHOWN).map(run).collect();
    rows.extend((runs.len() > RUNS_SHOWN).then(|| "…".to_owned()));
    rows.join(", ")
}
