//! The Word format: a document as `WordprocessingML`, laid out after GB/T 9704—2012.
//!
//! The room [`write`](mod@crate::write) calls it for `.docx`, as it calls its own modules for the other formats.
//!
//! - `xml`: paragraphs and runs as escaped XML
//! - `head`: everything above the body text
//! - `body`: blocks, attachments and sections
//! - `table`: tables
//! - `drawn`: charts and photos; `charted`: charts; `photographed`: photos
//! - `foot`: signature, note and 版记
//! - `page`: sections, page headers and page numbers
//! - `style`: styles
//! - `part`: the other parts of the package
//! - `pack`: compressing the parts into a package; `long`: a text that is compressed while it is written
//! - `filled`: a document in the office's own Word template; `pictured`: what leads to its pictures
//! - `validate`: checks of a finished package
//! - `specimen`: the faces that a finished package asks for

mod body;
mod charted;
mod drawn;
mod english;
mod filled;
mod fit;
mod foot;
mod head;
mod long;
mod pack;
mod page;
mod part;
mod photographed;
mod pictured;
mod specimen;
mod style;
mod table;
mod validate;
mod xml;

use std::io;

use crate::document::layout::Look;
use crate::document::photo::UnreadablePhoto;
use crate::document::{Attachment, Document};
use crate::ooxml::archive::Archive;
use crate::ooxml::pictures::{with_image_types, with_relationships};
use crate::ooxml::{with_chart_relationships, with_chart_types};
pub(crate) use drawn::DrawingSources;
use drawn::Drawings;
pub(crate) use filled::Filler;
use long::{PartText, Settled};
use pack::PackagePart;
pub(crate) use pack::{Packer, WordFile};
use page::{Running, RunningPart, RunningSets};
pub use specimen::{Specimen, specimen};
pub use validate::Unsound;
pub(crate) use validate::Validator;

/// Returns documents of one language as a single `.docx`. Each document starts on a new page, numbered 1.
///
/// # Errors
/// The package would exceed the limits of the archive format (4 GB).
pub(crate) fn write(
    documents: &[&Document],
    look: &Look,
    packer: &mut Packer,
    drawn: DrawingSources<'_>,
) -> io::Result<WordFile> {
    let (parts, media, unreadable) = parts(documents, look, packer, drawn)?;
    Ok(WordFile { bytes: packer.pack(parts, media)?, unreadable })
}

/// Returns the parts of the package in their order, those of the photos, and the photos that can't be read.
fn parts(
    documents: &[&Document],
    look: &Look,
    packer: &mut Packer,
    drawn: DrawingSources<'_>,
) -> io::Result<(Vec<PackagePart>, Archive, Vec<UnreadablePhoto>)> {
    let Some(first) = documents.first() else { return Ok(Default::default()) };
    // Documents with equal headers and footers share one set.
    let mut sets: Vec<Running> = Vec::new();
    let mut with_sets = Vec::new();
    for document in documents {
        let mut place = |running: Running| {
            sets.iter().position(|set| *set == running).unwrap_or_else(|| {
                sets.push(running);
                sets.len() - 1
            })
        };
        let upright = place(Running::of(document, look.paper));
        let turned = if document.attachments.iter().any(Attachment::is_turned) {
            place(Running::turned(document, look.paper))
        } else {
            upright
        };
        with_sets.push((*document, RunningSets { upright, turned }));
    }
    let running: Vec<RunningPart<'_>> = sets.iter().enumerate().flat_map(|(index, set)| set.parts(index)).collect();
    let mut drawings = Drawings::of_new_file(drawn.photos);
    let text = body::documents(&with_sets, Settled::default(), look.paper, &mut drawings)?;
    let Drawings { charts, photos, .. } = drawings;
    let related = charts.relationships();
    let types = with_image_types(&part::content_types(&running), &photos.formats());
    let relations = with_relationships(&part::document_relationships(&running), &photos.relationships());
    let varying = [
        ("[Content_Types].xml", with_chart_types(&types, &related).into()),
        ("docProps/core.xml", part::core(first).into()),
        ("word/document.xml", text),
        ("word/_rels/document.xml.rels", with_chart_relationships(&relations, &related).into()),
    ];
    let fixed = packer.fixed(first.lang, || {
        vec![
            ("_rels/.rels", part::package_relationships()),
            ("docProps/app.xml", part::app()),
            ("word/styles.xml", style::styles(first.lang, &look.fonts)),
            ("word/settings.xml", part::settings(first.lang)),
            ("word/fontTable.xml", part::font_table(&look.fonts)),
            ("word/theme/theme1.xml", part::theme(&look.fonts)),
        ]
    });
    let fixed = fixed.iter().cloned().map(|(name, text)| (name, PartText::from(text)));
    let named = varying.into_iter().chain(fixed).map(|(name, text)| (name.to_owned(), text));
    let pages = running.iter().map(|part| (format!("word/{}", part.name), part.text.to_owned().into()));
    let mut parts: Vec<PackagePart> = named.chain(pages).collect();
    let charts = charts.parts(&look.fonts, drawn.book, &mut packer.deflater)?;
    parts.extend(charts.into_iter().map(|(name, part)| (name, PartText::Packed(part))));
    let photos = photos.finish()?;
    Ok((parts, photos.media, photos.unreadable))
}

/// Returns the text of `word/document.xml` of a single document, which is the same whether it is settled or not.
#[cfg(test)]
pub(crate) fn document_xml(document: &Document) -> String {
    let xml = |piece| {
        let settled = Settled::in_pieces_of(piece);
        let paper = crate::document::layout::Paper::A4;
        let mut drawings = Drawings::of_new_file(&crate::document::photo::NoPhotos);
        let xml = body::documents(&[(document, RunningSets::default())], settled, paper, &mut drawings);
        xml.unwrap().unpacked()
    };
    let whole = xml(usize::MAX);
    assert_eq!(xml(1), whole);
    whole
}
