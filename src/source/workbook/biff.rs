//! Checks the records of an `.xls` workbook ([MS-XLS]): its sheets must fit into memory.
//!
//! The library that reads it allocates every cell between the first and the last that the file names. A few bytes can
//! therefore ask for more memory than any machine has, so the records are checked before the workbook is opened.

/// Maximum number of sheets.
const MAX_SHEETS: usize = 1024;
/// Number of cells of the largest sheet of an `.xls`: 65,536 rows of 256 columns.
const MAX_SHEET_CELLS: u64 = 65_536 * 256;

// Types of records.
pub(super) const EOF: u16 = 0x000a;
const BOUND_SHEET: u16 = 0x0085;
pub(super) const MUL_RK: u16 = 0x00bd;
/// `Formula`, `RString`, `LabelSst`, `Number`, `Label`, `BoolErr` and `RK`, which begin with row and column of a cell.
pub(super) const CELLS: [u16; 7] = [0x0006, 0x00d6, 0x00fd, 0x0203, 0x0204, 0x0205, 0x027e];
const DIMENSIONS: u16 = 0x0200;
pub(super) const BOF: u16 = 0x0809;

/// Whether the sheets of a workbook stream have at most `max` cells in total, empty ones in between included.
pub(super) fn fits(stream: &[u8], max: u64) -> bool {
    let sheets = sheet_starts(stream);
    if sheets.len() > MAX_SHEETS {
        return false;
    }
    let mut cells = 0;
    sheets.into_iter().all(|start| {
        let sheet = stream.get(start..).and_then(cells_of_sheet);
        cells += sheet.unwrap_or(0);
        // An offset beyond the stream is left to the library to report, like other faults.
        (sheet.is_some() || start > stream.len()) && cells <= max
    })
}

/// Returns where the records of each sheet begin.
pub(super) fn sheet_starts(stream: &[u8]) -> Vec<usize> {
    let sheets = BiffRecords(stream).take_while(|(kind, _)| *kind != EOF).filter(|(kind, _)| *kind == BOUND_SHEET);
    sheets.map(|(_, data)| long(data, 0) as usize).collect()
}

/// Returns the number of cells between the first and the last of a sheet; `None` if its declared dimensions exceed
/// those of any sheet.
fn cells_of_sheet(records: &[u8]) -> Option<u64> {
    let (mut rows, mut columns) = (None, None);
    let mut depth = 0;
    for (kind, data) in BiffRecords(records) {
        match kind {
            // A chart in the sheet is a nested stream of records.
            BOF => depth += 1,
            EOF if depth <= 1 => break,
            EOF => depth -= 1,
            _ if depth > 1 => {}
            DIMENSIONS if declared_cells(data) > MAX_SHEET_CELLS => return None,
            MUL_RK => {
                let last = u64::from(number(data, 2)) + (data.len() as u64).saturating_sub(6) / 6;
                grow(&mut rows, u64::from(number(data, 0)));
                grow(&mut columns, u64::from(number(data, 2)));
                grow(&mut columns, last);
            }
            kind if CELLS.contains(&kind) => {
                grow(&mut rows, u64::from(number(data, 0)));
                grow(&mut columns, u64::from(number(data, 2)));
            }
            _ => {}
        }
    }
    let span = |ends: Option<(u64, u64)>| ends.map_or(0, |(first, last)| last - first + 1);
    Some(span(rows) * span(columns))
}

/// Extends a range of rows or columns to include an index.
fn grow(ends: &mut Option<(u64, u64)>, at: u64) {
    let (first, last) = ends.unwrap_or((at, at));
    *ends = Some((first.min(at), last.max(at)));
}

/// Returns the number of cells that a `Dimensions` record declares, in its 10-byte or its 14-byte form.
fn declared_cells(data: &[u8]) -> u64 {
    let wide = data.len() > 10;
    let row = |at: usize| u64::from(number(data, at)) | if wide { u64::from(number(data, at + 2)) << 16 } else { 0 };
    let (first_row, last_row) = (row(0), row(if wide { 4 } else { 2 }));
    let columns = u64::from(number(data, if wide { 10 } else { 6 }));
    last_row.saturating_sub(first_row) * columns
}

/// Yields type and data of each record, up to one that is truncated.
pub(super) struct BiffRecords<'a>(pub(super) &'a [u8]);

impl<'a> Iterator for BiffRecords<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let length = usize::from(number(self.0.get(..4)?, 2));
        let (record, rest) = self.0.split_at_checked(length + 4)?;
        self.0 = rest;
        Some((number(record, 0), record.get(4..).unwrap_or_default()))
    }
}

/// Reads two bytes in little-endian order; 0 beyond the end.
pub(super) fn number(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |two| u16::from_le_bytes(*two))
}

/// Reads four bytes in little-endian order; 0 beyond the end.
pub(super) fn long(bytes: &[u8], at: usize) -> u32 {
    u32::from(number(bytes, at)) | u32::from(number(bytes, at + 2)) << 16
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u16, numbers: &[u16]) -> Vec<u8> {
        let head = [kind, u16::try_from(numbers.len() * 2).unwrap()];
        head.iter().chain(numbers).flat_map(|number| number.to_le_bytes()).collect()
    }

    fn book(sheet: &[Vec<u8>]) -> Vec<u8> {
        let start = record(BOUND_SHEET, &[0, 0]).len() + record(EOF, &[]).len();
        let mut stream = [record(BOUND_SHEET, &[u16::try_from(start).unwrap(), 0]), record(EOF, &[])].concat();
        stream.extend(record(BOF, &[0x600]));
        stream.extend(sheet.concat());
        stream.extend(record(EOF, &[]));
        stream
    }

    #[test]
    fn far_cells_and_large_sizes_do_not_fit() {
        let cell = |row: u16, column: u16| record(0x0203, &[row, column, 0, 0, 0, 0, 0]);
        for (sheet, expected) in [
            (vec![cell(0, 0), cell(9, 9)], true),
            (vec![cell(0, 0), cell(9, 10)], false),
            (vec![record(MUL_RK, &[0, 0, 0, 0, 0, 1, 0, 0, 1])], true),
            (vec![cell(9, 0), record(MUL_RK, &[0, 90, 0, 0, 0, 1, 0, 0, 91])], false),
            (vec![record(DIMENSIONS, &[0, 0, 0, 1, 0, 256, 0])], true),
            (vec![record(DIMENSIONS, &[0, 0, 0, 2, 0, 256, 0])], false),
            (vec![record(DIMENSIONS, &[0, 0, 0xffff, 0xffff, 0, 0xffff, 0])], false),
            (vec![record(BOF, &[]), cell(9, 0), cell(0, 99), record(EOF, &[]), cell(0, 0)], true),
        ] {
            assert_eq!(fits(&book(&sheet), 100), expected, "{sheet:?}");
        }
    }
}
