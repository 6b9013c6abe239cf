//! Edits, and the places they name.

use std::fmt;
use std::str::FromStr;

use crate::source::workbook::{address, place_of_address};

/// A cell and its new value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The cell.
    pub place: EditPlace,
    /// What the cell is to show now, if that is known; where it shows something else, nothing is mended.
    pub was: Option<String>,
    /// What it is to show.
    pub value: String,
}

/// A cell as an edit names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditPlace {
    /// The sheet of a workbook; none: the one that `check` reads.
    pub sheet: Option<String>,
    /// The line, from 1, as `check` prints it; in a workbook the row.
    pub line: u32,
    /// Where on the line.
    pub column: Column,
}

/// Where on its line a cell is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Column {
    /// The column of the table, from 0.
    Cell(u16),
    /// The character of the line, from 1, as `check` prints it.
    Character(u32),
    /// By its header or key, in the words of the log or as a canonical key.
    Named(String),
}

impl fmt::Display for EditPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(sheet) = &self.sheet {
            write!(f, "{sheet}!")?;
        }
        match &self.column {
            Column::Cell(cell) => f.write_str(&address(self.line, *cell)),
            Column::Character(column) => write!(f, "{}:{column}", self.line),
            Column::Named(name) => write!(f, "{}:{name}", self.line),
        }
    }
}

impl FromStr for EditPlace {
    type Err = ();

    /// Reads `E5`, `5:8` or `5:deadline`, each perhaps behind `SHEET!`.
    fn from_str(text: &str) -> Result<Self, ()> {
        let within = |text: &str| -> Option<(u32, Column)> {
            if let Some((row, column)) = place_of_address(text) {
                return Some((row + 1, Column::Cell(u16::try_from(column).ok()?)));
            }
            let (line, column) = text.split_once(':')?;
            let line = line.parse().ok().filter(|line| *line > 0)?;
            let column = match column.parse::<u32>() {
                Ok(0) => return None,
                Ok(column) => Column::Character(column),
                Err(_) if column.trim().is_empty() => return None,
                Err(_) => Column::Named(column.to_owned()),
            };
            Some((line, column))
        };
        // A name of a sheet or a header may have the mark itself.
        for (at, _) in text.char_indices().rev().filter(|(_, c)| *c == '!') {
            let (sheet, rest) = (text.get(..at).unwrap_or_default(), text.get(at + 1..).unwrap_or_default());
            if let Some((line, column)) = within(rest).filter(|_| !sheet.is_empty() && within(text).is_none()) {
                return Ok(Self { sheet: Some(sheet.to_owned()), line, column });
            }
        }
        within(text).map(|(line, column)| Self { sheet: None, line, column }).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_it_is_printed() {
        for text in ["E5", "AA10", "台账!E5", "a!b!C3", "5:8", "5:整改期限", "台账!5:整改期限", "台账!2:4", "5:a!b"]
        {
            let place: EditPlace = text.parse().unwrap();
            assert_eq!(place.to_string(), text);
        }
        let place: EditPlace = "台账!AB7".parse().unwrap();
        assert_eq!(place, EditPlace { sheet: Some("台账".to_owned()), line: 7, column: Column::Cell(27) });
        for wrong in ["", "E", "5", "E0", "0:8", "5:0", "5:", "!E5", "甲5", "AAAA5", "XFE1"] {
            assert!(wrong.parse::<EditPlace>().is_err(), "{wrong}");
        }
    }
}
