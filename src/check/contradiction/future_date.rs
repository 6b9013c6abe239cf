//! R205: a date after the as-of day.

use chrono::NaiveDate;

use crate::check::contradiction::glance::Glance;
use crate::fault::{Code, Faults, Finding, field_name};
use crate::model::{Field, Issue};
use crate::words::lang::Lang;

/// The column without which the rule can't be checked.
pub(super) const NEEDS: Option<Field> = None;

#[inline]
pub(super) fn may_be_broken(issue: &Issue<'_>, glance: Glance) -> bool {
    PAST_DATES.into_iter().fold(false, |is_future, field| is_future | glance.is_future(issue.date(field)))
}

/// The dates that can't be in the future.
const PAST_DATES: [Field; 5] =
    [Field::FoundOn, Field::AssignedOn, Field::RectifiedOn, Field::VerifiedOn, Field::ClosedOn];

pub(super) fn check(issue: &Issue<'_>, as_of: NaiveDate, faults: &mut Faults) {
    for field in PAST_DATES {
        if let Some(date) = issue.date(field).filter(|date| *date > as_of) {
            faults.add_at(issue.row.field_place(field), field, FutureDate { date, as_of });
        }
    }
}

/// A date after the as-of day.
#[derive(Debug)]
struct FutureDate {
    date: NaiveDate,
    as_of: NaiveDate,
}

impl Finding for FutureDate {
    fn code(&self) -> Code {
        const { Code::known("R205") }
    }

    fn words(&self, field: Option<Field>, lang: Lang) -> (String, String) {
        let (Self { date, as_of }, name) = (self, field_name(field, lang));
        match lang {
            Lang::Zh => {
                (format!("{name} {date} 在统计日 {as_of} 之后"), "核对日期；若统计日不对，用 --as-of 指定".into())
            }
            Lang::En => {
                (format!("{name} {date} is after the as-of day, {as_of}"), "check the date, or set --as-of".into())
            }
        }
    }
}
