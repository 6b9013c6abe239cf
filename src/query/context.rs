//! Answers what functions ask about the rows of one document: selects and counts them with the code that `tally` counts
//! with, and records every answer as a [`Figure`].

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock};

use chrono::Days;
use rustc_hash::FxHashSet;
use serde_json::{Value, json};

use crate::album::ALBUM;
use crate::dataset::figure::{Figure, FigurePart, Scope};
use crate::dataset::issues::ListedIssue;
use crate::dataset::record::{MOVE, WantedKeys, shown, texts};
use crate::dataset::records::CountedRows;
use crate::dataset::series::REPORTED;
use crate::dataset::{Data, Record, Records, RowSet};
use crate::model::Issue;
use crate::model::field::FREE_TEXTS;
use crate::model::key::Key;
use crate::model::moves::Move;
use crate::model::period::Period;
use crate::model::record::Values;
use crate::model::state::{AsOf, State};
use crate::project::Project;
use crate::query::call_error::CallError;
use crate::query::condition::{QueryCondition, day_field, under};
use crate::query::figure_log::FigureLog;
use crate::query::record_list::RecordList;
use crate::small_counts::{CountPolicy, CountSelection, Counted, HiddenCounts, ValueSet};
use crate::tally::select::{Condition, Filter};
use crate::tally::{Tally, TallyPlan, TallyReport};
use crate::words::lang::Lang;
use crate::words::punctuation::punctuated;

/// What a call asks for, read from its arguments.
#[derive(Clone)]
pub(crate) struct Query {
    pub(crate) of: RecordList,
    /// What is selected, as it is recorded.
    pub(crate) selection: Record,
    pub(crate) scope: Scope,
    period: Period,
    conditions: Vec<QueryCondition>,
}

/// What functions count in: the data of one document, and the figures recorded so far.
pub(crate) struct QueryContext {
    pub(crate) data: Arc<Data>,
    pub(crate) project: Arc<Project>,
    pub(crate) as_of: AsOf,
    /// The language of messages; the document's own is `data.lang`.
    pub(crate) messages: Lang,
    /// There are no rows: calls are only made to check their arguments.
    pub(crate) is_dry_run: bool,
    /// Which counts are shown in words, in a public edition that hides small ones.
    policy: Option<CountPolicy>,
    /// What it counts in place of the document, if it is what that is compared with.
    pub(super) side: Option<EarlierSide>,
    /// The other sides that were asked for.
    pub(super) sides: Mutex<BTreeMap<String, Arc<QueryContext>>>,
    pub(crate) figures: FigureLog,
}

/// What a document is compared with: the same as it stood on an earlier day, or another submission.
pub(crate) struct EarlierSide {
    /// As it was asked for: `previous`, or a period.
    pub(super) name: String,
    /// Whether its rows are of other logs.
    pub(super) has_other_logs: bool,
    /// The issues that it speaks of, if those are what a document listed.
    pub(super) listed: Option<FxHashSet<String>>,
    /// The standings of the issues on its day.
    pub(super) states: OnceLock<Vec<State>>,
}

impl QueryContext {
    pub(crate) fn new(data: Arc<Data>, project: Arc<Project>, messages: Lang) -> Self {
        let as_of = data.as_of();
        Self {
            data,
            project,
            as_of,
            messages,
            is_dry_run: false,
            policy: None,
            side: None,
            sides: Mutex::default(),
            figures: FigureLog::default(),
        }
    }

    /// The same, with some counts hidden if the data hides small ones.
    pub(crate) fn hiding(self, hidden: HiddenCounts) -> Self {
        let of = |threshold| {
            let texts = serde_json::to_string(&*self.data).unwrap_or_default();
            CountPolicy::new(threshold, hidden, self.data.lang, &texts)
        };
        Self { policy: self.data.small_counts.map(of), ..self }
    }

    /// Which counts are shown in words, in a public edition that hides small ones.
    pub(crate) fn policy(&self) -> Option<&CountPolicy> {
        self.policy.as_ref()
    }

    /// The same for counts of a list: those of issues are hidden, and of measures, which are against persons.
    pub(crate) fn policy_of(&self, of: RecordList) -> Option<&CountPolicy> {
        self.policy().filter(|_| matches!(of, RecordList::Issues | RecordList::Measures))
    }

    /// A context without rows, in which a value that a key does not allow is an error.
    pub(crate) fn dry_run(data: Data, project: Arc<Project>, messages: Lang) -> Self {
        Self { is_dry_run: true, ..Self::new(Arc::new(data), project, messages) }
    }

    pub(crate) fn figures(&self) -> Vec<Figure> {
        let mut figures = self.figures.all();
        for figure in &mut figures {
            if let Value::String(text) = &mut figure.value {
                *text = self.in_words(text);
            }
        }
        figures
    }

    /// A rendered text, with words in place of hidden counts.
    pub(crate) fn in_words(&self, text: &str) -> String {
        self.policy.as_ref().map_or_else(|| text.to_owned(), |policy| policy.in_words(text))
    }

    /// A count of what a query selects, limited to one value of each of `keys`, as a template gets it. `sum_of` is what was
    /// added up; nothing for the number of records.
    pub(crate) fn count(
        &self,
        query: &Query,
        keys: &[(&str, &str)],
        sum_of: Option<&str>,
        value: u64,
    ) -> Result<Value, CallError> {
        self.count_of(&query.limited(keys), sum_of, value)
    }

    /// A count of what a query selects, as a template gets it.
    pub(super) fn count_of(&self, query: &Query, sum_of: Option<&str>, value: u64) -> Result<Value, CallError> {
        let Some(policy) = self.policy_of(query.of) else { return Ok(json!(value)) };
        let counted = (query.of.name(), self.select(query)?);
        Ok(policy.count(query.counted(sum_of), value, counted))
    }

    /// Notes that the document shows how many different values the records of a query have.
    pub(crate) fn note_values(&self, query: &Query, count: u64) {
        if let Some(policy) = self.policy_of(query.of) {
            policy.values(query.counted(None), count);
        }
    }

    /// A share of what a query selects, limited to one value of each of `keys`, as a template gets it.
    pub(crate) fn rate(
        &self,
        (part, part_keys): (&Query, &[(&str, &str)]),
        (whole, whole_keys): (&Query, &[(&str, &str)]),
        rate: Value,
    ) -> Result<Value, CallError> {
        let Some(policy) = self.policy_of(whole.of) else { return Ok(rate) };
        let counted = |query: &Query, keys: &[(&str, &str)]| -> Result<Counted, CallError> {
            let query = query.limited(keys);
            let rows = self.select(&query)?;
            Ok((query.counted(None), rows.len() as u64, (query.of.name(), rows)))
        };
        Ok(policy.rate(&rate, counted(part, part_keys)?, counted(whole, whole_keys)?))
    }

    /// Reads the arguments that every function has: `records`, the period, the unit, and KEY=VALUE.
    pub(crate) fn query(&self, mut arguments: Record) -> Result<Query, CallError> {
        let lang = self.messages;
        let of = match arguments.shift_remove("records") {
            Some(name) => RecordList::named(name.as_str().unwrap_or_default(), lang)?,
            None => RecordList::Issues,
        };
        let period = self.period(&mut arguments, of)?;
        let (asks_period, period) = (period.is_some(), period.unwrap_or_else(|| self.own_period(of)));
        let mut conditions = Vec::new();
        for (name, not) in [("where", false), ("not", true)] {
            match arguments.shift_remove(name) {
                None => {}
                Some(Value::Object(map)) => {
                    for (key, value) in &map {
                        conditions.push(self.condition(of, key, value, not)?);
                    }
                }
                Some(_) => {
                    let zh = format!("`{name}` 要写成映射，例如 {name}={{\"extra.酒店\": \"甲\"}}");
                    let en = format!("`{name}` takes a map, such as {name}={{\"extra.Hotel\": \"A\"}}");
                    return Err(CallError::new(lang, zh, en));
                }
            }
        }
        let mut unit = self.data.unit.as_ref().filter(|_| of.is_dated()).map(|unit| unit.name.clone());
        for (key, value) in &arguments {
            if key == "unit" {
                unit = None;
                if value.as_str() == Some("all") {
                    continue;
                }
            }
            conditions.push(self.condition(of, key, value, false)?);
        }
        let asks = |name: &str| conditions.iter().any(|condition| condition.key == name);
        if of == RecordList::Issues && self.data.unreported && !asks_period && !asks(REPORTED) {
            conditions.push(self.condition(of, REPORTED, &false.into(), false)?);
        }
        let mut selection = Record::new();
        if of != RecordList::Issues {
            selection.insert("records".to_owned(), of.name().into());
        }
        for condition in &conditions {
            let key = if condition.not { format!("{}!", condition.key) } else { condition.key.clone() };
            let value = match condition.values.as_slice() {
                [value] if condition.is_bool => (value.as_str() == "yes").into(),
                [value] => value.as_str().into(),
                values => values.into(),
            };
            selection.insert(key, value);
        }
        if let Some(unit) = &unit {
            conditions.push(QueryCondition {
                key: "unit".to_owned(),
                values: vec![unit.clone()],
                not: false,
                is_bool: false,
            });
        }
        let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string());
        let side = self.side.as_ref();
        let scope = Scope {
            from: day(period.from),
            to: day(period.to),
            unit,
            as_of: self.as_of.day.to_string(),
            against: side.map(|side| side.name.clone()),
            earlier_logs: side.is_some_and(|side| side.has_other_logs),
        };
        Ok(Query { of, selection, scope, period, conditions })
    }

    /// The period that is asked for by `period="all"`, `period="2021-08"`, `from` or `to`, if any.
    fn period(&self, arguments: &mut Record, of: RecordList) -> Result<Option<Period>, CallError> {
        let lang = self.messages;
        let mut text = |key: &str| arguments.shift_remove(key).map(|value| texts(&value).concat());
        let (period, from, to) = (text("period"), text("from"), text("to"));
        if !of.is_dated() {
            return Ok(Some(Period::default()));
        }
        let day = |text: Option<String>| match text {
            None => Ok(None),
            Some(text) => text.parse().map(Some).map_err(|_| {
                let zh = format!("`{text}` 不是日期；写成 2021-08-20");
                CallError::new(lang, zh, format!("`{text}` is no day; write 2021-08-20"))
            }),
        };
        match period.as_deref() {
            Some("all") => Ok(Some(Period::default())),
            Some(text) => text.parse().map(Some).map_err(|_| {
                let zh = format!("`{text}` 不是时段；写成 all、2021、2021-Q3、2021-08 或 2021-W32");
                CallError::new(
                    lang,
                    zh,
                    format!("`{text}` is no period; write all, 2021, 2021-Q3, 2021-08 or 2021-W32"),
                )
            }),
            None if from.is_some() || to.is_some() => Ok(Some(Period { from: day(from)?, to: day(to)? })),
            None => Ok(None),
        }
    }

    /// The document's period. One that covers what is unreported speaks of what was done since the document before it.
    fn own_period(&self, of: RecordList) -> Period {
        let is_done = matches!(of, RecordList::Inspections | RecordList::Measures);
        let before = self.data.previous.as_ref().filter(|_| is_done && self.data.unreported);
        let last: Option<chrono::NaiveDate> = before.and_then(|previous| previous.date.parse().ok());
        match last.and_then(|day| day.checked_add_days(Days::new(1))) {
            Some(from) => Period { from: Some(from), to: None },
            None => self.data.period,
        }
    }

    fn condition(&self, of: RecordList, key: &str, value: &Value, not: bool) -> Result<QueryCondition, CallError> {
        self.key(of, key)?;
        if (of, key) == (RecordList::Issues, MOVE) {
            self.need_comparison()?;
            let known = Move::ALL.map(Move::key);
            if let Some(wrong) = texts(value).iter().find(|text| !known.contains(&text.as_str())) {
                return Err(CallError::unknown(self.messages, ("变化", "move"), wrong, &known));
            }
        }
        let is_reported = (of, key) == (RecordList::Issues, REPORTED);
        if let Value::Bool(holds) = value
            && (is_reported || day_field(of, key).is_some())
        {
            let values = vec![if *holds { "yes" } else { "no" }.to_owned()];
            return Ok(QueryCondition { key: key.to_owned(), values, not, is_bool: true });
        }
        if is_reported {
            let (zh, en) = ("`reported` 只能是 true 或 false", "`reported` is true or false");
            return Err(CallError::new(self.messages, zh, en));
        }
        let written = if value.is_null() { vec![String::new()] } else { texts(value) };
        let mut values = Vec::new();
        for text in written {
            let read = of.key(key).map_or_else(|| Ok(text.trim().to_owned()), |key| self.project.canonical(key, &text));
            values.push(match read {
                Ok(value) => value,
                Err(fault) if self.is_dry_run => return Err(CallError::value(self.messages, &fault)),
                // Values of the logs that are in no vocabulary are counted as written.
                Err(fault) => fault.written,
            });
        }
        Ok(QueryCondition { key: key.to_owned(), values, not, is_bool: value.is_boolean() })
    }

    /// How issues moved is known only of a run that compares them with something.
    fn need_comparison(&self) -> Result<(), CallError> {
        if self.is_dry_run || self.data.against.is_some() {
            return Ok(());
        }
        Err(CallError::new(
            self.messages,
            format!("`{MOVE}` 要有比较的对象：用 --compare previous（或文件、文件夹、git:版本）拟稿、发文"),
            format!(
                "`{MOVE}` needs something to compare with: give --compare previous, a file, a folder or git:REVISION"
            ),
        ))
    }

    /// The query of a function that counts issues only.
    pub(crate) fn only_issues(&self, function: &str, arguments: Record) -> Result<Query, CallError> {
        let query = self.query(arguments)?;
        if query.of == RecordList::Issues {
            return Ok(query);
        }
        let (zh, en) = (format!("{function} 只统计问题"), format!("{function} counts issues only"));
        Err(CallError::new(self.messages, zh, en))
    }

    /// A key to group issues by.
    pub(crate) fn issue_key(&self, name: &str) -> Result<Key, CallError> {
        let known: Vec<&str> = Key::all().map(|(name, _)| name).collect();
        name.parse().map_err(|_| CallError::unknown(self.messages, ("键", "key"), name, &known))
    }

    /// Checks that the records have a key.
    pub(crate) fn key(&self, of: RecordList, key: &str) -> Result<(), CallError> {
        let known = of.keys();
        if known.contains(&key) || key.starts_with("extra.") && of.is_dated() {
            return Ok(());
        }
        Err(CallError::unknown(self.messages, ("键", "key"), key, &known))
    }

    pub(super) fn filter(&self, query: &Query) -> Result<Filter, CallError> {
        let mut conditions = Vec::new();
        for condition in query.conditions.iter().filter(|condition| !condition.is_beyond_keys()) {
            let key = self.issue_key(&condition.key)?;
            conditions.push(Condition::new(key, &condition.values, condition.not));
        }
        Ok(Filter { conditions, period: query.period })
    }

    /// The standings of the issues on the day.
    pub(super) fn states(&self) -> Cow<'_, [State]> {
        let records = &self.data.records;
        match &self.side {
            None => records.states(&self.as_of),
            Some(side) => {
                let states = || records.issue_states(&self.as_of).map(|(_, state)| state).collect();
                side.states.get_or_init(states).into()
            }
        }
    }

    /// The records that a query selects, as indexes.
    pub(crate) fn select(&self, query: &Query) -> Result<Vec<usize>, CallError> {
        if query.of == RecordList::Issues {
            let filter = self.filter(query)?;
            let issues = &self.data.records.counted().issues;
            let states = self.states();
            let beyond = BeyondKeys::new(self, query);
            let holds = |index: &usize| {
                let row = issues.get(*index).zip(states.get(*index));
                row.is_some_and(|(issue, state)| filter.holds(issue, *state) && beyond.holds(*index, issue))
            };
            let of_unit = query.conditions.iter().find(|condition| condition.key == "unit" && !condition.not);
            return Ok(match of_unit.map(|condition| condition.values.as_slice()) {
                Some([unit]) => self.data.records.issues_of(unit).iter().copied().filter(holds).collect(),
                _ => (0..issues.len()).filter(holds).collect(),
            });
        }
        let names_status = query.conditions.iter().any(|condition| condition.key == "status");
        let held = self.data.records.others(query.of).iter().enumerate().filter(|(_, record)| {
            let text = |key: &str| record.get(key).and_then(Value::as_str).unwrap_or_default();
            // Void documents are not counted, unless a status is asked for.
            (query.of != RecordList::Documents || names_status || text("status") != "void")
                && (!query.of.is_dated() || query.period.contains(text("date").parse().ok()))
                && query.conditions.iter().all(|condition| condition.holds(record))
        });
        Ok(held.map(|(index, _)| index).collect())
    }

    /// The values of a record under a key.
    pub(crate) fn values(&self, of: RecordList, index: usize, key: &str) -> Vec<String> {
        if of == RecordList::Issues && key == MOVE {
            let moved = self.data.records.issue(index).map_or("", ListedIssue::moved);
            return Some(moved.to_owned()).filter(|moved| !moved.is_empty()).into_iter().collect();
        }
        if of == RecordList::Issues {
            let issue = self.data.records.counted().issues.get(index);
            return match (issue, key.parse::<Key>()) {
                (Some(issue), Ok(key)) => {
                    key.values(issue, State::of(issue, &self.as_of)).iter().map(ToString::to_string).collect()
                }
                _ => Vec::new(),
            };
        }
        self.data.records.others(of).get(index).map(|record| under(record, key)).unwrap_or_default()
    }

    /// The values of an issue under a key.
    pub(crate) fn issue_values(&self, index: usize, key: Key) -> Values {
        let records = &self.data.records;
        let (issue, states) = (records.counted().issues.get(index), self.states());
        let issue = issue.zip(states.get(index));
        issue.map(|(issue, state)| key.values(issue, *state)).unwrap_or_default()
    }

    /// A record as a template gets it.
    pub(crate) fn record(&self, of: RecordList, index: usize, wanted: &WantedKeys) -> Record {
        let mut record = match of {
            RecordList::Issues => {
                let mut record = self.data.records.issue_at(index, &self.as_of, wanted);
                if wanted.has(REPORTED) {
                    let is_reported = self.reported().is_some_and(|reported| {
                        self.data.records.issue(index).is_some_and(|issue| reported.contains(&*issue.id()))
                    });
                    record.insert(REPORTED.to_owned(), is_reported.into());
                }
                if wanted.has(ALBUM) {
                    // A list that may be gone through, even if there is nothing in it.
                    let photos = self.captioned(index, record.get(ALBUM));
                    record.insert(ALBUM.to_owned(), photos);
                }
                record
            }
            _ => self.data.records.others(of).get(index).cloned().map(shown).unwrap_or_default(),
        };
        if self.data.punctuation.is_by_script() {
            for field in FREE_TEXTS {
                if let Some(Value::String(text)) = record.get_mut(field.key())
                    && let Cow::Owned(changed) = punctuated(text)
                {
                    *text = changed;
                }
            }
        }
        record
    }

    /// The order of the values of a key: the vocabulary's, where there is one.
    pub(crate) fn rank(&self, of: RecordList, key: &str, value: &str) -> usize {
        let field = of.field(key);
        field.and_then(|field| self.project.vocabularies.of(field).rank(value)).unwrap_or(usize::MAX)
    }

    /// Whether the document speaks of an issue where a call names neither a period nor a unit.
    pub(crate) fn covers(&self, index: usize) -> bool {
        let records = &self.data.records;
        let row = records.counted().issues.get(index).zip(records.issue(index));
        let is_reported = |listed: ListedIssue<'_>| self.reported().is_some_and(|all| all.contains(&*listed.id()));
        row.is_some_and(|(issue, listed)| {
            self.data.period.contains(issue.found_on) && !(self.data.unreported && is_reported(listed))
        })
    }

    /// The issues that the document speaks of.
    pub(crate) fn covered(&self) -> Result<RowSet, CallError> {
        Ok(self.select(&self.query(Record::new())?)?.into_iter().collect())
    }

    /// The issues that documents of the series listed.
    fn reported(&self) -> Option<&FxHashSet<String>> {
        self.data.records.reported(&self.data.series)
    }

    /// Counts the issues of a query by keys: the tally of `duban tally`.
    pub(crate) fn tally(&self, query: &Query, by: &[Key]) -> Result<TallyReport, CallError> {
        let plan = TallyPlan { by: by.to_vec(), filter: self.filter(query)?, as_of: self.as_of.clone() };
        let mut tally = Tally::new(Arc::new(plan));
        let CountedRows { issues, inspections } = self.data.records.counted();
        let beyond = BeyondKeys::new(self, query);
        for (_, issue) in issues.iter().enumerate().filter(|(index, issue)| beyond.holds(*index, issue)) {
            tally.issue(issue);
        }
        // An inspection has none of the days of an issue, and does not move. Those of a document that covers what is
        // unreported are those since the one before it.
        let is_own = |condition: &QueryCondition| condition.key == REPORTED && self.data.unreported;
        if query.conditions.iter().all(|condition| !condition.is_beyond_keys() || is_own(condition)) {
            let own = if query.conditions.iter().any(is_own) {
                self.own_period(RecordList::Inspections)
            } else {
                query.period
            };
            for inspection in inspections.iter().filter(|inspection| own.contains(inspection.date)) {
                tally.inspection(inspection);
            }
        }
        Ok(tally.finish(&self.project))
    }

    /// Records a figure, and returns its number. A call that repeats an earlier one shares its figure.
    pub(crate) fn note(&self, function: &str, query: &Query, value: &Value, rows: &[usize]) -> usize {
        self.note_parts(function, query, value, rows, Vec::new())
    }

    /// The same for a figure with parts, such as the cells of a table.
    pub(crate) fn note_parts(
        &self,
        function: &str,
        query: &Query,
        value: &Value,
        rows: &[usize],
        parts: Vec<FigurePart>,
    ) -> usize {
        self.figures.add(Figure {
            id: 0,
            function: function.to_owned(),
            selection: query.selection.clone(),
            scope: query.scope.clone(),
            value: value.clone(),
            rows: rows.iter().copied().collect(),
            against: None,
            parts,
            rows_withheld: None,
        })
    }
}

/// The conditions of a query that no key of a tally tells: the days that an issue has, how it moved, and whether it was
/// reported; and whether the earlier document listed it, if that is what is counted.
struct BeyondKeys<'c> {
    records: &'c Records,
    conditions: Vec<&'c QueryCondition>,
    reported: Option<&'c FxHashSet<String>>,
    listed: Option<&'c FxHashSet<String>>,
}

impl<'c> BeyondKeys<'c> {
    fn new(context: &'c QueryContext, query: &'c Query) -> Self {
        let conditions = query.conditions.iter().filter(|condition| condition.is_beyond_keys()).collect();
        let listed = context.side.as_ref().and_then(|side| side.listed.as_ref());
        Self { records: &context.data.records, conditions, reported: context.reported(), listed }
    }

    /// Whether the issue at an index holds all of them.
    fn holds(&self, index: usize, issue: &Issue<'_>) -> bool {
        if let Some(listed) = self.listed
            && !self.records.issue(index).is_some_and(|issue| listed.contains(&*issue.id()))
        {
            return false;
        }
        self.conditions.iter().all(|condition| {
            if condition.key == REPORTED {
                let is_listed = |reported: &FxHashSet<String>| {
                    self.records.issue(index).is_some_and(|issue| reported.contains(&*issue.id()))
                };
                return condition.says_yes() == self.reported.is_some_and(is_listed);
            }
            if let Some((field, has_day)) = condition.has_day() {
                return issue.date(field).is_some() == has_day;
            }
            let moved = self.records.issue(index).map_or("", ListedIssue::moved);
            let moved: Vec<String> = Some(moved.to_owned()).filter(|moved| !moved.is_empty()).into_iter().collect();
            condition.holds_of(&moved)
        })
    }
}

impl Query {
    /// The same, limited to one value of each of some keys.
    pub(super) fn limited(&self, keys: &[(&str, &str)]) -> Self {
        keys.iter().fold(self.clone(), |query, (key, value)| query.limited_to(key, &[(*value).to_owned()]))
    }

    /// The same, limited to some values of a key.
    pub(super) fn limited_to(mut self, key: &str, values: &[String]) -> Self {
        let (key, values) = (key.to_owned(), values.to_vec());
        self.conditions.push(QueryCondition { key, values, not: false, is_bool: false });
        self
    }

    /// The days of finding that are asked for.
    pub(super) fn period(&self) -> Period {
        self.period
    }

    /// What a count of it counts.
    fn counted(&self, sum_of: Option<&str>) -> CountSelection {
        let mut of = self.of.name().to_owned();
        for (key, day) in [(" from=", &self.scope.from), (" to=", &self.scope.to)] {
            of.extend(day.iter().flat_map(|day| [key, day.as_str()]));
        }
        let all = CountSelection::new(of, sum_of);
        self.conditions.iter().fold(all, |selection, condition| {
            let values = condition.values.iter().cloned().collect();
            let values = if condition.not { ValueSet::NotIn(values) } else { ValueSet::In(values) };
            // Having a day is not the day.
            let has_day = condition.has_day().is_some();
            let key = if has_day { format!("{}?", condition.key) } else { condition.key.clone() };
            selection.limited(&key, values)
        })
    }
}
