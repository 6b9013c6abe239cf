//! Reads workbooks (`.xlsx .xlsm .xlsb .xls .et .ods`): a sheet becomes a table with one line per row of the sheet.
//!
//! A cell becomes the text that it shows: a date is a day, a formula its last result, an error its name. A line break
//! in a cell becomes U+2028, so that a row of the sheet stays a line of the table and places are exact.
//!
//! - [`choice`]: selects the sheets to be read
//! - `book`: opens a workbook; its format is detected from its bytes, not from the extension; `xlsx_book`: an `.xlsx`
//! - `plain`: streams the rows of an `.xlsx`
//! - `biff`: checks that the sheets of an `.xls` fit into memory, as `compound` that its sector chains end
//! - `shape`: finds merged cells and hidden rows; `biff_rows`, `xlsb`: those of `.xls` and `.xlsb`
//! - `grid`: writes the cells of a sheet as CSV
//! - `written`: what must be known of an `.xlsx` to write its cells
//! - `placeholder`: the texts of cells that have none
//! - `origin`: whether duban wrote the workbook itself
//! - `limits`: limits of what is read

mod biff;
mod biff_rows;
mod book;
pub mod choice;
mod error;
mod grid;
mod input;
mod limits;
mod origin;
mod placeholder;
mod plain;
mod shape;
mod written;
mod xlsb;
mod xlsx_book;

use std::io;
use std::path::Path;

use crate::source::{Form, Sheet, Source};
use book::Book;
use choice::Choice;
use grid::Found;

pub use error::BookError;
pub use input::Bytes;
pub use placeholder::{PICTURE, UNCALCULATED};
pub use written::{CellFormat, WrittenSheet};

/// Whether a path has the extension of a workbook, in either case. `.et` is what WPS calls its `.xls` files.
#[must_use]
pub fn is_workbook(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    matches!(extension.as_str(), "xlsx" | "xlsm" | "xlsb" | "xls" | "et" | "ods")
}

/// Reads the chosen sheets of a workbook, each as a source called `name`.
///
/// `open` opens the workbook anew; it is called more than once. A workbook without any cell yields one empty source.
///
/// # Errors
/// The file cannot be read, is not a workbook, is encrypted, exceeds a limit, or lacks a requested sheet.
pub fn read(
    name: &str,
    open: &dyn Fn() -> io::Result<Box<dyn Bytes>>,
    choice: &Choice<'_>,
) -> Result<Vec<Source>, BookError> {
    let mut book = Book::open(open)?;
    let (chosen, mut left) = choice.choose(&mut book)?;
    if chosen.is_empty() {
        return Ok(vec![Source::text(name, "", Form::Table)]);
    }
    let own = origin::own_output(open()?);
    let mut sources = Vec::new();
    for sheet in chosen {
        let (text, found) = book.table(&sheet, None)?;
        let utc_days = found.utc_days();
        let hidden_years = found.hidden_years();
        let Found { hidden, struck, short_numbers, struck_parts, merged, .. } = found;
        let left = std::mem::take(&mut left);
        let sheet = Sheet {
            name: sheet,
            hidden,
            struck,
            short_numbers,
            struck_parts,
            hidden_years,
            merged,
            utc_days,
            left,
            own,
        };
        sources.push(Source::sheet(name.to_owned(), text, sheet));
    }
    Ok(sources)
}

/// Returns what must be known to write a sheet; `None` if the workbook is no `.xlsx`.
///
/// # Errors
/// The workbook can't be read, or has no such sheet.
pub fn written_sheet(
    open: &dyn Fn() -> io::Result<Box<dyn Bytes>>,
    sheet: &str,
) -> Result<Option<WrittenSheet>, BookError> {
    Book::open(open)?.written(sheet)
}

/// Returns the address of a cell: `H3` for line 3, counted from 1, and cell 7, counted from 0.
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

/// Returns the row and the column of an address, both from 0: 2 and 7 for `H3`. `None` beyond the size of a sheet.
#[must_use]
pub fn place_of_address(address: &str) -> Option<(u32, u32)> {
    let (row, column) = shape::parse_address(address)?;
    (row < grid::MAX_ROWS && column < grid::MAX_COLUMNS).then_some((row, column))
}

#[cfg(test)]
mod tests {
    use super::{address, place_of_address};

    #[test]
    fn cells_have_their_addresses() {
        for (cell, expected) in [(0, "A3"), (7, "H3"), (25, "Z3"), (26, "AA3"), (701, "ZZ3"), (702, "AAA3")] {
            assert_eq!(address(3, cell), expected);
            assert_eq!(place_of_address(expected), Some((2, cell.into())));
        }
    }
}
