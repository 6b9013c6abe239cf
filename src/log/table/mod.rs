//! Reads tables of every format: title rows, header, rows, totals and signatures.

pub(super) mod find_header;
mod records;
mod title;
mod words;

use std::io::{self, Read};
use std::sync::Arc;

use chrono::NaiveDate;

use crate::delimited::scanner::{ReadOutcome, ScanBuffers};
use crate::fault::{FaultKind, Faults};
use crate::log::cache::row::RowPlan;
use crate::log::header::{Headers, RecordKind};
use crate::log::record::Recorder;
use crate::log::table::find_header::HeaderSearch;
use crate::log::table::records::Records;
use crate::log::table::words::{TotalMark, is_legend, is_signature, is_subtotal, plain_count, total_mark};
use crate::model::field::REQUIRED;
use crate::model::record::{DeclaredTotal, Entry};
use crate::model::row::Columns;
use crate::model::{Field, Row};
use crate::place::{Place, SourceId};
use crate::project::vocabulary::normal;

/// Maximum length in bytes of the first cell of a total, a signature or a note (forty Chinese characters).
const MAX_LABEL_BYTES: usize = 120;

/// A table whose header has been read, and the records after the header.
pub(super) struct Opened<R> {
    table: Table,
    records: Records<R>,
    /// The outcome of reading the first row, if the search for the header read it.
    next: Option<ReadOutcome>,
}

/// How the reading of rows ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// After a complete row.
    Well,
    /// Inside a quoted cell, at this place: the quote is never closed, or is closed in a later block of the file.
    InQuotes(Place),
    /// At a row that exceeds the limits of the scanner. The rows after it are not read.
    Early,
}

/// The outcome of reading rows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rows {
    pub(super) ended: Ended,
    /// Whether there was any record.
    pub(super) any: bool,
}

/// Reads a table, passes its entries to `each` and returns its delimiter, and the day that its title states.
///
/// # Errors
/// The input cannot be read.
pub(super) fn read(
    text: impl Read,
    source: SourceId,
    recorder: &mut Recorder<'_>,
    faults: &mut Faults,
    each: &mut dyn FnMut(Entry<'_>),
) -> io::Result<(u8, Option<NaiveDate>)> {
    let (opened, delimiter) = open(text, source, recorder, faults)?;
    let stated_on = opened.as_ref().and_then(|opened| opened.table.stated_on);
    if let Some(mut opened) = opened {
        let rows = opened.rows(recorder, faults, each)?;
        conclude(rows, source, faults);
    }
    Ok((delimiter, stated_on))
}

/// Reads title rows and header, and returns the table and its delimiter.
///
/// The table is `None` if no header is found, which is reported to `faults`.
///
/// # Errors
/// The input cannot be read.
pub(super) fn open<R: Read>(
    text: R,
    source: SourceId,
    recorder: &Recorder<'_>,
    faults: &mut Faults,
) -> io::Result<(Option<Opened<R>>, u8)> {
    let headers = Headers::new(recorder.project());
    let mut records = Records::new(text, source, |start| find_header::detect_delimiter(start, &headers))?;
    let delimiter = records.delimiter();
    let opened = match find_header::find(&mut records, &headers)? {
        HeaderSearch::Header { header, next, stated_on } => {
            let table = Table { stated_on, ..Table::new(&header, &headers, recorder, faults) };
            Some(Opened { table, records, next })
        }
        HeaderSearch::NotFound { seen } => {
            let what =
                if seen.is_empty() { FaultKind::EmptyLog { no_rows: false } } else { FaultKind::NoHeader { seen } };
            faults.add(Place::file(source), what);
            None
        }
        HeaderSearch::Unreadable(outcome) => {
            report_unreadable(outcome, records.row(), faults);
            None
        }
    };
    Ok((opened, delimiter))
}

/// Reports why reading stops at a row.
fn report_unreadable(outcome: ReadOutcome, row: &Row, faults: &mut Faults) {
    let place =
        if outcome == ReadOutcome::Unclosed { row.cell_place(row.len().saturating_sub(1)) } else { row.place() };
    if let Some(kind) = FaultKind::of_reading(outcome) {
        faults.add(place, kind);
    }
}

/// Reports the faults that are known only at the end of a table: an unclosed quote, or no record at all.
pub(super) fn conclude(rows: Rows, source: SourceId, faults: &mut Faults) {
    if let Ended::InQuotes(place) = rows.ended {
        faults.add(place, FaultKind::UnclosedQuote);
    }
    // If an error stopped the reading, that there is no record is its consequence and not worth a second fault.
    if !rows.any && !faults.has_error_in(source) {
        faults.add(Place::file(source), FaultKind::EmptyLog { no_rows: true });
    }
}

impl Opened<io::Empty> {
    /// Opens a block of a table: the first `filled` bytes of the buffer, which follow `breaks` line breaks of the file.
    pub(super) fn buffer(
        table: &Table,
        buffers: ScanBuffers,
        filled: usize,
        source: SourceId,
        delimiter: u8,
        breaks: usize,
    ) -> Self {
        let records = Records::from_buffer(buffers, filled, source, delimiter, breaks);
        Self { table: table.clone(), records, next: None }
    }
}

impl<R: Read> Opened<R> {
    /// Returns the table, whose header applies to all blocks of the file.
    pub(super) fn into_table(self) -> Table {
        self.table
    }

    /// Opens a block of a table whose text follows `breaks` line breaks of the file.
    pub(super) fn piece(table: &Table, text: R, source: SourceId, delimiter: u8, breaks: usize) -> Self {
        let records = Records::from_line(text, source, delimiter, breaks);
        Self { table: table.clone(), records, next: None }
    }

    /// Returns the scanner's memory for reuse.
    pub(super) fn into_buffers(self) -> ScanBuffers {
        self.records.into_buffers()
    }

    /// Reads the rows up to the end of the text and passes their entries to `each`.
    ///
    /// # Errors
    /// The input cannot be read.
    pub(super) fn rows(
        &mut self,
        recorder: &mut Recorder<'_>,
        faults: &mut Faults,
        each: &mut dyn FnMut(Entry<'_>),
    ) -> io::Result<Rows> {
        let Self { table, records, next } = self;
        records.set_columns(&table.columns);
        let ended = loop {
            let outcome = match next.take() {
                Some(outcome) => outcome,
                None => records.read()?,
            };
            let row = records.row();
            match outcome {
                ReadOutcome::Record => table.row(row, recorder, faults, each),
                ReadOutcome::End => break Ended::Well,
                ReadOutcome::Unclosed => break Ended::InQuotes(row.cell_place(row.len().saturating_sub(1))),
                ReadOutcome::TooLong | ReadOutcome::TooWide => {
                    report_unreadable(outcome, row, faults);
                    break Ended::Early;
                }
            }
        };
        Ok(Rows { ended, any: table.any_record })
    }
}

/// A table whose header has been read.
#[derive(Clone)]
pub(super) struct Table {
    kind: RecordKind,
    columns: Arc<Columns>,
    header: Vec<String>,
    /// The raw first cell of the header.
    first: Vec<u8>,
    /// The number of cells of the header.
    width: usize,
    /// How to look up rows in the cache; only for a table of issues.
    plan: Option<RowPlan>,
    /// Whether there was any record so far.
    any_record: bool,
    /// The day that the title states.
    stated_on: Option<NaiveDate>,
}

/// What a row below the header is.
enum Role {
    Record,
    /// Blank, a repeated header, a subtotal, a signature or a legend.
    Skip,
    Total,
}

impl Table {
    /// Reads the header. Missing required columns are reported to `faults`.
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
        Self {
            kind,
            columns: Arc::new(columns),
            header,
            first,
            width: row.len(),
            plan,
            any_record: false,
            stated_on: None,
        }
    }

    /// Returns the day that the title above the header states.
    pub(super) fn stated_on(&self) -> Option<NaiveDate> {
        self.stated_on
    }

    /// Reads a row and passes its entries to `each`.
    fn row(&mut self, row: &Row, recorder: &mut Recorder<'_>, faults: &mut Faults, each: &mut dyn FnMut(Entry<'_>)) {
        // The fast path. A cached row has date, unit and description, so `role` would call it a record, too.
        if let Some(plan) = &self.plan
            && row.len() == self.width
            && let Some(cached_row) = recorder.cached_row(row, plan)
            && *row.raw(0) != *self.first
        {
            self.any_record = true;
            return each(Entry::Issue(recorder.cached_issue(row, &cached_row)));
        }
        match self.role(row) {
            Role::Skip => {}
            Role::Total => self.total(row, recorder, each),
            Role::Record => {
                self.any_record = true;
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

    /// Tells records from totals and from rows to be skipped.
    fn role(&self, row: &Row) -> Role {
        // Nearly every row: no total, signature or legend has date, unit and description. Only a repeated header has
        // them, and its first cell is that of the header.
        let is_complete = row.says(Field::FoundOn) && row.says(Field::Unit) && row.says(Field::Description);
        if is_complete && *row.raw(0) != *self.first {
            return Role::Record;
        }
        let number = self.columns.get(Field::RowNumber);
        let filled = (0..row.len()).filter(|cell| !row.raw(*cell).is_empty());
        let mut filled = filled.filter(|cell| Some(*cell) != number);
        let Some(first) = filled.next() else {
            // Only a running number, or the word 合计 in its column without a count.
            return Role::Skip;
        };
        let alone = filled.next().is_none();
        let lead = number.filter(|cell| !row.raw(*cell).is_empty()).unwrap_or(first);
        // Only a short cell can be a total or a signature; long text is not worth decoding here.
        if row.raw(lead).len() > MAX_LABEL_BYTES {
            return Role::Record;
        }
        let word = normal(&row.cell(lead.min(first)));
        let first = normal(&row.cell(first));
        if total_mark(&word).is_some() || total_mark(&first).is_some() {
            return Role::Total;
        }
        // A subtotal declares nothing about the whole log.
        if is_subtotal(&word) || is_subtotal(&first) {
            return Role::Skip;
        }
        // An unquoted note may contain commas, and then has several cells.
        let short = alone || row.len() < self.width;
        if is_signature(&word) || is_signature(&first) || short && self.width > 2 && is_legend(&first) {
            return Role::Skip;
        }
        if row.len() == self.header.len() && (0..row.len()).all(|cell| normal(&row.cell(cell)) == self.header[cell]) {
            return Role::Skip;
        }
        Role::Record
    }

    /// Reports a row with fewer cells than the header, or with more that are not empty.
    fn check_width(&self, row: &Row, faults: &mut Faults) {
        let over = (self.width..row.len()).any(|cell| !row.raw(cell).is_empty());
        if row.len() < self.width || over {
            faults.add(row.place(), FaultKind::RaggedRow { cells: row.len(), expected: self.width });
        }
    }

    /// Passes on the counts that a total row declares.
    ///
    /// A number alone is the number of issues; values with a count each (现场整改17个、限期整改16个) are counts per
    /// value.
    fn total(&self, row: &Row, recorder: &Recorder<'_>, each: &mut dyn FnMut(Entry<'_>)) {
        if self.kind != RecordKind::Issue {
            return;
        }
        let mut has_overall = false;
        for cell in 0..row.len() {
            let text = row.cell(cell);
            let count = match total_mark(&normal(&text)) {
                Some(TotalMark::Label) => continue,
                Some(TotalMark::Count(count)) => Some(count),
                None => plain_count(&text),
            };
            if let Some(count) = count {
                if !has_overall && !self.is_extra(cell) {
                    has_overall = true;
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

    /// Whether a cell belongs to a column without a field, whose numbers are no totals.
    fn is_extra(&self, cell: usize) -> bool {
        self.columns.extra.iter().any(|(_, extra)| usize::from(*extra) == cell)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::cache::row::DAYS;
    use crate::project::Project;
    use proptest::prelude::*;

    /// Reads a table; returns its issues and its faults as text, without their places.
    fn read_all(text: &str, recorder: &mut Recorder<'_>) -> Vec<String> {
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
        /// A row gives the same issue and faults whatever rows precede it, for every kind of default.
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
                prop_assert_eq!(read_all(&text, &mut recorder), read_all(&text, &mut Recorder::new(&project, today, Arc::default())), "{}", text);
            }
        }
    }
}
