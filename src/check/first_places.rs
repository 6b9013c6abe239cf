//! What is told once for a log: its first place, and how often it is there.

use std::collections::BTreeMap;

use crate::place::{Place, SourceId};

/// For each log, the first place and how many there are.
#[derive(Clone, Debug, Default)]
pub(super) struct FirstPlaces(BTreeMap<SourceId, (Place, usize)>);

impl FirstPlaces {
    pub(super) fn add(&mut self, source: SourceId, place: Place) {
        self.0.entry(source).or_insert((place, 0)).1 += 1;
    }

    pub(super) fn merge(&mut self, later: Self) {
        for (source, (place, count)) in later.0 {
            self.0.entry(source).or_insert((place, 0)).1 += count;
        }
    }

    /// The first place in each log and the number there, by log.
    pub(super) fn into_values(self) -> impl Iterator<Item = (Place, usize)> {
        self.0.into_values()
    }
}
