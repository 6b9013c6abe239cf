//! `check --annotate`: the logs as tables, with their faults marked.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::cli::logs::Logs;
use crate::delimited::text;
use crate::fault::{Faults, Severity, words};
use crate::log;
use crate::model::Entry;
use crate::model::field::{FIELD_COUNT, FIELDS};
use crate::model::row::Row;
use crate::place::{OneBased, Place, SourceId, Spot};
use crate::project::Project;
use crate::source::{Form, Source, SourceError};
use crate::words::lang::Lang;
use crate::words::symbol::Symbol;
use crate::write::{Annotated, AnnotatedRow, Remark};

/// The remarks by place; each is removed when the row that it belongs to is made.
type Remarks = BTreeMap<Place, Vec<Remark>>;

/// Returns the logs of a run as rows with remarks. Faults without a row, such as an unreadable encoding or a syntax
/// error, are left out; `check` reports them.
///
/// # Errors
/// Fails if a log can't be read.
pub(super) fn tables(
    logs: &mut Logs,
    faults: &Faults,
    project: &Project,
    lang: Lang,
) -> Result<Vec<Annotated>, SourceError> {
    let mut remarks = Remarks::new();
    for fault in faults.sorted() {
        let words = words(&fault.what, fault.field, lang);
        let help = words.help.map_or_else(String::new, |help| lang.pick(format!("；{help}"), format!("; {help}")));
        let text = format!("{} {}{help}", fault.what.code(), words.message);
        let remark = Remark { cell: None, is_error: fault.severity == Severity::Error, text };
        remarks.entry(fault.place).or_default().push(remark);
    }
    let mut files = Vec::new();
    for id in logs.ids.clone() {
        let (rows, header) = match logs.sources.get(id).form {
            Form::Table => rows_of_table(logs.sources.get(id), id, project, &mut remarks)?,
            Form::Tree => (rows_of_tree(logs, id, project, &mut remarks, lang)?, Some(0)),
        };
        let source = logs.sources.get(id);
        let name = source.sheet.as_ref().map_or(&source.name, |sheet| &sheet.name).clone();
        files.extend((!rows.is_empty()).then_some(Annotated { name, rows, header }));
    }
    Ok(files)
}

/// Returns the rows of a table as they are, and which of them is the header.
fn rows_of_table(
    source: &Source,
    id: SourceId,
    project: &Project,
    remarks: &mut Remarks,
) -> Result<(Vec<AnnotatedRow>, Option<usize>), SourceError> {
    let text = source.read_to_string()?;
    let Ok(records) = text::records(&text, source.delimiter) else { return Ok((Vec::new(), None)) };
    let header = log::header_line(text.as_bytes(), source.delimiter, project);
    let header = header.and_then(|line| records.iter().position(|record| record.line == line));
    // Remarks on lines without a record go to the record before them, or to the first record.
    let starts: Vec<u32> = records.iter().skip(1).map(|record| record.line.get()).collect();
    let ends = starts.iter().copied().chain([u32::MAX]);
    let mut from = 1;
    let rows = records.iter().zip(ends).map(|(record, end)| {
        let cells = record.values(&text).map(|value| value.replace('\u{2028}', "\n")).collect();
        let here = take(remarks, id, std::mem::replace(&mut from, end)..end, |place| match place.spot {
            Spot::Cell(cell) => Some(usize::from(cell)),
            _ => None,
        });
        AnnotatedRow { cells, remarks: here }
    });
    Ok((rows.collect(), header))
}

/// Returns a row for each record of a YAML log: the line, then a column for each field or key that any record has.
fn rows_of_tree(
    logs: &mut Logs,
    id: SourceId,
    project: &Project,
    remarks: &mut Remarks,
    lang: Lang,
) -> Result<Vec<AnnotatedRow>, SourceError> {
    let mut rows: Vec<Row> = Vec::new();
    log::read(&mut logs.sources, id, project, &mut Faults::default(), |entry| match entry {
        Entry::Issue(issue) => rows.push(issue.row.into_row()),
        Entry::Inspection(inspection) => rows.push(inspection.row.into_row()),
        Entry::Measure(measure) => rows.push(measure.row.into_row()),
        Entry::Declared(_) => {}
    })?;
    let columns = TreeColumns::new(&rows);
    // First the remarks on values. A value that the file sets for all records is marked in the first one.
    let mut annotated: Vec<AnnotatedRow> = Vec::with_capacity(rows.len() + 1);
    for row in &rows {
        let mut here = Vec::new();
        for (cell, spot) in row.spots.iter().enumerate() {
            let column = columns.column_of(row, cell);
            here.extend(remarks.remove(spot).into_iter().flatten().map(|remark| Remark { cell: column, ..remark }));
        }
        annotated.push(AnnotatedRow { cells: columns.cells(row), remarks: here });
    }
    // Then those on the lines of each record, up to the next; those before the first record belong to the whole file.
    for (at, row) in rows.iter().enumerate() {
        let end = rows.get(at + 1).map_or(u32::MAX, |next| next.line.get().max(row.line.get() + 1));
        annotated[at].remarks.extend(take(remarks, id, row.line.get()..end, |_| None));
    }
    let before = take(remarks, id, 1..u32::MAX, |_| None);
    annotated.insert(0, AnnotatedRow { cells: columns.heads(lang), remarks: before });
    Ok(annotated)
}

/// Removes and returns the remarks on a range of lines, each with its cell.
fn take(
    remarks: &mut Remarks,
    id: SourceId,
    lines: Range<u32>,
    cell_of: impl Fn(Place) -> Option<usize>,
) -> Vec<Remark> {
    let from = Place::line(id, OneBased::from_one(lines.start));
    let here = remarks.range(from..).take_while(|(place, _)| place.source == id && place.line.get() < lines.end);
    let places: Vec<Place> = here.map(|(place, _)| *place).collect();
    let found = places.into_iter().flat_map(|place| {
        let cell = cell_of(place);
        remarks.remove(&place).into_iter().flatten().map(move |remark| Remark { cell, ..remark })
    });
    found.collect()
}

/// The columns of a YAML log: one for each field, then one for each key that matches no field.
struct TreeColumns {
    of_field: [Option<usize>; FIELD_COUNT],
    extra: Vec<Symbol>,
    fields: usize,
}

impl TreeColumns {
    fn new(rows: &[Row]) -> Self {
        let (mut of_field, mut fields, mut extra) = ([None; FIELD_COUNT], 0, Vec::new());
        for info in FIELDS.iter().filter(|info| rows.iter().any(|row| row.columns.get(info.field).is_some())) {
            fields += 1;
            // The line is the first column.
            of_field[info.field as usize] = Some(fields);
        }
        for row in rows {
            let serves = |cell: u16| FIELDS.iter().any(|info| row.columns.get(info.field) == Some(usize::from(cell)));
            for (name, _) in row.columns.extra.iter().filter(|(_, cell)| !serves(*cell)) {
                if !extra.contains(name) {
                    extra.push(*name);
                }
            }
        }
        Self { of_field, extra, fields }
    }

    fn heads(&self, lang: Lang) -> Vec<String> {
        let fields = FIELDS.iter().filter(|info| self.of_field[info.field as usize].is_some());
        let labels = fields.map(|info| info.field.label(lang).to_owned());
        let line = lang.pick("行", "Line").to_owned();
        [line].into_iter().chain(labels).chain(self.extra.iter().map(Symbol::to_string)).collect()
    }

    fn cells(&self, row: &Row) -> Vec<String> {
        let mut cells = vec![String::new(); 1 + self.fields + self.extra.len()];
        cells[0] = row.line.to_string();
        for cell in 0..row.len() {
            if let Some(column) = self.column_of(row, cell) {
                // U+001F separates the items of a list.
                cells[column] = row.cell(cell).trim_end_matches('\u{1f}').replace('\u{1f}', "、");
            }
        }
        cells
    }

    fn column_of(&self, row: &Row, cell: usize) -> Option<usize> {
        let field = FIELDS.iter().find(|info| row.columns.get(info.field) == Some(cell));
        if let Some(info) = field {
            return self.of_field[info.field as usize];
        }
        let (name, _) = row.columns.extra.iter().find(|(_, extra)| usize::from(*extra) == cell)?;
        Some(1 + self.fields + self.extra.iter().position(|known| known == name)?)
    }
}
