//! Limits of what is read of a workbook.

/// Maximum uncompressed size of a workbook in bytes; a small file that exceeds it is a decompression bomb.
pub(super) const MAX_BYTES: u64 = 1 << 30;
/// Maximum compression ratio of Deflate.
pub(super) const MAX_COMPRESSION_RATIO: u64 = 1032;

/// Maximum number of cells of an `.xls`, empty ones in between included. All are in memory at once, at about 30 bytes
/// each.
pub(super) const MAX_XLS_CELLS: u64 = 8_000_000;

/// Maximum number of cells of a sheet, empty ones in between included: a few distant cells must not fill the disk.
pub(super) const MAX_CELLS: u64 = 50_000_000;
