//! The result of reading a date: a day or a fault.

use chrono::NaiveDate;

/// A day as read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DateRead {
    /// The day.
    pub date: NaiveDate,
    /// Whether the year or its century was inferred rather than read.
    pub assumed: bool,
}

/// Why a text is not a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DateFault {
    /// It is not spelled like a date.
    #[error("not a date")]
    NotADate,
    /// It is spelled like a date, but the day does not exist: `2021-13-40`, 2月30日, or in a year before 1900 or after
    /// 2199, which is a typo. Or it is a range that ends before it starts.
    #[error("the day does not exist")]
    Impossible,
    /// It is a different day in different orders, and no order was given: `03/04/2021`.
    #[error("the order of day and month is ambiguous")]
    Ambiguous,
    /// It has no year, and there is no context to infer it from: 8月3日.
    #[error("the year is missing")]
    NoYear,
    /// The weekday beside it is that of another day: 2021年8月3日（周三）, which was a Tuesday.
    #[error("the weekday is that of another day")]
    OtherWeekday,
    /// It is a month: 2021年8月. See [`parse_month`](super::parse_month).
    #[error("a month, not a day")]
    MonthOnly,
    /// It is a range of days: 8月3日—5日. See [`parse_range`](super::parse_range).
    #[error("a range of days, not a day")]
    Range,
}
