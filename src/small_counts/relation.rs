//! Which counts add up to another.

use std::collections::{BTreeMap, BTreeSet};

use super::selection::{CountSelection, PublishedCount, ValueSet};

/// Counts that add up to another, as indexes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Relation {
    pub(super) whole: usize,
    pub(super) parts: Vec<usize>,
}

impl Relation {
    /// The whole and its parts.
    pub(super) fn counts(&self) -> impl Iterator<Item = usize> {
        [self.whole].into_iter().chain(self.parts.iter().copied())
    }
}

/// The counts that differ in the values of one key only.
type Siblings<'c> = BTreeMap<(CountSelection, &'c str), Vec<(ValueSet, usize)>>;

/// Returns which counts add up to another: those whose values of one key exclude each other, lie within those of the whole,
/// and whose sum it is. Where records may have several values of a key the sum is another, and tells a reader nothing.
pub(super) fn relations(counts: &[PublishedCount]) -> BTreeSet<Relation> {
    let at: BTreeMap<&CountSelection, usize> =
        counts.iter().enumerate().map(|(index, count)| (&count.selection, index)).collect();
    let mut siblings = Siblings::new();
    for (index, count) in counts.iter().enumerate() {
        for (key, values, wider) in count.selection.wider() {
            let whole = at.get(&wider).map(|whole| (ValueSet::all(), *whole));
            let all = siblings.entry((wider, key)).or_insert_with(|| whole.into_iter().collect());
            all.push((values.clone(), index));
        }
    }
    let mut relations = BTreeSet::new();
    for mut siblings in siblings.into_values() {
        let within = |(part, index): &(ValueSet, usize), (whole, of): &(ValueSet, usize)| {
            index != of && part != whole && part.is_within(whole)
        };
        // Single values first, and the other way round, so that sets of values are parts too.
        for largest_first in [false, true] {
            siblings.sort_by_key(|(values, index)| (size(values, largest_first), *index));
            for whole in &siblings {
                let mut parts: Vec<&(ValueSet, usize)> = Vec::new();
                for part in siblings.iter().filter(|part| within(part, whole)) {
                    if parts.iter().all(|other| other.0.is_disjoint(&part.0)) {
                        parts.push(part);
                    }
                }
                let mut parts: Vec<usize> = parts.iter().map(|(_, index)| *index).collect();
                let sum: u64 = parts.iter().map(|index| counts[*index].value).sum();
                if !parts.is_empty() && sum == counts[whole.1].value {
                    parts.sort_unstable();
                    relations.insert(Relation { whole: whole.1, parts });
                }
            }
        }
    }
    relations
}

fn size(values: &ValueSet, largest_first: bool) -> (bool, usize) {
    let (is_rest, size) = match values {
        ValueSet::In(values) => (false, values.len()),
        ValueSet::NotIn(values) => (true, values.len()),
    };
    (is_rest, if largest_first { usize::MAX - size } else { size })
}
