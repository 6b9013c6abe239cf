//! Reads deadlines: days, periods and words in any usual spelling, and the day on which each falls.

use chrono::{Datelike as _, Months, NaiveDate};

use super::date::{self, DateFault, DateOrder};
use super::number;

use resolve::is_long_past;
pub use resolve::{Deadline, DeadlineFault};

mod chinese;
mod common;
mod english;
mod resolve;

/// Reads a deadline.
///
/// Accepts everything that [`date::parse`] does, also with 前 and the like after it, and the usual spellings of
/// deadlines in Chinese and English. 请于, 务必, 收到通知后 … before it and 完成, 整改到位, 反馈 … after it are
/// ignored. The deadline of a range of days is its last day, and that of a month (2021年8月) the last day of the month.
/// 8月前, however, is a fault: half of its readers take it for the end of July.
///
/// If there are several clauses, all must be understood, and the most definite one is returned: a day or the end of a
/// period (2024年底前，并长期坚持), then a number of days, then 立行立改 (立行立改，长期坚持), then 长期坚持. Two
/// equally definite clauses must be equal.
///
/// `5日` alone, which may be five days or the fifth, is not understood; 5日内 and 5天 are five days, 5日前 is the
/// fifth.
///
/// # Errors
///
/// See [`DeadlineFault`].
pub fn parse(text: &str, context: Option<NaiveDate>, order: Option<DateOrder>) -> Result<Deadline, DeadlineFault> {
    // Most cells are plain dates.
    match date::parse(text, context, order) {
        Ok(read) => return Ok(Deadline::On(read.date)),
        Err(fault @ DateFault::OtherWeekday) => return Err(DeadlineFault::Date(fault)),
        Err(_) => {}
    }
    let text = number::narrow(text);
    let whole = clause(&text, context, order);
    if whole.is_ok() || whole == Err(DeadlineFault::Date(DateFault::OtherWeekday)) {
        return whole;
    }
    let separators = [',', ';', '，', '；', '、', '。', '(', ')', '\n'];
    let mut clauses = text.split(separators).filter(|clause| !clause.trim().is_empty()).peekable();
    let Some(first) = clauses.next().filter(|_| clauses.peek().is_some()) else {
        return whole;
    };
    clauses.try_fold(clause(first, context, order)?, |best, next| more_definite(best, clause(next, context, order)?))
}

/// Reads the deadline of something that was found or assigned on the day `from`.
///
/// As [`parse`] with `from` as the context, but a day without a year is none of the year before, by the same rule as in
/// [`Deadline::resolve`]: what is found on 20 March is due on the 20 November after it.
///
/// # Errors
///
/// See [`DeadlineFault`].
pub fn parse_from(text: &str, from: NaiveDate, order: Option<DateOrder>) -> Result<Deadline, DeadlineFault> {
    let read = parse(text, Some(from), order);
    let is_of_year_before = match read {
        Ok(Deadline::On(day)) => is_long_past(day, from),
        // A weekday that is not that of the nearest such day may be that of the one after `from`.
        Err(DeadlineFault::Date(DateFault::OtherWeekday)) => true,
        _ => false,
    };
    if !is_of_year_before || parse(text, None, order) != Err(DeadlineFault::Date(DateFault::NoYear)) {
        return read;
    }
    match parse(text, from.checked_add_months(Months::new(6)), order) {
        Ok(Deadline::On(day)) if day.year() != from.year() => read,
        later => later,
    }
}

/// Returns the more definite of two deadlines.
fn more_definite(a: Deadline, b: Deadline) -> Result<Deadline, DeadlineFault> {
    match a.vagueness().cmp(&b.vagueness()) {
        std::cmp::Ordering::Less => Ok(a),
        std::cmp::Ordering::Greater => Ok(b),
        std::cmp::Ordering::Equal if a == b => Ok(a),
        std::cmp::Ordering::Equal => Err(DeadlineFault::NotUnderstood),
    }
}

/// Reads a single clause.
fn clause(text: &str, context: Option<NaiveDate>, order: Option<DateOrder>) -> Result<Deadline, DeadlineFault> {
    let text = text.trim().trim_end_matches(['。', '.', '!', ';', ',']).trim();
    if text.chars().all(is_filler) {
        return Ok(Deadline::Unset);
    }
    let read =
        if text.is_ascii() { english::clause(text, context, order) } else { chinese::clause(text, context, order) };
    match read {
        Err(DeadlineFault::NotUnderstood) if number::parse(text).is_some() => Err(DeadlineFault::BareNumber),
        read => read,
    }
}

/// Whether a cell that consists of this character only is considered empty.
fn is_filler(c: char) -> bool {
    c.is_whitespace() || "-–—―/\\_~*.…·?无".contains(c)
}

#[cfg(test)]
mod tests;
