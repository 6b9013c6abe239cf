//! Blocks, attachments and sections.

use std::io;

use super::drawn::Drawings;
use super::long::{PartText, Settled};
use super::page::{PageSection, RunningSets};
use super::xml::{DECLARATION, NAMESPACES, paragraph, run, runs};
use super::{english, foot, head, page, table};
use crate::document::label::{Labels, attachment_names};
use crate::document::layout::{CHARACTER_TWIPS, CHARACTERS, Paper};
use crate::document::numbering::Numbering;
use crate::document::text::columns;
use crate::document::{Attachment, Block, Document, Table, plain, said};
use crate::words::lang::Lang;

/// Returns `word/document.xml` with the documents one after the other, each with the index of its set of headers and
/// footers, and numbered from page 1. `settled` says how long a text is to be settled piece by piece.
///
/// # Errors
/// It is larger than 4 GB.
pub(super) fn documents(
    documents: &[(&Document, RunningSets)],
    mut settled: Settled,
    paper: Paper,
    drawings: &mut Drawings<'_>,
) -> io::Result<PartText> {
    settled.push(&format!("{DECLARATION}<w:document {NAMESPACES}><w:body>\n"));
    for (index, (document, running)) in documents.iter().enumerate() {
        let restart = documents.len() > 1;
        let start = PageSection { running: *running, landscape: false, first: true, restart, paper };
        let (text, section) = document_text(document, start, &mut settled, drawings);
        // The section properties go into the last paragraph: an empty one for them could spill over to a page of its
        // own.
        match text.rsplit_once("</w:pPr>").filter(|_| index + 1 < documents.len()) {
            Some((before, after)) => [before, &section, "</w:pPr>", after].iter().for_each(|piece| settled.push(piece)),
            None => [text, section].iter().for_each(|piece| settled.push(piece)),
        }
    }
    settled.push("</w:body></w:document>\n");
    settled.finish()
}

/// Returns a document's paragraphs and tables, but for those that are settled, and the properties of its last section.
fn document_text(
    document: &Document,
    start: PageSection,
    settled: &mut Settled,
    drawings: &mut Drawings<'_>,
) -> (String, String) {
    let (lang, xml) = (document.lang, head::head(document));
    let mut writer = BodyWriter { lang, xml, settled: Some(settled), drawings, section: start, break_before: false };
    writer.blocks(&document.body);
    let mut text_end = writer.xml.len();
    let is_letter = document.is_english_letter();
    if !is_letter {
        writer.attachment_names(document);
    }
    writer.flush_break();
    let signature = foot::signature(document);
    if !signature.is_empty() {
        text_end = writer.keep_with_next(text_end);
    }
    writer.xml.push_str(&signature);
    if is_letter {
        writer.xml.push_str(&english::enclosures_and_copies(document));
    }
    let imprint = foot::imprint(document);
    let last_upright = document.upright_attachments();
    for (index, attachment) in document.attachments.iter().enumerate() {
        let landscape = attachment.is_turned();
        let new_section = landscape != writer.section.landscape;
        if index == last_upright {
            writer.imprint(&imprint, text_end);
        }
        if new_section {
            writer.end_section(document);
        }
        writer.section.landscape = landscape;
        writer.break_before = !new_section;
        writer.attachment(document, index, attachment);
        text_end = writer.xml.len();
    }
    if last_upright == document.attachments.len() {
        writer.imprint(&imprint, text_end);
    }
    (writer.xml, page::section(document, writer.section))
}

/// Returns the body of a document and the names of its attachments, for a Word template.
pub(super) fn text(document: &Document, drawings: &mut Drawings<'_>) -> String {
    let mut writer = BodyWriter::without_sections(document.lang, drawings);
    writer.blocks(&document.body);
    writer.attachment_names(document);
    writer.flush_break();
    writer.xml
}

/// Returns the attachments of a document, each on a new page, for a Word template.
pub(super) fn attachments(document: &Document, drawings: &mut Drawings<'_>) -> String {
    let mut writer = BodyWriter::without_sections(document.lang, drawings);
    for (index, attachment) in document.attachments.iter().enumerate() {
        writer.break_before = true;
        writer.attachment(document, index, attachment);
    }
    writer.xml
}

/// Returns blocks for a Word template.
pub(super) fn blocks(lang: Lang, blocks: &[Block], drawings: &mut Drawings<'_>) -> String {
    let mut writer = BodyWriter::without_sections(lang, drawings);
    writer.blocks(blocks);
    writer.xml
}

/// Half-width characters of a paragraph that is kept whole: four lines.
const SHORT: usize = 4 * 2 * CHARACTERS as usize;

/// Keeps a paragraph on the page of the next one.
const KEEP_NEXT: &str = "<w:keepNext/>";

struct BodyWriter<'s, 'd> {
    lang: Lang,
    xml: String,
    /// What stands before it, if that may be settled.
    settled: Option<&'s mut Settled>,
    drawings: &'s mut Drawings<'d>,
    section: PageSection,
    /// Whether a page break is pending, to be applied to the next paragraph.
    break_before: bool,
}

impl<'s, 'd> BodyWriter<'s, 'd> {
    /// Creates a writer for a Word template, whose sections stay as they are.
    fn without_sections(lang: Lang, drawings: &'s mut Drawings<'d>) -> Self {
        let section = PageSection {
            running: RunningSets::default(),
            landscape: false,
            first: false,
            restart: false,
            paper: Paper::A4,
        };
        Self { lang, xml: String::new(), settled: None, drawings, section, break_before: false }
    }

    /// Writes an attachment with its label and title.
    fn attachment(&mut self, document: &Document, index: usize, attachment: &Attachment) {
        let line = Labels::of(document.lang).attachment_line(document.layout, index, document.attachments.len());
        let label = self.paragraph("AttachmentLabel", "", &run(document.lang, &line));
        self.xml.push_str(&label);
        if document.lang == Lang::Zh {
            self.xml.push_str(&paragraph("Normal", "<w:keepNext/>", ""));
        }
        self.xml.push_str(&paragraph("Title", "", &run(document.lang, &attachment.title)));
        if document.lang == Lang::Zh {
            self.xml.push_str(&paragraph("Normal", "<w:keepNext/>", ""));
        }
        let start = self.settled_length() + self.xml.len();
        self.blocks(&attachment.body);
        self.keep_end_together(start.saturating_sub(self.settled_length()));
    }

    fn settled_length(&self) -> usize {
        self.settled.as_ref().map_or(0, |settled| settled.length())
    }

    /// Keeps the last two paragraphs after a place on one page: the last line of a form has none of its own.
    fn keep_end_together(&mut self, start: usize) {
        let Some(last) = self.xml.rfind("<w:p>").filter(|last| *last > start) else { return };
        let before = self.xml.get(..last).unwrap_or_default();
        if let Some(at) = before.rfind("<w:p>").filter(|at| *at >= start && before.ends_with("</w:p>\n")) {
            let kept = kept_with_next(before.get(at..).unwrap_or_default());
            self.xml.replace_range(at..last, &kept);
        }
    }

    /// Returns a paragraph, with the pending page break if there is one.
    fn paragraph(&mut self, style: &str, more: &str, runs: &str) -> String {
        let begins_page = if std::mem::take(&mut self.break_before) { "<w:pageBreakBefore/>" } else { "" };
        paragraph(style, &format!("{begins_page}{more}"), runs)
    }

    /// Writes 版记 on the page of what ends at a place, where a signature or nothing follows.
    ///
    /// What follows the anchor of its frame goes with it in LibreOffice, and what stands above does not. So the anchor is the
    /// last paragraph of the text if it is short, else the first one of the signature; without a signature it is a paragraph
    /// of almost no height.
    fn imprint(&mut self, imprint: &str, text_end: usize) {
        if imprint.is_empty() {
            return;
        }
        if text_end == self.xml.len() {
            self.keep_with_next(text_end);
            self.xml.push_str(imprint);
            self.xml.push_str(&paragraph("Tiny", "", ""));
            return;
        }
        let text = self.xml.get(..text_end).unwrap_or_default();
        let last =
            text.rfind("<w:p>").filter(|_| text.ends_with("</w:p>\n")).and_then(|at| Some((at, text.get(at..)?)));
        match last {
            Some((at, paragraph)) if columns(&without_tags(paragraph)) <= SHORT => {
                let whole = paragraph.replacen(KEEP_NEXT, &format!("{KEEP_NEXT}<w:keepLines/>"), 1);
                let headed = headings_before(text.get(..at).unwrap_or_default());
                self.xml.replace_range(at..text_end, &whole);
                self.xml.insert_str(headed, imprint);
            }
            _ => self.xml.insert_str(text_end, imprint),
        }
    }

    /// Keeps the last paragraph before a place, or the last rows of a table, and all after it with what follows: a signature
    /// or 版记 never stands alone on a page. Of a long paragraph the last lines go with it.
    ///
    /// Returns the place, which what is written before it moves.
    fn keep_with_next(&mut self, from: usize) -> usize {
        let before = self.xml.get(..from).unwrap_or_default();
        let start = match before.rfind("<w:p>") {
            Some(start) if before.ends_with("</w:p>\n") => start,
            _ => from,
        };
        let above = before.get(..start).unwrap_or_default();
        let start = if above.ends_with("</w:tbl>\n") { last_rows(above) } else { start };
        let kept = kept_with_next(self.xml.get(start..from).unwrap_or_default());
        let place = start + kept.len();
        let kept = kept + &kept_with_next(self.xml.get(from..).unwrap_or_default());
        self.xml.replace_range(start.., &kept);
        place
    }

    /// Writes a pending page break as a paragraph of almost no height.
    fn flush_break(&mut self) {
        if self.break_before {
            let tiny = self.paragraph("Tiny", "", "");
            self.xml.push_str(&tiny);
        }
    }

    /// Ends the current section; the next one belongs to the same document.
    fn end_section(&mut self, document: &Document) {
        let section = page::section(document, self.section);
        self.xml.push_str(&paragraph("Tiny", &section, ""));
        (self.section.first, self.section.restart) = (false, false);
    }

    fn blocks(&mut self, blocks: &[Block]) {
        let mut numbering = Numbering::new(self.lang);
        self.sequence(blocks, &mut numbering, 0);
        self.flush_break();
    }

    fn sequence(&mut self, blocks: &[Block], numbering: &mut Numbering, depth: usize) {
        for block in blocks {
            match block {
                Block::Heading { level, text } => {
                    let level = (*level).clamp(1, 4);
                    let number = numbering.next(level, &plain(text));
                    let mut inner = if number.is_empty() { number } else { run(self.lang, &number) };
                    inner.push_str(&runs(self.lang, text));
                    let heading = self.paragraph(&format!("Heading{level}"), "", &inner);
                    self.xml.push_str(&heading);
                }
                Block::Paragraph(text) => {
                    let inner = runs(self.lang, text);
                    let text = if depth == 0 {
                        self.paragraph("BodyText", "", &inner)
                    } else {
                        self.paragraph("ListText", &self.indent(depth, ""), &inner)
                    };
                    self.xml.push_str(&text);
                }
                Block::List { ordered, items } => self.list(*ordered, items, numbering, depth + 1),
                Block::Table(table) => self.table(table),
                Block::Chart(chart) => match self.drawings.chart(chart, self.lang) {
                    Some(paragraphs) => {
                        self.flush_break();
                        self.xml.push_str(&paragraphs);
                    }
                    None => self.table(&chart.table),
                },
                Block::Photos(photos) => {
                    self.flush_break();
                    self.drawings.photos((&mut self.xml, self.settled.as_deref_mut()), self.lang, photos);
                }
                Block::PageBreak => {
                    self.flush_break();
                    self.break_before = true;
                }
            }
        }
    }

    fn table(&mut self, table: &Table) {
        self.flush_break();
        let xml = (&mut self.xml, self.settled.as_deref_mut());
        table::table(xml, self.lang, table, self.section.landscape);
    }

    fn list(&mut self, ordered: Option<u64>, items: &[Vec<Block>], numbering: &mut Numbering, depth: usize) {
        let mut starts = Vec::new();
        for (index, item) in items.iter().enumerate() {
            if let Some(settled) = &mut self.settled {
                settled.next(&mut self.xml, &mut starts);
            }
            let marker = match (ordered, self.lang) {
                (Some(first), Lang::Zh) => format!("{}.", first.saturating_add(index as u64)),
                (Some(first), Lang::En) => format!("{}. ", first.saturating_add(index as u64)),
                (None, Lang::Zh) => "•".to_owned(),
                (None, Lang::En) => "• ".to_owned(),
            };
            let (first, rest) = match item.split_first() {
                Some((Block::Paragraph(text), rest)) => (text.as_slice(), rest),
                _ => (&[][..], item.as_slice()),
            };
            // 1. 8月 is not 1.8月.
            let is_figure = said(first).starts_with(|c: char| c.is_ascii_digit());
            let marker = if is_figure && !marker.ends_with(' ') { marker + " " } else { marker };
            let first = runs(self.lang, first);
            let more = self.indent(depth, &marker);
            let line = self.paragraph("ListText", &more, &format!("{}{first}", run(self.lang, &marker)));
            self.xml.push_str(&line);
            self.sequence(rest, numbering, depth);
        }
    }

    /// Returns the indent of a list item. Chinese items are indented by two characters in their first line, like
    /// paragraphs; English ones have a hanging indent.
    fn indent(&self, depth: usize, marker: &str) -> String {
        let depth = u32::try_from(depth.min(8)).unwrap_or(8);
        match self.lang {
            Lang::Zh => {
                let left = (depth - 1) * 2;
                format!(
                    "<w:ind w:leftChars=\"{}\" w:left=\"{}\" w:firstLineChars=\"200\" w:firstLine=\"{}\"/>",
                    left * 100,
                    left * CHARACTER_TWIPS,
                    2 * CHARACTER_TWIPS
                )
            }
            Lang::En => {
                let hanging = if marker.is_empty() { 0 } else { 300 };
                format!("<w:ind w:left=\"{}\" w:hanging=\"{hanging}\"/>", depth * 360)
            }
        }
    }

    /// Writes 附件说明 (7.3.4), a blank line below the text; wrapped lines align with the first character of the name.
    fn attachment_names(&mut self, document: &Document) {
        let (label, names) = attachment_names(document);
        if names.is_empty() {
            return;
        }
        let blank = self.paragraph("Normal", "", "");
        self.xml.push_str(&blank);
        let label_width = text_width(label);
        for (index, name) in names.iter().enumerate() {
            let number = name.find('.').filter(|_| names.len() > 1).map_or("", |end| &name[..=end]);
            let number_width = text_width(number);
            let left = 4 * CHARACTER_TWIPS / 2 + label_width + number_width;
            let (hanging, label) = if index == 0 { (label_width + number_width, label) } else { (number_width, "") };
            let more = match self.lang {
                Lang::Zh => format!("<w:ind w:left=\"{left}\" w:hanging=\"{hanging}\"/><w:jc w:val=\"left\"/>"),
                Lang::En if index == 0 => String::new(),
                Lang::En => "<w:ind w:left=\"1260\"/>".to_owned(),
            };
            self.xml.push_str(&paragraph("Normal", &more, &run(self.lang, &format!("{label}{name}"))));
        }
    }
}

/// Where the headings begin with which a text ends: they stay with what follows.
fn headings_before(text: &str) -> usize {
    let mut start = text.len();
    while let Some(at) = text.get(..start).and_then(|text| text.rfind("<w:p>"))
        && text.get(at..start).is_some_and(|last| last.starts_with("<w:p><w:pPr><w:pStyle w:val=\"Heading"))
    {
        start = at;
    }
    start
}

/// Returns the text of a paragraph.
fn without_tags(paragraph: &str) -> String {
    paragraph.split('<').filter_map(|piece| Some(piece.split_once('>')?.1)).collect()
}

/// Returns paragraphs that each stay on the page of the next one.
fn kept_with_next(paragraphs: &str) -> String {
    let text = paragraphs.replace(KEEP_NEXT, "");
    let mut result = String::with_capacity(text.len() + 64);
    let mut rest = text.as_str();
    while let Some(at) = rest.find("<w:pStyle ") {
        let end = rest.get(at..).and_then(|tag| tag.find("/>")).map_or(rest.len(), |end| at + end + 2);
        let (style, after) = rest.split_at(end);
        result.push_str(style);
        result.push_str(KEEP_NEXT);
        rest = after;
    }
    result + rest
}

/// Where the last rows of the table begin with which a text ends: two, so that what is kept with them is no row by itself.
fn last_rows(text: &str) -> usize {
    let rows = text.rmatch_indices("<w:tr>");
    rows.map(|(at, _)| at).take(2).last().unwrap_or(text.len())
}

/// Returns the width of `text` in twips, in the size of body text.
fn text_width(text: &str) -> u32 {
    u32::try_from(columns(text)).unwrap_or(0) * CHARACTER_TWIPS / 2
}

#[cfg(test)]
mod tests {
    use crate::document::markdown::{Body, blocks};
    use crate::document::source::FigureSources;
    use crate::document::{Document, Foot, Head, Layout};
    use crate::docx::document_xml;
    use crate::words::lang::Lang;

    #[test]
    fn a_long_text_is_the_same_in_pieces() {
        let list = (1..20).map(|n| format!("{n}. 甲{n}\n   - 乙\n   - 丙\n\n     丁\n")).collect::<Vec<_>>().concat();
        let table = format!("| a | b |\n|---|---|\n{}\n", "| 1 | 2 |\n".repeat(12));
        let nested = table.lines().map(|line| format!("   {line}\n")).collect::<Vec<_>>().concat();
        for body in [
            format!("{list}\n\n{table}\n## 二\n\n{list}"),
            format!("## 一\n\n1. 甲\n\n{nested}\n2. 乙\n3. 丙\n4. 丁\n5. 戊\n6. 己\n\n{nested}\n7. 庚"),
            format!("# 清单\n\n{table}"),
            format!("甲\n\n# 清单\n\n{table}\n填表人：甲\n\n审核人：乙\n\n# 又一\n\n{list}"),
            format!("{table}\n# 清单\n\n{list}\n完"),
        ] {
            for (lang, layout) in
                [(Lang::Zh, Layout::Bulletin), (Lang::Zh, Layout::Document), (Lang::En, Layout::Letter)]
            {
                let Body { body, attachments } = blocks(&body).unwrap();
                let foot = Foot {
                    signature: Some("督查室".to_owned()),
                    date: Some("2021年8月10日".to_owned()),
                    printed_by: Some("办公室".to_owned()),
                    ..Foot::default()
                };
                let (kind, head) = (String::new(), Head { title: "通报".to_owned(), ..Head::default() });
                let sources = FigureSources::default();
                // It compares them.
                document_xml(&Document { lang, kind, layout, head, body, attachments, foot, reckoned: None, sources });
            }
        }
    }
}
