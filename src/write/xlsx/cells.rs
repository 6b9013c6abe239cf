//! Where cells are: the row of the header, the letters of columns, the height of rows.

use crate::document::text::columns as display_width;

/// The row of the header: above it stand the title, and the day with what counts as soon.
pub(super) const HEADER: u32 = 2;
/// The height of a line, in points.
pub(super) const LINE_PT: u32 = 16;

/// How many lines a text takes in a column: not every program makes rows as high as their text needs.
pub(super) fn lines(text: &str, width: usize) -> u32 {
    let width = width.saturating_sub(1).max(1);
    let lines: usize = text.lines().map(|line| display_width(line).div_ceil(width).max(1)).sum();
    u32::try_from(lines).unwrap_or(u32::MAX).clamp(1, 20)
}

/// `A`, `Z`, `AA`.
pub(super) fn column_letter(index: usize) -> String {
    rust_xlsxwriter::column_number_to_name(u16::try_from(index).unwrap_or(u16::MAX))
}
