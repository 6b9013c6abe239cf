//! A document → a Word document, laid out after GB/T 9704—2012.
//!
//! - `xml`: paragraphs and runs as text, escaped;
//! - `head`: what stands above the text;
//! - `body`: blocks, attachments and sections;
//! - `table`: tables;
//! - `foot`: signature, note and 版记;
//! - `page`: sections, page headers and page numbers;
//! - `style`: styles;
//! - `part`: the other parts;
//! - `filled`: the same text in the office's own paper;
//! - `pack`: parts into a package;
//! - `sound`: a finished package, opened again.

mod body;
pub(super) mod filled;
mod foot;
mod head;
pub(super) mod pack;
mod page;
mod part;
pub(super) mod sound;
mod style;
mod table;
mod xml;

use super::WriteError;
use crate::document::Document;
use crate::document::layout::Look;
use crate::word_template::Filled;
use pack::Packer;
use page::{Running, RunningPart};

/// Returns documents of one language as the bytes of a `.docx`: one, or several for the printer, each beginning on a
/// new page 1.
pub(super) fn write(documents: &[&Document], look: &Look, packer: &mut Packer) -> Result<Vec<u8>, WriteError> {
    let parts = parts(documents, look, packer);
    packer.pack(parts).map_err(WriteError::Pack)
}

/// Returns the office's own paper filled for a document, as the bytes of a `.docx`.
pub(super) fn fill(
    paper: &Filled,
    document: &Document,
    look: &Look,
    by: &mut filled::Filler,
) -> Result<Vec<u8>, WriteError> {
    by.write(paper, document, look).map_err(WriteError::Pack)
}

/// Returns the parts of the package, in their order in it.
fn parts(documents: &[&Document], look: &Look, packer: &mut Packer) -> Vec<(String, String)> {
    let Some(first) = documents.first() else { return Vec::new() };
    let mut sets: Vec<Running> = Vec::new();
    let mut placed = Vec::new();
    for document in documents {
        let running = Running::of(document, look.paper);
        let index = sets.iter().position(|set| *set == running).unwrap_or_else(|| {
            sets.push(running);
            sets.len() - 1
        });
        placed.push((*document, index));
    }
    let running: Vec<RunningPart<'_>> = sets.iter().enumerate().flat_map(|(index, set)| set.parts(index)).collect();
    let own = [
        ("[Content_Types].xml", part::content_types(&running)),
        ("docProps/core.xml", part::core(first)),
        ("word/document.xml", body::documents(&placed, look.paper)),
        ("word/_rels/document.xml.rels", part::document_relations(&running)),
    ];
    let fixed = packer.fixed(first.lang, || {
        vec![
            ("_rels/.rels", part::package_relations()),
            ("docProps/app.xml", part::app()),
            ("word/styles.xml", style::styles(first.lang, &look.fonts)),
            ("word/settings.xml", part::settings(first.lang)),
            ("word/fontTable.xml", part::font_table(&look.fonts)),
            ("word/theme/theme1.xml", part::theme(&look.fonts)),
        ]
    });
    let named = own.into_iter().chain(fixed.iter().cloned()).map(|(name, text)| (name.to_owned(), text));
    named.chain(running.iter().map(|part| (format!("word/{}", part.name), part.text.to_owned()))).collect()
}

#[cfg(test)]
pub(super) fn document_xml(document: &Document) -> String {
    body::documents(&[(document, 0)], crate::document::layout::Paper::A4)
}
