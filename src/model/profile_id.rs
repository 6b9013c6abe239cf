//! Numbers for profiles, so that issues with the same values are counted together.

use std::num::NonZeroU32;
use std::sync::{Arc, PoisonError, RwLock};

use rustc_hash::FxHashMap;

use crate::model::profile::Profile;
use crate::words::symbol::Symbol;

/// Number of profiles that get a number. In a log in which most rows differ numbers are of no use.
const MAX_PROFILES: usize = 8192;

/// The number of a profile in a [`ProfileTable`], and its status flags: four bytes, since every issue carries it.
///
/// Numbers of different tables have nothing to do with each other: [`PerProfile`] tells them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ProfileId(NonZeroU32);

const _: () = assert!(MAX_PROFILES <= 1 << (u32::BITS - u16::BITS), "room for each number");

/// Gives numbers to the profiles of one run. Shared by all who read for that run, so that their counts can be added.
#[derive(Debug, Default)]
pub(crate) struct ProfileTable(RwLock<FxHashMap<Arc<Profile>, u32>>);

impl ProfileTable {
    /// Returns the number of a profile and the copy of the profile that all its issues share. Returns `None` when the table
    /// is full.
    pub(crate) fn number(&self, profile: Arc<Profile>) -> Result<(Arc<Profile>, ProfileId), Arc<Profile>> {
        // No panic can leave the table half changed: an insertion happens or doesn't.
        let mut numbers = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let (shared, number) = match numbers.get_key_value(&profile) {
            Some((shared, number)) => (Arc::clone(shared), *number),
            None if numbers.len() == MAX_PROFILES => return Err(profile),
            None => {
                let number = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
                numbers.insert(Arc::clone(&profile), number);
                (profile, number)
            }
        };
        match NonZeroU32::new(number << u16::BITS | u32::from(StatusFlags::of(&shared).0)) {
            Some(id) => Ok((shared, ProfileId(id))),
            None => Err(shared),
        }
    }
}

impl ProfileId {
    /// Returns the number, from 0.
    #[inline]
    pub(crate) fn number(self) -> usize {
        (self.0.get() >> u16::BITS) as usize
    }

    /// Returns what disposition, status and names say.
    #[inline]
    pub(crate) fn flags(self) -> StatusFlags {
        let [low, high, ..] = self.0.get().to_le_bytes();
        StatusFlags(u16::from_le_bytes([low, high]))
    }
}

/// A value for each numbered profile of one table, with the profile itself.
#[derive(Clone, Debug)]
pub(crate) struct PerProfile<T> {
    /// By number. Apart from the values, so that a look at one touches little memory.
    profiles: Vec<Option<Arc<Profile>>>,
    values: Vec<T>,
}

impl<T> Default for PerProfile<T> {
    fn default() -> Self {
        Self { profiles: Vec::new(), values: Vec::new() }
    }
}

impl<T: Default> PerProfile<T> {
    /// Returns the value of a profile, to be changed. Returns `None` if another table gave the number to another profile.
    #[inline]
    pub(crate) fn get_mut(&mut self, id: ProfileId, profile: &Arc<Profile>) -> Option<&mut T> {
        let number = id.number();
        if let Some(Some(known)) = self.profiles.get(number)
            && Arc::ptr_eq(known, profile)
        {
            return self.values.get_mut(number);
        }
        self.insert(number, profile)
    }

    #[cold]
    fn insert(&mut self, number: usize, profile: &Arc<Profile>) -> Option<&mut T> {
        self.reserve(number + 1);
        let slot = self.profiles.get_mut(number)?;
        if slot.is_some() {
            return None;
        }
        *slot = Some(Arc::clone(profile));
        self.values.get_mut(number)
    }

    fn reserve(&mut self, length: usize) {
        if self.profiles.len() < length {
            self.profiles.resize_with(length, || None);
            self.values.resize_with(length, T::default);
        }
    }

    /// Takes out every profile with its value.
    pub(crate) fn take(&mut self) -> impl Iterator<Item = (Arc<Profile>, T)> + use<T> {
        let Self { profiles, values } = std::mem::take(self);
        profiles.into_iter().zip(values).filter_map(|(profile, value)| Some((profile?, value)))
    }

    /// Adds the values of another map with `add`, which may refuse. Returns what could not be added: what was refused, and
    /// profiles numbered by another table.
    pub(crate) fn merge(&mut self, later: Self, mut add: impl FnMut(&mut T, &T) -> bool) -> Vec<(Arc<Profile>, T)> {
        let mut left = Vec::new();
        self.reserve(later.profiles.len());
        let own = self.profiles.iter_mut().zip(&mut self.values);
        for ((own_profile, own), (profile, more)) in own.zip(later.profiles.into_iter().zip(later.values)) {
            let Some(profile) = profile else { continue };
            match own_profile {
                None => (*own_profile, *own) = (Some(profile), more),
                Some(known) if Arc::ptr_eq(known, &profile) && add(own, &more) => {}
                Some(_) => left.push((profile, more)),
            }
        }
        left
    }
}

/// What disposition, status and names of a profile say, whatever the days are: a bit for each, and one that is always set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StatusFlags(u16);

impl StatusFlags {
    const SOMETHING: u16 = 1;
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

    pub(crate) fn of(profile: &Profile) -> Self {
        let status = profile.status.map_or("", Symbol::as_str);
        let disposition = profile.disposition.map_or("", Symbol::as_str);
        let is_complete = profile.unit.is_some() && !profile.categories.is_empty() && profile.disposition.is_some();
        let said = [
            (Self::SOMETHING, true),
            (Self::WITHDRAWN, status == "withdrawn"),
            (Self::DENIED, matches!(status, "in_progress" | "returned" | "reopened")),
            (Self::CLOSED, status == "closed"),
            (Self::RECTIFIED, matches!(status, "rectified" | "verified")),
            (Self::IMMEDIATE, disposition == "immediate"),
            (Self::COMPLETE, is_complete),
            (Self::HAS_DEADLINE, disposition == "deadline"),
            (Self::NOT_CLOSED, profile.not_closed || status == "not_closed"),
            (Self::ON_SITE, disposition == "on_site"),
            (Self::CONTRADICTS, profile.contradiction.is_some()),
        ];
        Self(said.into_iter().filter(|(_, is)| *is).fold(0, |bits, (bit, _)| bits | bit))
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
