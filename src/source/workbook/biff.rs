//! The records of an old workbook ([MS-XLS]): whether its sheets are of a size that can be held.
//!
//! Its reader makes room for every cell between the first and the last, as the file says. A few bytes can so ask for
//! more memory than any machine has; the records are gone through here before that.

/// The sheets of a workbook are not looked at beyond so many.
const MOST_SHEETS: usize = 1024;
/// All cells that an old sheet can have (65,536 rows of 256 columns): what it may say of its size.
const WHOLE_SHEET: u64 = 65_536 * 256;

const FORMULA: u16 = 0x0006;
const END: u16 = 0x000a;
const SHEET: u16 = 0x0085;
const NUMBERS: u16 = 0x00bd;
const CELLS: [u16; 7] = [0x00d6, 0x00fd, 0x0203, 0x0204, 0x0205, 0x027e, FORMULA];
const SIZE: u16 = 0x0200;
const BEGIN: u16 = 0x0809;

/// Whether the sheets of a workbook's stream, taken together, have no more than `most` cells, empty ones between others
/// counted.
pub(super) fn fits(stream: &[u8], most: u64) -> bool {
    let sheets: Vec<usize> = BiffRecords(stream)
        .take_while(|(kind, _)| *kind != END)
        .filter(|(kind, _)| *kind == SHEET)
        .map(|(_, data)| number(data, 0) as usize | (number(data, 2) as usize) << 16)
        .collect();
    if sheets.len() > MOST_SHEETS {
        return false;
    }
    let mut cells = 0;
    sheets.into_iter().all(|start| {
        let sheet = stream.get(start..).and_then(cells_of_sheet);
        cells += sheet.unwrap_or(0);
        // A place beyond the stream is left to the reader, as other faults are.
        (sheet.is_some() || start > stream.len()) && cells <= most
    })
}

/// How many cells lie between the first and the last of a sheet; nothing if it says that it is larger than a sheet can be.
fn cells_of_sheet(records: &[u8]) -> Option<u64> {
    let (mut rows, mut columns) = (None, None);
    let mut depth = 0;
    for (kind, data) in BiffRecords(records) {
        match kind {
            // A chart within the sheet has records of its own.
            BEGIN => depth += 1,
            END if depth <= 1 => break,
            END => depth -= 1,
            _ if depth > 1 => {}
            SIZE if size(data) > WHOLE_SHEET => return None,
            NUMBERS => {
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

fn grow(ends: &mut Option<(u64, u64)>, at: u64) {
    let (first, last) = ends.unwrap_or((at, at));
    *ends = Some((first.min(at), last.max(at)));
}

/// Rows times columns as a sheet says of itself: in ten bytes, or in fourteen.
fn size(data: &[u8]) -> u64 {
    let wide = data.len() > 10;
    let row = |at: usize| u64::from(number(data, at)) | if wide { u64::from(number(data, at + 2)) << 16 } else { 0 };
    let (first_row, last_row) = (row(0), row(if wide { 4 } else { 2 }));
    let columns = u64::from(number(data, if wide { 10 } else { 6 }));
    last_row.saturating_sub(first_row) * columns
}

/// Kind and data of each record, up to one that is cut off.
struct BiffRecords<'a>(&'a [u8]);

impl<'a> Iterator for BiffRecords<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let length = usize::from(number(self.0.get(..4)?, 2));
        let (record, rest) = self.0.split_at_checked(length + 4)?;
        self.0 = rest;
        Some((number(record, 0), record.get(4..).unwrap_or_default()))
    }
}

fn number(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |two| u16::from_le_bytes(*two))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u16, numbers: &[u16]) -> Vec<u8> {
        let head = [kind, u16::try_from(numbers.len() * 2).unwrap()];
        head.iter().chain(numbers).flat_map(|number| number.to_le_bytes()).collect()
    }

    fn book(sheet: &[Vec<u8>]) -> Vec<u8> {
        let start = record(SHEET, &[0, 0]).len() + record(END, &[]).len();
        let mut stream = [record(SHEET, &[u16::try_from(start).unwrap(), 0]), record(END, &[])].concat();
        stream.extend(record(BEGIN, &[0x600]));
        stream.extend(sheet.concat());
        stream.extend(record(END, &[]));
        stream
    }

    #[test]
    fn far_cells_and_large_sizes_do_not_fit() {
        let cell = |row: u16, column: u16| record(0x0203, &[row, column, 0, 0, 0, 0, 0]);
        for (sheet, expected) in [
            (vec![cell(0, 0), cell(9, 9)], true),
            (vec![cell(0, 0), cell(9, 10)], false),
            (vec![record(NUMBERS, &[0, 0, 0, 0, 0, 1, 0, 0, 1])], true),
            (vec![cell(9, 0), record(NUMBERS, &[0, 90, 0, 0, 0, 1, 0, 0, 91])], false),
            (vec![record(SIZE, &[0, 0, 0, 1, 0, 256, 0])], true),
            (vec![record(SIZE, &[0, 0, 0, 2, 0, 256, 0])], false),
            (vec![record(SIZE, &[0, 0, 0xffff, 0xffff, 0, 0xffff, 0])], false),
            (vec![record(BEGIN, &[]), cell(9, 0), cell(0, 99), record(END, &[]), cell(0, 0)], true),
        ] {
            assert_eq!(fits(&book(&sheet), 100), expected, "{sheet:?}");
        }
    }
}
