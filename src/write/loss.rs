//! What no format can show.

use std::io;

use serde_json::Value;

use crate::charts::{MAX_SERIES, too_many_series};
use crate::document::text::is_forbidden;
use crate::document::{Block, Document};
use crate::words::lang::Lang;

/// What a format could not show of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Loss {
    /// Control characters; how many.
    ControlCharacters(usize),
    /// Headings of a level other than 1 to 4, which were given the nearest level; how many.
    HeadingLevels(usize),
    /// A chart of more series than can be told apart, which is its table; how many series.
    ChartSeries(usize),
    /// Emphasis that Markdown has no mark for; the text.
    Emphasis(String),
    /// Photos, of which Markdown has the captions; how many.
    Photos(usize),
    /// Paragraphs, lists and headings, in a workbook; how many.
    OutsideTables(usize),
    /// Addressee, copies and note, in a workbook.
    LetterParts,
    /// Cells longer than a workbook can hold, cut and marked with …; how many.
    LongCells(usize),
}

impl Loss {
    /// Returns the sentence about it.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        let (zh, en) = match self {
            Self::ControlCharacters(count) => {
                (format!("略去 {count} 个控制字符"), format!("{count} control characters were left out"))
            }
            Self::HeadingLevels(count) => (
                format!("{count} 个标题的级别不在 1 至 4 之间，用了最近的级别"),
                format!("{count} headings of a level other than 1 to 4 were given the nearest level"),
            ),
            Self::ChartSeries(count) => (
                format!("有 {count} 个系列的图改成了表：印出来最多分得清 {MAX_SERIES} 个"),
                format!(
                    "a chart of {count} series was written as a table: no more than {MAX_SERIES} can be told apart in \
                     print"
                ),
            ),
            Self::Emphasis(text) => {
                (format!("Markdown 标不出“{text}”里的强调"), format!("emphasis that Markdown cannot mark in {text:?}"))
            }
            Self::Photos(count) => (
                format!("Markdown 只写照片的图题，不含照片：{count} 张"),
                format!("Markdown names photos by their captions and does not hold them: {count}"),
            ),
            Self::OutsideTables(count) => (
                format!("工作簿只有表格：略去 {count} 个段落、列表、标题"),
                format!("a workbook holds tables only: {count} paragraphs, lists and headings were left out"),
            ),
            Self::LetterParts => (
                "工作簿只有表格：略去主送、抄送、附注".to_owned(),
                "a workbook holds tables only: addressee, copies and note were left out".to_owned(),
            ),
            Self::LongCells(count) => (
                format!("超过工作簿单元格长度，截断并以…标记：{count} 格"),
                format!("cells longer than a workbook can hold, cut and marked with …: {count}"),
            ),
        };
        lang.pick(zh, en)
    }
}

/// Returns what every format loses of `document`.
pub(super) fn losses(document: &Document) -> Vec<Loss> {
    let mut lost = of_charts(document.body.iter().chain(document.attachments.iter().flat_map(|part| &part.body)));
    // The serialised form has every string of the model, including those of fields added later. Most documents lose
    // nothing, which shows without keeping it.
    let mut look = QuickLook::default();
    if serde_json::to_writer(&mut look, document).is_ok() && look.has_no_losses() {
        return lost;
    }
    let mut counts = LossCounts::default();
    if let Ok(value) = serde_json::to_value(document) {
        counts.visit(&value);
    }
    if counts.characters > 0 {
        lost.push(Loss::ControlCharacters(counts.characters));
    }
    if counts.levels > 0 {
        lost.push(Loss::HeadingLevels(counts.levels));
    }
    lost
}

/// Returns the charts among blocks that could not be drawn.
pub(super) fn of_charts<'b>(blocks: impl Iterator<Item = &'b Block>) -> Vec<Loss> {
    let charts = blocks.filter_map(|block| if let Block::Chart(chart) = block { Some(chart) } else { None });
    charts.filter_map(too_many_series).map(Loss::ChartSeries).collect()
}

/// Returns whether a quick look at a serialised document proves that nothing is lost. If it returns `false`, there may
/// still be no loss.
fn has_no_losses(json: &str) -> bool {
    const LEVEL: &str = "\"level\":";
    let is_shown = |(at, _)| matches!(json.as_bytes().get(at + LEVEL.len()..), Some([b'1'..=b'4', b',' | b'}', ..]));
    // JSON writes control characters as `\u0007` and the like.
    let has_escape =
        json.match_indices('\\').any(|(at, _)| matches!(json.as_bytes().get(at + 1), Some(b'u' | b'b' | b'f' | b'r')));
    !has_escape && !json.contains(is_forbidden) && json.match_indices(LEVEL).all(is_shown)
}

/// Looks at a document while it is serialised.
#[derive(Default)]
struct QuickLook {
    /// What was not looked at yet.
    json: Vec<u8>,
    has_losses: bool,
}

impl QuickLook {
    const PIECE: usize = 1 << 16;

    /// Whether there are no losses in all of it.
    fn has_no_losses(mut self) -> bool {
        let end = self.json.len();
        self.look(end);
        !self.has_losses
    }

    /// Looks at what stands before a place.
    fn look(&mut self, end: usize) {
        let seen = self.json.drain(..end).collect::<Vec<u8>>();
        self.has_losses |= !str::from_utf8(&seen).is_ok_and(has_no_losses);
    }
}

impl io::Write for QuickLook {
    fn write(&mut self, json: &[u8]) -> io::Result<usize> {
        self.json.extend_from_slice(json);
        // Neither an escape nor a level goes on behind an opening brace.
        if self.json.len() > Self::PIECE
            && let Some(end) = self.json.iter().rposition(|byte| *byte == b'{')
        {
            self.look(end);
        }
        Ok(json.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[derive(Default)]
struct LossCounts {
    characters: usize,
    levels: usize,
}

impl LossCounts {
    fn visit(&mut self, value: &Value) {
        match value {
            Value::String(text) => {
                self.characters += text.chars().filter(|c| is_forbidden(*c)).count();
            }
            Value::Array(values) => values.iter().for_each(|value| self.visit(value)),
            Value::Object(fields) => {
                let level = fields.get("heading").and_then(|heading| heading.get("level"));
                if level.and_then(Value::as_u64).is_some_and(|level| !(1..=4).contains(&level)) {
                    self.levels += 1;
                }
                fields.values().for_each(|value| self.visit(value));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::markdown::blocks;
    use crate::document::source::FigureSources;
    use crate::document::{Foot, Head, Layout};
    use crate::words::lang::Lang;
    use proptest::prelude::*;

    fn document(title: &str, text: &str) -> Document {
        let read = blocks(text).unwrap();
        Document {
            lang: Lang::Zh,
            kind: "bulletin".to_owned(),
            layout: Layout::Document,
            head: Head { title: title.to_owned(), ..Head::default() },
            body: read.body,
            attachments: read.attachments,
            foot: Foot::default(),
            reckoned: None,
            sources: FigureSources::default(),
        }
    }

    proptest! {
        /// The quick look never overlooks a loss that the full count finds.
        #[test]
        fn a_glance_misses_nothing(title in "[a甲\\\\\"\u{7}\r\n\u{85}\u{202e}]{0,6}", text in "(#{1,4} 甲\n\n|乙\n\n){0,4}") {
            let document = document(&title, &text);
            let mut counts = LossCounts::default();
            counts.visit(&serde_json::to_value(&document).unwrap());
            let at_a_glance = has_no_losses(&serde_json::to_string(&document).unwrap());
            prop_assert!(!at_a_glance || counts.characters + counts.levels == 0, "{:?}", title);
            prop_assert!(at_a_glance || !title.is_empty());
        }
    }

    #[test]
    fn a_level_that_no_page_has_is_seen() {
        let plain = document("甲", "## 乙\n\n### 丙");
        let json = serde_json::to_string(&plain).unwrap();
        assert!(has_no_losses(&json) && json.contains("\"level\":"), "{json}");
        for level in ["0", "5", "14"] {
            assert!(!has_no_losses(&json.replacen("\"level\":1", &format!("\"level\":{level}"), 1)), "{level}");
        }
    }
}
