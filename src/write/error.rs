//! Why a document could not be written.

use std::fmt;

/// Why a document could not be written.
#[derive(Debug)]
#[non_exhaustive]
pub enum WriteError {
    /// The parts of a `.docx` could not be packed: it would be larger than 4 GB, or a part of its template can't be
    /// read.
    Pack(std::io::Error),
    /// A temporary file, in which a page of many photos is made, can't be read or written.
    Spool(std::io::Error),
    /// The workbook could not be written: a table exceeds the limits of a worksheet.
    Workbook(rust_xlsxwriter::XlsxError),
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pack(_) => f.write_str("the parts of the document could not be packed"),
            Self::Spool(_) => f.write_str("a temporary file could not be written"),
            Self::Workbook(error) => write!(f, "the workbook could not be written: {error}"),
        }
    }
}

impl std::error::Error for WriteError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Pack(error) | Self::Spool(error) => Some(error),
            Self::Workbook(error) => Some(error),
        }
    }
}
