//! Profiles of rows that spell the same: each is made once.

use std::borrow::Cow;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::log::cache::cell::{MIX, PROBES};
use crate::model::Field;
use crate::model::profile_id::ProfileId;
use crate::model::record::Profile;

const FIELDS: usize = Profile::FIELDS.len();

/// What each field of a profile says, by the numbers of the spellings, from 1; 0 where it says nothing.
pub(in crate::log) type Numbers = [u32; FIELDS];

/// The same as two numbers: so many bits of one of them for each field.
pub(in crate::log) type Packed = [u64; 2];

/// Units, sites and categories have many spellings, severities few.
const BITS: [u32; FIELDS] = [9, 14, 9, 10, 16, 8, 14, 6, 8, 12, 8, 8];
/// Which of the two, and from which bit on.
pub(in crate::log) const PLACES: [(usize, u32); FIELDS] = places();

const fn places() -> [(usize, u32); FIELDS] {
    let mut places = [(0, 0); FIELDS];
    let mut at = 1;
    while at < FIELDS {
        let (half, shift) = places[at - 1];
        let next = shift + BITS[at - 1];
        places[at] = if next + BITS[at] <= u64::BITS { (half, next) } else { (half + 1, 0) };
        at += 1;
    }
    places
}

const _: () = assert!(PLACES[FIELDS - 1].0 < 2, "room for each field");

/// So many profiles are kept. Rows beyond have profiles of their own.
const MOST: usize = 4096;
/// Four times as many, so that most are in the slot that they want.
const SLOTS: usize = 4 * MOST;

/// The profiles that were met.
#[derive(Debug)]
pub(in crate::log) struct Profiles {
    all: Vec<Arc<Profile>>,
    by_numbers: FxHashMap<Packed, Met>,
    /// Those that were met last, most of them near the slots that they want.
    recent: Box<[(Packed, Option<Met>)]>,
}

/// A profile's place among all, and what is known of it.
pub(in crate::log) type Met = (u32, ProfileId);

impl Default for Profiles {
    fn default() -> Self {
        Self { all: Vec::new(), by_numbers: FxHashMap::default(), recent: vec![([0; 2], None); SLOTS].into() }
    }
}

impl Profiles {
    /// Whether there are bits enough for what a field says, if it is one that is counted by.
    pub(in crate::log) fn have_room(field: Field, number: u32) -> bool {
        Profile::place_of(field).is_none_or(|at| number >> BITS[at] == 0)
    }

    /// What is known of the profile of what was said, if somebody said the same before.
    #[inline]
    pub(in crate::log) fn cached(&self, packed: Packed) -> Option<Met> {
        let slots = near(packed).map(|slot| &self.recent[slot]);
        slots.filter(|(known, _)| *known == packed).find_map(|(_, met)| *met)
    }

    fn keep(&mut self, packed: Packed, met: Met) {
        let free = |slot: &usize| self.recent[*slot].1.is_none() || self.recent[*slot].0 == packed;
        // Where there is no room, that which was there goes.
        if let Some(slot) = near(packed).find(free).or_else(|| near(packed).next()) {
            self.recent[slot] = (packed, Some(met));
        }
    }

    /// The profile of one that was met.
    #[inline]
    pub(in crate::log) fn met(&self, (at, known): Met) -> FoundProfile<'_> {
        (Cow::Borrowed(&self.all[at as usize]), Some(known))
    }

    /// The profile of what was said; made if nobody said the same before.
    pub(in crate::log) fn get(&mut self, said: &Said, make: impl FnOnce(&Numbers) -> Profile) -> FoundProfile<'_> {
        let own = |profile| (Cow::Owned(profile), None);
        if said.too_many {
            return own(Arc::new(make(&said.numbers)));
        }
        let met = if let Some(met) = self.by_numbers.get(&said.packed) {
            *met
        } else {
            let profile = Arc::new(make(&said.numbers));
            let known = ProfileId::new(&profile).filter(|_| self.all.len() < MOST);
            let Some(known) = known else { return own(profile) };
            let at = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
            self.all.push(profile);
            self.by_numbers.insert(said.packed, (at, known));
            (at, known)
        };
        self.keep(said.packed, met);
        self.met(met)
    }
}

/// A profile, and what is known of it.
pub(in crate::log) type FoundProfile<'p> = (Cow<'p, Arc<Profile>>, Option<ProfileId>);

/// What a row says.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::log) struct Said {
    numbers: Numbers,
    packed: Packed,
    /// Whether a number has more bits than there are for it.
    too_many: bool,
}

impl Said {
    /// Takes in what the field at a place of [`Profile::FIELDS`] says.
    pub(in crate::log) fn add(&mut self, at: usize, number: u32) {
        self.numbers[at] = number;
        let (half, shift) = PLACES[at];
        self.packed[half] |= u64::from(number) << shift;
        self.too_many |= number >> BITS[at] != 0;
    }
}

/// The slots in which a profile may be, the one that it wants first.
#[inline]
fn near([low, high]: Packed) -> impl Iterator<Item = usize> {
    let mixed = (low.wrapping_mul(MIX).rotate_left(32) ^ high).wrapping_mul(MIX);
    let wanted = (mixed >> 40) as usize;
    (0..PROBES).map(move |near| (wanted + near) % SLOTS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn saying(numbers: &Numbers) -> Profile {
        Profile { unit: Some(crate::words::symbol::Symbol::new(&format!("{numbers:?}"))), ..Profile::default() }
    }

    proptest! {
        /// What says the same has one profile, what differs in any field has another, and numbers too great for
        /// their bits are nobody else's.
        #[test]
        fn a_profile_is_that_of_its_numbers(rows in proptest::collection::vec((0..FIELDS, prop_oneof![0..4_u32, Just(1 << 16), any::<u32>()]), 1..60)) {
            let mut profiles = Profiles::default();
            let mut seen: Vec<(Numbers, ProfileId)> = Vec::new();
            for (at, number) in rows.iter().chain(&rows) {
                let mut said = Said::default();
                said.add(*at, *number);
                let mut made = None;
                let cached = profiles.cached(said.packed).filter(|_| !said.too_many).map(|(_, known)| known);
                let (_, known) = profiles.get(&said, |numbers| { made = Some(*numbers); saying(numbers) });
                prop_assert!(cached.is_none_or(|cached| known == Some(cached) && made.is_none()));
                prop_assert!(said.too_many || profiles.cached(said.packed).map(|(_, known)| known) == known);
                let Some(number) = known else {
                    // No more are numbered once the process knows as many as it may, from other tests, too.
                    let is_full = || ProfileId::new(&Arc::new(saying(&[u32::MAX; FIELDS]))).is_none();
                    prop_assert!(said.too_many || is_full());
                    prop_assert_eq!(made, Some(said.numbers));
                    continue;
                };
                let before = seen.iter().find(|(numbers, _)| *numbers == said.numbers).map(|(_, number)| *number);
                prop_assert_eq!(before.is_none(), made.is_some());
                prop_assert_eq!(before.unwrap_or(number), number);
                prop_assert_eq!(seen.iter().any(|(_, other)| *other == number), before.is_some());
                seen.push((said.numbers, number));
            }
        }
    }
}
