//! R202: to be put right by a deadline, and there is none.

use chrono::NaiveDate;

use crate::check::contradiction::glance::Glance;
use crate::fault::{Code, Faults, Finding};
use crate::model::{Field, Issue};
use crate::words::deadline::{self, Deadline};
use crate::words::lang::Lang;

/// The column without which the rule can't be checked.
pub(super) const NEEDS: Option<Field> = Some(Field::Deadline);

#[inline]
pub(super) fn may_be_broken(issue: &Issue<'_>, glance: Glance) -> bool {
    glance.says.has_deadline() & issue.deadline.is_none()
}

pub(super) fn check(issue: &Issue<'_>, _: NaiveDate, faults: &mut Faults) {
    if issue.flags().has_deadline() && issue.deadline.is_none() && says_no_deadline(&issue.text(Field::Deadline)) {
        faults.add(issue.row.field_place(Field::Deadline), NoDeadline);
    }
}

/// Nothing, or words for nothing: 待定, a dash.
fn says_no_deadline(text: &str) -> bool {
    text.is_empty() || matches!(deadline::parse(text, None, None), Ok(Deadline::Unset))
}

/// No deadline where the disposition asks for one.
#[derive(Debug)]
struct NoDeadline;

impl Finding for NoDeadline {
    fn code(&self) -> Code {
        const { Code::known("R202") }
    }

    fn field(&self) -> Option<Field> {
        Some(Field::Deadline)
    }

    fn words(&self, _: Option<Field>, lang: Lang) -> (String, String) {
        match lang {
            Lang::Zh => ("限期整改，却没有整改期限".into(), "填写期限；当场改好的，整改方式应为现场整改".into()),
            Lang::En => (
                "disposition is `deadline`, and there is no deadline".into(),
                "enter it; what was put right at once is `on_site`".into(),
            ),
        }
    }
}
