//! R208 to R210: silent changes since the earlier submission.

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

/// How an issue is matched with the earlier submission: by its id, or by its content if it has no id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum IssueIdentity {
    Id(Box<str>),
    Content((u64, u64)),
}

#[derive(Clone, Debug)]
struct EarlierIssue {
    place: Place,
    deadline: Option<NaiveDate>,
    is_rectified: bool,
    is_withdrawn: bool,
}

/// The issues of an earlier submission.
#[derive(Clone, Debug)]
pub struct EarlierSubmission {
    as_of: NaiveDate,
    issues: BTreeMap<IssueIdentity, EarlierIssue>,
}

impl EarlierSubmission {
    /// Returns an empty submission. States are computed as of `as_of`.
    #[must_use]
    pub fn new(as_of: NaiveDate) -> Self {
        Self { as_of, issues: BTreeMap::new() }
    }
}

fn identity(issue: &Issue<'_>) -> IssueIdentity {
    let id = issue.text(Field::Id);
    if id.is_empty() { IssueIdentity::Content(signature(issue)) } else { IssueIdentity::Id(id.as_ref().into()) }
}

fn snapshot(issue: &Issue<'_>, as_of: NaiveDate) -> EarlierIssue {
    // The range of "due soon" does not matter here.
    let state = State::of(issue, &AsOf::new(as_of, 0, false, &Calendar::weekdays()));
    EarlierIssue {
        place: issue.row.place(),
        deadline: issue.deadline,
        is_rectified: state.rectified,
        is_withdrawn: issue.is_withdrawn(),
    }
}

impl Fold<Entry<'_>> for EarlierSubmission {
    fn push(&mut self, entry: &Entry<'_>) {
        if let Entry::Issue(issue) = entry {
            // The first row of an id counts; a second one is a fault of its own (L108).
            self.issues.entry(identity(issue)).or_insert_with(|| snapshot(issue, self.as_of));
        }
    }

    fn merge(&mut self, later: Self) {
        for (identity, issue) in later.issues {
            self.issues.entry(identity).or_insert(issue);
        }
    }
}

/// Compares a submission with the earlier one.
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
        let identity = identity(issue);
        if let Some(before) = self.earlier.issues.get(&identity) {
            let now = snapshot(issue, self.earlier.as_of);
            if let Some(earlier) = before.deadline.filter(|_| before.deadline != now.deadline) {
                let what = MovedDeadline { earlier, now: now.deadline };
                let place = issue.row.field_place(Field::Deadline);
                faults.add_full(place, what, Some(Field::Deadline), Some(before.place));
            }
            // An issue that is marked as open again has not changed silently.
            let is_marked = issue.status.is_some_and(|status| matches!(status.as_str(), "reopened" | "returned"));
            if before.is_rectified && !now.is_rectified && !now.is_withdrawn && !is_marked {
                faults.add_full(issue.row.place(), NoLongerRectified, None, Some(before.place));
            }
        }
        self.seen.insert(identity);
    }

    pub(super) fn merge(&mut self, later: Self) {
        self.seen.extend(later.seen);
    }

    /// Adds the issues that are missing, at their places in the earlier logs, the only places they have.
    pub(super) fn finish(&self, faults: &mut Faults) {
        for (identity, before) in &self.earlier.issues {
            if !before.is_withdrawn && !self.seen.contains(identity) {
                let id = match identity {
                    IssueIdentity::Id(id) => id.to_string(),
                    IssueIdentity::Content(_) => String::new(),
                };
                faults.add(before.place, MissingIssue { id });
            }
        }
    }
}

/// A deadline that differs from that in the earlier submission, or is missing.
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
                    Some(now) => format!("the deadline was changed from {earlier} to {now}"),
                    None => format!("the deadline {earlier} was removed"),
                },
                "restore the deadline; if an extension was granted, say so in the note: duban: allow R208 because ..."
                    .into(),
            ),
        }
    }
}

/// An issue of the earlier submission that is not in this one.
#[derive(Debug)]
struct MissingIssue {
    /// Empty if the issue has no id.
    id: String,
}

impl Finding for MissingIssue {
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
                    "this issue is missing from the new submission".into()
                } else {
                    format!("issue {id} is missing from the new submission")
                },
                "restore the row; if it was entered by mistake, keep it with the status \"withdrawn\"".into(),
            ),
        }
    }
}

/// An issue that was rectified in the earlier submission and is open in this one.
#[derive(Debug)]
struct NoLongerRectified;

impl Finding for NoLongerRectified {
    fn code(&self) -> Code {
        const { Code::known("R210") }
    }

    fn words(&self, _: Option<Field>, lang: Lang) -> (String, String) {
        match lang {
            Lang::Zh => {
                ("上次提交时已整改，这次是未整改".into(), "核对状态和整改完成日期；反弹的，状态写“重启”".into())
            }
            Lang::En => (
                "rectified in the last submission, open in this one".into(),
                "check the status and the date of rectification; if the issue has recurred, set the status to \"reopened\""
                    .into(),
            ),
        }
    }
}
