//! `check --annotate`: the logs as a workbook, with their faults marked.

use crate::cli::check::marked::{MarkedRow, MarkedTable};
use crate::fault::{Fault, Severity, words};
use crate::source::Sources;
use crate::words::lang::Lang;
use crate::write::{Annotated, AnnotatedRow, Remark};

/// The tables as sheets. Faults without a row are left out; `check` reports them.
pub(super) fn sheets(tables: Vec<MarkedTable<'_>>, sources: &Sources, lang: Lang) -> Vec<Annotated> {
    let with_rows = tables.into_iter().filter(|table| !table.rows.is_empty());
    with_rows
        .map(|table| {
            let source = sources.get(table.source);
            let name = source.sheet.as_ref().map_or(&source.name, |sheet| &sheet.name).clone();
            let row = |MarkedRow { cells, marks, .. }| AnnotatedRow {
                cells,
                remarks: marks.iter().map(|mark| remark(mark.cell, mark.fault, lang)).collect(),
            };
            Annotated { name, rows: table.rows.into_iter().map(row).collect(), header: table.header }
        })
        .collect()
}

fn remark(cell: Option<usize>, fault: &Fault, lang: Lang) -> Remark {
    let words = words(&fault.what, fault.field, lang);
    let help = words.help.map_or_else(String::new, |help| lang.pick(format!("；{help}"), format!("; {help}")));
    let text = format!("{} {}{help}", fault.what.code(), words.message);
    Remark { cell, is_error: fault.severity == Severity::Error, text }
}
