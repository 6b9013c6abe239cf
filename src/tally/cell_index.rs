//! Finds the cell of a name: in a table while the numbers are small, else by a hash.

use rustc_hash::FxHashMap;

/// Most numbers that name a cell: three keys, unit and category.
pub(super) const PARTS: usize = 5;

/// The numbers that name a cell.
pub(super) type CellName = [u32; PARTS];

/// Numbers cells in the order in which their names first came.
#[derive(Clone, Debug, Default)]
pub(super) struct CellIndex {
    names: Vec<CellName>,
    /// For each part of a name, how many numbers have room in the table, and how many places each takes.
    widths: [u32; PARTS],
    strides: [u32; PARTS],
    /// The number of a cell plus one, 0 where there is none; row by row. Empty once the cells are in `by_name`.
    table: Vec<u32>,
    by_name: FxHashMap<CellName, u32>,
}

/// Most places of the table.
const MAX_PLACES: u64 = 1 << 14;

impl CellIndex {
    /// The names of all cells, in the order of their numbers.
    pub(super) fn names(&self) -> &[CellName] {
        &self.names
    }

    /// Returns the number of a cell, which is the number of cells before if it is new.
    #[inline]
    pub(super) fn find_or_add(&mut self, name: &CellName) -> u32 {
        if let Some(found) =
            self.place(name).and_then(|place| self.table.get(place)).and_then(|cell| cell.checked_sub(1))
        {
            return found;
        }
        if self.table.is_empty()
            && let Some(found) = self.by_name.get(name)
        {
            return *found;
        }
        self.add(name)
    }

    /// The place of a name in the table, if it has room for its numbers.
    #[inline]
    fn place(&self, name: &CellName) -> Option<usize> {
        let (mut place, mut has_room) = (0_u32, true);
        for ((number, width), stride) in name.iter().zip(self.widths).zip(self.strides) {
            has_room &= *number < width;
            place = place.wrapping_add(number.wrapping_mul(stride));
        }
        has_room.then_some(place as usize)
    }

    #[cold]
    fn add(&mut self, name: &CellName) -> u32 {
        let cell = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.names.push(*name);
        let is_hashed = !self.by_name.is_empty();
        if !is_hashed && (self.place(name).is_some() || self.widen(name)) {
            self.set(cell);
        } else {
            if !is_hashed {
                self.table = Vec::new();
                self.by_name.extend(self.names.iter().copied().zip(0..cell));
            }
            self.by_name.insert(*name, cell);
        }
        cell
    }

    /// Writes a cell into the table.
    fn set(&mut self, cell: u32) {
        if let Some(place) = self.place(&self.names[cell as usize]) {
            self.table[place] = cell + 1;
        }
    }

    /// Makes room for the numbers of a name; false if that takes too many places.
    fn widen(&mut self, name: &CellName) -> bool {
        if name.iter().any(|number| u64::from(*number) >= MAX_PLACES) {
            return false;
        }
        let mut widths = self.widths;
        for (width, number) in widths.iter_mut().zip(name) {
            // Parts that no name has take one place.
            *width = if *number == 0 { 1.max(*width) } else { (number + 1).next_power_of_two().max(*width) };
        }
        let places = widths.iter().fold(1_u64, |places, width| places.saturating_mul(u64::from(*width)));
        if places > MAX_PLACES {
            return false;
        }
        self.widths = widths;
        let mut stride = 1;
        for (own, width) in self.strides.iter_mut().zip(widths).rev() {
            *own = stride;
            stride *= width;
        }
        self.table = vec![0; usize::try_from(places).unwrap_or_default()];
        let before = u32::try_from(self.names.len()).unwrap_or(u32::MAX) - 1;
        (0..before).for_each(|cell| self.set(cell));
        true
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Each name has one number, whether the numbers in it are small or not.
        #[test]
        fn a_cell_is_that_of_its_name(names in proptest::collection::vec(([0..3_u32, 0..9], prop_oneof![9 => 0..5_u32, 1 => any::<u32>()]), 1..200)) {
            let mut index = CellIndex::default();
            let mut seen: Vec<CellName> = Vec::new();
            for ([first, second], third) in names.iter().chain(&names) {
                let name = [*first, *second, *third, 0, 0];
                let expected = seen.iter().position(|known| *known == name).unwrap_or(seen.len());
                if expected == seen.len() {
                    seen.push(name);
                }
                prop_assert_eq!(index.find_or_add(&name) as usize, expected);
                prop_assert_eq!(index.names(), &seen[..]);
            }
        }
    }
}
