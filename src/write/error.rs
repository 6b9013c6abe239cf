//! Why a document could not be written.

use std::fmt;

/// Why a document could not be written.
#[derive(Debug)]
#[non_exhaustive]
pub enum WriteError {
    /// The parts could not be packed.
    Pack(std::io::Error),
    /// A workbook could not be made.
    Workbook(rust_xlsxwriter::XlsxError),
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pack(_) => f.write_str("the parts of the document could not be packed"),
            Self::Workbook(error) => write!(f, "the workbook could not be made: {error}"),
        }
    }
}

impl std::error::Error for WriteError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Pack(error) => Some(error),
            Self::Workbook(error) => Some(error),
        }
    }
}
