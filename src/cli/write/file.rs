//! A finished file of a run, in memory.

use chrono::NaiveDate;

use crate::dataset::Edition;
use crate::write::Format;

/// A file of a document, or of all documents together.
pub(super) struct OutputFile {
    pub(super) name: String,
    /// Its format; none for figures.
    pub(super) format: Option<Format>,
    /// Of a PDF, those of its `.docx` until it is laid out.
    pub(super) bytes: Vec<u8>,
    pub(super) edition: Edition,
    /// The day of the document.
    pub(super) day: NaiveDate,
}

impl OutputFile {
    /// Whether it is to become a PDF.
    pub(super) fn is_pdf(&self) -> bool {
        self.format == Some(Format::Pdf)
    }
}
