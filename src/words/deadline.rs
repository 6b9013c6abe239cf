//! Reads deadlines: days, periods and words in any usual spelling, and the day on which each falls.

use chrono::{Datelike as _, NaiveDate};

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

/// Reads the deadline of something that was found or assigned on the day `from`.
///
/// As [`parse`] with `from` as the context, but a day without a year is none of the year before, by the same rule as in
/// [`Deadline::resolve`]: what is found on 20 March is due on the 20 November after it.
///
/// # Errors
///
/// See [`DeadlineFault`].
pub fn parse_from(text: &str, from: NaiveDate, order: Option<DateOrder>) -> Result<Deadline, DeadlineFault> {
    let read = parse(text, Some(from), order)?;
    if let Deadline::On(day) = read
        && is_long_past(day, from)
        && parse(text, None, order) == Err(DeadlineFault::Date(DateFault::NoYear))
    {
        return Ok(day.with_year(from.year()).map_or(read, Deadline::On));
    }
    Ok(read)
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
