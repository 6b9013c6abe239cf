//! Edits in CSV: every other byte stays.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::delimited::text;
use crate::log;
use crate::mend::edit::Edit;
use crate::mend::fault::{EditFault, MendError, What};
use crate::mend::grid::{CellAt, Grid, Names};
use crate::mend::input::Before;
use crate::mend::outcome::{MendedCell, with_plain_breaks};
use crate::mend::splice::spliced;
use crate::project::Project;
use crate::source::Source;

/// Returns the bytes of a table with new values of cells, and the cells.
pub(super) fn mend(
    before: &Before<'_>,
    edits: &[Edit],
    project: &Project,
) -> Result<(Vec<u8>, Vec<MendedCell>), MendError> {
    let grid = Grid::new(before.text, before.source.delimiter, project)?;
    let found = cells(&grid, edits, &log::own_header_fields(project), before)?;
    let mut replaced: Vec<(Range<usize>, String)> = Vec::new();
    // What stands behind the last cell of rows that are too short.
    let mut added: BTreeMap<u32, BTreeMap<usize, &str>> = BTreeMap::new();
    for (at, edit) in &found {
        if grid.shows(*at) == edit.value {
            continue;
        }
        match (grid.record(at.line).and_then(|record| record.cells.get(at.cell)), grid.raw(*at)) {
            (Some(span), Some(raw)) => {
                let encoded = text::encoded(&edit.value, grid.delimiter, raw.starts_with('"'));
                replaced.push((span.clone(), encoded));
            }
            _ => {
                added.entry(at.line).or_default().insert(at.cell, &edit.value);
            }
        }
    }
    for (line, values) in &added {
        let Some(record) = grid.record(*line) else { continue };
        let (Some(last), Some(widest)) = (record.cells.last(), values.keys().next_back()) else { continue };
        let mut behind = String::new();
        for cell in record.cells.len()..=*widest {
            behind.push(char::from(grid.delimiter));
            behind += &text::encoded(values.get(&cell).copied().unwrap_or_default(), grid.delimiter, false);
        }
        replaced.push((last.end..last.end, behind));
    }
    replaced.sort_by_key(|(range, _)| (range.start, range.end));
    let pieces = replaced.iter().map(|(range, new)| (range.clone(), new.as_str()));
    let bytes = spliced(before.raw, before.text, before.encoding, pieces);
    let bytes = bytes.map_err(|_| MendError::Broken(before.encoding.name().to_owned()))?;
    Ok((bytes, told(&grid, &found)))
}

/// The cells of the edits.
///
/// # Errors
/// All that is wrong with them.
fn cells<'e>(
    grid: &Grid<'_>,
    edits: &'e [Edit],
    names: &Names<'_>,
    before: &Before<'_>,
) -> Result<BTreeMap<CellAt, &'e Edit>, MendError> {
    let (mut found, mut faults) = (BTreeMap::new(), Vec::new());
    for edit in edits {
        let at = match grid.find(&edit.place, names) {
            Ok(at) if grid.record(at.line).is_none() => Err(What::NoLine),
            Ok(at) if !grid.is_within(at) => Err(What::NoSuchColumn),
            found => found,
        };
        let at = match at {
            Ok(at) => at,
            Err(what) => {
                faults.push(EditFault::new(edit, what));
                continue;
            }
        };
        faults.extend(before.faults_of(edit, &grid.shows(at)));
        if found.insert(at, edit).is_some() {
            faults.push(EditFault::new(edit, What::Twice));
        }
    }
    if faults.is_empty() { Ok(found) } else { Err(MendError::Faults(faults)) }
}

fn told(grid: &Grid<'_>, found: &BTreeMap<CellAt, &Edit>) -> Vec<MendedCell> {
    let changed = found.iter().filter(|(at, edit)| grid.shows(**at) != edit.value);
    changed
        .map(|(at, edit)| MendedCell {
            place: edit.place.to_string(),
            old: grid.shows(*at).into_owned(),
            new: edit.value.clone(),
        })
        .collect()
}

/// Holds the mended table against the one before: the edited cells have their values, all others theirs.
pub(super) fn compare(
    before: &Before<'_>,
    again: &Source,
    text: &str,
    edits: &[Edit],
    project: &Project,
) -> Result<(), MendError> {
    let old = Grid::new(before.text, before.source.delimiter, project)?;
    let found = cells(&old, edits, &log::own_header_fields(project), before)?;
    let new = Grid::new(text, again.delimiter, project)?;
    if new.records.len() != old.records.len() {
        let place = before.source.name.clone();
        return Err(MendError::Changed(place));
    }
    for (was, is) in old.records.iter().zip(&new.records) {
        for cell in 0..was.cells.len().max(is.cells.len()) {
            let at = CellAt { line: was.line.get(), cell };
            let expected = found.get(&at).map_or_else(|| old.shows(at), |edit| edit.value.as_str().into());
            let read = new.shows(CellAt { line: is.line.get(), cell });
            if with_plain_breaks(&expected) != with_plain_breaks(&read) {
                return Err(MendError::Changed(before.source.line_name(was.line)));
            }
        }
    }
    Ok(())
}
