//! `check --annotate`: the tables back, with their faults marked.

use std::collections::BTreeMap;

use crate::fault::{Faults, Severity, words};
use crate::place::{SourceId, Spot};
use crate::source::{Form, SourceError, Sources, cells};
use crate::words::lang::Lang;
use crate::write::{Annotated, AnnotatedRow, Remark};

/// The tables of a run, row by row, with what is wrong where it is wrong. What has no row (a file in no encoding, a
/// YAML log) is not here; `check` tells it in words.
pub(super) fn tables(
    sources: &Sources,
    ids: &[SourceId],
    faults: &Faults,
    lang: Lang,
) -> Result<Vec<Annotated>, SourceError> {
    let mut by_line: BTreeMap<(SourceId, u32), Vec<Remark>> = BTreeMap::new();
    for fault in faults.sorted() {
        let said = words(&fault.what, fault.field, lang);
        let help = said.help.map_or_else(String::new, |help| lang.pick(format!("；{help}"), format!("; {help}")));
        let remark = Remark {
            cell: match fault.place.spot {
                Spot::Cell(cell) => Some(usize::from(cell)),
                _ => None,
            },
            is_error: fault.severity == Severity::Error,
            text: format!("{} {}{help}", fault.what.code(), said.message),
        };
        by_line.entry((fault.place.source, fault.place.line.get())).or_default().push(remark);
    }
    let mut files = Vec::new();
    for id in ids.iter().filter(|id| sources.get(**id).form == Form::Table) {
        let source = sources.get(*id);
        let text = source.read_to_string()?;
        let Some(records) = cells::records(&text, source.delimiter) else { continue };
        let rows = records.into_iter().map(|record| AnnotatedRow {
            cells: record
                .cells
                .iter()
                .map(|cell| cells::value(text.get(cell.span.clone()).unwrap_or_default()).replace('\u{2028}', "\n"))
                .collect(),
            remarks: by_line.remove(&(*id, record.line)).unwrap_or_default(),
        });
        let name = source.sheet.as_ref().map_or(&source.name, |sheet| &sheet.name).clone();
        files.push(Annotated { name, rows: rows.collect() });
    }
    Ok(files)
}
