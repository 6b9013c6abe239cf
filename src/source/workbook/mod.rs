//! Workbooks (`.xlsx .xlsm .xlsb .xls .et .ods`): sheets as tables whose lines are the rows of the sheet.
//!
//! A cell gives what it shows: a date as a day, a formula its last result, an error its name. A line break within a
//! cell becomes U+2028, so that a row of the sheet stays a line of the table and every place is true.
//!
//! - [`choice`]: which sheets are read
//! - `book`: the file formats, by what the bytes are and not by the ending
//! - `compound`, `biff`: whether the chains of sectors in an old workbook end, and its sheets can be held
//! - `shape`: merged cells and hidden rows, which the cells alone don't tell
//! - `grid`: cells to the text of a table
//! - `limits`: how much of a workbook is read

mod biff;
mod book;
pub mod choice;
mod compound;
mod error;
mod grid;
mod input;
mod limits;
mod shape;

use std::io;
use std::path::Path;

use crate::source::{Form, Sheet, Source};
use book::Book;
use choice::Choice;

pub use error::BookError;
pub use input::Bytes;

/// Whether a name ends as workbooks do. `.et` is WPS's own ending for what `.xls` is.
#[must_use]
pub fn is_workbook(path: &Path) -> bool {
    let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    matches!(ending.as_str(), "xlsx" | "xlsm" | "xlsb" | "xls" | "et" | "ods")
}

/// Reads the sheets of a workbook that hold logs, each as a source called `name`. `open` is called more than once.
///
/// # Errors
/// It can't be read, is no workbook, is encrypted, swells beyond reason, or lacks a sheet that was asked for.
pub fn read(
    name: &str,
    open: &dyn Fn() -> io::Result<Box<dyn Bytes>>,
    choice: &Choice<'_>,
) -> Result<Vec<Source>, BookError> {
    let mut book = Book::open(open)?;
    let (chosen, mut left) = choice.choose(&mut book)?;
    if chosen.is_empty() {
        // A workbook without any cell is an empty log.
        return Ok(vec![Source::text(name, "", Form::Table)]);
    }
    let mut sources = Vec::new();
    for sheet in chosen {
        let (text, hidden) = book.table(&sheet, None)?;
        let sheet = Sheet { name: sheet, hidden, left: std::mem::take(&mut left) };
        sources.push(Source::sheet(name.to_owned(), text, sheet));
    }
    Ok(sources)
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
