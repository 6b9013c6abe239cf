//! Writes a document as a self-contained HTML page.
//!
//! It prints on A4 with the margins of GB/T 9704—2012 and is readable on a screen. It contains no scripts, and its
//! content security policy forbids loading anything.

use std::fmt::Write as _;

use crate::document::label::{Labels, addressee, note};
use crate::document::layout::Look;
use crate::document::numbering::Numbering;
use crate::document::text::permitted;
use crate::document::{Align, Block, Cell, Document, Foot, Head, Inline, Layout, Table, plain, signature};
use crate::words::lang::Lang;

mod style;

/// Returns documents of one language as one HTML page; each is printed on pages of its own.
pub(super) fn write(documents: &[&Document], look: &Look) -> String {
    let Some(first) = documents.first() else { return String::new() };
    let (lang, class) = match first.lang {
        Lang::Zh => ("zh-CN", "zh"),
        Lang::En => ("en", "en"),
    };
    let mut html = format!(
        "<!DOCTYPE html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{}</title>\n<style>\n{}</style>\n</head>\n<body class=\"{class}\">\n",
        escape_on_one_line(&first.head.title),
        style::sheet(first, look),
    );
    for document in documents {
        html.push_str(&main(document));
    }
    html + "</body>\n</html>\n"
}

fn main(document: &Document) -> String {
    let layout = match document.layout {
        Layout::Document => "document",
        Layout::Letter => "letter",
        Layout::Bulletin => "bulletin",
    };
    let html = format!("<main class=\"{layout}\">\n");
    let mut page = HtmlPage { lang: document.lang, labels: Labels::of(document.lang), html };
    page.head(document);
    page.blocks(&document.body);
    page.attachment_names(document);
    page.signature(&document.foot);
    for (index, attachment) in document.attachments.iter().enumerate() {
        let line = page.labels.attachment_line(document.layout, index, document.attachments.len());
        let wide = attachment.body.iter().any(|block| matches!(block, Block::Table(table) if table.is_wide()));
        let class = if wide { "attachment wide" } else { "attachment" };
        let _ = writeln!(page.html, "<section class=\"{class}\">");
        page.element("p", "label", &escape(&line));
        page.element("h1", "", &escape(&attachment.title));
        page.blocks(&attachment.body);
        page.html.push_str("</section>\n");
    }
    page.imprint(&document.foot);
    page.html.push_str("</main>\n");
    page.html
}

struct HtmlPage {
    lang: Lang,
    labels: &'static Labels,
    html: String,
}

impl HtmlPage {
    /// Writes an element with the HTML `inner` as its content.
    fn element(&mut self, name: &str, class: &str, inner: &str) {
        let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
        let _ = writeln!(self.html, "<{name}{class}>{inner}</{name}>");
    }

    fn head(&mut self, document: &Document) {
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
        }
        if let Some(name) = &head.addressee {
            self.element("p", "addressee", &escape(&addressee(self.lang, name)));
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
            let _ = writeln!(self.html, "<p class=\"mark\" style=\"font-size:{size}pt\">{}</p>", escape(mark));
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

    fn blocks(&mut self, blocks: &[Block]) {
        let mut numbering = Numbering::new(self.lang);
        self.sequence(blocks, &mut numbering);
    }

    fn sequence(&mut self, blocks: &[Block], numbering: &mut Numbering) {
        for block in blocks {
            match block {
                Block::Heading { level, text } => {
                    let number = numbering.next(*level, &plain(text));
                    let name = format!("h{}", (*level).clamp(1, 4) + 1);
                    self.element(&name, "", &format!("{number}{}", inlines(text)));
                }
                Block::Paragraph(text) => self.element("p", "", &inlines(text)),
                Block::List { ordered, items } => {
                    let name = if ordered.is_some() { "ol" } else { "ul" };
                    let start = ordered.filter(|first| *first != 1).map(|first| format!(" start=\"{first}\""));
                    let _ = writeln!(self.html, "<{name}{}>", start.unwrap_or_default());
                    for item in items {
                        self.html.push_str("<li>");
                        self.sequence(item, numbering);
                        self.html.push_str("</li>\n");
                    }
                    let _ = writeln!(self.html, "</{name}>");
                }
                Block::Table(table) => self.table(table),
                Block::PageBreak => self.html.push_str("<div class=\"page-break\"></div>\n"),
            }
        }
    }

    fn table(&mut self, table: &Table) {
        let width = table.width();
        if width == 0 {
            return;
        }
        self.html.push_str("<div class=\"table\"><table>\n");
        if let Some(caption) = &table.caption {
            self.element("caption", "", &escape(caption));
        }
        // Browsers repeat only a `thead` on each printed page.
        if !table.header.is_empty() {
            let row = row(table, width, "th", &table.header);
            let _ = write!(self.html, "<thead>\n{row}</thead>\n");
        }
        self.html.push_str("<tbody>\n");
        for cells in &table.rows {
            self.html.push_str(&row(table, width, "td", cells));
        }
        self.html.push_str("</tbody>\n");
        self.html.push_str("</table></div>\n");
    }

    fn attachment_names(&mut self, document: &Document) {
        let titles: Vec<String> =
            document.attachments.iter().map(|attachment| escape_on_one_line(&attachment.title)).collect();
        let names = match titles.as_slice() {
            [] => return,
            [only] => format!("<span>{only}</span>"),
            several => several
                .iter()
                .enumerate()
                .map(|(index, title)| format!("<span>{}.{title}</span>", index + 1))
                .collect::<Vec<_>>()
                .join("<br>"),
        };
        let inner = format!("<span>{}</span><span>{names}</span>", self.labels.attachments.1);
        self.element("div", "names", &inner);
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

    fn imprint(&mut self, foot: &Foot) {
        let labels = self.labels;
        let entries = [
            (labels.report_to, &foot.report_to),
            (labels.send_to, &foot.send_to),
            (labels.issue_to, &foot.issue_to),
            (labels.copies, &foot.copies),
        ];
        let named = entries.iter().any(|(_, names)| !names.is_empty());
        let printed = foot.printed_by.is_some() || foot.printed_on.is_some();
        if !named && !printed {
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
        self.html.push_str("</footer>\n");
    }
}

fn row(table: &Table, width: usize, name: &str, cells: &[Cell]) -> String {
    let mut html = "<tr>".to_owned();
    for index in 0..width {
        let class = match table.align(index) {
            Align::Left => "",
            Align::Center => " class=\"c\"",
            Align::Right => " class=\"r\"",
        };
        let text = cells.get(index).map(|cell| inlines(&cell.0)).unwrap_or_default();
        let _ = write!(html, "<{name}{class}>{text}</{name}>");
    }
    html.push_str("</tr>\n");
    html
}

fn inlines(pieces: &[Inline]) -> String {
    let mut html = String::new();
    for piece in pieces {
        match piece {
            Inline::Text(text) => html.push_str(&escape(text)),
            Inline::Strong(inner) => {
                let _ = write!(html, "<strong>{}</strong>", inlines(inner));
            }
            Inline::Emphasis(inner) => {
                let _ = write!(html, "<em>{}</em>", inlines(inner));
            }
            Inline::Break => html.push_str("<br>"),
        }
    }
    html
}

/// Returns `text` as HTML; newlines become `<br>`.
fn escape(text: &str) -> String {
    let text = permitted(text);
    quick_xml::escape::escape(text.as_ref()).replace('\n', "<br>")
}

/// Returns `text` as HTML with its newlines removed.
fn escape_on_one_line(text: &str) -> String {
    quick_xml::escape::escape(permitted(text).replace('\n', "").as_str()).into_owned()
}
