//! Working days and holidays.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate, Weekday};

use crate::delimited::text::{self, Record};
use crate::place::OneBased;

/// A calendar of working days, as exceptions to Monday to Friday.
///
/// The State Council moves working days every year and has amended a year in progress (2020 has two notices), so a
/// calendar is data, not a rule, and a project can override it with [`Calendar::with`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    off: BTreeSet<NaiveDate>,
    work: BTreeSet<NaiveDate>,
}

impl Calendar {
    /// Returns the calendar of mainland China, according to the State Council's yearly notices for 2019 to 2026.
    ///
    /// 2019 has May Day as amended in March of that year, 2020 the Spring Festival as extended to 2 February. Other
    /// years have only weekends, see [`Calendar::covers`].
    #[must_use]
    pub fn cn() -> Self {
        static CN: LazyLock<Calendar> = LazyLock::new(|| {
            // No bad line is dropped here: a test reads every line of the data.
            let entries = || entries(CN_CSV).flatten();
            let of = |kind: DayKind| {
                let days = entries().filter(move |entry| entry.kind == kind);
                days.map(|entry| entry.date).collect()
            };
            Calendar { off: of(DayKind::Off), work: of(DayKind::Work) }
        });
        CN.clone()
    }

    /// Returns a calendar without holidays: Monday to Friday are working days.
    #[must_use]
    pub fn weekdays() -> Self {
        Self { off: BTreeSet::new(), work: BTreeSet::new() }
    }

    /// Returns this calendar with additional days off and working days.
    ///
    /// They take precedence over the existing ones; a day given as both is a working day.
    #[must_use]
    pub fn with(mut self, off: impl IntoIterator<Item = NaiveDate>, work: impl IntoIterator<Item = NaiveDate>) -> Self {
        for date in off {
            self.work.remove(&date);
            self.off.insert(date);
        }
        for date in work {
            self.off.remove(&date);
            self.work.insert(date);
        }
        self
    }

    /// Whether a day is a working day.
    #[must_use]
    pub fn is_workday(&self, date: NaiveDate) -> bool {
        let weekend = matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
        self.work.contains(&date) || !weekend && !self.off.contains(&date)
    }

    /// Returns the `n`th working day after a day.
    ///
    /// The count starts on the next day, as offices count N个工作日内 from the day after receipt; for `n` = 0 it is the
    /// day itself. Stops at [`NaiveDate::MAX`].
    #[must_use]
    pub fn add_workdays(&self, date: NaiveDate, n: u32) -> NaiveDate {
        let mut left = n;
        let mut last = date;
        for day in days_after(date) {
            if left == 0 {
                break;
            }
            last = day;
            left -= u32::from(self.is_workday(day));
        }
        last
    }

    /// Returns the number of working days after `a`, up to and including `b`.
    ///
    /// The inverse of [`Calendar::add_workdays`]. If `b` is before `a`, it is the negative of the number of working
    /// days after `b`, up to and including `a`.
    #[must_use]
    pub fn workdays_between(&self, a: NaiveDate, b: NaiveDate) -> i64 {
        let (first, last, sign) = if a <= b { (a, b, 1) } else { (b, a, -1) };
        let workdays = days_after(first).take_while(|day| *day <= last).filter(|day| self.is_workday(*day));
        workdays.fold(0, |n, _| n + sign)
    }

    /// Returns the day itself if it is a working day, otherwise the next working day.
    ///
    /// For offices that move a deadline which ends on a day off (Civil Code, article 203).
    #[must_use]
    pub fn next_workday_on_or_after(&self, date: NaiveDate) -> NaiveDate {
        if self.is_workday(date) { date } else { self.add_workdays(date, 1) }
    }

    /// Whether the holidays of a year are known, that is, whether National Day is listed.
    ///
    /// Any other day off would prove nothing, since a notice begins with the last days of the previous year. For the
    /// same reason, the last days of the last year covered may yet become days off.
    #[must_use]
    pub fn covers(&self, year: i32) -> bool {
        NaiveDate::from_ymd_opt(year, 10, 1).is_some_and(|day| self.off.contains(&day))
    }
}

fn days_after(date: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    std::iter::successors(date.succ_opt(), NaiveDate::succ_opt)
}

/// Days off, and the weekend days worked in exchange (调休), one per line. Weekends that only adjoin a holiday are not
/// listed.
const CN_CSV: &str = include_str!("cn-calendar.csv");

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DayKind {
    Off,
    Work,
}

#[derive(Debug, Clone, Copy)]
struct CalendarEntry {
    date: NaiveDate,
    kind: DayKind,
}

/// Reads the entries below the header. Yields the line number of an invalid entry.
fn entries(csv: &str) -> impl Iterator<Item = Result<CalendarEntry, OneBased>> {
    // An unclosed quote would leave no entries, and tests would fail.
    let records = text::records(csv, b',').unwrap_or_default();
    records.into_iter().skip(1).map(|record| entry(&record, csv).ok_or(record.line))
}

fn entry(record: &Record, csv: &str) -> Option<CalendarEntry> {
    let mut cells = record.values(csv);
    let date = cells.next()?.parse().ok()?;
    let kind = match cells.next()?.as_ref() {
        "off" => DayKind::Off,
        "work" => DayKind::Work,
        _ => return None,
    };
    let name = cells.next()?;
    (!name.is_empty() && cells.next().is_none()).then_some(CalendarEntry { date, kind })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn every_line_of_the_data_is_read_and_in_order() {
        let entries: Vec<CalendarEntry> = entries(CN_CSV).map(|entry| entry.unwrap()).collect();
        assert!(CN_CSV.starts_with("date,kind,name\n"));
        assert!(entries.is_sorted_by(|a, b| a.date < b.date));
        for CalendarEntry { date, kind } in entries {
            let weekend = matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
            assert!(kind == DayKind::Off || weekend, "{date} is worked anyway");
        }
        assert!((2019..=2026).all(|year| Calendar::cn().covers(year)));
    }

    #[test]
    fn a_bad_line_of_data_is_noticed() {
        for line in [
            "2021-13-01,off,元旦",
            "2021-01-01,rest,元旦",
            "2021-01-01,off,",
            "2021-01-01,off",
            "2021-01-01,off,元旦,3",
            "",
        ] {
            let csv = format!("date,kind,name\n{line}\n");
            assert!(entries(&csv).all(|entry| entry.is_err()), "{line:?}");
        }
    }

    #[test]
    fn working_days_are_counted_from_the_day_after() {
        let calendar = Calendar::cn();
        for (from, n, wanted) in [
            ("2021-08-05", 3, "2021-08-10"),
            ("2021-09-17", 3, "2021-09-23"),
            ("2021-09-30", 5, "2021-10-13"),
            ("2021-04-23", 2, "2021-04-26"),
            ("2022-12-30", 1, "2023-01-03"),
            ("2024-02-09", 3, "2024-02-20"),
            ("2026-02-13", 2, "2026-02-24"),
            ("2020-01-23", 1, "2020-02-03"),
            ("2019-04-30", 1, "2019-05-05"),
            ("2021-08-07", 0, "2021-08-07"),
            ("2021-08-07", 1, "2021-08-09"),
        ] {
            let (from, wanted) = (day(from), day(wanted));
            assert_eq!(calendar.add_workdays(from, n), wanted, "{from} + {n}");
            assert_eq!(calendar.workdays_between(from, wanted), i64::from(n));
            assert_eq!(calendar.workdays_between(wanted, from), -i64::from(n));
        }
    }

    #[test]
    fn years_without_a_notice_are_not_covered() {
        let calendar = Calendar::cn();
        assert!(!calendar.is_workday(day("2018-12-31")));
        assert!(!calendar.covers(2018) && !calendar.covers(2027));
        assert!(!Calendar::weekdays().covers(2021));
        assert!(!calendar.covers(i32::MAX));
    }

    #[test]
    fn what_a_project_says_wins() {
        let (rest, national_day, both) = (day("2021-08-05"), day("2021-10-01"), day("2021-08-07"));
        let calendar = Calendar::cn().with([rest, both], [national_day, both]);
        assert!(!calendar.is_workday(rest));
        assert!(calendar.is_workday(national_day));
        assert!(calendar.is_workday(both));
        // And back again.
        let calendar = calendar.with([national_day], [rest]);
        assert!(calendar.is_workday(rest) && !calendar.is_workday(national_day));
    }

    #[test]
    fn a_day_of_rest_moves_on_and_a_working_day_stays() {
        let calendar = Calendar::cn();
        let next = |date| calendar.next_workday_on_or_after(day(date));
        assert_eq!(next("2021-10-01"), day("2021-10-08"));
        assert_eq!(next("2021-10-09"), day("2021-10-09"));
    }

    #[test]
    fn the_end_of_time_is_no_fault() {
        let calendar = Calendar::weekdays();
        assert_eq!(calendar.add_workdays(NaiveDate::MAX, 3), NaiveDate::MAX);
    }

    proptest! {
        #[test]
        fn counting_undoes_adding(from in 737_000_i32..740_000, n in 0_u32..60) {
            let calendar = Calendar::cn();
            let from = NaiveDate::from_num_days_from_ce_opt(from).unwrap();
            let to = calendar.add_workdays(from, n);
            prop_assert_eq!(calendar.workdays_between(from, to), i64::from(n));
        }
    }
}
