//! Spellings that were met before: each is looked up once, however many rows have it.

use rustc_hash::FxHashMap;

use crate::model::record::Values;
use crate::model::row::Padded;

/// What a cell spells.
#[derive(Clone, Debug, Default)]
pub(super) struct Looked {
    pub(super) values: Values,
    /// What spells nothing, and what it may have meant.
    pub(super) unknown: Vec<(String, Option<String>)>,
}

/// The spellings of a field that were met.
#[derive(Clone, Debug, Default)]
pub(super) struct Spellings {
    by_spelling: FxHashMap<Box<[u8]>, u32>,
    looked: Vec<Looked>,
    /// Which was met last in each slot; empty before the first. The spellings of a log are few, most are short, and
    /// they come again and again: these are known by a few words compared at once.
    recent: Vec<(Short, u32)>,
}

/// A spelling of at most [`Padded::MOST`] bytes, and zeros.
#[derive(Clone, Copy, Debug, Default)]
struct Short {
    words: [u64; Padded::MOST / 8],
    length: usize,
}

/// So many that few spellings share one.
const SLOTS: usize = 1024;

impl Short {
    #[inline]
    fn new(bytes: &[u8; Padded::MOST], length: usize) -> Self {
        const MASKS: [[u64; Padded::MOST / 8]; Padded::MOST + 1] = masks();
        let mut words = MASKS[length.min(Padded::MOST)];
        for (word, bytes) in words.iter_mut().zip(bytes.as_chunks().0) {
            *word &= u64::from_le_bytes(*bytes);
        }
        Self { words, length }
    }

    /// The same of bytes that nothing follows; of long ones there is none.
    fn of(cell: &[u8]) -> Option<Self> {
        let mut bytes = [0; Padded::MOST];
        bytes.get_mut(..cell.len())?.copy_from_slice(cell);
        Some(Self::new(&bytes, cell.len()))
    }

    /// Whether both spell the same. In one go: words are compared faster than it takes to find out how many to compare.
    #[inline]
    fn is(&self, other: &Self) -> bool {
        let differ = self.words.iter().zip(&other.words).fold(0, |differ, (a, b)| differ | (a ^ b));
        differ == 0 && self.length == other.length
    }

    #[inline]
    fn slot(&self) -> usize {
        let folded = self.words.iter().fold(self.length as u64, |folded, word| folded.rotate_left(11) ^ word);
        let mixed = folded.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (mixed >> 54) as usize % SLOTS
    }
}

/// For each length, which bits of the words belong to the spelling.
const fn masks() -> [[u64; Padded::MOST / 8]; Padded::MOST + 1] {
    let mut masks = [[0; Padded::MOST / 8]; Padded::MOST + 1];
    let mut length = 0;
    while length <= Padded::MOST {
        let mut byte = 0;
        while byte < length {
            masks[length][byte / 8] |= 0xff << (byte % 8 * 8);
            byte += 1;
        }
        length += 1;
    }
    masks
}

impl Spellings {
    /// The number of a spelling that was met before, if it is at hand.
    #[inline]
    pub(super) fn recent(&self, cell: &Padded<'_>) -> Option<u32> {
        let short = Short::new(cell.bytes, cell.length);
        let (known, number) = self.recent.get(short.slot())?;
        known.is(&short).then_some(*number)
    }

    /// The number of a spelling; `look` looks it up the first time.
    pub(super) fn meet(&mut self, cell: &[u8], look: impl FnOnce(&str) -> Looked) -> u32 {
        let number = self.by_spelling.get(cell).copied().unwrap_or_else(|| {
            self.looked.push(look(&String::from_utf8_lossy(cell)));
            let number = u32::try_from(self.looked.len()).unwrap_or(u32::MAX);
            self.by_spelling.insert(cell.into(), number);
            number
        });
        // What has a fault must be told each time, so it is not at hand.
        let is_sound = self.get(number).is_some_and(|looked| looked.unknown.is_empty());
        if let Some(short) = Short::of(cell).filter(|_| is_sound) {
            if self.recent.is_empty() {
                self.recent = vec![(Short::default(), 0); SLOTS];
            }
            self.recent[short.slot()] = (short, number);
        }
        number
    }

    /// What a number stands for; they are given from 1.
    pub(super) fn get(&self, number: u32) -> Option<&Looked> {
        self.looked.get((number as usize).checked_sub(1)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn recent(spellings: &Spellings, cell: &str, behind: &[u8]) -> Option<u32> {
        let mut bytes = cell.as_bytes().to_vec();
        bytes.extend(behind.iter().cycle().take(Padded::MOST));
        let bytes = bytes.first_chunk().unwrap();
        (cell.len() <= Padded::MOST).then(|| spellings.recent(&Padded { bytes, length: cell.len() }))?
    }

    proptest! {
        /// What is at hand is the number of the very spelling, whatever stands behind it in the row.
        #[test]
        fn a_number_is_that_of_its_spelling(cells in proptest::collection::vec("[ab甲]{1,40}|第[0-9]{1,2}街道办事处", 1..80), behind in proptest::collection::vec(any::<u8>(), 1..5)) {
            let mut spellings = Spellings::default();
            let mut order: Vec<&String> = Vec::new();
            for cell in cells.iter().chain(&cells) {
                if !order.contains(&cell) {
                    order.push(cell);
                }
                let expected = order.iter().position(|other| *other == cell).unwrap() + 1;
                if let Some(number) = recent(&spellings, cell, &behind) {
                    prop_assert_eq!(number as usize, expected, "{}", cell);
                }
                prop_assert_eq!(spellings.meet(cell.as_bytes(), |_| Looked::default()) as usize, expected);
                prop_assert_eq!(recent(&spellings, cell, &behind).is_some(), cell.len() <= Padded::MOST);
            }
        }
    }

    #[test]
    fn what_has_a_fault_is_not_at_hand() {
        let mut spellings = Spellings::default();
        let wrong = || Looked { unknown: vec![("丁".to_owned(), None)], ..Looked::default() };
        let number = spellings.meet("丁".as_bytes(), |_| wrong());
        assert_eq!(recent(&spellings, "丁", b","), None);
        assert_eq!(spellings.get(number).map(|looked| looked.unknown.len()), Some(1));
        assert!(spellings.get(0).is_none() && spellings.get(2).is_none());
    }
}
