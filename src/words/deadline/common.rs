//! The parts that Chinese and English deadlines have in common: dates and counts.

use chrono::NaiveDate;

use super::resolve::{Deadline, DeadlineFault};
use crate::words::date::{self, DateFault, DateOrder};

/// Reads a date, a range of days or a month as a deadline; `None` if the text is none of these.
///
/// `month_ends` says whether a month alone means its last day; otherwise it is a fault.
pub(super) fn dated(
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

/// Returns the count of a deadline, if it is within a plausible range.
pub(super) fn count(n: u64) -> Option<u32> {
    const MAX: u32 = 9_999;
    u32::try_from(n).ok().filter(|n| (1..=MAX).contains(n))
}
