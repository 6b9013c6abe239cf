//! Why a workbook could not be read.

use std::io;

/// Why a workbook could not be read.
#[derive(Debug, thiserror::Error)]
pub enum BookError {
    /// The system cannot read the file, or it is not a workbook or is damaged.
    #[error("the workbook cannot be read: {0}")]
    Unreadable(String),
    /// Its content exceeds a limit: it is a decompression bomb, or at least not a log.
    #[error("the workbook contains more than {limit} {what}")]
    TooLarge {
        /// The unit of the limit: `bytes` (uncompressed) or `cells`.
        what: &'static str,
        /// The maximum number that is read.
        limit: u64,
    },
    /// No sheet has the requested name, number or pattern.
    #[error("there is no sheet `{asked}`; the workbook has: {}", there.join(", "))]
    NoSheet {
        /// The name, number or pattern.
        asked: String,
        /// The names of all sheets.
        there: Vec<String>,
    },
    /// It is HTML or text with the extension of a workbook, as some systems export it.
    #[error("the file is text, not a workbook, in spite of its extension")]
    OnlyText,
    /// It is encrypted.
    #[error("the workbook is protected by a password")]
    Encrypted,
}

impl From<io::Error> for BookError {
    fn from(error: io::Error) -> Self {
        Self::Unreadable(error.to_string())
    }
}
