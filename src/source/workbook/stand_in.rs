//! Texts for cells that show no text of their own.

/// The text of a cell with a formula whose result is not in the file. No spreadsheet shows it.
pub const UNCALCULATED: &str = "#UNCALCULATED!";

/// The text of a cell with a picture in it. No spreadsheet shows it.
pub const PICTURE: &str = "#PICTURE!";
