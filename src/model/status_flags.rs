//! What disposition, status and names of an issue say, as bits.

use std::ops::BitOr;

use crate::model::profile::{Profile, Values};
use crate::words::symbol::Symbol;

/// What disposition, status and names of an issue say, whatever its days are: a bit for each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct StatusFlags(u16);

impl BitOr for StatusFlags {
    type Output = Self;

    #[inline]
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl StatusFlags {
    const WITHDRAWN: u16 = 1 << 1;
    const DENIED: u16 = 1 << 2;
    const CLOSED: u16 = 1 << 3;
    const RECTIFIED: u16 = 1 << 4;
    const IMMEDIATE: u16 = 1 << 5;
    const COMPLETE: u16 = 1 << 6;
    const HAS_DEADLINE: u16 = 1 << 7;
    const NOT_CLOSED: u16 = 1 << 8;
    const ON_SITE: u16 = 1 << 9;
    const CONTRADICTS: u16 = 1 << 10;
    const SEVERAL_CATEGORIES: u16 = 1 << 11;

    /// Returns all flags of an issue.
    pub(crate) fn of(profile: &Profile) -> Self {
        let is_complete = profile.unit.is_some() && !profile.categories.is_empty() && profile.disposition.is_some();
        Self::of_disposition(profile.disposition)
            | Self::of_status(profile.status, profile.not_closed, profile.contradiction.is_some())
            | Self::of_categories(&profile.categories)
            | Self::if_complete(is_complete)
    }

    /// Returns the flags that categories set.
    pub(crate) fn of_categories(categories: &Values) -> Self {
        Self(if categories.len() > 1 { Self::SEVERAL_CATEGORIES } else { 0 })
    }

    /// Returns the flags that a disposition sets.
    pub(crate) fn of_disposition(disposition: Option<Symbol>) -> Self {
        Self(match disposition.map_or("", Symbol::as_str) {
            "immediate" => Self::IMMEDIATE,
            "deadline" => Self::HAS_DEADLINE,
            "on_site" => Self::ON_SITE,
            _ => 0,
        })
    }

    /// Returns the flags that the columns of the status set.
    pub(crate) fn of_status(status: Option<Symbol>, not_closed: bool, contradicts: bool) -> Self {
        let status = match status.map_or("", Symbol::as_str) {
            "withdrawn" => Self::WITHDRAWN,
            "in_progress" | "returned" | "reopened" => Self::DENIED,
            "closed" => Self::CLOSED,
            "rectified" | "verified" => Self::RECTIFIED,
            "not_closed" => Self::NOT_CLOSED,
            _ => 0,
        };
        let beside = [(Self::NOT_CLOSED, not_closed), (Self::CONTRADICTS, contradicts)];
        Self(beside.into_iter().filter(|(_, is)| *is).fold(status, |bits, (bit, _)| bits | bit))
    }

    /// Returns the flag that unit, category and disposition are all given, if they are.
    #[inline]
    pub(crate) fn if_complete(is_complete: bool) -> Self {
        Self(if is_complete { Self::COMPLETE } else { 0 })
    }

    /// There is more than one category.
    #[inline]
    pub(crate) fn has_several_categories(self) -> bool {
        self.0 & Self::SEVERAL_CATEGORIES != 0
    }

    /// Withdrawn (撤销).
    #[inline]
    pub(crate) fn withdrawn(self) -> bool {
        self.0 & Self::WITHDRAWN != 0
    }

    /// Still being rectified, returned or reopened: not rectified, whatever else the log says.
    #[inline]
    pub(crate) fn denied(self) -> bool {
        self.0 & Self::DENIED != 0
    }

    /// Said not to be closed: neither a word nor a day closes it.
    #[inline]
    pub(crate) fn not_closed(self) -> bool {
        self.0 & Self::NOT_CLOSED != 0
    }

    /// Closed (销号).
    #[inline]
    pub(crate) fn closed(self) -> bool {
        self.0 & Self::CLOSED != 0
    }

    /// Rectified or verified, by its status.
    #[inline]
    pub(crate) fn rectified(self) -> bool {
        self.0 & Self::RECTIFIED != 0
    }

    /// Rectified on site, when it was found.
    #[inline]
    pub(crate) fn on_site(self) -> bool {
        self.0 & Self::ON_SITE != 0
    }

    /// Said to be in one status by a column, and in another by the next.
    #[inline]
    pub(crate) fn contradicts(self) -> bool {
        self.0 & Self::CONTRADICTS != 0
    }

    /// To be rectified at once.
    #[inline]
    pub(crate) fn immediate(self) -> bool {
        self.0 & Self::IMMEDIATE != 0
    }

    /// To be rectified by a deadline.
    #[inline]
    pub(crate) fn has_deadline(self) -> bool {
        self.0 & Self::HAS_DEADLINE != 0
    }

    /// Unit, category and disposition are all given.
    #[inline]
    pub(crate) fn is_complete(self) -> bool {
        self.0 & Self::COMPLETE != 0
    }
}
