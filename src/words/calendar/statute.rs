//! Days off that the law fixes, whatever is announced: 全国年节及纪念日放假办法.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::LazyLock;

use chrono::{Datelike as _, NaiveDate, Weekday};

use crate::words::calendar::data::{self, LunarDates};

/// A version of the law.
#[derive(Debug)]
pub struct Statute {
    /// The first day on which it is in force.
    since: (i32, u32, u32),
    /// Its year and number, in Chinese.
    pub zh: &'static str,
    /// The same in English.
    pub en: &'static str,
    /// First and last day of 春节, counted from 正月初一 (0); -1 is 除夕.
    spring: RangeInclusive<i64>,
    /// How many days from 1 May.
    labour: u32,
    /// How many days from 1 October.
    national: u32,
    /// Whether 清明, 端午 and 中秋 are days off.
    festivals: bool,
}

/// The versions, oldest first. Read for this table in:
///
/// - 1949: 政务院, 23 December 1949 (china.findlaw.cn/fagui/p_1/122140.html): National Day has two days
/// - 1999: 国务院令第270号, in force on 18 September 1999 (text in newton.com.tw/wiki, 國務院令第270號)
/// - 2007: 国务院令第513号, in force on 1 January 2008 (zh.wikisource.org, 国务院关于修改《全国年节及纪念日放假办法》的决定 (2007年))
/// - 2013: 国务院令第644号, in force on 1 January 2014 (www.gov.cn/zhuanti/2013-12/11/content_2610576.htm)
/// - 2024: 国务院令第795号, in force on 1 January 2025 (text of the county government of Shandan,
///   shandan.gov.cn, 202412/t20241225_1334930.html)
const STATUTES: [Statute; 5] = [
    Statute {
        since: (1949, 12, 23),
        zh: "1949年政务院发布",
        en: "of 1949",
        spring: 0..=2,
        labour: 1,
        national: 2,
        festivals: false,
    },
    Statute {
        since: (1999, 9, 18),
        zh: "1999年修订，国务院令第270号",
        en: "as amended in 1999, State Council Order No. 270",
        spring: 0..=2,
        labour: 3,
        national: 3,
        festivals: false,
    },
    Statute {
        since: (2008, 1, 1),
        zh: "2007年修订，国务院令第513号",
        en: "as amended in 2007, State Council Order No. 513",
        spring: -1..=1,
        labour: 1,
        national: 3,
        festivals: true,
    },
    Statute {
        since: (2014, 1, 1),
        zh: "2013年修订，国务院令第644号",
        en: "as amended in 2013, State Council Order No. 644",
        spring: 0..=2,
        labour: 1,
        national: 3,
        festivals: true,
    },
    Statute {
        since: (2025, 1, 1),
        zh: "2024年修订，国务院令第795号",
        en: "as amended in 2024, State Council Order No. 795",
        spring: -1..=2,
        labour: 2,
        national: 3,
        festivals: true,
    },
];

/// A day off by statute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatutoryDay {
    /// The holiday, in Chinese.
    pub name: &'static str,
    /// Whether it makes up for a holiday on a Saturday or Sunday (补假).
    pub in_lieu: bool,
}

/// The years whose lunar dates are known. In others 春节, 清明, 端午 and 中秋 are not held.
pub const LUNAR_YEARS: RangeInclusive<i32> = 2000..=2070;

/// The version of the law in force at the end of a year; none before the first.
#[must_use]
pub fn statute(year: i32) -> Option<&'static Statute> {
    STATUTES.iter().rev().find(|statute| statute.since.0 <= year)
}

/// Returns whether and how a day is off by statute.
pub(super) fn day(date: NaiveDate) -> Option<StatutoryDay> {
    /// Counting asks for the same days again and again.
    static LUNAR: LazyLock<BTreeMap<NaiveDate, StatutoryDay>> = LazyLock::new(|| LUNAR_YEARS.flat_map(days).collect());
    if LUNAR_YEARS.contains(&date.year()) { LUNAR.get(&date).copied() } else { days(date.year()).remove(&date) }
}

/// The days off of a year, as the law has them.
///
/// A holiday on a Saturday or Sunday is made up for on a working day (适逢周六、周日，应当在工作日补假; article 6 of every
/// version since 1999). The law does not say on which: taken is the next working day that is no holiday.
pub(super) fn days(year: i32) -> BTreeMap<NaiveDate, StatutoryDay> {
    let holidays = holidays(year);
    let mut days: BTreeMap<NaiveDate, StatutoryDay> =
        holidays.iter().map(|(date, name)| (*date, StatutoryDay { name, in_lieu: false })).collect();
    for (date, name) in holidays.into_iter().filter(|(date, _)| is_weekend(*date)) {
        let next = date.iter_days().find(|day| !is_weekend(*day) && !days.contains_key(day));
        days.extend(next.map(|next| (next, StatutoryDay { name, in_lieu: true })));
    }
    days
}

/// The holidays themselves, without the days that make up for them.
pub(super) fn holidays(year: i32) -> BTreeMap<NaiveDate, &'static str> {
    static LUNAR: LazyLock<BTreeMap<i32, LunarDates>> =
        // A bad line can't reach a user: a test reads every one.
        LazyLock::new(|| data::lunar(data::LUNAR_CSV).flatten().collect());
    let mut found = BTreeMap::new();
    for (at, statute) in STATUTES.iter().enumerate() {
        let in_force = |date: NaiveDate| {
            let from = |statute: &Statute| {
                let (year, month, day) = statute.since;
                NaiveDate::from_ymd_opt(year, month, day)
            };
            from(statute) <= Some(date) && STATUTES.get(at + 1).is_none_or(|next| Some(date) < from(next))
        };
        let fixed = [(1, 1, "元旦"), (5, statute.labour, "劳动节"), (10, statute.national, "国庆节")];
        for (month, last, name) in fixed {
            let dates = (1..=last).filter_map(|day| NaiveDate::from_ymd_opt(year, month, day));
            found.extend(dates.filter(|date| in_force(*date)).map(|date| (date, name)));
        }
        let Some(lunar) = LUNAR.get(&year) else { continue };
        let spring = statute
            .spring
            .clone()
            .filter_map(|days| lunar.spring.checked_add_signed(chrono::TimeDelta::try_days(days)?));
        found.extend(spring.filter(|date| in_force(*date)).map(|date| (date, "春节")));
        if statute.festivals {
            let festivals = [(lunar.qingming, "清明节"), (lunar.dragon_boat, "端午节"), (lunar.mid_autumn, "中秋节")];
            for (date, name) in festivals.into_iter().filter(|(date, _)| in_force(*date)) {
                // 中秋 may fall on National Day, as in 2020.
                found.entry(date).or_insert(name);
            }
        }
    }
    found
}

pub(super) fn is_weekend(date: NaiveDate) -> bool {
    matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The days off from Monday to Friday, as `1-1 2-5`.
    fn weekdays_off(year: i32) -> String {
        let days = days(year).into_keys().filter(|date| !is_weekend(*date));
        days.map(|date| format!("{}-{}", date.month(), date.day())).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn days_off_follow_the_version_in_force() {
        for (year, wanted) in [
            // 6 February, 初一, is a Saturday, as are 1 May; 2 and 3 October are a weekend.
            (2027, "1-1 2-5 2-8 2-9 2-10 4-5 5-3 5-4 6-9 9-15 10-1 10-4 10-5"),
            (2028, "1-3 1-25 1-26 1-27 1-28 4-4 5-1 5-2 5-29 10-2 10-3 10-4"),
            (2006, "1-2 1-30 1-31 2-1 5-1 5-2 5-3 10-2 10-3 10-4"),
            (2000, "1-3 2-7 2-8 2-9 5-1 5-2 5-3 10-2 10-3 10-4"),
            // Before the versions whose lunar dates are held, and after.
            (1999, "1-1 5-3 10-1 10-4 10-5"),
            (1998, "1-1 5-1 10-1 10-2"),
            (2071, "1-1 5-1 5-4 10-1 10-2 10-5"),
            (1949, ""),
        ] {
            assert_eq!(weekdays_off(year), wanted, "{year}");
        }
        assert!(holidays(2013).contains_key(&NaiveDate::from_ymd_opt(2013, 2, 9).unwrap()), "除夕");
        assert!(!holidays(2014).contains_key(&NaiveDate::from_ymd_opt(2014, 1, 30).unwrap()), "除夕");
        assert!(holidays(2025).contains_key(&NaiveDate::from_ymd_opt(2025, 1, 28).unwrap()), "除夕");
    }

    #[test]
    fn the_law_agrees_with_what_was_announced() {
        let worked: Vec<NaiveDate> = (2007..=2026)
            .flat_map(|year| holidays(year).into_keys())
            .filter(|date| {
                let listed = data::announced(data::CN_CSV).flatten().find(|day| day.date == *date);
                // A notice need not list a weekend.
                listed.map_or(!is_weekend(*date), |day| day.worked)
            })
            .collect();
        assert_eq!(worked, Vec::<NaiveDate>::new(), "off by statute, but not by the notice");
    }

    #[test]
    fn what_is_kept_is_what_is_computed() {
        for year in [1949, 1999, 2000, 2027, 2070, 2071, 262_142] {
            for (date, wanted) in days(year) {
                assert_eq!(day(date), Some(wanted));
            }
        }
        assert_eq!(day(NaiveDate::from_ymd_opt(2027, 6, 10).unwrap()), None);
        assert_eq!(statute(1948).map(|statute| statute.en), None);
        assert_eq!(statute(2027).map(|statute| statute.since.0), Some(2025));
    }
}
