//! A cache from the short cells of a column to their values.
//!
//! A log has few distinct cells, and most of them are short. A cell is therefore looked up by its raw bytes, compared a
//! few machine words at a time.

use crate::delimited::cells::Padded;

/// The values of the cells of a column by their raw bytes, surrounding white space included.
///
/// A hash table with linear probing. It grows with the cells up to 2^[`MAX_BITS`] slots; then an insertion may evict another
/// cell.
#[derive(Clone, Debug)]
pub(in crate::log) struct CellCache<T> {
    slots: Box<[Slot<T>]>,
    /// The number of slots is 2 to this power, and none if it is 0.
    bits: u32,
    used: usize,
}

/// A cell, padded with zeros, and its value.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
struct Slot<T> {
    words: [u64; Padded::MOST / WORD],
    /// The length of the cell in bytes.
    length: u32,
    value: T,
}

/// Bytes of a machine word.
const WORD: usize = size_of::<u64>();
/// Bytes that are compared at once: two words, or five Chinese characters.
const CHUNK: usize = 2 * WORD;

/// The number of slots to begin with, as a power of two, and the most there are.
const MIN_BITS: u32 = 6;
const MAX_BITS: u32 = 16;
/// Number of slots that are searched for an entry, from its preferred slot on.
const PROBES: usize = 8;
/// Multiplier of the hash (2⁶⁴ divided by the golden ratio): every input bit affects the upper bits of the product.
const MIX: u64 = 0x9e37_79b9_7f4a_7c15;

/// The length of an empty slot; no cell has it.
const EMPTY: u32 = u32::MAX;

/// For each length of a cell in its last chunk, the bits of the two words that belong to the cell.
const MASKS: [[u64; 2]; CHUNK + 1] = {
    let mut masks = [[u64::MAX; 2]; CHUNK + 1];
    let mut length = 0;
    while length < CHUNK {
        let (word, bits) = (length / WORD, 8 * (length % WORD));
        masks[length][word] = (1 << bits) - 1;
        if word == 0 {
            masks[length][1] = 0;
        }
        length += 1;
    }
    masks
};

impl<T> Default for CellCache<T> {
    fn default() -> Self {
        Self { slots: Box::default(), bits: 0, used: 0 }
    }
}

impl<T: Copy + Default> CellCache<T> {
    /// Returns the value of a cell, if it is cached.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "a row has several cells, and a call costs as much")]
    pub(in crate::log) fn get(&self, cell: &Padded<'_>) -> Option<T> {
        // The cells of a column nearly always have the same number of chunks, so these branches are predictable.
        if cell.length <= CHUNK {
            self.find::<1>(cell)
        } else if cell.length <= 2 * CHUNK {
            self.find::<2>(cell)
        } else {
            self.find::<3>(cell)
        }
    }

    #[inline]
    fn find<const CHUNKS: usize>(&self, cell: &Padded<'_>) -> Option<T> {
        let chunks = chunks::<CHUNKS>(cell);
        let preferred = preferred_slot(&chunks, cell.length, self.bits);
        for probe in 0..PROBES {
            let slot = self.slots.get(preferred + probe)?;
            if slot.length as usize == cell.length && starts_with(&slot.words, chunks.as_flattened()) {
                return Some(slot.value);
            }
            if slot.length == EMPTY {
                return None;
            }
        }
        None
    }

    /// Caches the value of a cell. Does nothing if the cell is longer than [`Padded::MOST`] bytes.
    pub(in crate::log) fn insert(&mut self, cell: &[u8], value: T) {
        let mut bytes = [0; Padded::MOST];
        let Some(start) = bytes.get_mut(..cell.len()) else { return };
        start.copy_from_slice(cell);
        let mut words = [0; Padded::MOST / WORD];
        for (word, bytes) in words.iter_mut().zip(bytes.as_chunks().0) {
            *word = u64::from_le_bytes(*bytes);
        }
        let slot = Slot { words, length: u32::try_from(cell.len()).unwrap_or(EMPTY), value };
        if 2 * self.used >= self.slots.len() && self.bits < MAX_BITS {
            self.grow();
        }
        self.place(slot);
    }

    fn grow(&mut self) {
        let bits = (self.bits + 2).clamp(MIN_BITS, MAX_BITS);
        let empty = Slot { words: [0; Padded::MOST / WORD], length: EMPTY, value: T::default() };
        // A probe may run past the last preferred slot.
        let slots = vec![empty; (1 << bits) + PROBES - 1].into();
        let old = std::mem::replace(&mut self.slots, slots);
        (self.bits, self.used) = (bits, 0);
        old.into_iter().filter(|slot| slot.length != EMPTY).for_each(|slot| self.place(slot));
    }

    fn place(&mut self, new: Slot<T>) {
        let length = new.length as usize;
        let (chunks, _) = new.words.as_chunks::<2>();
        let used = length.div_ceil(CHUNK).clamp(1, chunks.len());
        let preferred = preferred_slot(&chunks[..used], length, self.bits);
        let Some(slots) = self.slots.get_mut(preferred..preferred + PROBES) else { return };
        let is_usable = |slot: &Slot<T>| slot.length == EMPTY || slot.length == new.length && slot.words == new.words;
        // If all slots are taken, the entry in the preferred one is evicted.
        let at = slots.iter().position(is_usable).unwrap_or(0);
        self.used += usize::from(slots[at].length == EMPTY);
        slots[at] = new;
    }
}

/// Loads the chunks of a cell, with the bytes after the cell set to zero.
///
/// `CHUNKS` must be the number of chunks of the cell, at least one.
#[inline]
fn chunks<const CHUNKS: usize>(cell: &Padded<'_>) -> [[u64; 2]; CHUNKS] {
    let mut chunks = [[0; 2]; CHUNKS];
    for (chunk, bytes) in chunks.iter_mut().zip(cell.bytes.as_chunks::<CHUNK>().0) {
        let words = bytes.as_chunks::<WORD>().0;
        *chunk = [u64::from_le_bytes(words[0]), u64::from_le_bytes(words[1])];
    }
    if let Some([low, high]) = chunks.last_mut() {
        let mask = MASKS[cell.length.saturating_sub((CHUNKS - 1) * CHUNK).min(CHUNK)];
        *low &= mask[0];
        *high &= mask[1];
    }
    chunks
}

/// Whether `words` start with `prefix`.
///
/// Folds over the words so that they are compared in registers: for arrays, the compiler spills them to the stack
/// first.
#[inline]
fn starts_with(words: &[u64], prefix: &[u64]) -> bool {
    words.iter().zip(prefix).fold(0, |difference, (word, expected)| difference | (word ^ expected)) == 0
}

/// Returns the index of the slot at which the search for a cell begins.
#[inline]
fn preferred_slot(chunks: &[[u64; 2]], length: usize, bits: u32) -> usize {
    let folded = chunks.as_flattened().iter().fold(length as u64, |folded, word| folded.rotate_left(11) ^ word);
    usize::try_from(folded.wrapping_mul(MIX) >> (u64::BITS - bits.max(1))).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn get(cache: &CellCache<u32>, cell: &str, following: &[u8]) -> Option<u32> {
        let mut bytes = cell.as_bytes().to_vec();
        bytes.extend(following.iter().cycle().take(Padded::MOST));
        cache.get(&Padded { bytes: bytes.first_chunk()?, length: cell.len() })
    }

    proptest! {
        /// A cached value is that of exactly this cell, whatever bytes follow the cell in the row.
        #[test]
        fn a_meaning_is_that_of_its_cell(
            cells in proptest::collection::vec("[ab甲 \0]{0,16}|第[0-9]{1,2}街道办事处", 1..80),
            following in proptest::collection::vec(any::<u8>(), 1..5),
        ) {
            let mut cache = CellCache::default();
            let mut distinct: Vec<&String> = Vec::new();
            for cell in cells.iter().chain(&cells) {
                if !distinct.contains(&cell) {
                    distinct.push(cell);
                }
                let expected = distinct.iter().position(|other| *other == cell).and_then(|at| u32::try_from(at).ok());
                let found = get(&cache, cell, &following);
                prop_assert!(found.is_none() || found == expected, "{}", cell);
                cache.insert(cell.as_bytes(), expected.unwrap());
                prop_assert_eq!(get(&cache, cell, &following), expected);
            }
        }
    }

    #[test]
    fn the_days_of_ten_years_fit_and_the_latest_cell_is_always_cached() {
        let mut cache = CellCache::default();
        let text = |day: u32| format!("{}/{}/{}", 2015 + day / 372, day % 372 / 31 + 1, day % 31 + 1);
        for day in 0..3720 {
            cache.insert(text(day).as_bytes(), day);
        }
        let kept = (0..3720).filter(|day| get(&cache, &text(*day), b",") == Some(*day)).count();
        assert!(kept > 3700, "{kept}");
        // More cells than slots: older ones are evicted.
        for number in 0..99_000_u32 {
            cache.insert(number.to_string().as_bytes(), number);
            assert_eq!(get(&cache, &number.to_string(), b","), Some(number));
        }
    }
}
