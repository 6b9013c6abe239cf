//! R203: rectified before it was found.

use chrono::NaiveDate;

use crate::check::contradiction::glance::Glance;
use crate::fault::{Code, Faults, Finding};
use crate::model::{Field, Issue};
use crate::words::lang::Lang;

/// The column without which the rule can't be checked.
pub(super) const NEEDS: Option<Field> = None;

#[inline]
pub(super) fn may_be_broken(issue: &Issue<'_>, glance: Glance) -> bool {
    glance.is_before_found(issue.rectified_on)
}

pub(super) fn check(issue: &Issue<'_>, _: NaiveDate, faults: &mut Faults) {
    if let (Some(rectified), Some(found)) = (issue.rectified_on, issue.found_on)
        && rectified < found
    {
        let at = |field| issue.row.field_place(field);
        let what = RectifiedBeforeFound { rectified, found };
        faults.add_full(at(Field::RectifiedOn), what, Some(Field::RectifiedOn), Some(at(Field::FoundOn)));
    }
}

/// A date of rectification before the date found.
#[derive(Debug)]
struct RectifiedBeforeFound {
    rectified: NaiveDate,
    found: NaiveDate,
}

impl Finding for RectifiedBeforeFound {
    fn code(&self) -> Code {
        const { Code::known("R203") }
    }

    fn field(&self) -> Option<Field> {
        Some(Field::RectifiedOn)
    }

    fn words(&self, _: Option<Field>, lang: Lang) -> (String, String) {
        let Self { rectified, found } = self;
        match lang {
            Lang::Zh => (format!("整改完成日期 {rectified} 早于发现日期 {found}"), "核对两个日期".into()),
            Lang::En => {
                (format!("rectified on {rectified}, before it was found on {found}"), "check both dates".into())
            }
        }
    }
}
