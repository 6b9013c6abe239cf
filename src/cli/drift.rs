//! `duban drift`: makes documents again from the logs of today, and tells what they would say.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::Value;

use crate::cli::args::{DriftArgs, TextOrJson};
use crate::cli::session::Session;
use crate::cli::write::remake::{self, Remade, RemakeRequest};
use crate::cli::{ExitStatus, Stop, documents, register as cli_register};
use crate::dataset::FigureSheet;
use crate::drift::report::{self, DocumentDrift};
use crate::drift::{DriftInput, judge};
use crate::register::{Past, RegisterEntry, RegisterStatus};

/// The function of the figures that a correction puts right, and what its selection calls them.
pub(super) const CORRECTION: &str = "correction";

#[derive(Serialize)]
struct DriftReport<'r> {
    as_of: String,
    documents: &'r [DocumentDrift],
}

pub(super) fn run(args: &DriftArgs, session: &mut Session<'_>) -> Result<ExitStatus, Stop> {
    session.need_project()?;
    let entries = session.register_records()?;
    cli_register::tell_doubled(&entries, session)?;
    let day = session.as_of(args.as_of.as_deref())?;
    let standing = || entries.iter().filter(|entry| entry.status == RegisterStatus::Dispatched);
    let wanted: Vec<&RegisterEntry> = if args.all {
        standing().collect()
    } else if args.documents.is_empty() {
        standing().last().into_iter().collect()
    } else {
        documents::meant(&args.documents, &entries, session)?
    };
    if wanted.is_empty() {
        session.note(&session.pick("登记簿里还没有文书", "the register has no document yet"))?;
    }
    let mut drifts = Vec::new();
    for entry in wanted {
        drifts.push(of_document(entry, &entries, day, session));
    }
    let text = match args.format {
        TextOrJson::Text => report::text(&drifts, session.lang),
        TextOrJson::Json => {
            let report = DriftReport { as_of: day.to_string(), documents: &drifts };
            serde_json::to_string_pretty(&report)? + "\n"
        }
    };
    session.print(&text)?;
    let is_wrong = drifts.iter().any(DocumentDrift::was_wrong);
    Ok(if is_wrong { ExitStatus::Found } else { ExitStatus::Done })
}

/// What a document would say.
fn of_document(
    entry: &RegisterEntry,
    entries: &[RegisterEntry],
    day: NaiveDate,
    session: &mut Session<'_>,
) -> DocumentDrift {
    let mut drift = match compared(entry, entries, day, session) {
        Ok(Compared { drift, .. }) => drift,
        Err(why) => DocumentDrift { not_judged: Some(why), ..DocumentDrift::default() },
    };
    (drift.number, drift.title) = (entry.number.clone(), entry.title.clone());
    drift.as_of = entry.date.to_string();
    drift
}

/// A document and what the logs of today make of it.
pub(super) struct Compared {
    pub(super) drift: DocumentDrift,
    /// Its figures.
    pub(super) then: FigureSheet,
    /// Those that the logs of today give as of its day; nothing if it would not be written.
    pub(super) own_day: Option<FigureSheet>,
}

/// Makes a document again and compares it.
///
/// # Errors
/// Why that can't be done, in a line.
pub(super) fn compared(
    entry: &RegisterEntry,
    entries: &[RegisterEntry],
    day: NaiveDate,
    session: &mut Session<'_>,
) -> Result<Compared, String> {
    let lang = session.lang;
    let (file, then) = documents::figures(entry, session)?;
    let run = then.head.run.clone().ok_or_else(|| {
        lang.pick(
            "发文的版本没有记下当时的选项，无法重写",
            "the version that sent it out did not keep what was asked for, so it can't be made again",
        )
    })?;
    let root = session.project.root.clone();
    let mut again = |as_of: NaiveDate| -> Result<Option<FigureSheet>, String> {
        let past = Past::before(&root, entry.line).map_err(|error| error.text(lang))?;
        let request = RemakeRequest {
            root: root.clone(),
            run: &run,
            as_of,
            past: Some(past),
            is_draft: false,
            figures_only: true,
        };
        let made = remake::remade(request, session)?;
        let same = |made: &Remade| made.facts.kind == entry.kind && made.facts.unit == entry.unit;
        Ok(made.into_iter().find(same).map(|made| made.sheet))
    };
    let own_day = again(entry.date)?;
    let today = if day > entry.date { again(day)? } else { None };
    let rows = remake::all_rows((&root, &run), (&entry.kind, entry.date), session)?;
    let corrected = corrected(entry, entries, session);
    let input = DriftInput {
        then: &then,
        own_day: own_day.as_ref(),
        today: today.as_ref(),
        rows: &rows,
        corrected: &corrected,
    };
    let drift = DocumentDrift { figures_file: Some(file), ..judge(&input) };
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
    let which = |figure: &crate::dataset::Figure| figure.selection.get("figure").and_then(Value::as_u64);
    figures.filter_map(|figure| Some((usize::try_from(which(&figure)?).ok()?, figure.value))).collect()
}
