//! The heads of tables: how a column is marked, and tables written as Markdown.

use comrak::nodes::TableAlignment;

use super::drawn::PHOTO;
use super::escape;
use crate::document::{Align, Photo, Shown};

/// What the head of a column may begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) text: &'static str,
    /// Where the column is shown.
    pub(super) shown: Shown,
    /// Whether the column is left out while no row fills it.
    pub(super) is_optional: bool,
}

/// All marks; one that begins with another comes before it. The last is none.
const MARKS: [Mark; 6] = [
    Mark { text: "?+", shown: Shown::InWorkbooks, is_optional: true },
    Mark { text: "?-", shown: Shown::OnPaper, is_optional: true },
    Mark { text: "?", shown: Shown::Everywhere, is_optional: true },
    Mark { text: "!+", shown: Shown::InWorkbooks, is_optional: false },
    Mark { text: "!-", shown: Shown::OnPaper, is_optional: false },
    Mark { text: "", shown: Shown::Everywhere, is_optional: false },
];

/// The mark that a head begins with.
pub(super) fn mark(head: &str) -> Mark {
    let [.., none] = MARKS;
    MARKS.into_iter().find(|mark| head.starts_with(mark.text)).unwrap_or(none)
}

pub(super) fn align(alignment: TableAlignment) -> Align {
    match alignment {
        TableAlignment::None | TableAlignment::Left => Align::Left,
        TableAlignment::Center => Align::Center,
        TableAlignment::Right => Align::Right,
    }
}

/// A cell of a table to be written.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct TableCell<'t> {
    pub(crate) text: &'t str,
    /// Its photos; for columns of workbooks.
    pub(crate) photos: &'t [Photo],
}

impl<'t> From<&'t str> for TableCell<'t> {
    fn from(text: &'t str) -> Self {
        Self { text, photos: &[] }
    }
}

/// Returns a table as Markdown that no value can break out of: a head and an alignment for each column, then the rows.
pub(crate) fn table<'t, C: Into<TableCell<'t>>, R: IntoIterator<Item = C>>(
    columns: &[(&str, Align, Shown)],
    rows: impl IntoIterator<Item = R>,
) -> String {
    let mut text = String::new();
    let mut line = |cells: &mut dyn Iterator<Item = String>| {
        text.push('|');
        cells.for_each(|cell| text.extend([" ", &cell, " |"]));
        text.push('\n');
    };
    line(&mut columns.iter().map(|(head, _, shown)| {
        let mark = MARKS.iter().find(|mark| mark.shown == *shown && !mark.is_optional);
        mark.map_or("", |mark| mark.text).to_owned() + &escape(head)
    }));
    line(&mut columns.iter().map(|(_, align, _)| {
        let rule = match align {
            Align::Left => "---",
            Align::Center => ":-:",
            Align::Right => "--:",
        };
        rule.to_owned()
    }));
    for row in rows {
        line(&mut row.into_iter().map(|cell| {
            let TableCell { text, photos } = cell.into();
            photos.iter().fold(escape(text), |text, Photo { id, caption, .. }| {
                text + &format!("![{}]({PHOTO}{id})", escape(caption))
            })
        }));
    }
    text
}
