//! A document that was sent out, beside what the logs of today make of it.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::Value;

use crate::cli::documents;
use crate::cli::session::Session;
use crate::cli::write::remade::{Remade, RemakeRequest, Remaker};
use crate::cli::write::unheard::{LogRows, all_rows};
use crate::dataset::{Figure, FigureSheet};
use crate::drift::report::DocumentDrift;
use crate::drift::{DriftInput, judge};
use crate::query::CORRECTION;
use crate::register::{Past, RegisterEntry, RegisterStatus};

/// A document and what the logs of today make of it.
pub(in crate::cli) struct Compared {
    pub(in crate::cli) drift: DocumentDrift,
    /// Its figures.
    pub(in crate::cli) then: FigureSheet,
    /// Those that the logs of today give as of its day; nothing if it would not be written.
    pub(in crate::cli) own_day: Option<FigureSheet>,
}

/// Makes a document again and compares it as of its day and another.
///
/// # Errors
/// Why that can't be done, in a line.
pub(in crate::cli) fn compared(
    entry: &RegisterEntry,
    entries: &[RegisterEntry],
    (day, remaker): (NaiveDate, Remaker),
    session: &mut Session<'_>,
) -> Result<Compared, String> {
    let lang = session.lang;
    let (file, then) = documents::figures(entry, session)?;
    let run = documents::run_options(&then, session)?;
    let root = session.project.root.clone();
    let past = || Past::before(&root, entry.line).map_err(|error| error.text(lang));
    let mut again = |as_of: NaiveDate| -> Result<Option<FigureSheet>, String> {
        let request = RemakeRequest {
            root: root.clone(),
            run: &run,
            as_of,
            past: Some(past()?),
            is_draft: false,
            figures_only: true,
        };
        let made = remaker(request, session)?;
        let same = |made: &Remade| made.facts.kind == entry.kind && made.facts.unit == entry.unit;
        Ok(made.into_iter().find(same).map(|made| made.sheet))
    };
    let own_day = again(entry.date)?;
    let today = if day > entry.date { again(day)? } else { None };
    let LogRows { rows, errors } = all_rows((&root, &run), (&entry.kind, entry.date), past()?, session)?;
    let corrected = corrected(entry, entries, session);
    let input = DriftInput {
        then: &then,
        own_day: own_day.as_ref(),
        today: today.as_ref(),
        rows: &rows,
        corrected: &corrected,
    };
    let drift = DocumentDrift { figures_file: Some(file), errors, ..judge(&input) };
    Ok(Compared { drift, then, own_day })
}

/// The figures of a document that corrections have put right, with the values that the last of them gave.
fn corrected(entry: &RegisterEntry, entries: &[RegisterEntry], session: &Session<'_>) -> BTreeMap<usize, Value> {
    let corrects = |other: &&RegisterEntry| {
        other.status != RegisterStatus::Void
            && other.corrects.as_ref().is_some_and(|of| of.document == entry.fingerprint())
    };
    let sheets = entries.iter().filter(corrects).filter_map(|other| documents::figures(other, session).ok());
    let figures = sheets.flat_map(|(_, sheet)| sheet.figures).filter(|figure| figure.function == CORRECTION);
    let which = |figure: &Figure| figure.selection.get("figure").and_then(Value::as_u64);
    figures.filter_map(|figure| Some((usize::try_from(which(&figure)?).ok()?, figure.value))).collect()
}
