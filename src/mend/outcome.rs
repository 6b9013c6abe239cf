//! What comes of mending, and how what a cell shows is compared.

use crate::mend::edit::Edit;
use crate::mend::fault::{EditFault, What};

/// A cell that was given a new value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MendedCell {
    /// The place, as the edit names it.
    pub place: String,
    /// What it showed.
    pub old: String,
    /// What it shows.
    pub new: String,
}

/// A mended copy of a log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mended {
    /// The copy.
    pub bytes: Vec<u8>,
    /// The cells whose value is another now, in the order of the edits.
    pub cells: Vec<MendedCell>,
    /// Whether sheets have formulas that show what they showed before, until a spreadsheet program calculates them.
    pub has_formulas: bool,
    /// The sheets with issues of a workbook that are not in its copy, which is a CSV.
    pub left_out: Vec<String>,
    /// How many rows of such a copy are hidden in the workbook.
    pub hidden: usize,
    /// How many of them are struck out there.
    pub struck: usize,
}

/// The text of a cell for comparisons: a line break is a line break, however a format writes it.
pub(crate) fn with_plain_breaks(text: &str) -> String {
    text.replace("\r\n", "\n").replace(['\r', '\u{2028}'], "\n")
}

/// Whether an edit says that a cell shows something else than it does.
pub(crate) fn check_was(edit: &Edit, shows: &str) -> Option<EditFault> {
    let was = edit.was.as_ref()?;
    let is_so = with_plain_breaks(was) == with_plain_breaks(shows);
    (!is_so).then(|| EditFault::new(edit, What::Was { was: was.clone(), shows: shows.to_owned() }))
}
