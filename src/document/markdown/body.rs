//! What a Markdown text is read as.

use crate::document::{Attachment, Block};

/// The content of a Markdown text.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Body {
    /// The blocks before the first `#`.
    pub body: Vec<Block>,
    /// One attachment for each `#`.
    pub attachments: Vec<Attachment>,
}
