//! Word files as packages of XML parts: reading and writing them, and putting in order what leaves.
//!
//! Knows nothing of tags: what fills a template is [`word_template`](crate::word_template).
//!
//! - [`package`]: the parts of a file; `archive`: writing them into one
//! - [`clean`]: what a finished file must not carry of its template; `clean_package`: the parts that go
//! - `hidden_styles`: the styles that hide their text
//! - `notes`: footnotes and endnotes in what a loop repeats
//! - `pictures`: another picture in the place of one
//! - `charts`: what leads to charts that are added
//! - `boxes`: the second copy of text boxes
//! - `repair`: removing what Word would call damage after filling
//! - `attribute`: the attributes of an element; `edits`: edits of a part, made together

pub(crate) mod archive;
mod attribute;
mod boxes;
mod charts;
pub mod clean;
mod clean_package;
mod edits;
mod hidden_styles;
mod notes;
pub mod package;
pub(crate) mod pictures;
mod repair;

pub(crate) use boxes::{BOX_MARK, with_second_copies};
pub(crate) use charts::{NO_RELATIONSHIPS, with_chart_relationships, with_chart_types};
pub(crate) use clean_package::{APP, CORE, CleanPackage, Property, Thing, clean_package, resolved};
pub(crate) use edits::{XmlEdit, edited};
pub(crate) use hidden_styles::hidden_styles;
pub(crate) use notes::{NotesPart, notes, separate_notes};
pub use package::WordTemplateError;
pub(crate) use package::{parts, relationships_of, rewritten, text};
pub(crate) use pictures::each_tag;
pub(crate) use repair::repaired;
