//! What is overdue or due soon, by unit, and which letter the ladder calls for next.

use serde::Serialize;

use crate::fold::Fold;
use crate::model::record::Issue;
use crate::model::state::{AsOf, State};
use crate::model::{Entry, Field};
use crate::project::Project;
use crate::register::{Record, Status};
use crate::source::Sources;
use crate::tally::select::Filter;

/// The steps of the ladder, lowest first, as kinds of documents.
pub const RUNGS: [&str; 4] = ["reminder", "supervision", "interview", "bulletin"];

/// The issues that are overdue or due soon: a document's own rows, held in memory.
#[derive(Clone, Debug)]
pub struct Due {
    as_of: AsOf,
    filter: Filter,
    issues: Vec<Issue<'static>>,
}

impl Due {
    /// Nothing found yet.
    #[must_use]
    pub fn new(as_of: AsOf, filter: Filter) -> Self {
        Self { as_of, filter, issues: Vec::new() }
    }

    /// The list by unit: units in the project's order, issues by deadline.
    #[must_use]
    pub fn finish(self, project: &Project, sources: &Sources, register: &[Record]) -> Report {
        let units = project.vocabularies.of(Field::Unit);
        let name = |issue: &Issue<'_>| issue.unit.map_or(String::new(), |unit| unit.to_string());
        let mut names: Vec<String> = self.issues.iter().map(&name).collect();
        names.sort_by_key(|name| (units.rank(name).unwrap_or(usize::MAX), name.clone()));
        names.dedup();
        let list = names.into_iter().map(|unit| {
            let mut issues: Vec<Item> = self
                .issues
                .iter()
                .filter(|issue| name(issue) == unit)
                .filter_map(|issue| self.item(issue, sources, register))
                .collect();
            issues.sort_by(|a, b| (&a.deadline, &a.id).cmp(&(&b.deadline, &b.id)));
            let count = |state| issues.iter().filter(|item| item.state == state).count();
            UnitDue { overdue: count("overdue"), due_soon: count("due_soon"), unit, issues }
        });
        Report { as_of: self.as_of.day.to_string(), units: list.collect() }
    }

    fn item(&self, issue: &Issue<'_>, sources: &Sources, register: &[Record]) -> Option<Item> {
        let deadline = issue.deadline?;
        let id = issue.id(&sources.get(issue.row.source).name);
        let days = (self.as_of.day - deadline).num_days();
        let state = if days > 0 { "overdue" } else { "due_soon" };
        let (rung, after) = next_rung(&id, state, register);
        Some(Item { id, deadline: deadline.to_string(), days_overdue: days.max(0), state, rung, after })
    }
}

/// The step after the highest document that names the issue. Nothing more is called for where the
/// ladder ends, or where a deadline that is only near has been pointed out already.
fn next_rung(id: &str, state: &str, register: &[Record]) -> (Option<&'static str>, Option<String>) {
    let letters = RUNGS[..3].iter().enumerate();
    let last = letters
        .filter_map(|(step, rung)| {
            let named = |record: &&Record| {
                record.kind == *rung && record.status != Status::Void && record.issues.iter().any(|i| i == id)
            };
            register.iter().rev().find(named).map(|record| (step, record.number.clone()))
        })
        .next_back();
    match last {
        None => (Some(RUNGS[0]), None),
        Some((_, number)) if state == "due_soon" => (None, Some(number)),
        Some((step, number)) => (RUNGS.get(step + 1).copied(), Some(number)),
    }
}

impl Fold<Entry<'_>> for Due {
    fn push(&mut self, entry: &Entry<'_>) {
        let Entry::Issue(issue) = entry else { return };
        let state = State::of(issue, &self.as_of);
        if (state.overdue || state.due_soon) && self.filter.holds(issue, state) {
            self.issues.push(issue.clone().into_owned());
        }
    }

    fn merge(&mut self, later: Self) {
        self.issues.extend(later.issues);
    }
}

/// What `due --format json` prints.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The day.
    pub as_of: String,
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
    pub deadline: String,
    /// Days past it; 0 while it is in time.
    pub days_overdue: i64,
    /// `overdue` or `due_soon`.
    pub state: &'static str,
    /// The kind of document called for next; nothing where all has been sent.
    pub rung: Option<&'static str>,
    /// The number of the last letter that named the issue.
    pub after: Option<String>,
}
