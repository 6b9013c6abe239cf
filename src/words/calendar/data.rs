//! The tables that are compiled in: announced days, the notices behind them, lunar dates.

use std::borrow::Cow;

use chrono::NaiveDate;

use crate::delimited::text::{self, Record};
use crate::place::OneBased;

/// The days that the State Council's yearly notices 2007–2026 set: days off, and weekend days worked in exchange (调休),
/// one a line. Weekends that merely adjoin a holiday are not listed.
///
/// 2015 has Victory Day, 2019 May Day as amended in March of that year, 2020 the Spring Festival as extended to 2
/// February. Two independent packages agree on every day from 25 December 2006 to 31 December 2026, so a day listed here
/// was taken from both: the JSON files of NateScarlet/holiday-cn at d4e53bf, which reads the notices, and the tables of
/// chinesecalendar 1.11.0, which are typed in.
pub(super) const CN_CSV: &str = include_str!("cn.csv");

/// The notice of each year on gov.cn, and those that amended it.
pub(super) const NOTICES_CSV: &str = include_str!("notices.csv");

/// The dates of 春节 (正月初一), 清明, 端午 (五月初五) and 中秋 (八月十五), month and day.
///
/// The years are those in which lunar-javascript 1.7.7, lunardate 0.3.0 and borax 4.1.3 give the same dates, and 清明 is
/// also the day on which the Sun reaches 15° by PyEphem 4.2.1, in Beijing's time (GB/T 33661—2017). The table ends with
/// 2070: 清明 of 2071 falls two minutes after midnight, and the packages differ on 中秋 of 2089.
pub(super) const LUNAR_CSV: &str = include_str!("lunar.csv");

/// A line of [`CN_CSV`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AnnouncedDay {
    pub(super) date: NaiveDate,
    pub(super) worked: bool,
    pub(super) name: String,
}

/// A line of [`LUNAR_CSV`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LunarDates {
    pub(super) spring: NaiveDate,
    pub(super) qingming: NaiveDate,
    pub(super) dragon_boat: NaiveDate,
    pub(super) mid_autumn: NaiveDate,
}

/// Reads the announced days below the header; for a bad line its number.
pub(super) fn announced(csv: &str) -> impl Iterator<Item = Result<AnnouncedDay, OneBased>> {
    lines(csv, |cells| {
        let [date, kind, name] = cells else { return None };
        let worked = match kind.as_str() {
            "off" => false,
            "work" => true,
            _ => return None,
        };
        let name = Some(name.clone()).filter(|name| !name.is_empty())?;
        Some(AnnouncedDay { date: date.parse().ok()?, worked, name })
    })
}

/// Reads the notices: year and address.
pub(super) fn notices(csv: &str) -> impl Iterator<Item = Result<(i32, String), OneBased>> {
    lines(csv, |cells| {
        let [year, notice] = cells else { return None };
        Some((year.parse().ok()?, Some(notice.clone()).filter(|notice| notice.starts_with("https://"))?))
    })
}

/// Reads the lunar dates with their years.
pub(super) fn lunar(csv: &str) -> impl Iterator<Item = Result<(i32, LunarDates), OneBased>> {
    lines(csv, |cells| {
        let [year, spring, qingming, dragon_boat, mid_autumn] = cells else { return None };
        let date = |day: &String| format!("{year}-{day}").parse().ok();
        let dates = LunarDates {
            spring: date(spring)?,
            qingming: date(qingming)?,
            dragon_boat: date(dragon_boat)?,
            mid_autumn: date(mid_autumn)?,
        };
        Some((year.parse().ok()?, dates))
    })
}

fn lines<T>(csv: &str, read: impl Fn(&[String]) -> Option<T>) -> impl Iterator<Item = Result<T, OneBased>> {
    // An unclosed quote would leave no records; a test counts them.
    let records = text::records(csv, b',').unwrap_or_default();
    records.into_iter().skip(1).map(move |record: Record| {
        let cells: Vec<String> = record.values(csv).map(Cow::into_owned).collect();
        read(&cells).ok_or(record.line)
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use chrono::{Datelike as _, Weekday};

    use super::*;

    #[test]
    fn every_announced_day_is_read_and_in_order() {
        let days: Vec<AnnouncedDay> = announced(CN_CSV).map(|day| day.unwrap()).collect();
        assert!(CN_CSV.starts_with("date,kind,name\n"));
        assert_eq!(days.len(), CN_CSV.lines().count() - 1);
        assert!(days.is_sorted_by(|a, b| a.date < b.date));
        for AnnouncedDay { date, worked, .. } in days {
            let weekend = matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
            assert!(!worked || weekend, "{date} is worked anyway");
        }
    }

    #[test]
    fn every_announced_year_has_its_notice() {
        let notices: BTreeSet<i32> = notices(NOTICES_CSV).map(|notice| notice.unwrap().0).collect();
        assert_eq!(notices, (2007..=2026).collect());
    }

    #[test]
    fn every_lunar_date_is_where_it_can_be() {
        let years: Vec<(i32, LunarDates)> = lunar(LUNAR_CSV).map(|year| year.unwrap()).collect();
        assert_eq!(years.iter().map(|(year, _)| *year).collect::<Vec<_>>(), (2000..=2070).collect::<Vec<_>>());
        for (year, LunarDates { spring, qingming, dragon_boat, mid_autumn }) in years {
            let between = |date: NaiveDate, from: &str, to: &str| {
                let on = |day: &str| format!("{year}-{day}").parse::<NaiveDate>().unwrap();
                assert!(on(from) <= date && date <= on(to), "{date}");
            };
            between(spring, "01-21", "02-21");
            between(qingming, "04-04", "04-05");
            between(dragon_boat, "05-27", "06-26");
            between(mid_autumn, "09-07", "10-08");
            // Lunar months have 29 or 30 days: four and three of them, one more in a leap year.
            let days = |from: NaiveDate, to: NaiveDate| to.signed_duration_since(from).num_days();
            let first = days(spring, dragon_boat);
            assert!((121..=124).contains(&first) || (150..=154).contains(&first), "{year}: {first}");
            let second = days(dragon_boat, mid_autumn);
            assert!((97..=100).contains(&second) || (126..=130).contains(&second), "{year}: {second}");
        }
    }

    #[test]
    fn a_bad_line_is_noticed() {
        for line in [
            "2021-13-01,off,元旦",
            "2021-01-01,rest,元旦",
            "2021-01-01,off,",
            "2021-01-01,off",
            "2021-01-01,off,元旦,3",
            "",
        ] {
            let csv = format!("date,kind,name\n{line}\n");
            assert!(announced(&csv).all(|day| day.is_err()), "{line:?}");
        }
        assert!(lunar("year,a,b,c,d\n2027,02-30,04-05,06-09,09-15\n").all(|year| year.is_err()));
        assert!(notices("year,notice\n2027,gov.cn\n").all(|notice| notice.is_err()));
    }
}
