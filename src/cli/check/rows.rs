//! `check --format json --rows`: the logs as they stand beside their faults, for a program that shows both.

use crate::cli::check::marked::{MarkedRow, MarkedTable};
use crate::fault::emit::{ReportedFault, ReportedRow, ReportedTable};
use crate::fault::{Fault, words};
use crate::source::{Form, Sources};
use crate::words::lang::Lang;

/// The tables of a report.
pub(super) fn reported(tables: Vec<MarkedTable<'_>>, sources: &Sources, lang: Lang) -> Vec<ReportedTable> {
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
    tables.into_iter().map(of_table).collect()
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
