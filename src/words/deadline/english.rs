//! Reads deadlines in English.

use chrono::NaiveDate;

use super::common::{count, dated};
use super::resolve::{Deadline, DeadlineFault};
use crate::words::date::{self, DateOrder};
use crate::words::number;

/// Deadlines that are fixed phrases.
const WORDS: &[(Deadline, &[&str])] = &[
    (Deadline::Immediately, &["immediately", "immediate", "at once", "asap", "on the spot", "on site", "forthwith"]),
    (Deadline::LongTerm, &["ongoing", "long-term", "long term", "continuous", "continuing", "permanent"]),
    (Deadline::Unset, &["n/a", "na", "nil", "none", "tbd", "tbc", "to be determined", "unset", "done"]),
    (Deadline::EndOfWeek, &["end of week", "end of the week", "end of this week", "eow", "this week"]),
    (
        Deadline::EndOfMonth { year: None, month: None },
        &["end of month", "end of the month", "end of this month", "month end", "eom", "this month"],
    ),
    (
        Deadline::EndOfYear(None),
        &["end of year", "end of the year", "end of this year", "year end", "eoy", "this year"],
    ),
    (Deadline::SameDay, &["same day", "the same day", "today", "end of day", "end of the day", "eod"]),
    (Deadline::NextDay, &["next day", "the next day", "tomorrow"]),
    (Deadline::Days(14), &["fortnight", "a fortnight"]),
];

/// Words before a deadline that add nothing to it.
const PREFIXES: &[&str] = &[
    "by ",
    "before ",
    "on or before ",
    "no later than ",
    "not later than ",
    "until ",
    "due ",
    "within ",
    "in ",
    "the ",
    "on ",
];

const NUMBERS: [&str; 12] =
    ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

/// Reads a clause.
///
/// # Errors
/// See [`DeadlineFault`].
pub(super) fn clause(
    text: &str,
    context: Option<NaiveDate>,
    order: Option<DateOrder>,
) -> Result<Deadline, DeadlineFault> {
    let lower = text.to_ascii_lowercase();
    let spaced = lower.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut core = spaced.as_str();
    loop {
        if let Some(deadline) = word(core) {
            return Ok(deadline);
        }
        match PREFIXES.iter().find_map(|word| core.strip_prefix(word)) {
            Some(shorter) => core = shorter,
            None => break,
        }
    }
    // Like 8月前, “before August” does not mean the end of August; “in August” does.
    let month_ends =
        !["before ", "by ", "until "].iter().any(|word| spaced.contains(word)) && !spaced.contains(" than ");
    dated(core, context, order, month_ends)
        .or_else(|| period_end(core).map(Ok))
        .or_else(|| duration(core).map(Ok))
        .unwrap_or(Err(DeadlineFault::NotUnderstood))
}

fn word(text: &str) -> Option<Deadline> {
    WORDS.iter().find(|(_, words)| words.contains(&text)).map(|(deadline, _)| *deadline)
}

/// Reads `end of August`, `end of Aug 2021`, `end of 2021`.
fn period_end(core: &str) -> Option<Deadline> {
    let period = core.strip_prefix("end of ").or_else(|| core.strip_prefix("end "))?;
    if let Some((year, month)) = date::parse_month(period) {
        return Some(Deadline::EndOfMonth { year, month: Some(month) });
    }
    let year = i32::try_from(number::parse(period)?).ok()?;
    (1900..=2199).contains(&year).then_some(Deadline::EndOfYear(Some(year)))
}

/// Reads `3 working days`, `5 days`, `two weeks`, `a month`, `24 hours`, `24h`.
fn duration(core: &str) -> Option<Deadline> {
    let digits = core.find(|c: char| !c.is_ascii_digit()).unwrap_or(core.len());
    let (n, unit) = match core.split_at_checked(digits)? {
        ("", _) => {
            let (n, unit) = core.split_once(' ')?;
            let spelled = (1..).zip(NUMBERS).find(|(_, name)| *name == n);
            let n = match n {
                "a" | "an" => 1,
                _ => spelled.map(|(n, _)| n)?,
            };
            (n, unit)
        }
        (n, unit) => (number::parse(n)?, unit),
    };
    let n = count(n)?;
    match unit.trim() {
        "working day" | "working days" | "business day" | "business days" | "workday" | "workdays" | "wd" => {
            Some(Deadline::Workdays(n))
        }
        "day" | "days" | "calendar day" | "calendar days" | "d" => Some(Deadline::Days(n)),
        "week" | "weeks" => Some(Deadline::Days(n * 7)),
        "month" | "months" => Some(Deadline::Months(n)),
        "year" | "years" => Some(Deadline::Months(n * 12)),
        "hour" | "hours" | "hrs" | "h" => Some(Deadline::Hours(n)),
        _ => None,
    }
}
