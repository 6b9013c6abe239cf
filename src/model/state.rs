//! What is true of an issue on a given day. Computed, never stored.

use chrono::NaiveDate;

use crate::model::record::Issue;
use crate::words::calendar::Calendar;

/// The day something is looked at, and how near a deadline must be to count as soon.
#[derive(Clone, Debug)]
pub struct AsOf {
    /// The day.
    pub day: NaiveDate,
    /// The last day that counts as due soon.
    pub soon: NaiveDate,
}

impl AsOf {
    /// `soon_days` days ahead of `day`, working days of the calendar if `working`.
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

/// The standing of an issue on a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a count of its own in every tally")]
pub struct State {
    /// Taken back: not counted at all.
    pub withdrawn: bool,
    /// Signed off (销号).
    pub closed: bool,
    /// Put right; open is the opposite.
    pub rectified: bool,
    /// Open, and the deadline is past.
    pub overdue: bool,
    /// Open, and the deadline is today or within the days that count as soon.
    pub due_soon: bool,
    /// Put right after the deadline.
    pub late: bool,
}

impl State {
    /// How many states there can be of what is not withdrawn, by [`State::code`].
    pub(crate) const CODES: usize = 8;

    /// A number for the state. What is rectified may be closed, and late; what is open is overdue, due soon or neither.
    #[inline]
    pub(crate) fn code(self) -> usize {
        // What is open is neither closed nor late, what is rectified neither overdue nor due soon.
        let (first, second) = (self.closed | self.overdue, self.late | self.due_soon);
        usize::from(self.rectified) << 2 | usize::from(first) << 1 | usize::from(second)
    }

    /// The state of a number.
    pub(crate) fn of_code(code: usize) -> Self {
        let [rectified, first, second] = [2, 1, 0].map(|bit| code >> bit & 1 == 1);
        let of = |is: bool| if is { (first, second) } else { (false, false) };
        let ((closed, late), (overdue, due_soon)) = (of(rectified), of(!rectified));
        Self { withdrawn: false, closed, rectified, overdue, due_soon, late }
    }

    /// The standing of an issue as of a day.
    ///
    /// - closed: status `closed`, or closed on or before the day — but never while the log says that it is not closed;
    /// - rectified: closed, or fixed on site, or rectified on or before the day, or status
    ///   `rectified` or `verified` — but never while the status is `returned` or `reopened`;
    /// - overdue: open, and the deadline lies before the day (the deadline day is in time);
    /// - late: rectified, with a day of rectification after the deadline; on the very day, by the hour
    ///   where the log gives both.
    #[must_use]
    #[inline]
    #[expect(clippy::needless_bitwise_bool, reason = "see the comment within")]
    pub fn of(issue: &Issue<'_>, as_of: &AsOf) -> Self {
        let says = issue.flags();
        // No day is one that never comes. Everything is reckoned: what holds is as good as random from row to row, and a
        // question that can't be foreseen costs more than both answers.
        let by = |date: Option<NaiveDate>| date.unwrap_or(NaiveDate::MAX) <= as_of.day;
        let closed = !(says.denied() | says.not_closed()) & (says.closed() | by(issue.closed_on));
        let rectified = closed | !says.denied() & (says.rectified() | by(issue.rectified_on));
        let deadline = issue.deadline.unwrap_or(NaiveDate::MAX);
        let done = issue.rectified_on.unwrap_or(NaiveDate::MIN);
        Self {
            withdrawn: says.withdrawn(),
            closed,
            rectified,
            overdue: !rectified & (deadline < as_of.day),
            due_soon: !rectified & (as_of.day <= deadline) & (deadline <= as_of.soon),
            late: rectified & ((done > deadline) | (done == deadline) & issue.past_the_hour),
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
