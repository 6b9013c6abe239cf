//! PDF by LibreOffice: one start lays out the documents of a run, and what comes out is read back.
//!
//! - [`program`]: finds LibreOffice, and says which program a config may name
//! - [`converter`]: one start for many `.docx`, ended if it hangs
//! - [`read`]: a finished PDF: its text, its fonts, and the same bytes for the same page
//! - [`join`]: several in one, for the printer
//! - [`face`]: the faces that were asked for and are missing
//!
//! It knows nothing of documents: it takes the bytes of a `.docx` and gives those of a PDF.

pub mod converter;
pub mod face;
pub mod join;
pub mod program;
pub mod read;
