//! A deadline, and the day on which it falls.

use chrono::{Datelike as _, Days, Months, NaiveDate};

use crate::words::calendar::Calendar;
use crate::words::date::DateFault;

/// The day or the time by which something must be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deadline {
    /// A day, inclusive: `2021-08-10`, 8月10日前.
    On(NaiveDate),
    /// A day of an unspecified month: 每月25日前, 25日前. In a shorter month it is the last day, so 每月底前 is day 31.
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
        /// The year, if given; otherwise see [`Deadline::resolve`], or the current one if there is no month either.
        year: Option<i32>,
        /// The month, if given; otherwise the current one.
        month: Option<u32>,
    },
    /// The end of a year, by default the current one: 2024年底前, 年底前.
    EndOfYear(Option<i32>),
    /// The end of the current week: 本周内.
    EndOfWeek,
    /// The next day: 次日.
    NextDay,
    /// The same day, at any hour: 当日下午4时前.
    SameDay,
    /// Immediately: 立行立改, 即知即改.
    Immediately,
    /// Permanently: 长期坚持, 持续推进.
    LongTerm,
    /// No deadline: an empty cell, 待定, `/`, `—`, 无; also 已完成, which is a status, not a deadline.
    Unset,
}

/// Why a text is not a deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DeadlineFault {
    /// It looks like a date, but the date is faulty.
    #[error("{0}")]
    Date(#[source] DateFault),
    /// It is a bare number: `15` may be days, working days or a day of the month. (20000 to 80000 are dates, see
    /// [`excel_serial`](crate::words::date::excel_serial).)
    #[error("a bare number may be days, working days or a day of the month")]
    BareNumber,
    /// It is not a known spelling, or it has two different deadlines.
    #[error("not a known deadline")]
    NotUnderstood,
}

impl Deadline {
    /// Returns the last day that is in time. `from` is the day on which the issue was assigned or found.
    ///
    /// - Days exclude the first day (Civil Code, article 201). Working days are counted from the next day on, by
    ///   `calendar`.
    /// - Months end on the corresponding day, or on the last day of a shorter month (article 202).
    /// - Days and months whose last day is off end on the next working day (article 203).
    /// - Hours are rounded up to days, since the hour of the start is unknown: 24 hours are the next day, 48 hours the
    ///   day after that.
    /// - 前 includes the day itself.
    /// - The end of a month without a year is the one nearest to `from`, as in
    ///   [`date::parse`](crate::words::date::parse), but none of the year before `from`: 12月底前 of 20 January is the
    ///   next December. Only within a week it stays: such a deadline is a slip, and is told as one.
    /// - A day of the month is the first such day not before `from`.
    /// - A week ends on Sunday.
    /// - An immediate deadline is `from` itself.
    ///
    /// `None` for [`Self::LongTerm`] and [`Self::Unset`], and beyond the range of [`NaiveDate`].
    #[must_use]
    pub fn resolve(&self, from: NaiveDate, calendar: &Calendar) -> Option<NaiveDate> {
        let after = |days: u32| from.checked_add_days(Days::new(days.into()));
        let worked = |day| calendar.next_workday_on_or_after(day);
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
            Self::Days(days) => after(days).map(worked),
            Self::Workdays(days) => Some(calendar.add_workdays(from, days)),
            Self::Hours(hours) => after(hours.div_ceil(24)),
            Self::Months(months) => from.checked_add_months(Months::new(months)).map(worked),
            Self::EndOfMonth { year: None, month: Some(month) } => (-1..=1)
                .rev()
                .filter_map(|shift| end_of_month(from.year() + shift, month))
                .min_by_key(|end| end.signed_duration_since(from).abs())
                .and_then(|end| if is_long_past(end, from) { end_of_month(from.year(), month) } else { Some(end) }),
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

    /// Returns how vague the deadline is; 0 is the most definite.
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

/// Whether a day without a year is not meant as a deadline though it is the nearest: it is in the year before that of
/// `from`, the day on which the time begins to run, and by more than a few days.
pub(super) fn is_long_past(day: NaiveDate, from: NaiveDate) -> bool {
    const FEW_DAYS: i64 = 7;
    day.year() < from.year() && from.signed_duration_since(day).num_days() > FEW_DAYS
}

/// Returns the last day of a month.
pub(super) fn end_of_month(year: i32, month: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, 1)?.checked_add_months(Months::new(1))?.pred_opt()
}
