//! The state of an issue as of a given day. Computed, never stored.

use chrono::NaiveDate;

use crate::model::record::Issue;
use crate::words::calendar::Calendar;

/// The day as of which states are computed, and the range of deadlines that are due soon.
#[derive(Clone, Debug)]
pub struct AsOf {
    /// The as-of day.
    pub day: NaiveDate,
    /// The last deadline that counts as due soon.
    pub soon: NaiveDate,
}

impl AsOf {
    /// Makes deadlines up to `soon_days` days after `day` due soon, counted in working days of the calendar if
    /// `working`.
    #[must_use]
    pub fn new(day: NaiveDate, soon_days: u32, working: bool, calendar: &Calendar) -> Self {
        let soon = if working {
            calendar.add_workdays(day, soon_days)
        } else {
            day.checked_add_days(chrono::Days::new(u64::from(soon_days))).unwrap_or(day)
        };
        Self { day, soon }
    }
}

/// The state of an issue as of a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a count of its own in every tally")]
pub struct State {
    /// Withdrawn: not counted at all.
    pub withdrawn: bool,
    /// Closed (销号).
    pub closed: bool,
    /// Rectified; all other issues are open.
    pub rectified: bool,
    /// Open, and the deadline has passed.
    pub overdue: bool,
    /// Open, and the deadline is the as-of day or within the days that count as soon.
    pub due_soon: bool,
    /// Rectified after the deadline.
    pub late: bool,
}

impl State {
    /// Number of values of [`State::code`].
    pub(crate) const CODES: usize = 8;

    /// Returns a number below [`State::CODES`] for the state of an issue that is not withdrawn.
    #[inline]
    pub(crate) fn code(self) -> usize {
        // An open issue is neither closed nor late, a rectified one neither overdue nor due soon, so they share bits.
        let (first, second) = (self.closed | self.overdue, self.late | self.due_soon);
        usize::from(self.rectified) << 2 | usize::from(first) << 1 | usize::from(second)
    }

    /// Returns the state with a [`State::code`].
    pub(crate) fn of_code(code: usize) -> Self {
        let [rectified, first, second] = [2, 1, 0].map(|bit| code >> bit & 1 == 1);
        let bits_if = |applies: bool| if applies { (first, second) } else { (false, false) };
        let ((closed, late), (overdue, due_soon)) = (bits_if(rectified), bits_if(!rectified));
        Self { withdrawn: false, closed, rectified, overdue, due_soon, late }
    }

    /// Computes the state of an issue as of a day.
    ///
    /// - closed: the status is `closed`, or the closing date is on or before the day;
    /// - rectified: closed, or fixed on site, or the date of rectification is on or before the day, or the status is
    ///   `rectified` or `verified`;
    /// - neither closed nor rectified while the status is `returned` or `reopened`;
    /// - overdue: open, and the deadline is before the day (on the day of the deadline, an issue is still in time);
    /// - due soon: open, and the deadline is on the day or after it, up to [`AsOf::soon`];
    /// - late: rectified, and the date of rectification is after the deadline; if both are on the same day, the hour
    ///   decides if the log has both.
    #[must_use]
    #[inline]
    #[expect(clippy::needless_bitwise_bool, reason = "see the comment in the body")]
    pub fn of(issue: &Issue<'_>, as_of: &AsOf) -> Self {
        let flags = issue.flags();
        // A missing date never comes. Nothing is short-circuited: the conditions vary from row to row, so a branch
        // would often be mispredicted, which costs more than evaluating both sides.
        let by = |date: Option<NaiveDate>| date.unwrap_or(NaiveDate::MAX) <= as_of.day;
        let closed = !flags.denied() & (flags.closed() | by(issue.closed_on));
        let rectified = closed | !flags.denied() & (flags.rectified() | by(issue.rectified_on));
        let deadline = issue.deadline.unwrap_or(NaiveDate::MAX);
        let rectified_on = issue.rectified_on.unwrap_or(NaiveDate::MIN);
        Self {
            withdrawn: flags.withdrawn(),
            closed,
            rectified,
            overdue: !rectified & (deadline < as_of.day),
            due_soon: !rectified & (as_of.day <= deadline) & (deadline <= as_of.soon),
            late: rectified & ((rectified_on > deadline) | (rectified_on == deadline) & issue.past_the_hour),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::row::Row;
    use crate::place::SourceId;
    use crate::words::symbol::Symbol;

    #[test]
    fn a_state_has_its_number() {
        for code in 0..State::CODES {
            assert_eq!(State::of_code(code).code(), code);
        }
    }

    fn day(d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2021, 8, d).unwrap()
    }

    fn issue(disposition: &str, status: &str, deadline: Option<u32>, rectified: Option<u32>) -> Issue<'static> {
        let mut issue = Issue::new(Row::new(SourceId(0)));
        issue.disposition = Some(Symbol::new(disposition));
        issue.status = Some(Symbol::new(status)).filter(|status| !status.as_str().is_empty());
        issue.deadline = deadline.map(day);
        issue.rectified_on = rectified.map(day);
        issue
    }

    #[test]
    fn each_standing_follows_from_its_definition() {
        let as_of = AsOf::new(day(20), 3, false, &Calendar::weekdays());
        //  disposition status     deadline  rectified  closed rectified overdue soon late
        let cases = [
            ("on_site", "", None, None, [false, true, false, false, false]),
            ("deadline", "", Some(20), None, [false, false, false, true, false]),
            ("deadline", "", Some(19), None, [false, false, true, false, false]),
            ("deadline", "", Some(23), None, [false, false, false, true, false]),
            ("deadline", "", Some(24), None, [false, false, false, false, false]),
            ("deadline", "", Some(18), Some(18), [false, true, false, false, false]),
            ("deadline", "", Some(18), Some(19), [false, true, false, false, true]),
            ("deadline", "", Some(18), Some(21), [false, false, true, false, false]),
            ("deadline", "closed", Some(18), None, [true, true, false, false, false]),
            ("deadline", "reported", Some(18), None, [false, false, true, false, false]),
            ("deadline", "verified", Some(18), None, [false, true, false, false, false]),
            ("on_site", "returned", Some(18), Some(17), [false, false, true, false, false]),
            ("deadline", "reopened", Some(22), Some(17), [false, false, false, true, false]),
        ];
        for (disposition, status, deadline, rectified, expected) in cases {
            let state = State::of(&issue(disposition, status, deadline, rectified), &as_of);
            let got = [state.closed, state.rectified, state.overdue, state.due_soon, state.late];
            assert_eq!(got, expected, "{disposition} {status} {deadline:?} {rectified:?}");
        }
    }
}
