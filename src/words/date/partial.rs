//! A day whose year may be missing, and how the year is inferred.

use std::ops::RangeInclusive;

use chrono::{Datelike as _, NaiveDate};

use super::result::{DateFault, DateRead};

/// The years that are accepted in a log.
pub(super) const YEARS: RangeInclusive<u32> = 1900..=2199;

/// A day or a month as written, before a missing year is inferred.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PartialDate {
    Day {
        year: Option<i32>,
        month: u32,
        day: u32,
        /// Whether the year has only two digits.
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

    /// Replaces the year.
    pub(super) fn in_year(mut self, new: i32) -> Self {
        match &mut self {
            Self::Day { year, .. } | Self::Month { year, .. } => *year = Some(new),
        }
        self
    }

    /// Returns the day. A missing year is inferred from `context`, see [`parse`](super::parse).
    ///
    /// # Errors
    /// It is a month, the day does not exist, or both the year and the context are missing.
    pub(super) fn day(self, context: Option<NaiveDate>) -> Result<DateRead, DateFault> {
        let (date, assumed) = match self {
            Self::Month { month, .. } => {
                return Err(if (1..=12).contains(&month) { DateFault::MonthOnly } else { DateFault::Impossible });
            }
            Self::Day { year: Some(year), month, day, short } => (NaiveDate::from_ymd_opt(year, month, day), short),
            Self::Day { month, day, .. } => {
                // A day that exists in no year is impossible, whether or not there is a context.
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

/// Infers the year of a month and day from `context`, see [`parse`](super::parse).
///
/// `None` if the day exists in none of the three years (29 February).
#[must_use]
pub fn nearest_year(month: u32, day: u32, context: NaiveDate) -> Option<NaiveDate> {
    [1, 0, -1]
        .into_iter()
        .filter_map(|shift| NaiveDate::from_ymd_opt(context.year() + shift, month, day))
        // `min_by_key` returns the first of several minima: the later year.
        .min_by_key(|date| date.signed_duration_since(context).abs())
}
