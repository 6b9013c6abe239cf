//! A Word template with its tags rendered, from which the writer makes a file.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::WordTemplate;
use crate::document::Block;
use crate::document::chart::number_figures;
use crate::ooxml::pictures::printed_size;
use crate::picture::Picture;
use crate::words::lang::Lang;

/// A Word template filled for one document.
#[derive(Clone, Debug, PartialEq)]
pub struct Filled {
    /// The Word template.
    pub template: Arc<WordTemplate>,
    /// The content of each filled part, in the order of the template's parts.
    pub parts: Vec<Vec<Content>>,
    /// The pictures that are put in it, by name. One that is not here is left out, with its place.
    pub pictures: BTreeMap<String, Picture>,
}

impl Filled {
    /// Numbers the captions of the charts and photos that its tags print, in the order of the file, after the `last` number
    /// that those of the document's own text have.
    pub fn number_figures(&mut self, lang: Lang, mut last: usize) {
        for content in self.parts.iter_mut().flatten() {
            if let Content::Blocks(blocks) = content {
                number_figures(lang, blocks.iter_mut(), &mut last);
            }
        }
    }

    /// Returns the names of its pictures, each with the largest size in pixels in which it is printed.
    #[must_use]
    pub fn picture_names(&self) -> BTreeMap<&str, (u32, u32)> {
        let mut names = BTreeMap::new();
        for (part, contents) in self.template.parts.iter().zip(&self.parts) {
            for content in contents {
                let Content::Picture { drawing, name, .. } = content else { continue };
                let most = printed_size(part.xml.get(drawing.clone()).unwrap_or_default());
                let (width, height): &mut (u32, u32) = names.entry(name.as_str()).or_default();
                (*width, *height) = ((*width).max(most.0), (*height).max(most.1));
            }
        }
        names
    }
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
    /// A picture in the place of the one that the template draws.
    Picture {
        /// The byte range of the template's drawing.
        drawing: Range<usize>,
        /// The description for whoever can't see it.
        alt: String,
        /// The name of the picture.
        name: String,
    },
    /// The body of the document.
    Body,
    /// The attachments of the document.
    Attachments,
}
