//! L108 and R206: ids and issues that stand twice, in one file or in two.

use std::collections::BTreeMap;
use std::collections::hash_map::Entry;
use std::hash::{DefaultHasher, Hash, Hasher};

use rustc_hash::FxHashMap;

use crate::fault::{Faults, What};
use crate::model::{Field, Issue};
use crate::place::Place;

/// Where each id and each issue stood first, and where again.
#[derive(Clone, Debug, Default)]
pub(super) struct Doubles {
    ids: Seen<Box<str>>,
    /// By a hash of 128 bits: two different issues meeting in one is less likely than a fault of the
    /// machine, and ten million issues fit.
    issues: Seen<(u64, u64)>,
}

#[derive(Clone, Debug)]
struct Seen<K> {
    first: FxHashMap<K, Place>,
    again: Vec<(K, Place)>,
}

impl<K> Default for Seen<K> {
    fn default() -> Self {
        Self { first: FxHashMap::default(), again: Vec::new() }
    }
}

impl<K: Hash + Eq + Ord + Clone> Seen<K> {
    fn push(&mut self, key: K, place: Place) {
        match self.first.entry(key) {
            Entry::Occupied(taken) => self.again.push((taken.key().clone(), place)),
            Entry::Vacant(free) => {
                free.insert(place);
            }
        }
    }

    fn merge(&mut self, later: Self) {
        // In the order of the keys, so that the outcome is the same on every run.
        for (key, place) in later.first.into_iter().collect::<BTreeMap<K, Place>>() {
            self.push(key, place);
        }
        self.again.extend(later.again);
    }

    fn finish(&self, mut each: impl FnMut(&K, Place, Place)) {
        for (key, place) in &self.again {
            if let Some(first) = self.first.get(key) {
                each(key, *first, *place);
            }
        }
    }
}

impl Doubles {
    pub(super) fn push(&mut self, issue: &Issue<'_>) {
        let id = issue.text(Field::Id);
        if !id.is_empty() {
            self.ids.push(id.as_ref().into(), issue.row.field_place(Field::Id));
        }
        // An issue without description or unit has its own fault; many of them are not the same.
        if !issue.row.bytes(Field::Description).is_empty() && issue.unit.is_some() {
            self.issues.push(signature(issue), issue.row.place());
        }
    }

    pub(super) fn merge(&mut self, later: Self) {
        self.ids.merge(later.ids);
        self.issues.merge(later.issues);
    }

    pub(super) fn finish(&self, faults: &mut Faults) {
        self.ids.finish(|id, first, place| {
            let what = What::DoubledId { id: id.to_string() };
            faults.add_full(place, what, Some(Field::Id), Some(first));
        });
        self.issues.finish(|_, first, place| faults.add_full(place, What::DoubledIssue, None, Some(first)));
    }
}

/// What makes two rows the same issue: unit, categories, site, day, description.
pub(super) fn signature(issue: &Issue<'_>) -> (u64, u64) {
    let hash = |salt: u8| {
        let mut hasher = DefaultHasher::new();
        salt.hash(&mut hasher);
        for value in [issue.unit, issue.site].into_iter().chain(issue.categories.iter().copied().map(Some)) {
            value.map(super::super::words::symbol::Symbol::as_str).hash(&mut hasher);
        }
        issue.found_on.hash(&mut hasher);
        issue.row.bytes(Field::Description).hash(&mut hasher);
        hasher.finish()
    };
    (hash(0), hash(1))
}
