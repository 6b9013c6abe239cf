//! Reads tables of every format: title rows, header, rows, totals and signatures.

pub(super) mod find_header;
mod note;
mod records;
mod swallowed;
mod title;
mod words;

use std::io::{self, Read};
use std::sync::Arc;

use chrono::NaiveDate;

use crate::delimited::scanner::{ReadOutcome, ScanBuffers};
use crate::fault::{FaultKind, Faults};
use crate::log::cache::row::RowPlan;
use crate::log::error_cell::blank_error_cells;
use crate::log::filler::{Above, read_fillers};
use crate::log::header::{Headers, RecordKind};
use crate::log::record::Recorder;
use crate::log::table::find_header::HeaderSearch;
use crate::log::table::note::PassedOver;
use crate::log::table::records::Records;
use crate::log::table::title::TitleDays;
use crate::log::table::words::{
    TotalMark, group_label, is_bullet, is_end_mark, is_legend, is_page_line, is_part_heading, is_running_number,
    is_signature, plain_count, says_of_rows, subtotal_mark, total_mark,
};
use crate::model::declared::{DeclaredOf, DeclaredTotal, TotalSpan};
use crate::model::field::{FIELDS, REQUIRED};
use crate::model::form_id::is_form_id;
use crate::model::record::Entry;
use crate::model::row::Columns;
use crate::model::{Field, Row};
use crate::place::{Place, SourceId};
use crate::project::vocabulary::normal;
use crate::words::symbol::Symbol;

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
    let stated_on = opened.as_ref().and_then(|opened| opened.table.stated_on());
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
        HeaderSearch::Header { header, title, next } => {
            let table = Table { title, ..Table::new(&header, &headers, recorder, faults) };
            Some(Opened { table, records, next })
        }
        HeaderSearch::OwnTable => {
            faults.add(Place::file(source), FaultKind::OwnOutput { output: crate::source::OwnOutput::Table });
            None
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

/// Returns the start of a text, as much as a label may have.
fn start_of(text: &str) -> String {
    text.chars().take(MAX_LABEL_BYTES / 3).collect()
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

    /// Whether the text read so far is UTF-8. Asked of blocks, whose bytes nobody has decoded.
    pub(super) fn is_utf8(&self) -> bool {
        self.records.is_utf8()
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
        table.after_record = false;
        records.set_columns(&table.columns);
        recorder.begin_table(table.title.day());
        let ended = loop {
            let outcome = match next.take() {
                Some(outcome) => outcome,
                None => records.read()?,
            };
            if outcome == ReadOutcome::Record {
                if records.has_lines() {
                    swallowed::tell(records.row(), records.delimiter(), table.width, recorder.project(), faults);
                }
                table.row(records.row_mut(), recorder, faults, each);
                continue;
            }
            let row = records.row();
            match outcome {
                ReadOutcome::Record => {}
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
    /// Whether the row before is a record, so that a cell can stand for one of it.
    after_record: bool,
    /// The days that the rows above the header name.
    title: TitleDays,
}

/// What a row below the header is.
enum Role {
    Record,
    /// Blank, a repeated header, a signature, a page number or a heading.
    Skip,
    /// A note on the table, whose text begins in this cell.
    Note(usize),
    Total(TotalLabel),
}

/// The label of a total row.
struct TotalLabel {
    /// Its cell.
    cell: usize,
    /// The group that it names, and the rest of the label.
    group: Option<(String, &'static str)>,
    /// Whether it counts a part of the rows in any case.
    is_sub: bool,
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
        let plan = if kind == RecordKind::Issue { RowPlan::new(&columns, row.len(), recorder.project()) } else { None };
        let first = row.raw(0).to_vec();
        Self {
            kind,
            columns: Arc::new(columns),
            header,
            first,
            width: row.len(),
            plan,
            any_record: false,
            after_record: false,
            title: TitleDays::default(),
        }
    }

    /// Returns the day that the title above the header states.
    pub(super) fn stated_on(&self) -> Option<NaiveDate> {
        self.title.stated_on()
    }

    /// Reads a row and passes its entries to `each`.
    fn row(
        &mut self,
        row: &mut Row,
        recorder: &mut Recorder<'_>,
        faults: &mut Faults,
        each: &mut dyn FnMut(Entry<'_>),
    ) {
        // The fast path. A cached row has date, unit and description, so `role` would call it a record, too.
        if let Some(plan) = &self.plan
            && row.len() == self.width
            && let Some(cached_row) = recorder.cached_row(row, plan)
            && *row.raw(0) != *self.first
        {
            (self.any_record, self.after_record) = (true, true);
            recorder.see(cached_row.days[0]);
            return each(Entry::Issue(recorder.cached_issue(row, &cached_row, faults)));
        }
        blank_error_cells(row, recorder.is_sheet(), faults);
        let is_after_record = std::mem::take(&mut self.after_record);
        if self.kind == RecordKind::Issue
            && read_fillers(row, is_after_record.then_some(&Above::Row), recorder.project(), faults)
        {
            recorder.lack_row_before();
        }
        let row = &*row;
        match self.role(row) {
            Role::Skip => {}
            Role::Note(cell) => faults.add(row.cell_place(cell), PassedOver { text: row.cell(cell).into_owned() }),
            Role::Total(label) => self.total(row, &label, recorder, each),
            Role::Record => {
                self.after_record = true;
                self.check_width(row, faults);
                match self.kind {
                    RecordKind::Inspection => {
                        self.any_record = true;
                        each(Entry::Inspection(recorder.inspection(row, faults)));
                    }
                    _ => {
                        if let Some(issue) = recorder.issue(row, faults) {
                            self.any_record = true;
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
        if self.is_unfilled(row) {
            return Role::Skip;
        }
        let number = self.columns.get(Field::RowNumber);
        let is_filled = |cell: &usize| !row.raw(*cell).is_empty();
        let mut filled = (0..row.len()).filter(|cell| Some(*cell) != number && is_filled(cell));
        // Text where the running number should be is a total, a note or an issue like any other.
        let text_for_number = || number.filter(is_filled).filter(|cell| !is_running_number(&normal(&row.cell(*cell))));
        let Some(first) = filled.next().or_else(text_for_number) else {
            return Role::Skip;
        };
        let alone = filled.next().is_none();
        let lead = number.filter(is_filled).unwrap_or(first);
        // Only a short cell can be a total or a signature; long text is not worth decoding here. A note may be long.
        if row.raw(lead).len() > MAX_LABEL_BYTES {
            let is_note = alone && self.is_note(row, first, &normal(&start_of(&row.cell(first))));
            return if is_note { Role::Note(first) } else { Role::Record };
        }
        let label = lead.min(first);
        let (word, own) = (normal(&row.cell(label)), normal(&row.cell(first)));
        for (cell, word) in [(label, &word), (first, &own)] {
            if total_mark(word).is_some() {
                return Role::Total(TotalLabel { cell, group: None, is_sub: false });
            }
            if subtotal_mark(word).is_some() {
                return Role::Total(TotalLabel { cell, group: None, is_sub: true });
            }
        }
        if let Some(label) = self.total_label(row) {
            return Role::Total(label);
        }
        // An unquoted note may contain commas, and then has several cells.
        let short = alone || row.len() < self.width;
        let ends_page = short && self.width > 2 && (is_page_line(&own) || is_end_mark(&own));
        if (is_signature(&word) || is_signature(&own)) && !self.has_parts_of_issue(row) || ends_page {
            return Role::Skip;
        }
        if short && self.is_note(row, first, &own) {
            return Role::Note(first);
        }
        if alone && self.width > 2 && !row.says(Field::Description) && is_part_heading(&own) {
            // One with a count or a state says something of the rows below it, which they don't say.
            return if says_of_rows(&own) { Role::Note(first) } else { Role::Skip };
        }
        if row.len() == self.header.len() && (0..row.len()).all(|cell| normal(&row.cell(cell)) == self.header[cell]) {
            return Role::Skip;
        }
        Role::Record
    }

    /// Whether a row is a note on the table. Its first cell with text says `word`.
    ///
    /// A mark such as ● begins issues as well, so that what has a cell of an issue is none of the notes that it begins. A
    /// note with commas in it fills one cell after the other.
    fn is_note(&self, row: &Row, first: usize, word: &str) -> bool {
        if self.width <= 2 {
            return false;
        }
        let of_issue = [Field::Unit, Field::Description, Field::Disposition];
        let mut of_issue = of_issue.into_iter().filter_map(|field| self.columns.get(field));
        let has_of_issue = of_issue.any(|cell| !row.raw(cell).is_empty());
        if !is_legend(word) {
            return is_bullet(word) && !has_of_issue;
        }
        let last = (first..row.len()).rfind(|cell| !row.raw(*cell).is_empty()).unwrap_or(first);
        let is_one_text = first == 0 && (first..last).all(|cell| !row.raw(cell).is_empty());
        is_one_text || !has_of_issue
    }

    /// Whether a row that begins like a signature has what no signature has: at least two of its day, category, disposition and
    /// deadline, that are no labels themselves.
    fn has_parts_of_issue(&self, row: &Row) -> bool {
        let parts = [Field::FoundOn, Field::Category, Field::Disposition, Field::Deadline];
        let cells =
            parts.into_iter().filter_map(|field| self.columns.get(field)).filter(|cell| !row.raw(*cell).is_empty());
        cells.filter(|cell| !is_signature(&normal(&row.cell(*cell)))).count() > 1
    }

    /// Whether a row of a form was not filled in: it has the id that the form gave it, and of all else at most the running
    /// number and the team, which the form fills in, too.
    fn is_unfilled(&self, row: &Row) -> bool {
        let given = [Field::Id, Field::Team, Field::RowNumber].map(|field| self.columns.get(field));
        is_form_id(row.bytes(Field::Id))
            && (0..row.len()).all(|cell| row.raw(cell).is_empty() || given.contains(&Some(cell)))
    }

    /// Returns the label of a total that a spreadsheet has put anywhere in a row: 甲社区 计数 in the column that the rows
    /// are grouped by.
    ///
    /// The row has nothing to say of an issue: no day, no disposition, and at most a count as its description.
    fn total_label(&self, row: &Row) -> Option<TotalLabel> {
        // A count has few digits; most descriptions are longer, and not worth decoding here.
        let may_be_of_total = |field| {
            self.columns.get(field).is_none_or(|cell| {
                let text = row.cell(cell);
                text.is_empty()
                    || group_label(&text).is_some()
                    || text.len() <= MAX_LABEL_BYTES / 3 && {
                        let word = normal(&text);
                        plain_count(&word).is_some() || total_mark(&word).is_some() || subtotal_mark(&word).is_some()
                    }
            })
        };
        let fields = [Field::Description, Field::FoundOn, Field::Disposition];
        if self.kind != RecordKind::Issue || !fields.into_iter().all(may_be_of_total) {
            return None;
        }
        (0..row.len()).find_map(|cell| {
            let text = row.cell(cell);
            if text.is_empty() || text.len() > MAX_LABEL_BYTES {
                return None;
            }
            let word = normal(&text);
            if total_mark(&word).is_some() || subtotal_mark(&word).is_some() {
                return Some(TotalLabel { cell, group: None, is_sub: subtotal_mark(&word).is_some() });
            }
            let group = Some(group_label(&text)?);
            Some(TotalLabel { cell, group, is_sub: true })
        })
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
    fn total(&self, row: &Row, label: &TotalLabel, recorder: &Recorder<'_>, each: &mut dyn FnMut(Entry<'_>)) {
        if self.kind != RecordKind::Issue {
            return;
        }
        let span = self.span(row, label, recorder);
        let mut has_overall = false;
        for cell in 0..row.len() {
            let text = row.cell(cell);
            let word = normal(&text);
            let is_label = label.group.is_some() && cell == label.cell;
            let mark = total_mark(&word).or_else(|| subtotal_mark(&word));
            // Where a running number would be, a count is one only beside its label.
            let is_beside_label = mark.is_some() && self.columns.get(Field::RowNumber) == Some(cell);
            let count = match mark {
                Some(TotalMark::Label) => continue,
                Some(TotalMark::Count(count)) => Some(count),
                None if is_label => continue,
                None => plain_count(&text),
            };
            if let Some(count) = count {
                if !has_overall && !self.is_extra(cell) && (is_beside_label || !self.is_amount(cell)) {
                    has_overall = true;
                    let declared =
                        DeclaredTotal { row: row.into(), cell, of: DeclaredOf::Found, count, span: span.clone() };
                    each(Entry::Declared(declared));
                }
                if mark.is_none() {
                    continue;
                }
            }
            for (field, value, count) in recorder.counts_in_words(&text) {
                let of = DeclaredOf::Value(field, value);
                each(Entry::Declared(DeclaredTotal { row: row.into(), cell, of, count, span: span.clone() }));
            }
        }
    }

    /// Returns the rows that a total row counts.
    fn span(&self, row: &Row, label: &TotalLabel, recorder: &Recorder<'_>) -> TotalSpan {
        let Some((group, rest)) = &label.group else {
            let word = normal(&row.cell(label.cell));
            let word = word.trim_end_matches(|c: char| !c.is_alphabetic());
            let symbol = Symbol::new(word);
            return if label.is_sub {
                TotalSpan::Group { label: symbol, of: Vec::new() }
            } else {
                TotalSpan::Part(symbol)
            };
        };
        let (mut of, mut others) = (Vec::new(), Vec::new());
        for field in FIELDS.iter().map(|info| info.field) {
            let cell = self.columns.get(field);
            if let Some(value) = cell.and_then(|_| recorder.value_of(field, group)) {
                if cell == Some(label.cell) { &mut of } else { &mut others }.push((field, value));
            }
        }
        of.append(&mut others);
        TotalSpan::Group { label: Symbol::new(&format!("{} {rest}", label.cell)), of }
    }

    /// Whether the numbers of a column are running numbers, amounts or telephone numbers, and no counts of issues.
    fn is_amount(&self, cell: usize) -> bool {
        [Field::RowNumber, Field::Accountability, Field::Phone]
            .into_iter()
            .any(|field| self.columns.get(field) == Some(cell))
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
                found.push(format!("{days:?} {:?} {}", *issue, issue.past_the_hour));
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
            let mut recorder = Recorder::new(&project, Arc::default());
            for (id, found, unit, category, description, disposition, deadline, done) in rows.iter().chain(&rows) {
                let text = format!("{header}\n{id},{found},{unit},{category},{description},{disposition},{deadline},{done}\n");
                prop_assert_eq!(read_all(&text, &mut recorder), read_all(&text, &mut Recorder::new(&project, Arc::default())), "{}", text);
            }
        }
    }
}
