//! Rows of logs as maps, and back. Each way is written so that a field can't be forgotten: what an issue is counted by is
//! the same after a trip through JSON.

use std::sync::Arc;

use chrono::NaiveDate;
use rustc_hash::FxHashSet;
use serde::Serialize;
use serde_json::Value;

use crate::album::{ALBUM, IssuePhoto};
use crate::dataset::line_breaks::with_line_breaks;
use crate::model::field::{FIELDS, Field, FieldInfo, FieldKind};
use crate::model::identity::is_key;
use crate::model::moves::Move;
use crate::model::record::{IssueValues, Profile, Values, unstated};
use crate::model::row::{Columns, Row};
use crate::model::state::{AsOf, State};
use crate::model::{Inspection, Issue, Measure};
use crate::place::{OneBased, SourceId};
use crate::source::Source;
use crate::words::symbol::Symbol;

/// One record by its canonical keys. A key of which nothing is known is left out, never null: what a template prints
/// without having is an error with its place, and `{% if issue.deadline %}` asks whether it is there.
pub type Record = serde_json::Map<String, Value>;

/// Under this key of an issue stands, by field, the text of a day that it is counted by and that names none, such as a
/// deadline in words (长期坚持), or whose hour tells that it was late. Templates don't get it: for them there is no such
/// day.
pub(super) const WRITTEN: &str = "written";

/// Under this key of an issue stands the key of what it says.
pub(super) const KEY: &str = "key";

/// Under this key of an issue stands its 序号. Templates get it as the id of an issue that has none.
const NUMBER: &str = "number_in_table";

/// A key of an issue that was put right on the day of its deadline, but after its hour. Templates don't get it.
const PAST_THE_HOUR: &str = "past_the_hour";
/// Whether the log says that an issue is not closed, whatever its status and days.
const NOT_CLOSED: &str = "not_closed";

/// A key of a record of a public edition that names a person, or did before it was masked. Templates don't get it.
pub(super) const OF_PERSON: &str = "of_person";

/// Under this key of an issue stands how it moved since the submission that the run is compared with.
pub(crate) const MOVE: &str = "move";

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
pub(super) fn listed(thing: &impl Serialize) -> Record {
    let mut record = match serde_json::to_value(thing) {
        Ok(Value::Object(map)) => map,
        _ => Record::new(),
    };
    record.retain(|_, value| !value.is_null());
    record
}

/// The canonical keys of inspections and measures, beside `id file line`.
pub(crate) fn keys_of(is: fn(&FieldInfo) -> bool) -> impl Iterator<Item = &'static FieldInfo> {
    FIELDS.iter().filter(move |info| is(info) && info.field != Field::Id && !info.field.is_column_only())
}

/// What the record of an issue says that its row does not.
#[derive(Clone, Debug)]
pub(super) struct IssueMarks {
    /// The key of what it says.
    pub(super) key: Box<str>,
    /// Its 序号; empty if its log has none.
    pub(super) number: Box<str>,
    /// How it moved, if it did.
    pub(super) moved: Option<Move>,
    /// Its photos, if they are asked for.
    pub(super) photos: Box<[Arc<IssuePhoto>]>,
}

/// The file that a row stands in, and its sheet.
#[derive(Clone, Debug, Default)]
pub(super) struct RowFile {
    name: String,
    sheet: Option<String>,
}

impl From<&Source> for RowFile {
    fn from(source: &Source) -> Self {
        Self { name: source.name.clone(), sheet: source.sheet.as_ref().map(|sheet| sheet.name.clone()) }
    }
}

impl RowFile {
    /// Its name.
    pub(super) fn name(&self) -> &str {
        &self.name
    }
}

/// An issue as a template sees it, with all that it is counted by: [`issue_of`] gives the same issue. Its id is what the run
/// calls it.
pub(super) fn issue_record(issue: &Issue<'_>, marks: &IssueMarks, as_of: &AsOf, file: &RowFile) -> Record {
    // All parts by name, here and in `issue_of`: one that is forgotten does not compile. Those that are a field of FIELDS
    // are written below.
    let Issue {
        row,
        values: _,
        found_on: _,
        assigned_on: _,
        deadline: _,
        rectified_on: _,
        past_the_hour,
        verified_on: _,
        closed_on: _,
    } = issue;
    let Profile {
        group,
        unit: _,
        team: _,
        region: _,
        site: _,
        site_type: _,
        severity: _,
        disposition: _,
        status: _,
        not_closed,
        contradiction: _,
        source: _,
        categories: _,
        tags: _,
        co_units: _,
    } = &**issue;
    let mut record = located(issue.text(Field::Id).into_owned(), file, row);
    record.insert(KEY.to_owned(), (&*marks.key).into());
    put_text(&mut record, NUMBER, &marks.number);
    let mut written = Record::new();
    for info in keys_of(|info| info.of.issue) {
        if let Some(value) = field_value(issue, info) {
            record.insert(info.key.to_owned(), value);
        } else if matches!(info.kind, FieldKind::Date | FieldKind::Deadline) {
            put_text(&mut written, info.key, &issue.text(info.field));
        }
    }
    put_text(&mut record, "group", group.map_or("", Symbol::as_str));
    put_extra(&mut record, row);
    put_state(&mut record, issue, State::of(issue, as_of), as_of);
    if *past_the_hour {
        // The hours that tell it.
        for field in [Field::Deadline, Field::RectifiedOn] {
            put_text(&mut written, field.key(), &issue.text(field));
        }
    }
    if !written.is_empty() {
        record.insert(WRITTEN.to_owned(), written.into());
    }
    if *not_closed {
        record.insert(NOT_CLOSED.to_owned(), true.into());
    }
    if *past_the_hour {
        record.insert(PAST_THE_HOUR.to_owned(), true.into());
    }
    put_text(&mut record, MOVE, marks.moved.map_or("", Move::key));
    record.extend(photos_value(marks).map(|photos| (ALBUM.to_owned(), photos)));
    record
}

fn photos_value(marks: &IssueMarks) -> Option<Value> {
    let values = || marks.photos.iter().filter_map(|photo| serde_json::to_value(&**photo).ok()).collect();
    (!marks.photos.is_empty()).then(values)
}

/// What the record of an issue says of a field. What is not stated is left out, as the log left it out; who reads the record
/// counts it again.
pub(super) fn field_value(issue: &Issue<'_>, info: &FieldInfo) -> Option<Value> {
    if let Some(values) = issue.several(info.field) {
        return list_value(values.iter().copied().filter(|value| *value != unstated()));
    }
    match info.kind {
        FieldKind::Date | FieldKind::Deadline => issue.date(info.field).map(|day| day.to_string().into()),
        FieldKind::Text => text_value(&issue.text(info.field)),
        FieldKind::Value | FieldKind::Values | FieldKind::Number => {
            let stated = issue.single(info.field).filter(|value| *value != unstated());
            text_value(stated.map_or("", Symbol::as_str))
        }
    }
}

/// Those parts of the record of an issue that are wanted, as a template gets them: see [`issue_record`] and [`record_at`].
pub(super) fn wanted_record(
    issue: &Issue<'_>,
    marks: &IssueMarks,
    as_of: &AsOf,
    file: &RowFile,
    wanted: &WantedKeys,
) -> Record {
    let mut record = Record::new();
    let mut put = |key: &str, value: &dyn Fn() -> Option<Value>| {
        if wanted.has(key)
            && let Some(value) = value()
        {
            record.insert(key.to_owned(), value);
        }
    };
    let id = issue.text(Field::Id);
    put("id", &|| Some(if is_key(&id) { &*marks.number } else { &*id }.into()));
    put("file", &|| Some(file.name.clone().into()));
    put("sheet", &|| Some(file.sheet.clone()?.into()));
    put("line", &|| Some(issue.row.line.get().into()));
    put(KEY, &|| Some((&*marks.key).into()));
    for info in keys_of(|info| info.of.issue) {
        put(info.key, &|| field_value(issue, info));
    }
    put("group", &|| text_value(issue.group.map_or("", Symbol::as_str)));
    put("extra", &|| extra_value(&issue.row));
    put(MOVE, &|| text_value(marks.moved.map_or("", Move::key)));
    put(ALBUM, &|| photos_value(marks));
    for (key, value) in standings(issue, State::of(issue, as_of), as_of) {
        put(key, &|| Some(value.clone()));
    }
    record
}

/// The keys of a record that are asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct WantedKeys(Option<FxHashSet<String>>);

impl WantedKeys {
    /// Those keys and no others.
    pub(crate) fn only<'k>(keys: impl IntoIterator<Item = &'k str>) -> Self {
        Self(Some(keys.into_iter().map(str::to_owned).collect()))
    }

    /// Whether a key is among them.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.0.as_ref().is_none_or(|keys| keys.contains(key))
    }

    /// Whether these are all keys.
    pub(super) fn are_all(&self) -> bool {
        self.0.is_none()
    }
}

/// A record as a template gets it: without what it is only counted by.
pub(crate) fn shown(mut record: Record) -> Record {
    let number = record.shift_remove(NUMBER);
    if is_key(id(&record)) {
        let number = number.as_ref().and_then(Value::as_str).unwrap_or_default();
        record.insert("id".to_owned(), number.into());
    }
    for key in [WRITTEN, PAST_THE_HOUR, NOT_CLOSED, OF_PERSON] {
        record.shift_remove(key);
    }
    record
}

/// The record of an issue as a template gets it, with its standing on a day.
pub(super) fn record_at(record: Record, issue: &Issue<'_>, as_of: &AsOf) -> Record {
    let mut shown = shown(record);
    put_state(&mut shown, issue, State::of(issue, as_of), as_of);
    shown
}

/// What depends on the day. Computed, never taken from a file.
fn put_state(record: &mut Record, issue: &Issue<'_>, state: State, as_of: &AsOf) {
    for (key, value) in standings(issue, state, as_of) {
        record.insert(key.to_owned(), value);
    }
}

fn standings(issue: &Issue<'_>, state: State, as_of: &AsOf) -> [(&'static str, Value); 7] {
    let days = issue.deadline.filter(|_| state.overdue).map_or(0, |deadline| (as_of.day - deadline).num_days());
    [
        ("rectified", state.rectified.into()),
        ("open", (!state.rectified).into()),
        ("closed", state.closed.into()),
        ("overdue", state.overdue.into()),
        ("due_soon", state.due_soon.into()),
        ("late", state.late.into()),
        ("days_overdue", days.into()),
    ]
}

pub(super) fn inspection_record(inspection: &Inspection<'_>, source: &Source) -> Record {
    let Inspection { row, date, to, team, unit, sites, site_names, opinions, issues_found, mode, scope, region, tags } =
        inspection;
    let mut record = located(id_of(row, source), &source.into(), row);
    for info in keys_of(|info| info.of.inspection) {
        let one = |value: Option<Symbol>| value.map_or("", Symbol::as_str);
        match info.field {
            Field::Date => put_date(&mut record, info.key, *date),
            Field::To => put_date(&mut record, info.key, *to),
            Field::Sites => put_number(&mut record, info.key, *sites),
            Field::Opinions => put_number(&mut record, info.key, *opinions),
            Field::IssuesFound => put_number(&mut record, info.key, *issues_found),
            Field::SiteNames => put_list(&mut record, info.key, site_names),
            Field::Tags => put_list(&mut record, info.key, tags),
            Field::Team => put_text(&mut record, info.key, one(*team)),
            Field::Unit => put_text(&mut record, info.key, one(*unit)),
            Field::Mode => put_text(&mut record, info.key, one(*mode)),
            Field::Scope => put_text(&mut record, info.key, one(*scope)),
            Field::Region => put_text(&mut record, info.key, one(*region)),
            field => put_text(&mut record, info.key, &row.text(field)),
        }
    }
    put_extra(&mut record, row);
    record
}

pub(super) fn measure_record(measure: &Measure<'_>, source: &Source) -> Record {
    let mut record = located(id_of(&measure.row, source), &source.into(), &measure.row);
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

fn located(id: String, file: &RowFile, row: &Row) -> Record {
    let mut record = Record::new();
    record.insert("id".to_owned(), id.into());
    record.insert("file".to_owned(), file.name.clone().into());
    if let Some(sheet) = &file.sheet {
        record.insert("sheet".to_owned(), sheet.clone().into());
    }
    record.insert("line".to_owned(), row.line.get().into());
    record
}

/// The id of an inspection or measure, by the rule of issues.
fn id_of(row: &Row, source: &Source) -> String {
    let issue = Issue::new(row);
    issue.id(&source.stem())
}

fn put_text(record: &mut Record, key: &str, text: &str) {
    if let Some(value) = text_value(text) {
        record.insert(key.to_owned(), value);
    }
}

fn text_value(text: &str) -> Option<Value> {
    (!text.is_empty()).then(|| with_line_breaks(text).into())
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
    if let Some(value) = list_value(values.iter().copied()) {
        record.insert(key.to_owned(), value);
    }
}

fn list_value(values: impl Iterator<Item = Symbol>) -> Option<Value> {
    let values: Vec<Value> = values.map(|value| value.as_str().into()).collect();
    (!values.is_empty()).then(|| values.into())
}

/// The columns that serve no field. Of two with the same header the first is shown, which is the one that is counted by
/// ([`Key::Extra`](crate::model::key::Key::Extra)).
fn put_extra(record: &mut Record, row: &Row) {
    if let Some(extra) = extra_value(row) {
        record.insert("extra".to_owned(), extra);
    }
}

fn extra_value(row: &Row) -> Option<Value> {
    let mut extra = Record::new();
    for (index, (header, cell)) in row.columns.extra.iter().enumerate() {
        let text = row.cell(usize::from(*cell));
        let is_first = row.columns.extra.iter().take(index).all(|(before, _)| before != header);
        if !text.is_empty() && is_first {
            extra.insert(header.to_string(), text.into());
        }
    }
    (!extra.is_empty()).then(|| extra.into())
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

/// The id of an issue as the log gives it; empty if it gives none.
pub(crate) fn written_id(record: &Record) -> &str {
    Some(id(record)).filter(|id| !is_key(id)).unwrap_or_default()
}

/// The 序号 of an issue; empty if its log has none.
pub(crate) fn number(record: &Record) -> &str {
    text(record, NUMBER).unwrap_or_default()
}

/// The id of a record, empty if it has none.
pub(crate) fn id(record: &Record) -> &str {
    text(record, "id").unwrap_or_default()
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

/// The row that a record's texts make: those of text fields, and those of days that name none.
fn row_of(record: &Record) -> Row {
    let line = record.get("line").and_then(Value::as_u64).and_then(|line| u32::try_from(line).ok()).unwrap_or(1);
    let mut row = Row::new(SourceId(0));
    row.line = OneBased::from_one(line);
    let mut columns = Columns::default();
    let written = record.get(WRITTEN).and_then(Value::as_object);
    for info in FIELDS {
        let text = match info.kind {
            FieldKind::Text => text(record, info.key),
            FieldKind::Date | FieldKind::Deadline => written.and_then(|written| text(written, info.key)),
            FieldKind::Value | FieldKind::Values | FieldKind::Number => None,
        };
        if let Some(text) = text {
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

/// The issue that a record was made from, as far as it is counted by: see [`issue_record`].
pub(super) fn issue_of(record: &Record) -> Issue<'static> {
    let value = |key: &str| symbol(record, key);
    let profile = Profile {
        unit: value("unit"),
        group: value("group"),
        team: value("team"),
        region: value("region"),
        site: value("site"),
        site_type: value("site_type"),
        severity: value("severity"),
        disposition: value("disposition"),
        status: value("status"),
        contradiction: None,
        not_closed: record.get(NOT_CLOSED).and_then(Value::as_bool).unwrap_or_default(),
        source: value("source"),
        categories: symbols(record, "category"),
        tags: symbols(record, "tags"),
        co_units: symbols(record, "co_units"),
    };
    Issue {
        row: row_of(record).into(),
        values: IssueValues::of(Arc::new(profile)),
        found_on: day(record, "found_on"),
        assigned_on: day(record, "assigned_on"),
        deadline: day(record, "deadline"),
        rectified_on: day(record, "rectified_on"),
        past_the_hour: record.get(PAST_THE_HOUR).and_then(Value::as_bool).unwrap_or_default(),
        verified_on: day(record, "verified_on"),
        closed_on: day(record, "closed_on"),
    }
}

pub(super) fn inspection_of(record: &Record) -> Inspection<'static> {
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
        issues_found: number("issues_found"),
        mode: symbol(record, "mode"),
        scope: symbol(record, "scope"),
        region: symbol(record, "region"),
        tags: symbols(record, "tags"),
    }
}
