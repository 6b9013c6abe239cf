//! `check --format json --rows`: the logs as they stand beside their faults, for a program that shows both.

use crate::cli::check::marked::{self, MarkedRow, MarkedTable};
use crate::cli::logs::Logs;
use crate::cli::session::Session;
use crate::fault::emit::{ReportedFault, ReportedRow, ReportedTable};
use crate::fault::{Fault, Faults, words};
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
        let of_row = |MarkedRow { line, cells, marks }| ReportedRow {
            line,
            cells,
            faults: marks.iter().map(|mark| of_fault(mark.cell, mark.fault, lang)).collect(),
        };
        ReportedTable {
            file: source.name.clone(),
            sheet: source.sheet.as_ref().map(|sheet| sheet.name.clone()),
            form: if source.form == Form::Tree { "tree" } else { "table" },
            header,
            columns,
            rows: rows.into_iter().map(of_row).collect(),
            faults: whole.into_iter().map(|fault| of_fault(None, fault, lang)).collect(),
        }
    };
    Ok(tables.into_iter().map(of_table).collect())
}

fn of_fault(cell: Option<usize>, fault: &Fault, lang: Lang) -> ReportedFault {
    let words = words(&fault.what, fault.field, lang);
    ReportedFault {
        code: fault.what.code(),
        severity: fault.severity,
        cell,
        message: words.message,
        help: words.help,
        near: fault.what.near().map(str::to_owned).into_iter().collect(),
    }
}
