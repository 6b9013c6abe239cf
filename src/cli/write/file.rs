//! A finished file of a run.

use chrono::NaiveDate;

use crate::dataset::Edition;
use crate::spool::Spooled;
use crate::write::Format;

/// A file of a document, or of all documents together.
pub(in crate::cli) struct OutputFile {
    pub(in crate::cli) name: String,
    /// Its format; none for figures.
    pub(in crate::cli) format: Option<Format>,
    /// Of a PDF, those of its `.docx` until it is laid out.
    pub(in crate::cli) bytes: Spooled,
    pub(in crate::cli) edition: Edition,
    /// The day of the document.
    pub(super) day: NaiveDate,
}

impl OutputFile {
    /// Whether it is to become a PDF.
    pub(super) fn is_pdf(&self) -> bool {
        self.format == Some(Format::Pdf)
    }
}
