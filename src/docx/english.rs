//! What an English letter has of its own: the letterhead and what stands between it and the text, and what follows the text.
//!
//! The order is that of inspection letters of British and American offices: date and reference, the address block, the
//! subject, the salutation; the close, room to sign, name and title of the signer, enclosures, copies. No clause rules it.

use super::xml::{paragraph, raw, run};
use crate::document::Document;
use crate::document::label::{Labels, attachment_names};
use crate::words::lang::Lang;

/// Returns everything between the letterhead and the text.
pub(super) fn head(document: &Document) -> String {
    let (head, labels) = (&document.head, Labels::of(document.lang));
    let line = |style: &str, text: &str| paragraph(style, "", &run(document.lang, text));
    let mut xml = String::new();
    for text in [&head.secrecy, &head.urgency].into_iter().flatten() {
        xml.push_str(&line("FactStrict", text));
    }
    for text in [&document.foot.date, &head.copy_number, &head.issuer].into_iter().flatten() {
        xml.push_str(&line("Fact", text));
    }
    if head.number.is_some() || head.draft {
        let number = head.number.as_deref().map(|number| format!("{}{number}", labels.reference)).unwrap_or_default();
        let mut runs = run(document.lang, &number);
        if head.draft {
            let gap = if number.is_empty() { "" } else { " " };
            runs.push_str(&raw("<w:rStyle w:val=\"Draft\"/>", &format!("{gap}{}", labels.draft)));
        }
        xml.push_str(&paragraph("Fact", "", &runs));
    }
    if let Some(address) = &head.addressee {
        xml.push_str(&block("Address", address.lines(), document.lang));
    }
    if !head.title.is_empty() {
        xml.push_str(&line("Subject", &format!("{}{}", labels.subject, head.title)));
    }
    xml
}

/// Returns the name and title of the signer, with room above them to sign.
pub(super) fn signature(document: &Document) -> String {
    let foot = &document.foot;
    let lines = [&foot.signature, &foot.post].into_iter().flatten().flat_map(|text| text.lines());
    let mut xml = block("SignedBy", lines, document.lang);
    if let Some(text) = &foot.note {
        xml.push_str(&paragraph("BodyText", "", &run(document.lang, text)));
    }
    xml
}

/// Returns the enclosures and the recipients of copies, a line each.
pub(super) fn enclosures_and_copies(document: &Document) -> String {
    let labels = Labels::of(document.lang);
    let (label, names) = attachment_names(document);
    let mut xml = list(label, &names);
    xml.push_str(&list(labels.copies_of_letter, &document.foot.copies));
    xml
}

/// Returns lines that stand close together and end with the space of a paragraph.
fn block<'d>(style: &str, lines: impl Iterator<Item = &'d str>, lang: Lang) -> String {
    let lines: Vec<&str> = lines.collect();
    let last = lines.len().saturating_sub(1);
    let shown = lines.iter().enumerate().map(|(index, text)| {
        // The first line of a signature has the room to sign above it, and the last of an address the space below it.
        let style = if index == 0 || style == "Address" { style.to_owned() } else { format!("{style}Next") };
        let more = match (style.as_str(), index == last) {
            ("Address", true) => "<w:spacing w:after=\"240\"/>",
            ("Address", false) | (_, true) => "",
            (_, false) => "<w:keepNext/>",
        };
        paragraph(&style, more, &run(lang, text))
    });
    shown.collect()
}

/// Returns a label with its entries, one below the other.
fn list(label: &str, entries: &[String]) -> String {
    let shown = entries.iter().enumerate().map(|(index, entry)| {
        let label = if index == 0 { label } else { "" };
        let label = if label.is_empty() { String::new() } else { run(Lang::En, label.trim_end()) };
        let inner = format!("{label}{}{}", super::xml::TAB, run(Lang::En, entry));
        paragraph("Listed", "", &inner)
    });
    shown.collect()
}

#[cfg(test)]
mod tests {
    use crate::document::source::FigureSources;
    use crate::document::{Attachment, Document, Foot, Head, Layout};
    use crate::words::lang::Lang;

    /// The texts of the body in the order of an inspection letter.
    #[test]
    fn a_letter_has_the_order_of_english_letters() {
        let some = |text: &str| Some(text.to_owned());
        let attachment = |title: &str| Attachment { title: title.to_owned(), body: Vec::new() };
        let document = Document {
            lang: Lang::En,
            kind: "reminder".into(),
            layout: Layout::Letter,
            head: Head {
                mark: some("Food Office"),
                number: some("R-1"),
                title: "Overdue issues".into(),
                addressee: some("A. Hale\nQuay Ltd"),
                salutation: some("Dear A. Hale,"),
                ..Head::default()
            },
            body: Vec::new(),
            attachments: vec![attachment("Reply form"), attachment("Receipt")],
            foot: Foot {
                date: some("14 June 2024"),
                closing: some("Yours sincerely,"),
                signature: some("Ellen Ward"),
                post: some("Director"),
                copies: vec!["The council".into()],
                ..Foot::default()
            },
            reckoned: None,
            sources: FigureSources::default(),
        };
        let xml = super::super::document_xml(&document);
        let texts: Vec<&str> =
            xml.split("<w:t xml:space=\"preserve\">").skip(1).filter_map(|rest| rest.split("</w:t>").next()).collect();
        let wanted = [
            "14 June 2024",
            "Our ref: R",
            "1",
            "A. Hale",
            "Quay Ltd",
            "Re: Overdue issues",
            "Dear A. Hale,",
            "Yours sincerely,",
            "Ellen Ward",
            "Director",
            "Enclosures:",
            "1. Reply form",
            "2. Receipt",
            "cc:",
            "The council",
            "Enclosure 1",
        ];
        let seen: Vec<&str> = texts.iter().copied().take(wanted.len()).collect();
        assert_eq!(seen, wanted, "{texts:?}");
        assert!(!xml.contains("E60012"), "red is for Chinese official documents");
    }
}
