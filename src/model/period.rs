//! Periods: a range of days with both ends included, and the notation for years, quarters, months and weeks.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

/// A range of days, both ends included; a missing end is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// The first day.
    pub from: Option<NaiveDate>,
    /// The last day.
    pub to: Option<NaiveDate>,
}

impl Period {
    /// Whether it contains a day. Only the period without ends contains an unknown day.
    #[must_use]
    pub fn contains(&self, day: Option<NaiveDate>) -> bool {
        match day {
            Some(day) => self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to),
            None => self.from.is_none() && self.to.is_none(),
        }
    }

    /// Returns the day, week, month, quarter or year that contains a day.
    #[must_use]
    pub fn holding(day: NaiveDate, length: Length) -> Self {
        // A day is no period that can be written.
        parse(&length.of(day)).unwrap_or(Self { from: Some(day), to: Some(day) })
    }

    /// Returns how long it is, if it is exactly a day, a week, a month, a quarter or a year.
    #[must_use]
    pub fn length(&self) -> Option<Length> {
        let (from, _) = self.from.zip(self.to)?;
        Length::ALL.into_iter().find(|length| Self::holding(from, *length) == *self)
    }

    /// Returns which week, month, quarter or year it is the beginning of, the shortest of them: `2021-08-01..2021-08-20` is
    /// of a month.
    #[must_use]
    pub fn begins(&self) -> Option<Length> {
        let (from, to) = self.from.zip(self.to)?;
        Length::ALL.into_iter().find(|length| {
            let whole = Self::holding(from, *length);
            whole.from == Some(from) && Some(to) < whole.to
        })
    }

    /// Returns what it is compared with: of a month the month before, of the first days of a month the same days of the month
    /// before, and so on; else as many days just before it.
    #[must_use]
    pub fn before(&self) -> Option<Self> {
        let (from, to) = self.from.zip(self.to)?;
        let last = from.pred_opt()?;
        if let Some(length) = self.length() {
            return Some(Self::holding(last, length));
        }
        if let Some(length) = self.begins() {
            let whole = Self::holding(last, length);
            let end = whole.from.and_then(|first| first.checked_add_signed(to - from));
            return Some(Self { from: whole.from, to: end.min(whole.to) });
        }
        Some(Self { from: last.checked_sub_signed(to - from), to: Some(last) })
    }

    /// Returns the same period a year before: of a week the one with the same number; of other days the same days, a 29th
    /// of February being the 28th.
    #[must_use]
    pub fn a_year_before(&self) -> Option<Self> {
        let (from, to) = self.from.zip(self.to)?;
        if self.length() == Some(Length::Week) {
            let week = from.iso_week();
            let monday = NaiveDate::from_isoywd_opt(week.year() - 1, week.week(), Weekday::Mon)?;
            return Some(Self::holding(monday, Length::Week));
        }
        let year = Months::new(12);
        let from = from.checked_sub_months(year)?;
        Some(match self.length() {
            Some(length) => Self::holding(from, length),
            None => Self { from: Some(from), to: to.checked_sub_months(year) },
        })
    }

    fn between(from: NaiveDate, next: Option<NaiveDate>) -> Option<Self> {
        let to = next?.pred_opt()?;
        Some(Self { from: Some(from), to: Some(to) })
    }
}

/// The length of a period that is determined by one of its days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Length {
    /// The day itself.
    Day,
    /// Monday to Sunday.
    Week,
    /// A calendar month.
    Month,
    /// January to March, and so on.
    Quarter,
    /// A calendar year.
    Year,
}

impl Length {
    /// All lengths, the shortest first.
    pub const ALL: [Self; 5] = [Self::Day, Self::Week, Self::Month, Self::Quarter, Self::Year];

    /// The name of the key of the period in which an issue was found.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }

    /// Returns the period of a day in its notation: `2021-08-20`, `2021-W33`, `2021-08`, `2021-Q3` or `2021`. Those of one
    /// length sort as texts.
    #[must_use]
    pub fn of(self, day: NaiveDate) -> String {
        match self {
            Self::Day => day.to_string(),
            Self::Week => week_of(day),
            Self::Month => month_of(day),
            Self::Quarter => format!("{:04}-Q{}", day.year(), day.month0() / 3 + 1),
            Self::Year => format!("{:04}", day.year()),
        }
    }

    /// Whether a text is a period of this length in its notation.
    #[must_use]
    pub fn is(self, text: &str) -> bool {
        let first = match self {
            Self::Day => text.parse().ok(),
            _ => parse(text).and_then(|period| period.from),
        };
        first.is_some_and(|day| self.of(day) == text)
    }
}

/// A text that is not a period.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a period: write 2021, 2021-Q3, 2021-08 or 2021-W32")]
pub struct InvalidPeriod(pub String);

impl FromStr for Period {
    type Err = InvalidPeriod;

    /// Parses `2021`, `2021-Q3`, `2021-08` and `2021-W32` (ISO week, Monday to Sunday).
    fn from_str(text: &str) -> Result<Self, InvalidPeriod> {
        parse(text.trim()).ok_or_else(|| InvalidPeriod(text.to_owned()))
    }
}

fn parse(text: &str) -> Option<Period> {
    let (year, part) = match text.split_once('-') {
        Some((year, part)) => (year, Some(part)),
        None => (text, None),
    };
    if year.len() != 4 {
        return None;
    }
    let year: i32 = year.parse().ok()?;
    let Some(part) = part else {
        let first = NaiveDate::from_ymd_opt(year, 1, 1)?;
        return Period::between(first, NaiveDate::from_ymd_opt(year + 1, 1, 1));
    };
    if let Some(week) = part.strip_prefix(['W', 'w']) {
        let monday = NaiveDate::from_isoywd_opt(year, week.parse().ok()?, Weekday::Mon)?;
        return Period::between(monday, monday.checked_add_days(Days::new(7)));
    }
    if let Some(quarter) = part.strip_prefix(['Q', 'q']) {
        let quarter: u32 = quarter.parse().ok().filter(|quarter| (1..=4).contains(quarter))?;
        let first = NaiveDate::from_ymd_opt(year, quarter * 3 - 2, 1)?;
        return Period::between(first, first.checked_add_months(Months::new(3)));
    }
    let first = NaiveDate::from_ymd_opt(year, part.parse().ok()?, 1)?;
    Period::between(first, first.checked_add_months(Months::new(1)))
}

impl fmt::Display for Period {
    /// Writes `2021-08-01..2021-08-31`; an open end is left blank.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(from) = self.from {
            write!(f, "{from}")?;
        }
        f.write_str("..")?;
        if let Some(to) = self.to {
            write!(f, "{to}")?;
        }
        Ok(())
    }
}

/// Returns the month of a day, as `2021-08`.
fn month_of(day: NaiveDate) -> String {
    format!("{:04}-{:02}", day.year(), day.month())
}

/// Returns the ISO week of a day, as `2021-W32`.
fn week_of(day: NaiveDate) -> String {
    let week = day.iso_week();
    format!("{:04}-W{:02}", week.year(), week.week())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_found_from_one_of_its_days() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        for (of, length, expected) in [
            ("2021-08-20", Length::Day, "2021-08-20..2021-08-20"),
            ("2021-01-02", Length::Week, "2020-12-28..2021-01-03"),
            ("2021-02-28", Length::Month, "2021-02-01..2021-02-28"),
            ("2021-12-31", Length::Quarter, "2021-10-01..2021-12-31"),
            ("2021-12-31", Length::Year, "2021-01-01..2021-12-31"),
        ] {
            assert_eq!(Period::holding(day(of), length).to_string(), expected);
        }
    }

    #[test]
    fn a_period_is_compared_with_one_of_its_length() {
        let day = |text: &str| text.parse::<NaiveDate>().ok();
        let days = |from: &str, to: &str| Period { from: day(from), to: day(to) };
        for (period, before, a_year_before) in [
            ("2021-03-01..2021-03-31", "2021-02-01..2021-02-28", "2020-03-01..2020-03-31"),
            ("2020-02-01..2020-02-29", "2020-01-01..2020-01-31", "2019-02-01..2019-02-28"),
            ("2021-01-01..2021-03-31", "2020-10-01..2020-12-31", "2020-01-01..2020-03-31"),
            ("2021-08-09..2021-08-15", "2021-08-02..2021-08-08", "2020-08-03..2020-08-09"),
            ("2021-08-01..2021-08-20", "2021-07-01..2021-07-20", "2020-08-01..2020-08-20"),
            ("2021-03-01..2021-03-30", "2021-02-01..2021-02-28", "2020-03-01..2020-03-30"),
            ("2021-08-16..2021-08-18", "2021-08-09..2021-08-11", "2020-08-16..2020-08-18"),
            ("2021-08-03..2021-08-20", "2021-07-16..2021-08-02", "2020-08-03..2020-08-20"),
            ("2021-08-20..2021-08-20", "2021-08-19..2021-08-19", "2020-08-20..2020-08-20"),
        ] {
            let (from, to) = period.split_once("..").unwrap();
            let read = days(from, to);
            assert_eq!(read.before().unwrap().to_string(), before, "{period}");
            assert_eq!(read.a_year_before().unwrap().to_string(), a_year_before, "{period}");
        }
        assert_eq!((Period::default().before(), days("2021-08-01", "").a_year_before()), (None, None));
    }

    #[test]
    fn the_usual_words_name_their_days() {
        for (word, from, to) in [
            ("2021", "2021-01-01", "2021-12-31"),
            ("2021-Q3", "2021-07-01", "2021-09-30"),
            ("2021-q4", "2021-10-01", "2021-12-31"),
            ("2021-08", "2021-08-01", "2021-08-31"),
            ("2020-2", "2020-02-01", "2020-02-29"),
            ("2021-W32", "2021-08-09", "2021-08-15"),
            ("2020-W53", "2020-12-28", "2021-01-03"),
        ] {
            let period: Period = word.parse().unwrap();
            assert_eq!(period.to_string(), format!("{from}..{to}"), "{word}");
        }
        for word in ["", "21-08", "2021-13", "2021-Q5", "2021-W54", "2021-8-1", "八月", "2021-Q0"] {
            assert!(word.parse::<Period>().is_err(), "{word}");
        }
    }

    #[test]
    fn every_day_lies_in_its_own_month_and_week() {
        let mut day = NaiveDate::from_ymd_opt(2019, 12, 1).unwrap();
        while day.year() < 2023 {
            for word in [month_of(day), week_of(day)] {
                assert!(word.parse::<Period>().unwrap().contains(Some(day)), "{day} {word}");
            }
            day = day.succ_opt().unwrap();
        }
    }

    #[test]
    fn an_unknown_day_lies_only_in_the_period_without_ends() {
        assert!(Period::default().contains(None));
        assert!(!"2021".parse::<Period>().unwrap().contains(None));
    }
}
