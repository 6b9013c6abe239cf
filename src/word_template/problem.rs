//! The faults that tags of a Word file can have, and their texts.

use super::tag::{Carrier, STATEMENTS, Tag};
use super::text::{Paragraph, label};
use crate::words::lang::Lang;
use crate::words::near::nearest;

/// A fault at a range of characters of a paragraph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// The paragraph, as an index into the template's paragraphs.
    pub paragraph: usize,
    /// The start in the paragraph's text, in characters from 0.
    pub start: usize,
    /// The end, exclusive.
    pub end: usize,
    /// The fault.
    pub problem: Problem,
}

impl Wrong {
    pub(crate) fn at(paragraph: usize, tag: &Tag, problem: Problem) -> Self {
        Self { paragraph, start: tag.start, end: tag.end, problem }
    }
}

/// A fault of a tag, or of how tags are placed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// A tag at a place where tags are not filled, such as a text box.
    NotFilled,
    /// The opening of a tag that is never closed.
    NotClosed,
    /// The closing of a tag that was never opened.
    NotOpened,
    /// A tag without content.
    Empty,
    /// docxtpl's `{{r …}}` or `{%r …%}`.
    UnsupportedRunTag,
    /// `{{tr …}}` or `{{tc …}}`: a value that would replace a whole row or cell.
    ValueInRowTag,
    /// A statement that a Word template can't use.
    UnsupportedStatement {
        /// The statement.
        word: String,
    },
    /// A tag filled with whole paragraphs, outside the body.
    ParagraphsOutsideBody,
    /// A tag filled with whole paragraphs, in a paragraph with other text.
    ParagraphsBesideText,
    /// More than one tag in the description of a drawing, or one that gives no name of a picture.
    NoPictureName,
    /// A tag in the description of a drawing that is no single picture.
    NoPicture,
    /// A row or cell tag that is not in a table.
    OutsideTable {
        /// What the tag replaces.
        carrier: Carrier,
    },
    /// Two tags that replace the same element.
    DuplicateCarrier {
        /// What the tags replace.
        carrier: Carrier,
    },
    /// A tag that replaces an element with other text in it.
    TextRemoved {
        /// What the tag replaces.
        carrier: Carrier,
    },
    /// A tag that replaces a paragraph with a picture, an embedded object or a section break.
    ContentRemoved,
    /// A middle or end of a block without a matching start.
    NoStart {
        /// The first word of the tag.
        word: String,
        /// The innermost open block that doesn't match: its first word and paragraph.
        open: Option<(String, usize)>,
    },
    /// A middle or end of a block on another level of the document than its start.
    LevelMismatch {
        /// The first word of the tag.
        word: String,
        /// The paragraph where the block starts.
        opened: usize,
        /// What the start and this tag replace.
        carriers: (Option<Carrier>, Option<Carrier>),
    },
    /// A block without an end.
    NoEnd {
        /// The first word of the block.
        word: &'static str,
    },
}

/// Returns the carrier with its article.
fn carrier_name(carrier: Carrier, lang: Lang) -> &'static str {
    match carrier {
        Carrier::Paragraph => lang.pick("一段", "a paragraph"),
        Carrier::Row => lang.pick("一行", "a row"),
        Carrier::Cell => lang.pick("一格", "a cell"),
        Carrier::Run => lang.pick("一处文字", "a run"),
    }
}

/// Returns the characters that open such a tag: `{%tr`.
fn opening(carrier: Option<Carrier>) -> String {
    format!("{{%{}", carrier.map_or("", Carrier::letters))
}

impl Problem {
    /// Returns the message and the remedy. `paragraphs` are those of the file.
    #[must_use]
    #[expect(clippy::too_many_lines, reason = "a list of messages")]
    pub fn text(&self, paragraphs: &[Paragraph], lang: Lang) -> (String, String) {
        let pick = |zh: String, en: String| lang.pick(zh, en);
        let label = |paragraph: usize| label(paragraphs, paragraph, lang);
        match self {
            Self::NoPictureName => (
                pick("图片的替换文字里只写一个 {{ … }}".into(), "a picture's alt text takes one {{ … }}".into()),
                pick(
                    "它给出图片的文件名，例如 {{ i.evidence }} 或 {{ \"公章.png\" }}；循环和条件写在段落里".into(),
                    "it gives the file name of a picture, such as {{ i.evidence }} or {{ \"seal.png\" }}; loops and conditions go in \
                     paragraphs"
                        .into(),
                ),
            ),
            Self::NoPicture => (
                pick("这里的标签换不了图片：它不是单张图片".into(), "no picture can take this place: it is not a single picture".into()),
                pick(
                    "先插入一张占位图片（不是形状、组合、图表或旧格式的图），在它的替换文字里写标签".into(),
                    "insert a picture as a placeholder (no shape, group, chart or drawing in the old format), and write the tag in its \
                     alt text"
                        .into(),
                ),
            ),
            Self::NotFilled => (
                pick("这里的标签不会被填写".into(), "tags here are not filled".into()),
                pick(
                    "标签请放在正文、表格、文本框、内容控件、页眉或页脚里；脚注、尾注和批注里的不处理".into(),
                    "put tags in the text, tables, text boxes, content controls, page headers or footers, not in notes or comments".into(),
                ),
            ),
            Self::NotClosed => (
                pick("标签没有写完".into(), "the tag is not closed".into()),
                pick("`{{` 要有 `}}`，`{%` 要有 `%}`，引号要成对".into(), "`{{` needs `}}`, `{%` needs `%}`, and quotes must be paired".into()),
            ),
            Self::NotOpened => (
                pick("标签没有开头".into(), "the tag is not opened".into()),
                pick("前面缺 `{{` 或 `{%`；一个标签要写在同一段里".into(), "`{{` or `{%` is missing before it; a tag must be in a single paragraph".into()),
            ),
            Self::Empty => (
                pick("标签里没有内容".into(), "the tag is empty".into()),
                pick("写上要填的名称，如 {{ number }}".into(), "name what to fill in, as in {{ number }}".into()),
            ),
            Self::UnsupportedRunTag => (
                pick("不支持 {{r …}}、{%r …%}".into(), "{{r …}} and {%r …%} are not supported".into()),
                pick("写成 {{ … }}：填入的文字沿用标签所在处的字体字号".into(), "write {{ … }}: the output has the formatting of the tag".into()),
            ),
            Self::ValueInRowTag => (
                pick("{{tr …}}、{{tc …}} 不能输出内容".into(), "{{tr …}} and {{tc …}} can't print a value".into()),
                pick("循环写 {%tr for … %}，内容写 {{ … }}".into(), "write the loop as {%tr for … %} and the values as {{ … }}".into()),
            ),
            Self::UnsupportedStatement { word } => {
                let near = nearest(word, STATEMENTS);
                let (zh, en) = near.map_or_else(Default::default, |near| {
                    (format!("是否指 `{near}`？"), format!("did you mean `{near}`? "))
                });
                let all = STATEMENTS.join(" ");
                (
                    pick(format!("Word 模板里不能用 `{word}`"), format!("`{word}` is not supported in a Word template")),
                    pick(format!("{zh}可用：{all}"), format!("{en}available: {all}")),
                )
            }
            Self::ParagraphsOutsideBody => (
                pick(
                    "页眉、页脚、文本框和单值内容控件里放不下成段的内容".into(),
                    "page headers, page footers, text boxes and content controls of one value can't hold whole paragraphs".into(),
                ),
                pick("把 {{ body }}、{{p … }} 移到正文里".into(), "move {{ body }} or {{p … }} to the text".into()),
            ),
            Self::ParagraphsBesideText => (
                pick("{{ body }}、{{p … }} 要独占一段，同段的其他文字会丢失".into(), "{{ body }} and {{p … }} need a paragraph of their own; other text in it would be lost".into()),
                pick("把其他文字移到前后的段落".into(), "move the other text to the paragraphs before or after".into()),
            ),
            Self::OutsideTable { carrier } => (
                pick(
                    format!("{} 要写在表格里", opening(Some(*carrier))),
                    format!("{} must be in a table", opening(Some(*carrier))),
                ),
                pick("在段落里写 {%p … %} 或 {% … %}".into(), "in a paragraph, write {%p … %} or {% … %}".into()),
            ),
            Self::DuplicateCarrier { carrier } => (
                pick(
                    format!("{}里有两个 {} 标签", carrier_name(*carrier, lang), opening(Some(*carrier))),
                    format!("two {} tags in {}", opening(Some(*carrier)), carrier_name(*carrier, lang)),
                ),
                pick(
                    format!("每个 {} 标签独占{}：开始、内容、结束各占{}", opening(Some(*carrier)), carrier_name(*carrier, lang), carrier_name(*carrier, lang)),
                    format!("each {} tag needs {} of its own, separate from the content between start and end", opening(Some(*carrier)), carrier_name(*carrier, lang)),
                ),
            ),
            Self::TextRemoved { carrier } => (
                pick(
                    format!("{} 标签会把所在的{}整个去掉，其中的文字会丢失", opening(Some(*carrier)), carrier_name(*carrier, lang)),
                    format!("the {} tag would remove {} that also holds other text", opening(Some(*carrier)), carrier_name(*carrier, lang)),
                ),
                pick(
                    format!("让它独占{}；只想去掉几个字，写 {{% … %}}", carrier_name(*carrier, lang)),
                    format!("give it {} of its own; to drop only some words, write {{% … %}}", carrier_name(*carrier, lang)),
                ),
            ),
            Self::ContentRemoved => (
                pick("这一段里的图片或分节符会随标签一起去掉".into(), "the picture or section break in this paragraph would be removed with the tag".into()),
                pick("把标签移到单独的一段".into(), "move the tag to a paragraph of its own".into()),
            ),
            Self::NoStart { word, open: None } => (
                pick(format!("`{word}` 前面没有与它对应的开始"), format!("`{word}` has no matching start before it")),
                pick("删去，或补上 if、for".into(), "remove it, or add the `if` or `for`".into()),
            ),
            Self::NoStart { word, open: Some((open, at)) } => (
                pick(
                    format!("`{word}` 与{}的 `{open}` 不配", label(*at)),
                    format!("`{word}` doesn't match the `{open}` at {}", label(*at)),
                ),
                pick(format!("先写 `end{open}`"), format!("write `end{open}` first")),
            ),
            Self::LevelMismatch { word, opened, carriers: (first, second) } if first != second => (
                pick(
                    format!("`{word}` 写的是 {}，而{}开始时写的是 {}", opening(*second), label(*opened), opening(*first)),
                    format!("`{word}` is a {} tag, but the block starts at {} with {}", opening(*second), label(*opened), opening(*first)),
                ),
                pick("首尾用同一种标签".into(), "use the same kind of tag at both ends".into()),
            ),
            Self::LevelMismatch { word, opened, .. } => (
                pick(
                    format!("`{word}` 与{}的开始不在同一层：一个在表格、单元格或超链接里面，一个在外面", label(*opened)),
                    format!("`{word}` is not on the same level as its start at {}: one is inside a table, cell or link, the other outside", label(*opened)),
                ),
                pick("表格各行用 {%tr … %}，成段的用 {%p … %}".into(), "for rows use {%tr … %}, for paragraphs {%p … %}".into()),
            ),
            Self::NoEnd { word } => (
                pick(format!("`{word}` 没有 `end{word}`"), format!("`{word}` has no `end{word}`")),
                pick("在同一部分（正文、页眉各自独立）里补上".into(), "add it in the same part; the text and each header are separate parts".into()),
            ),
        }
    }
}
