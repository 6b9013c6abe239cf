//! Short cells that came before, with what each of them means. The cells of a log are few, most are short, and they come
//! again and again: such a one is known by a few words compared at once.

use crate::delimited::cells::Padded;
use crate::model::Field;

/// What cells of some fields mean. A cell is known as it is written, white space around it included.
#[derive(Clone, Debug)]
pub(in crate::log) struct CellCache<T>(Box<[Slot<T>]>);

/// A cell, with zeros behind it, and what it means.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
struct Slot<T> {
    halves: [u64; Padded::MOST / HALF],
    mark: u32,
    meaning: T,
}

const HALF: usize = size_of::<u64>();
/// Bytes are compared by so many: five Chinese characters.
const WORD: usize = 2 * HALF;

/// So many that few cells want the same.
const SLOTS: usize = 1 << SLOT_BITS;
const SLOT_BITS: u32 = 12;
/// In so many, from the one that it wants on, what is kept may be.
pub(in crate::log) const NEAR: usize = 8;
/// Spreads what differs in any bit over the first bits.
pub(in crate::log) const MIX: u64 = 0x9e37_79b9_7f4a_7c15;

const _: () = assert!(Padded::MOST < 1 << 6, "room for each length in a mark");

/// The mark of no cell.
const FREE: u32 = u32::MAX;

/// For each length, which bits of two halves belong to the cell.
const MASKS: [[u64; 2]; WORD + 1] = {
    let mut masks = [[u64::MAX; 2]; WORD + 1];
    let mut length = 0;
    while length < WORD {
        let (half, bits) = (length / HALF, 8 * (length % HALF));
        masks[length][half] = (1 << bits) - 1;
        if half == 0 {
            masks[length][1] = 0;
        }
        length += 1;
    }
    masks
};

impl<T: Copy + Default> Default for CellCache<T> {
    fn default() -> Self {
        let free = Slot { halves: [0; Padded::MOST / HALF], mark: FREE, meaning: T::default() };
        Self(vec![free; SLOTS].into())
    }
}

impl<T: Copy> CellCache<T> {
    /// What a cell means, if it is at hand.
    #[inline]
    pub(in crate::log) fn get(&self, field: Field, cell: &Padded<'_>) -> Option<T> {
        // How many words it has, is nearly always the same for a field.
        if cell.length <= WORD {
            self.find::<1>(field, cell)
        } else if cell.length <= 2 * WORD {
            self.find::<2>(field, cell)
        } else {
            self.find::<3>(field, cell)
        }
    }

    #[inline]
    fn find<const WORDS: usize>(&self, field: Field, cell: &Padded<'_>) -> Option<T> {
        let (words, mark) = (words::<WORDS>(cell), mark(field, cell.length));
        let wanted = wanted(&words, mark);
        for near in 0..NEAR {
            let slot = &self.0[(wanted + near) % SLOTS];
            if slot.mark == mark && is_same(&slot.halves, words.as_flattened()) {
                return Some(slot.meaning);
            }
        }
        None
    }

    /// Keeps what a cell means at hand, unless it is too long.
    pub(in crate::log) fn keep(&mut self, field: Field, cell: &[u8], meaning: T) {
        let mut bytes = [0; Padded::MOST];
        let length = cell.len();
        let Some(start) = bytes.get_mut(..length) else { return };
        start.copy_from_slice(cell);
        let cell = Padded { bytes: &bytes, length };
        let mark = mark(field, length);
        let wanted = match length.div_ceil(WORD) {
            0 | 1 => wanted(&words::<1>(&cell), mark),
            2 => wanted(&words::<2>(&cell), mark),
            _ => wanted(&words::<3>(&cell), mark),
        };
        let mut halves = [0; Padded::MOST / HALF];
        for (half, bytes) in halves.iter_mut().zip(bytes.as_chunks().0) {
            *half = u64::from_le_bytes(*bytes);
        }
        // One that is free, or was for this cell; where there is none, that which was there goes.
        let free = |slot: &Slot<T>| slot.mark == FREE || slot.mark == mark && slot.halves == halves;
        let near = (0..NEAR).find(|near| free(&self.0[(wanted + near) % SLOTS]));
        self.0[(wanted + near.unwrap_or(0)) % SLOTS] = Slot { halves, mark, meaning };
    }
}

/// The field and the length of a cell. Lengths have six bits.
#[inline]
fn mark(field: Field, length: usize) -> u32 {
    (field as u32) << 6 | u32::try_from(length).unwrap_or(u32::MAX >> 1)
}

/// The words of a cell that has so many, with zeros behind it.
#[inline]
fn words<const WORDS: usize>(cell: &Padded<'_>) -> [[u64; 2]; WORDS] {
    let mut words = [[0; 2]; WORDS];
    for (word, bytes) in words.iter_mut().zip(cell.bytes.as_chunks::<WORD>().0) {
        let halves = bytes.as_chunks::<HALF>().0;
        *word = [u64::from_le_bytes(halves[0]), u64::from_le_bytes(halves[1])];
    }
    if let Some([low, high]) = words.last_mut() {
        let mask = MASKS[cell.length.saturating_sub((WORDS - 1) * WORD).min(WORD)];
        *low &= mask[0];
        *high &= mask[1];
    }
    words
}

/// Whether the first halves are these. They are compared where they are, in registers: for arrays the compiler puts them
/// into memory first, and waits for them.
#[inline]
fn is_same(known: &[u64], halves: &[u64]) -> bool {
    known.iter().zip(halves).fold(0, |differ, (known, half)| differ | (known ^ half)) == 0
}

/// The slot that a cell wants.
#[inline]
fn wanted(words: &[[u64; 2]], mark: u32) -> usize {
    let folded = words.as_flattened().iter().fold(u64::from(mark), |folded, half| folded.rotate_left(11) ^ half);
    (folded.wrapping_mul(MIX) >> (u64::BITS - SLOT_BITS)) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn get(cached: &CellCache<u32>, field: Field, cell: &str, behind: &[u8]) -> Option<u32> {
        let mut bytes = cell.as_bytes().to_vec();
        bytes.extend(behind.iter().cycle().take(Padded::MOST));
        cached.get(field, &Padded { bytes: bytes.first_chunk()?, length: cell.len() })
    }

    proptest! {
        /// What is at hand belongs to the very cell and field, whatever stands behind it in the row.
        #[test]
        fn a_meaning_is_that_of_its_cell(
            cells in proptest::collection::vec(("[ab甲 \0]{0,16}|第[0-9]{1,2}街道办事处", prop::sample::select(&[Field::Unit, Field::Site][..])), 1..80),
            behind in proptest::collection::vec(any::<u8>(), 1..5),
        ) {
            let mut cached = CellCache::default();
            let mut order: Vec<&(String, Field)> = Vec::new();
            for of in cells.iter().chain(&cells) {
                if !order.contains(&of) {
                    order.push(of);
                }
                let (cell, field) = of;
                let expected = order.iter().position(|other| *other == of).and_then(|at| u32::try_from(at).ok());
                let found = get(&cached, *field, cell, &behind);
                prop_assert!(found.is_none() || found == expected, "{}", cell);
                cached.keep(*field, cell.as_bytes(), expected.unwrap());
                prop_assert_eq!(get(&cached, *field, cell, &behind), expected);
            }
        }
    }

    #[test]
    fn as_many_as_a_log_has_are_at_hand_together() {
        let mut cached = CellCache::default();
        let text = |day: u32| format!("2021-{:02}-{:02}", day / 31, day % 31);
        for day in 0..366 {
            cached.keep(Field::Date, text(day).as_bytes(), day);
        }
        assert!((0..366).all(|day| get(&cached, Field::Date, &text(day), b",") == Some(day)));
        // When there is no more room, what comes last is at hand.
        for number in 0..9000_u32 {
            cached.keep(Field::Site, number.to_string().as_bytes(), number);
            assert_eq!(get(&cached, Field::Site, &number.to_string(), b","), Some(number));
        }
    }
}
