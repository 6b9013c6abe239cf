//! Writes a [`Document`] in a [`Format`]: the bytes of a file, and what the format could not show
//! ([`WrittenDocument`]).
//!
//! It touches no files and no clock; the same document gives the same bytes.
//!
//! - `markdown`: front matter, and Markdown that [`blocks`](crate::document::markdown::blocks) reads back
//! - `xlsx`: the tables of a document as a workbook
//! - `loss`: what no format can show
//! - [`leak`]: searching finished files for withheld data
//!
//! Pages and the Word format are rooms of their own, `html` and [`docx`]. A PDF is the page that LibreOffice makes of it ([`pdf`](crate::pdf)): what is
//! written here for [`Format::Pdf`] is the `.docx` that it is made from.

mod error;
pub mod leak;
mod loss;
mod markdown;
mod xlsx;

use std::fmt;
use std::str::FromStr;

use crate::document::Document;
use crate::document::layout::Look;
use crate::document::photo::{NoPhotos, PhotoSource, UnreadablePhoto};
use crate::docx;
use crate::html;
use crate::spool::Spooled;
use crate::word_template::{Content, Filled};

pub use crate::docx::Unsound;
pub use error::WriteError;
pub use loss::Loss;
pub use xlsx::annotated::{Annotated, AnnotatedRow, Remark, annotated};
pub use xlsx::entry::{EntryBook, EntryBy, EntryColumn, EntryGuide, EntryKind, EntryRow, EntryTotal, entry_book};
pub use xlsx::plain::{PlainSheet, plain_book};

/// A file format for documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// Markdown with front matter.
    Markdown,
    /// One HTML page.
    Html,
    /// A Word document.
    Docx,
    /// The page of the Word document, laid out by LibreOffice.
    Pdf,
    /// A workbook of the document's tables.
    Xlsx,
}

impl Format {
    /// All formats, in the order of help texts.
    pub const ALL: [Self; 5] = [Self::Markdown, Self::Html, Self::Docx, Self::Pdf, Self::Xlsx];

    /// Returns the file extension, which is also the name of the format: `md`, `html`, `docx`, `pdf` or
    /// `xlsx`.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Markdown => "md",
            Self::Html => "html",
            Self::Docx => "docx",
            Self::Pdf => "pdf",
            Self::Xlsx => "xlsx",
        }
    }

    /// Whether it is written as a `.docx`: for a PDF, the one that LibreOffice makes it from.
    #[must_use]
    pub fn is_word(self) -> bool {
        matches!(self, Self::Docx | Self::Pdf)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.extension())
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|format| format.extension() == name).ok_or_else(|| UnknownFormat(name.to_owned()))
    }
}

/// The error for a name that is not that of a format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownFormat(pub String);

impl fmt::Display for UnknownFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no document format {:?}", self.0)
    }
}

impl std::error::Error for UnknownFormat {}

/// A document in a file format; for [`Format::Pdf`], the `.docx` that the PDF is made from.
#[derive(Debug, Clone, PartialEq)]
pub struct WrittenDocument {
    /// The bytes of the file.
    pub bytes: Spooled,
    /// What the format could not show.
    pub lost: Vec<Loss>,
    /// The photos in whose place it says that they can't be read.
    pub unreadable: Vec<UnreadablePhoto>,
}

/// Writes `document` in `format`, with the typefaces of GB/T 9704.
///
/// # Errors
///
/// [`WriteError::Pack`] if a `.docx` would be larger than 4 GB; [`WriteError::Spool`] if a temporary file for a page can't be
/// written; [`WriteError::Workbook`] if a table has more rows or
/// columns than a worksheet can hold.
pub fn write(format: Format, document: &Document) -> Result<WrittenDocument, WriteError> {
    write_with(format, document, &Look::default())
}

/// Writes `document` in `format`, with an office's typefaces and paper.
///
/// # Errors
///
/// As for [`write()`].
pub fn write_with(format: Format, document: &Document, look: &Look) -> Result<WrittenDocument, WriteError> {
    Writer::new(look).write(format, document)
}

/// Writes documents with an office's typefaces and paper. What they have in common is prepared once; the bytes don't
/// depend on what was written before.
pub struct Writer<'l> {
    look: &'l Look,
    photos: &'l dyn PhotoSource,
    packer: docx::Packer,
    filler: docx::Filler,
    validator: docx::Validator,
}

impl<'l> Writer<'l> {
    /// Creates a writer.
    #[must_use]
    pub fn new(look: &'l Look) -> Self {
        Self {
            look,
            photos: &NoPhotos,
            packer: docx::Packer::default(),
            filler: docx::Filler::default(),
            validator: docx::Validator::default(),
        }
    }

    /// The same with the photos of a source.
    #[must_use]
    pub fn with_photos(self, photos: &'l dyn PhotoSource) -> Self {
        Self { photos, ..self }
    }

    fn drawn(&self) -> docx::DrawingSources<'l> {
        docx::DrawingSources { book: xlsx::chart_book, photos: self.photos }
    }

    /// Writes a document in a format.
    ///
    /// # Errors
    ///
    /// As for [`write()`].
    pub fn write(&mut self, format: Format, document: &Document) -> Result<WrittenDocument, WriteError> {
        let document = match format {
            Format::Markdown | Format::Html | Format::Docx | Format::Pdf => document.on_paper(),
            Format::Xlsx => document.in_workbooks(),
        };
        let document = document.as_ref();
        let mut lost = loss::losses(document);
        let (bytes, unreadable) = match format {
            Format::Markdown => (markdown::write(document, &mut lost).into_bytes().into(), Vec::new()),
            Format::Html => {
                let page = html::write(&[document], self.look, self.photos).map_err(WriteError::Spool)?;
                (page.html, page.unreadable)
            }
            Format::Docx | Format::Pdf => {
                let drawn = self.drawn();
                let file = docx::write(&[document], self.look, &mut self.packer, drawn).map_err(WriteError::Pack)?;
                (file.bytes, file.unreadable)
            }
            Format::Xlsx => xlsx::write(document, self.photos, &mut lost)?,
        };
        Ok(WrittenDocument { bytes, lost, unreadable })
    }

    /// Writes a document as a `.docx` in the office's Word template. Everything above and below the body text, such as
    /// the red line, comes from the template.
    ///
    /// # Errors
    ///
    /// As for [`write()`].
    pub fn fill(&mut self, filled: &Filled, document: &Document) -> Result<WrittenDocument, WriteError> {
        let document = document.on_paper();
        let mut lost = loss::losses(&document);
        let own = filled.parts.iter().flatten();
        lost.extend(loss::of_charts(
            own.flat_map(|content| if let Content::Blocks(blocks) = content { blocks.as_slice() } else { &[] }),
        ));
        let drawn = self.drawn();
        let file = self.filler.write(filled, &document, self.look, drawn).map_err(WriteError::Pack)?;
        Ok(WrittenDocument { bytes: file.bytes, lost, unreadable: file.unreadable })
    }

    /// Checks a finished `.docx`: every part is well-formed, relationship ids are unique and those referred to exist,
    /// and no text holds what templates and programs leave behind (`{{`, `{%`, `undefined`, `NaN`, `null`).
    ///
    /// A cell of a log may contain such text legitimately: it is accepted if `is_data` says that it comes from the
    /// data.
    ///
    /// # Errors
    ///
    /// The first fault found.
    pub fn check_docx(&mut self, file: &Spooled, is_data: &dyn Fn(&str) -> bool) -> Result<(), Unsound> {
        self.validator.check(file, is_data)
    }
}

/// Writes documents of one language into one file for printing, each starting on a new page numbered 1. Returns `None`
/// for a format without pages, and for PDF, which are joined when they are laid out ([`join`](crate::pdf::join)).
///
/// # Errors
///
/// As for [`write()`].
pub fn together(
    format: Format,
    documents: &[&Document],
    look: &Look,
    photos: &dyn PhotoSource,
) -> Result<Option<Spooled>, WriteError> {
    let documents: Vec<_> = documents.iter().map(|document| document.on_paper()).collect();
    let documents: Vec<&Document> = documents.iter().map(AsRef::as_ref).collect();
    Ok(match format {
        Format::Markdown | Format::Pdf | Format::Xlsx => None,
        Format::Html => Some(html::write(&documents, look, photos).map_err(WriteError::Spool)?.html),
        Format::Docx => {
            let drawn = docx::DrawingSources { book: xlsx::chart_book, photos };
            let file = docx::write(&documents, look, &mut docx::Packer::default(), drawn);
            Some(file.map_err(WriteError::Pack)?.bytes)
        }
    })
}

#[cfg(test)]
mod tests;
