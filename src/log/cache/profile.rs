//! Profiles by the spellings they are made of: each combination is built once.

use std::borrow::Cow;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::log::cache::cell::{MIX, PROBES};
use crate::model::Field;
use crate::model::profile_id::{ProfileId, ProfileTable};
use crate::model::record::Profile;

const FIELDS: usize = Profile::FIELDS.len();

/// The spelling of each field of a profile, by its number from 1; 0 for an empty cell.
pub(in crate::log) type Numbers = [u32; FIELDS];

/// The same numbers packed into two words, [`BITS`] for each field.
pub(in crate::log) type Packed = [u64; 2];

/// Bits per field. Units, sites and categories have many spellings, severities few. Of what 整改情况 and the columns
/// beside the status say each meaning has a number, not each spelling.
const BITS: [u32; FIELDS] = [9, 14, 9, 10, 16, 8, 14, 6, 8, 10, 8, 8, 8, 4, 4];
/// 整改情况 is read only where no column is the status, and has its bits.
const PROGRESS: usize = 11;
/// The word of each field in [`Packed`], and its first bit there.
pub(in crate::log) const PLACES: [(usize, u32); FIELDS] = places();

const fn places() -> [(usize, u32); FIELDS] {
    let mut places = [(0, 0); FIELDS];
    let mut used = [0; 2];
    let mut at = 0;
    while at < FIELDS {
        if at == PROGRESS {
            at += 1;
            continue;
        }
        let half = if used[0] + BITS[at] <= u64::BITS { 0 } else { 1 };
        places[at] = (half, used[half]);
        used[half] += BITS[at];
        if at == PROGRESS + 1 {
            places[PROGRESS] = places[at];
        }
        at += 1;
    }
    assert!(used[1] <= u64::BITS, "room for each field");
    places
}

/// Number of profiles that are cached. Rows with any other combination get profiles of their own.
const MAX_PROFILES: usize = 4096;
/// Slots for recent profiles: four times as many, so that most profiles are in their first slot.
const SLOTS: usize = 4 * MAX_PROFILES;

/// The profiles of the rows read so far.
#[derive(Debug)]
pub(in crate::log) struct Profiles {
    table: Arc<ProfileTable>,
    all: Vec<Arc<Profile>>,
    by_numbers: FxHashMap<Packed, Met>,
    /// An open-addressing cache in front of `by_numbers`.
    recent: Box<[(Packed, Option<Met>)]>,
}

/// A cached profile: its index in `all`, and its number in the table of the run.
pub(in crate::log) type Met = (u32, ProfileId);

impl Profiles {
    /// Returns an empty cache of profiles that `table` numbers.
    pub(in crate::log) fn new(table: Arc<ProfileTable>) -> Self {
        let recent = vec![([0; 2], None); SLOTS].into();
        Self { table, all: Vec::new(), by_numbers: FxHashMap::default(), recent }
    }
}

impl Profiles {
    /// Returns whether the number of a spelling fits into the bits of its field, if profiles have that field.
    pub(in crate::log) fn have_room(field: Field, number: u32) -> bool {
        Profile::place_of(field).is_none_or(|at| number >> BITS[at] == 0)
    }

    /// Returns the profile of a combination, if it is in the cache of recent ones.
    #[inline]
    pub(in crate::log) fn cached(&self, packed: Packed) -> Option<Met> {
        let slots = near(packed).map(|slot| &self.recent[slot]);
        slots.filter(|(known, _)| *known == packed).find_map(|(_, met)| *met)
    }

    fn keep(&mut self, packed: Packed, met: Met) {
        let free = |slot: &usize| self.recent[*slot].1.is_none() || self.recent[*slot].0 == packed;
        // Without a free slot the first one is overwritten.
        if let Some(slot) = near(packed).find(free).or_else(|| near(packed).next()) {
            self.recent[slot] = (packed, Some(met));
        }
    }

    /// Returns a cached profile.
    #[inline]
    pub(in crate::log) fn met(&self, (at, known): Met) -> FoundProfile<'_> {
        (Cow::Borrowed(&self.all[at as usize]), Some(known))
    }

    /// Returns the profile of a combination, and builds it with `make` the first time.
    pub(in crate::log) fn get(&mut self, said: &Said, make: impl FnOnce(&Numbers) -> Profile) -> FoundProfile<'_> {
        let own = |profile| (Cow::Owned(profile), None);
        if said.too_many {
            return own(Arc::new(make(&said.numbers)));
        }
        let met = if let Some(met) = self.by_numbers.get(&said.packed) {
            *met
        } else {
            let profile = Arc::new(make(&said.numbers));
            if self.all.len() >= MAX_PROFILES {
                return own(profile);
            }
            let (profile, known) = match self.table.number(profile) {
                Ok(numbered) => numbered,
                Err(profile) => return own(profile),
            };
            let at = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
            self.all.push(profile);
            self.by_numbers.insert(said.packed, (at, known));
            (at, known)
        };
        self.keep(said.packed, met);
        self.met(met)
    }
}

/// A profile, and its number if it has one.
pub(in crate::log) type FoundProfile<'p> = (Cow<'p, Arc<Profile>>, Option<ProfileId>);

/// The spellings of a row, field by field.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::log) struct Said {
    numbers: Numbers,
    packed: Packed,
    /// Whether a number needs more bits than its field has.
    too_many: bool,
}

impl Said {
    /// Adds the number of the spelling of the field at an index of [`Profile::FIELDS`].
    pub(in crate::log) fn add(&mut self, at: usize, number: u32) {
        self.numbers[at] = number;
        let (half, shift) = PLACES[at];
        self.packed[half] |= u64::from(number) << shift;
        self.too_many |= number >> BITS[at] != 0;
    }
}

/// Returns the slots in which a combination may be cached, the preferred one first.
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
        fn a_profile_is_that_of_its_numbers(rows in proptest::collection::vec(((0..FIELDS).prop_filter("shares its bits", |at| *at != PROGRESS), prop_oneof![0..4_u32, Just(1 << 16), any::<u32>()]), 1..60)) {
            let table = Arc::new(ProfileTable::default());
            let mut profiles = Profiles::new(Arc::clone(&table));
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
                    prop_assert!(said.too_many);
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
