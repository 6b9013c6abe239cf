//! The dates and flags of an issue that the fast filters of the rules look at.

use chrono::NaiveDate;

use crate::model::Issue;
use crate::model::status_flags::StatusFlags;

/// The dates and status flags of an issue. A missing date is replaced by one that breaks no rule, [`NaiveDate::MIN`] or
/// [`NaiveDate::MAX`], so that comparisons need no branch: which dates an issue has can't be predicted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Glance {
    pub(super) flags: StatusFlags,
    pub(super) as_of: NaiveDate,
    found: NaiveDate,
}

impl Glance {
    #[inline]
    pub(super) fn new(issue: &Issue<'_>, as_of: NaiveDate) -> Self {
        Self { flags: issue.flags(), as_of, found: issue.found_on.unwrap_or(NaiveDate::MIN) }
    }

    /// Whether a day is before the issue was found.
    #[inline]
    pub(super) fn is_before_found(self, day: Option<NaiveDate>) -> bool {
        day.unwrap_or(NaiveDate::MAX) < self.found
    }

    /// Whether a day is after the as-of day.
    #[inline]
    pub(super) fn is_future(self, day: Option<NaiveDate>) -> bool {
        day.unwrap_or(NaiveDate::MIN) > self.as_of
    }
}
