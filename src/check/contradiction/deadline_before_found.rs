//! R201: the deadline is before the date found.

use chrono::NaiveDate;

use crate::check::contradiction::glance::Glance;
use crate::fault::{Code, Faults, Finding};
use crate::model::{Field, Issue};
use crate::words::lang::Lang;

/// The column without which the rule can't be checked.
pub(super) const NEEDS: Option<Field> = None;

#[inline]
pub(super) fn may_be_broken(issue: &Issue<'_>, glance: Glance) -> bool {
    glance.is_before_found(issue.deadline)
}

pub(super) fn check(issue: &Issue<'_>, _: NaiveDate, faults: &mut Faults) {
    if let (Some(deadline), Some(found)) = (issue.deadline, issue.found_on)
        && deadline < found
    {
        let at = |field| issue.row.field_place(field);
        let what = DeadlineBeforeFound { deadline, found };
        faults.add_full(at(Field::Deadline), what, Some(Field::Deadline), Some(at(Field::FoundOn)));
    }
}

/// A deadline before the date found.
#[derive(Debug)]
struct DeadlineBeforeFound {
    deadline: NaiveDate,
    found: NaiveDate,
}

impl Finding for DeadlineBeforeFound {
    fn code(&self) -> Code {
        const { Code::known("R201") }
    }

    fn field(&self) -> Option<Field> {
        Some(Field::Deadline)
    }

    fn words(&self, _: Option<Field>, lang: Lang) -> (String, String) {
        let Self { deadline, found } = self;
        match lang {
            Lang::Zh => {
                (format!("整改期限 {deadline} 早于发现日期 {found}"), "核对两个日期，常见的是年份或月份写错".into())
            }
            Lang::En => (
                format!("the deadline {deadline} is before the date found, {found}"),
                "check both dates; often the year or month is mistyped".into(),
            ),
        }
    }
}
