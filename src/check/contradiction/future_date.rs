//! R205: a date after the day on which the log is looked at.

use chrono::NaiveDate;

use crate::check::contradiction::glance::Glance;
use crate::fault::{Code, Faults, Finding, field_name};
use crate::model::{Field, Issue};
use crate::words::lang::Lang;

/// The column without which the rule can't be checked.
pub(super) const NEEDS: Option<Field> = None;

#[inline]
pub(super) fn may_be_broken(issue: &Issue<'_>, glance: Glance) -> bool {
    DAYS.into_iter().fold(false, |is_future, field| is_future | glance.is_future(issue.date(field)))
}

/// The days that can't lie ahead.
const DAYS: [Field; 5] = [Field::FoundOn, Field::AssignedOn, Field::RectifiedOn, Field::VerifiedOn, Field::ClosedOn];

pub(super) fn check(issue: &Issue<'_>, as_of: NaiveDate, faults: &mut Faults) {
    for field in DAYS {
        if let Some(date) = issue.date(field).filter(|date| *date > as_of) {
            faults.add_at(issue.row.field_place(field), field, FutureDate { date, as_of });
        }
    }
}

/// A day that has not come yet.
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
                (format!("{name} {date} lies after {as_of}"), "check the date, or set the day with --as-of".into())
            }
        }
    }
}
