//! What stands above and below the text: letterhead, title, addressee, signature, 版记.

use std::fmt::Write as _;

use super::HtmlPage;
use super::escape::{escape, escape_on_one_line};
use crate::document::label::{addressee, attachment_names, note};
use crate::document::layout::TEXT_WIDTH_MM;
use crate::document::{Document, Foot, Head, Layout, signature};

impl HtmlPage<'_, '_> {
    /// Writes what stands above the text.
    pub(super) fn head(&mut self, document: &Document) {
        if document.is_english_letter() {
            self.letter_head(document);
            return;
        }
        let (head, layout, title) = (&document.head, document.layout, document.title());
        let has_rule = head.mark.is_some() || head.number.is_some() || layout == Layout::Bulletin;
        let rule = if has_rule { "<hr>\n" } else { "" };
        self.html.push_str("<header>\n");
        if layout == Layout::Letter {
            self.mark(document);
            self.html.push_str(rule);
            self.number(head);
            self.facts(head);
            self.issuer(head);
        } else {
            self.facts(head);
            self.mark(document);
            self.number(head);
            self.issuer(head);
            self.html.push_str(rule);
        }
        self.html.push_str("</header>\n");
        if !head.title.is_empty() {
            self.element("h1", "", &escape(&title));
            self.section = head.title.replace('\n', "");
        }
        if let Some(name) = &head.addressee {
            self.element("p", "addressee", &escape(&addressee(self.lang, name)));
        }
        self.salutation(head);
    }

    /// Writes the head of an English letter, in the order of `docx::english`.
    fn letter_head(&mut self, document: &Document) {
        let (head, labels) = (&document.head, self.labels);
        self.html.push_str("<header>\n");
        self.mark(document);
        self.html.push_str("<hr>\n</header>\n");
        for text in [&head.secrecy, &head.urgency].into_iter().flatten() {
            self.element("p", "fact strict", &escape(text));
        }
        for text in [&document.foot.date, &head.copy_number, &head.issuer].into_iter().flatten() {
            self.element("p", "fact", &escape(text));
        }
        let number = head.number.as_deref().map(|number| format!("{}{}", labels.reference, escape(number)));
        let draft = if head.draft { format!("<span class=\"draft\">{}</span>", labels.draft) } else { String::new() };
        if number.is_some() || head.draft {
            self.element("p", "fact", &format!("{}{draft}", number.unwrap_or_default()));
        }
        if let Some(address) = &head.addressee {
            self.element("p", "address", &escape(address));
        }
        if !head.title.is_empty() {
            self.element("h1", "", &escape(&format!("{}{}", labels.subject, head.title)));
            self.section = head.title.replace('\n', "");
        }
        self.salutation(head);
    }

    fn salutation(&mut self, head: &Head) {
        if let Some(text) = &head.salutation {
            self.element("p", "addressee", &escape(text));
        }
    }

    fn facts(&mut self, head: &Head) {
        let facts = [(&head.copy_number, "fact"), (&head.secrecy, "fact strict"), (&head.urgency, "fact strict")];
        for (value, class) in facts {
            if let Some(value) = value {
                self.element("p", class, &escape(value));
            }
        }
    }

    fn mark(&mut self, document: &Document) {
        if let Some(mark) = &document.head.mark {
            let size = document.mark_pt(mark);
            // On a screen narrower than the paper it takes the same share of the line, in hundredths of the width.
            let share = f64::from(size) * 25.4 / 72.0 / TEXT_WIDTH_MM * 92.0;
            let _ = writeln!(
                self.html,
                "<p class=\"mark\" style=\"--size:{size}pt;--share:{share:.1}vw\">{}</p>",
                escape(mark)
            );
        }
    }

    fn number(&mut self, head: &Head) {
        let mut number = head.number.as_deref().map(escape).unwrap_or_default();
        if head.draft {
            let _ = write!(number, "<span class=\"draft\">{}</span>", self.labels.draft);
        }
        if let Some(signer) = &head.signer {
            let signer = format!("<span>{}<em>{}</em></span>", self.labels.signer, escape(signer));
            self.element("p", "number apart", &format!("<span>{number}</span>{signer}"));
        } else if !number.is_empty() {
            self.element("p", "number", &number);
        }
    }

    fn issuer(&mut self, head: &Head) {
        if head.issuer.is_some() || head.date.is_some() {
            let side = |value: &Option<String>| value.as_deref().map(escape).unwrap_or_default();
            let sides = format!("<span>{}</span><span>{}</span>", side(&head.issuer), side(&head.date));
            self.element("p", "issuer apart", &sides);
        }
    }

    /// Writes what stands below the text, up to the attachments.
    pub(super) fn end(&mut self, document: &Document) {
        let foot = &document.foot;
        if document.is_english_letter() {
            self.close(foot);
            let lines: Vec<String> =
                [&foot.signature, &foot.post].into_iter().flatten().map(|text| escape(text)).collect();
            self.element("p", "signed", &lines.join("<br>"));
            if let Some(text) = &foot.note {
                self.element("p", "", &escape(text));
            }
            self.attachment_names(document);
            self.names(self.labels.copies_of_letter, &foot.copies);
            return;
        }
        self.attachment_names(document);
        self.close(foot);
        self.signature(foot);
    }

    fn close(&mut self, foot: &Foot) {
        if let Some(text) = &foot.closing {
            self.element("p", "", &escape(text));
        }
    }

    fn attachment_names(&mut self, document: &Document) {
        let (label, names) = attachment_names(document);
        self.names(label, &names);
    }

    /// Writes a label with its entries, one below the other.
    fn names(&mut self, label: &str, names: &[String]) {
        let entry = |name: &String| format!("<span>{}</span>", escape_on_one_line(name));
        let names = names.iter().map(entry).collect::<Vec<_>>().join("<br>");
        if !names.is_empty() {
            self.element("div", "names", &format!("<span>{label}</span><span>{names}</span>"));
        }
    }

    fn signature(&mut self, foot: &Foot) {
        let lines = signature::lines(foot);
        if !lines.is_empty() {
            self.html.push_str("<div class=\"signature\">\n");
            for line in lines {
                // `right` counts half characters, 0.5 em each; a line is 28.95 pt high.
                let _ = writeln!(
                    self.html,
                    "<p style=\"margin-right:{}.{}em;margin-top:calc({}*28.95pt)\">{}</p>",
                    line.right / 2,
                    if line.right % 2 == 1 { 5 } else { 0 },
                    line.above,
                    escape(line.text)
                );
            }
            self.html.push_str("</div>\n");
        }
        if let Some(text) = &foot.note {
            self.element("p", "", &escape(&note(self.lang, text)));
        }
    }

    /// Writes 版记, or a bulletin's 报尾.
    pub(super) fn imprint(&mut self, document: &Document) {
        let (foot, labels) = (&document.foot, self.labels);
        let entries = [
            (labels.report_to, foot.report_to.as_slice()),
            (labels.send_to, foot.send_to.as_slice()),
            (labels.issue_to, foot.issue_to.as_slice()),
            (labels.copies, document.copies_in_imprint()),
        ];
        let named = entries.iter().any(|(_, names)| !names.is_empty());
        let printed = foot.printed_by.is_some() || foot.printed_on.is_some();
        if !named && !printed && foot.printed_copies.is_none() {
            return;
        }
        self.html.push_str("<footer>\n");
        for (label, names) in entries.into_iter().filter(|(_, names)| !names.is_empty()) {
            let inner = format!("<span>{label}</span><span>{}</span>", escape(&labels.names(names)));
            self.element("p", "entry", &inner);
        }
        if printed {
            let class = if named { "apart ruled" } else { "apart" };
            let by = foot.printed_by.as_deref().map(escape).unwrap_or_default();
            let on = foot
                .printed_on
                .as_deref()
                .map(|day| format!("{}{}{}", labels.printed.0, escape(day), labels.printed.1));
            self.element("p", class, &format!("<span>{by}</span><span>{}</span>", on.unwrap_or_default()));
        }
        if let Some(copies) = &foot.printed_copies {
            let class = if named && !printed { "apart ruled" } else { "apart" };
            let (before, after) = labels.printed_copies;
            self.element("p", class, &format!("<span></span><span>{before}{}{after}</span>", escape(copies)));
        }
        self.html.push_str("</footer>\n");
    }
}
