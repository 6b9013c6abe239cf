//! Small tables whose columns are looked up by name: sites, previously issued documents.
//!
//! As in a log, the delimiter may be `,`, `;` or a tab, and title rows may precede the header.

use crate::delimited::text::{Record, Unreadable, records};
use crate::place::OneBased;

/// Maximum number of rows (titles, blank cells) above the header of a table.
pub(crate) const TITLE_ROWS: usize = 30;

/// Returns the delimiter with the highest score; a comma on a tie.
pub(crate) fn choose_delimiter(score: impl Fn(u8) -> (usize, usize)) -> u8 {
    // `max_by_key` returns the last of several maxima.
    [b'\t', b';', b','].into_iter().max_by_key(|delimiter| score(*delimiter)).unwrap_or(b',')
}

/// A column: its key, and alternative spellings of its header.
pub(crate) type Column = (&'static str, &'static [&'static str]);

/// A table whose header has been located.
#[derive(Debug)]
pub(crate) struct Headed {
    /// The delimiter between cells.
    pub(crate) delimiter: u8,
    /// The text of each header cell, and the key of the column it names.
    pub(crate) header: Vec<(String, Option<&'static str>)>,
    /// The line of the header; line 1 if the table is empty.
    pub(crate) line: OneBased,
    /// The rows below the header that are not blank.
    pub(crate) rows: Vec<HeadedRow>,
}

/// A row of a [`Headed`] table.
#[derive(Debug)]
pub(crate) struct HeadedRow {
    /// The line it begins on.
    pub(crate) line: OneBased,
    /// The values of its cells, trimmed.
    pub(crate) cells: Vec<String>,
}

impl Headed {
    /// Reads a table.
    ///
    /// The header is the first row that names two columns, otherwise the first that names one, otherwise the first row.
    ///
    /// # Errors
    /// A quote is never closed, or a record exceeds the limits of the scanner.
    pub(crate) fn read(text: &str, columns: &[Column]) -> Result<Self, Unreadable> {
        let known = |cell: &str| {
            let named = columns.iter().find(|(key, synonyms)| *key == cell || synonyms.contains(&cell));
            named.map(|(key, _)| *key)
        };
        let read = |delimiter| -> Result<Vec<HeadedRow>, Unreadable> {
            let rows = records(text, delimiter)?.into_iter().map(|record: Record| {
                let cells = record.values(text).map(|value| value.trim().to_owned()).collect();
                HeadedRow { line: record.line, cells }
            });
            Ok(rows.filter(|row: &HeadedRow| row.cells.iter().any(|cell| !cell.is_empty())).collect())
        };
        let names = |row: &HeadedRow| row.cells.iter().filter(|cell| known(cell).is_some()).count();
        let delimiter = choose_delimiter(|delimiter| {
            let rows = read(delimiter).unwrap_or_default();
            let scores = rows.iter().take(TITLE_ROWS).map(|row| (names(row), row.cells.len()));
            scores.max().unwrap_or_default()
        });
        let mut rows = read(delimiter)?;
        let first = |least| rows.iter().take(TITLE_ROWS).position(|row| names(row) >= least);
        let at = first(2).or_else(|| first(1)).unwrap_or(0);
        let below = rows.split_off((at + 1).min(rows.len()));
        let (line, header) = rows.pop().map_or((OneBased::FIRST, Vec::new()), |row| (row.line, row.cells));
        let header = header.into_iter().map(|cell| (known(&cell), cell)).map(|(key, cell)| (cell, key)).collect();
        Ok(Self { delimiter, header, line, rows: below })
    }

    /// Returns the index of the cell that holds `column`; the first one if several do.
    pub(crate) fn cell_of(&self, column: &str) -> Option<usize> {
        self.header.iter().position(|(_, key)| *key == Some(column))
    }
}

impl HeadedRow {
    /// Returns the value of a cell; `None` if it is empty or missing.
    pub(crate) fn cell(&self, cell: Option<usize>) -> Option<&str> {
        self.cells.get(cell?).map(String::as_str).filter(|text| !text.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [Column; 2] = [("name", &["点位", "名称"]), ("unit", &["责任单位"])];

    #[test]
    fn the_header_is_found_below_titles_whatever_parts_the_cells() {
        for delimiter in [",", ";", "\t"] {
            let text =
                "点位一览表\r\r名称|责任单位\r一号卡口|\"甲\r社区\"\r||\r二号卡口|乙社区".replace('|', delimiter);
            let table = Headed::read(&text, &COLUMNS).unwrap();
            assert_eq!((table.line.get(), table.cell_of("unit")), (3, Some(1)));
            let rows: Vec<(u32, Option<&str>)> =
                table.rows.iter().map(|row| (row.line.get(), row.cell(table.cell_of("unit")))).collect();
            assert_eq!(rows, [(4, Some("甲\r社区")), (7, Some("乙社区"))]);
        }
    }

    #[test]
    fn a_table_without_a_header_shows_its_first_row() {
        let table = Headed::read("甲,乙\n丙,丁\n", &COLUMNS).unwrap();
        assert_eq!((table.cell_of("name"), table.header.len(), table.rows.len()), (None, 2, 1));
        assert_eq!(Headed::read("", &COLUMNS).unwrap().header.len(), 0);
        assert!(Headed::read("名称\n\"甲", &COLUMNS).is_err());
    }
}
