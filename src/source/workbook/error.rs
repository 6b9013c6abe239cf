//! Why a workbook gives nothing.

use std::io;

/// Why a workbook gives nothing.
#[derive(Debug, thiserror::Error)]
pub enum BookError {
    /// The system, or the format: not a workbook, encrypted, broken.
    #[error("the workbook can't be read: {0}")]
    Unreadable(String),
    /// What it holds is beyond the limit: a bomb, or no log.
    #[error("the workbook holds more than {limit} {what}")]
    TooLarge {
        /// What there is too much of.
        what: &'static str,
        /// How much is read.
        limit: u64,
    },
    /// No sheet has the name asked for.
    #[error("there is no sheet `{asked}`; those there are: {}", there.join(", "))]
    NoSheet {
        /// The name or number.
        asked: String,
        /// The sheets there are.
        there: Vec<String>,
    },
    /// A page or text with the ending of a workbook, as some systems export it.
    #[error("it is no workbook but a text with the ending of one")]
    OnlyText,
    /// It opens with a password only.
    #[error("the workbook is protected by a password")]
    Encrypted,
}

impl From<io::Error> for BookError {
    fn from(error: io::Error) -> Self {
        Self::Unreadable(error.to_string())
    }
}
