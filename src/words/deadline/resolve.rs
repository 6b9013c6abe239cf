//! By when something must be done, and the day on which that falls.

use chrono::{Datelike as _, Days, Months, NaiveDate};

use crate::words::calendar::Calendar;
use crate::words::date::DateFault;

/// By when something must be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deadline {
    /// A day, itself included: `2021-08-10`, 8月10日前.
    On(NaiveDate),
    /// A day of the month without its month: 每月25日前, 25日前. The month's last
    /// day where it has no such day, so 每月底前 is day 31.
    DayOfMonth(u32),
    /// Days: 5日内, 两天内, 一周内 (7), 半个月内 (15).
    Days(u32),
    /// Working days: 3个工作日内.
    Workdays(u32),
    /// Hours: 24小时内.
    Hours(u32),
    /// Months: 一个月内, 半年内 (6), 一年内 (12).
    Months(u32),
    /// The end of a month: 2021年8月底前, 8月底前, 月底前, 三季度末.
    EndOfMonth {
        /// The year, if written; else the nearest, or this one.
        year: Option<i32>,
        /// The month, if written; else this one.
        month: Option<u32>,
    },
    /// The end of a year: 2024年底前, 年底前.
    EndOfYear(Option<i32>),
    /// The end of this week: 本周内.
    EndOfWeek,
    /// The day after: 次日.
    NextDay,
    /// The same day, at whatever hour: 当日下午4时前.
    SameDay,
    /// At once, without a day: 立行立改, 即知即改.
    Immediately,
    /// Without end: 长期坚持, 持续推进.
    LongTerm,
    /// None given: an empty cell, 待定, `/`, `—`, 无. 已完成 too says
    /// how things stand and nothing of a deadline.
    Unset,
}

/// Why a text is no deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DeadlineFault {
    /// It is meant as a date, and that is at fault.
    #[error("{0}")]
    Date(#[source] DateFault),
    /// A number alone: `15` may be days, working days or a day of the month.
    /// (20000 to 80000 are dates: [`excel_serial`](crate::words::date::excel_serial).)
    #[error("a number alone may be days, working days or a day of the month")]
    BareNumber,
    /// It is nothing known. Also if it names two deadlines that differ.
    #[error("no deadline that is known")]
    NotUnderstood,
}

impl Deadline {
    /// Returns the last day in time, counted from the day the matter was
    /// assigned or found.
    ///
    /// - Days exclude the first day (Civil Code, article 201) and are not moved
    ///   off a day of rest: offices that follow article 203 pass the result to
    ///   [`Calendar::next_workday_on_or_after`]. Working days are counted from
    ///   the day after by the calendar given.
    /// - Months end on the corresponding day, or the month's last (article 202).
    /// - Hours are counted in begun days, since the hour of the beginning is
    ///   not known: 24 hours are the next day, 48 the day after that.
    /// - 前 includes the day itself.
    /// - The end of a month without a year is the nearest to `from`, as at
    ///   [`date::parse`](crate::words::date::parse).
    /// - A day of the month is the first such day not before `from`.
    /// - A week ends on Sunday.
    /// - At once is the day itself.
    ///
    /// `None` for what has no end or was not given.
    #[must_use]
    pub fn resolve(&self, from: NaiveDate, calendar: &Calendar) -> Option<NaiveDate> {
        let after = |days: u32| from.checked_add_days(Days::new(days.into()));
        match *self {
            Self::On(date) => Some(date),
            Self::DayOfMonth(day) => {
                let this = end_of_month(from.year(), from.month())?;
                let next =
                    from.checked_add_months(Months::new(1)).and_then(|next| end_of_month(next.year(), next.month()));
                [Some(this), next]
                    .into_iter()
                    .flatten()
                    .filter_map(|end| end.with_day(day.min(end.day())))
                    .find(|date| *date >= from)
            }
            Self::Days(days) => after(days),
            Self::Workdays(days) => Some(calendar.add_workdays(from, days)),
            Self::Hours(hours) => after(hours.div_ceil(24)),
            Self::Months(months) => from.checked_add_months(Months::new(months)),
            Self::EndOfMonth { year: None, month: Some(month) } => (-1..=1)
                .rev()
                .filter_map(|shift| end_of_month(from.year() + shift, month))
                .min_by_key(|end| end.signed_duration_since(from).abs()),
            Self::EndOfMonth { year, month } => {
                end_of_month(year.unwrap_or(from.year()), month.unwrap_or(from.month()))
            }
            Self::EndOfYear(year) => end_of_month(year.unwrap_or(from.year()), 12),
            Self::EndOfWeek => after(6 - from.weekday().num_days_from_monday()),
            Self::NextDay => after(1),
            Self::SameDay | Self::Immediately => Some(from),
            Self::LongTerm | Self::Unset => None,
        }
    }

    /// Returns how definite it is, 0 being most.
    pub(super) fn vagueness(self) -> u8 {
        match self {
            Self::On(_) | Self::EndOfMonth { .. } | Self::EndOfYear(_) => 0,
            Self::DayOfMonth(_)
            | Self::Days(_)
            | Self::Workdays(_)
            | Self::Hours(_)
            | Self::Months(_)
            | Self::EndOfWeek
            | Self::NextDay
            | Self::SameDay => 1,
            Self::Immediately => 2,
            Self::LongTerm => 3,
            Self::Unset => 4,
        }
    }
}

/// The last day of a month.
pub(super) fn end_of_month(year: i32, month: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, 1)?.checked_add_months(Months::new(1))?.pred_opt()
}
