//! `duban drift`: makes documents again from the logs of today, and tells what they would say.

use chrono::NaiveDate;
use serde::Serialize;

use crate::cli::args::{DriftArgs, TextOrJson};
use crate::cli::session::Session;
use crate::cli::write::{compared, remade};
use crate::cli::{ExitStatus, Stop, documents, register as cli_register};
use crate::drift::report::{self, DocumentDrift};
use crate::register::RegisterEntry;

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
    let wanted: Vec<&RegisterEntry> = if args.all {
        documents::dispatched(&entries).collect()
    } else if args.documents.is_empty() {
        documents::dispatched(&entries).next_back().into_iter().collect()
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
    let compared = compared(entry, entries, (day, remade), session);
    let mut drift = compared.map_or_else(
        |why| DocumentDrift { not_judged: Some(why), ..DocumentDrift::default() },
        |compared| compared.drift,
    );
    (drift.number, drift.title) = (entry.number.clone(), entry.title.clone());
    drift.as_of = entry.date.to_string();
    drift
}
