//! A Word template with its tags rendered: what the writer makes a file of.

use std::ops::Range;
use std::sync::Arc;

use super::WordTemplate;
use crate::document::Block;

/// A Word template filled for one document.
#[derive(Clone, Debug, PartialEq)]
pub struct Filled {
    /// The Word template.
    pub template: Arc<WordTemplate>,
    /// What stands in each part that is filled, in order.
    pub parts: Vec<Vec<Content>>,
}

/// A piece of a filled part.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// Bytes of the part as they are.
    Kept(Range<usize>),
    /// XML made from a tag: its values are escaped.
    Text(String),
    /// Paragraphs and tables that a tag gave.
    Blocks(Vec<Block>),
    /// The text of the document.
    Body,
    /// Its attachments.
    Attachments,
}
