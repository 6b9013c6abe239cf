//! What ends a stream.

/// Something that is to be read by the library.
#[derive(Debug)]
pub(in crate::source::workbook) struct Odd;

impl From<std::io::Error> for Odd {
    /// The library meets the same error, and reports it.
    fn from(_: std::io::Error) -> Self {
        Self
    }
}
