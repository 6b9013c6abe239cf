//! L124: a quoted cell that holds a line break and as many delimiters as a row: a stray quote has swallowed the row below.

use crate::fault::{Code, Faults, Finding, KnownBy};
use crate::model::{Field, Row};
use crate::project::Project;
use crate::words::date::{self, DateFault};
use crate::words::lang::Lang;

/// The number of characters of a swallowed line that are shown.
const SHOWN: usize = 30;
/// In a narrower table without days, a sentence with a few commas may look like a row.
const WIDE: usize = 5;

/// Tells cells of a row of several lines that hold another row. `width` is the number of cells of the header.
///
/// The row below is known by a day where the table has its days; in a table without days, by as many delimiters as every
/// row has, in one line.
pub(super) fn tell(row: &Row, delimiter: u8, width: usize, project: &Project, faults: &mut Faults) {
    let day = row.columns.get(Field::FoundOn).or_else(|| row.columns.get(Field::Date));
    for cell in 0..row.len() {
        let raw = row.raw(cell);
        // Most cells are shorter than a row.
        if raw.len() < width {
            continue;
        }
        if memchr::memchr2(b'\n', b'\r', raw).is_none() || memchr::memchr_iter(delimiter, raw).count() + 1 < width {
            continue;
        }
        let text = row.cell(cell);
        // The first line is the rest of the row itself.
        let mut lines = text.split(['\n', '\r']).skip(1);
        let is_row = |line: &&str| {
            let cells: Vec<&str> = line.split(char::from(delimiter)).collect();
            match day {
                Some(day) => cells.get(day).is_some_and(|cell| {
                    let cell = cell.trim_matches(['"', ' ']);
                    matches!(date::parse(cell, None, project.date_order), Ok(_) | Err(DateFault::NoYear))
                }),
                None => width >= WIDE && cells.len() == width,
            }
        };
        if let Some(line) = lines.find(is_row) {
            let start = line.chars().take(SHOWN).collect();
            faults.add(row.cell_place(cell), SwallowedRow { start });
        }
    }
}

/// A row within a cell.
#[derive(Debug)]
struct SwallowedRow {
    /// How it begins.
    start: String,
}

impl Finding for SwallowedRow {
    fn code(&self) -> Code {
        const { Code::known("L124") }
    }

    fn known_by(&self) -> KnownBy {
        KnownBy::Row(self.start.clone())
    }

    fn words(&self, _: Option<Field>, lang: Lang) -> (String, String) {
        let start = &self.start;
        match lang {
            Lang::Zh => (
                format!("这一格里有换行，换行后像是另一行：“{start}…”，那一行没有计入"),
                "检查这一格开头和结尾的引号：多出来的删去，文字里的引号写成两个；确是一格的，换行和日期改写".into(),
            ),
            Lang::En => (
                format!(
                    "this cell holds a line break and what looks like another row, `{start}…`, which is not counted"
                ),
                "check the quotes at its start and end: remove a stray one, and write a quote within the text twice"
                    .into(),
            ),
        }
    }
}
