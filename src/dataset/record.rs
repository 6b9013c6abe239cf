//! Records of logs as maps, and back: what a document keeps of the rows it speaks of.

use std::sync::{Arc, OnceLock};

use chrono::NaiveDate;
use rustc_hash::FxHashMap;
use serde::Serialize;
use serde_json::Value;

use crate::dataset::data::{Record, Records};
use crate::dataset::letters::{ByIssue, by_issue};
use crate::fold::{Fold, mapped};
use crate::model::field::{FIELDS, Field, FieldInfo, FieldKind};
use crate::model::period::Period;
use crate::model::record::Values;
use crate::model::row::{Columns, Row};
use crate::model::state::{AsOf, State};
use crate::model::{Entry, Inspection, Issue, Measure};
use crate::place::{OneBased, SourceId};
use crate::project::Project;
use crate::source::{Source, Sources};
use crate::tally::select::Filter;
use crate::words::symbol::Symbol;

/// Keeps the rows of a document while the logs are read.
#[derive(Clone, Debug)]
pub struct Gather {
    as_of: AsOf,
    filter: Filter,
    issues: Vec<Issue<'static>>,
    inspections: Vec<Inspection<'static>>,
    measures: Vec<Measure<'static>>,
}

impl Gather {
    /// Nothing kept yet. The filter's period is left open: a template may look beyond the document's own.
    #[must_use]
    pub fn new(as_of: AsOf, filter: Filter) -> Self {
        let filter = Filter { period: Period::default(), ..filter };
        Self { as_of, filter, issues: Vec::new(), inspections: Vec::new(), measures: Vec::new() }
    }

    /// The rows as records, with the lists of the project. `documents` come from [`document_record`].
    #[must_use]
    pub fn finish(self, sources: &Sources, project: &Project, documents: Vec<Record>) -> Records {
        let from = |row: &Row| sources.get(row.source);
        let issues = mapped(&self.issues, |issue| issue_record(issue, &self.as_of, from(&issue.row)));
        let inspections = mapped(&self.inspections, |one| inspection_record(one, from(&one.row)));
        let measures = self.measures.iter().map(|one| measure_record(one, from(&one.row)));
        Records {
            issues,
            inspections,
            measures: measures.collect(),
            documents,
            teams: project.teams.iter().map(listed).collect(),
            sites: project.sites.iter().map(listed).collect(),
            categories: project.categories.iter().map(listed).collect(),
            units: project.units.iter().map(listed).collect(),
            parsed: Parsed::default(),
        }
    }
}

impl Fold<Entry<'_>> for Gather {
    fn push(&mut self, entry: &Entry<'_>) {
        match entry {
            Entry::Issue(issue) => {
                if self.filter.holds(issue, State::of(issue, &self.as_of)) {
                    self.issues.push(issue.clone().into_owned());
                }
            }
            Entry::Inspection(inspection) => {
                if !self.filter.speaks_of_inspections() || self.filter.holds_inspection(inspection) {
                    self.inspections.push(inspection.clone().into_owned());
                }
            }
            Entry::Measure(measure) => self.measures.push(measure.clone().into_owned()),
            Entry::Declared(_) => {}
        }
    }

    fn merge(&mut self, later: Self) {
        self.issues.extend(later.issues);
        self.inspections.extend(later.inspections);
        self.measures.extend(later.measures);
    }
}

/// A document of the register as a record; `line` is its line in `register.jsonl`.
#[must_use]
pub fn document_record(document: &impl Serialize, line: usize) -> Record {
    let mut record = listed(document);
    let id = record.get("number").cloned().unwrap_or_default();
    record.insert("id".to_owned(), id);
    record.insert("file".to_owned(), "register.jsonl".into());
    record.insert("line".to_owned(), line.into());
    record
}

/// A thing of the config as a record.
fn listed(thing: &impl Serialize) -> Record {
    let mut record = match serde_json::to_value(thing) {
        Ok(Value::Object(map)) => map,
        _ => Record::new(),
    };
    record.retain(|_, value| !value.is_null());
    record
}

/// The canonical keys of inspections and measures, beside `id file line`.
pub(crate) fn keys_of(is: fn(&FieldInfo) -> bool) -> impl Iterator<Item = &'static FieldInfo> {
    FIELDS.iter().filter(move |info| is(info) && !matches!(info.field, Field::Id | Field::RowNumber))
}

fn issue_record(issue: &Issue<'_>, as_of: &AsOf, file: &Source) -> Record {
    let mut record = located(issue.id(&file.stem()), file, &issue.row);
    for info in keys_of(|info| info.of.issue) {
        let values = issue.values(info.field);
        match info.kind {
            FieldKind::Date | FieldKind::Deadline => put_date(&mut record, info.key, issue.date(info.field)),
            FieldKind::Values => put_list(&mut record, info.key, &values),
            _ => put_text(&mut record, info.key, values.first().map_or("", |value| value.as_str())),
        }
    }
    put_text(&mut record, "group", issue.group.map_or("", Symbol::as_str));
    put_extra(&mut record, &issue.row);
    put_state(&mut record, issue, State::of(issue, as_of), as_of);
    record
}

/// What follows from the day: never taken from a file, always worked out.
fn put_state(record: &mut Record, issue: &Issue<'_>, state: State, as_of: &AsOf) {
    let standings = [
        ("rectified", state.rectified),
        ("open", !state.rectified),
        ("closed", state.closed),
        ("overdue", state.overdue),
        ("due_soon", state.due_soon),
        ("late", state.late),
    ];
    for (key, holds) in standings {
        record.insert(key.to_owned(), holds.into());
    }
    let days = issue.deadline.filter(|_| state.overdue).map_or(0, |deadline| (as_of.day - deadline).num_days());
    record.insert("days_overdue".to_owned(), days.into());
}

fn inspection_record(inspection: &Inspection<'_>, file: &Source) -> Record {
    let mut record = located(id_of(&inspection.row, file), file, &inspection.row);
    for info in keys_of(|info| info.of.inspection) {
        let one = |value: Option<Symbol>| value.map_or(String::new(), |value| value.to_string());
        match info.field {
            Field::Date => put_date(&mut record, info.key, inspection.date),
            Field::To => put_date(&mut record, info.key, inspection.to),
            Field::Sites => put_number(&mut record, info.key, inspection.sites),
            Field::Opinions => put_number(&mut record, info.key, inspection.opinions),
            Field::SiteNames => put_list(&mut record, info.key, &inspection.site_names),
            Field::Tags => put_list(&mut record, info.key, &inspection.tags),
            Field::Team => put_text(&mut record, info.key, &one(inspection.team)),
            Field::Unit => put_text(&mut record, info.key, &one(inspection.unit)),
            Field::Mode => put_text(&mut record, info.key, &one(inspection.mode)),
            Field::Scope => put_text(&mut record, info.key, &one(inspection.scope)),
            Field::Region => put_text(&mut record, info.key, &one(inspection.region)),
            field => put_text(&mut record, info.key, &inspection.row.text(field)),
        }
    }
    put_extra(&mut record, &inspection.row);
    record
}

fn measure_record(measure: &Measure<'_>, file: &Source) -> Record {
    let mut record = located(id_of(&measure.row, file), file, &measure.row);
    for info in keys_of(|info| info.of.measure) {
        match info.field {
            Field::Kind => put_text(&mut record, info.key, measure.kind.map_or("", Symbol::as_str)),
            Field::Date => put_date(&mut record, info.key, measure.date),
            Field::ClosedOn => put_date(&mut record, info.key, measure.closed_on),
            Field::Unit => put_text(&mut record, info.key, measure.unit.map_or("", Symbol::as_str)),
            Field::People => put_number(&mut record, info.key, Some(measure.people)),
            Field::Tags => put_list(&mut record, info.key, &measure.tags),
            Field::Issues => put_list(&mut record, info.key, &measure.issues),
            field => put_text(&mut record, info.key, &measure.row.text(field)),
        }
    }
    if let (Some(from), Some(to)) = (measure.date, measure.closed_on) {
        record.insert("days".to_owned(), (to - from).num_days().into());
    }
    put_extra(&mut record, &measure.row);
    record
}

fn located(id: String, file: &Source, row: &Row) -> Record {
    let mut record = Record::new();
    record.insert("id".to_owned(), id.into());
    record.insert("file".to_owned(), file.name.clone().into());
    if let Some(sheet) = &file.sheet {
        record.insert("sheet".to_owned(), sheet.name.clone().into());
    }
    record.insert("line".to_owned(), row.line.get().into());
    record
}

/// The id of an inspection or measure, by the rule of issues.
fn id_of(row: &Row, file: &Source) -> String {
    let issue = Issue::new(row);
    issue.id(&file.stem())
}

fn put_text(record: &mut Record, key: &str, text: &str) {
    if !text.is_empty() {
        // A line break within a cell of a sheet.
        record.insert(key.to_owned(), text.replace('\u{2028}', "\n").into());
    }
}

fn put_date(record: &mut Record, key: &str, day: Option<NaiveDate>) {
    if let Some(day) = day {
        record.insert(key.to_owned(), day.to_string().into());
    }
}

fn put_number(record: &mut Record, key: &str, number: Option<u64>) {
    if let Some(number) = number {
        record.insert(key.to_owned(), number.into());
    }
}

fn put_list(record: &mut Record, key: &str, values: &Values) {
    if !values.is_empty() {
        let values: Vec<Value> = values.iter().map(|value| value.as_str().into()).collect();
        record.insert(key.to_owned(), values.into());
    }
}

fn put_extra(record: &mut Record, row: &Row) {
    let cells = row.columns.extra.iter().map(|(header, cell)| (header, row.cell(usize::from(*cell))));
    let extra: Record =
        cells.filter(|(_, text)| !text.is_empty()).map(|(header, text)| (header.to_string(), text.into())).collect();
    if !extra.is_empty() {
        record.insert("extra".to_owned(), extra.into());
    }
}

/// The texts of a value: of a list each, of a text itself, of anything else its JSON.
pub(crate) fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Null => Vec::new(),
        Value::String(text) => vec![text.clone()],
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        other => vec![other.to_string()],
    }
}

/// Issues and inspections as the counting code knows them, read from their records once.
#[derive(Debug, Default)]
pub(crate) struct Parsed {
    rows: OnceLock<(Vec<Issue<'static>>, Vec<Inspection<'static>>)>,
    by_unit: OnceLock<FxHashMap<Symbol, Vec<usize>>>,
    by_issue: OnceLock<ByIssue>,
}

impl Clone for Parsed {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl PartialEq for Parsed {
    /// It follows from the records, which are compared.
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Records {
    pub(crate) fn parsed(&self) -> &(Vec<Issue<'static>>, Vec<Inspection<'static>>) {
        self.parsed.rows.get_or_init(|| (mapped(&self.issues, issue_of), mapped(&self.inspections, inspection_of)))
    }

    /// The issues of a unit, as indexes in order: a document by units asks for them again and again.
    pub(crate) fn issues_of(&self, unit: &str) -> &[usize] {
        let by_unit = self.parsed.by_unit.get_or_init(|| {
            let mut by_unit: FxHashMap<Symbol, Vec<usize>> = FxHashMap::default();
            for (index, issue) in self.parsed().0.iter().enumerate() {
                by_unit.entry(issue.unit.unwrap_or_default()).or_default().push(index);
            }
            by_unit
        });
        by_unit.get(&Symbol::new(unit)).map_or(&[], Vec::as_slice)
    }

    /// The documents that name an issue, as indexes in the order given out.
    pub(crate) fn naming(&self, issue: &str) -> &[usize] {
        let by_issue = self.parsed.by_issue.get_or_init(|| by_issue(&self.documents));
        by_issue.get(issue).map_or(&[], Vec::as_slice)
    }

    /// The same records with the standings of a day.
    pub(crate) fn issue_at(&self, index: usize, as_of: &AsOf) -> Record {
        let mut record = self.issues.get(index).cloned().unwrap_or_default();
        if let Some(issue) = self.parsed().0.get(index) {
            put_state(&mut record, issue, State::of(issue, as_of), as_of);
        }
        let letters = self.letters_of(text(&record, "id").unwrap_or_default());
        record.insert("letters".to_owned(), letters);
        record
    }
}

/// The issues of a document with their standings.
pub(crate) fn issue_states<'r>(
    records: &'r Records,
    as_of: &'r AsOf,
) -> impl Iterator<Item = (&'r Issue<'static>, State)> {
    records.parsed().0.iter().map(|issue| (issue, State::of(issue, as_of)))
}

fn text<'r>(record: &'r Record, key: &str) -> Option<&'r str> {
    record.get(key).and_then(Value::as_str).filter(|text| !text.is_empty())
}

fn symbol(record: &Record, key: &str) -> Option<Symbol> {
    text(record, key).map(Symbol::new)
}

fn day(record: &Record, key: &str) -> Option<NaiveDate> {
    text(record, key).and_then(|text| text.parse().ok())
}

fn symbols(record: &Record, key: &str) -> Values {
    record.get(key).map(texts).unwrap_or_default().iter().map(|text| Symbol::new(text)).collect()
}

/// The row that a record's texts make.
fn row_of(record: &Record) -> Row {
    let line = record.get("line").and_then(Value::as_u64).and_then(|line| u32::try_from(line).ok()).unwrap_or(1);
    let mut row = Row::new(SourceId(0));
    row.line = OneBased::from_one(line);
    let mut columns = Columns::default();
    for info in FIELDS.iter().filter(|info| info.kind == FieldKind::Text) {
        if let Some(text) = text(record, info.key) {
            columns.set(info.field, row.len());
            row.push_cell(text, None);
        }
    }
    for (header, value) in record.get("extra").and_then(Value::as_object).into_iter().flatten() {
        if let (Some(text), Ok(cell)) = (value.as_str(), u16::try_from(row.len())) {
            columns.extra.push((Symbol::new(header), cell));
            row.push_cell(text, None);
        }
    }
    row.columns = Arc::new(columns);
    row
}

fn issue_of(record: &Record) -> Issue<'static> {
    let mut issue = Issue::new(row_of(record));
    issue.found_on = day(record, "found_on");
    issue.assigned_on = day(record, "assigned_on");
    issue.deadline = day(record, "deadline");
    issue.rectified_on = day(record, "rectified_on");
    issue.verified_on = day(record, "verified_on");
    issue.closed_on = day(record, "closed_on");
    issue.unit = symbol(record, "unit");
    issue.group = symbol(record, "group");
    issue.team = symbol(record, "team");
    issue.region = symbol(record, "region");
    issue.site = symbol(record, "site");
    issue.site_type = symbol(record, "site_type");
    issue.severity = symbol(record, "severity");
    issue.disposition = symbol(record, "disposition");
    issue.status = symbol(record, "status");
    issue.source = symbol(record, "source");
    issue.categories = symbols(record, "category");
    issue.tags = symbols(record, "tags");
    issue.co_units = symbols(record, "co_units");
    issue
}

fn inspection_of(record: &Record) -> Inspection<'static> {
    let number = |key: &str| record.get(key).and_then(Value::as_u64);
    Inspection {
        row: row_of(record).into(),
        date: day(record, "date"),
        to: day(record, "to"),
        team: symbol(record, "team"),
        unit: symbol(record, "unit"),
        sites: number("sites"),
        site_names: symbols(record, "site_names"),
        opinions: number("opinions"),
        mode: symbol(record, "mode"),
        scope: symbol(record, "scope"),
        region: symbol(record, "region"),
        tags: symbols(record, "tags"),
    }
}
