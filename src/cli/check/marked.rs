//! The logs of a run as tables, with their faults at rows and cells.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::cli::logs::Logs;
use crate::delimited::text;
use crate::fault::{Fault, Faults};
use crate::log;
use crate::model::field::{FIELD_COUNT, FIELDS};
use crate::model::row::Row;
use crate::model::{Entry, Field};
use crate::place::{OneBased, Place, SourceId, Spot};
use crate::project::Project;
use crate::source::{Form, Source, SourceError};
use crate::words::lang::Lang;
use crate::words::symbol::Symbol;

/// A log, or a sheet of one.
pub(super) struct MarkedTable<'f> {
    pub(super) source: SourceId,
    /// The key of the field that each column holds.
    pub(super) columns: Vec<Option<&'static str>>,
    /// The row of the header, or its last one; `None` if there is none.
    pub(super) header: Option<usize>,
    /// All rows, as they stand.
    pub(super) rows: Vec<MarkedRow<'f>>,
    /// The faults of no row: of an unknown encoding, or of syntax.
    pub(super) whole: Vec<&'f Fault>,
}

/// A row, and what is wrong with it.
#[derive(Default)]
pub(super) struct MarkedRow<'f> {
    pub(super) line: u32,
    pub(super) cells: Vec<String>,
    pub(super) marks: Vec<Mark<'f>>,
}

/// A fault of a row.
pub(super) struct Mark<'f> {
    /// The cell, counted from 0; `None` for the row as a whole.
    pub(super) cell: Option<usize>,
    pub(super) fault: &'f Fault,
}

/// The faults by place; each is removed when the row that it belongs to is made.
type FaultsByPlace<'f> = BTreeMap<Place, Vec<&'f Fault>>;

/// Returns the logs of a run as rows with their faults.
///
/// # Errors
/// Fails if a log can't be read.
pub(super) fn tables<'f>(
    logs: &mut Logs,
    faults: &'f Faults,
    project: &Project,
    lang: Lang,
) -> Result<Vec<MarkedTable<'f>>, SourceError> {
    let mut open = FaultsByPlace::new();
    for fault in faults.sorted() {
        open.entry(fault.place).or_default().push(fault);
    }
    let mut tables = Vec::new();
    for id in logs.ids.clone() {
        let mut table = match logs.sources.get(id).form {
            Form::Table => of_table(logs.sources.get(id), id, project, &mut open)?,
            Form::Tree => of_tree(logs, id, project, &mut open, lang)?,
        };
        table.whole.extend(take(&mut open, id, 1..u32::MAX, |_| None).into_iter().map(|mark| mark.fault));
        tables.push(table);
    }
    Ok(tables)
}

/// The rows of a table as they stand; none if it can't be read.
fn of_table<'f>(
    source: &Source,
    id: SourceId,
    project: &Project,
    open: &mut FaultsByPlace<'f>,
) -> Result<MarkedTable<'f>, SourceError> {
    let mut table = MarkedTable { source: id, columns: Vec::new(), header: None, rows: Vec::new(), whole: Vec::new() };
    if source.encoding().is_none() {
        return Ok(table);
    }
    let text = source.read_to_string()?;
    let Ok(records) = text::records(&text, source.delimiter) else { return Ok(table) };
    if let Some((line, fields)) = log::header_fields(text.as_bytes(), source.delimiter, project) {
        table.header = records.iter().position(|record| record.line == line);
        table.columns = fields.into_iter().map(|field| field.map(Field::key)).collect();
    }
    // Faults on lines without a record go to the record before them, or to the first record.
    let starts: Vec<u32> = records.iter().skip(1).map(|record| record.line.get()).collect();
    let ends = starts.iter().copied().chain([u32::MAX]);
    let mut from = 1;
    table.rows = records
        .iter()
        .zip(ends)
        .map(|(record, end)| {
            let cells = record.values(&text).map(|value| value.replace('\u{2028}', "\n")).collect();
            let marks = take(open, id, std::mem::replace(&mut from, end)..end, |place| match place.spot {
                Spot::Cell(cell) => Some(usize::from(cell)),
                _ => None,
            });
            MarkedRow { line: record.line.get(), cells, marks }
        })
        .collect();
    Ok(table)
}

/// A row for each record of a YAML log: the line, then a column for each field or key that any record has.
fn of_tree<'f>(
    logs: &mut Logs,
    id: SourceId,
    project: &Project,
    open: &mut FaultsByPlace<'f>,
    lang: Lang,
) -> Result<MarkedTable<'f>, SourceError> {
    let mut rows: Vec<Row> = Vec::new();
    log::read(&mut logs.sources, id, project, &mut Faults::default(), |entry| match entry {
        Entry::Issue(issue) => rows.push(issue.row.into_row()),
        Entry::Inspection(inspection) => rows.push(inspection.row.into_row()),
        Entry::Measure(measure) => rows.push(measure.row.into_row()),
        Entry::Declared(_) => {}
    })?;
    let columns = TreeColumns::new(&rows);
    // First the faults of values. A value that the file sets for all records is marked in the first one.
    let mut marked: Vec<MarkedRow<'f>> = Vec::with_capacity(rows.len() + 1);
    for row in &rows {
        let mut marks = Vec::new();
        for (cell, spot) in row.spots.iter().enumerate() {
            let column = columns.column_of(row, cell);
            marks.extend(open.remove(spot).into_iter().flatten().map(|fault| Mark { cell: column, fault }));
        }
        marked.push(MarkedRow { line: row.line.get(), cells: columns.cells(row), marks });
    }
    // Then those on the lines of each record, up to the next; those before the first record belong to the whole file.
    for (at, row) in rows.iter().enumerate() {
        let end = rows.get(at + 1).map_or(u32::MAX, |next| next.line.get().max(row.line.get() + 1));
        marked[at].marks.extend(take(open, id, row.line.get()..end, |_| None));
    }
    let before = take(open, id, 1..u32::MAX, |_| None);
    marked.insert(0, MarkedRow { line: 1, cells: columns.heads(lang), marks: before });
    Ok(MarkedTable { source: id, columns: columns.keys(), header: Some(0), rows: marked, whole: Vec::new() })
}

/// Removes and returns the faults on a range of lines, each with its cell.
fn take<'f>(
    open: &mut FaultsByPlace<'f>,
    id: SourceId,
    lines: Range<u32>,
    cell_of: impl Fn(Place) -> Option<usize>,
) -> Vec<Mark<'f>> {
    let from = Place::line(id, OneBased::from_one(lines.start));
    let here = open.range(from..).take_while(|(place, _)| place.source == id && place.line.get() < lines.end);
    let places: Vec<Place> = here.map(|(place, _)| *place).collect();
    let found = places.into_iter().flat_map(|place| {
        let cell = cell_of(place);
        open.remove(&place).into_iter().flatten().map(move |fault| Mark { cell, fault })
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

    fn keys(&self) -> Vec<Option<&'static str>> {
        let fields = FIELDS.iter().filter(|info| self.of_field[info.field as usize].is_some());
        [None].into_iter().chain(fields.map(|info| Some(info.key))).chain(self.extra.iter().map(|_| None)).collect()
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
