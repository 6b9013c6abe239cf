//! Sets of small numbers: a list while there are few, then a bit for each number.

/// A set of numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum IdSet {
    /// Nothing.
    #[default]
    Empty,
    /// In the order in which they came.
    Few(Vec<u32>),
    /// A bit for each number.
    Bits(Vec<u64>),
}

/// Numbers up to which a list is searched.
const FEW: usize = 12;

impl IdSet {
    /// Whether there is no number.
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::Empty
    }

    /// Adds a number.
    #[inline]
    pub(super) fn insert(&mut self, id: u32) {
        match self {
            Self::Bits(words) if words.len() > (id / u64::BITS) as usize => {
                words[(id / u64::BITS) as usize] |= 1 << (id % u64::BITS);
            }
            Self::Few(list) if list.contains(&id) => {}
            _ => self.insert_new(id),
        }
    }

    #[cold]
    fn insert_new(&mut self, id: u32) {
        match self {
            Self::Empty => *self = Self::Few(vec![id]),
            Self::Few(list) => {
                // A list takes no more memory than the bits would.
                if list.len() < FEW.max(list.iter().chain([&id]).max().map_or(0, |most| *most as usize / 256)) {
                    list.push(id);
                    return;
                }
                let ids = std::mem::take(list);
                *self = Self::Bits(Vec::new());
                ids.into_iter().chain([id]).for_each(|id| self.insert_new(id));
            }
            Self::Bits(words) => {
                let word = (id / u64::BITS) as usize;
                if words.len() <= word {
                    words.resize(word + 1, 0);
                }
                words[word] |= 1 << (id % u64::BITS);
            }
        }
    }

    /// Adds the numbers of another set.
    pub(super) fn merge(&mut self, other: &Self) {
        match (&mut *self, other) {
            (Self::Bits(own), Self::Bits(more)) => {
                if own.len() < more.len() {
                    own.resize(more.len(), 0);
                }
                own.iter_mut().zip(more).for_each(|(own, more)| *own |= more);
            }
            _ => other.iter().for_each(|id| self.insert(id)),
        }
    }

    /// Returns the numbers, in no order.
    pub(super) fn iter(&self) -> impl Iterator<Item = u32> {
        let (list, words): (&[u32], &[u64]) = match self {
            Self::Empty => (&[], &[]),
            Self::Few(list) => (list, &[]),
            Self::Bits(words) => (&[], words),
        };
        let bits = (0..).zip(words).flat_map(|(at, word): (u32, _)| {
            (0..u64::BITS).filter(move |bit| word >> bit & 1 == 1).map(move |bit| at * u64::BITS + bit)
        });
        list.iter().copied().chain(bits)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_has_what_was_added(parts in proptest::collection::vec(proptest::collection::vec(prop_oneof![0..40_u32, 0..9000_u32], 0..50), 1..4)) {
            let mut all = IdSet::default();
            for part in &parts {
                let mut set = IdSet::default();
                for id in part {
                    set.insert(*id);
                }
                prop_assert_eq!(set.is_empty(), part.is_empty());
                all.merge(&set);
            }
            let mut found: Vec<u32> = all.iter().collect();
            found.sort_unstable();
            let expected: Vec<u32> = parts.concat().into_iter().collect::<BTreeSet<u32>>().into_iter().collect();
            prop_assert_eq!(found, expected);
        }
    }
}
