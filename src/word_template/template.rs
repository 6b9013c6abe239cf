//! A Word file with tags, as read.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::plan::{self, PartSegment, Placed, PlacedPicture};
use super::problem::Wrong;
use super::roles::roles;
use super::tag;
use super::text::{self, Paragraph};
use crate::ooxml::clean::Keep;
use crate::ooxml::package::{self, WordTemplateError};
use crate::ooxml::pictures::printed_size;
use crate::ooxml::{CleanPackage, clean_package, hidden_styles};
use crate::words::lang::Lang;

/// A Word file with tags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WordTemplate {
    /// The bytes of the whole file.
    pub(crate) bytes: Arc<[u8]>,
    /// The parts that are filled, the body first, then page headers and footers; last, other parts that hold tags.
    pub(crate) parts: Vec<WordPart>,
    /// The name and text of the style part.
    pub(crate) styles: Option<(String, String)>,
    /// Every paragraph with text: those of the body, then of headers, footers and other parts.
    pub paragraphs: Vec<Paragraph>,
    /// The tags that are filled, in the order of the file.
    pub tags: Vec<Placed>,
    /// The faults in how tags are placed.
    pub wrong: Vec<Wrong>,
    /// The styles that hide their text.
    pub(crate) hidden_styles: BTreeSet<String>,
    /// What finished files keep that would be taken out.
    pub keep: Keep,
}

/// A picture that a tag names itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NamedPicture<'t> {
    /// The tag, as an index into the template's tags.
    pub tag: usize,
    /// Its name.
    pub name: &'t str,
    /// The width and height in pixels in which it is printed.
    pub most: (u32, u32),
}

/// A part of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WordPart {
    pub(crate) name: String,
    pub(crate) xml: String,
    /// The segments from which it is filled; empty if the template has faults.
    pub(crate) items: Vec<PartSegment>,
}

impl WordTemplate {
    /// Reads a Word file.
    ///
    /// # Errors
    /// The file is not an ordinary `.docx`, or one of its parts is not well-formed.
    pub fn read(bytes: &[u8]) -> Result<Self, WordTemplateError> {
        let mut package = package::open(bytes)?;
        let types = package::types(&mut package)?;
        let mut parts = Vec::new();
        let mut paragraphs = Vec::new();
        for (name, role) in roles(&mut package, &types)? {
            let xml = package::part(&mut package, &name)?;
            let is_filled = !matches!(role, text::PartRole::Other(_));
            let has_tags = |read: &[Paragraph]| read.iter().any(|paragraph| !tag::find(&paragraph.text).0.is_empty());
            match text::paragraphs(&xml, parts.len(), &role) {
                Err(why) if is_filled => return Err(WordTemplateError::Part { name, why }),
                Ok(read) if is_filled || has_tags(&read) => paragraphs.extend(read),
                // The part is not filled, so its content doesn't matter.
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
        let hidden_styles = styles.as_ref().map(|(_, xml)| hidden_styles(xml)).unwrap_or_default();
        Ok(Self { bytes: bytes.into(), parts, styles, hidden_styles, paragraphs, tags, wrong, keep: Keep::default() })
    }

    /// Returns what becomes of the parts that are not filled, and what will be taken out of all.
    ///
    /// # Errors
    /// A part can't be read.
    pub(crate) fn clean(&self) -> Result<CleanPackage, WordTemplateError> {
        let filled: Vec<&str> = self.parts.iter().map(|part| part.name.as_str()).collect();
        clean_package(&self.bytes, &filled, (self.keep, &self.hidden_styles))
    }

    /// Returns the segments of the parts that are filled; empty if the template has faults.
    #[cfg(feature = "fuzzing")]
    #[must_use]
    pub fn segments(&self) -> Vec<Vec<PartSegment>> {
        self.parts.iter().map(|part| part.items.clone()).collect()
    }

    /// Returns the place of a paragraph in words, or an empty string if there is no such paragraph.
    #[must_use]
    pub fn label(&self, paragraph: usize, lang: Lang) -> String {
        text::label(&self.paragraphs, paragraph, lang)
    }

    /// Returns the paragraphs as lines of a text, for excerpts in fault reports.
    #[must_use]
    pub fn view(&self) -> String {
        let line = |paragraph: &Paragraph| paragraph.text.replace(['\n', '\r'], " ");
        self.paragraphs.iter().map(|paragraph| line(paragraph) + "\n").collect()
    }

    /// Returns whether any tag of a part replaces its paragraph, row or cell.
    pub(crate) fn takes_elements(&self, part: usize) -> bool {
        let is_here = |placed: &Placed| self.paragraphs.get(placed.paragraph).is_some_and(|at| at.part == part);
        self.tags.iter().any(|placed| placed.takes_element() && is_here(placed))
    }

    /// Returns the pictures of a part in whose places others are put, in the order of the file.
    pub(crate) fn pictures(&self, part: usize) -> impl Iterator<Item = &PlacedPicture> {
        let is_here = move |placed: &&Placed| self.paragraphs.get(placed.paragraph).is_some_and(|at| at.part == part);
        self.tags.iter().filter(is_here).filter_map(|placed| placed.picture.as_ref())
    }

    /// Returns the pictures that tags name themselves, `{{ "seal.png" }}`, in the order of the file.
    pub fn named_pictures(&self) -> impl Iterator<Item = NamedPicture<'_>> {
        self.tags.iter().enumerate().filter_map(|(index, placed)| {
            let drawing = placed.picture.as_ref()?.drawing.clone();
            let inner = placed.tag.inner.as_str();
            let quote = inner.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
            let name = inner.get(1..)?.strip_suffix(quote).filter(|name| !name.contains(quote))?;
            let part = self.parts.get(self.paragraphs.get(placed.paragraph)?.part)?;
            let most = printed_size(part.xml.get(drawing)?);
            Some(NamedPicture { tag: index, name, most })
        })
    }

    /// Returns whether the template has a tag for `whole`, one of [`WHOLE`](super::WHOLE).
    #[must_use]
    pub fn names(&self, whole: &str) -> bool {
        self.tags.iter().any(|placed| placed.is_whole() && placed.tag.inner == whole)
    }
}
