//! By when: days, periods and words in any of the field's deadline spellings,
//! and the day each falls on.

use chrono::{Datelike, Days, Months, NaiveDate};

use super::calendar::Calendar;
use super::date::{self, DateFault, DateOrder};
use super::number;

mod chinese;
mod english;

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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeadlineFault {
    /// It is meant as a date, and that is at fault.
    Date(DateFault),
    /// A number alone: `15` may be days, working days or a day of the month.
    /// (20000 to 80000 are dates: [`date::excel_serial`].)
    BareNumber,
    /// It is nothing known. Also if it names two deadlines that differ.
    NotUnderstood,
}

/// Reads a deadline.
///
/// Accepts everything [`date::parse`] does, with 前 and the like behind it, and
/// the field's deadline spellings in Chinese and English. 请于, 务必, 收到通知后 …
/// before it and 完成, 整改到位, 反馈 … after it add nothing. Of a range of days the
/// last is the deadline; of a bare month (2021年8月), its last day, but 8月前 is a
/// fault: half its readers take it for the end of July.
///
/// Of several clauses all must be understood, and the most definite wins: a day
/// or the end of a period (2024年底前，并长期坚持), then a number of days, then 立行立改
/// (立行立改，长期坚持), then 长期坚持.
///
/// `5日` alone, which may be five days or the fifth, is not understood; 5日内 and
/// 5天 are days, 5日前 is the fifth.
///
/// # Errors
///
/// See [`DeadlineFault`].
pub fn parse(text: &str, context: Option<NaiveDate>, order: Option<DateOrder>) -> Result<Deadline, DeadlineFault> {
    // Most cells are plain dates.
    if let Ok(read) = date::parse(text, context, order) {
        return Ok(Deadline::On(read.date));
    }
    let text = number::narrow(text);
    let whole = clause(&text, context, order);
    if whole.is_ok() {
        return whole;
    }
    let separators = [',', ';', '，', '；', '、', '。', '(', ')', '\n'];
    let mut clauses = text.split(separators).filter(|clause| !clause.trim().is_empty()).peekable();
    let Some(first) = clauses.next().filter(|_| clauses.peek().is_some()) else {
        return whole;
    };
    clauses.try_fold(clause(first, context, order)?, |best, next| more_definite(best, clause(next, context, order)?))
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
    ///   [`date::parse`].
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
    fn vagueness(self) -> u8 {
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

fn more_definite(a: Deadline, b: Deadline) -> Result<Deadline, DeadlineFault> {
    match a.vagueness().cmp(&b.vagueness()) {
        std::cmp::Ordering::Less => Ok(a),
        std::cmp::Ordering::Greater => Ok(b),
        std::cmp::Ordering::Equal if a == b => Ok(a),
        std::cmp::Ordering::Equal => Err(DeadlineFault::NotUnderstood),
    }
}

fn clause(text: &str, context: Option<NaiveDate>, order: Option<DateOrder>) -> Result<Deadline, DeadlineFault> {
    let text = text.trim().trim_end_matches(['。', '.', '!', ';', ',']).trim();
    if text.chars().all(is_stroke) {
        return Ok(Deadline::Unset);
    }
    let read =
        if text.is_ascii() { english::clause(text, context, order) } else { chinese::clause(text, context, order) };
    match read {
        Err(DeadlineFault::NotUnderstood) if number::parse(text).is_some() => Err(DeadlineFault::BareNumber),
        read => read,
    }
}

/// Returns whether a character is one with which an empty cell is filled.
fn is_stroke(c: char) -> bool {
    c.is_whitespace() || "-–—―/\\_~*.…·?无".contains(c)
}

/// Reads a date, a range or a month as a deadline; `None` if it is none of them.
///
/// `month_ends` says whether a bare month stands for its end.
fn dated(
    text: &str,
    context: Option<NaiveDate>,
    order: Option<DateOrder>,
    month_ends: bool,
) -> Option<Result<Deadline, DeadlineFault>> {
    let read = match date::parse(text, context, order) {
        Ok(read) => Ok(Deadline::On(read.date)),
        Err(DateFault::NotADate) => return None,
        Err(DateFault::Range) => date::parse_range(text, context, order).map(|(_, last)| Deadline::On(last)),
        Err(DateFault::MonthOnly) if month_ends => {
            let (year, month) = date::parse_month(text)?;
            Ok(Deadline::EndOfMonth { year, month: Some(month) })
        }
        Err(fault) => Err(fault),
    };
    Some(read.map_err(DeadlineFault::Date))
}

fn end_of_month(year: i32, month: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, 1)?.checked_add_months(Months::new(1))?.pred_opt()
}

/// Returns the count of a deadline, if it is one that anybody sets.
fn count(n: u64) -> Option<u32> {
    const MOST: u32 = 9_999;
    u32::try_from(n).ok().filter(|n| (1..=MOST).contains(n))
}

#[cfg(test)]
mod tests;
