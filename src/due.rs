//! What is overdue or due soon, by unit, where it stands on the ladder, and what comes next.

pub mod ical;

use std::cmp::Reverse;

use chrono::NaiveDate;
use serde::Serialize;

use crate::fold::Fold;
use crate::ladder::Letters;
use crate::model::record::Issue;
use crate::model::state::{AsOf, State};
use crate::model::{Entry, Field};
use crate::project::Project;
use crate::register::RegisterEntry;
use crate::source::Sources;
use crate::tally::select::Filter;

/// The open issues whose deadlines are near or past: a document's own rows, held in memory.
#[derive(Clone, Debug)]
pub struct Due {
    as_of: AsOf,
    /// The last deadline that is of interest; nothing: every open issue is.
    until: Option<NaiveDate>,
    filter: Filter,
    issues: Vec<Issue<'static>>,
}

impl Due {
    /// Issues that are overdue or due soon, or for which the ladder calls.
    #[must_use]
    pub fn near(as_of: AsOf, project: &Project, filter: Filter) -> Self {
        let until = project.ladder().horizon(as_of.day, &project.calendar).max(as_of.soon);
        Self { as_of, until: Some(until), filter, issues: Vec::new() }
    }

    /// Every open issue.
    #[must_use]
    pub fn open(as_of: AsOf, filter: Filter) -> Self {
        Self { as_of, until: None, filter, issues: Vec::new() }
    }

    /// The list by unit: units in the project's order, issues by deadline, those without one last.
    #[must_use]
    pub fn finish(self, project: &Project, sources: &Sources, register: &[RegisterEntry]) -> DueReport {
        let units = project.vocabularies.of(Field::Unit);
        let letters = Letters::new(register);
        let mut list: Vec<UnitDue> = Vec::new();
        for issue in &self.issues {
            let name = issue.unit.map_or(String::new(), |unit| unit.to_string());
            let item = self.item(issue, project, sources, &letters);
            match list.iter_mut().find(|unit| unit.unit == name) {
                Some(unit) => unit.issues.push(item),
                None => list.push(UnitDue { unit: name, overdue: 0, due_soon: 0, issues: vec![item] }),
            }
        }
        for unit in &mut list {
            let count = |state| unit.issues.iter().filter(|item| item.state == state).count();
            (unit.overdue, unit.due_soon) = (count("overdue"), count("due_soon"));
            unit.issues.sort_by(|a, b| {
                let key = |item: &Item| (Reverse(item.deadline.is_some()), item.deadline);
                key(a).cmp(&key(b)).then_with(|| a.id.cmp(&b.id))
            });
        }
        list.sort_by_key(|unit| (units.rank(&unit.unit).unwrap_or(usize::MAX), unit.unit.clone()));
        DueReport { as_of: self.as_of.day, units: list }
    }

    fn item(&self, issue: &Issue<'_>, project: &Project, sources: &Sources, letters: &Letters<'_>) -> Item {
        let ladder = project.ladder();
        let id = issue.id(&sources.get(issue.row.source).stem());
        let state = State::of(issue, &self.as_of);
        let standing = letters.standing(&ladder, &id);
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
        }
    }
}

impl Fold<Entry<'_>> for Due {
    fn push(&mut self, entry: &Entry<'_>) {
        let Entry::Issue(issue) = entry else { return };
        let state = State::of(issue, &self.as_of);
        let is_near = |until| issue.deadline.is_some_and(|deadline| deadline <= until);
        if !state.rectified && self.until.is_none_or(is_near) && self.filter.holds(issue, state) {
            self.issues.push(issue.clone().into_owned());
        }
    }

    fn merge(&mut self, later: Self) {
        self.issues.extend(later.issues);
    }
}

/// What `due --format json` prints.
#[derive(Clone, Debug, Serialize)]
pub struct DueReport {
    /// The day.
    pub as_of: NaiveDate,
    /// Units with something overdue or due soon.
    pub units: Vec<UnitDue>,
}

/// One unit.
#[derive(Clone, Debug, Serialize)]
pub struct UnitDue {
    /// Its name.
    pub unit: String,
    /// How many issues are overdue.
    pub overdue: usize,
    /// How many are due soon.
    pub due_soon: usize,
    /// The issues.
    pub issues: Vec<Item>,
}

/// One issue.
#[derive(Clone, Debug, Serialize)]
pub struct Item {
    /// Its id.
    pub id: String,
    /// The last day that is in time.
    pub deadline: Option<NaiveDate>,
    /// Days past it; 0 while it is in time.
    pub days_overdue: i64,
    /// `overdue`, `due_soon`, or `open` where neither holds.
    pub state: &'static str,
    /// The kind of document called for next; nothing where all has been sent.
    pub rung: Option<String>,
    /// The first day on which it is called for.
    pub from: Option<NaiveDate>,
    /// The kind of the last letter that named the issue: the rung where it stands.
    pub stands: Option<String>,
    /// The number of that letter.
    pub after: Option<String>,
}
