//! A Word template with its tags rendered, from which the writer makes a file.

use std::ops::Range;
use std::sync::Arc;

use super::WordTemplate;
use crate::document::Block;

/// A Word template filled for one document.
#[derive(Clone, Debug, PartialEq)]
pub struct Filled {
    /// The Word template.
    pub template: Arc<WordTemplate>,
    /// The content of each filled part, in the order of the template's parts.
    pub parts: Vec<Vec<Content>>,
}

/// A piece of a filled part.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// A byte range of the template's part, copied unchanged.
    Kept(Range<usize>),
    /// XML that a tag rendered, with its values escaped.
    Text(String),
    /// Paragraphs and tables that a tag rendered.
    Blocks(Vec<Block>),
    /// The body of the document.
    Body,
    /// The attachments of the document.
    Attachments,
}
