//! Workbooks (`.xlsx`, `.xlsm`): the first sheet that shows and holds anything, as a table whose lines are the rows of
//! the sheet.
//!
//! A cell gives what it shows: a date as a day, a formula its last result, an error its name. A line break within a
//! cell becomes U+2028, so that a row of the sheet stays a line of the table and every place is true.

use std::fs::File;
use std::io::{self, BufReader};
use std::path::Path;

use calamine::{Data, DataRef, Reader as _, SheetType, SheetVisible, Xlsx, XlsxError};

/// The most that a workbook may hold when unpacked: a small file that swells beyond it is a bomb.
const MOST_BYTES: u64 = 1 << 30;
/// The rows and columns of the largest sheet there can be.
const MOST_ROWS: u32 = 1_048_576;
const MOST_COLUMNS: u32 = 16_384;
/// Cells, empty ones between others counted: a sheet of a few far cells is not to fill the memory.
const MOST_CELLS: u64 = 50_000_000;

/// A sheet as a table.
#[derive(Debug)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// Its rows as CSV, one line each.
    pub text: String,
}

/// Reads the sheet of a workbook that holds the log.
///
/// # Errors
/// The file can't be read, is no workbook, is encrypted, or swells beyond reason.
pub fn read(path: &Path) -> io::Result<Option<Sheet>> {
    let wrong = |text: String| io::Error::new(io::ErrorKind::InvalidData, text);
    let unpacked = unpacked(path).map_err(|error| wrong(error.to_string()))?;
    if unpacked > MOST_BYTES {
        return Err(wrong(format!("{unpacked} bytes when unpacked; the limit is {MOST_BYTES}")));
    }
    let mut book: Xlsx<_> =
        Xlsx::new(BufReader::new(File::open(path)?)).map_err(|error: XlsxError| wrong(error.to_string()))?;
    let sheets: Vec<String> = book
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.visible == SheetVisible::Visible && sheet.typ == SheetType::WorkSheet)
        .map(|sheet| sheet.name.clone())
        .collect();
    for name in sheets {
        let text = table(&mut book, &name).map_err(wrong)?;
        if !text.trim().is_empty() {
            return Ok(Some(Sheet { name, text }));
        }
    }
    Ok(None)
}

/// What the parts of a package say they are when unpacked.
fn unpacked(path: &Path) -> zip::result::ZipResult<u64> {
    let mut package = zip::ZipArchive::new(BufReader::new(File::open(path)?))?;
    let mut all = 0_u64;
    for index in 0..package.len() {
        all = all.saturating_add(package.by_index_raw(index)?.size());
    }
    Ok(all)
}

fn table(book: &mut Xlsx<BufReader<File>>, name: &str) -> Result<String, String> {
    let mut cells = book.worksheet_cells_reader(name).map_err(|error| error.to_string())?;
    let (mut text, mut at, mut count) = (String::new(), (0_u32, 0_u32), 0_u64);
    while let Some(cell) = cells.next_cell().map_err(|error| error.to_string())? {
        let (row, column) = cell.get_position();
        let value = shown(cell.get_value());
        if value.is_empty() || row >= MOST_ROWS || column >= MOST_COLUMNS {
            continue;
        }
        // Cells come in order; one that goes back would stand in another's place.
        if (row, column) < at {
            return Err(format!("the cells of {name} are out of order"));
        }
        while at.0 < row {
            text.push('\n');
            at = (at.0 + 1, 0);
        }
        count += u64::from(column - at.1) + 1;
        if count > MOST_CELLS {
            return Err(format!("{name} has more than {MOST_CELLS} cells"));
        }
        while at.1 < column {
            text.push(',');
            at.1 += 1;
        }
        let plain: String = value.chars().map(|c| if matches!(c, '\n' | '\r') { '\u{2028}' } else { c }).collect();
        if plain.contains([',', '"']) {
            text.push('"');
            text.push_str(&plain.replace('"', "\"\""));
            text.push('"');
        } else {
            text.push_str(&plain);
        }
    }
    Ok(text)
}

/// A cell as it shows.
fn shown(value: &DataRef<'_>) -> String {
    match Data::from(value.clone()) {
        Data::Empty => String::new(),
        Data::Int(number) => number.to_string(),
        // Sixteen digits hold every whole number that a cell can.
        Data::Float(number) => number.to_string(),
        Data::Bool(truth) => if truth { "TRUE" } else { "FALSE" }.to_owned(),
        Data::DateTime(moment) => match moment.as_datetime() {
            Some(moment) if moment.time() == chrono::NaiveTime::MIN => moment.date().to_string(),
            Some(moment) => moment.format("%Y-%m-%d %H:%M").to_string(),
            None => moment.as_f64().to_string(),
        },
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text,
        Data::Error(error) => error.to_string(),
    }
}

/// `H3` for the eighth cell of line 3.
#[must_use]
pub fn address(line: u32, cell: u16) -> String {
    let mut letters = Vec::new();
    let mut rest = u32::from(cell) + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or(0)));
        rest /= 26;
    }
    letters.iter().rev().collect::<String>() + &line.to_string()
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn cells_have_their_addresses() {
        for (cell, expected) in [(0, "A3"), (7, "H3"), (25, "Z3"), (26, "AA3"), (701, "ZZ3"), (702, "AAA3")] {
            assert_eq!(address(3, cell), expected);
        }
    }
}
