//! A cache from short cells to their values.
//!
//! A log has few distinct cells, and most of them are short. A cell is therefore looked up by its raw bytes, compared a
//! few machine words at a time.

use crate::delimited::cells::Padded;
use crate::model::Field;

/// The values of cells, by field and raw bytes, surrounding white space included.
///
/// A fixed-size hash table with linear probing: inserting never allocates, and may evict another cell.
#[derive(Clone, Debug)]
pub(in crate::log) struct CellCache<T>(Box<[Slot<T>]>);

/// A cell, padded with zeros, and its value.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
struct Slot<T> {
    words: [u64; Padded::MOST / WORD],
    tag: u32,
    value: T,
}

/// Bytes of a machine word.
const WORD: usize = size_of::<u64>();
/// Bytes that are compared at once: two words, or five Chinese characters.
const CHUNK: usize = 2 * WORD;

/// Number of slots; cells of a typical log rarely collide.
const SLOTS: usize = 1 << SLOT_BITS;
const SLOT_BITS: u32 = 12;
/// Number of slots that are searched for an entry, from its preferred slot on.
pub(in crate::log) const PROBES: usize = 8;
/// Multiplier of the hash (2⁶⁴ divided by the golden ratio): every input bit affects the upper bits of the product.
pub(in crate::log) const MIX: u64 = 0x9e37_79b9_7f4a_7c15;

const _: () = assert!(Padded::MOST < 1 << LENGTH_BITS, "a tag has room for every length");
/// Bits of a tag that hold the length of the cell.
const LENGTH_BITS: u32 = 6;

/// The tag of an empty slot; no cell has it.
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

impl<T: Copy + Default> Default for CellCache<T> {
    fn default() -> Self {
        let empty = Slot { words: [0; Padded::MOST / WORD], tag: EMPTY, value: T::default() };
        Self(vec![empty; SLOTS].into())
    }
}

impl<T: Copy> CellCache<T> {
    /// Returns the value of a cell, if it is cached.
    #[inline]
    pub(in crate::log) fn get(&self, field: Field, cell: &Padded<'_>) -> Option<T> {
        // The cells of a field nearly always have the same number of chunks, so these branches are predictable.
        if cell.length <= CHUNK {
            self.find::<1>(field, cell)
        } else if cell.length <= 2 * CHUNK {
            self.find::<2>(field, cell)
        } else {
            self.find::<3>(field, cell)
        }
    }

    #[inline]
    fn find<const CHUNKS: usize>(&self, field: Field, cell: &Padded<'_>) -> Option<T> {
        let (chunks, tag) = (chunks::<CHUNKS>(cell), tag(field, cell.length));
        let preferred = preferred_slot(&chunks, tag);
        for probe in 0..PROBES {
            let slot = &self.0[(preferred + probe) % SLOTS];
            if slot.tag == tag && starts_with(&slot.words, chunks.as_flattened()) {
                return Some(slot.value);
            }
        }
        None
    }

    /// Caches the value of a cell. Does nothing if the cell is longer than [`Padded::MOST`] bytes.
    pub(in crate::log) fn insert(&mut self, field: Field, cell: &[u8], value: T) {
        let mut bytes = [0; Padded::MOST];
        let length = cell.len();
        let Some(start) = bytes.get_mut(..length) else { return };
        start.copy_from_slice(cell);
        let cell = Padded { bytes: &bytes, length };
        let tag = tag(field, length);
        let preferred = match length.div_ceil(CHUNK) {
            0 | 1 => preferred_slot(&chunks::<1>(&cell), tag),
            2 => preferred_slot(&chunks::<2>(&cell), tag),
            _ => preferred_slot(&chunks::<3>(&cell), tag),
        };
        let mut words = [0; Padded::MOST / WORD];
        for (word, bytes) in words.iter_mut().zip(bytes.as_chunks().0) {
            *word = u64::from_le_bytes(*bytes);
        }
        let is_usable = |slot: &Slot<T>| slot.tag == EMPTY || slot.tag == tag && slot.words == words;
        let probe = (0..PROBES).find(|probe| is_usable(&self.0[(preferred + probe) % SLOTS]));
        // If all slots are taken, the entry in the preferred one is evicted.
        self.0[(preferred + probe.unwrap_or(0)) % SLOTS] = Slot { words, tag, value };
    }
}

/// Combines the field and the length of a cell.
#[inline]
fn tag(field: Field, length: usize) -> u32 {
    (field as u32) << LENGTH_BITS | u32::try_from(length).unwrap_or(u32::MAX >> 1)
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
fn preferred_slot(chunks: &[[u64; 2]], tag: u32) -> usize {
    let folded = chunks.as_flattened().iter().fold(u64::from(tag), |folded, word| folded.rotate_left(11) ^ word);
    (folded.wrapping_mul(MIX) >> (u64::BITS - SLOT_BITS)) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn get(cache: &CellCache<u32>, field: Field, cell: &str, following: &[u8]) -> Option<u32> {
        let mut bytes = cell.as_bytes().to_vec();
        bytes.extend(following.iter().cycle().take(Padded::MOST));
        cache.get(field, &Padded { bytes: bytes.first_chunk()?, length: cell.len() })
    }

    proptest! {
        /// A cached value is that of exactly this cell and field, whatever bytes follow the cell in the row.
        #[test]
        fn a_meaning_is_that_of_its_cell(
            cells in proptest::collection::vec(("[ab甲 \0]{0,16}|第[0-9]{1,2}街道办事处", prop::sample::select(&[Field::Unit, Field::Site][..])), 1..80),
            following in proptest::collection::vec(any::<u8>(), 1..5),
        ) {
            let mut cache = CellCache::default();
            let mut distinct: Vec<&(String, Field)> = Vec::new();
            for entry in cells.iter().chain(&cells) {
                if !distinct.contains(&entry) {
                    distinct.push(entry);
                }
                let (cell, field) = entry;
                let expected = distinct.iter().position(|other| *other == entry).and_then(|at| u32::try_from(at).ok());
                let found = get(&cache, *field, cell, &following);
                prop_assert!(found.is_none() || found == expected, "{}", cell);
                cache.insert(*field, cell.as_bytes(), expected.unwrap());
                prop_assert_eq!(get(&cache, *field, cell, &following), expected);
            }
        }
    }

    #[test]
    fn the_days_of_a_year_fit_and_the_latest_cell_is_always_cached() {
        let mut cache = CellCache::default();
        let text = |day: u32| format!("2021-{:02}-{:02}", day / 31, day % 31);
        for day in 0..366 {
            cache.insert(Field::Date, text(day).as_bytes(), day);
        }
        assert!((0..366).all(|day| get(&cache, Field::Date, &text(day), b",") == Some(day)));
        // More cells than slots: older ones are evicted.
        for number in 0..9000_u32 {
            cache.insert(Field::Site, number.to_string().as_bytes(), number);
            assert_eq!(get(&cache, Field::Site, &number.to_string(), b","), Some(number));
        }
    }
}
