//! What a document prints, line by line, and which figure each number in it is: by this an edited copy is held against it.

use serde::{Deserialize, Serialize};

use super::label::{Labels, attachment_names};
use super::numbering::Numbering;
use super::source::FigureId;
use super::{Block, Cell, Document, Inline, Table};

/// A paragraph, a row of a table, or a category of a chart.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrintedLine {
    /// The text. The cells of a row are separated by tabs.
    pub text: String,
    /// The figures in it, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub figures: Vec<PrintedFigure>,
    /// Whether it is of a chart, which some formats only draw.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub chart: bool,
}

/// A figure within a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "[usize; 4]", into = "[usize; 4]")]
pub struct PrintedFigure {
    /// Where its text begins, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// Which figure it is.
    pub id: FigureId,
}

impl From<[usize; 4]> for PrintedFigure {
    fn from([start, end, figure, part]: [usize; 4]) -> Self {
        Self { start, end, id: FigureId { figure, part } }
    }
}

impl From<PrintedFigure> for [usize; 4] {
    fn from(printed: PrintedFigure) -> Self {
        [printed.start, printed.end, printed.id.figure, printed.id.part]
    }
}

/// A document of more lines than this is a list that nobody edits by hand: its text would double what is kept of it.
pub(crate) const MOST_LINES: usize = 20_000;

/// Returns what a document prints, in the order of its parts; nothing of one that is longer than anybody edits.
#[must_use]
pub fn printed(document: &Document) -> Vec<PrintedLine> {
    let paper = document.on_paper();
    let mut lines = Lines::default();
    let head = &paper.head;
    for text in [&head.mark, &head.number, &head.copy_number, &head.secrecy, &head.urgency, &head.signer] {
        lines.text(text.as_deref());
    }
    lines.text(head.issuer.as_deref());
    lines.text(head.date.as_deref());
    lines.text(Some(&head.title));
    lines.text(head.addressee.as_deref());
    lines.text(head.salutation.as_deref());
    lines.blocks(&paper.body, &mut Numbering::new(paper.lang));
    let (label, names) = attachment_names(&paper);
    for (index, name) in names.iter().enumerate() {
        lines.text(Some(&if index == 0 { format!("{label}{name}") } else { name.clone() }));
    }
    let count = paper.attachments.len();
    for (index, attachment) in paper.attachments.iter().enumerate() {
        lines.text(Some(&Labels::of(paper.lang).attachment_line(paper.layout, index, count)));
        lines.text(Some(&attachment.title));
        lines.blocks(&attachment.body, &mut Numbering::new(paper.lang));
    }
    let foot = &paper.foot;
    for text in [&foot.closing, &foot.post, &foot.signature, &foot.date, &foot.note] {
        lines.text(text.as_deref());
    }
    for list in [&foot.report_to, &foot.send_to, &foot.issue_to, &foot.copies] {
        for text in list {
            lines.text(Some(text));
        }
    }
    let (before, after) = Labels::of(paper.lang).printed_copies;
    lines.text(foot.printed_copies.as_ref().map(|copies| format!("{before}{copies}{after}")).as_deref());
    for text in [&foot.printed_by, &foot.printed_on] {
        lines.text(text.as_deref());
    }
    if lines.0.len() > MOST_LINES { Vec::new() } else { lines.0 }
}

#[derive(Default)]
struct Lines(Vec<PrintedLine>);

impl Lines {
    fn text(&mut self, text: Option<&str>) {
        for line in text.unwrap_or_default().lines().filter(|line| !line.trim().is_empty()) {
            self.0.push(PrintedLine { text: line.to_owned(), ..PrintedLine::default() });
        }
    }

    fn line(&mut self, line: PrintedLine) {
        if !line.text.trim().is_empty() && self.0.len() <= MOST_LINES {
            self.0.push(line);
        }
    }

    fn blocks(&mut self, blocks: &[Block], numbering: &mut Numbering) {
        for block in blocks {
            match block {
                Block::Heading { level, text } => {
                    let mut line = PrintedLine::default();
                    push(text, &mut line);
                    let number = numbering.next(*level, &line.text);
                    for figure in &mut line.figures {
                        (figure.start, figure.end) = (figure.start + number.len(), figure.end + number.len());
                    }
                    line.text.insert_str(0, &number);
                    self.line(line);
                }
                Block::Paragraph(text) => {
                    let mut line = PrintedLine::default();
                    push(text, &mut line);
                    self.line(line);
                }
                Block::List { items, .. } => {
                    for item in items {
                        self.blocks(item, numbering);
                    }
                }
                Block::Table(table) => self.table(table, false),
                Block::Chart(chart) => self.table(&chart.table, true),
                Block::Photos(photos) => self.text(photos.caption.as_deref()),
                Block::PageBreak => {}
            }
        }
    }

    fn table(&mut self, table: &Table, chart: bool) {
        self.text(table.caption.as_deref());
        for row in std::iter::once(&table.header).chain(&table.rows).filter(|row| !row.is_empty()) {
            let mut line = PrintedLine { chart, ..PrintedLine::default() };
            for (index, Cell(text)) in row.iter().enumerate() {
                if index > 0 {
                    line.text.push('\t');
                }
                push(text, &mut line);
            }
            self.line(line);
        }
    }
}

/// Adds a piece of running text to a line; what breaks it is a blank.
fn push(inlines: &[Inline], line: &mut PrintedLine) {
    for inline in inlines {
        match inline {
            Inline::Text(text) => line.text.push_str(text),
            Inline::Strong(inner) | Inline::Emphasis(inner) => push(inner, line),
            Inline::Figure { id, text } => {
                let start = line.text.len();
                line.text.push_str(text);
                line.figures.push(PrintedFigure { start, end: line.text.len(), id: *id });
            }
            Inline::Break => line.text.push(' '),
            Inline::Photo(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_found_at_their_places_again() {
        let figure = |text: &str| Inline::Figure { id: FigureId { figure: 3, part: 2 }, text: text.to_owned() };
        let heading = Block::Heading { level: 1, text: vec![Inline::Text("共".to_owned()), figure("7")] };
        let row = vec![Cell(vec![Inline::Text("甲".to_owned())]), Cell(vec![figure("12")])];
        let table = Block::Table(Table { rows: vec![row], ..Table::default() });
        let mut lines = Lines::default();
        lines.blocks(&[heading, table], &mut Numbering::new(crate::words::lang::Lang::Zh));
        let read: Vec<PrintedLine> = serde_json::from_str(&serde_json::to_string(&lines.0).unwrap()).unwrap();
        let shown: Vec<(&str, &str)> = read
            .iter()
            .map(|line| (line.text.as_str(), &line.text[line.figures[0].start..line.figures[0].end]))
            .collect();
        assert_eq!(shown, [("一、共7", "7"), ("甲\t12", "12")]);
        assert_eq!(read[0].figures[0].id, FigureId { figure: 3, part: 2 });
    }
}
