//! Paragraphs and runs as XML.

use std::fmt::Write as _;

use crate::document::text::permitted;
use crate::document::{Inline, text_only};
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
            for (index, piece) in unbroken(line).enumerate() {
                let hyphen = if index > 0 { "<w:noBreakHyphen/>" } else { "" };
                let piece = escape(piece).replace('\t', " ");
                let _ = write!(run, "{hyphen}<w:t xml:space=\"preserve\">{piece}</w:t>");
            }
        }
    }
    run.push_str("</w:r>");
    run
}

/// The pieces of a line between the hyphens at which it is not broken: those of telephone numbers, ids and numbers.
fn unbroken(line: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(line);
    std::iter::from_fn(move || {
        let text = rest?;
        let is_kept = |at: &usize| {
            let before = text.get(..*at).and_then(|before| before.chars().next_back());
            let after = text.get(at + 1..).and_then(|after| after.chars().next());
            let is_sign = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
            let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
            is_sign(before) && is_sign(after) && (is_digit(before) || is_digit(after))
        };
        let hyphen = text.match_indices('-').map(|(at, _)| at).find(is_kept);
        let (piece, after) = match hyphen {
            Some(at) => (text.get(..at)?, text.get(at + 1..)),
            None => (text, None),
        };
        rest = after;
        Some(piece)
    })
}

/// A run with a tab.
pub(super) const TAB: &str = "<w:r><w:tab/></w:r>";

/// Returns the runs of `pieces`.
pub(super) fn runs(lang: Lang, pieces: &[Inline]) -> String {
    fn push(lang: Lang, pieces: &[Inline], look: RunLook, text: &mut String) {
        for piece in pieces {
            match piece {
                Inline::Text(piece) | Inline::Figure { text: piece, .. } => text.push_str(&styled(lang, piece, look)),
                Inline::Strong(inner) => push(lang, inner, RunLook { strong: true, ..look }, text),
                Inline::Emphasis(inner) => push(lang, inner, RunLook { emphasis: true, ..look }, text),
                Inline::Break => text.push_str("<w:r><w:br/></w:r>"),
                Inline::Photo(_) => {}
            }
        }
    }
    let mut text = String::new();
    push(lang, &text_only(pieces), RunLook::default(), &mut text);
    text
}

/// Returns `<w:spacing>` with the space before a paragraph; negative values count as 0.
pub(super) fn space_before(twips: i32) -> String {
    format!("<w:spacing w:before=\"{}\"/>", twips.max(0))
}
