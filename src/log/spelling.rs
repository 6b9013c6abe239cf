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
    recent: Vec<Recent>,
}

/// A spelling of at most [`Padded::MOST`] bytes, and zeros.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(64))]
struct Recent {
    words: [Word; Padded::MOST / SIZE],
    length: usize,
    number: u32,
}

/// Sixteen bytes: five Chinese characters. One is compared in one go.
type Word = u128;
const SIZE: usize = size_of::<Word>();

/// So many that few spellings share one.
const SLOTS: usize = 1024;

/// For each length, which bits of a word belong to the spelling.
const MASKS: [Word; SIZE + 1] = {
    let mut masks = [Word::MAX; SIZE + 1];
    let mut length = 0;
    while length < SIZE {
        masks[length] = (1 << (8 * length)) - 1;
        length += 1;
    }
    masks
};

/// The words of a cell that has as many, with zeros behind it.
#[inline]
fn words<const N: usize>(cell: &Padded<'_>) -> [Word; N] {
    let (chunks, _) = cell.bytes.as_chunks();
    let mut words = [0; N];
    for (at, (word, chunk)) in words.iter_mut().zip(chunks).enumerate() {
        let length = cell.length.saturating_sub(at * SIZE).min(SIZE);
        *word = Word::from_le_bytes(*chunk) & MASKS[length];
    }
    words
}

#[inline]
fn slot(words: &[Word], length: usize) -> usize {
    let halves = words.iter().flat_map(|word| [*word, *word >> 64]);
    let folded = halves.fold(length as u64, |folded, half| {
        folded.rotate_left(11) ^ u64::try_from(half & Word::from(u64::MAX)).unwrap_or_default()
    });
    (folded.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 54) as usize % SLOTS
}

impl Spellings {
    /// The number of a spelling that was met before, if it is at hand.
    #[inline]
    pub(super) fn recent(&self, cell: &Padded<'_>) -> Option<u32> {
        // Which it is, is nearly always the same for a field.
        match cell.length.div_ceil(SIZE) {
            0 | 1 => self.find::<1>(cell),
            2 => self.find::<2>(cell),
            _ => self.find::<3>(cell),
        }
    }

    #[inline]
    fn find<const N: usize>(&self, cell: &Padded<'_>) -> Option<u32> {
        let words = words::<N>(cell);
        let known = self.recent.get(slot(&words, cell.length))?;
        (known.words[..N] == words && known.length == cell.length).then_some(known.number)
    }

    /// Keeps the number of a spelling at hand.
    fn keep(&mut self, spelling: &[u8], number: u32) {
        let mut bytes = [0; Padded::MOST];
        let length = spelling.len();
        let Some(start) = bytes.get_mut(..length) else { return };
        start.copy_from_slice(spelling);
        if self.recent.is_empty() {
            self.recent = vec![Recent::default(); SLOTS];
        }
        let words = words(&Padded { bytes: &bytes, length });
        let slot = slot(&words[..length.div_ceil(SIZE).max(1)], length);
        self.recent[slot] = Recent { words, length, number };
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
        if is_sound {
            self.keep(cell, number);
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
