//! What a workbook to be filled in is.

use chrono::NaiveDate;

use crate::words::lang::Lang;

/// A workbook to be filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryBook {
    /// The language of its fonts and of what it says by itself.
    pub lang: Lang,
    /// What stands above the table.
    pub title: String,
    /// A line below the title.
    pub hint: String,
    /// Who made it, for the properties of the file.
    pub author: String,
    /// The day that stands in the properties of the file instead of that of the clock.
    pub day: NaiveDate,
    /// The name of the sheet to fill in.
    pub sheet: String,
    /// The columns of the table.
    pub columns: Vec<EntryColumn>,
    /// The rows of the table, filled in or not.
    pub rows: Vec<EntryRow>,
    /// The row below them.
    pub total: EntryTotal,
    /// The sheet that explains how to fill in.
    pub guide: EntryGuide,
    /// The name of the hidden sheet of long lists.
    pub lists: String,
}

/// A column of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryColumn {
    /// Its header.
    pub header: String,
    /// Its width in half-width characters.
    pub width: u16,
    /// What its cells take.
    pub kind: EntryKind,
    /// Who fills it in.
    pub by: EntryBy,
    /// Whether every row that is begun must have it.
    pub is_required: bool,
    /// Another column, by its index, with the values of it beside which it must be filled in, too.
    pub required_with: Option<(usize, Vec<String>)>,
    /// Whether it is filled in, too, in a row that was filled in before: what is known of the follow-up.
    pub is_follow_up: bool,
    /// What is shown beside a selected cell.
    pub prompt: String,
    /// What is said when a cell does not take what was typed.
    pub refusal: String,
}

/// What the cells of a column take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// Anything, as text: what begins with `=` is no formula.
    Text,
    /// A day.
    Date {
        /// The column, by its index, whose day it must not be before.
        not_before: Option<usize>,
        /// Whether it must not lie in the future.
        is_past: bool,
    },
    /// A value of a list.
    Choice {
        /// The list.
        values: Vec<String>,
        /// Whether another value is taken, too, after a question.
        takes_others: bool,
    },
}

/// Who fills a column in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryBy {
    /// The form: the id of each row. It differs in each row, and goes with the row when rows are sorted.
    FormAsId,
    /// The form, the same in each row.
    Form,
    /// Who fills in the row.
    Hand,
}

/// A row of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryRow {
    /// Its cells as text, days as 2021-08-20.
    pub cells: Vec<String>,
    /// Whether it was filled in before, so that only columns of the follow-up are left to fill in.
    pub is_known: bool,
}

/// The row below the table: how many rows are filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryTotal {
    /// What stands before and behind the number of rows, in the first column. The number stands among words since a program
    /// that only writes a file leaves a 0 where it has not reckoned.
    pub label: (String, String),
    /// The column of a list, by its index, that has the number of rows of each value.
    pub values_in: Option<usize>,
    /// The rows that don't count: those whose columns, by their indexes, each have one of these values.
    pub uncounted: Vec<Vec<(usize, Vec<String>)>>,
}

/// The sheet that explains how to fill in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryGuide {
    /// Its name, which is its title, too.
    pub name: String,
    /// What holds for all columns.
    pub notes: Vec<String>,
    /// The heads of the table of columns.
    pub heads: [String; 3],
    /// For each column: its header, whether it must be filled in, and how.
    pub lines: Vec<[String; 3]>,
}

/// Above the table: the title, the line below it. Then the header, then the rows.
pub(super) const TITLE: u32 = 0;
pub(super) const HINT: u32 = 1;
pub(super) const HEADER: u32 = 2;
pub(super) const FIRST: u32 = HEADER + 1;
