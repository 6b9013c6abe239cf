//! A document → the bytes of a file. No paths, no files, no clock.
//!
//! Enters: a [`Document`]. Leaves: [`WrittenDocument`], the bytes and what the format could not show. The same document gives
//! the same bytes.
//!
//! - `markdown`: front matter and Markdown that [`blocks`](crate::document::markdown::blocks) reads back;
//! - `html`: one page that needs nothing else;
//! - `docx`: `WordprocessingML` laid out after GB/T 9704—2012;
//! - `xlsx`: the tables of a document as a workbook.

pub(crate) mod docx;
mod error;
pub(crate) mod html;
pub mod leak;
mod loss;
pub(crate) mod markdown;
mod xlsx;

use std::fmt;
use std::str::FromStr;

use crate::document::Document;
use crate::document::layout::Look;
use crate::word_template::Filled;

pub use docx::sound::Unsound;
pub use error::WriteError;
pub use xlsx::annotated::{Annotated, AnnotatedRow, Remark, annotated};

/// A format a document is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// Markdown with front matter.
    Markdown,
    /// One HTML page.
    Html,
    /// A Word document.
    Docx,
    /// A workbook of the document's tables.
    Xlsx,
}

impl Format {
    /// Every format, in the order of help texts.
    pub const ALL: [Self; 4] = [Self::Markdown, Self::Html, Self::Docx, Self::Xlsx];

    /// Returns the name, which is the file extension too: `md`, `html`, `docx` or `xlsx`.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Markdown => "md",
            Self::Html => "html",
            Self::Docx => "docx",
            Self::Xlsx => "xlsx",
        }
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

/// A name that no format has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownFormat(pub String);

impl fmt::Display for UnknownFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no document format is named {:?}", self.0)
    }
}

impl std::error::Error for UnknownFormat {}

/// A document as the bytes of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenDocument {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// What the format could not show, a sentence each.
    pub lost: Vec<String>,
}

/// Writes `document` in `format`, with the faces of GB/T 9704.
///
/// # Errors
///
/// [`WriteError`] if a `.docx` cannot be packed, which only a document of more than 4 GB can cause.
pub fn write(format: Format, document: &Document) -> Result<WrittenDocument, WriteError> {
    write_with(format, document, &Look::default())
}

/// Writes `document` in `format` with the look of an office.
///
/// # Errors
///
/// As [`write()`].
pub fn write_with(format: Format, document: &Document, look: &Look) -> Result<WrittenDocument, WriteError> {
    Writer::new(look).write(format, document)
}

/// Writes one document after another with the look of an office. What many have in common is made once; what was written
/// before never shows in the bytes.
pub struct Writer<'l> {
    look: &'l Look,
    packer: docx::pack::Packer,
    filler: docx::filled::Filler,
    checker: docx::sound::Checker,
}

impl<'l> Writer<'l> {
    /// A writer that has written nothing.
    #[must_use]
    pub fn new(look: &'l Look) -> Self {
        Self {
            look,
            packer: docx::pack::Packer::default(),
            filler: docx::filled::Filler::default(),
            checker: docx::sound::Checker::default(),
        }
    }

    /// Writes a document in a format.
    ///
    /// # Errors
    ///
    /// As [`write()`].
    pub fn write(&mut self, format: Format, document: &Document) -> Result<WrittenDocument, WriteError> {
        let mut lost = loss::losses(document);
        let bytes = match format {
            Format::Markdown => markdown::write(document, &mut lost).into_bytes(),
            Format::Html => html::write(&[document], self.look).into_bytes(),
            Format::Docx => docx::write(&[document], self.look, &mut self.packer)?,
            Format::Xlsx => xlsx::write(document, &mut lost)?,
        };
        Ok(WrittenDocument { bytes, lost })
    }

    /// Writes a document on the office's own paper, as a `.docx`. What only our pages show, such as the line above the
    /// text, is the office's business there.
    ///
    /// # Errors
    ///
    /// As [`write()`].
    pub fn fill(&mut self, filled: &Filled, document: &Document) -> Result<WrittenDocument, WriteError> {
        let lost = loss::losses(document);
        Ok(WrittenDocument { bytes: docx::fill(filled, document, self.look, &mut self.filler)?, lost })
    }

    /// Opens a finished `.docx` again: every part is well-formed, relations are unique and all that are named exist, and
    /// no text holds what a template or a program leaves behind (`{{`, `{%`, `undefined`, `NaN`, `null`).
    ///
    /// A cell of a log may hold such words rightly. `is_data` is asked whether a text that looks so comes from the data;
    /// then it stands.
    ///
    /// # Errors
    ///
    /// The first thing that is wrong.
    pub fn check_docx(&mut self, bytes: &[u8], is_data: &dyn Fn(&str) -> bool) -> Result<(), Unsound> {
        self.checker.check(bytes, is_data)
    }
}

/// Writes documents of one language into one file for the printer, each beginning on a new page 1; nothing for a format
/// without pages.
///
/// # Errors
///
/// As [`write()`].
pub fn together(format: Format, documents: &[&Document], look: &Look) -> Result<Option<Vec<u8>>, WriteError> {
    Ok(match format {
        Format::Markdown | Format::Xlsx => None,
        Format::Html => Some(html::write(documents, look).into_bytes()),
        Format::Docx => Some(docx::write(documents, look, &mut docx::pack::Packer::default())?),
    })
}

#[cfg(test)]
mod tests;
