//! Limits of what is read of a workbook.

use std::io::{self, Read as _, Seek as _, SeekFrom};

use zip::ZipArchive;

use crate::source::workbook::error::BookError;
use crate::source::workbook::input::WorkbookReader;

/// Maximum uncompressed size of a workbook in bytes; a small file that exceeds it is a decompression bomb.
pub(super) const MAX_BYTES: u64 = 1 << 30;
/// Maximum compression ratio of Deflate.
const MAX_COMPRESSION_RATIO: u64 = 1032;

/// Maximum number of cells of an `.xls`, empty ones in between included. All are in memory at once, at about 30 bytes
/// each.
pub(super) const MAX_XLS_CELLS: u64 = 8_000_000;

/// Maximum number of cells of a sheet, empty ones in between included: a few distant cells must not fill the disk.
pub(super) const MAX_CELLS: u64 = 50_000_000;

/// Checks that the parts of a package that are asked for are uncompressed within [`MAX_BYTES`].
///
/// The sizes that the package states may be false. A package large enough to exceed the limit is uncompressed once.
///
/// # Errors
/// They are too large, or cannot be read.
pub(super) fn check_sizes(mut input: WorkbookReader, is_asked: impl Fn(&str) -> bool) -> Result<(), BookError> {
    let compressed = input.seek(SeekFrom::End(0))?;
    if compressed.saturating_mul(MAX_COMPRESSION_RATIO) <= MAX_BYTES {
        return Ok(());
    }
    input.seek(SeekFrom::Start(0))?;
    let mut package = ZipArchive::new(input).map_err(|error| BookError::Unreadable(error.to_string()))?;
    let mut actual = 0_u64;
    for index in 0..package.len() {
        let Ok(part) = package.by_index(index) else { continue };
        if part.name().is_ok_and(|name| !is_asked(&name)) {
            continue;
        }
        actual += io::copy(&mut part.take(MAX_BYTES - actual + 1), &mut io::sink())?;
        if actual > MAX_BYTES {
            return Err(BookError::TooLarge { what: "bytes", limit: MAX_BYTES });
        }
    }
    Ok(())
}

/// Whether a part of an `.xlsx` is one that is read as a stream, never beyond its stated size: a sheet, or shared texts.
pub(super) fn is_streamed(part: &str) -> bool {
    let part = part.to_ascii_lowercase();
    part.contains("worksheets/") || part.ends_with("sharedstrings.xml")
}
