//! `check --format json --rows`: the logs as they stand beside their faults, for a program that shows both.

use std::collections::HashMap;

use crate::cli::check::marked::{self, Mark, MarkedRow, MarkedTable};
use crate::cli::logs::Logs;
use crate::cli::session::Session;
use crate::fault::emit::{ReportedFault, ReportedRow, ReportedTable};
use crate::fault::{Fault, FaultKind, Faults, words};
use crate::log::{self, with_other_value};
use crate::model::{Entry, Field};
use crate::place::SourceId;
use crate::project::Project;
use crate::source::{Form, SourceError, Sources};
use crate::words::lang::Lang;
use crate::words::symbol::Symbol;

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
    let of_table = |MarkedTable { source, columns, header, rows, whole }| {
        let units = units(&mut logs.sources, source, &session.project)?;
        let source = logs.sources.get(source);
        let column = columns.iter().position(|key| *key == Some(Field::Unit.key()));
        let of_row = |MarkedRow { line, cells, marks }| {
            let faults = marks.iter().map(|mark| of_fault(mark, &cells, &marks, lang)).collect();
            let shown = column.and_then(|column| cells.get(column)).map_or("", |cell| cell.trim());
            let unit = units.get(&line).map(|unit| unit.as_str()).filter(|unit| *unit != shown).map(str::to_owned);
            ReportedRow { line, cells, unit, faults }
        };
        Ok(ReportedTable {
            file: source.name.clone(),
            sheet: source.sheet.as_ref().map(|sheet| sheet.name.clone()),
            form: if source.form == Form::Tree { "tree" } else { "table" },
            header,
            columns,
            rows: rows.into_iter().map(of_row).collect(),
            faults: whole.into_iter().map(|fault| of_fault(&Mark { cell: None, fault }, &[], &[], lang)).collect(),
        })
    };
    tables.into_iter().map(of_table).collect()
}

/// The units of a log's issues as they are read, by the line of the row.
fn units(sources: &mut Sources, id: SourceId, project: &Project) -> Result<HashMap<u32, Symbol>, SourceError> {
    let mut units = HashMap::new();
    log::read(sources, id, project, &mut Faults::default(), |entry| {
        if let Entry::Issue(issue) = entry {
            units.extend(issue.values(Field::Unit).first().map(|unit| (issue.row.line.get(), *unit)));
        }
    })?;
    Ok(units)
}

/// A fault of a row with these cells and marks.
fn of_fault(mark: &Mark<'_>, cells: &[String], marks: &[Mark<'_>], lang: Lang) -> ReportedFault {
    let &Mark { cell, fault } = mark;
    let text = cell.and_then(|at| cells.get(at)).map_or("", String::as_str);
    let word = value_of(fault).filter(|value| with_other_value(text, value, value).is_some());
    // All that is wrong in the cell is mended at once: what is offered for one of its values keeps no other that is wrong.
    let mended = word.and(fault.what.near()).map(|_| {
        let here = marks.iter().filter(|mark| mark.cell == cell);
        let pairs = here.filter_map(|mark| Some((value_of(mark.fault)?, mark.fault.what.near()?)));
        pairs.fold(text.to_owned(), |text, (value, near)| with_other_value(&text, value, near).unwrap_or(text))
    });
    let words = words(&fault.what, fault.field, lang);
    ReportedFault {
        code: fault.what.code(),
        severity: fault.severity,
        cell,
        message: words.message,
        help: words.help,
        near: fault.what.near().map(str::to_owned).into_iter().collect(),
        word: word.map(str::to_owned),
        mended: mended.into_iter().collect(),
    }
}

/// The value that a fault is about.
fn value_of(fault: &Fault) -> Option<&str> {
    match &fault.what {
        FaultKind::Value { text, .. } => Some(text),
        _ => None,
    }
}
