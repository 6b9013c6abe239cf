//! Positions and sizes of cells: the header row, column letters, row heights.

use crate::document::text::columns as display_width;

/// The row of the header, from 0. Above it are the title and the legend of deadlines.
pub(super) const HEADER: u32 = 2;
/// The height of a line, in points.
pub(super) const LINE_PT: u32 = 16;

/// Returns the number of lines a text takes in a column of `width` half-width characters, from 1 to 20. Row heights are
/// set from it, since not every program fits them to the text.
pub(super) fn lines(text: &str, width: usize) -> u32 {
    let width = width.saturating_sub(1).max(1);
    let lines: usize = text.lines().map(|line| display_width(line).div_ceil(width).max(1)).sum();
    u32::try_from(lines).unwrap_or(u32::MAX).clamp(1, 20)
}

/// Returns the letters of a column counted from 0: `A`, `Z`, `AA`.
pub(super) fn column_letter(index: usize) -> String {
    rust_xlsxwriter::column_number_to_name(u16::try_from(index).unwrap_or(u16::MAX))
}
