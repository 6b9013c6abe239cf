//! Writes a document as Markdown with front matter.
//!
//! [`blocks`] reads the same text back. Head and foot are in the front matter, so fixed words such as 附件说明 and 抄送 are
//! not in the text.

mod escape;
mod front;

use escape::{EscapePlace, escape};

use super::loss::Loss;
use crate::document::markdown::{PHOTO, blocks};
use crate::document::numbering::Numbering;
use crate::document::{Align, Block, Document, Inline, PhotoCell, Photos, Table, joined, plain, said, text_only};
use crate::words::lang::Lang;

/// Returns `document` as Markdown, and adds to `lost` what Markdown can't show.
pub(super) fn write(document: &Document, lost: &mut Vec<Loss>) -> String {
    let mut writer = MarkdownWriter { lang: document.lang, text: front::matter(document), lost, photos: 0 };
    writer.blocks(&document.body);
    for attachment in &document.attachments {
        let title = escape(&attachment.title, EscapePlace::Heading);
        writer.text.push_str(format!("\n# {title}").trim_end());
        writer.text.push('\n');
        writer.blocks(&attachment.body);
    }
    if writer.photos > 0 {
        writer.lost.push(Loss::Photos(writer.photos));
    }
    writer.text
}

struct MarkdownWriter<'a> {
    lang: Lang,
    text: String,
    lost: &'a mut Vec<Loss>,
    /// How many it names.
    photos: usize,
}

impl MarkdownWriter<'_> {
    fn blocks(&mut self, blocks: &[Block]) {
        let mut numbering = Numbering::new(self.lang);
        let text = self.sequence(blocks, &mut numbering);
        if !text.is_empty() {
            self.text.push('\n');
            self.text.push_str(&text);
        }
    }

    /// Returns `blocks` separated by blank lines.
    fn sequence(&mut self, blocks: &[Block], numbering: &mut Numbering) -> String {
        let mut text = String::new();
        let mut last_list: Option<bool> = None;
        for block in blocks {
            let written = self.block(block, numbering);
            if written.is_empty() {
                continue;
            }
            let list = match block {
                Block::List { ordered, .. } => Some(ordered.is_some()),
                _ => None,
            };
            if !text.is_empty() {
                text.push('\n');
            }
            if list.is_some() && list == last_list {
                // Two adjacent lists would be read as one.
                text.push_str("<!-- -->\n\n");
            }
            text.push_str(&written);
            last_list = list;
        }
        text
    }

    fn block(&mut self, block: &Block, numbering: &mut Numbering) -> String {
        match block {
            Block::Heading { level, text } => {
                let number = numbering.next(*level, &plain(text));
                let marks = "#".repeat(usize::from((*level).clamp(1, 4)) + 1);
                let number = if number.is_empty() { number } else { escape_number(&number) };
                let text = self.line(text, EscapePlace::Heading);
                format!("{}\n", format!("{marks} {number}{text}").trim_end())
            }
            Block::Paragraph(text) => {
                if said(text).trim().is_empty() {
                    return String::new();
                }
                format!("{}\n", self.line(text, EscapePlace::Line))
            }
            Block::List { ordered, items } => self.list(*ordered, items, numbering),
            Block::Table(table) => self.table(table),
            Block::Chart(chart) => format!("<!-- chart: {} -->\n\n{}", chart.form.name(), self.table(&chart.table)),
            Block::Photos(photos) => self.photos(photos),
            Block::PageBreak => "<!-- pagebreak -->\n".to_owned(),
        }
    }

    fn list(&mut self, ordered: Option<u64>, items: &[Vec<Block>], numbering: &mut Numbering) -> String {
        let mut text = String::new();
        for (index, item) in items.iter().enumerate() {
            let marker = match ordered {
                // Markdown allows at most nine digits.
                Some(first) => format!("{}. ", first.saturating_add(index as u64).min(999_999_999)),
                None => "- ".to_owned(),
            };
            let indent = " ".repeat(marker.len());
            let inner = self.sequence(item, numbering);
            let mut lines = inner.lines();
            text.push_str(format!("{marker}{}", lines.next().unwrap_or("")).trim_end());
            text.push('\n');
            for line in lines {
                text.push_str(format!("{indent}{line}").trim_end());
                text.push('\n');
            }
        }
        text
    }

    fn table(&mut self, table: &Table) -> String {
        let width = table.width();
        if width == 0 {
            return String::new();
        }
        let mut text = caption_line(table.caption.as_deref());
        let mut row = |cells: &[crate::document::Cell]| {
            let mut line = "|".to_owned();
            for index in 0..width {
                let cell = cells.get(index).map(|cell| self.line(&cell.0, EscapePlace::Cell));
                line.push(' ');
                line.push_str(&cell.unwrap_or_default());
                line.push_str(" |");
            }
            line.push('\n');
            line
        };
        text.push_str(&row(&table.header));
        let rows: String = table.rows.iter().map(|cells| row(cells)).collect();
        text.push('|');
        for index in 0..width {
            text.push_str(match table.align(index) {
                Align::Left => "---|",
                Align::Center => ":-:|",
                Align::Right => "--:|",
            });
        }
        text.push('\n');
        text + &rows
    }

    /// Returns photos as the template wrote them, with their numbers.
    fn photos(&mut self, photos: &Photos) -> String {
        let width = photos.width();
        if width == 0 {
            return String::new();
        }
        self.photos += photos.photos().count();
        let cell = |cell: &PhotoCell| match cell {
            PhotoCell::Photo(photo) => {
                format!("![{}]({PHOTO}{})", escape(&photo.label(self.lang), EscapePlace::Cell), photo.id)
            }
            PhotoCell::Text(text) => escape(text, EscapePlace::Cell),
        };
        let row = |cells: &mut dyn Iterator<Item = String>| {
            let mut line = "|".to_owned();
            for _ in 0..width {
                line.extend([" ", &cells.next().unwrap_or_default(), " |"]);
            }
            line + "\n"
        };
        let head = row(&mut photos.header.iter().map(|name| escape(name, EscapePlace::Cell)));
        let rows: String = photos.rows.iter().map(|cells| row(&mut cells.iter().map(cell))).collect();
        let caption = caption_line(photos.caption.as_deref());
        format!("<!-- photos -->\n\n{caption}{head}|{}\n{rows}", ":-:|".repeat(width))
    }

    /// Returns `inlines` for `place`. Emphasis that would not be read back is dropped and added to `lost`.
    fn line(&mut self, inlines: &[Inline], place: EscapePlace) -> String {
        let inlines = &*text_only(inlines);
        let written = write_inlines(inlines, place);
        let has_emphasis = inlines.iter().any(|inline| matches!(inline, Inline::Strong(_) | Inline::Emphasis(_)));
        if !has_emphasis || reads_back(&written, inlines) {
            return written;
        }
        let text = plain(inlines);
        let escaped = escape(&text, place);
        self.lost.push(Loss::Emphasis(text));
        escaped
    }
}

/// The line above a table, and the blank one after it.
fn caption_line(caption: Option<&str>) -> String {
    let caption = caption.filter(|caption| !caption.trim().is_empty());
    caption.map_or_else(String::new, |caption| format!(": {}\n\n", escape(caption, EscapePlace::Heading)))
}

/// Escapes a heading's number, so that Markdown doesn't read it as a list.
fn escape_number(number: &str) -> String {
    escape(number.trim_end(), EscapePlace::Heading) + if number.ends_with(' ') { " " } else { "" }
}

fn write_inlines(inlines: &[Inline], place: EscapePlace) -> String {
    fn push(inlines: &[Inline], text: &mut String) {
        for inline in inlines {
            match inline {
                Inline::Text(piece) | Inline::Figure { text: piece, .. } => {
                    text.push_str(&escape(piece, EscapePlace::Inside));
                }
                Inline::Strong(inner) => wrap("**", inner, text),
                Inline::Emphasis(inner) => wrap("*", inner, text),
                Inline::Break => text.push_str("<br>"),
                Inline::Photo(_) => {}
            }
        }
    }
    fn wrap(mark: &str, inner: &[Inline], text: &mut String) {
        text.push_str(mark);
        push(inner, text);
        text.push_str(mark);
    }
    if let [Inline::Text(only)] = inlines {
        return escape(only, place);
    }
    let mut text = String::new();
    push(inlines, &mut text);
    escape::edges(&text, place)
}

/// Returns whether Markdown reads `written` as a paragraph equal to `inlines`.
fn reads_back(written: &str, inlines: &[Inline]) -> bool {
    let expected = joined(inlines);
    match blocks(written).as_ref().map(|body| body.body.as_slice()) {
        Ok([Block::Paragraph(read)]) => joined(read) == expected,
        _ => false,
    }
}
