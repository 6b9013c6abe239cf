//! Paragraphs and runs as XML.

use std::fmt::Write as _;

use crate::document::Inline;
use crate::document::text::permitted;
use crate::words::lang::Lang;

/// The namespaces that the body, headers and footers declare.
pub(super) const NAMESPACES: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
     xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";

/// The XML declaration: the first line of every part.
pub(super) const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

/// How a run differs from its paragraph's style.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct RunLook {
    /// Set as [`Inline::Strong`].
    pub(super) strong: bool,
    /// Set as [`Inline::Emphasis`].
    pub(super) emphasis: bool,
}

/// Returns `text` escaped for element content and attribute values alike.
pub(super) fn escape(text: &str) -> String {
    quick_xml::escape::escape(permitted(text).as_ref()).into_owned()
}

/// Returns a paragraph of `style`. `more` holds further properties in the order of the schema, in which `pStyle` is
/// first.
pub(super) fn paragraph(style: &str, more: &str, runs: &str) -> String {
    format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/>{more}</w:pPr>{runs}</w:p>\n")
}

/// Returns `text` as a run; newlines become line breaks.
pub(super) fn run(lang: Lang, text: &str) -> String {
    styled(lang, text, RunLook::default())
}

/// Returns `text` as a run that differs from its paragraph's style.
pub(super) fn styled(lang: Lang, text: &str, look: RunLook) -> String {
    let mut properties = String::new();
    if look.emphasis && !look.strong {
        properties.push_str("<w:rStyle w:val=\"Emphasis\"/>");
    } else if look.strong {
        properties.push_str("<w:rStyle w:val=\"Strong\"/>");
    }
    if lang == Lang::Zh {
        // Quotation marks and dashes belong to both scripts; without the hint Word sets them in half width.
        properties.push_str("<w:rFonts w:hint=\"eastAsia\"/>");
    }
    raw(&properties, text)
}

/// Returns `text` as a run with the given run properties.
pub(super) fn raw(properties: &str, text: &str) -> String {
    let mut run = "<w:r>".to_owned();
    if !properties.is_empty() {
        let _ = write!(run, "<w:rPr>{properties}</w:rPr>");
    }
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            run.push_str("<w:br/>");
        }
        if !line.is_empty() {
            let line = escape(line).replace('\t', " ");
            let _ = write!(run, "<w:t xml:space=\"preserve\">{line}</w:t>");
        }
    }
    run.push_str("</w:r>");
    run
}

/// A run with a tab.
pub(super) const TAB: &str = "<w:r><w:tab/></w:r>";

/// Returns the runs of `pieces`.
pub(super) fn runs(lang: Lang, pieces: &[Inline]) -> String {
    fn push(lang: Lang, pieces: &[Inline], look: RunLook, text: &mut String) {
        for piece in pieces {
            match piece {
                Inline::Text(piece) => text.push_str(&styled(lang, piece, look)),
                Inline::Strong(inner) => push(lang, inner, RunLook { strong: true, ..look }, text),
                Inline::Emphasis(inner) => push(lang, inner, RunLook { emphasis: true, ..look }, text),
                Inline::Break => text.push_str("<w:r><w:br/></w:r>"),
            }
        }
    }
    let mut text = String::new();
    push(lang, pieces, RunLook::default(), &mut text);
    text
}

/// Returns `<w:spacing>` with the space before a paragraph; negative values count as 0.
pub(super) fn space_before(twips: i32) -> String {
    format!("<w:spacing w:before=\"{}\"/>", twips.max(0))
}
