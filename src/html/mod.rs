//! Writes a document as a self-contained HTML page.
//!
//! It prints on A4 with the margins of GB/T 9704—2012 and is readable on a screen, a phone and in the dark too. It contains
//! no scripts, and its content security policy forbids loading anything; photos are in the page itself.
//!
//! - `board`: the page for the leader
//! - `contents`: links to the headings, or to the documents of a page
//! - `frame`: letterhead, title, signature, 版记
//! - `photographed`: photos
//! - `spooled`: what stands up to the last photo
//! - `sources`: what the printed figures counted, and their rows; each figure is a link to them
//! - `style`: the style sheet

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io;

use crate::charts;
use crate::document::chart::Chart;
use crate::document::label::Labels;
use crate::document::layout::{Look, TABLE_SMALL_FROM};
use crate::document::numbering::Numbering;
use crate::document::photo::{PhotoReader, PhotoSource, UnreadablePhoto};
use crate::document::source::{FigureId, FigureSources};
use crate::document::text::columns;
use crate::document::{Align, Attachment, Block, Cell, Document, Inline, Layout, Table, plain, said};
use crate::spool::Spooled;
use crate::words::lang::Lang;

use contents::Contents;
use escape::{escape, escape_on_one_line};
use spooled::PageSpool;

pub(crate) mod board;
mod contents;
mod escape;
mod frame;
mod photographed;
mod sources;
mod spooled;
mod style;

/// A page.
pub(crate) struct HtmlFile {
    pub(crate) html: Spooled,
    /// The photos in whose place it says that they can't be read.
    pub(crate) unreadable: Vec<UnreadablePhoto>,
}

/// Returns documents of one language as one HTML page; each is printed on pages of its own.
///
/// # Errors
/// A temporary file for its photos can't be read or written.
pub(crate) fn write(documents: &[&Document], look: &Look, photos: &dyn PhotoSource) -> io::Result<HtmlFile> {
    let Some(first) = documents.first() else {
        return Ok(HtmlFile { html: Vec::new().into(), unreadable: Vec::new() });
    };
    let has_photos = documents.iter().any(|document| document.has_photos());
    let (images, photo_style) = if has_photos { ("img-src data:; ", style::PHOTOS) } else { ("", "") };
    let (lang, class) = match first.lang {
        Lang::Zh => ("zh-CN", "zh"),
        Lang::En => ("en", "en"),
    };
    let head = format!(
        "<!DOCTYPE html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; \
         {images}base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{}</title>\n<style>\n{}{photo_style}</style>\n</head>\n<body class=\"{class}\">\n",
        escape_on_one_line(&first.head.title),
        style::sheet(first, look),
    );
    let mut html = "<main>\n".to_owned();
    let (mut contents, mut spool, mut sources) = (Contents::default(), PageSpool::default(), String::new());
    let mut reader = PhotoReader::new(photos);
    for (index, document) in documents.iter().enumerate() {
        // The ids of each document of a page are its own.
        let of_several = (documents.len() > 1).then_some(index);
        let prefix = of_several.map_or_else(String::new, |index| format!("d{}-", index + 1));
        let name = document_name(document);
        if of_several.is_some() {
            contents.add_document(&format!("{prefix}top"), &name);
        }
        let page = article(document, prefix, html, (&mut contents, &mut reader, &mut spool));
        html = page.html;
        sources.push_str(&sources::section(document, &page.prefix, of_several.map(|_| name.as_str()), &page.linked));
    }
    html.push_str(&sources);
    html.push_str("</main>\n</body>\n</html>\n");
    // The contents are known at the end, and stand at the beginning.
    let html = spool.finish(head + &contents.nav(first.lang), &html)?;
    Ok(HtmlFile { html, unreadable: reader.unreadable() })
}

/// What a document is called among others: to whom it goes, its title and number.
fn document_name(document: &Document) -> String {
    let head = &document.head;
    let parts = [head.addressee.clone(), Some(head.title.replace('\n', "")), head.number.clone()];
    let parts: Vec<String> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    parts.join(document.lang.pick("　", " · "))
}

/// Writes a document behind what stands before it.
fn article<'d, 'p>(
    document: &'d Document,
    prefix: String,
    before: String,
    (contents, reader, spool): (&'d mut Contents, &'d mut PhotoReader<'p>, &'d mut PageSpool),
) -> HtmlPage<'d, 'p> {
    let layout = match document.layout {
        Layout::Document => "document",
        Layout::Letter => "letter",
        Layout::Bulletin => "bulletin",
    };
    let mut page = HtmlPage {
        lang: document.lang,
        labels: Labels::of(document.lang),
        html: before + &format!("<article class=\"{layout}\" id=\"{prefix}top\">\n<div class=\"sheet\">\n"),
        sources: &document.sources,
        linked: BTreeSet::new(),
        contents,
        reader,
        spool,
        headings: 0,
        charts: 0,
        section: String::new(),
        prefix,
    };
    page.head(document);
    page.blocks(&document.body);
    page.end(document);
    // As in a `.docx`, 版记 stands on the last page that is not turned.
    let last_upright = document.upright_attachments();
    if last_upright == 0 {
        page.imprint(document);
    }
    page.html.push_str("</div>\n");
    for (index, attachment) in document.attachments.iter().enumerate() {
        page.attachment(attachment, document.layout, index, document.attachments.len());
        if index + 1 == last_upright {
            page.imprint(document);
        }
        page.html.push_str("</section>\n");
    }
    page.html.push_str("</article>\n");
    page
}

struct HtmlPage<'d, 'p> {
    lang: Lang,
    labels: &'static Labels,
    /// What stands behind the last photo, which is spooled.
    html: String,
    sources: &'d FigureSources,
    /// The figures that are linked so far; the first link of each is where its source leads back to.
    linked: BTreeSet<FigureId>,
    contents: &'d mut Contents,
    reader: &'d mut PhotoReader<'p>,
    spool: &'d mut PageSpool,
    headings: usize,
    charts: usize,
    /// The last heading or title, after which a table without a caption is named.
    section: String,
    /// Before every id.
    prefix: String,
}

impl HtmlPage<'_, '_> {
    /// Writes an element with the HTML `inner` as its content.
    fn element(&mut self, name: &str, class: &str, inner: &str) {
        let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
        let _ = writeln!(self.html, "<{name}{class}>{inner}</{name}>");
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
                    self.heading(*level, &number, text);
                }
                Block::Paragraph(text) => {
                    let inner = self.inlines(text);
                    self.element("p", "", &inner);
                }
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
                Block::Chart(chart) => self.chart(chart),
                Block::Photos(photos) => self.photos(photos),
                Block::PageBreak => self.html.push_str("<div class=\"page-break\"></div>\n"),
            }
        }
    }

    fn heading(&mut self, level: u8, number: &str, text: &[Inline]) {
        let level = level.clamp(1, 4);
        let inner = self.inlines(text);
        self.headings += 1;
        let id = format!("{}h{}", self.prefix, self.headings);
        let _ = writeln!(self.html, "<h{0} id=\"{id}\">{number}{inner}</h{0}>", level + 1);
        self.section = format!("{number}{}", plain(text).replace('\n', ""));
        self.contents.add(level, &id, &self.section);
    }

    /// Opens an attachment and writes its text.
    fn attachment(&mut self, attachment: &Attachment, layout: Layout, index: usize, all: usize) {
        let line = self.labels.attachment_line(layout, index, all);
        let class = if attachment.is_turned() { "sheet attachment wide" } else { "sheet attachment" };
        self.headings += 1;
        let id = format!("{}h{}", self.prefix, self.headings);
        let _ = writeln!(self.html, "<section class=\"{class}\">");
        self.element("p", "label", &escape(&line));
        let _ = writeln!(self.html, "<h1 id=\"{id}\">{}</h1>", escape(&attachment.title));
        self.section = attachment.title.replace('\n', "");
        self.contents.add(1, &id, &format!("{line}{}{}", self.lang.pick("　", ": "), self.section));
        self.blocks(&attachment.body);
    }

    /// Writes a chart as a drawing, its caption, and its table, whose figures are links. One that can't be drawn is its table.
    fn chart(&mut self, chart: &Chart) {
        let plots = charts::plots(chart, self.lang);
        if plots.is_empty() {
            self.table(&chart.table);
            return;
        }
        self.html.push_str("<figure class=\"chart\">\n");
        for plot in &plots {
            self.charts += 1;
            self.html.push_str(&charts::svg(plot, &format!("{}c{}", self.prefix, self.charts)));
        }
        if !chart.caption().is_empty() {
            self.element("figcaption", "", &escape(chart.caption()));
        }
        if let Some(note) = charts::note(&plots, self.lang) {
            self.element("p", "", &escape(&note));
        }
        self.html.push_str("</figure>\n");
        // The caption stands above it already.
        let named = chart.caption().to_owned();
        let section = if named.is_empty() { None } else { Some(std::mem::replace(&mut self.section, named)) };
        self.table(&Table { caption: None, ..chart.table.clone() });
        if let Some(section) = section {
            self.section = section;
        }
    }

    fn table(&mut self, table: &Table) {
        let width = table.width();
        if width == 0 {
            return;
        }
        let (small, rows) = (table.width() > TABLE_SMALL_FROM, TableRows::of(table));
        let class = if small { " class=\"small\"" } else { "" };
        let name = table.caption.as_deref().filter(|caption| !caption.trim().is_empty()).unwrap_or(&self.section);
        let name = if name.is_empty() { self.lang.pick("表", "Table") } else { name };
        // A table wider than a phone is scrolled, with the keys too.
        let _ = writeln!(
            self.html,
            "<div class=\"table\" role=\"group\" tabindex=\"0\" aria-label=\"{}\"><table{class}>",
            escape_on_one_line(name)
        );
        if let Some(caption) = &table.caption {
            self.element("caption", "", &escape(caption));
        }
        // Browsers repeat only a `thead` on each printed page.
        if !table.header.is_empty() {
            self.html.push_str("<thead>\n");
            self.row(table, &rows, &table.header, true);
            self.html.push_str("</thead>\n");
        }
        self.html.push_str("<tbody>\n");
        for cells in &table.rows {
            self.row(table, &rows, cells, false);
        }
        self.html.push_str("</tbody>\n</table></div>\n");
    }

    fn row(&mut self, table: &Table, rows: &TableRows, cells: &[Cell], is_header: bool) {
        self.html.push_str("<tr>");
        for (index, room) in rows.room.iter().enumerate() {
            let text = cells.get(index).map(|cell| self.inlines(&cell.0)).unwrap_or_default();
            // A cell without text heads nothing.
            let (name, scope) = match () {
                () if is_header && !text.is_empty() => ("th", " scope=\"col\""),
                () if !is_header && index == 0 && rows.are_headed && !text.is_empty() => ("th", " scope=\"row\""),
                () => ("td", ""),
            };
            let align = match table.align(index) {
                Align::Left => None,
                Align::Center => Some("c"),
                Align::Right => Some("r"),
            };
            let classes: Vec<&str> = align.into_iter().chain(*room).collect();
            let class = if classes.is_empty() { String::new() } else { format!(" class=\"{}\"", classes.join(" ")) };
            let _ = write!(self.html, "<{name}{scope}{class}>{text}</{name}>");
        }
        self.html.push_str("</tr>\n");
    }

    fn inlines(&mut self, pieces: &[Inline]) -> String {
        let mut html = String::new();
        for piece in pieces {
            match piece {
                Inline::Text(text) => html.push_str(&escape(text)),
                Inline::Figure { id, text } => html.push_str(&self.figure(*id, text)),
                Inline::Strong(inner) => {
                    let _ = write!(html, "<strong>{}</strong>", self.inlines(inner));
                }
                Inline::Emphasis(inner) => {
                    let _ = write!(html, "<em>{}</em>", self.inlines(inner));
                }
                Inline::Break => html.push_str("<br>"),
                Inline::Photo(_) => {}
            }
        }
        html
    }

    /// A figure as a link to where it comes from.
    fn figure(&mut self, id: FigureId, text: &str) -> String {
        let text = escape(text);
        let Some(source) = self.sources.of(id) else { return text };
        let back = if self.linked.insert(source.id) {
            format!(" id=\"{}\"", sources::link_id(&self.prefix, source.id))
        } else {
            String::new()
        };
        format!("<a class=\"n\"{back} href=\"#{}\">{text}</a>", sources::id(&self.prefix, source.id))
    }
}

/// What is common to the rows of a table.
struct TableRows {
    /// For each column the class of those that need room on a screen: for names, or for sentences.
    room: Vec<Option<&'static str>>,
    /// Whether the first cell of a row heads it: all others are numbers.
    are_headed: bool,
}

impl TableRows {
    fn of(table: &Table) -> Self {
        let room = |index: usize| {
            let cells = table.rows.iter().filter_map(|row| row.get(index));
            match cells.map(|cell| columns(&said(&cell.0))).max().unwrap_or_default() {
                0..=10 => None,
                11..=24 => Some("name"),
                _ => Some("long"),
            }
        };
        let width = table.width();
        let are_headed = width > 1 && (1..width).all(|index| table.align(index) == Align::Right);
        Self { room: (0..width).map(room).collect(), are_headed }
    }
}
