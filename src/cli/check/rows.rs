//! `check --format json --rows`: the logs as they stand beside their faults, for a program that shows both.

use crate::cli::check::marked::{self, Mark, MarkedRow, MarkedTable};
use crate::cli::logs::Logs;
use crate::cli::session::Session;
use crate::fault::emit::{ReportedFault, ReportedRow, ReportedTable};
use crate::fault::{FaultKind, Faults, words};
use crate::log::with_other_value;
use crate::source::{Form, SourceError};
use crate::words::lang::Lang;

/// The tables of a report.
///
/// # Errors
/// A log can't be read.
pub(super) fn reported(
    faults: &Faults,
    logs: &mut Logs,
    session: &Session<'_>,
) -> Result<Vec<ReportedTable>, SourceError> {
    let lang = session.lang;
    let tables = marked::tables(logs, faults, &session.project, lang)?;
    let sources = &logs.sources;
    let of_table = |MarkedTable { source, columns, header, rows, whole }| {
        let source = sources.get(source);
        let of_row = |MarkedRow { line, cells, marks }| {
            let text = |mark: &Mark<'_>| mark.cell.and_then(|at| cells.get(at)).map_or("", String::as_str);
            let faults = marks.iter().map(|mark| of_fault(mark, text(mark), lang)).collect();
            ReportedRow { line, cells, faults }
        };
        ReportedTable {
            file: source.name.clone(),
            sheet: source.sheet.as_ref().map(|sheet| sheet.name.clone()),
            form: if source.form == Form::Tree { "tree" } else { "table" },
            header,
            columns,
            rows: rows.into_iter().map(of_row).collect(),
            faults: whole.into_iter().map(|fault| of_fault(&Mark { cell: None, fault }, "", lang)).collect(),
        }
    };
    Ok(tables.into_iter().map(of_table).collect())
}

fn of_fault(&Mark { cell, fault }: &Mark<'_>, text: &str, lang: Lang) -> ReportedFault {
    let value = match &fault.what {
        FaultKind::Value { text: value, .. } => value,
        _ => "",
    };
    let with = |other: &str| with_other_value(text, value, other);
    let words = words(&fault.what, fault.field, lang);
    ReportedFault {
        code: fault.what.code(),
        severity: fault.severity,
        cell,
        message: words.message,
        help: words.help,
        near: fault.what.near().map(str::to_owned).into_iter().collect(),
        word: with(value).map(|_| value.to_owned()),
        mended: fault.what.near().and_then(with).into_iter().collect(),
    }
}
