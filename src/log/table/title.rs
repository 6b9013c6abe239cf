//! The days that title rows name: 截至2021年8月20日, 2021年8月问题台账.

use chrono::NaiveDate;

use crate::words::date::{self, StatedPeriod, stated_period};

/// The days that the rows above a header name.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::log) struct TitleDays {
    period: Option<StatedPeriod>,
    stated_on: Option<NaiveDate>,
}

impl TitleDays {
    /// Adds what the cells of a row name. The most exact period counts: 截至2021年8月20日 rather than 2021年问题台账.
    pub(super) fn add(&mut self, cells: &[String]) {
        self.period =
            cells.iter().filter_map(|cell| stated_period(cell, false)).fold(self.period, StatedPeriod::more_exact);
        self.stated_on = self.stated_on.or_else(|| cells.iter().find_map(|cell| stated_on(cell)));
    }

    /// Returns the day, or the middle of the period, that a title names.
    pub(in crate::log) fn day(self) -> Option<NaiveDate> {
        self.period.map(|period| period.day)
    }

    /// Returns the day up to which the log was kept.
    pub(in crate::log) fn stated_on(self) -> Option<NaiveDate> {
        self.stated_on
    }
}

/// The words before the day up to which a log was kept.
const UP_TO: [&str; 5] = ["截至", "截止到", "截止至", "截止", "as of"];

/// Returns the day up to which a log was kept, if a title states it with its year.
pub(super) fn stated_on(title: &str) -> Option<NaiveDate> {
    let title = title.to_lowercase();
    UP_TO.iter().find_map(|words| {
        let (_, after) = title.split_once(words)?;
        let after = after.trim_start_matches([':', '：', ' ', '\u{3000}']);
        // The day ends where something else begins: 截至2021年8月20日18时, 截至2021年8月20日）.
        let end = after.find(|c: char| !(c.is_ascii_digit() || matches!(c, '年' | '月' | '日' | '-' | '/' | '.')));
        let mut day = end.map_or(after, |end| after.split_at(end).0);
        if let Some((before, _)) = day.split_once('日') {
            day = before;
        }
        let day = day.trim_end_matches(['.', '-', '/']);
        // A number alone is no serial number of a day here.
        let is_number = day.len() != 8 && day.chars().all(|c| c.is_ascii_digit());
        let read = date::parse(day, None, None).ok().filter(|read| !read.assumed && !is_number)?;
        Some(read.date)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_states_its_day() {
        let day = NaiveDate::from_ymd_opt(2021, 8, 20);
        for (title, expected) in [
            ("截至2021年8月20日", day),
            ("问题台账（截至2021年8月20日18时）", day),
            ("（截止到：2021-08-20）", day),
            ("截止2021.8.20", day),
            ("Issues as of 2021-08-20", day),
            ("截至8月20日", None),
            ("2021年8月20日印发", None),
            ("截至目前", None),
            ("截止2021", None),
        ] {
            assert_eq!(stated_on(title), expected, "{title}");
        }
    }
}
