//! Small numbers for the values of issues, so that rows are counted without looking at texts.
//!
//! A run has one [`Dictionary`], and each of its readers the [`Meanings`] of the numbers that it has given so far. What
//! counts issues looks at the [`ValueIds`] of a row; whoever asks for its values gets a [`Profile`], built then.

use std::sync::{Arc, Mutex, PoisonError, RwLock};

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::model::field::Field;
use crate::model::profile::{Profile, Values};
use crate::model::status_flags::StatusFlags;
use crate::words::symbol::Symbol;

/// What an issue has a value of, as far as it is counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slot {
    Team,
    Unit,
    CoUnits,
    Region,
    Site,
    SiteType,
    Category,
    Severity,
    Source,
    Tags,
    Disposition,
    /// What all columns of the status say together.
    Status,
}

/// The number of slots.
pub(crate) const SLOTS: usize = 12;
/// The number of slots that hold [`Values`]: all but [`Slot::Status`], the last.
const VALUE_SLOTS: usize = SLOTS - 1;

/// Number of profiles that the issues of a reader share. In a log in which most rows differ, sharing is of no use.
const MAX_PROFILES: usize = 4096;

impl Slot {
    /// Returns the slot of a field.
    pub(crate) fn of(field: Field) -> Option<Self> {
        Some(match field {
            Field::Team => Self::Team,
            Field::Unit => Self::Unit,
            Field::CoUnits => Self::CoUnits,
            Field::Region => Self::Region,
            Field::Site => Self::Site,
            Field::SiteType => Self::SiteType,
            Field::Category => Self::Category,
            Field::Severity => Self::Severity,
            Field::Source => Self::Source,
            Field::Tags => Self::Tags,
            Field::Disposition => Self::Disposition,
            Field::Status | Field::Progress | Field::SignedOff | Field::Review => Self::Status,
            _ => return None,
        })
    }
}

/// The values of an issue as numbers, by [`Slot`]. Equal numbers of one [`Dictionary`] are equal values; 0 is no value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct ValueIds([u32; SLOTS]);

impl ValueIds {
    /// Returns the number in a slot.
    #[inline]
    pub(crate) fn get(&self, slot: Slot) -> u32 {
        self.0[slot as usize]
    }

    /// Sets the number in a slot.
    #[inline]
    pub(crate) fn set(&mut self, slot: Slot, id: u32) {
        self.0[slot as usize] = id;
    }
}

/// What the columns of the status say together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Standing {
    /// As in [`Profile::status`].
    pub(crate) status: Option<Symbol>,
    /// As in [`Profile::not_closed`].
    pub(crate) not_closed: bool,
    /// As in [`Profile::contradiction`].
    pub(crate) contradiction: Option<(Field, Field)>,
}

/// Gives numbers to the values of one run. Shared by all who read for it, so that their counts can be added.
#[derive(Debug, Default)]
pub(crate) struct Dictionary {
    /// The group of each unit that has one.
    groups: FxHashMap<Symbol, Symbol>,
    values: [RwLock<Interner<Values>>; VALUE_SLOTS],
    standings: RwLock<Interner<Standing>>,
}

/// Values in the order in which they first came.
#[derive(Debug)]
struct Interner<T> {
    ids: FxHashMap<T, u32>,
    list: Vec<T>,
}

impl<T> Default for Interner<T> {
    fn default() -> Self {
        Self { ids: FxHashMap::default(), list: Vec::new() }
    }
}

impl<T: Clone + Default + Eq + std::hash::Hash> Interner<T> {
    /// Returns the number of a value, from 1; that of no value is 0.
    fn id(&mut self, value: &T) -> u32 {
        if *value == T::default() {
            return 0;
        }
        if let Some(id) = self.ids.get(value) {
            return *id;
        }
        self.list.push(value.clone());
        let id = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        self.ids.insert(value.clone(), id);
        id
    }

    fn get(&self, id: u32) -> T {
        let at = (id as usize).checked_sub(1);
        at.and_then(|at| self.list.get(at)).cloned().unwrap_or_default()
    }
}

impl Dictionary {
    /// Returns a table without values. `groups` has the group of each unit that has one.
    pub(crate) fn new(groups: FxHashMap<Symbol, Symbol>) -> Self {
        Self { groups, ..Self::default() }
    }

    /// Returns the group of a unit.
    pub(crate) fn group(&self, unit: Option<Symbol>) -> Option<Symbol> {
        self.groups.get(&unit?).copied()
    }

    /// Returns the values with a number.
    pub(crate) fn values(&self, slot: Slot, id: u32) -> Values {
        // No panic can leave the table half changed: a value is there or isn't.
        self.values
            .get(slot as usize)
            .map(|table| table.read().unwrap_or_else(PoisonError::into_inner).get(id))
            .unwrap_or_default()
    }

    /// Returns the only value with a number, for slots of one value.
    pub(crate) fn value(&self, slot: Slot, id: u32) -> Option<Symbol> {
        if slot == Slot::Status {
            return self.standings.read().unwrap_or_else(PoisonError::into_inner).get(id).status;
        }
        self.values(slot, id).first().copied()
    }

    fn id(&self, slot: Slot, values: &Values) -> u32 {
        self.values
            .get(slot as usize)
            .map_or(0, |table| table.write().unwrap_or_else(PoisonError::into_inner).id(values))
    }
}

/// The meanings of the numbers that a reader has met.
#[derive(Debug)]
pub(crate) struct Meanings {
    dictionary: Arc<Dictionary>,
    values: [Vec<Values>; VALUE_SLOTS],
    standings: Vec<Standing>,
    disposition_flags: Vec<StatusFlags>,
    category_flags: Vec<StatusFlags>,
    standing_flags: Vec<StatusFlags>,
    profiles: Mutex<FxHashMap<ValueIds, Arc<Profile>>>,
}

impl Meanings {
    /// Returns the meanings of a reader that has met nothing yet.
    pub(crate) fn new(dictionary: Arc<Dictionary>) -> Self {
        Self {
            dictionary,
            values: Default::default(),
            standings: Vec::new(),
            disposition_flags: Vec::new(),
            category_flags: Vec::new(),
            standing_flags: Vec::new(),
            profiles: Mutex::default(),
        }
    }

    /// Returns the table that the numbers are of.
    #[inline]
    pub(crate) fn dictionary(&self) -> &Arc<Dictionary> {
        &self.dictionary
    }

    /// Returns the number of some values.
    pub(crate) fn learn(&mut self, slot: Slot, values: &Values) -> u32 {
        let id = self.dictionary.id(slot, values);
        if let Some(known) = self.values.get_mut(slot as usize) {
            put(known, id, values.clone());
        }
        match slot {
            Slot::Disposition => {
                put(&mut self.disposition_flags, id, StatusFlags::of_disposition(values.first().copied()));
            }
            Slot::Category => put(&mut self.category_flags, id, StatusFlags::of_categories(values)),
            _ => {}
        }
        id
    }

    /// Returns the number of what the columns of the status say together.
    pub(crate) fn learn_standing(&mut self, standing: Standing) -> u32 {
        let id = self.dictionary.standings.write().unwrap_or_else(PoisonError::into_inner).id(&standing);
        let Standing { status, not_closed, contradiction } = standing;
        put(&mut self.standings, id, standing);
        put(&mut self.standing_flags, id, StatusFlags::of_status(status, not_closed, contradiction.is_some()));
        id
    }

    /// Returns what disposition, status and names say.
    #[inline]
    pub(crate) fn flags(&self, ids: &ValueIds) -> StatusFlags {
        let flags = |list: &[StatusFlags], slot| list.get(ids.get(slot) as usize).copied().unwrap_or_default();
        let is_complete =
            (ids.get(Slot::Unit) != 0) & (ids.get(Slot::Category) != 0) & (ids.get(Slot::Disposition) != 0);
        flags(&self.disposition_flags, Slot::Disposition)
            | flags(&self.category_flags, Slot::Category)
            | flags(&self.standing_flags, Slot::Status)
            | StatusFlags::if_complete(is_complete)
    }

    /// Returns the values with the number of an issue in a slot; none for [`Slot::Status`].
    #[inline]
    pub(crate) fn values(&self, ids: &ValueIds, slot: Slot) -> &[Symbol] {
        let values = self.values.get(slot as usize).and_then(|values| values.get(ids.get(slot) as usize));
        values.map(SmallVec::as_slice).unwrap_or_default()
    }

    /// Returns the values behind the numbers of an issue.
    pub(crate) fn profile(&self, ids: &ValueIds) -> Arc<Profile> {
        let mut profiles = self.profiles.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(profile) = profiles.get(ids) {
            return Arc::clone(profile);
        }
        let profile = Arc::new(self.build(ids));
        if profiles.len() < MAX_PROFILES {
            profiles.insert(*ids, Arc::clone(&profile));
        }
        profile
    }

    fn build(&self, ids: &ValueIds) -> Profile {
        let values = |slot| self.values[slot as usize].get(ids.get(slot) as usize);
        let one = |slot| values(slot).and_then(|values| values.first().copied());
        let all = |slot| values(slot).cloned().unwrap_or_default();
        let unit = one(Slot::Unit);
        let standing = self.standings.get(ids.get(Slot::Status) as usize).copied().unwrap_or_default();
        let Standing { status, not_closed, contradiction } = standing;
        Profile {
            unit,
            group: self.dictionary.group(unit),
            team: one(Slot::Team),
            region: one(Slot::Region),
            site: one(Slot::Site),
            site_type: one(Slot::SiteType),
            severity: one(Slot::Severity),
            disposition: one(Slot::Disposition),
            status,
            not_closed,
            contradiction,
            source: one(Slot::Source),
            categories: all(Slot::Category),
            tags: all(Slot::Tags),
            co_units: all(Slot::CoUnits),
        }
    }
}

/// Puts a value at a place of a list, which grows to it.
fn put<T: Clone + Default>(list: &mut Vec<T>, at: u32, value: T) {
    let at = at as usize;
    if list.len() <= at {
        list.resize(at + 1, T::default());
    }
    list[at] = value;
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Readers of one run give the same number to the same values, and only to them.
        #[test]
        fn numbers_are_those_of_their_values(rows in proptest::collection::vec((any::<bool>(), "[甲乙丙]?", "[xyz]{0,2}"), 1..40)) {
            let dictionary = Arc::new(Dictionary::default());
            let mut readers = [(); 2].map(|()| Meanings::new(Arc::clone(&dictionary)));
            let mut seen: Vec<(Profile, ValueIds)> = Vec::new();
            for (first, unit, categories) in &rows {
                let of = |text: &str| -> Values { text.chars().map(|c| Symbol::new(&c.to_string())).collect() };
                let expected = Profile { unit: of(unit).first().copied(), categories: of(categories), ..Profile::default() };
                let reader = &mut readers[usize::from(*first)];
                let mut ids = ValueIds::default();
                ids.set(Slot::Unit, reader.learn(Slot::Unit, &of(unit)));
                ids.set(Slot::Category, reader.learn(Slot::Category, &of(categories)));
                prop_assert_eq!(&*reader.profile(&ids), &expected);
                prop_assert_eq!(reader.flags(&ids), StatusFlags::of(&expected));
                prop_assert_eq!(dictionary.values(Slot::Category, ids.get(Slot::Category)), of(categories));
                for (other, other_ids) in &seen {
                    prop_assert_eq!(*other == expected, *other_ids == ids);
                }
                seen.push((expected, ids));
            }
        }
    }
}
