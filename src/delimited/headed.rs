//! Small tables whose columns are found by their names: sites, documents issued earlier.
//!
//! As in a log, cells may be parted by `,`, `;` or a tab, and title rows may stand above the header.

use crate::delimited::text::{Record, Unreadable, records};
use crate::place::OneBased;

/// How many rows may stand before the header of a table, titles and blank cells.
pub(crate) const TITLE_ROWS: usize = 30;

/// The delimiter with the best score; a comma unless another shows more.
pub(crate) fn choose_delimiter(score: impl Fn(u8) -> (usize, usize)) -> u8 {
    // The last of equals is taken.
    [b'\t', b';', b','].into_iter().max_by_key(|delimiter| score(*delimiter)).unwrap_or(b',')
}

/// A column: its key, and how else its header may be written.
pub(crate) type Column = (&'static str, &'static [&'static str]);

/// A table with its header found.
#[derive(Debug)]
pub(crate) struct Headed {
    /// By what its cells are parted.
    pub(crate) delimiter: u8,
    /// What stands in each cell of the header, and the column it names.
    pub(crate) header: Vec<(String, Option<&'static str>)>,
    /// The line of the header; the first where there is none.
    pub(crate) line: OneBased,
    /// The rows below the header that hold anything.
    pub(crate) rows: Vec<HeadedRow>,
}

/// A row of such a table.
#[derive(Debug)]
pub(crate) struct HeadedRow {
    /// The line it begins on.
    pub(crate) line: OneBased,
    /// What its cells say, without the white space around it.
    pub(crate) cells: Vec<String>,
}

impl Headed {
    /// Reads a table. The header is the first row that names two columns, else the first that names one; where no row does,
    /// the first row stands for it.
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

    /// Which cell holds a column; the first of several.
    pub(crate) fn cell_of(&self, column: &str) -> Option<usize> {
        self.header.iter().position(|(_, key)| *key == Some(column))
    }
}

impl HeadedRow {
    /// What a cell says; nothing if it is empty or not there.
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
