//! Issues that are overdue or due soon, by unit, with their current and next rung on the ladder.

pub mod ical;
mod ical_text;
#[cfg(test)]
mod long_register;
pub mod recognise;

use std::cmp::Reverse;
use std::sync::Arc;

use chrono::NaiveDate;
use rustc_hash::FxHashMap;
use serde::Serialize;

use crate::due::recognise::{Answers, Bystanders, Named, NearMatch, Recognition, ReusedId, recognise};
use crate::fold::Fold;
use crate::ladder::Letters;
use crate::model::known::KnownIssue;
use crate::model::record::Issue;
use crate::model::state::{AsOf, State};
use crate::model::{Entry, Field};
use crate::project::Project;
use crate::register::RegisterEntry;
use crate::source::Sources;
use crate::tally::as_of_summary::{AsOfSummary, LeftOut};
use crate::tally::select::Filter;

/// Collects the open issues whose deadlines are near or past, and holds them in memory.
#[derive(Clone, Debug)]
pub struct Due {
    as_of: AsOf,
    /// The last deadline to include; `None` for every open issue.
    until: Option<NaiveDate>,
    filter: Filter,
    summary: AsOfSummary,
    issues: Vec<Issue<'static>>,
    named: Arc<Named>,
    bystanders: Bystanders,
}

impl Due {
    /// Creates a collection of the issues that are overdue, due soon, or due for a letter.
    #[must_use]
    pub fn near(as_of: AsOf, project: &Project, filter: Filter, named: &Arc<Named>) -> Self {
        let until = project.ladder().horizon(as_of.day, &project.calendar).max(as_of.soon);
        Self { until: Some(until), ..Self::open(as_of, filter, named) }
    }

    /// Creates a collection of all open issues.
    #[must_use]
    pub fn open(as_of: AsOf, filter: Filter, named: &Arc<Named>) -> Self {
        let (summary, bystanders) = (AsOfSummary::default(), Bystanders::new(Arc::clone(named.signs())));
        Self { as_of, until: None, filter, summary, issues: Vec::new(), named: Arc::clone(named), bystanders }
    }

    /// Returns the issues with what they are known by, in the order of the logs.
    #[must_use]
    pub fn into_issues(self, sources: &Sources) -> Vec<(Issue<'static>, KnownIssue)> {
        let known = self.bystanders.known(&self.issues, &self.as_of, sources);
        self.issues.into_iter().zip(known).collect()
    }

    /// What the as-of day did to the issues selected.
    pub fn summary(&mut self) -> &mut AsOfSummary {
        &mut self.summary
    }

    /// Returns the issues by unit: units in the project's order, issues by deadline, those without one last. `register` is
    /// the one that the [`Named`] issues were read from.
    #[must_use]
    pub fn finish(self, project: &Project, sources: &Sources, register: &[RegisterEntry]) -> DueReport {
        let units = project.vocabularies.of(Field::Unit);
        let known = self.bystanders.known(&self.issues, &self.as_of, sources);
        let Recognition { register, near, reused, answered: _ } =
            recognise(&self.named, register, &known, project, &Answers::default());
        let letters = Letters::new(&register);
        let (mut list, mut places) = (Vec::<UnitDue>::new(), FxHashMap::default());
        let mut place = |list: &mut Vec<UnitDue>, name: &str| {
            *places.entry(name.to_owned()).or_insert_with(|| {
                list.push(UnitDue::new(name.to_owned()));
                list.len() - 1
            })
        };
        for (issue, known) in self.issues.iter().zip(known) {
            let at = place(&mut list, issue.unit.as_ref().map_or("", |unit| unit.as_str()));
            list[at].issues.push(self.item(issue, known, project, &letters));
        }
        for near in near {
            let at = place(&mut list, &near.unit);
            list[at].near.push(near);
        }
        for unit in &mut list {
            let count = |state| unit.issues.iter().filter(|item| item.state == state).count();
            (unit.overdue, unit.due_soon) = (count("overdue"), count("due_soon"));
            unit.issues.sort_by(|a, b| {
                let key = |item: &Item| (Reverse(item.deadline.is_some()), item.deadline);
                key(a).cmp(&key(b)).then_with(|| a.handle.cmp(&b.handle))
            });
        }
        list.sort_by_key(|unit| (units.rank(&unit.unit).unwrap_or(usize::MAX), unit.unit.clone()));
        DueReport {
            as_of: self.as_of.day,
            left_out: LeftOut::new(&self.summary, sources),
            by_undated_word: self.summary.by_undated_word(),
            units: list,
            reused,
        }
    }

    fn item(&self, issue: &Issue<'_>, known: KnownIssue, project: &Project, letters: &Letters<'_>) -> Item {
        let ladder = project.ladder();
        let KnownIssue { id, number, key, handle, .. } = known;
        let state = State::of(issue, &self.as_of);
        let standing = letters.standing(&ladder, &handle);
        let next = issue.deadline.and_then(|deadline| ladder.next(standing, deadline, &project.calendar));
        let days_overdue = issue.deadline.map_or(0, |deadline| (self.as_of.day - deadline).num_days().max(0));
        Item {
            deadline: issue.deadline,
            days_overdue,
            state: if state.overdue {
                "overdue"
            } else if state.due_soon {
                "due_soon"
            } else {
                "open"
            },
            rung: next.map(|next| next.rung.kind.clone()),
            from: next.map(|next| next.from),
            stands: standing.map(|standing| standing.letter.kind.clone()),
            after: standing.map(|standing| standing.letter.number.clone()),
            id,
            number,
            key,
            handle,
        }
    }
}

impl Fold<Entry<'_>> for Due {
    fn push(&mut self, entry: &Entry<'_>) {
        let Entry::Issue(issue) = entry else { return };
        let state = State::of(issue, &self.as_of);
        self.summary.look_at(state);
        if state.not_yet_found {
            if self.filter.holds_at_any_day(issue, state) {
                self.summary.leave_out(&issue.row, Field::FoundOn);
            }
            return;
        }
        let is_near = |until| issue.deadline.is_some_and(|deadline| deadline <= until);
        let is_due = !state.rectified && self.until.is_none_or(is_near);
        let is_selected = (is_due || state.by_undated_word || state.denied) && self.filter.holds(issue, state);
        self.bystanders.push(issue, is_selected && is_due);
        if is_selected {
            self.summary.count(state, 1);
            if is_due {
                self.issues.push(issue.clone().into_owned());
            }
        }
    }

    fn merge(&mut self, later: Self) {
        self.summary.merge(&later.summary);
        self.issues.extend(later.issues);
        self.bystanders.merge(later.bystanders);
    }
}

/// The output of `due --format json`.
#[derive(Clone, Debug, Serialize)]
pub struct DueReport {
    /// The reference date.
    pub as_of: NaiveDate,
    /// What the logs have and the list has not.
    pub left_out: LeftOut,
    /// Issues that count as closed or rectified by a status without a day, if the run looks back.
    pub by_undated_word: u64,
    /// The units with issues to list.
    pub units: Vec<UnitDue>,
    /// Ids that a letter used for another issue.
    #[serde(skip)]
    pub reused: Vec<ReusedId>,
}

/// The issues of one unit.
#[derive(Clone, Debug, Serialize)]
pub struct UnitDue {
    /// The name of the unit.
    pub unit: String,
    /// The number of overdue issues.
    pub overdue: usize,
    /// The number of issues that are due soon.
    pub due_soon: usize,
    /// The issues.
    pub issues: Vec<Item>,
    /// Open issues that may be ones of earlier letters, altered since.
    pub near: Vec<NearMatch>,
}

impl UnitDue {
    fn new(unit: String) -> Self {
        Self { unit, overdue: 0, due_soon: 0, issues: Vec::new(), near: Vec::new() }
    }
}

/// One issue.
#[derive(Clone, Debug, Serialize)]
pub struct Item {
    /// The id as written; `None` without one, and if the ids of the table are a 序号.
    pub id: Option<String>,
    /// The key of what it says.
    pub key: String,
    /// The 序号 as written, for tables; empty without one.
    #[serde(skip)]
    pub number: String,
    /// What the run calls it: different for each issue, also for equal rows.
    #[serde(skip)]
    pub handle: String,
    /// The deadline: the last day on which rectification is in time.
    pub deadline: Option<NaiveDate>,
    /// Days past the deadline; 0 up to the deadline and without one.
    pub days_overdue: i64,
    /// `overdue`, `due_soon`, or else `open`.
    pub state: &'static str,
    /// The kind of the next letter; `None` after the last rung and without a deadline.
    pub rung: Option<String>,
    /// The first day on which that letter is due.
    pub from: Option<NaiveDate>,
    /// The kind of the last letter that named the issue: its current rung.
    pub stands: Option<String>,
    /// The number of that letter.
    pub after: Option<String>,
}
