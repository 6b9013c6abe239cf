//! What can be wrong with the tags of a Word file, for people.

use super::tag::{Carrier, STATEMENTS, Tag};
use super::text::{Paragraph, label};
use crate::words::lang::Lang;
use crate::words::near::nearest;

/// Something wrong, at characters of a paragraph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// The paragraph, by its index in the file.
    pub paragraph: usize,
    /// Where in its text, in characters.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// What.
    pub problem: Problem,
}

impl Wrong {
    pub(crate) fn at(paragraph: usize, tag: &Tag, problem: Problem) -> Self {
        Self { paragraph, start: tag.start, end: tag.end, problem }
    }
}

/// What is wrong with a tag, or with how tags stand.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the sentences say what each is")]
pub enum Problem {
    NotFilled,
    NotClosed,
    NotOpened,
    Empty,
    RunTag,
    PrintsRow,
    Foreign { word: String },
    WholeOutside,
    WholeWithText,
    NoCarrier { carrier: Carrier },
    TwoCarriers { carrier: Carrier },
    TextIsLost { carrier: Carrier },
    MoreIsLost,
    NothingOpen { word: String, open: Option<(String, usize)> },
    OtherLevel { word: String, opened: usize, carriers: (Option<Carrier>, Option<Carrier>) },
    NoEnd { word: &'static str },
}

fn named(carrier: Carrier, lang: Lang) -> &'static str {
    match carrier {
        Carrier::Paragraph => lang.pick("一段", "a paragraph"),
        Carrier::Row => lang.pick("一行", "a row"),
        Carrier::Cell => lang.pick("一格", "a cell"),
        Carrier::Run => lang.pick("一处文字", "a run"),
    }
}

fn written(carrier: Option<Carrier>) -> String {
    format!("{{%{}", carrier.map_or("", Carrier::letters))
}

impl Problem {
    /// What is wrong, and what to do. `paragraphs` are those of the file.
    #[must_use]
    #[expect(clippy::too_many_lines, reason = "a list of sentences")]
    pub fn text(&self, paragraphs: &[Paragraph], lang: Lang) -> (String, String) {
        let pick = |zh: String, en: String| lang.pick(zh, en);
        let label = |paragraph: usize| label(paragraphs, paragraph, lang);
        match self {
            Self::NotFilled => (
                pick("这里的标签不会被填写".into(), "a tag here is not filled".into()),
                pick(
                    "标签请放在正文、表格、页眉或页脚里；文本框、内容控件和脚注里的不处理".into(),
                    "put tags into the text, tables, page headers or footers; not into text boxes, content controls or notes".into(),
                ),
            ),
            Self::NotClosed => (
                pick("标签没有写完".into(), "the tag has no end".into()),
                pick("`{{` 要有 `}}`，`{%` 要有 `%}`，引号要成对".into(), "`{{` needs `}}`, `{%` needs `%}`, quotes come in pairs".into()),
            ),
            Self::NotOpened => (
                pick("标签没有开头".into(), "the tag has no beginning".into()),
                pick("前面缺 `{{` 或 `{%`；一个标签要写在同一段里".into(), "`{{` or `{%` is missing before it; a tag stands in one paragraph".into()),
            ),
            Self::Empty => (
                pick("标签里没有内容".into(), "the tag says nothing".into()),
                pick("写上要填的名称，如 {{ number }}".into(), "name what to fill in, as in {{ number }}".into()),
            ),
            Self::RunTag => (
                pick("不支持 {{r …}}、{%r …%}".into(), "{{r …}} and {%r …%} are not handled".into()),
                pick("写成 {{ … }}：填入的文字沿用标签所在处的字体字号".into(), "write {{ … }}: what is filled in looks as the tag does".into()),
            ),
            Self::PrintsRow => (
                pick("{{tr …}}、{{tc …}} 不能输出内容".into(), "{{tr …}} and {{tc …}} print nothing".into()),
                pick("循环写 {%tr for … %}，内容写 {{ … }}".into(), "loops are {%tr for … %}, what they print is {{ … }}".into()),
            ),
            Self::Foreign { word } => {
                let near = nearest(word, STATEMENTS);
                let (zh, en) = near.map_or_else(Default::default, |near| {
                    (format!("是否指 `{near}`？"), format!("did you mean `{near}`? "))
                });
                let all = STATEMENTS.join(" ");
                (
                    pick(format!("Word 模板里不能用 `{word}`"), format!("`{word}` is not handled in a Word template")),
                    pick(format!("{zh}可用：{all}"), format!("{en}available: {all}")),
                )
            }
            Self::WholeOutside => (
                pick("页眉页脚里放不下成段的内容".into(), "whole paragraphs can't stand in page headers and footers".into()),
                pick("把 {{ body }}、{{p … }} 移到正文里".into(), "move {{ body }} or {{p … }} to the text".into()),
            ),
            Self::WholeWithText => (
                pick("{{ body }}、{{p … }} 要独占一段，同段的其他文字会丢失".into(), "{{ body }} and {{p … }} need a paragraph of their own; other text in it would be lost".into()),
                pick("把其他文字移到前后的段落".into(), "move the other text to the paragraphs before or after".into()),
            ),
            Self::NoCarrier { carrier } => (
                pick(
                    format!("{} 要写在表格里", written(Some(*carrier))),
                    format!("{} belongs into a table", written(Some(*carrier))),
                ),
                pick("在段落里写 {%p … %} 或 {% … %}".into(), "in paragraphs write {%p … %} or {% … %}".into()),
            ),
            Self::TwoCarriers { carrier } => (
                pick(
                    format!("{}里有两个 {} 标签", named(*carrier, lang), written(Some(*carrier))),
                    format!("two {} tags in {}", written(Some(*carrier)), named(*carrier, lang)),
                ),
                pick(
                    format!("每个 {} 标签独占{}：开始、内容、结束各占{}", written(Some(*carrier)), named(*carrier, lang), named(*carrier, lang)),
                    format!("each {} tag needs {} of its own: beginning, content and end apart", written(Some(*carrier)), named(*carrier, lang)),
                ),
            ),
            Self::TextIsLost { carrier } => (
                pick(
                    format!("{} 标签会把所在的{}整个去掉，其中的文字会丢失", written(Some(*carrier)), named(*carrier, lang)),
                    format!("the {} tag takes the whole of {} with it, and the other text there", written(Some(*carrier)), named(*carrier, lang)),
                ),
                pick(
                    format!("让它独占{}；只想去掉几个字，写 {{% … %}}", named(*carrier, lang)),
                    format!("give it {} of its own; for some words only, write {{% … %}}", named(*carrier, lang)),
                ),
            ),
            Self::MoreIsLost => (
                pick("这一段里的图片或分节符会随标签一起去掉".into(), "the picture or section break of this paragraph would go with the tag".into()),
                pick("把标签移到单独的一段".into(), "move the tag to a paragraph of its own".into()),
            ),
            Self::NothingOpen { word, open: None } => (
                pick(format!("`{word}` 前面没有与它对应的开始"), format!("nothing is open for `{word}` to go with")),
                pick("删去，或补上 if、for".into(), "take it out, or add the `if` or `for`".into()),
            ),
            Self::NothingOpen { word, open: Some((open, at)) } => (
                pick(
                    format!("`{word}` 与{}的 `{open}` 不配", label(*at)),
                    format!("`{word}` doesn't go with the `{open}` at {}", label(*at)),
                ),
                pick(format!("先写 `end{open}`"), format!("write `end{open}` first")),
            ),
            Self::OtherLevel { word, opened, carriers: (first, second) } if first != second => (
                pick(
                    format!("`{word}` 写的是 {}，而{}开始时写的是 {}", written(*second), label(*opened), written(*first)),
                    format!("`{word}` is a {} tag, but it begins at {} as {}", written(*second), label(*opened), written(*first)),
                ),
                pick("首尾用同一种标签".into(), "use the same sort of tag at both ends".into()),
            ),
            Self::OtherLevel { word, opened, .. } => (
                pick(
                    format!("`{word}` 与{}的开始不在同一层：一个在表格、单元格或超链接里面，一个在外面", label(*opened)),
                    format!("`{word}` is not on the level of its beginning at {}: one is in a table, cell or link, the other outside", label(*opened)),
                ),
                pick("表格各行用 {%tr … %}，成段的用 {%p … %}".into(), "for rows use {%tr … %}, for paragraphs {%p … %}".into()),
            ),
            Self::NoEnd { word } => (
                pick(format!("`{word}` 没有 `end{word}`"), format!("`{word}` has no `end{word}`")),
                pick("在同一部分（正文、页眉各自独立）里补上".into(), "add it in the same part: the text and each header by itself".into()),
            ),
        }
    }
}
