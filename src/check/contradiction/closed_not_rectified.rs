//! R204: closed without a date of rectification.

use chrono::NaiveDate;

use crate::check::contradiction::glance::Glance;
use crate::fault::{Code, Faults, Finding};
use crate::model::{Field, Issue};
use crate::words::lang::Lang;

/// The column without which the rule can't be checked.
pub(super) const NEEDS: Option<Field> = Some(Field::RectifiedOn);

#[inline]
pub(super) fn may_be_broken(issue: &Issue<'_>, glance: Glance) -> bool {
    glance.flags.closed() | issue.closed_on.is_some()
}

pub(super) fn check(issue: &Issue<'_>, _: NaiveDate, faults: &mut Faults) {
    if is_closed(issue) && !was_rectified(issue) {
        let at = |field| issue.row.field_place(field);
        let related = if issue.closed_on.is_some() { Field::ClosedOn } else { Field::Status };
        faults.add_full(at(Field::RectifiedOn), ClosedNotRectified, Some(Field::RectifiedOn), Some(at(related)));
    }
}

fn is_closed(issue: &Issue<'_>) -> bool {
    issue.closed_on.is_some() || issue.flags().closed()
}

/// Whether the issue was fixed on site, or has a date of rectification or of the review after it, readable or not.
fn was_rectified(issue: &Issue<'_>) -> bool {
    issue.disposition.is_some_and(|disposition| disposition.as_str() == "on_site")
        || [Field::RectifiedOn, Field::VerifiedOn].into_iter().any(|field| !issue.row.bytes(field).is_empty())
}

/// An issue that is closed but has no date of rectification.
#[derive(Debug)]
struct ClosedNotRectified;

impl Finding for ClosedNotRectified {
    fn code(&self) -> Code {
        const { Code::known("R204") }
    }

    fn field(&self) -> Option<Field> {
        Some(Field::RectifiedOn)
    }

    fn words(&self, _: Option<Field>, lang: Lang) -> (String, String) {
        match lang {
            Lang::Zh => ("已销号，却没有整改完成日期".into(), "先填整改完成日期，再销号；已反馈不等于已整改".into()),
            Lang::En => (
                "closed, but without a date of rectification".into(),
                "enter rectified_on first; a reply is not a rectification".into(),
            ),
        }
    }
}
