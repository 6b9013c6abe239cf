//! Which days are worked.
//!
//! - `data`: the tables compiled in
//! - [`statute`]: days off by law, for years without a notice

mod data;
pub mod statute;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use chrono::{Datelike as _, NaiveDate};

use statute::{StatutoryDay, is_weekend};

/// The days worked, as exceptions to Monday to Friday.
///
/// The State Council moves working days every year and has amended a year
/// mid-course (2020 has two notices), so a calendar is data that a project can
/// override with [`Calendar::with`] and extend with [`Calendar::with_days`]. In a
/// year without a notice the days off by statute hold, and whoever counts over one
/// of its days is told so: the calendar keeps the years ([`Calendar::guessed`]).
#[derive(Debug, Clone)]
pub struct Calendar {
    base: CalendarBase,
    days: Arc<BTreeMap<NaiveDate, ListedDay>>,
    /// Years whose arrangement is known.
    known: Arc<BTreeSet<i32>>,
    /// Years that were counted over without it, by this calendar and all its clones.
    guessed: Arc<RwLock<BTreeSet<i32>>>,
}

/// What a calendar builds upon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CalendarBase {
    /// The holidays of mainland China.
    Cn,
    /// Monday to Friday, whatever the year.
    Weekdays,
}

/// A day that a notice or the project lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedDay {
    /// Whether it is worked.
    pub worked: bool,
    /// The holiday it belongs to; may be empty.
    pub name: String,
    /// Who lists it.
    pub source: DaySource,
}

/// What a day stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DaySource {
    /// A notice of the State Council.
    Notice,
    /// The project's calendar file.
    File,
    /// `off:` or `work:` in the config.
    Config,
    /// The law, for want of a notice.
    Statute,
    /// The law's rule that a holiday on a weekend is made up for.
    InLieu,
}

impl DaySource {
    /// The word for it in JSON.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Notice => "notice",
            Self::File => "file",
            Self::Config => "config",
            Self::Statute => "statute",
            Self::InLieu => "in_lieu",
        }
    }
}

/// The day on which the next year's notice was last looked for, in the packages and the stored public pages at hand, and
/// not found: 2027.
pub const LOOKED_UP_ON: &str = "2026-11-27";

/// The last year whose notice is built in.
pub const LAST_NOTICE: i32 = 2026;

/// The first day of December that the next year's notice may move: no notice has reached further back than the 29th,
/// and a weekend worked in exchange lies at most a week before the holiday.
const NEXT_NOTICE_FROM: u32 = 25;

impl Calendar {
    /// Returns the calendar of mainland China, by the State Council's yearly
    /// notices 2007–2026; in other years by the law alone.
    #[must_use]
    pub fn cn() -> Self {
        type Listed = (Arc<BTreeMap<NaiveDate, ListedDay>>, Arc<BTreeSet<i32>>);
        static CN: LazyLock<Listed> = LazyLock::new(|| {
            // A bad line can't reach a user: a test reads every one.
            let days = data::announced(data::CN_CSV).flatten().map(|day| {
                let data::AnnouncedDay { date, worked, name } = day;
                (date, ListedDay { worked, name, source: DaySource::Notice })
            });
            let years = data::notices(data::NOTICES_CSV).flatten().map(|(year, _)| year);
            (Arc::new(days.collect()), Arc::new(years.collect()))
        });
        let (days, known) = CN.clone();
        Self { base: CalendarBase::Cn, days, known, guessed: Arc::default() }
    }

    /// Returns the calendar that knows nothing but weekends, and means it in every year.
    #[must_use]
    pub fn weekdays() -> Self {
        Self { base: CalendarBase::Weekdays, days: Arc::default(), known: Arc::default(), guessed: Arc::default() }
    }

    /// Returns this calendar with days off and days worked overridden, as the config lists them.
    ///
    /// What is given wins over what was there; a day given as both is worked.
    #[must_use]
    pub fn with(self, off: impl IntoIterator<Item = NaiveDate>, work: impl IntoIterator<Item = NaiveDate>) -> Self {
        let listed = |worked| move |date| (date, ListedDay { worked, name: String::new(), source: DaySource::Config });
        self.with_days(off.into_iter().map(listed(false)).chain(work.into_iter().map(listed(true))))
    }

    /// Returns this calendar with more days listed. The last word on a day counts.
    ///
    /// A year becomes known when none of its holidays by statute is missing: an
    /// arrangement never leaves one out.
    #[must_use]
    pub fn with_days(mut self, days: impl IntoIterator<Item = (NaiveDate, ListedDay)>) -> Self {
        let all = Arc::make_mut(&mut self.days);
        let mut years = BTreeSet::new();
        for (date, day) in days {
            years.insert(date.year());
            all.insert(date, day);
        }
        years.retain(|year| missing_holidays(*year, |date| self.days.get(&date).map(|day| day.worked)).is_empty());
        if !years.is_empty() {
            Arc::make_mut(&mut self.known).extend(years);
        }
        self
    }

    /// Returns what it builds upon.
    #[must_use]
    pub fn base(&self) -> CalendarBase {
        self.base
    }

    /// Returns the day of statute, if the law has the last word on it.
    fn statutory(&self, date: NaiveDate) -> Option<StatutoryDay> {
        let by_law = self.base == CalendarBase::Cn && !self.covers(date.year()) && !self.days.contains_key(&date);
        by_law.then(|| statute::day(date)).flatten()
    }

    /// Returns whether the day is worked.
    #[must_use]
    pub fn is_workday(&self, date: NaiveDate) -> bool {
        match self.days.get(&date) {
            Some(day) => day.worked,
            None => !is_weekend(date) && self.statutory(date).is_none(),
        }
    }

    /// Returns the `n`th working day after a day.
    ///
    /// Counts from the day after, worked or not, as offices count
    /// N个工作日内 from the day after receipt; 0 is the day itself. Stops at the
    /// last day that can be written.
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
        self.note_guesses(date, last);
        last
    }

    /// Returns the number of working days after `a`, up to and including `b`.
    ///
    /// The inverse of [`Calendar::add_workdays`]. Negative if `b` is before
    /// `a`: then it is the number of working days after `b` up to `a`.
    #[must_use]
    pub fn workdays_between(&self, a: NaiveDate, b: NaiveDate) -> i64 {
        let (first, last, sign) = if a <= b { (a, b, 1) } else { (b, a, -1) };
        self.note_guesses(first, last);
        let worked = days_after(first).take_while(|day| *day <= last).filter(|day| self.is_workday(*day));
        worked.fold(0, |n, _| n + sign)
    }

    /// Returns the day if it is worked, else the next that is: where a period ends whose last day is off (Civil Code,
    /// article 203).
    #[must_use]
    pub fn next_workday_on_or_after(&self, date: NaiveDate) -> NaiveDate {
        if self.is_workday(date) { date } else { self.add_workdays(date, 1) }
    }

    /// Returns whether the arrangement of a year is known: announced, taken in from a file, or not needed.
    ///
    /// The last days of its December belong to the next year's notice: [`Calendar::unknown_years`] heeds that.
    #[must_use]
    pub fn covers(&self, year: i32) -> bool {
        self.base == CalendarBase::Weekdays || self.known.contains(&year)
    }

    /// Returns the years whose notice would be needed to count from the day after `after` up to and including
    /// `until`, and is not known.
    #[must_use]
    pub fn unknown_years(&self, after: NaiveDate, until: NaiveDate) -> Vec<i32> {
        let Some(first) = after.succ_opt().filter(|first| *first <= until) else { return Vec::new() };
        if self.base == CalendarBase::Weekdays {
            return Vec::new();
        }
        (year_of_notice(first)..=year_of_notice(until)).filter(|year| !self.covers(*year)).collect()
    }

    /// Returns the years without a known arrangement over which working days were counted so far, by this calendar and
    /// its clones.
    #[must_use]
    pub fn guessed(&self) -> BTreeSet<i32> {
        self.guessed.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn note_guesses(&self, after: NaiveDate, until: NaiveDate) {
        let years = self.unknown_years(after, until);
        let is_new = |guessed: &BTreeSet<i32>| years.iter().any(|year| !guessed.contains(year));
        if !years.is_empty() && is_new(&self.guessed.read().unwrap_or_else(PoisonError::into_inner)) {
            self.guessed.write().unwrap_or_else(PoisonError::into_inner).extend(years);
        }
    }

    /// Returns the days of a year that differ from Monday to Friday, or that are listed, in order.
    #[must_use]
    pub fn exceptions(&self, year: i32) -> Vec<(NaiveDate, ListedDay)> {
        let days = NaiveDate::from_ymd_opt(year, 1, 1).into_iter().flat_map(|first| first.iter_days());
        let days = days.take_while(|date| date.year() == year);
        days.filter_map(|date| {
            let day = self.days.get(&date).cloned().or_else(|| {
                let StatutoryDay { name, in_lieu } = self.statutory(date)?;
                let source = if in_lieu { DaySource::InLieu } else { DaySource::Statute };
                Some(ListedDay { worked: false, name: name.to_owned(), source })
            })?;
            Some((date, day))
        })
        .collect()
    }
}

/// The year whose notice settles a day.
#[must_use]
pub fn year_of_notice(date: NaiveDate) -> i32 {
    let is_next = date.month() == 12 && date.day() >= NEXT_NOTICE_FROM;
    date.year().saturating_add(i32::from(is_next))
}

/// The notices behind a year of the built-in calendar: addresses on gov.cn, the original first.
#[must_use]
pub fn notices(year: i32) -> Vec<String> {
    let notices = data::notices(data::NOTICES_CSV).flatten();
    notices.filter(|(of, _)| *of == year).map(|(_, notice)| notice).collect()
}

/// The holidays by statute that a list of days leaves out or has as worked: `worked` says of a listed day whether it is.
/// A weekend need not be listed. A list without any is the whole year's arrangement.
#[must_use]
pub fn missing_holidays(year: i32, worked: impl Fn(NaiveDate) -> Option<bool>) -> BTreeMap<NaiveDate, &'static str> {
    let mut holidays = statute::holidays(year);
    holidays.retain(|date, _| worked(*date).unwrap_or_else(|| !is_weekend(*date)));
    holidays
}

fn days_after(date: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    std::iter::successors(date.succ_opt(), NaiveDate::succ_opt)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
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
    fn announced_years_are_covered_and_weekdays_need_no_notice() {
        let calendar = Calendar::cn();
        assert!((2007..=2026).all(|year| calendar.covers(year)));
        assert!(!calendar.covers(2006) && !calendar.covers(2027) && !calendar.covers(i32::MAX));
        assert!(!calendar.is_workday(day("2018-12-31")));
        assert!(Calendar::weekdays().covers(2027));
        assert!(Calendar::weekdays().is_workday(day("2027-01-01")));
        for year in 2007..=2026 {
            assert!(!notices(year).is_empty());
        }
        assert_eq!(notices(2020).len(), 2);
        assert!(calendar.covers(LAST_NOTICE) && !calendar.covers(LAST_NOTICE + 1));
    }

    #[test]
    fn each_announced_year_has_its_working_days() {
        // Counted with chinesecalendar 1.11.0.
        let wanted =
            [249, 251, 250, 250, 250, 249, 250, 250, 249, 250, 249, 250, 250, 249, 250, 249, 249, 251, 248, 248];
        let counted = (2007..=2026).map(|year| {
            let on = |year: i32| NaiveDate::from_ymd_opt(year, 12, 31).unwrap();
            Calendar::cn().workdays_between(on(year - 1), on(year))
        });
        assert_eq!(counted.collect::<Vec<_>>(), wanted);
    }

    #[test]
    fn without_a_notice_days_off_by_statute_hold() {
        let calendar = Calendar::cn();
        for (from, n, wanted) in [
            ("2026-12-28", 5, "2027-01-05"),
            ("2027-09-28", 5, "2027-10-08"),
            ("2027-02-04", 1, "2027-02-11"),
            ("2027-04-30", 1, "2027-05-05"),
            ("2006-09-29", 1, "2006-10-05"),
            ("2071-09-30", 1, "2071-10-06"),
        ] {
            assert_eq!(calendar.add_workdays(day(from), n), day(wanted), "{from} + {n}");
        }
    }

    #[test]
    fn years_that_were_counted_over_without_a_notice_are_kept() {
        for (from, n, wanted) in [
            ("2026-12-23", 1, &[][..]),
            // The last days of December are the next notice's.
            ("2026-12-24", 1, &[2027]),
            ("2026-12-28", 5, &[2027]),
            ("2027-12-24", 9, &[2028]),
            ("2027-12-20", 9, &[2027, 2028]),
            ("2006-12-24", 9, &[]),
            ("2006-12-21", 9, &[2006]),
            ("2027-06-01", 0, &[]),
        ] {
            let calendar = Calendar::cn();
            let clone = calendar.clone();
            let until = clone.add_workdays(day(from), n);
            assert_eq!(calendar.guessed().into_iter().collect::<Vec<_>>(), wanted, "{from} + {n}");
            assert_eq!(calendar.unknown_years(day(from), until), wanted, "{from} + {n}");
            assert!(Calendar::cn().guessed().is_empty(), "another calendar was not asked");
        }
        let calendar = Calendar::cn();
        let _ = calendar.workdays_between(day("2027-03-02"), day("2027-03-01"));
        assert!(calendar.guessed().contains(&2027));
        let weekdays = Calendar::weekdays();
        assert_eq!(weekdays.add_workdays(day("2026-12-28"), 5), day("2027-01-04"));
        assert!(weekdays.guessed().is_empty());
    }

    #[test]
    fn a_year_is_known_once_no_holiday_is_missing() {
        let off = |date: NaiveDate| (date, ListedDay { worked: false, name: String::new(), source: DaySource::File });
        let whole: Vec<_> = statute::holidays(2027).into_keys().map(off).collect();
        let calendar = Calendar::cn().with_days(whole.clone());
        assert!(calendar.covers(2027) && !calendar.covers(2028));
        // What the notice does not give is then worked: no day in lieu is made up.
        assert!(calendar.is_workday(day("2027-02-09")));
        assert!(calendar.unknown_years(day("2026-12-28"), day("2027-12-24")).is_empty());

        let weekdays = whole.iter().filter(|(date, _)| !is_weekend(*date)).cloned();
        assert!(Calendar::cn().with_days(weekdays).covers(2027), "weekends need not be listed");
        let (but_one, _) = whole.split_at(whole.len() - 3);
        assert!(!Calendar::cn().with_days(but_one.to_vec()).covers(2027));
        assert_eq!(missing_holidays(2027, |_| None).into_iter().next(), Some((day("2027-01-01"), "元旦")),);
        // A project that works on a holiday of a known year does not make it unknown.
        assert!(Calendar::cn().with([], [day("2021-10-01")]).covers(2021));
    }

    #[test]
    fn exceptions_tell_what_they_stand_on() {
        let of = |calendar: &Calendar, date: &str| {
            let (year, date) = (day(date).year(), day(date));
            calendar.exceptions(year).into_iter().find(|(on, _)| *on == date).map(|(_, day)| day)
        };
        let calendar = Calendar::cn().with([day("2026-03-02")], []);
        let notice = of(&calendar, "2026-01-04").unwrap();
        assert_eq!((notice.worked, notice.name.as_str(), notice.source), (true, "元旦", DaySource::Notice));
        assert_eq!(of(&calendar, "2026-03-02").map(|day| day.source), Some(DaySource::Config));
        assert_eq!(of(&calendar, "2027-02-05").map(|day| day.source), Some(DaySource::Statute));
        assert_eq!(of(&calendar, "2027-02-10").map(|day| day.source), Some(DaySource::InLieu));
        assert_eq!(of(&calendar, "2027-02-11"), None);
        assert!(Calendar::weekdays().exceptions(2027).is_empty());
        for (date, day) in calendar.exceptions(2027) {
            assert_eq!(calendar.is_workday(date), day.worked);
        }
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
