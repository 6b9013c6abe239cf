//! What the rules within one issue ask first: the days and flags of an issue, without a look at its text.

use chrono::NaiveDate;

use crate::model::Issue;
use crate::model::profile_id::StatusFlags;

/// The days of an issue and what its words say. A day that an issue does not have is [`NaiveDate::MIN`] where a late one
/// would be wrong and [`NaiveDate::MAX`] where an early one would be: everything is reckoned, since which days an issue
/// has can't be foreseen.
#[derive(Clone, Copy, Debug)]
pub(super) struct Glance {
    pub(super) says: StatusFlags,
    pub(super) as_of: NaiveDate,
    found: NaiveDate,
}

impl Glance {
    #[inline]
    pub(super) fn new(issue: &Issue<'_>, as_of: NaiveDate) -> Self {
        Self { says: issue.flags(), as_of, found: issue.found_on.unwrap_or(NaiveDate::MIN) }
    }

    /// Whether a day lies before the issue was found.
    #[inline]
    pub(super) fn is_before_found(self, day: Option<NaiveDate>) -> bool {
        day.unwrap_or(NaiveDate::MAX) < self.found
    }

    /// Whether a day lies after the one on which the log is looked at.
    #[inline]
    pub(super) fn is_future(self, day: Option<NaiveDate>) -> bool {
        day.unwrap_or(NaiveDate::MIN) > self.as_of
    }
}
