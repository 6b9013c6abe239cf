//! Profiles of rows that spell the same: each is made once.

use std::borrow::Cow;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::model::known::Known;
use crate::model::record::Profile;

const FIELDS: usize = Profile::FIELDS.len();

/// What each field of a profile says, by the numbers of the spellings, from 1; 0 where it says nothing.
pub(super) type Numbers = [u32; FIELDS];

/// The same as one number: so many bits for each field.
type Packed = u128;

/// Units, sites and categories have many spellings, severities few.
const BITS: [u32; FIELDS] = [9, 14, 9, 10, 16, 8, 14, 6, 8, 12, 8, 8];
const SHIFTS: [u32; FIELDS] = shifts();

const fn shifts() -> [u32; FIELDS] {
    let mut shifts = [0; FIELDS];
    let mut at = 1;
    while at < FIELDS {
        shifts[at] = shifts[at - 1] + BITS[at - 1];
        at += 1;
    }
    shifts
}

const _: () = assert!(SHIFTS[FIELDS - 1] + BITS[FIELDS - 1] <= Packed::BITS, "room for each field");

/// So many profiles are kept. Rows beyond have profiles of their own.
const MOST: usize = 4096;
/// Four times as many, so that few share one.
const SLOTS: usize = 4 * MOST;

/// The profiles that were met.
#[derive(Debug)]
pub(super) struct Profiles {
    all: Vec<Arc<Profile>>,
    by_numbers: FxHashMap<Packed, Met>,
    /// Which was met last in each slot.
    recent: Box<[(Packed, Option<Met>)]>,
}

/// A profile's place among all, and what is known of it.
type Met = (u32, Known);

impl Default for Profiles {
    fn default() -> Self {
        Self { all: Vec::new(), by_numbers: FxHashMap::default(), recent: vec![(0, None); SLOTS].into() }
    }
}

impl Profiles {
    /// The profile of what was said; made if nobody said the same before.
    #[inline]
    pub(super) fn get(&mut self, said: &Said, make: impl FnOnce(&Numbers) -> Profile) -> Found<'_> {
        let slot = slot(said.packed);
        if let (packed, Some((at, known))) = self.recent[slot]
            && packed == said.packed
            && !said.too_many
        {
            return (Cow::Borrowed(&self.all[at as usize]), Some(known));
        }
        self.find(said, slot, make)
    }

    fn find(&mut self, said: &Said, slot: usize, make: impl FnOnce(&Numbers) -> Profile) -> Found<'_> {
        let own = |profile| (Cow::Owned(profile), None);
        if said.too_many {
            return own(Arc::new(make(&said.numbers)));
        }
        let (at, known) = if let Some(met) = self.by_numbers.get(&said.packed) {
            *met
        } else {
            let profile = Arc::new(make(&said.numbers));
            let known = Known::new(&profile).filter(|_| self.all.len() < MOST);
            let Some(known) = known else { return own(profile) };
            let at = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
            self.all.push(profile);
            self.by_numbers.insert(said.packed, (at, known));
            (at, known)
        };
        self.recent[slot] = (said.packed, Some((at, known)));
        (Cow::Borrowed(&self.all[at as usize]), Some(known))
    }
}

/// A profile, and what is known of it.
type Found<'p> = (Cow<'p, Arc<Profile>>, Option<Known>);

/// What a row says.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Said {
    numbers: Numbers,
    packed: Packed,
    /// Whether a number has more bits than there are for it.
    too_many: bool,
}

impl Said {
    /// Takes in what the field at a place of [`Profile::FIELDS`] says.
    #[inline]
    pub(super) fn add(&mut self, at: usize, number: u32) {
        self.numbers[at] = number;
        self.packed |= Packed::from(number) << SHIFTS[at];
        self.too_many |= number >> BITS[at] != 0;
    }
}

#[inline]
fn slot(packed: Packed) -> usize {
    let folded = (packed ^ packed >> 65) & Packed::from(u64::MAX);
    let mixed = u64::try_from(folded).unwrap_or_default().wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> 40) as usize % SLOTS
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
            let mut seen: Vec<(Numbers, Known)> = Vec::new();
            for (at, number) in rows.iter().chain(&rows) {
                let mut said = Said::default();
                said.add(*at, *number);
                let mut made = None;
                let (_, known) = profiles.get(&said, |numbers| { made = Some(*numbers); saying(numbers) });
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
