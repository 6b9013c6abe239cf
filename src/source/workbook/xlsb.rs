//! Finds in the parts of an `.xlsb` workbook ([MS-XLSB]) which cells are merged or struck out and which rows are hidden: the
//! library that reads its cells tells none of it.

use std::collections::BTreeSet;

use crate::source::workbook::biff::{long, number};

// Types of records.
const ROW_HEADER: u16 = 0;
/// The records of cells with a value: `BrtCellRk` to `BrtFmlaError`.
const CELLS: std::ops::RangeInclusive<u16> = 2..=11;
const FONT: u16 = 43;
const CELL_FORMAT: u16 = 47;
const BUNDLE_SHEET: u16 = 156;
const MERGE_CELL: u16 = 176;
const BEGIN_CELL_FORMATS: u16 = 617;
const END_CELL_FORMATS: u16 = 618;

/// A row that does not show (`BrtRowHdr`, fDyZero), in the byte behind the height.
const HIDDEN: u8 = 0x10;
/// A font that strikes out (`BrtFont`, fStrikeout).
const STRUCK: u16 = 0x08;
/// The greatest number of characters of a name or a relationship.
const MAX_NAME: usize = 255;

/// The first and the last cell of a region, as row and column from 0.
pub(super) type Region = ((u32, u32), (u32, u32));

/// Returns the sheets that the main part of a workbook lists: name and relationship.
pub(super) fn sheets(main: &[u8]) -> Vec<(String, String)> {
    let of_sheet = |(kind, data): (u16, &[u8])| {
        let (relation, rest) = text(data.get(8..).filter(|_| kind == BUNDLE_SHEET)?)?;
        Some((text(rest)?.0, relation))
    };
    Records(main).filter_map(of_sheet).collect()
}

/// Returns which of the cell formats of the part of styles strike out.
pub(super) fn struck_looks(styles: &[u8]) -> Vec<bool> {
    let (mut fonts, mut looks, mut is_of_cells) = (Vec::new(), Vec::new(), false);
    for (kind, data) in Records(styles) {
        match kind {
            FONT => fonts.push(number(data, 2) & STRUCK != 0),
            BEGIN_CELL_FORMATS => is_of_cells = true,
            END_CELL_FORMATS => is_of_cells = false,
            CELL_FORMAT if is_of_cells => {
                looks.push(fonts.get(usize::from(number(data, 4))).copied().unwrap_or(false));
            }
            _ => {}
        }
    }
    looks
}

/// What the part of a sheet says beside the values of its cells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct XlsbShape {
    pub(super) merged: Vec<Region>,
    pub(super) hidden: Vec<u32>,
    pub(super) struck: BTreeSet<(u32, u32)>,
}

/// Returns the shape of the part of a sheet. `looks` says which cell formats strike out.
pub(super) fn shape(sheet: &[u8], looks: &[bool]) -> XlsbShape {
    let (mut found, mut row) = (XlsbShape::default(), 0);
    for (kind, data) in Records(sheet) {
        match kind {
            ROW_HEADER => {
                row = long(data, 0);
                let is_hidden = data.get(11).is_some_and(|flags| flags & HIDDEN != 0);
                if is_hidden || data.len() > 9 && number(data, 8) == 0 {
                    found.hidden.push(row);
                }
            }
            kind if CELLS.contains(&kind) => {
                let look = usize::try_from(long(data, 4) & 0x00ff_ffff).unwrap_or(usize::MAX);
                if looks.get(look).copied().unwrap_or(false) {
                    found.struck.insert((row, long(data, 0)));
                }
            }
            MERGE_CELL if data.len() >= 16 => {
                found.merged.push(((long(data, 0), long(data, 8)), (long(data, 4), long(data, 12))));
            }
            _ => {}
        }
    }
    found
}

/// Reads a text with its length before it. Returns the text and what follows.
fn text(data: &[u8]) -> Option<(String, &[u8])> {
    let length = usize::try_from(long(data, 0)).ok().filter(|length| *length <= MAX_NAME)?;
    let (text, rest) = data.get(4..)?.split_at_checked(2 * length)?;
    let units = text.chunks_exact(2).map(|unit| number(unit, 0));
    Some((char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect(), rest))
}

/// Yields type and data of each record, up to one that is truncated.
struct Records<'a>(&'a [u8]);

impl Records<'_> {
    /// Reads a number of up to `bytes` bytes with seven bits each, the lowest first; the highest bit says that more follow.
    fn number(&mut self, bytes: usize) -> Option<u32> {
        let mut value = 0;
        for at in 0..bytes {
            let (byte, rest) = self.0.split_first()?;
            self.0 = rest;
            value |= u32::from(byte & 0x7f) << (7 * at);
            if byte & 0x80 == 0 {
                break;
            }
        }
        Some(value)
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let kind = u16::try_from(self.number(2)?).ok()?;
        let length = usize::try_from(self.number(4)?).ok()?;
        let (data, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some((kind, data))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lengths_have_seven_bits_a_byte_and_a_cut_record_ends_the_reading() {
        let row = [&[0, 0x8c, 0][..], &[3, 0, 0, 0, 0, 0, 0, 0, 44, 1, 0, 0x10]].concat();
        let flat = [&[0, 12][..], &[5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]].concat();
        let merge = [&[0xb0, 1, 16][..], &[1, 0, 0, 0, 2, 0, 0, 0, 7, 0, 0, 0, 8, 0, 0, 0]].concat();
        let whole = [row, flat, merge.clone()].concat();
        let found = |bytes| {
            let XlsbShape { merged, hidden, .. } = shape(bytes, &[]);
            (merged, hidden)
        };
        assert_eq!(found(&whole), (vec![((1, 7), (2, 8))], vec![3, 5]));
        assert_eq!(found(&whole[..whole.len() - 1]), (vec![], vec![3, 5]));
        assert_eq!(sheets(&merge), []);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_to_their_end(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let XlsbShape { merged, hidden, struck } = shape(&bytes, &struck_looks(&bytes));
            prop_assert!(merged.len() + hidden.len() + struck.len() + sheets(&bytes).len() <= bytes.len());
        }
    }
}
