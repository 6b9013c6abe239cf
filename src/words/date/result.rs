//! What reading a date gives: a day, or why there is none.

use chrono::NaiveDate;

/// A day as read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DateRead {
    /// The day.
    pub date: NaiveDate,
    /// Whether the century or the whole year was supplied by the reader and
    /// not by the text.
    pub assumed: bool,
}

/// Why a text is no day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DateFault {
    /// It isn't spelled like a date at all.
    #[error("no date")]
    NotADate,
    /// It is spelled like a date, but there is no such day: `2021-13-40`,
    /// 2月30日, or a year before 1900 or after 2199, which is a slip of the pen.
    /// As a range: it ends before it begins.
    #[error("there is no such day")]
    Impossible,
    /// It means different days in different orders, and none was given:
    /// `03/04/2021`.
    #[error("the order of day and month is open")]
    Ambiguous,
    /// It has no year, and there is no day to take it from: 8月3日.
    #[error("the year is missing")]
    NoYear,
    /// It is a month: 2021年8月. See [`parse_month`](super::parse_month).
    #[error("a month, not a day")]
    MonthOnly,
    /// It is a range of days: 8月3日—5日. See [`parse_range`](super::parse_range).
    #[error("a range of days, not a day")]
    Range,
}
