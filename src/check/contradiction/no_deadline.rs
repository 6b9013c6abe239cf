//! R202: the disposition requires a deadline, but there is none.

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
    glance.flags.has_deadline() & issue.deadline.is_none()
}

pub(super) fn check(issue: &Issue<'_>, _: NaiveDate, faults: &mut Faults) {
    if issue.flags().has_deadline() && issue.deadline.is_none() && is_unset(&issue.text(Field::Deadline)) {
        faults.add(issue.row.field_place(Field::Deadline), NoDeadline);
    }
}

/// Whether the text of a deadline is empty, or sets none: 待定, a dash, 长期坚持.
fn is_unset(text: &str) -> bool {
    text.is_empty() || matches!(deadline::parse(text, None, None), Ok(Deadline::Unset | Deadline::LongTerm))
}

/// A missing deadline where the disposition requires one.
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
            Lang::Zh => (
                "限期整改，却没有整改期限".into(),
                "填写期限；当场改好的，整改方式应为现场整改，长期坚持的应为持续整改".into(),
            ),
            Lang::En => (
                "the disposition is `deadline`, but there is no deadline".into(),
                "enter the deadline; if the issue was fixed on the spot, the disposition is `on_site`; without an end it is `long_term`"
                    .into(),
            ),
        }
    }
}
