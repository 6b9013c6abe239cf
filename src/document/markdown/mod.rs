//! Parses Markdown to blocks. The only module that uses comrak.
//!
//! The supported constructs:
//!
//! | written | becomes |
//! |---|---|
//! | `# 题目` | a new attachment with this title; what follows belongs to it |
//! | `##` to `#####` | headings of level 1 to 4 |
//! | paragraphs, `**strong**`, `*emphasis*` | the same; a line break between two full-width characters adds no space |
//! | `- ` and `1. ` lists | the same |
//! | a table | the same; a paragraph `: caption` directly before it is its caption |
//! | a head that begins with `?` | a column that is left out while no row fills it; `?+` in workbooks only, `?-` on paper only |
//! | `<br>`, or a line that ends with `\` or two spaces | a line break |
//! | `<!-- pagebreak -->` on its own | a page break |
//! | `<!-- chart: stacked -->` before a table or its caption, or `bars`, `lines` | a chart of the table |
//! | `<!-- photos -->` before a table or its caption | photos: each cell has `![caption](photo:ID)`, a text, or nothing |
//! | any other `<!-- comment -->` | nothing |
//! | `[text](address)` | `text（address）`, because a printed page has no links |
//! | the marks of [`figure()`] | an [`Inline::Figure`], where they do not change how the rest is read |
//!
//! Everything else is a [`MarkdownFault`] with its line, so that nothing is lost silently.

mod body;
mod drawn;
mod escape;
mod fault;
mod figure;
mod inline;
mod photos;
mod pieces;
mod source;
mod table;

pub use body::Body;
pub(crate) use drawn::PHOTO;
pub use escape::escape;
pub use fault::{MAX_DEPTH, MarkdownFault, Unsupported};
pub use figure::{figure, without_figures};
pub(crate) use table::{TableCell, table};

use comrak::nodes::{AstNode, ListType, NodeValue};
use comrak::{Arena, Options, parse_document};

use super::{Align, Attachment, Block, Cell, Inline, Shown, Table, plain};
use drawn::Drawn;
use pieces::{OptionalColumns, Parsers, drop_blank_columns};
use source::Source;
use table::{Mark, align, mark};

/// Parses `markdown`, which must have no front matter.
///
/// # Errors
///
/// All unsupported constructs, in the order of their lines.
pub fn blocks(markdown: &str) -> Result<Body, Vec<MarkdownFault>> {
    // Where something is wrong, the whole text tells what and where.
    let parsers = Parsers { whole: &|text| whole(text).ok(), table: &table_of };
    pieces::blocks(markdown, &parsers).map_or_else(|| whole(markdown), Ok)
}

/// Parses a text at once.
fn whole(markdown: &str) -> Result<Body, Vec<MarkdownFault>> {
    let unmarked = without_figures(markdown);
    let body = read(&unmarked)?;
    if unmarked == markdown {
        return Ok(body);
    }
    // At the beginning of a line, or beside an asterisk, a mark may change how Markdown is read.
    let Ok(marked) = read(markdown) else { return Ok(body) };
    Ok(Body {
        body: figure::adopted(body.body, marked.body),
        attachments: figure::adopted_attachments(body.attachments, marked.attachments),
    })
}

/// The only block of a text, a table with all its columns, and those that are left out while no row fills them.
fn table_of(markdown: &str) -> Option<OptionalColumns> {
    let unmarked = without_figures(markdown);
    let (Body { mut body, .. }, optional) = parse(&unmarked, true).ok()?;
    if unmarked != markdown
        && let Ok((marked, _)) = parse(markdown, true)
    {
        body = figure::adopted(body, marked.body);
    }
    match (body.pop()?, body.is_empty()) {
        (Block::Table(table), true) => Some((table, optional)),
        _ => None,
    }
}

fn read(markdown: &str) -> Result<Body, Vec<MarkdownFault>> {
    parse(markdown, false).map(|(body, _)| body)
}

/// Also returns the columns of the last table that are left out while no row fills them; with `keeps_blank` they stay.
fn parse(markdown: &str, keeps_blank: bool) -> Result<(Body, Vec<usize>), Vec<MarkdownFault>> {
    let arena = Arena::new();
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.cjk_friendly_emphasis = true;
    let root = parse_document(&arena, markdown, &options);

    let source = Source::new(markdown);
    let mut reader =
        Reader { source, faults: Vec::new(), depth: 0, keeps_blank, optional: Vec::new(), in_workbook_cell: false };
    let body = reader.body(root);
    reader.definitions(root);
    if reader.faults.is_empty() {
        Ok((body, reader.optional))
    } else {
        reader.faults.sort_by_key(|fault| fault.line);
        Err(reader.faults)
    }
}

fn lost_mark<'n>((node, drawn): (&'n AstNode<'n>, Drawn)) -> (&'n AstNode<'n>, Unsupported) {
    (node, drawn.lost())
}

/// The text, and the faults found so far.
struct Reader<'a> {
    source: Source<'a>,
    faults: Vec<MarkdownFault>,
    depth: usize,
    /// Whether columns stay that no row fills, and of the last table those that are left out then.
    keeps_blank: bool,
    optional: Vec<usize>,
    /// Whether what is read is a cell of a column that only workbooks show: it may hold photos.
    in_workbook_cell: bool,
}

impl Reader<'_> {
    fn fault(&mut self, node: &AstNode<'_>, what: Unsupported) {
        let line = node.data.borrow().sourcepos.start.line.max(1);
        self.faults.push(MarkdownFault { line, what });
    }

    fn body<'n>(&mut self, root: &'n AstNode<'n>) -> Body {
        let mut body = Body::default();
        let mut caption: Option<(&'n AstNode<'n>, String)> = None;
        let mut drawn: Option<(&'n AstNode<'n>, Drawn)> = None;
        for node in root.children() {
            if let Some(mark) = Drawn::of(node) {
                self.lose(caption.take().map(|(node, _)| (node, Unsupported::LostCaption)));
                self.lose(drawn.replace((node, mark)).map(lost_mark));
                continue;
            }
            let begins_attachment = matches!(
                &node.data.borrow().value,
                NodeValue::Heading(heading) if heading.level == 1 && !heading.setext
            );
            let is_table = matches!(&node.data.borrow().value, NodeValue::Table(_));
            let text = if is_table { None } else { self.caption(node) };
            if !is_table {
                self.lose(caption.take().map(|(node, _)| (node, Unsupported::LostCaption)));
            }
            if !is_table && text.is_none() {
                self.lose(drawn.take().map(lost_mark));
            }
            if begins_attachment {
                let title = self.inlines(node);
                let title = self.title(node, &title);
                body.attachments.push(Attachment { title, body: Vec::new() });
                continue;
            }
            if let Some(text) = text {
                caption = Some((node, text));
                continue;
            }
            let mut blocks = match drawn.take() {
                Some((_, Drawn::Photos)) => {
                    vec![Block::Photos(self.photos(node, caption.take().map(|(_, text)| text)))]
                }
                mark => {
                    let mut blocks = self.block(node, false);
                    if let (Some((_, text)), Some(Block::Table(table))) = (caption.take(), blocks.first_mut()) {
                        table.caption = Some(text);
                    }
                    self.draw(mark, &mut blocks);
                    blocks
                }
            };
            match body.attachments.last_mut() {
                Some(attachment) => attachment.body.append(&mut blocks),
                None => body.body.append(&mut blocks),
            }
        }
        self.lose(caption.map(|(node, _)| (node, Unsupported::LostCaption)));
        self.lose(drawn.map(lost_mark));
        body
    }

    /// Makes a table what the mark before it says.
    fn draw(&mut self, mark: Option<(&AstNode<'_>, Drawn)>, blocks: &mut Vec<Block>) {
        let Some((node, drawn)) = mark else { return };
        let chart = match blocks.as_slice() {
            [Block::Table(table)] => drawn.chart(table.clone()),
            _ => None,
        };
        match chart {
            Some(chart) => *blocks = vec![chart],
            None => self.lose(Some((node, drawn.lost()))),
        }
    }

    /// Reports what belongs to a table that does not follow.
    fn lose(&mut self, lost: Option<(&AstNode<'_>, Unsupported)>) {
        if let Some((node, what)) = lost {
            self.fault(node, what);
        }
    }

    /// Returns the caption if paragraph `node` is one. Data is never a caption, since [`escape()`] escapes its colon.
    fn caption<'n>(&mut self, node: &'n AstNode<'n>) -> Option<String> {
        let is_caption = matches!(node.data.borrow().value, NodeValue::Paragraph)
            && self.source.line(node.data.borrow().sourcepos.start.line).trim_start().starts_with(": ");
        if !is_caption {
            return None;
        }
        let inlines = self.inlines(node);
        let text = self.title(node, &inlines);
        Some(text.strip_prefix(": ").unwrap_or(&text).to_owned())
    }

    fn title(&mut self, node: &AstNode<'_>, inlines: &[Inline]) -> String {
        let emphasis = |inline: &Inline| matches!(inline, Inline::Strong(_) | Inline::Emphasis(_));
        if inlines.iter().any(emphasis) {
            self.fault(node, Unsupported::EmphasisInTitle);
        }
        plain(inlines)
    }

    fn block<'n>(&mut self, node: &'n AstNode<'n>, in_list: bool) -> Vec<Block> {
        if self.depth >= MAX_DEPTH {
            self.fault(node, Unsupported::TooDeep);
            return vec![];
        }
        self.depth += 1;
        let blocks = self.shallow_block(node, in_list);
        self.depth -= 1;
        blocks
    }

    fn shallow_block<'n>(&mut self, node: &'n AstNode<'n>, in_list: bool) -> Vec<Block> {
        let value = node.data.borrow().value.clone();
        match value {
            NodeValue::Paragraph => {
                let inlines = self.inlines(node);
                if inlines.is_empty() { vec![] } else { vec![Block::Paragraph(inlines)] }
            }
            NodeValue::Heading(heading) => {
                if heading.setext {
                    self.fault(node, Unsupported::UnderlinedHeading);
                } else if in_list {
                    self.fault(node, Unsupported::StructureInList);
                } else if heading.level > 5 {
                    self.fault(node, Unsupported::DeepHeading);
                }
                vec![Block::Heading { level: heading.level.saturating_sub(1), text: self.inlines(node) }]
            }
            NodeValue::List(list) => {
                let ordered = (list.list_type == ListType::Ordered).then_some(list.start as u64);
                let mut items = Vec::new();
                for item in node.children() {
                    let mut blocks: Vec<Block> = item.children().flat_map(|child| self.block(child, true)).collect();
                    // A long list has many items of one block.
                    blocks.shrink_to_fit();
                    items.push(blocks);
                }
                vec![Block::List { ordered, items }]
            }
            NodeValue::Table(table) => {
                let columns = table.alignments.iter().copied().map(align).collect();
                vec![Block::Table(self.table(node, columns))]
            }
            NodeValue::HtmlBlock(html) => self.html(node, &html.literal, in_list),
            other => {
                let what = match other {
                    NodeValue::BlockQuote => Unsupported::Quote,
                    NodeValue::CodeBlock(_) => Unsupported::CodeBlock,
                    NodeValue::ThematicBreak => Unsupported::Rule,
                    other => Unsupported::Other(format!("{other:?}").chars().take(40).collect()),
                };
                self.fault(node, what);
                vec![]
            }
        }
    }

    fn table<'n>(&mut self, node: &'n AstNode<'n>, columns: Vec<Align>) -> Table {
        let mut table = Table { columns, ..Table::default() };
        let mut marks = Vec::new();
        for row in node.children() {
            let is_header = matches!(row.data.borrow().value, NodeValue::TableRow(true));
            if !is_header {
                self.check_length(row, table.columns.len());
            }
            let cells = row.children().enumerate().map(|(column, cell)| {
                let shown = marks.get(column).filter(|_| !is_header).map(|mark: &Mark| mark.shown);
                self.in_workbook_cell = shown == Some(Shown::InWorkbooks);
                Cell(self.inlines(cell))
            });
            let cells = cells.collect();
            self.in_workbook_cell = false;
            if is_header {
                marks = row.children().map(|cell| self.mark(cell)).collect();
                table.header = cells;
                for (cell, mark) in table.header.iter_mut().zip(&marks) {
                    if let Some(Inline::Text(text)) = cell.0.first_mut() {
                        *text = text.strip_prefix(mark.text).unwrap_or(text).trim_start().to_owned();
                    }
                }
            } else {
                table.rows.push(cells);
            }
        }
        table.shown = marks.iter().map(|mark| mark.shown).collect();
        if table.shown.iter().all(|shown| *shown == Shown::Everywhere) {
            table.shown = Vec::new();
        }
        self.optional = (0..marks.len()).filter(|column| marks[*column].is_optional).collect();
        if !self.keeps_blank {
            drop_blank_columns(&mut table, &self.optional);
        }
        table
    }

    /// Reports a row with more cells than its table has columns: the parser drops them.
    fn check_length(&mut self, row: &AstNode<'_>, columns: usize) {
        let line = row.data.borrow().sourcepos.start.line;
        if source::cells(self.source.line(line)) > columns {
            self.fault(row, Unsupported::LongRow);
        }
    }

    /// The mark that the head of a column begins with. A value can't bring it: its marks are escaped.
    fn mark<'n>(&self, cell: &'n AstNode<'n>) -> Mark {
        let start = cell.data.borrow().sourcepos.start;
        let text = self.source.line(start.line).get(start.column.saturating_sub(1)..).unwrap_or_default();
        mark(text.trim_start_matches(['|', ' ']))
    }

    fn html(&mut self, node: &AstNode<'_>, literal: &str, in_list: bool) -> Vec<Block> {
        let mut rest = literal.trim();
        let mut blocks = Vec::new();
        while let Some(inner) = rest.strip_prefix("<!--") {
            let Some((comment, after)) = inner.split_once("-->") else {
                self.fault(node, Unsupported::OpenComment);
                return vec![];
            };
            if comment.trim() == "pagebreak" {
                blocks.push(Block::PageBreak);
                if in_list {
                    self.fault(node, Unsupported::StructureInList);
                }
            }
            if let Some(drawn) = Drawn::named(comment) {
                // Elsewhere than on the outermost level there is no table that it could mark.
                self.fault(node, if in_list { Unsupported::StructureInList } else { drawn.lost() });
            }
            rest = after.trim_start();
        }
        if !rest.is_empty() {
            let tag = rest.chars().take(40).collect();
            self.fault(node, Unsupported::Html(tag));
        }
        blocks
    }

    /// Finds link definitions, which the parser removes from the text without leaving a node.
    fn definitions<'n>(&mut self, root: &'n AstNode<'n>) {
        let mut code = vec![false; self.source.len() + 2];
        let mut covered = code.clone();
        for node in root.descendants() {
            let data = node.data.borrow();
            let lines = data.sourcepos.start.line..=data.sourcepos.end.line;
            let marks = match data.value {
                NodeValue::Document | NodeValue::List(_) | NodeValue::Item(_) => continue,
                NodeValue::CodeBlock(_) | NodeValue::HtmlBlock(_) => [true, true],
                _ => [false, true],
            };
            for line in lines {
                if let (Some(code), Some(covered)) = (code.get_mut(line), covered.get_mut(line)) {
                    *code |= marks[0];
                    *covered |= marks[1];
                }
            }
        }
        for line in 1..=self.source.len() {
            let text = self.source.line(line).trim();
            let text = text.trim_start_matches(['-', '*', '+', '>', ' ']);
            let defines = text.starts_with('[') && text.contains("]:");
            let is_code = code.get(line).copied().unwrap_or(false);
            let is_covered = covered.get(line).copied().unwrap_or(true);
            let is_item = text.trim_start_matches(|c: char| c.is_ascii_digit()).trim_matches(['.', ')']).is_empty();
            if (defines && !is_code) || (!is_covered && !text.is_empty() && !is_item) {
                self.faults.push(MarkdownFault { line, what: Unsupported::LinkDefinition });
            }
        }
    }
}

#[cfg(test)]
mod tests;
