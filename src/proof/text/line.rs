//! Lines of a document, and where they stand.

use crate::words::lang::Lang;

/// The part of a document that a line is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The text.
    Body,
    /// A page header, by its number.
    Header(usize),
    /// A page footer.
    Footer(usize),
    /// Footnotes or endnotes.
    Notes,
    /// A text box.
    Box,
    /// A chart, by its number.
    Chart(usize),
}

/// Where a line stands, as a reader counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextPlace {
    /// The part.
    pub part: Part,
    /// The paragraph with text, from 1; of a chart, the category.
    pub paragraph: usize,
    /// The table and the row, from 1, if it is the row of a table.
    pub row: Option<(usize, usize)>,
}

impl TextPlace {
    /// The place of a byte of a line, in words: `第3段`, `表1第2行第4列`.
    #[must_use]
    pub fn label(&self, text: &str, at: usize, lang: Lang) -> String {
        let column = text.get(..at).unwrap_or_default().matches('\t').count() + 1;
        let within = match self.row {
            Some((table, row)) => lang
                .pick(format!("表{table}第{row}行第{column}列"), format!("table {table}, row {row}, column {column}")),
            None => lang.pick(format!("第{}段", self.paragraph), format!("paragraph {}", self.paragraph)),
        };
        match self.part {
            Part::Body => within,
            Part::Header(n) => lang.pick(format!("页眉{n}{within}"), format!("header {n}, {within}")),
            Part::Footer(n) => lang.pick(format!("页脚{n}{within}"), format!("footer {n}, {within}")),
            Part::Notes => lang.pick(format!("脚注{within}"), format!("notes, {within}")),
            Part::Box => lang.pick(format!("文本框{within}"), format!("text box, {within}")),
            Part::Chart(n) => lang.pick(
                format!("图{n}第{}类第{column}列", self.paragraph),
                format!("chart {n}, category {}, column {column}", self.paragraph),
            ),
        }
    }
}

/// A paragraph, a row of a table (its cells separated by tabs), or a category of a chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Where it stands.
    pub place: TextPlace,
    /// Its text.
    pub text: String,
    /// Where its paragraphs begin in the main part of a `.docx`: from which byte of the text, and the byte of the part.
    pub anchors: Vec<(usize, usize)>,
}

/// What a tracked change altered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrackedChange {
    /// Where the line stands.
    pub place: TextPlace,
    /// What is taken out.
    pub deleted: String,
    /// What is put in.
    pub inserted: String,
}

/// A document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FinalText {
    /// Its lines, in the order of its parts.
    pub lines: Vec<Line>,
    /// Its tracked changes.
    pub tracked: Vec<TrackedChange>,
    /// How many comments it has.
    pub comments: usize,
    /// Whether its front matter says that it is a draft.
    pub is_draft: bool,
}

impl FinalText {
    /// Whether it shows the data of charts.
    #[must_use]
    pub fn has_charts(&self) -> bool {
        self.lines.iter().any(|line| matches!(line.place.part, Part::Chart(_)))
    }
}

/// Collects lines and counts them as a reader does.
#[derive(Default)]
pub(super) struct LineCounter {
    pub(super) paragraphs: usize,
    pub(super) tables: usize,
}

impl LineCounter {
    pub(super) fn paragraph(&mut self, part: Part) -> TextPlace {
        self.paragraphs += 1;
        TextPlace { part, paragraph: self.paragraphs, row: None }
    }
}
