//! A document → a Word document, laid out after GB/T 9704—2012.
//!
//! - `xml`: paragraphs and runs as text, escaped;
//! - `head`: what stands above the text;
//! - `body`: blocks, attachments and sections;
//! - `table`: tables;
//! - `foot`: signature, note and 版记;
//! - `page`: sections, page headers and page numbers;
//! - `style`: styles;
//! - `part`: the other parts, and the packing.

mod body;
mod foot;
mod head;
mod page;
mod part;
mod style;
mod table;
mod xml;

use super::WriteError;
use crate::document::Document;
use crate::document::layout::Fonts;

/// Returns `document` as the bytes of a `.docx`.
pub(super) fn write(document: &Document, fonts: &Fonts) -> Result<Vec<u8>, WriteError> {
    part::pack(&parts(document, fonts)).map_err(WriteError::Pack)
}

/// Returns the parts of the package, in their order in it.
fn parts(document: &Document, fonts: &Fonts) -> Vec<(&'static str, String)> {
    let mut parts = vec![
        ("[Content_Types].xml", part::content_types()),
        ("_rels/.rels", part::package_relations()),
        ("docProps/core.xml", part::core(document)),
        ("docProps/app.xml", part::app()),
        ("word/document.xml", body::document(document)),
        ("word/_rels/document.xml.rels", part::document_relations()),
        ("word/styles.xml", style::styles(document.lang, fonts)),
        ("word/settings.xml", part::settings(document.lang)),
        ("word/fontTable.xml", part::font_table(fonts)),
        ("word/theme/theme1.xml", part::theme(fonts)),
    ];
    parts.extend(page::headers_and_footers(document));
    parts
}

#[cfg(test)]
pub(super) fn document_xml(document: &Document) -> String {
    body::document(document)
}
