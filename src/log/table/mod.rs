//! Tables: title rows, the header, the rows, totals and signatures. Shared by all table formats.

pub(super) mod find_header;
mod records;
mod words;

use std::io::{self, Read};
use std::sync::Arc;

use crate::delimited::scanner::{ReadOutcome, ScanBuffers};
use crate::fault::{FaultKind, Faults};
use crate::log::cache::row::RowPlan;
use crate::log::header::{Headers, RecordKind};
use crate::log::record::Recorder;
use crate::log::table::find_header::HeaderSearch;
use crate::log::table::records::Records;
use crate::log::table::words::{Mark, is_legend, is_signature, is_subtotal, plain_count, total_mark};
use crate::model::field::REQUIRED;
use crate::model::record::{DeclaredTotal, Entry};
use crate::model::row::Columns;
use crate::model::{Field, Row};
use crate::place::{Place, SourceId};
use crate::project::vocabulary::normal;

/// A table read up to its first row.
pub(super) struct Opened<R> {
    table: Table,
    records: Records<R>,
    /// What came of reading the first row, if it was read with the header.
    next: Option<ReadOutcome>,
}

/// How the reading of rows ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// With a row, as it should.
    Well,
    /// Within a quoted cell: the quote is never closed, or closed in the piece of the file that comes after.
    InQuotes(Place),
    /// At a row that is beyond all limits; what comes after it is not read.
    Early,
}

/// What came of reading rows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rows {
    pub(super) ended: Ended,
    /// Whether there was a record.
    pub(super) any: bool,
}

/// Reads a table and hands on what it holds. Gives the delimiter, by which cells are found again.
pub(super) fn read(
    text: impl Read,
    source: SourceId,
    recorder: &mut Recorder<'_>,
    faults: &mut Faults,
    each: &mut dyn FnMut(Entry<'_>),
) -> io::Result<u8> {
    let (opened, delimiter) = open(text, source, recorder, faults)?;
    if let Some(mut opened) = opened {
        let rows = opened.rows(recorder, faults, each)?;
        conclude(rows, source, faults);
    }
    Ok(delimiter)
}

/// Reads title and header; no table where there is no header, which is told. Gives the delimiter, too.
pub(super) fn open<R: Read>(
    text: R,
    source: SourceId,
    recorder: &Recorder<'_>,
    faults: &mut Faults,
) -> io::Result<(Option<Opened<R>>, u8)> {
    let headers = Headers::new(recorder.project());
    let mut records = Records::new(text, source, |start| find_header::delimiter(start, &headers))?;
    let delimiter = records.delimiter();
    let opened = match find_header::find(&mut records, &headers)? {
        HeaderSearch::Header { header, next } => {
            let table = Table::new(&header, &headers, recorder, faults);
            Some(Opened { table, records, next })
        }
        HeaderSearch::Nothing { seen } => {
            let what =
                if seen.is_empty() { FaultKind::EmptyLog { no_rows: false } } else { FaultKind::NoHeader { seen } };
            faults.add(Place::file(source), what);
            None
        }
        HeaderSearch::Broken(read) => {
            tell_of_end(read, records.row(), faults);
            None
        }
    };
    Ok((opened, delimiter))
}

/// Tells why the reading stops at a row.
fn tell_of_end(read: ReadOutcome, row: &Row, faults: &mut Faults) {
    let place = if read == ReadOutcome::Unclosed { row.cell_place(row.len().saturating_sub(1)) } else { row.place() };
    if let Some(kind) = FaultKind::of_reading(read) {
        faults.add(place, kind);
    }
}

/// What the end of a table says of it.
pub(super) fn conclude(rows: Rows, source: SourceId, faults: &mut Faults) {
    if let Ended::InQuotes(place) = rows.ended {
        faults.add(place, FaultKind::UnclosedQuote);
    }
    // What stops the reading half way is told; that there is no record would be one fault too many.
    if !rows.any && !faults.has_error_in(source) {
        faults.add(Place::file(source), FaultKind::EmptyLog { no_rows: true });
    }
}

impl Opened<io::Empty> {
    /// Some rows of the same file, the first `text` bytes of a buffer; so many line breaks lie before them.
    pub(super) fn buffer(
        table: &Table,
        buffers: ScanBuffers,
        text: usize,
        source: SourceId,
        delimiter: u8,
        breaks: usize,
    ) -> Self {
        let records = Records::of_buffer(buffers, text, source, delimiter, breaks);
        Self { table: table.clone(), records, next: None }
    }
}

impl<R: Read> Opened<R> {
    /// The header that was read, for the pieces of the file.
    pub(super) fn into_table(self) -> Table {
        self.table
    }

    /// Another piece of the same file; so many line breaks lie before it.
    pub(super) fn piece(table: &Table, text: R, source: SourceId, delimiter: u8, breaks: usize) -> Self {
        let records = Records::from_line(text, source, delimiter, breaks);
        Self { table: table.clone(), records, next: None }
    }

    /// The room in which its rows were found.
    pub(super) fn into_buffers(self) -> ScanBuffers {
        self.records.into_buffers()
    }

    /// Hands on the rows, up to the end of the text.
    pub(super) fn rows(
        &mut self,
        recorder: &mut Recorder<'_>,
        faults: &mut Faults,
        each: &mut dyn FnMut(Entry<'_>),
    ) -> io::Result<Rows> {
        let Self { table, records, next } = self;
        records.set_columns(&table.columns);
        let ended = loop {
            let read = match next.take() {
                Some(read) => read,
                None => records.read()?,
            };
            let row = records.row();
            match read {
                ReadOutcome::Record => table.row(row, recorder, faults, each),
                ReadOutcome::End => break Ended::Well,
                ReadOutcome::Unclosed => break Ended::InQuotes(row.cell_place(row.len().saturating_sub(1))),
                ReadOutcome::TooLong | ReadOutcome::TooWide => {
                    tell_of_end(read, row, faults);
                    break Ended::Early;
                }
            }
        };
        Ok(Rows { ended, any: table.any })
    }
}

/// A table whose header has been read.
#[derive(Clone)]
pub(super) struct Table {
    kind: RecordKind,
    columns: Arc<Columns>,
    header: Vec<String>,
    /// The first cell of the header, as it stands there.
    first: Vec<u8>,
    width: usize,
    /// How nearly every row is read, of a table of issues.
    plan: Option<RowPlan>,
    any: bool,
}

/// What a row under the header is.
enum Role {
    Record,
    /// Nothing, the header again, a signature, a legend.
    Skip,
    Total,
}

impl Table {
    fn new(row: &Row, headers: &Headers, recorder: &Recorder<'_>, faults: &mut Faults) -> Self {
        let kind = headers.kind(row);
        let columns = headers.columns(kind, row, faults).with_defaults(recorder.defaults());
        if kind == RecordKind::Issue {
            for field in REQUIRED {
                if columns.get(field).is_none() && columns.default_of(field).is_empty() {
                    faults.add(row.place(), FaultKind::MissingColumn { field });
                }
            }
        }
        let header = (0..row.len()).map(|cell| normal(&row.cell(cell))).collect();
        let plan = if kind == RecordKind::Issue { RowPlan::new(&columns, recorder.project()) } else { None };
        let first = row.raw(0).to_vec();
        Self { kind, columns: Arc::new(columns), header, first, width: row.len(), plan, any: false }
    }

    fn row(&mut self, row: &Row, recorder: &mut Recorder<'_>, faults: &mut Faults, each: &mut dyn FnMut(Entry<'_>)) {
        // One that says when, who and what, with the cells of rows before it. It is as if it had gone the long way.
        if let Some(plan) = &self.plan
            && row.len() == self.width
            && let Some(cached_row) = recorder.cached_row(row, plan)
            && *row.raw(0) != *self.first
        {
            self.any = true;
            return each(Entry::Issue(recorder.cached_issue(row, &cached_row)));
        }
        match self.role(row) {
            Role::Skip => {}
            Role::Total => self.total(row, recorder, each),
            Role::Record => {
                self.any = true;
                self.check_width(row, faults);
                match self.kind {
                    RecordKind::Inspection => each(Entry::Inspection(recorder.inspection(row, faults))),
                    _ => {
                        if let Some(issue) = recorder.issue(row, faults) {
                            each(Entry::Issue(issue));
                        }
                    }
                }
            }
        }
    }

    fn role(&self, row: &Row) -> Role {
        // Nearly every row: no total, signature or legend says when, who and what. Only the header
        // come again does, and it begins as the header began.
        let names_all = row.says(Field::FoundOn) && row.says(Field::Unit) && row.says(Field::Description);
        if names_all && *row.raw(0) != *self.first {
            return Role::Record;
        }
        let number = self.columns.get(Field::RowNumber);
        let filled = (0..row.len()).filter(|cell| !row.raw(*cell).is_empty());
        let mut filled = filled.filter(|cell| Some(*cell) != number);
        let Some(first) = filled.next() else {
            // A running number alone, or the word 合计 in its column with nothing beside it.
            return Role::Skip;
        };
        let alone = filled.next().is_none();
        let lead = number.filter(|cell| !row.raw(*cell).is_empty()).unwrap_or(first);
        // Only a short cell can be one of the words; long text is never decoded here.
        if row.raw(lead).len() > 120 {
            return Role::Record;
        }
        let word = normal(&row.cell(lead.min(first)));
        let first = normal(&row.cell(first));
        if total_mark(&word).is_some() || total_mark(&first).is_some() {
            return Role::Total;
        }
        // A subtotal says nothing about the whole.
        if is_subtotal(&word) || is_subtotal(&first) {
            return Role::Skip;
        }
        // A note may hold commas of its own, and then looks like a few cells.
        let short = alone || row.len() < self.width;
        if is_signature(&word) || is_signature(&first) || short && self.width > 2 && is_legend(&first) {
            return Role::Skip;
        }
        if row.len() == self.header.len() && (0..row.len()).all(|cell| normal(&row.cell(cell)) == self.header[cell]) {
            return Role::Skip;
        }
        Role::Record
    }

    /// A row has as many cells as the header; empty ones at the end are no matter.
    fn check_width(&self, row: &Row, faults: &mut Faults) {
        let over = (self.width..row.len()).any(|cell| !row.raw(cell).is_empty());
        if row.len() < self.width || over {
            faults.add(row.place(), FaultKind::RaggedRow { cells: row.len(), expected: self.width });
        }
    }

    /// The counts that a total row declares: a number alone is the number of issues; words of a
    /// vocabulary with a number each (现场整改17个、限期整改16个) are counts of these.
    fn total(&self, row: &Row, recorder: &Recorder<'_>, each: &mut dyn FnMut(Entry<'_>)) {
        if self.kind != RecordKind::Issue {
            return;
        }
        let mut found_said = false;
        for cell in 0..row.len() {
            let text = row.cell(cell);
            let count = match total_mark(&normal(&text)) {
                Some(Mark::Word) => continue,
                Some(Mark::Count(count)) => Some(count),
                None => plain_count(&text),
            };
            if let Some(count) = count {
                if !found_said && !self.is_extra(cell) {
                    found_said = true;
                    each(Entry::Declared(DeclaredTotal { row: row.into(), cell, of: None, count }));
                }
                continue;
            }
            for (field, value, count) in recorder.counts_in_words(&text) {
                let of = Some((field, value));
                each(Entry::Declared(DeclaredTotal { row: row.into(), cell, of, count }));
            }
        }
    }

    fn is_extra(&self, cell: usize) -> bool {
        self.columns.extra.iter().any(|(_, extra)| usize::from(*extra) == cell)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::cache::row::DAYS;
    use crate::project::Project;
    use chrono::NaiveDate;
    use proptest::prelude::*;

    /// What a table gives and what is wrong with it, places left out.
    fn all(text: &str, recorder: &mut Recorder<'_>) -> Vec<String> {
        let (mut found, mut faults) = (Vec::new(), Faults::default());
        let mut each = |entry: Entry<'_>| {
            if let Entry::Issue(issue) = entry {
                let days = DAYS.map(|field| issue.date(field));
                found.push(format!("{days:?} {:?} {}", **issue.profile, issue.past_the_hour));
            }
        };
        read(text.as_bytes(), SourceId(0), recorder, &mut faults, &mut each).unwrap();
        let no_rows = FaultKind::EmptyLog { no_rows: true }.code();
        found.extend(
            faults
                .sorted()
                .into_iter()
                .filter(|fault| fault.what.code() != no_rows)
                .map(|fault| format!("{:?}", fault.what)),
        );
        found
    }

    proptest! {
        /// A row gives the same whatever came before it, whatever the project says that nothing means.
        #[test]
        fn what_came_before_shows_nowhere(
            rows in proptest::collection::vec((
                "编号|合计|甲1",
                "(2021-08-0[1-4]|2021年8月[1-4]日|8月5日| 2021-08-02|2021-02-30|| )",
                "(甲|乙| 乙|第[1-9]街道办事处|)",
                "(消防|消防、环境|)",
                "(堆物|“堆物”| |)",
                "(现场整改|限期整改|立行立改|看着办|)",
                "(2021-08-0[1-9]|2021-08-03 1[0-2]:00:00|3个工作日内|立行立改|—|)",
                "(2021-08-0[1-9]|2021-08-03 11:00:00|待定|)",
            ), 1..30),
            default in prop::sample::select(&[None, Some((Field::Deadline, "2021-08-06")), Some((Field::ClosedOn, "2021-08-07")), Some((Field::Tags, "常态")), Some((Field::Unit, "丙"))][..]),
        ) {
            let header = "编号,发现日期,责任单位,问题类别,问题描述,整改方式,整改期限,整改完成日期";
            let defaults = default.map(|(field, text): (Field, &str)| (field, text.to_owned())).into_iter().collect();
            let project = Project { defaults, ..Project::default() };
            let today = NaiveDate::from_ymd_opt(2021, 10, 1).unwrap();
            let mut recorder = Recorder::new(&project, today, Arc::default());
            for (id, found, unit, category, description, disposition, deadline, done) in rows.iter().chain(&rows) {
                let text = format!("{header}\n{id},{found},{unit},{category},{description},{disposition},{deadline},{done}\n");
                prop_assert_eq!(all(&text, &mut recorder), all(&text, &mut Recorder::new(&project, today, Arc::default())), "{}", text);
            }
        }
    }
}
