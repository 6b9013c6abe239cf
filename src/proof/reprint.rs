//! What an edited document prints, with the figures that its draft had there: it takes the place of the draft's text once the
//! document has gone out as it was edited.

use std::collections::BTreeMap;

use super::align::{Names, ReadLine, align, normal};
use super::text::{FinalText, Part};
use crate::document::printed::{MOST_LINES, PrintedFigure, PrintedLine};

/// An edited document as its figures keep it.
pub(crate) struct Reprint {
    /// Its lines; none of one that is longer than anybody edits.
    pub(crate) lines: Vec<PrintedLine>,
    /// Its title, if the lines of the draft's title are still there.
    pub(crate) title: Option<String>,
}

/// Returns what an edited document prints. `names` are units and persons, each spelling with what it means; `title` is that of
/// the draft.
pub(crate) fn reprint(
    draft: &[PrintedLine],
    edited: &FinalText,
    names: &BTreeMap<String, String>,
    title: &str,
) -> Reprint {
    let names = Names::new(names);
    let read_draft: Vec<ReadLine> = draft.iter().map(|line| ReadLine::new(&line.text, &names)).collect();
    let read: Vec<ReadLine> = edited.lines.iter().map(|line| ReadLine::new(&line.text, &names)).collect();
    let alignment = align(&read_draft, &read, &names);
    let line = |line: &super::text::Line| PrintedLine {
        text: line.text.clone(),
        figures: Vec::new(),
        chart: matches!(line.place.part, Part::Chart(_)),
    };
    let mut lines: Vec<PrintedLine> = edited.lines.iter().map(line).collect();
    for pair in &alignment.pairs {
        let range = |lines: &[ReadLine], (line, number): (usize, usize)| {
            lines.get(line)?.numbers.get(number).map(|number| number.range.clone())
        };
        let (Some(old), Some(new)) = (range(&read_draft, pair.draft), range(&read, pair.edited)) else { continue };
        let figures = draft.get(pair.draft.0).into_iter().flat_map(|line| &line.figures);
        let figure = figures.into_iter().find(|figure| figure.start < old.end && old.start < figure.end);
        if let (Some(figure), Some(line)) = (figure, lines.get_mut(pair.edited.0)) {
            line.figures.push(PrintedFigure { start: new.start, end: new.end, id: figure.id });
        }
    }
    for line in &mut lines {
        line.figures.sort_by_key(|figure| figure.start);
    }
    let became = |text: &str| {
        let at = draft.iter().position(|line| normal(&line.text) == normal(text))?;
        let edited = alignment.lines.get(at).copied().flatten()?;
        lines.get(edited).map(|line| line.text.clone())
    };
    let title: Option<Vec<String>> = title.lines().filter(|line| !line.trim().is_empty()).map(became).collect();
    let title = title.map(|lines| lines.join("\n")).filter(|title| !title.is_empty());
    Reprint { lines: if lines.len() > MOST_LINES { Vec::new() } else { lines }, title }
}
