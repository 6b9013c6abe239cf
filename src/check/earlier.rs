//! R208 to R210: what a submission changed of the one before it, in silence.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use rustc_hash::FxHashSet;

use crate::check::duplicates::signature;
use crate::fault::{Code, Faults, Finding};
use crate::fold::Fold;
use crate::model::state::{AsOf, State};
use crate::model::{Entry, Field, Issue};
use crate::place::Place;
use crate::words::calendar::Calendar;
use crate::words::lang::Lang;

/// How an issue is known again: by its id, or, where it has none, by what it says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum IssueIdentity {
    Id(Box<str>),
    Content((u64, u64)),
}

#[derive(Clone, Debug)]
struct EarlierIssue {
    place: Place,
    deadline: Option<NaiveDate>,
    done: bool,
    withdrawn: bool,
}

/// What an earlier submission said of each issue.
#[derive(Clone, Debug)]
pub struct EarlierSubmission {
    as_of: NaiveDate,
    issues: BTreeMap<IssueIdentity, EarlierIssue>,
}

impl EarlierSubmission {
    /// Nothing read yet; standings are those of a day.
    #[must_use]
    pub fn new(as_of: NaiveDate) -> Self {
        Self { as_of, issues: BTreeMap::new() }
    }
}

fn name(issue: &Issue<'_>) -> IssueIdentity {
    let id = issue.text(Field::Id);
    if id.is_empty() { IssueIdentity::Content(signature(issue)) } else { IssueIdentity::Id(id.as_ref().into()) }
}

fn said(issue: &Issue<'_>, as_of: NaiveDate) -> EarlierIssue {
    // What counts as soon is of no interest here.
    let state = State::of(issue, &AsOf::new(as_of, 0, false, &Calendar::weekdays()));
    EarlierIssue {
        place: issue.row.place(),
        deadline: issue.deadline,
        done: state.rectified,
        withdrawn: issue.is_withdrawn(),
    }
}

impl Fold<Entry<'_>> for EarlierSubmission {
    fn push(&mut self, entry: &Entry<'_>) {
        if let Entry::Issue(issue) = entry {
            // The first row of an id counts; the second is a fault of its own (L108).
            self.issues.entry(name(issue)).or_insert_with(|| said(issue, self.as_of));
        }
    }

    fn merge(&mut self, later: Self) {
        for (name, said) in later.issues {
            self.issues.entry(name).or_insert(said);
        }
    }
}

/// A submission laid beside the one before.
#[derive(Clone, Debug)]
pub(super) struct SubmissionChanges {
    earlier: Arc<EarlierSubmission>,
    seen: FxHashSet<IssueIdentity>,
}

impl SubmissionChanges {
    pub(super) fn new(earlier: Arc<EarlierSubmission>) -> Self {
        Self { earlier, seen: FxHashSet::default() }
    }

    pub(super) fn push(&mut self, issue: &Issue<'_>, faults: &mut Faults) {
        let name = name(issue);
        if let Some(before) = self.earlier.issues.get(&name) {
            let now = said(issue, self.earlier.as_of);
            if let Some(earlier) = before.deadline.filter(|_| before.deadline != now.deadline) {
                let what = MovedDeadline { earlier, now: now.deadline };
                let place = issue.row.field_place(Field::Deadline);
                faults.add_full(place, what, Some(Field::Deadline), Some(before.place));
            }
            // Who says that it is open again does so openly.
            let is_said = issue.status.is_some_and(|status| matches!(status.as_str(), "reopened" | "returned"));
            if before.done && !now.done && !now.withdrawn && !is_said {
                faults.add_full(issue.row.place(), UndoneIssue, None, Some(before.place));
            }
        }
        self.seen.insert(name);
    }

    pub(super) fn merge(&mut self, later: Self) {
        self.seen.extend(later.seen);
    }

    /// What is nowhere any more stands only in the earlier log; that is the place shown.
    pub(super) fn finish(&self, faults: &mut Faults) {
        for (name, before) in &self.earlier.issues {
            if !before.withdrawn && !self.seen.contains(name) {
                let id = match name {
                    IssueIdentity::Id(id) => id.to_string(),
                    IssueIdentity::Content(_) => String::new(),
                };
                faults.add(before.place, VanishedIssue { id });
            }
        }
    }
}

/// A deadline that was another one in the submission before.
#[derive(Debug)]
struct MovedDeadline {
    earlier: NaiveDate,
    now: Option<NaiveDate>,
}

impl Finding for MovedDeadline {
    fn code(&self) -> Code {
        const { Code::known("R208") }
    }

    fn words(&self, _: Option<Field>, lang: Lang) -> (String, String) {
        let earlier = self.earlier;
        match lang {
            Lang::Zh => (
                match self.now {
                    Some(now) => format!("整改期限由 {earlier} 改成了 {now}"),
                    None => format!("整改期限 {earlier} 不见了"),
                },
                "改回原期限；经批准延期的，在备注写明：duban: allow R208 because 批准延期的文号".into(),
            ),
            Lang::En => (
                match self.now {
                    Some(now) => format!("the deadline was {earlier} and is now {now}"),
                    None => format!("the deadline {earlier} is gone"),
                },
                "put the deadline back; if it was extended with leave, say so in the note: duban: allow R208 because ..."
                    .into(),
            ),
        }
    }
}

/// An issue of the submission before that is not in this one; its id, if it has one.
#[derive(Debug)]
struct VanishedIssue {
    id: String,
}

impl Finding for VanishedIssue {
    fn code(&self) -> Code {
        const { Code::known("R209") }
    }

    fn words(&self, _: Option<Field>, lang: Lang) -> (String, String) {
        let Self { id } = self;
        match lang {
            Lang::Zh => (
                if id.is_empty() {
                    "这一问题在这次提交中不见了".into()
                } else {
                    format!("问题 {id} 在这次提交中不见了")
                },
                "补回这一行；确属误登的，保留该行并把状态写成“撤销”".into(),
            ),
            Lang::En => (
                if id.is_empty() {
                    "this issue is gone from the new submission".into()
                } else {
                    format!("issue {id} is gone from the new submission")
                },
                "put the row back; if it was entered by mistake, keep it with the status \"withdrawn\"".into(),
            ),
        }
    }
}

/// Rectified in the submission before, and open in this one.
#[derive(Debug)]
struct UndoneIssue;

impl Finding for UndoneIssue {
    fn code(&self) -> Code {
        const { Code::known("R210") }
    }

    fn words(&self, _: Option<Field>, lang: Lang) -> (String, String) {
        match lang {
            Lang::Zh => {
                ("上次提交时已整改，这次是未整改".into(), "核对状态和整改完成日期；反弹的，状态写“重启”".into())
            }
            Lang::En => (
                "it was rectified in the last submission and is open in this one".into(),
                "check status and day of rectification; if it has come up again, the status is \"reopened\"".into(),
            ),
        }
    }
}
