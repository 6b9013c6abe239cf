//! Signature, note and 版记.

use std::fmt::Write as _;

use super::xml::{TAB, paragraph, run};
use crate::document::label::{Labels, note};
use crate::document::layout::{
    CHARACTER_TWIPS, CHARACTERS, TEXT_WIDTH_MM, THICK_LINE_EIGHTHS, THIN_LINE_EIGHTHS, twips,
};
use crate::document::text::columns;
use crate::document::{Document, signature};
use crate::words::lang::Lang;

/// Returns the unsealed signature (7.3.5.2) and the note (7.3.6).
pub(super) fn signature(document: &Document) -> String {
    let (foot, lang) = (&document.foot, document.lang);
    let (name, date) = (foot.signature.as_deref().unwrap_or(""), foot.date.as_deref().unwrap_or(""));
    let mut xml = String::new();
    if !name.is_empty() || !date.is_empty() {
        xml.push_str(&paragraph("Normal", "<w:keepNext/>", ""));
        if lang == Lang::Zh && document.attachments.is_empty() {
            xml.push_str(&paragraph("Normal", "<w:keepNext/>", ""));
        }
        let placing = signature::place(name, date);
        for (text, halves, keep) in [(name, placing.name, "<w:keepNext/>"), (date, placing.date, "")] {
            if text.is_empty() {
                continue;
            }
            // From the left, so that the date begins where it must whatever the width of its digits.
            let widest = text.lines().map(columns).max().unwrap_or(0);
            let left = (2 * CHARACTERS as usize).saturating_sub(halves + widest);
            let left = u32::try_from(left).unwrap_or(0) * CHARACTER_TWIPS / 2;
            let indent = match lang {
                Lang::Zh => format!("<w:ind w:left=\"{left}\"/><w:jc w:val=\"left\"/>"),
                Lang::En => "<w:jc w:val=\"right\"/>".to_owned(),
            };
            let more = format!("{keep}{indent}");
            xml.push_str(&paragraph("Signature", &more, &run(lang, text)));
        }
    }
    if let Some(text) = &foot.note {
        xml.push_str(&paragraph("BodyText", "", &run(lang, &note(lang, text))));
    }
    xml
}

/// Returns 版记 (7.4), a table whose lines are as wide as the text block; nothing if there is nothing to say.
pub(super) fn imprint(document: &Document) -> String {
    let (foot, lang) = (&document.foot, document.lang);
    let labels = Labels::of(lang);
    let mut names = String::new();
    let entries = [
        (labels.report_to, &foot.report_to),
        (labels.send_to, &foot.send_to),
        (labels.issue_to, &foot.issue_to),
        (labels.copies, &foot.copies),
    ];
    for (label, entry) in entries.into_iter().filter(|(_, entry)| !entry.is_empty()) {
        // One character of 14 pt is 280 twips.
        let hanging = match lang {
            Lang::Zh => u32::try_from(columns(label)).unwrap_or(0) * 140,
            Lang::En => 1100,
        };
        let tab = if lang == Lang::En { TAB } else { "" };
        let more = format!("<w:ind w:left=\"{}\" w:right=\"280\" w:hanging=\"{hanging}\"/>", 280 + hanging);
        let inner = format!("{}{tab}{}", run(lang, label.trim_end()), run(lang, &labels.names(entry)));
        names.push_str(paragraph("Imprint", &more, &inner).trim_end());
    }
    let mut printed = String::new();
    // 信函格式 has neither (10.1).
    if foot.printed_by.is_some() || foot.printed_on.is_some() {
        let by = foot.printed_by.as_deref().map(|by| run(lang, by)).unwrap_or_default();
        let on = foot.printed_on.as_deref().map(|day| format!("{}{day}{}", labels.printed.0, labels.printed.1));
        let on = on.map(|on| run(lang, &on)).unwrap_or_default();
        let tab = twips(TEXT_WIDTH_MM) - 280;
        let more = format!("<w:tabs><w:tab w:val=\"right\" w:pos=\"{tab}\"/></w:tabs><w:ind w:left=\"280\"/>");
        printed.push_str(paragraph("Imprint", &more, &format!("{by}{TAB}{on}")).trim_end());
    }
    let rows: Vec<String> = [names, printed].into_iter().filter(|row| !row.is_empty()).collect();
    if rows.is_empty() {
        return String::new();
    }
    let width = twips(TEXT_WIDTH_MM);
    let mut xml = paragraph("Normal", "<w:keepNext/>", "").repeat(2);
    let _ = write!(
        xml,
        "<w:tbl><w:tblPr><w:tblW w:w=\"{width}\" w:type=\"dxa\"/><w:tblBorders>\
         <w:top w:val=\"single\" w:sz=\"{THICK_LINE_EIGHTHS}\" w:space=\"0\" w:color=\"000000\"/>\
         <w:bottom w:val=\"single\" w:sz=\"{THICK_LINE_EIGHTHS}\" w:space=\"0\" w:color=\"000000\"/>\
         <w:insideH w:val=\"single\" w:sz=\"{THIN_LINE_EIGHTHS}\" w:space=\"0\" w:color=\"000000\"/></w:tblBorders>\
         <w:tblLayout w:type=\"fixed\"/><w:tblCellMar><w:left w:w=\"0\" w:type=\"dxa\"/>\
         <w:right w:w=\"0\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr>\
         <w:tblGrid><w:gridCol w:w=\"{width}\"/></w:tblGrid>"
    );
    for row in rows {
        let _ = write!(
            xml,
            "<w:tr><w:trPr><w:cantSplit/></w:trPr><w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/></w:tcPr>{row}</w:tc></w:tr>"
        );
    }
    xml.push_str("</w:tbl>\n");
    // A body ends with a paragraph.
    xml.push_str(&paragraph("Tiny", "", ""));
    xml
}
