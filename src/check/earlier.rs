//! R208 to R210: silent changes since the earlier submission.

use std::sync::Arc;

use chrono::NaiveDate;

use crate::fault::{Code, Faults, Finding, KnownBy};
use crate::fold::Fold;
use crate::model::moves::{Move, Standing, Submission};
use crate::model::state::{AsOf, State};
use crate::model::{Entry, Field, Issue};
use crate::words::calendar::Calendar;
use crate::words::lang::Lang;

/// The issues of an earlier submission, those found after the as-of day too: a row that is lost is lost.
#[derive(Clone, Debug)]
pub struct EarlierSubmission {
    as_of: AsOf,
    issues: Submission,
}

impl EarlierSubmission {
    /// Returns an empty submission. States are computed as of `day`.
    #[must_use]
    pub fn new(day: NaiveDate) -> Self {
        // The range of "due soon" does not matter here.
        Self { as_of: AsOf::new(day, 0, false, &Calendar::weekdays()), issues: Submission::default() }
    }

    fn state(&self, issue: &Issue<'_>) -> State {
        State { not_yet_found: false, ..State::of(issue, &self.as_of) }
    }
}

impl Fold<Entry<'_>> for EarlierSubmission {
    fn push(&mut self, entry: &Entry<'_>) {
        if let Entry::Issue(issue) = entry {
            self.issues.push(issue, self.state(issue));
        }
    }

    fn merge(&mut self, later: Self) {
        self.issues.merge(later.issues);
    }
}

/// Compares a submission with the earlier one.
#[derive(Clone, Debug)]
pub(super) struct SubmissionChanges {
    earlier: Arc<EarlierSubmission>,
    now: Submission,
}

impl SubmissionChanges {
    pub(super) fn new(earlier: Arc<EarlierSubmission>) -> Self {
        Self { earlier, now: Submission::default() }
    }

    pub(super) fn push(&mut self, issue: &Issue<'_>) {
        self.now.push(issue, self.earlier.state(issue));
    }

    pub(super) fn merge(&mut self, later: Self) {
        self.now.merge(later.now);
    }

    /// Adds what changed, and the issues that are missing at their places in the earlier logs, the only places they have.
    pub(super) fn finish(&self, faults: &mut Faults) {
        let earlier = &self.earlier.issues;
        let matching = self.now.matched(earlier);
        for (at, issue) in self.now.issues.iter().enumerate() {
            let before = matching.earlier.get(at).copied().flatten().and_then(|at| earlier.issues.get(at));
            let Some(before) = before else { continue };
            if let Some(earlier) = before.deadline.filter(|_| before.deadline != issue.deadline) {
                let what = MovedDeadline { earlier, now: issue.deadline };
                faults.add_full(issue.deadline_place, what, Some(Field::Deadline), Some(before.place));
            }
            // An issue that is marked as open again has not changed silently.
            if self.now.moved(at, &matching, earlier) == Some(Move::OpenAgain) && !issue.is_marked_open {
                faults.add_full(issue.place, NoLongerRectified, None, Some(before.place));
            }
        }
        for missing in matching.gone.iter().filter_map(|at| earlier.issues.get(*at)) {
            if missing.standing != Standing::Withdrawn {
                faults.add(missing.place, MissingIssue { id: missing.id.to_string() });
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

    fn known_by(&self) -> KnownBy {
        KnownBy::Row(self.earlier.to_string())
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
