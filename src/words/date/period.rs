//! Finds the day or the period that a title or the name of a file states, which tells the year of dates without one.

use chrono::NaiveDate;

use super::token::Token::{self, Mark, Number, Word};
use super::{spelling, token};
use crate::words::number;

/// A day or a period that a text states.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatedPeriod {
    /// The day, the middle of the month, or the middle of the year: the nearest day without a year is in this year.
    pub day: NaiveDate,
    exactness: u8,
}

impl StatedPeriod {
    /// Returns the more exact of two periods, the first one if they are equally exact.
    #[must_use]
    pub fn more_exact(best: Option<Self>, next: Self) -> Option<Self> {
        match best {
            Some(best) if best.exactness >= next.exactness => Some(best),
            _ => Some(next),
        }
    }

    fn of_day(year: u32, month: u32, day: u32) -> Option<Self> {
        let day = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
        Some(Self { day, exactness: 3 })
    }

    fn of_month(year: u32, month: u32) -> Option<Self> {
        Some(Self { exactness: 2, ..Self::of_day(year, month, 15)? })
    }

    fn of_year(year: u32) -> Option<Self> {
        Some(Self { day: middle_of_year(i32::try_from(year).ok()?)?, exactness: 1 })
    }
}

/// Returns the day to which every day of a year is nearer in this year than in the one before or after.
#[must_use]
pub fn middle_of_year(year: i32) -> Option<NaiveDate> {
    let is_leap = NaiveDate::from_ymd_opt(year, 1, 1)?.leap_year();
    NaiveDate::from_ymd_opt(year, 7, if is_leap { 1 } else { 2 })
}

/// Returns the most exact day or period that a text states, of the years 2000 to 2099; `None` if there is none.
///
/// A year that is part of the title of a law, 《…》 or （2021年修订）, is not that of the text. `bare` says whether digits
/// alone count, as in the name of a file: 台账202108, 2021台账, `log-20210820`.
#[must_use]
pub fn stated_period(text: &str, bare: bool) -> Option<StatedPeriod> {
    let text = number::narrow(text);
    let text = without_quoted(&text);
    let tokens = token::tokens(&text)?;
    let periods = (0..tokens.len()).filter_map(|at| {
        // Digits after a month or a day belong to it.
        let before = at.checked_sub(1).and_then(|before| tokens.get(before));
        if matches!(before, Some(Mark('-' | '.' | '/' | '_') | Number(..))) && !bare {
            return None;
        }
        period_at(&tokens[at..], bare)
    });
    periods.fold(None, StatedPeriod::more_exact)
}

/// Reads the period at the start of `tokens`.
fn period_at(tokens: &[Token<'_>], bare: bool) -> Option<StatedPeriod> {
    const YEARS: std::ops::RangeInclusive<u32> = 2000..=2099;
    const SEPARATORS: [char; 4] = ['-', '.', '/', '_'];
    match *tokens {
        [Number(year, 4), ref rest @ ..] if YEARS.contains(&year) => match *rest {
            [Mark('年'), Number(month, 1..=2), Mark('月'), Number(day, 1..=2), ..] => {
                StatedPeriod::of_day(year, month, day)
            }
            [Mark('年'), Number(month, 1..=2), Mark('月'), ..] => StatedPeriod::of_month(year, month),
            [Mark('年'), ..] => StatedPeriod::of_year(year),
            [Mark(first), Number(month, 1..=2), Mark(second), Number(day, 1..=2), ..]
                if first == second && SEPARATORS.contains(&first) =>
            {
                StatedPeriod::of_day(year, month, day)
            }
            [Mark(separator), Number(month, 1..=2), ..] if SEPARATORS.contains(&separator) => {
                StatedPeriod::of_month(year, month)
            }
            _ if bare => StatedPeriod::of_year(year),
            _ => None,
        },
        [Word(name), Number(year, 4), ..] if YEARS.contains(&year) => {
            StatedPeriod::of_month(year, spelling::month_named(name)?)
        }
        [Number(digits, 8), ..] if bare && YEARS.contains(&(digits / 10_000)) => {
            StatedPeriod::of_day(digits / 10_000, digits / 100 % 100, digits % 100)
        }
        [Number(digits, 6), ..] if bare && YEARS.contains(&(digits / 100)) => {
            StatedPeriod::of_month(digits / 100, digits % 100)
        }
        _ => None,
    }
}

/// Removes the titles of laws, and brackets that tell their version.
fn without_quoted(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(['《', '(', '〔']) {
        let (before, bracket) = rest.split_at(start);
        kept.push_str(before);
        let closing = match bracket.chars().next() {
            Some('《') => '》',
            Some('(') => ')',
            _ => '〕',
        };
        let Some(end) = bracket.find(closing) else { return kept };
        let (inner, after) = bracket.split_at(end + closing.len_utf8());
        let is_version = ["修订", "修正", "版", "年本", "施行"].iter().any(|word| inner.contains(word));
        if closing == '〕' || closing == ')' && !is_version {
            kept.push_str(inner);
        }
        rest = after;
    }
    kept.push_str(rest);
    kept
}

#[cfg(test)]
mod tests {
    use chrono::Datelike as _;

    use super::*;
    use crate::words::date::nearest_year;

    #[test]
    fn a_title_tells_its_day_month_or_year() {
        let stated = |text: &str, bare| stated_period(text, bare).map(|period| period.day.to_string());
        for (text, expected) in [
            ("截至2021年8月20日", Some("2021-08-20")),
            ("2021年问题台账（截至2021年8月20日）", Some("2021-08-20")),
            ("郑东新区2021年8月问题台账", Some("2021-08-15")),
            ("２０２１年度问题台账", Some("2021-07-02")),
            ("二〇二一年八月问题台账", Some("2021-08-15")),
            ("统计时间：2021.8.1-2021.8.20", Some("2021-08-01")),
            ("Issues found in August 2021", Some("2021-08-15")),
            ("依据《安全生产法》（2021年修订）", None),
            ("依据《河南省2019年条例》", None),
            ("问题台账", None),
            ("8月问题台账", None),
            ("台账202108", None),
            ("电话 20210820", None),
        ] {
            assert_eq!(stated(text, false).as_deref(), expected, "{text}");
        }
        for (text, expected) in [
            ("台账202108", Some("2021-08-15")),
            ("log-20210820", Some("2021-08-20")),
            ("2021台账", Some("2021-07-02")),
            ("2021-08-20台账", Some("2021-08-20")),
            ("ledger_2021_08", Some("2021-08-15")),
            ("台账8月", None),
            ("台账20211", None),
        ] {
            assert_eq!(stated(text, true).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn every_day_of_a_year_is_nearest_to_its_middle() {
        for year in [2020, 2021, 2023, 2024] {
            let middle = middle_of_year(year).unwrap();
            let days = NaiveDate::from_ymd_opt(year, 1, 1).unwrap().iter_days().take_while(|day| day.year() == year);
            for day in days {
                assert_eq!(nearest_year(day.month(), day.day(), middle), Some(day), "{day}");
            }
        }
    }
}
