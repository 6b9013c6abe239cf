//! What a text says of a day, and the year that it leaves out.

use std::ops::RangeInclusive;

use chrono::{Datelike as _, NaiveDate};

use super::result::{DateFault, DateRead};

/// The years a log can speak of.
pub(super) const YEARS: RangeInclusive<u32> = 1900..=2199;

/// What a text says of a day, before a year is supplied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PartialDate {
    Day {
        year: Option<i32>,
        month: u32,
        day: u32,
        /// Whether the year was written with two digits.
        short: bool,
    },
    Month {
        year: Option<i32>,
        month: u32,
    },
}

impl PartialDate {
    pub(super) fn year(self) -> Option<i32> {
        match self {
            Self::Day { year, .. } | Self::Month { year, .. } => year,
        }
    }

    pub(super) fn in_year(mut self, of: i32) -> Self {
        match &mut self {
            Self::Day { year, .. } | Self::Month { year, .. } => *year = Some(of),
        }
        self
    }

    /// Returns the day meant, its year supplied from the context if need be.
    pub(super) fn day(self, context: Option<NaiveDate>) -> Result<DateRead, DateFault> {
        let (date, assumed) = match self {
            Self::Month { month, .. } => {
                return Err(if (1..=12).contains(&month) { DateFault::MonthOnly } else { DateFault::Impossible });
            }
            Self::Day { year: Some(year), month, day, short } => (NaiveDate::from_ymd_opt(year, month, day), short),
            Self::Day { month, day, .. } => {
                // Some year must have the day before a year is asked for.
                NaiveDate::from_ymd_opt(2000, month, day).ok_or(DateFault::Impossible)?;
                let context = context.ok_or(DateFault::NoYear)?;
                (nearest_year(month, day, context), true)
            }
        };
        match date {
            Some(date) => Ok(DateRead { date, assumed }),
            None => Err(DateFault::Impossible),
        }
    }
}

/// Supplies the year of a month and day, as told at [`parse`](super::parse).
///
/// `None` if none of the three years has the day (29 February).
#[must_use]
pub fn nearest_year(month: u32, day: u32, context: NaiveDate) -> Option<NaiveDate> {
    [1, 0, -1]
        .into_iter()
        .filter_map(|shift| NaiveDate::from_ymd_opt(context.year() + shift, month, day))
        // `min_by_key` returns the first of equals: the later year.
        .min_by_key(|date| date.signed_duration_since(context).abs())
}
