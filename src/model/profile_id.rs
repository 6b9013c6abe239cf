//! Profiles that stand for many issues: each is kept once, under a number.

use std::num::NonZeroU32;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use rustc_hash::FxHashMap;

use crate::model::profile::Profile;
use crate::words::symbol::Symbol;

/// So many profiles have numbers. A log in which most rows differ has no use for them.
const MOST: usize = 8192;

/// A profile that the process keeps, by its number, and what it says: in four bytes, since every issue carries it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ProfileId(NonZeroU32);

const _: () = assert!(MOST <= 1 << (u32::BITS - u8::BITS), "room for each number");

#[derive(Default)]
struct ProfileTable {
    profiles: Vec<Arc<Profile>>,
    numbers: FxHashMap<Arc<Profile>, u32>,
}

static TABLE: LazyLock<RwLock<ProfileTable>> = LazyLock::new(RwLock::default);

impl ProfileId {
    /// Gives a profile its number, or the one it has; nothing if no more are given. Numbers show nowhere: only whether they
    /// are the same counts, and these are for profiles that are.
    pub(crate) fn new(profile: &Arc<Profile>) -> Option<Self> {
        // No panic can leave the table half changed.
        let mut table = TABLE.write().unwrap_or_else(PoisonError::into_inner);
        let number = match table.numbers.get(profile) {
            Some(number) => *number,
            None if table.profiles.len() == MOST => return None,
            None => {
                let number = u32::try_from(table.profiles.len()).ok()?;
                table.profiles.push(Arc::clone(profile));
                table.numbers.insert(Arc::clone(profile), number);
                number
            }
        };
        NonZeroU32::new(number << u8::BITS | u32::from(StatusFlags::of(profile).0)).map(Self)
    }

    /// The number, from 0.
    #[inline]
    pub(crate) fn number(self) -> usize {
        (self.0.get() >> u8::BITS) as usize
    }

    /// What its words say.
    #[inline]
    pub(crate) fn says(self) -> StatusFlags {
        let [says, ..] = self.0.get().to_le_bytes();
        StatusFlags(says)
    }

    /// The profile of a number that was given.
    pub(crate) fn profile(number: usize) -> Option<Arc<Profile>> {
        let table = TABLE.read().unwrap_or_else(PoisonError::into_inner);
        table.profiles.get(number).cloned()
    }
}

/// What disposition, status and names say, whatever the days are: a bit for each, and one that is always set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StatusFlags(u8);

impl StatusFlags {
    const SOMETHING: u8 = 1;
    const WITHDRAWN: u8 = 1 << 1;
    const UNDONE: u8 = 1 << 2;
    const CLOSED: u8 = 1 << 3;
    const RECTIFIED: u8 = 1 << 4;
    const IMMEDIATE: u8 = 1 << 5;
    const NAMES_ALL: u8 = 1 << 6;
    const LIMITED: u8 = 1 << 7;

    pub(crate) fn of(profile: &Profile) -> Self {
        let status = profile.status.map_or("", Symbol::as_str);
        let disposition = profile.disposition.map_or("", Symbol::as_str);
        let names_all = profile.unit.is_some() && !profile.categories.is_empty() && profile.disposition.is_some();
        let said = [
            (Self::SOMETHING, true),
            (Self::WITHDRAWN, status == "withdrawn"),
            (Self::UNDONE, matches!(status, "returned" | "reopened")),
            (Self::CLOSED, status == "closed"),
            (Self::RECTIFIED, matches!(status, "rectified" | "verified") || disposition == "on_site"),
            (Self::IMMEDIATE, disposition == "immediate"),
            (Self::NAMES_ALL, names_all),
            (Self::LIMITED, disposition == "deadline"),
        ];
        Self(said.into_iter().filter(|(_, is)| *is).fold(0, |bits, (bit, _)| bits | bit))
    }

    /// Taken back (撤销).
    #[inline]
    pub(crate) fn withdrawn(self) -> bool {
        self.0 & Self::WITHDRAWN != 0
    }

    /// Given back to the unit: not put right, whatever the log says else.
    #[inline]
    pub(crate) fn undone(self) -> bool {
        self.0 & Self::UNDONE != 0
    }

    /// Signed off (销号).
    #[inline]
    pub(crate) fn closed(self) -> bool {
        self.0 & Self::CLOSED != 0
    }

    /// Put right, by its status or because that was done on site.
    #[inline]
    pub(crate) fn rectified(self) -> bool {
        self.0 & Self::RECTIFIED != 0
    }

    /// To be put right at once.
    #[inline]
    pub(crate) fn immediate(self) -> bool {
        self.0 & Self::IMMEDIATE != 0
    }

    /// To be put right by a day that is set.
    #[inline]
    pub(crate) fn limited(self) -> bool {
        self.0 & Self::LIMITED != 0
    }

    /// Whether unit, category and disposition are named.
    #[inline]
    pub(crate) fn names_all(self) -> bool {
        self.0 & Self::NAMES_ALL != 0
    }
}
