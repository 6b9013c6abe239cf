//! The sheets that a document becomes, and what is on none of them.

use crate::document::chart::Chart;
use crate::document::{Block, Document, Photos, Table, plain};

/// The contents of a sheet: a table or photos, with what belongs to them.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SheetPage<'d> {
    /// The caption of the table, or else the heading above it, or else the title of the attachment or document.
    pub(super) title: String,
    pub(super) content: SheetContent<'d>,
    /// The paragraphs below the table that belong to it.
    pub(super) notes: Vec<String>,
}

/// What a sheet shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum SheetContent<'d> {
    Table(&'d Table),
    /// A table that is drawn below.
    Chart(&'d Chart),
    Photos(&'d Photos),
}

impl<'d> SheetContent<'d> {
    fn of(block: &'d Block) -> Option<Self> {
        match block {
            Block::Table(table) => Some(Self::Table(table)),
            Block::Chart(chart) => Some(Self::Chart(chart)),
            Block::Photos(photos) => Some(Self::Photos(photos)),
            _ => None,
        }
    }

    pub(super) fn table(self) -> Option<&'d Table> {
        match self {
            Self::Table(table) | Self::Chart(Chart { table, .. }) => Some(table),
            Self::Photos(_) => None,
        }
    }

    fn caption(self) -> Option<&'d String> {
        match self {
            Self::Table(table) | Self::Chart(Chart { table, .. }) => table.caption.as_ref(),
            Self::Photos(photos) => photos.caption.as_ref(),
        }
    }
}

/// Returns the sheets of a document, those of attachments last, and the number of paragraphs, lists and headings that
/// are on none.
pub(super) fn pages(document: &Document) -> (Vec<SheetPage<'_>>, usize) {
    let mut pages: Vec<SheetPage<'_>> = Vec::new();
    let mut omitted = 0;
    let attachments = document.attachments.iter().map(|part| (&part.title, &part.body, true));
    for (title, blocks, is_attachment) in
        std::iter::once((&document.head.title, &document.body, false)).chain(attachments)
    {
        let mut title = title.replace('\n', "");
        // A heading becomes the title of the next table's sheet, unless that table has a caption.
        let mut heading: Option<String> = None;
        let mut is_below_table = false;
        for block in blocks {
            if let Some(content) = SheetContent::of(block) {
                let caption = content.caption();
                if let Some(heading) = heading.take() {
                    omitted += usize::from(caption.is_some());
                    title = heading;
                }
                pages.push(SheetPage { title: caption.unwrap_or(&title).clone(), content, notes: Vec::new() });
                is_below_table = true;
                continue;
            }
            match block {
                Block::Heading { text, .. } => {
                    omitted += usize::from(heading.replace(plain(text)).is_some());
                    is_below_table = false;
                }
                Block::Paragraph(text) => {
                    let text = plain(text);
                    is_below_table &= is_attachment || is_note(&text);
                    match pages.last_mut().filter(|_| is_below_table) {
                        Some(page) => page.notes.push(text),
                        None => omitted += 1,
                    }
                }
                Block::List { .. } => {
                    omitted += 1;
                    is_below_table = false;
                }
                Block::Table(_) | Block::Chart(_) | Block::Photos(_) | Block::PageBreak => {}
            }
        }
        omitted += usize::from(heading.is_some());
    }
    (pages, omitted)
}

/// Returns whether a paragraph in the body of a document is a note to the table above; any other paragraph continues
/// the text.
fn is_note(text: &str) -> bool {
    ["注：", "注:", "备注：", "说明：", "Note:", "Notes:"].iter().any(|word| text.starts_with(word))
}

/// Returns whether the document has an addressee, copies or a note, for which a workbook has no place.
pub(super) fn has_addressee_copies_or_note(document: &Document) -> bool {
    let (head, foot) = (&document.head, &document.foot);
    let lists = [&foot.report_to, &foot.send_to, &foot.issue_to, &foot.copies];
    head.addressee.is_some() || foot.note.is_some() || lists.iter().any(|names| !names.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::markdown::{Body, blocks};
    use crate::document::source::FigureSources;
    use crate::document::{Foot, Head, Layout};
    use crate::words::lang::Lang;

    fn document(markdown: &str) -> Document {
        let Body { body, attachments } = blocks(markdown).unwrap();
        let head = Head { title: "通报".into(), ..Head::default() };
        let (kind, layout) = (String::new(), Layout::Document);
        Document {
            lang: Lang::Zh,
            kind,
            layout,
            head,
            body,
            attachments,
            foot: Foot::default(),
            reckoned: None,
            sources: FigureSources::default(),
        }
    }

    fn seen(markdown: &str) -> (Vec<(String, Vec<String>)>, usize) {
        let document = document(markdown);
        let (pages, omitted) = pages(&document);
        (pages.into_iter().map(|page| (page.title, page.notes)).collect(), omitted)
    }

    const TABLE: &str = "| a |\n|---|\n| 1 |\n\n";

    #[test]
    fn a_note_goes_with_its_table_and_other_text_is_counted() {
        let text = format!("正文。\n\n## 一\n\n{TABLE}注：有重复。\n\n又一段。\n\n注：离表太远。\n\n## 二\n\n- 项\n");
        assert_eq!(seen(&text), (vec![("一".into(), vec!["注：有重复。".into()])], 5));
    }

    #[test]
    fn in_an_attachment_every_paragraph_under_the_table_is_its_note() {
        let text = format!("# 台账\n\n{TABLE}填表人：甲\n\n审核人：乙\n\n# 统计表\n\n开头。\n\n{TABLE}");
        let notes = vec!["填表人：甲".to_owned(), "审核人：乙".to_owned()];
        assert_eq!(seen(&text), (vec![("台账".into(), notes), ("统计表".into(), vec![])], 1));
    }
}
