//! Which counts to hide.

use std::collections::BTreeSet;

use super::range::{Known, Shown};
use super::relation::{Relation, relations};
use super::selection::{CountSelection, PublishedCount};

/// The counts that are shown in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HiddenCounts {
    /// From 1 to below the threshold: shown as that.
    pub small: BTreeSet<CountSelection>,
    /// Those that would give small ones away: shown as several. Where all are small these are small ones too, such as the
    /// sum of two: 1 and 1.
    pub several: BTreeSet<CountSelection>,
}

/// A small count that can't be hidden.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenAway {
    /// What was counted.
    pub selection: CountSelection,
    /// Whether it is given away by a list of its records; else by the counts beside it.
    pub by_list: bool,
}

impl HiddenCounts {
    /// Whether a count is shown in words.
    #[must_use]
    pub fn contains(&self, selection: &CountSelection) -> bool {
        self.shown(selection) != Shown::Number
    }

    /// Hides whatever of some counts must be hidden beside what is hidden already. Returns whether that is more than
    /// before. `counts` are all that a document shows, each selection once; `threshold` is 3 or more.
    ///
    /// # Errors
    /// A small count that is given away by something that can't be hidden.
    pub fn extend(&mut self, counts: &[PublishedCount], threshold: u64) -> Result<bool, GivenAway> {
        let before = self.clone();
        for count in counts.iter().filter(|count| (1..threshold).contains(&count.value)) {
            if count.is_listed {
                return Err(GivenAway { selection: count.selection.clone(), by_list: true });
            }
            if !self.several.contains(&count.selection) {
                self.small.insert(count.selection.clone());
            }
        }
        let relations = relations(counts);
        let shown = counts.iter().map(|count| self.shown(&count.selection)).collect();
        let mut known = Known { counts, relations: &relations, threshold, shown };
        let mut added = Vec::new();
        while let Some(given_away) = known.given_away() {
            let Some(next) = next_to_hide(given_away, &known) else {
                return Err(GivenAway { selection: counts[given_away].selection.clone(), by_list: false });
            };
            added.push((next, known.shown[next]));
            known.shown[next] = Shown::Several;
        }
        // What others made needless is shown after all: the largest first, which says the most.
        added.sort_by_key(|(index, _)| std::cmp::Reverse((counts[*index].value, *index)));
        for (index, as_before) in added {
            known.shown[index] = as_before;
            if known.given_away().is_some() {
                known.shown[index] = Shown::Several;
                self.small.remove(&counts[index].selection);
                self.several.insert(counts[index].selection.clone());
            }
        }
        Ok(*self != before)
    }

    fn shown(&self, selection: &CountSelection) -> Shown {
        if self.several.contains(selection) {
            Shown::Several
        } else if self.small.contains(selection) {
            Shown::Small
        } else {
            Shown::Number
        }
    }
}

/// The count to hide so that a small one is not given away: the smallest beside it in the relation that gives it away, the
/// whole last; further relations if there is none; and where all are small, the whole.
fn next_to_hide(given_away: usize, known: &Known<'_>) -> Option<usize> {
    let relations = reached(given_away, known);
    let can_be_hidden = |index: &usize| known.shown[*index] == Shown::Number && known.can_be_hidden(*index);
    let beside = relations.iter().find_map(|relation| {
        let part = relation.parts.iter().copied().filter(can_be_hidden).min_by_key(|index| known.counts[*index].value);
        part.or_else(|| Some(relation.whole).filter(can_be_hidden))
    });
    let is_small = |index: &usize| known.shown[*index] == Shown::Small;
    let alone = || Some(given_away).filter(is_small);
    beside.or_else(|| relations.iter().find_map(|relation| relation.counts().find(is_small))).or_else(alone)
}

/// The relations that may give a count away: its own, and through hidden counts those further on. First those with one hidden
/// count, which give it away at once.
fn reached<'k>(count: usize, known: &Known<'k>) -> Vec<&'k Relation> {
    let is_hidden = |index: &usize| known.shown[*index] != Shown::Number;
    let (mut reached, mut relations) = (BTreeSet::from([count]), Vec::new());
    let mut open = vec![count];
    while !open.is_empty() {
        let from = std::mem::take(&mut open);
        for relation in known.relations {
            if !relations.contains(&relation) && relation.counts().any(|index| from.contains(&index)) {
                relations.push(relation);
                open.extend(relation.counts().filter(is_hidden).filter(|index| reached.insert(*index)));
            }
        }
    }
    relations.sort_by_key(|relation| relation.counts().filter(is_hidden).count() != 1);
    relations
}
