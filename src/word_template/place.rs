//! Where a paragraph of a Word file stands, as its reader counts.

use crate::words::lang::Lang;

/// The place of a paragraph. Paragraphs without text are not counted, merged cells are counted as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParagraphPlace {
    /// The n-th paragraph of the text, from 1.
    Body(usize),
    /// A cell of the n-th table of the text: table, row and column from 1. A table in a cell follows the outer one.
    Cells(Vec<(usize, usize, usize)>),
    /// A page header, from 1.
    Header(usize),
    /// A page footer, from 1.
    Footer(usize),
    /// A text box, from 1.
    TextBox(usize),
    /// A content control, from 1.
    Control(usize),
    /// Another part of the file, by its name: footnotes, a chart.
    Part(String),
}

impl ParagraphPlace {
    /// The words for it: 正文第7段, 表2第3行第2列, 页眉1.
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
                labels.join(lang.pick("内", ", in it "))
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

    /// Whether tags in it are filled.
    #[must_use]
    pub fn is_filled(&self) -> bool {
        matches!(self, Self::Body(_) | Self::Cells(_) | Self::Header(_) | Self::Footer(_))
    }
}
