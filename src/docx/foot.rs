//! Signature, note and 版记.

use super::english;
use super::xml::{TAB, paragraph, run};
use crate::document::label::{Labels, note};
use crate::document::layout::{
    CHARACTER_TWIPS, CHARACTERS, LINE_TWIPS, TEXT_WIDTH_MM, THICK_LINE_EIGHTHS, THIN_LINE_EIGHTHS, twips,
};
use crate::document::text::columns;
use crate::document::{Document, Layout, signature};
use crate::words::lang::Lang;

/// Returns the signature and date (7.3.5), and the note (7.3.6).
pub(super) fn signature(document: &Document) -> String {
    let (foot, lang) = (&document.foot, document.lang);
    let mut xml = String::new();
    if let Some(text) = &foot.closing {
        xml.push_str(&paragraph("BodyText", "<w:keepNext/>", &run(lang, text)));
    }
    if document.is_english_letter() {
        return xml + &english::signature(document);
    }
    let lines = signature::lines(foot);
    for (index, line) in lines.iter().enumerate() {
        xml.push_str(&paragraph("Normal", "<w:keepNext/>", "").repeat(line.above));
        // Name, date and note stay on one page.
        let keep = if index + 1 < lines.len() || foot.note.is_some() { "<w:keepNext/>" } else { "" };
        let indent = match lang {
            // Indented from the left, so that the start of the date doesn't depend on the width of its digits.
            Lang::Zh => {
                let widest = line.text.lines().map(columns).max().unwrap_or(0);
                let left = (2 * CHARACTERS as usize).saturating_sub(line.right + widest);
                let left = u32::try_from(left).unwrap_or(0) * CHARACTER_TWIPS / 2;
                // Wider digits of another typeface may reach into the margin: a date is not broken.
                format!("<w:ind w:left=\"{left}\" w:right=\"-{}\"/><w:jc w:val=\"left\"/>", 2 * CHARACTER_TWIPS)
            }
            Lang::En => "<w:jc w:val=\"right\"/>".to_owned(),
        };
        xml.push_str(&paragraph("Signature", &format!("{keep}{indent}"), &run(lang, line.text)));
    }
    if let Some(text) = &foot.note {
        xml.push_str(&paragraph("BodyText", "", &run(lang, &note(lang, text))));
    }
    xml
}

/// Returns 版记 (7.4) or a bulletin's 报尾; empty if it would have no entries.
///
/// It is a frame aligned with the bottom of the text block of the last page, as high as its text; its anchor is the paragraph
/// that follows. Word and LibreOffice
/// place a frame alike, but not a floating table. The rules are paragraphs of their own, since the border of an
/// indented paragraph would be indented too.
pub(super) fn imprint(document: &Document) -> String {
    let entries = [names(document), printed(document)];
    let entries: Vec<&String> = entries.iter().filter(|entry| !entry.is_empty()).collect();
    let Some((last, above)) = entries.split_last() else { return String::new() };
    let mut xml = String::new();
    // 信函格式 has no rules here (10.1).
    let rule = |eighths| if document.layout == Layout::Letter { String::new() } else { rule(eighths) };
    xml.push_str(&rule(THICK_LINE_EIGHTHS));
    for entry in above {
        xml.push_str(entry);
        xml.push_str(&rule(THIN_LINE_EIGHTHS));
    }
    xml.push_str(last);
    xml.push_str(&rule(THICK_LINE_EIGHTHS));
    xml
}

/// Returns 报, 送, 发 and 抄送, a paragraph each.
fn names(document: &Document) -> String {
    let (foot, lang) = (&document.foot, document.lang);
    let labels = Labels::of(lang);
    let entries = [
        (labels.report_to, foot.report_to.as_slice()),
        (labels.send_to, foot.send_to.as_slice()),
        (labels.issue_to, foot.issue_to.as_slice()),
        (labels.copies, document.copies_in_imprint()),
    ];
    let mut xml = String::new();
    for (label, entry) in entries.into_iter().filter(|(_, entry)| !entry.is_empty()) {
        // One character of 14 pt is 280 twips.
        let hanging = match lang {
            Lang::Zh => u32::try_from(columns(label)).unwrap_or(0) * 140,
            Lang::En => 1100,
        };
        let tab = if lang == Lang::En { TAB } else { "" };
        let more = format!("{}<w:ind w:left=\"{}\" w:right=\"280\" w:hanging=\"{hanging}\"/>", frame(), 280 + hanging);
        let inner = format!("{}{tab}{}", run(lang, label.trim_end()), run(lang, &labels.names(entry)));
        xml.push_str(&paragraph("Imprint", &more, &inner));
    }
    xml
}

/// Returns the line with 印发机关 on the left and 印发日期 on the right (7.4.3), and that with 共印份数; empty without any.
fn printed(document: &Document) -> String {
    let (foot, lang) = (&document.foot, document.lang);
    let labels = Labels::of(lang);
    let copies = foot.printed_copies.as_deref().map(|copies| {
        let text = format!("{}{copies}{}", labels.printed_copies.0, labels.printed_copies.1);
        let more = format!("{}<w:ind w:right=\"280\"/><w:jc w:val=\"right\"/>", frame());
        paragraph("Imprint", &more, &run(lang, &text))
    });
    let copies = copies.unwrap_or_default();
    if foot.printed_by.is_none() && foot.printed_on.is_none() {
        return copies;
    }
    let by = foot.printed_by.as_deref().map(|by| run(lang, by)).unwrap_or_default();
    let on = foot.printed_on.as_deref().map(|day| format!("{}{day}{}", labels.printed.0, labels.printed.1));
    let on = on.map(|on| run(lang, &on)).unwrap_or_default();
    let tab = twips(TEXT_WIDTH_MM) - 280;
    let more = format!("{}<w:tabs><w:tab w:val=\"right\" w:pos=\"{tab}\"/></w:tabs><w:ind w:left=\"280\"/>", frame());
    paragraph("Imprint", &more, &format!("{by}{TAB}{on}")) + &copies
}

/// Returns a rule as wide as the text block, `eighths` of a point thick: a paragraph of that height, filled with black,
/// since LibreOffice applies the border of a paragraph to the whole frame.
fn rule(eighths: u32) -> String {
    let height = eighths * 20 / 8;
    let look = format!(
        "<w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"000000\"/><w:spacing w:line=\"{height}\" w:lineRule=\"exact\"/>"
    );
    paragraph("Tiny", &format!("{}{look}", frame()), "")
}

/// Returns the frame properties; consecutive paragraphs with equal ones form one frame.
fn frame() -> String {
    let width = twips(TEXT_WIDTH_MM);
    format!(
        "<w:framePr w:w=\"{width}\" w:vSpace=\"{LINE_TWIPS}\" w:wrap=\"notBeside\" w:vAnchor=\"margin\" w:hAnchor=\"margin\" \
         w:xAlign=\"left\" w:yAlign=\"bottom\"/>"
    )
}
