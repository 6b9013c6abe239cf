//! A Word file with tags, as it was read.

use std::sync::Arc;

use super::package::{self, WordTemplateError};
use super::plan::{self, PartSegment, Placed};
use super::problem::Wrong;
use super::tag;
use super::text::{self, Paragraph};
use crate::words::lang::Lang;

/// A Word file with tags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WordTemplate {
    /// The bytes of the whole file.
    pub(crate) bytes: Arc<[u8]>,
    /// The parts that are filled: the text, then page headers and footers.
    pub(crate) parts: Vec<WordPart>,
    /// The part with its styles: its name, and what it says.
    pub(crate) styles: Option<(String, String)>,
    /// Every paragraph with text, of the text first, then of headers, footers and other parts.
    pub paragraphs: Vec<Paragraph>,
    /// The tags that are filled, in order.
    pub tags: Vec<Placed>,
    /// What is wrong with how they stand.
    pub wrong: Vec<Wrong>,
}

/// A part of the file that is filled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WordPart {
    pub(crate) name: String,
    pub(crate) xml: String,
    /// What becomes of it; empty where something is wrong.
    pub(crate) items: Vec<PartSegment>,
}

impl WordTemplate {
    /// Reads a Word file.
    ///
    /// # Errors
    /// It is none, or a part of it is not well-formed.
    pub fn read(bytes: &[u8]) -> Result<Self, WordTemplateError> {
        let mut package = package::open(bytes)?;
        let types = package::types(&mut package)?;
        let mut parts = Vec::new();
        let mut paragraphs = Vec::new();
        for (name, role) in package::roles(&mut package, &types)? {
            let xml = package::part(&mut package, &name)?;
            let is_filled = !matches!(role, text::PartRole::Other(_));
            let has_tags = |read: &[Paragraph]| read.iter().any(|paragraph| !tag::find(&paragraph.text).0.is_empty());
            match text::paragraphs(&xml, parts.len(), &role) {
                Err(why) if is_filled => return Err(WordTemplateError::Part { name, why }),
                Ok(read) if is_filled || has_tags(&read) => paragraphs.extend(read),
                // Nobody fills it: it stays as it is, whatever it is.
                Ok(_) | Err(_) => continue,
            }
            parts.push(WordPart { name, xml, items: Vec::new() });
        }
        let (tags, wrong) = plan::tags(&paragraphs);
        if wrong.is_empty() {
            for (index, part) in parts.iter_mut().enumerate() {
                part.items = plan::items(index, &part.xml, &paragraphs, &tags);
            }
        }
        let styles = package::styles(&mut package, &types)?;
        Ok(Self { bytes: bytes.into(), parts, styles, paragraphs, tags, wrong })
    }

    /// Where a paragraph stands, in words.
    #[must_use]
    pub fn label(&self, paragraph: usize, lang: Lang) -> String {
        text::label(&self.paragraphs, paragraph, lang)
    }

    /// Its paragraphs as lines of a text, in which faults are shown.
    #[must_use]
    pub fn view(&self) -> String {
        let line = |paragraph: &Paragraph| paragraph.text.replace(['\n', '\r'], " ");
        self.paragraphs.iter().map(|paragraph| line(paragraph) + "\n").collect()
    }

    /// Whether tags of a part take paragraphs, rows or cells with them.
    pub(crate) fn takes_elements(&self, part: usize) -> bool {
        let is_here = |placed: &Placed| self.paragraphs.get(placed.paragraph).is_some_and(|at| at.part == part);
        self.tags.iter().any(|placed| placed.takes_element() && is_here(placed))
    }

    /// Whether it has a tag for something that stands in paragraphs of its own: `body`, `attachments`.
    #[must_use]
    pub fn names(&self, whole: &str) -> bool {
        self.tags.iter().any(|placed| placed.is_whole() && placed.tag.inner == whole)
    }
}
