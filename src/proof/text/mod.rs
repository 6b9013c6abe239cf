//! An edited document as located lines: what a reader sees, with tracked changes accepted.
//!
//! - `line`: lines and their places
//! - `word`: the parts of a `.docx`
//! - `markup`: Markdown, HTML and plain text

mod line;
mod markup;
mod word;

pub use line::{FinalText, Line, Part, TextPlace, TrackedChange};

use crate::ooxml::WordTemplateError;

/// The formats that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextFormat {
    /// A Word file.
    Docx,
    /// Markdown, as duban writes it.
    Markdown,
    /// A page, as duban writes it.
    Html,
    /// Plain text.
    Text,
}

impl TextFormat {
    /// The format of a file by the ending of its name.
    #[must_use]
    pub fn of_extension(extension: &str) -> Option<Self> {
        match extension.to_ascii_lowercase().as_str() {
            "docx" | "docm" => Some(Self::Docx),
            "md" | "markdown" => Some(Self::Markdown),
            "html" | "htm" => Some(Self::Html),
            "txt" => Some(Self::Text),
            _ => None,
        }
    }
}

/// Why a document can't be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextError {
    /// It is no sound Word file.
    Word(WordTemplateError),
    /// It is not UTF-8.
    Encoding,
}

/// Reads the bytes of a document.
///
/// # Errors
/// It is no sound Word file, or not UTF-8.
pub fn read(bytes: &[u8], format: TextFormat) -> Result<FinalText, TextError> {
    if format == TextFormat::Docx {
        return word::read(bytes).map_err(TextError::Word);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| TextError::Encoding)?;
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    Ok(match format {
        TextFormat::Markdown => markup::markdown(text),
        TextFormat::Html => markup::html(text),
        _ => markup::plain(text),
    })
}
