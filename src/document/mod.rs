//! The document model: the content of a document, independent of any output format.
//!
//! In: Markdown, through [`markdown::blocks`]. Out: a [`Document`], the input of every writer.
//!
//! - [`board`]: the page for the leader
//! - [`chart`]: tables of counts that are drawn
//! - [`markdown`]: parses Markdown to blocks, and escapes data so that it is always read as text
//! - [`photo`]: photos, and where a writer gets them
//! - [`numbering`]: numbers headings, `一、（一）1.（1）`
//! - [`label`]: the fixed words of a document, such as 附件 and 抄送
//! - [`printed`]: what is printed, line by line, with the figures in it
//! - [`signature`]: positions signature and date
//! - [`source`]: where printed figures come from
//! - [`title`]: breaks titles into lines
//! - [`text`]: the characters a document may contain
//! - [`layout`]: the dimensions of GB/T 9704—2012

pub mod board;
pub mod chart;
pub mod label;
pub mod layout;
pub mod markdown;
pub mod numbering;
pub mod photo;
pub mod printed;
pub mod signature;
pub mod source;
pub mod text;
pub mod title;

use std::borrow::Cow;

use chrono::NaiveDate;
use serde::{Serialize, Serializer};

use crate::words::lang::Lang;

use source::{FigureId, FigureSources};

/// A complete document: head, text, attachments and foot.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Document {
    /// The language of the fixed words, the numbering and the layout.
    #[serde(serialize_with = "lang_tag")]
    pub lang: Lang,
    /// The name of the kind, such as `bulletin`; written to the front matter only.
    pub kind: String,
    /// The layout of the first page.
    pub layout: Layout,
    /// The part above the text (GB/T 9704—2012, 7.2, and the title and addressee of 7.3).
    pub head: Head,
    /// The text (正文, 7.3.3).
    pub body: Vec<Block>,
    /// The attachments (附件, 7.3.7), each starting on a new page.
    pub attachments: Vec<Attachment>,
    /// The part below the text (7.3.5, 7.3.6 and 版记, 7.4).
    pub foot: Foot,
    /// The reference date for deadlines, and the last day that counts as due soon on it. Used only by workbooks, which
    /// colour their rows accordingly.
    pub reckoned: Option<(NaiveDate, NaiveDate)>,
    /// Where the figures that it prints come from. No part of the paper: only a page with links shows it.
    #[serde(skip)]
    pub sources: FigureSources,
}

impl Document {
    /// Whether it is written as an English letter, with the order and the rules of one.
    #[must_use]
    pub fn is_english_letter(&self) -> bool {
        (self.lang, self.layout) == (Lang::En, Layout::Letter)
    }

    /// Returns the recipients of copies that 版记 names: those of an English letter follow its signature.
    #[must_use]
    pub fn copies_in_imprint(&self) -> &[String] {
        if self.is_english_letter() { &[] } else { &self.foot.copies }
    }

    /// Returns how many attachments stand before those in landscape at the end: 版记 stands on the last upright page, for
    /// behind a form in landscape it would make a page of its own.
    #[must_use]
    pub fn upright_attachments(&self) -> usize {
        self.attachments.iter().rposition(|attachment| !attachment.is_turned()).map_or(0, |last| last + 1)
    }

    /// Returns the title with line breaks; an English title is left to the word processor.
    #[must_use]
    pub fn title(&self) -> String {
        match self.lang {
            Lang::Zh => {
                let names = [&self.head.addressee, &self.foot.signature, &self.head.issuer];
                let names: Vec<&str> = names.into_iter().filter_map(|name| name.as_deref()).collect();
                title::lines(&self.head.title, &names).join("\n")
            }
            Lang::En => self.head.title.clone(),
        }
    }
}

impl Document {
    /// Returns the document as paper shows it, without the columns that are for workbooks only.
    #[must_use]
    pub fn on_paper(&self) -> Cow<'_, Self> {
        self.without(Shown::InWorkbooks)
    }

    /// Returns the document as a workbook shows it, without the columns that are for paper only.
    #[must_use]
    pub fn in_workbooks(&self) -> Cow<'_, Self> {
        self.without(Shown::OnPaper)
    }

    fn without(&self, left_out: Shown) -> Cow<'_, Self> {
        let bodies = || std::iter::once(&self.body).chain(self.attachments.iter().map(|part| &part.body));
        let has = |block: &Block| matches!(block, Block::Table(table) | Block::Chart(Chart { table, .. }) if table.shown.contains(&left_out));
        if !bodies().flatten().any(has) {
            return Cow::Borrowed(self);
        }
        let mut document = self.clone();
        document.leave_out(left_out);
        Cow::Owned(document)
    }

    /// Leaves out the columns that are shown in some formats only, where the document is written in no such format.
    pub(crate) fn leave_out(&mut self, left_out: Shown) {
        let attachments = self.attachments.iter_mut().map(|part| &mut part.body);
        for block in std::iter::once(&mut self.body).chain(attachments).flatten() {
            if let Block::Table(table) | Block::Chart(Chart { table, .. }) = block
                && table.shown.contains(&left_out)
            {
                let is_left_out = |index: &usize| table.shown.get(*index) == Some(&left_out);
                for index in (0..table.width()).rev().filter(is_left_out).collect::<Vec<_>>() {
                    table.remove_column(index);
                }
            }
        }
    }

    /// Returns the font size of a mark in points (18 to 42): the largest at which it fits on one line of the text
    /// block.
    #[must_use]
    pub fn mark_pt(&self, mark: &str) -> u32 {
        let max = match (self.lang, self.layout) {
            (Lang::Zh, Layout::Bulletin) => layout::BULLETIN_MARK_PT,
            (Lang::Zh, _) => layout::MARK_PT,
            (Lang::En, _) => 28.0,
        };
        // A Latin capital takes one column, but is wider than half its size.
        let per_column = if self.lang == Lang::Zh { 0.5 } else { 0.65 };
        let width = mark.lines().map(text::columns).max().unwrap_or(1).max(1);
        let width = f64::from(u32::try_from(width).unwrap_or(u32::MAX));
        let fitting = layout::TEXT_WIDTH_MM / 25.4 * 72.0 / (width * per_column);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 18 and 42")]
        let size = fitting.floor().clamp(18.0, max) as u32;
        size
    }
}

/// The layout of the first page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Layout {
    /// 文件格式: mark, number, red line (clause 7).
    #[default]
    Document,
    /// 信函格式: mark near the top edge, double lines at head and foot (clause 10.1).
    Letter,
    /// 简报报头: name, issue number, issuer and date, red line. Practice; no clause.
    Bulletin,
}

/// The part above the text.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Head {
    /// 发文机关标志, or the bulletin's name (7.2.4; 10.1 for letters).
    pub mark: Option<String>,
    /// 发文字号 such as `郑督提醒〔2021〕3号` (7.2.5), or the issue, `第16期`.
    pub number: Option<String>,
    /// Whether this is a draft, which is shown on every page beside the number. Not in the standard.
    pub draft: bool,
    /// 份号, six digits (7.2.1).
    pub copy_number: Option<String>,
    /// 密级和保密期限 (7.2.2).
    pub secrecy: Option<String>,
    /// 紧急程度, 特急 or 加急 (7.2.3).
    pub urgency: Option<String>,
    /// 签发人, in documents to superiors (7.2.6).
    pub signer: Option<String>,
    /// 编印单位, on the left above a bulletin's line. Practice; no clause.
    pub issuer: Option<String>,
    /// The date, on the right above a bulletin's line. Practice; no clause.
    pub date: Option<String>,
    /// 标题 (7.3.1). Its line breaks are kept.
    pub title: String,
    /// 主送机关, without the colon (7.3.2); in an English letter the block of name and address, a line each.
    pub addressee: Option<String>,
    /// The salutation of an English letter: `Dear Sir or Madam`.
    pub salutation: Option<String>,
}

/// The part below the text.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Foot {
    /// How it is signed (7.3.5).
    pub seal: Seal,
    /// The complimentary close of an English letter: `Yours faithfully`.
    pub closing: Option<String>,
    /// The post of the signer, beside a signature stamp (7.3.5.3), and below the name in an English letter.
    pub post: Option<String>,
    /// 发文机关署名 (7.3.5).
    pub signature: Option<String>,
    /// 成文日期, as printed: `2021年8月10日` (7.3.5.4).
    pub date: Option<String>,
    /// 附注, without brackets (7.3.6).
    pub note: Option<String>,
    /// 报, the superiors that receive a bulletin. Practice; no clause.
    pub report_to: Vec<String>,
    /// 送, the peers that receive a bulletin. Practice; no clause.
    pub send_to: Vec<String>,
    /// 发, the subordinates that receive a bulletin. Practice; no clause.
    pub issue_to: Vec<String>,
    /// 共印份数, the number of copies of a bulletin. Practice; no clause.
    pub printed_copies: Option<String>,
    /// 抄送机关 (7.4.2).
    pub copies: Vec<String>,
    /// 印发机关 (7.4.3).
    pub printed_by: Option<String>,
    /// 印发日期, without the word 印发 (7.4.3).
    pub printed_on: Option<String>,
}

/// How a document is signed (7.3.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Seal {
    /// 不加盖印章: the name, and the date below it (7.3.5.2).
    #[default]
    Unsealed,
    /// 加盖印章: name and date, with room for the seal over them (7.3.5.1).
    Sealed,
    /// 加盖签发人签名章: the post, room for the stamp, and the date (7.3.5.3).
    Stamp,
}

impl Seal {
    /// All modes, with their names in front matter.
    pub const ALL: [(&'static str, Self); 3] =
        [("unsealed", Self::Unsealed), ("sealed", Self::Sealed), ("stamp", Self::Stamp)];

    /// Returns the name of the mode.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, seal)| *seal == self).map_or("", |(name, _)| name)
    }
}

/// An attachment (附件, 7.3.7). Its number is its position in [`Document::attachments`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Attachment {
    /// The title, both in 附件说明 (7.3.4) and on the attachment.
    pub title: String,
    /// The text.
    pub body: Vec<Block>,
}

impl Attachment {
    /// Whether it is set in landscape: it has a wide table (clause 8).
    #[must_use]
    pub fn is_turned(&self) -> bool {
        fn has_wide_table(blocks: &[Block]) -> bool {
            blocks.iter().any(|block| match block {
                Block::Table(table) => table.is_wide(),
                Block::List { items, .. } => items.iter().any(|item| has_wide_table(item)),
                Block::Heading { .. } | Block::Paragraph(_) | Block::Chart(_) | Block::Photos(_) | Block::PageBreak => {
                    false
                }
            })
        }
        has_wide_table(&self.body)
    }
}

/// One block of text.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// A heading (结构层次序数, 7.3.3). Unless the text begins with a number, [`numbering::Numbering`] supplies it.
    Heading {
        /// 1 to 4: `一、`, `（一）`, `1.`, `（1）`.
        level: u8,
        /// The text.
        text: Vec<Inline>,
    },
    /// A paragraph, indented by two characters in Chinese (7.3.3).
    Paragraph(Vec<Inline>),
    /// A list.
    List {
        /// The first number; `None` for a bulleted list.
        ordered: Option<u64>,
        /// The items.
        items: Vec<Vec<Block>>,
    },
    /// A table.
    Table(Table),
    /// A table that is drawn.
    Chart(Chart),
    /// Photos beside each other.
    Photos(Photos),
    /// A page break.
    PageBreak,
}

/// Photos beside each other, such as those before and after.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Photos {
    /// The line above them.
    pub caption: Option<String>,
    /// The names of the columns: 整改前, 整改后.
    pub header: Vec<String>,
    /// The rows. A short row is padded with empty cells.
    pub rows: Vec<Vec<PhotoCell>>,
}

/// What stands in one place for a photo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PhotoCell {
    /// A photo.
    Photo(Photo),
    /// A text instead: `（未提供）`, or nothing where one is to be put in.
    Text(String),
}

/// A photo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Photo {
    /// By which a [`PhotoSource`](photo::PhotoSource) knows it.
    pub id: String,
    /// What it shows.
    pub caption: String,
    /// Its number among the figures of the document, before its caption.
    pub number: Option<usize>,
}

/// A chart.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Chart {
    /// How it is drawn.
    pub form: ChartForm,
    /// What it shows: a head and a row for each category. Its caption is that of the chart, and stands below it.
    pub table: Table,
}

/// How a chart is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChartForm {
    /// Horizontal bars; those of several series stand beside each other.
    Bars,
    /// Horizontal bars whose series are the parts of a whole.
    Stacked,
    /// Lines over time.
    Lines,
}

/// A table. A wide one is set in landscape (clause 8, 横排表格).
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Table {
    /// The line above the table.
    pub caption: Option<String>,
    /// The alignment of each column; any further columns are aligned left.
    pub columns: Vec<Align>,
    /// The header row, repeated on every page.
    pub header: Vec<Cell>,
    /// The rows. A short row is padded with empty cells.
    pub rows: Vec<Vec<Cell>>,
    /// Where each column is shown; any further columns are shown everywhere.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub shown: Vec<Shown>,
}

/// Where a column of a table is shown. A sheet has room for columns that a page has not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    /// In every format.
    #[default]
    Everywhere,
    /// In every format but workbooks.
    OnPaper,
    /// In workbooks only.
    InWorkbooks,
}

impl Table {
    /// Returns the photos in its cells, each with its row and column.
    pub fn photos(&self) -> impl Iterator<Item = (usize, usize, &Photo)> {
        self.rows.iter().enumerate().flat_map(|(row, cells)| {
            cells
                .iter()
                .enumerate()
                .flat_map(move |(column, cell)| cell.photos().map(move |photo| (row, column, photo)))
        })
    }

    /// Returns the number of columns of the widest row.
    #[must_use]
    pub fn width(&self) -> usize {
        let rows = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        rows.max(self.header.len()).max(self.columns.len())
    }

    /// Whether the table is set in landscape if it is in an attachment (clause 8).
    #[must_use]
    pub fn is_wide(&self) -> bool {
        self.width() > layout::LANDSCAPE_FROM
    }

    /// Takes out a column that no row fills; a table without rows keeps it.
    pub(crate) fn drop_blank_column(&mut self, index: usize) {
        let says_nothing = |cell: &Cell| said(&cell.0).trim().is_empty() && cell.photos().next().is_none();
        let is_blank = |row: &Vec<Cell>| row.get(index).is_none_or(says_nothing);
        if self.rows.is_empty() || !self.rows.iter().all(is_blank) {
            return;
        }
        self.remove_column(index);
    }

    fn remove_column(&mut self, index: usize) {
        for row in [&mut self.header].into_iter().chain(&mut self.rows).filter(|row| index < row.len()) {
            row.remove(index);
        }
        if index < self.columns.len() {
            self.columns.remove(index);
        }
        if index < self.shown.len() {
            self.shown.remove(index);
        }
    }

    /// Returns the alignment of column `index`.
    #[must_use]
    pub fn align(&self, index: usize) -> Align {
        self.columns.get(index).copied().unwrap_or_default()
    }
}

/// The alignment of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Align {
    /// Left.
    #[default]
    Left,
    /// Centred.
    Center,
    /// Right.
    Right,
}

/// A table cell: one paragraph.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Cell(pub Vec<Inline>);

impl Cell {
    /// Returns its photos.
    pub fn photos(&self) -> impl Iterator<Item = &Photo> {
        self.0.iter().filter_map(|inline| if let Inline::Photo(photo) = inline { Some(photo) } else { None })
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self(lines(text))
    }
}

/// A piece of running text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Inline {
    /// Text.
    Text(String),
    /// Strong text: 黑体 in Chinese, bold in English.
    Strong(Vec<Inline>),
    /// Emphasised text: 楷体 in Chinese, italic in English.
    Emphasis(Vec<Inline>),
    /// A printed figure: text whose rows [`Document::sources`] has.
    Figure {
        /// Which figure.
        #[serde(skip)]
        id: FigureId,
        /// The text.
        text: String,
    },
    /// A line break inside a paragraph or cell.
    Break,
    /// A photo, which says nothing by itself. It stands only in cells of columns that are [shown in
    /// workbooks](Shown::InWorkbooks).
    Photo(Photo),
}

/// Returns the text of `inlines`; an [`Inline::Break`] becomes a newline.
#[must_use]
pub fn plain(inlines: &[Inline]) -> String {
    fn push(inlines: &[Inline], text: &mut String) {
        for inline in inlines {
            match inline {
                Inline::Text(piece) | Inline::Figure { text: piece, .. } => text.push_str(piece),
                Inline::Strong(inner) | Inline::Emphasis(inner) => push(inner, text),
                Inline::Break => text.push('\n'),
                Inline::Photo(_) => {}
            }
        }
    }
    let mut text = String::new();
    push(inlines, &mut text);
    text
}

/// Returns the text of `inlines` as [`plain`] does, without a copy where it is one text, as nearly all are.
#[must_use]
pub fn said(inlines: &[Inline]) -> Cow<'_, str> {
    match inlines {
        [] => Cow::Borrowed(""),
        [Inline::Text(text) | Inline::Figure { text, .. }] => Cow::Borrowed(text),
        inlines => Cow::Owned(plain(inlines)),
    }
}

/// Returns `text` as inlines; a newline becomes an [`Inline::Break`].
#[must_use]
pub fn lines(text: &str) -> Vec<Inline> {
    let mut inlines = Vec::new();
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            inlines.push(Inline::Break);
        }
        if !line.is_empty() {
            inlines.push(Inline::Text(line.to_owned()));
        }
    }
    inlines
}

/// Returns `inlines` with adjacent texts joined and empty ones removed, so that equal content compares equal.
#[must_use]
pub fn joined(inlines: &[Inline]) -> Vec<Inline> {
    // A long table has many cells of one text.
    let mut result: Vec<Inline> = Vec::with_capacity(inlines.len().min(2));
    for inline in inlines {
        match inline {
            Inline::Text(piece) if piece.is_empty() => {}
            Inline::Text(piece) => {
                if let Some(Inline::Text(last)) = result.last_mut() {
                    last.push_str(piece);
                } else {
                    result.push(inline.clone());
                }
            }
            Inline::Strong(inner) => result.push(Inline::Strong(joined(inner))),
            Inline::Emphasis(inner) => result.push(Inline::Emphasis(joined(inner))),
            Inline::Figure { .. } | Inline::Break | Inline::Photo(_) => result.push(inline.clone()),
        }
    }
    result
}

/// Returns `inlines` with figures as the text that they are, for formats without links.
#[must_use]
pub fn text_only(inlines: &[Inline]) -> Cow<'_, [Inline]> {
    fn has_figure(inlines: &[Inline]) -> bool {
        inlines.iter().any(|inline| match inline {
            Inline::Figure { .. } => true,
            Inline::Strong(inner) | Inline::Emphasis(inner) => has_figure(inner),
            Inline::Text(_) | Inline::Break | Inline::Photo(_) => false,
        })
    }
    fn as_text(inline: &Inline) -> Inline {
        match inline {
            Inline::Figure { text, .. } => Inline::Text(text.clone()),
            Inline::Strong(inner) => Inline::Strong(inner.iter().map(as_text).collect()),
            Inline::Emphasis(inner) => Inline::Emphasis(inner.iter().map(as_text).collect()),
            Inline::Text(_) | Inline::Break | Inline::Photo(_) => inline.clone(),
        }
    }
    if !has_figure(inlines) {
        return Cow::Borrowed(inlines);
    }
    let texts: Vec<Inline> = inlines.iter().map(as_text).collect();
    Cow::Owned(joined(&texts))
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde's serialize_with requires")]
fn lang_tag<S: Serializer>(lang: &Lang, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(match lang {
        Lang::Zh => "zh",
        Lang::En => "en",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_keeps_breaks_and_drops_only_emphasis() {
        let line = [
            Inline::Text("甲".into()),
            Inline::Strong(vec![Inline::Text("乙".into()), Inline::Emphasis(vec![Inline::Text("丙".into())])]),
            Inline::Break,
            Inline::Text("丁".into()),
        ];
        assert_eq!(plain(&line), "甲乙丙\n丁");
    }

    #[test]
    fn lines_and_plain_are_inverse() {
        for text in ["", "a", "a\nb", "\n", "a\n\nb\n"] {
            assert_eq!(plain(&lines(text)), text);
        }
    }

    #[test]
    fn a_document_serialises_with_its_language() {
        let document = Document {
            lang: Lang::Zh,
            kind: "bulletin".into(),
            layout: Layout::Bulletin,
            head: Head::default(),
            body: vec![Block::PageBreak],
            attachments: vec![],
            foot: Foot::default(),
            reckoned: None,
            sources: FigureSources::default(),
        };
        let json = serde_json::to_value(&document).unwrap();
        assert_eq!(json["lang"], "zh");
        assert_eq!(json["layout"], "bulletin");
        assert_eq!(json["body"][0], "page_break");
    }
}
