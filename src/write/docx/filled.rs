//! The office's own paper, filled: its parts with what its tags gave, and a document's text in our styles.

use std::io::Cursor;
use std::sync::Arc;

use zip::ZipArchive;
use zip::result::ZipResult;

use super::{body, style};
use crate::document::Document;
use crate::document::layout::Look;
use crate::frame::{Content, Filled, Frame, Part, mended, rewritten};

/// Fills one file after another. What many of them have in common is packed once.
#[derive(Default)]
pub(crate) struct Filler {
    base: Option<Base>,
}

/// A frame with our styles beside its own.
struct Base {
    of: Arc<Frame>,
    /// Whether tags of a part take paragraphs, rows or cells with them.
    takes: Vec<bool>,
    package: ZipArchive<Cursor<Vec<u8>>>,
}

/// Before the names of our styles, so that they never meet the office's.
const OURS: &str = "duban";

impl Filler {
    /// A filled frame as the bytes of a `.docx`. What no tag touched is what it was, byte for byte.
    pub(super) fn write(&mut self, filled: &Filled, document: &Document, look: &Look) -> ZipResult<Vec<u8>> {
        let base = match self.base.take().filter(|base| Arc::ptr_eq(&base.of, &filled.frame)) {
            Some(base) => base,
            None => Base::new(filled, document, look)?,
        };
        self.base.insert(base).fill(filled, document)
    }
}

impl Base {
    fn new(filled: &Filled, document: &Document, look: &Look) -> ZipResult<Self> {
        let mut package = ZipArchive::new(Cursor::new(filled.frame.bytes.to_vec()))?;
        let takes = (0..filled.frame.parts.len()).map(|part| filled.frame.takes_elements(part)).collect();
        let ours = |content: &Content| matches!(content, Content::Blocks(_) | Content::Body | Content::Attachments);
        if let Some((name, styles)) = filled.frame.styles.as_ref().filter(|_| filled.parts.iter().flatten().any(ours)) {
            package = with_styles(package, name, styles, document, look)?;
        }
        Ok(Self { of: filled.frame.clone(), takes, package })
    }

    fn fill(&mut self, filled: &Filled, document: &Document) -> ZipResult<Vec<u8>> {
        let parts = || self.of.parts.iter().zip(&filled.parts).zip(&self.takes);
        let touched = |part: &Part, contents: &[Content]| contents != [Content::Kept(0..part.xml.len())];
        let writer = rewritten(&mut self.package, |name| {
            let ((part, contents), takes) =
                parts().find(|((part, contents), _)| part.name == name && touched(part, contents))?;
            let xml = text(&part.xml, contents, document);
            Some(if *takes { mended(xml) } else { xml })
        })?;
        Ok(writer.finish()?.into_inner())
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

/// The package with our styles behind its own. One that it has already, from an office that wants another look, stays.
fn with_styles(
    mut package: ZipArchive<Cursor<Vec<u8>>>,
    part: &str,
    xml: &str,
    document: &Document,
    look: &Look,
) -> ZipResult<ZipArchive<Cursor<Vec<u8>>>> {
    let writer = rewritten(&mut package, |name| {
        (name == part).then(|| {
            let ours = style::apart(document.lang, &look.fonts, OURS);
            let more = ours.into_iter().filter(|(id, _)| !xml.contains(&format!("w:styleId=\"{id}\"")));
            let more: String = more.map(|(_, style)| style).collect();
            let (before, after) = xml.rsplit_once("</w:styles>").unwrap_or((xml, ""));
            format!("{before}{more}</w:styles>{after}")
        })
    })?;
    ZipArchive::new(Cursor::new(writer.finish()?.into_inner()))
}
