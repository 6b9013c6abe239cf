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

    /// When all days that are written have passed: what the log says of its issues, whatever the day. A day that never comes
    /// ([`NaiveDate::MAX`], which stands for a missing one) has not.
    #[must_use]
    pub fn at_the_end() -> Self {
        let day = NaiveDate::MAX.pred_opt().unwrap_or(NaiveDate::MAX);
        Self { day, soon: day }
    }
}

/// The state of an issue as of a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a count of its own in every tally")]
pub struct State {
    /// Withdrawn: not counted at all.
    pub withdrawn: bool,
    /// Found after the as-of day: not there yet, and not counted. The rest of the state then says nothing.
    pub not_yet_found: bool,
    /// A day of it (found, assigned, rectified, verified, closed) is after the as-of day.
    pub has_later_day: bool,
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
    /// Closed or rectified only by the word of its status, for which the row gives no day.
    pub by_undated_word: bool,
    /// Open because its status denies the rectification, although a day or the disposition says otherwise.
    pub denied: bool,
    /// Rectified, but without a date of rectification, so that nobody can tell whether it was late.
    pub late_unknown: bool,
    /// The days since an open issue was found, if that is known.
    pub open_days: Option<u32>,
}

impl State {
    /// Number of values of [`State::code`].
    pub(crate) const CODES: usize = 32;

    /// Whether the issue is there and not withdrawn.
    #[must_use]
    #[inline]
    pub fn is_counted(self) -> bool {
        !(self.withdrawn | self.not_yet_found)
    }

    /// Returns a number below [`State::CODES`] for the state of an issue that is counted.
    #[inline]
    pub(crate) fn code(self) -> usize {
        // An open issue has none of the marks of a rectified one, nor the other way round, so they share bits.
        let bits = [
            self.rectified,
            self.closed | self.overdue,
            self.late | self.due_soon,
            self.by_undated_word | self.denied,
            self.late_unknown,
        ];
        bits.into_iter().fold(0, |code, bit| code << 1 | usize::from(bit))
    }

    /// Returns the state with a [`State::code`], but for the days that it is open, which no number tells.
    pub(crate) const fn of_code(code: usize) -> Self {
        let (rectified, late_unknown) = (code & 16 != 0, code & 1 != 0);
        let (first, second, third) = (code & 8 != 0, code & 4 != 0, code & 2 != 0);
        Self {
            withdrawn: false,
            not_yet_found: false,
            has_later_day: false,
            closed: rectified & first,
            rectified,
            overdue: !rectified & first,
            due_soon: !rectified & second,
            late: rectified & second,
            by_undated_word: rectified & third,
            denied: !rectified & third,
            late_unknown,
            open_days: None,
        }
    }

    /// Computes the state of an issue as of a day. A day of the row holds from that day on; the word of the status holds
    /// on every day, unless the row gives a day for it.
    ///
    /// - not yet found: the date found is after the day; without a date found, an issue is there on every day;
    /// - denied: the status says that the issue is not rectified, which wins over every day and over `on_site`;
    /// - closed: not denied, nor said not to be closed, and the closing date is on or before the day, or the status is
    ///   `closed` and no date of closing, verification or rectification is after the day;
    /// - rectified: not denied, and closed, or fixed on site, or the date of rectification (without one, that of
    ///   verification) is on or before the day, or the status is `rectified` or `verified` and there is no such date;
    /// - overdue: open, and the deadline is before the day (on the day of the deadline, an issue is still in time);
    /// - due soon: open, and the deadline is on the day or after it, up to [`AsOf::soon`];
    /// - late: not denied, and the date of rectification is on or before the day and after the deadline; if both are on
    ///   the same day, the hour decides if the log has both.
    #[must_use]
    #[inline(always)]
    #[expect(
        clippy::inline_always,
        reason = "a tally uses some of it for every row, and calls cost as much as the rest"
    )]
    #[expect(clippy::needless_bitwise_bool, reason = "see the comment in the body")]
    pub fn of(issue: &Issue<'_>, as_of: &AsOf) -> Self {
        let flags = issue.flags();
        // A missing date never comes and never was. Nothing is short-circuited: the conditions vary from row to row, so
        // a branch would often be mispredicted, which costs more than evaluating both sides.
        let or_never = |date: Option<NaiveDate>| date.unwrap_or(NaiveDate::MAX);
        let is_after = |date: Option<NaiveDate>| date.unwrap_or(NaiveDate::MIN) > as_of.day;
        let rectified_on = issue.rectified_on.unwrap_or(NaiveDate::MIN);
        let (verified_on, closed_on, deadline) =
            (or_never(issue.verified_on), or_never(issue.closed_on), or_never(issue.deadline));
        let done_on = issue.rectified_on.or(issue.verified_on);
        let done_by_day = or_never(done_on) <= as_of.day;
        let closed_by_day = closed_on <= as_of.day;
        let not_yet_found = is_after(issue.found_on);
        let is_done_later = is_after(issue.closed_on) | is_after(issue.verified_on) | is_after(issue.rectified_on);
        let closed_by_word = flags.closed() & !is_done_later;
        let rectified_by_word = flags.rectified() & done_on.is_none();
        let without_denial = flags.on_site() | done_by_day | closed_by_day;

        let closed = !flags.denied() & !flags.not_closed() & (closed_by_day | closed_by_word);
        let rectified = closed | !flags.denied() & (flags.on_site() | done_by_day | rectified_by_word);
        let is_after_deadline = (rectified_on > deadline) | (rectified_on == deadline) & issue.past_the_hour;
        let is_undated = done_on.is_none() & issue.closed_on.is_none() & flags.closed()
            | rectified_by_word & !(closed_by_day & closed | flags.on_site());
        Self {
            withdrawn: flags.withdrawn(),
            not_yet_found,
            has_later_day: not_yet_found | is_after(issue.assigned_on) | is_done_later,
            closed,
            rectified,
            overdue: !rectified & (deadline < as_of.day),
            due_soon: !rectified & (as_of.day <= deadline) & (deadline <= as_of.soon),
            late: !flags.denied() & (rectified_on <= as_of.day) & is_after_deadline,
            by_undated_word: rectified & is_undated,
            denied: flags.denied() & without_denial,
            // By the day of its verification or closing, an issue is rectified at the latest.
            late_unknown: rectified
                & issue.rectified_on.is_none()
                & !flags.on_site()
                & (deadline < as_of.day.min(verified_on).min(closed_on)),
            open_days: issue.found_on.filter(|_| !rectified).and_then(|found| {
                // None if it was found after the day, and is not there yet.
                u32::try_from((as_of.day - found).num_days()).ok()
            }),
        }
    }
}

#[cfg(test)]
mod tests;
