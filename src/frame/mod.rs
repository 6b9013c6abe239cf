//! The office's own paper (版式模板): a Word file with tags, made in Word or WPS.
//!
//! In: the bytes of a `.docx`. Out: a [`Frame`], its paragraphs with their places, its tags put right, what is wrong with
//! how they stand, and for each part what becomes of it when it is filled. What the tags say is nobody's business here:
//! [`crate::kind`] renders them.
//!
//! - `package`: the parts of the file
//! - `text`: paragraphs of a part
//! - [`place`]: where a paragraph stands, as its reader counts
//! - `tag`: tags in a text, put right
//! - `filled`: what the writer is given
//! - `plan`: what tags take with them, and which belong together
//! - [`problem`]: what is wrong, for people
//! - [`annotate`]: the file with comments at what is wrong

pub mod annotate;
mod filled;
mod package;
pub mod place;
mod plan;
pub mod problem;
mod tag;
mod text;

use std::sync::Arc;

pub use filled::{Content, Filled};
pub use package::FrameError;
pub(crate) use package::put;
pub use place::Spot;
pub use plan::{Item, Placed, WHOLE};
pub use problem::{Problem, Wrong};
pub use tag::Tag;
pub(crate) use tag::TagKind;
pub use text::Paragraph;

use crate::words::lang::Lang;

/// A Word file with tags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The bytes of the whole file.
    pub(crate) bytes: Arc<[u8]>,
    /// The parts that are filled: the text, then page headers and footers.
    pub(crate) parts: Vec<Part>,
    /// Every paragraph with text, of the text first, then of headers, footers and other parts.
    pub paragraphs: Vec<Paragraph>,
    /// The tags that are filled, in order.
    pub tags: Vec<Placed>,
    /// What is wrong with how they stand.
    pub wrong: Vec<Wrong>,
}

/// A part of the file that is filled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) name: String,
    pub(crate) xml: String,
    /// What becomes of it; empty where something is wrong.
    pub(crate) items: Vec<Item>,
}

impl Frame {
    /// Reads a Word file.
    ///
    /// # Errors
    /// It is none, or a part of it is not well-formed.
    pub fn read(bytes: &[u8]) -> Result<Self, FrameError> {
        let mut package = package::open(bytes)?;
        let mut parts = Vec::new();
        let mut paragraphs = Vec::new();
        for (name, role) in package::roles(&mut package)? {
            let xml = package::part(&mut package, &name)?;
            let is_filled = !matches!(role, text::Role::Other(_));
            let has_tags = |read: &[Paragraph]| read.iter().any(|paragraph| !tag::find(&paragraph.text).0.is_empty());
            match text::paragraphs(&xml, parts.len(), &role) {
                Err(why) if is_filled => return Err(FrameError::Part { name, why }),
                Ok(read) if is_filled || has_tags(&read) => paragraphs.extend(read),
                // Nobody fills it: it stays as it is, whatever it is.
                Ok(_) | Err(_) => continue,
            }
            parts.push(Part { name, xml, items: Vec::new() });
        }
        let (tags, wrong) = plan::tags(&paragraphs);
        if wrong.is_empty() {
            for (index, part) in parts.iter_mut().enumerate() {
                part.items = plan::items(index, &part.xml, &paragraphs, &tags);
            }
        }
        Ok(Self { bytes: bytes.into(), parts, paragraphs, tags, wrong })
    }

    /// Where a paragraph stands, in words.
    #[must_use]
    pub fn label(&self, paragraph: usize, lang: Lang) -> String {
        self.paragraphs.get(paragraph).map_or_else(String::new, |paragraph| paragraph.spot.label(lang))
    }

    /// Its paragraphs as lines of a text, in which faults are shown.
    #[must_use]
    pub fn view(&self) -> String {
        let line = |paragraph: &Paragraph| paragraph.text.replace(['\n', '\r'], " ");
        self.paragraphs.iter().map(|paragraph| line(paragraph) + "\n").collect()
    }

    /// Whether it has a tag for something that stands in paragraphs of its own: `body`, `attachments`.
    #[must_use]
    pub fn names(&self, whole: &str) -> bool {
        self.tags.iter().any(|placed| placed.is_whole() && placed.tag.inner == whole)
    }
}
