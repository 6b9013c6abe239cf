//! The office's own paper, filled: its parts with what its tags gave, and a document's text in our styles.

use std::io;
use std::sync::Arc;

use super::{body, style};
use crate::document::Document;
use crate::document::layout::Look;
use crate::word_template::archive::{Deflater, Packed};
use crate::word_template::{self, Content, Filled, WordPart, WordTemplate, repaired, rewritten};

/// Fills one file after another. What many of them have in common is packed once.
#[derive(Default)]
pub(crate) struct Filler {
    base: Option<Base>,
    deflater: Deflater,
}

/// A Word template with our styles beside its own.
struct Base {
    of: Arc<WordTemplate>,
    /// Whether tags of a part take paragraphs, rows or cells with them.
    takes: Vec<bool>,
    /// Its parts, packed.
    packed: Vec<(String, Packed<'static>)>,
}

/// Before the names of our styles, so that they never meet the office's.
const OURS: &str = "duban";

impl Filler {
    /// A filled Word template as the bytes of a `.docx`. What no tag touched is what it was, byte for byte.
    pub(super) fn write(&mut self, filled: &Filled, document: &Document, look: &Look) -> io::Result<Vec<u8>> {
        let base = match self.base.take().filter(|base| Arc::ptr_eq(&base.of, &filled.template)) {
            Some(base) => base,
            None => Base::new(filled, document, look, &mut self.deflater)?,
        };
        self.base.insert(base).fill(filled, document, &mut self.deflater)
    }
}

impl Base {
    fn new(filled: &Filled, document: &Document, look: &Look, deflater: &mut Deflater) -> io::Result<Self> {
        let broken = |error: word_template::WordTemplateError| io::Error::other(error.text(document.lang).0);
        let parts = word_template::parts(&filled.template.bytes).map_err(broken)?;
        let mut packed: Vec<_> = parts.into_iter().map(|(name, part)| (name, part.into_owned())).collect();
        let ours = |content: &Content| matches!(content, Content::Blocks(_) | Content::Body | Content::Attachments);
        if let Some((name, styles)) =
            filled.template.styles.as_ref().filter(|_| filled.parts.iter().flatten().any(ours))
        {
            let with_ours = deflater.pack(&with_our_styles(styles, document, look))?;
            packed.iter_mut().filter(|(part, _)| part == name).for_each(|(_, packed)| *packed = with_ours.clone());
        }
        let takes = (0..filled.template.parts.len()).map(|part| filled.template.takes_elements(part)).collect();
        Ok(Self { of: filled.template.clone(), takes, packed })
    }

    fn fill(&self, filled: &Filled, document: &Document, deflater: &mut Deflater) -> io::Result<Vec<u8>> {
        let parts = || self.of.parts.iter().zip(&filled.parts).zip(&self.takes);
        let touched = |part: &WordPart, contents: &[Content]| contents != [Content::Kept(0..part.xml.len())];
        let archive = rewritten(&self.packed, deflater, |name| {
            let ((part, contents), takes) =
                parts().find(|((part, contents), _)| part.name == name && touched(part, contents))?;
            let xml = text(&part.xml, contents, document);
            Some(if *takes { repaired(xml) } else { xml })
        })?;
        archive.finish()
    }
}

/// A part with what its tags gave.
fn text(xml: &str, contents: &[Content], document: &Document) -> String {
    let mut text = String::with_capacity(xml.len());
    for content in contents {
        match content {
            Content::Kept(range) => text.push_str(xml.get(range.clone()).unwrap_or_default()),
            Content::Text(made) => text.push_str(made),
            Content::Blocks(blocks) => text.push_str(&in_our_styles(&body::some(document.lang, blocks))),
            Content::Body => text.push_str(&in_our_styles(&body::text(document))),
            Content::Attachments => text.push_str(&in_our_styles(&body::attachments(document))),
        }
    }
    text
}

/// What we wrote, with the names that our styles have in somebody else's file.
fn in_our_styles(xml: &str) -> String {
    // Texts have their quotes escaped: only attributes look like this.
    ["w:pStyle", "w:rStyle", "w:tblStyle"].iter().fold(xml.to_owned(), |xml, element| {
        xml.replace(&format!("<{element} w:val=\""), &format!("<{element} w:val=\"{OURS}"))
    })
}

/// Styles with ours behind them. One that is there already, from an office that wants another look, stays.
fn with_our_styles(xml: &str, document: &Document, look: &Look) -> String {
    let ours = style::apart(document.lang, &look.fonts, OURS);
    let more = ours.into_iter().filter(|(id, _)| !xml.contains(&format!("w:styleId=\"{id}\"")));
    let more: String = more.map(|(_, style)| style).collect();
    let (before, after) = xml.rsplit_once("</w:styles>").unwrap_or((xml, ""));
    format!("{before}{more}</w:styles>{after}")
}
