//! Where a paragraph of a Word file is, counted as its reader would.

use crate::words::lang::Lang;

/// The place of a paragraph. Paragraphs without text are not counted; merged cells count as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParagraphPlace {
    /// The n-th paragraph of the body, from 1.
    Body(usize),
    /// A table cell as table, row and column, each from 1. For a nested table the outer cell comes first.
    Cells(Vec<(usize, usize, usize)>),
    /// The n-th page header, from 1.
    Header(usize),
    /// The n-th page footer, from 1.
    Footer(usize),
    /// The n-th text box, from 1.
    TextBox(usize),
    /// The n-th content control, from 1.
    Control(usize),
    /// Another part of the file, by its name: footnotes or comments, for example.
    Part(String),
}

impl ParagraphPlace {
    /// Returns the place in words: 正文第7段, 表2第3行第2列, 页眉1.
    #[must_use]
    pub fn label(&self, lang: Lang) -> String {
        match self {
            Self::Body(n) => lang.pick(format!("正文第{n}段"), format!("paragraph {n} of the text")),
            Self::Cells(cells) => {
                let one = |(table, row, column): &(usize, usize, usize)| {
                    lang.pick(
                        format!("表{table}第{row}行第{column}列"),
                        format!("table {table}, row {row}, column {column}"),
                    )
                };
                let labels: Vec<String> = cells.iter().map(one).collect();
                labels.join(lang.pick("内", ", nested "))
            }
            Self::Header(n) => lang.pick(format!("页眉{n}"), format!("page header {n}")),
            Self::Footer(n) => lang.pick(format!("页脚{n}"), format!("page footer {n}")),
            Self::TextBox(n) => lang.pick(format!("文本框{n}"), format!("text box {n}")),
            Self::Control(n) => lang.pick(format!("内容控件{n}"), format!("content control {n}")),
            Self::Part(name) => match name.as_str() {
                "word/footnotes.xml" => lang.pick("脚注", "the footnotes").to_owned(),
                "word/endnotes.xml" => lang.pick("尾注", "the endnotes").to_owned(),
                "word/comments.xml" => lang.pick("批注", "the comments").to_owned(),
                name => lang.pick(format!("部件 {name}"), format!("the part {name}")),
            },
        }
    }

    /// Returns whether tags at this place are filled.
    #[must_use]
    pub fn is_filled(&self) -> bool {
        !matches!(self, Self::Part(_))
    }
}
