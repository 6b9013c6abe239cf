//! How much of a workbook is read.

/// The most that a workbook may hold when unpacked: a small file that swells beyond it is a bomb.
pub(super) const MOST_BYTES: u64 = 1 << 30;
/// Deflate never packs more than this many bytes into one.
pub(super) const MOST_PACKED: u64 = 1032;

/// An old workbook is held whole, empty cells between others included, at some thirty bytes a cell.
pub(super) const MOST_OLD_CELLS: u64 = 8_000_000;

/// Cells, empty ones between others counted: a sheet of a few far cells is not to fill the disk.
pub(super) const MOST_CELLS: u64 = 50_000_000;
