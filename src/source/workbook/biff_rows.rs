//! Finds in the records of an `.xls` workbook ([MS-XLS]) which rows are hidden and which cells are struck out: the library
//! that reads its cells tells neither.

use std::collections::BTreeSet;

use crate::source::workbook::biff::{BOF, BiffRecords, CELLS, EOF, MUL_RK, number, sheet_starts};

// Types of records.
const FONT: u16 = 0x0031;
const XF: u16 = 0x00e0;
const ROW: u16 = 0x0208;

/// A row that does not show (`Row`, fDyZero).
const HIDDEN: u16 = 0x20;
/// The height of a row, without the bit that says that it is the usual one.
const HEIGHT: u16 = 0x7fff;
/// A font that strikes out (`Font`, fStrikeOut).
const STRUCK: u16 = 0x08;
/// The number that no font has: those behind it are one less than their place.
const NO_FONT: usize = 4;

/// The rows of a sheet that do not show and the cells that are struck out, from 0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct BiffRows {
    pub(super) hidden: Vec<u32>,
    pub(super) struck: BTreeSet<(u32, u32)>,
}

/// Returns those of each sheet of a workbook stream, in the order of its sheets.
pub(super) fn rows(stream: &[u8]) -> Vec<BiffRows> {
    let looks = struck_looks(stream);
    let starts = sheet_starts(stream).into_iter();
    starts.map(|start| stream.get(start..).map(|records| of_sheet(records, &looks)).unwrap_or_default()).collect()
}

/// Which of the workbook's cell formats strike out.
fn struck_looks(stream: &[u8]) -> Vec<bool> {
    let (mut fonts, mut looks) = (Vec::new(), Vec::new());
    for (kind, data) in BiffRecords(stream).take_while(|(kind, _)| *kind != EOF) {
        match kind {
            FONT => fonts.push(number(data, 2) & STRUCK != 0),
            XF => looks.push(usize::from(number(data, 0))),
            _ => {}
        }
    }
    let is_struck = |font: usize| fonts.get(font - usize::from(font > NO_FONT)).copied().unwrap_or(false);
    looks.into_iter().map(is_struck).collect()
}

fn of_sheet(records: &[u8], looks: &[bool]) -> BiffRows {
    let mut found = BiffRows::default();
    let is_struck = |look: u16| looks.get(usize::from(look)).copied().unwrap_or(false);
    let mut depth = 0;
    for (kind, data) in BiffRecords(records) {
        let (row, column) = (u32::from(number(data, 0)), u32::from(number(data, 2)));
        match kind {
            // A chart in the sheet is a nested stream of records.
            BOF => depth += 1,
            EOF if depth <= 1 => break,
            EOF => depth -= 1,
            _ if depth > 1 => {}
            ROW if number(data, 12) & HIDDEN != 0 || number(data, 6) & HEIGHT == 0 => found.hidden.push(row),
            MUL_RK => {
                let each = data.get(4..).unwrap_or_default().chunks_exact(6).zip(column..);
                let struck = each.filter(|(cell, _)| is_struck(number(cell, 0)));
                found.struck.extend(struck.map(|(_, column)| (row, column)));
            }
            kind if CELLS.contains(&kind) && is_struck(number(data, 4)) => {
                found.struck.insert((row, column));
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_bytes_are_read_to_their_end(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            // Most bytes make no record: with a sheet at the first byte, all of them are looked at twice.
            let found = of_sheet(&bytes, &struck_looks(&bytes));
            prop_assert!(found.hidden.len() + found.struck.len() <= bytes.len());
            prop_assert!(rows(&bytes).len() <= bytes.len());
        }
    }
}
