//! Everything above the body text: 版头, title and addressee.

use super::english;
use super::xml::{TAB, paragraph, raw, run, space_before};
use crate::document::label::{Labels, addressee};
use crate::document::layout::{
    BULLETIN_LINE_EIGHTHS, BULLETIN_MARK_TOP_MM, LINE_TWIPS, MARK_TOP_MM, RED_LINE_EIGHTHS, TEXT_WIDTH_MM, ink, twips,
};
use crate::document::{Document, Head, Layout};
use crate::words::lang::Lang;

/// Returns everything from the first line of the page to the addressee.
pub(super) fn head(document: &Document) -> String {
    let head = &document.head;
    if document.is_english_letter() {
        return english::head(document) + &salutation(document);
    }
    let mut xml = match document.layout {
        Layout::Letter => letter(document),
        Layout::Document | Layout::Bulletin => letterhead(document),
    };
    let blank = match (document.lang, document.layout) {
        (Lang::Zh, Layout::Document | Layout::Letter) => 2,
        (Lang::Zh, Layout::Bulletin) => 1,
        (Lang::En, _) => 0,
    };
    for _ in 0..blank {
        xml.push_str(&paragraph("Normal", "", ""));
    }
    if !head.title.is_empty() {
        xml.push_str(&paragraph("Title", "", &run(document.lang, &document.title())));
        if document.lang == Lang::Zh {
            xml.push_str(&paragraph("Normal", "<w:keepNext/>", ""));
        }
    }
    if let Some(name) = &head.addressee {
        xml.push_str(&paragraph("Addressee", "", &run(document.lang, &addressee(document.lang, name))));
    }
    xml + &salutation(document)
}

fn salutation(document: &Document) -> String {
    let text = document.head.salutation.as_deref();
    text.map(|text| paragraph("Addressee", "", &run(document.lang, text))).unwrap_or_default()
}

/// Returns the mark as a paragraph, in the largest size that fits on one line. `more` holds further attributes of its
/// `w:spacing`.
pub(super) fn mark(document: &Document, text: &str, more: &str) -> String {
    let size = document.mark_pt(text);
    let spacing = format!("<w:spacing {more} w:line=\"{}\" w:lineRule=\"exact\"/>", size * 20);
    let size = format!("<w:rFonts w:hint=\"eastAsia\"/><w:sz w:val=\"{0}\"/><w:szCs w:val=\"{0}\"/>", size * 2);
    paragraph("Mark", &spacing, &raw(&size, text))
}

/// Returns the head of the 文件格式 or of a 简报: facts on the left, mark, number, red line.
fn letterhead(document: &Document) -> String {
    let (head, lang) = (&document.head, document.lang);
    let mut xml = String::new();
    let facts = facts(head);
    for (style, text) in &facts {
        xml.push_str(&paragraph(style, "", &run(lang, text)));
    }
    let line = i32::try_from(LINE_TWIPS).unwrap_or(0);
    let above = i32::try_from(facts.len()).unwrap_or(0) * line;
    let top = match (lang, document.layout) {
        (Lang::Zh, Layout::Bulletin) => twips(BULLETIN_MARK_TOP_MM),
        (Lang::Zh, _) => twips(MARK_TOP_MM),
        (Lang::En, _) => 0,
    };
    if let Some(text) = &head.mark {
        xml.push_str(&mark(document, text, &format!("w:before=\"{}\"", (top - above).max(0))));
    }
    let gap = match (lang, document.layout) {
        (Lang::Zh, Layout::Bulletin) => line,
        (Lang::Zh, _) => 2 * line,
        (Lang::En, _) => 120,
    };
    let has_issuer = head.issuer.is_some() || head.date.is_some();
    let eighths = if document.layout == Layout::Bulletin { BULLETIN_LINE_EIGHTHS } else { RED_LINE_EIGHTHS };
    // The red line lies 4 mm, or 11 pt, below the number; 6.5 pt of that is the space below the characters in their
    // line.
    let rule = format!(
        "<w:pBdr><w:bottom w:val=\"single\" w:sz=\"{eighths}\" w:space=\"4\" w:color=\"{}\"/></w:pBdr>",
        ink(lang)
    );
    let (number_rule, issuer_rule) = if has_issuer { ("", rule.as_str()) } else { (rule.as_str(), "") };
    let number = number(head, lang);
    match &head.signer {
        Some(signer) => {
            let runs = format!(
                "{number}{TAB}{}{}",
                run(lang, Labels::of(lang).signer),
                super::xml::styled(
                    lang,
                    signer,
                    super::xml::RunLook { emphasis: lang == Lang::Zh, ..Default::default() }
                )
            );
            let tab = twips(TEXT_WIDTH_MM) - 315;
            let more = format!(
                "{number_rule}<w:tabs><w:tab w:val=\"right\" w:pos=\"{tab}\"/></w:tabs>{}<w:ind w:left=\"0\" w:firstLineChars=\"100\" w:firstLine=\"315\"/><w:jc w:val=\"left\"/>",
                space_before(gap)
            );
            xml.push_str(&paragraph("Number", &more, &runs));
        }
        None if head.mark.is_some() || !number.is_empty() => {
            let gap = if number.is_empty() { 0 } else { gap };
            xml.push_str(&paragraph("Number", &format!("{number_rule}{}", space_before(gap)), &number));
        }
        None => {}
    }
    xml.push_str(&issuer(head, lang, issuer_rule));
    xml
}

/// Returns the head of the 信函格式: facts on the left, the number on the right. The mark is in the page header.
fn letter(document: &Document) -> String {
    let (head, lang) = (&document.head, document.lang);
    let number = number(head, lang);
    let mut xml = String::new();
    let mut facts = facts(head).into_iter();
    // The number is on the first line, 7/8 of a character below the double line (10.1).
    let more = format!(
        "<w:tabs><w:tab w:val=\"right\" w:pos=\"{}\"/></w:tabs><w:snapToGrid w:val=\"0\"/>\
         <w:spacing w:before=\"280\" w:line=\"320\" w:lineRule=\"exact\"/><w:jc w:val=\"left\"/>",
        twips(TEXT_WIDTH_MM),
    );
    match facts.next() {
        Some((style, text)) => {
            xml.push_str(&paragraph(style, &more, &format!("{}{TAB}{number}", run(lang, text))));
        }
        None if !number.is_empty() => {
            xml.push_str(&paragraph("Number", &more, &format!("{TAB}{number}")));
        }
        None => {}
    }
    for (style, text) in facts {
        xml.push_str(&paragraph(style, "", &run(lang, text)));
    }
    // 信函格式 defines no place for a signer; if a template gives one, it is shown all the same.
    if let Some(signer) = &head.signer {
        let text = format!("{}{signer}", Labels::of(lang).signer);
        xml.push_str(&paragraph("Fact", "", &run(lang, &text)));
    }
    xml.push_str(&issuer(head, lang, ""));
    xml
}

/// Returns the line with 编印单位 on the left and the date on the right; empty if there is neither.
fn issuer(head: &Head, lang: Lang, rule: &str) -> String {
    if head.issuer.is_none() && head.date.is_none() {
        return String::new();
    }
    let side = |value: &Option<String>| value.as_deref().map(|text| run(lang, text)).unwrap_or_default();
    let more = format!(
        "{rule}<w:tabs><w:tab w:val=\"right\" w:pos=\"{}\"/></w:tabs>{}<w:jc w:val=\"left\"/>",
        twips(TEXT_WIDTH_MM),
        space_before(if lang == Lang::Zh { 290 } else { 60 }),
    );
    paragraph("Number", &more, &format!("{}{TAB}{}", side(&head.issuer), side(&head.date)))
}

/// Returns the style and text of 份号, 密级 and 紧急程度, in this order.
fn facts(head: &Head) -> Vec<(&'static str, &str)> {
    [("Fact", &head.copy_number), ("FactStrict", &head.secrecy), ("FactStrict", &head.urgency)]
        .into_iter()
        .filter_map(|(style, value)| value.as_deref().map(|value| (style, value)))
        .collect()
}

/// Returns the runs of the number and of the draft mark.
fn number(head: &Head, lang: Lang) -> String {
    let mut runs = head.number.as_deref().map(|number| run(lang, number)).unwrap_or_default();
    if head.draft {
        let gap = if runs.is_empty() || lang == Lang::Zh { "" } else { " " };
        runs.push_str(&raw("<w:rStyle w:val=\"Draft\"/>", &format!("{gap}{}", Labels::of(lang).draft)));
    }
    runs
}
