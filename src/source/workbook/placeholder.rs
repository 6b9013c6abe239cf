//! The texts that stand for what a cell holds instead of a value. No spreadsheet shows them.

/// A formula whose result is not in the file.
pub const UNCALCULATED: &str = "#UNCALCULATED!";

/// A picture in the cell.
pub const PICTURE: &str = "#PICTURE!";
