//! A document and what was wrong in it → what a correction says.

use super::passages::passages;
use super::report::{Cause, DocumentDrift};
use crate::dataset::correction::{CorrectedFigure, CorrectedPassage, Correction};
use crate::dataset::{Calls, FigureSheet};
use crate::register::RegisterEntry;
use crate::words::lang::Lang;

/// What is to be corrected.
pub(crate) struct CorrectionInput<'c> {
    /// The document.
    pub(crate) entry: &'c RegisterEntry,
    /// What became of its figures.
    pub(crate) drift: &'c DocumentDrift,
    /// Its figures and its text.
    pub(crate) then: &'c FigureSheet,
    /// Those that the logs give as of its day.
    pub(crate) own_day: &'c FigureSheet,
    /// What earlier corrections of it print.
    pub(crate) corrected: &'c [String],
    /// The language of the document.
    pub(crate) lang: Lang,
}

/// What a correction of a document says, and which passages were edited by hand before it went out, so that they are not what it
/// says. What an earlier correction says is left out.
pub(crate) fn correction(input: &CorrectionInput<'_>) -> (Correction, Vec<String>) {
    let CorrectionInput { entry, drift, then, own_day, corrected, lang } = input;
    let corrected: Vec<String> = corrected.iter().map(|line| bare(line)).collect();
    let is_said = |passage: &CorrectedPassage| {
        let (was, now) = (bare(&passage.was), bare(&passage.now));
        corrected.iter().any(|line| line.contains(&was) && line.contains(&now))
    };
    let is_edited = !then.made.is_empty();
    let mut passages = passages(if is_edited { &then.made } else { &then.printed }, &own_day.printed, *lang);
    passages.retain(|passage| !is_said(passage));
    let sent: Vec<String> = then.printed.iter().map(|line| bare(&line.text)).collect();
    let is_there = |passage: &&CorrectedPassage| {
        passage.row.is_some() || sent.iter().any(|line| line.contains(&bare(&passage.was)))
    };
    let reworded = passages.iter().filter(|passage| is_edited && !is_there(passage));
    let reworded: Vec<String> = reworded.map(|passage| passage.was.clone()).collect();
    let wrong = drift.figures.iter().filter(|figure| matches!(figure.cause, Cause::Wrong | Cause::Undated));
    let calls = Calls::of(own_day);
    let figures = wrong.filter_map(|figure| {
        let own = then.figures.iter().find(|own| own.id == figure.figure)?;
        let now = calls.same(own)?;
        let rows = own_day.rows_of(now).map(|row| row.id.clone()).collect();
        Some(CorrectedFigure { figure: figure.figure, value: now.value.clone(), rows })
    });
    let correction = Correction {
        number: entry.number.clone(),
        title: entry.title.clone(),
        date: entry.date,
        unit: entry.unit.clone(),
        passages,
        figures: figures.collect(),
    };
    (correction, reworded)
}

/// A text without the marks that a quotation changes: those of quotations in it, and the one at its end.
fn bare(text: &str) -> String {
    let text = text.trim_end_matches(['。', '；', '.', ';']);
    text.chars().filter(|c| !['“', '”', '‘', '’', '"', '\''].contains(c)).collect()
}
