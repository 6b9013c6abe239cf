//! The judgement on a document: what differs on its own day, and what only since.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::report::{Cause, DocumentDrift, FigureDrift};
use super::rows::{RowChange, RowDrift, RowIndex, called, change};
use crate::dataset::{Calls, Figure, FigureSheet, RowRef};
use crate::trace::describe;

/// What is judged, and by what.
pub(crate) struct DriftInput<'d> {
    /// The figures of the document.
    pub(crate) then: &'d FigureSheet,
    /// Those that the logs of today give as of its day; nothing if it would not be written at all.
    pub(crate) own_day: Option<&'d FigureSheet>,
    /// Those that they give today; nothing if it would not be written.
    pub(crate) today: Option<&'d FigureSheet>,
    /// All issues in the logs of today, with their standing on the day of the document.
    pub(crate) rows: &'d [RowRef],
    /// The figures that corrections have put right, with the values that they gave.
    pub(crate) corrected: &'d BTreeMap<usize, Value>,
}

/// Judges the figures of a document.
pub(crate) fn judge(input: &DriftInput<'_>) -> DocumentDrift {
    let mut judge = Judge {
        input,
        then_rows: RowIndex::of(input.then.rows.iter()),
        now_rows: RowIndex::of(input.rows.iter()),
        moved: BTreeSet::new(),
    };
    let mut drift = DocumentDrift { not_written: input.own_day.is_none(), ..DocumentDrift::default() };
    let calls = input.own_day.map(Calls::of);
    let calls_today = input.today.map(Calls::of);
    for figure in &input.then.figures {
        let Moved { lost, gained, .. } = judge.moved(figure, calls.as_ref().and_then(|calls| calls.same(figure)));
        judge.moved.extend(lost.iter().chain(&gained).map(|row| row.id.as_str()));
    }
    for figure in &input.then.figures {
        let again = calls.as_ref().and_then(|calls| calls.same(figure));
        if calls.is_some() && again.is_none() {
            drift.not_counted += 1;
            continue;
        }
        let today = calls_today.as_ref().and_then(|calls| calls.same(figure));
        drift.figures.extend(judge.figure(figure, again, today, &mut drift.rows));
    }
    drift.rows.sort_by(|one, other| (&one.file, one.line, &one.key).cmp(&(&other.file, other.line, &other.key)));
    drift
}

struct Judge<'d> {
    input: &'d DriftInput<'d>,
    then_rows: RowIndex<'d>,
    now_rows: RowIndex<'d>,
    /// What the rows are called that a figure has gained or lost.
    moved: BTreeSet<&'d str>,
}

/// The rows that a figure had, and which of them it has lost and what it has gained.
struct Moved<'d> {
    before: BTreeMap<&'d str, &'d RowRef>,
    lost: Vec<&'d RowRef>,
    gained: Vec<&'d RowRef>,
}

impl<'d> Judge<'d> {
    /// The rows of a figure, beside those that the logs give as of the day of the document.
    fn moved(&self, then: &Figure, again: Option<&Figure>) -> Moved<'d> {
        let before = called(self.input.then, &then.rows);
        let after = again.zip(self.input.own_day).map(|(figure, sheet)| called(sheet, &figure.rows));
        let after = after.unwrap_or_default();
        let lost = before.values().filter(|row| !has(&after, row)).copied().collect();
        let gained = after.values().filter(|row| !has(&before, row)).copied().collect();
        Moved { before, lost, gained }
    }

    /// What became of a figure; nothing if it says the same. `again` is what the logs give as of the day of the document: a
    /// document that would not be written counts nothing.
    fn figure(
        &self,
        then: &Figure,
        again: Option<&Figure>,
        today: Option<&Figure>,
        rows: &mut Vec<RowDrift>,
    ) -> Option<FigureDrift> {
        let Moved { before, lost, gained } = self.moved(then, again);
        let has_other_value = again.is_some_and(|again| again.value != then.value);
        let has_drifted = has_other_value || !lost.is_empty() || !gained.is_empty();
        let has_moved_on = again.zip(today).is_some_and(|(again, today)| again.value != today.value);
        if !has_drifted && !has_moved_on {
            return None;
        }
        let mut changes: Vec<RowChange> = lost.iter().chain(&gained).map(|row| self.tell(row, rows)).collect();
        if has_drifted && changes.is_empty() {
            // The rows are the same, and what they say is not: a share, a sum, a number of units. Those that another figure
            // gained or lost make the difference, or else those that were edited.
            let has_moved = |row: &&&RowRef| self.moved.contains(row.id.as_str());
            let of_others: Vec<&RowRef> = before.values().filter(has_moved).copied().collect();
            let edited = before.values().filter(|row| of_others.is_empty() && self.change(row) != RowChange::Same);
            changes.extend(of_others.iter().chain(edited).map(|row| self.tell(row, rows)));
        }
        let names = |rows: &[&RowRef]| rows.iter().map(|row| row.id.clone()).collect();
        Some(FigureDrift {
            figure: then.id,
            function: then.function.clone(),
            selection: describe(then),
            was: then.value.clone(),
            own_day: again.map(|figure| figure.value.clone()),
            today: today.map(|figure| figure.value.clone()),
            gained: names(&gained),
            lost: names(&lost),
            cause: if has_drifted { self.cause(then, again, &changes) } else { Cause::Later },
        })
    }

    /// Why a figure differs on the day of the document.
    fn cause(&self, then: &Figure, again: Option<&Figure>, changes: &[RowChange]) -> Cause {
        let corrected = self.input.corrected.get(&then.id);
        if corrected.is_some() && corrected == again.map(|figure| &figure.value) {
            Cause::Corrected
        } else if !changes.is_empty() && changes.iter().all(|change| *change == RowChange::Undated) {
            Cause::Undated
        } else {
            Cause::Wrong
        }
    }

    fn change(&self, row: &RowRef) -> RowChange {
        change(self.then_rows.find(row), self.now_rows.find(row))
    }

    /// Tells what became of a row, once.
    fn tell(&self, row: &RowRef, rows: &mut Vec<RowDrift>) -> RowChange {
        let change = self.change(row);
        let at = self.now_rows.find(row).unwrap_or(row);
        let told = RowDrift {
            id: Some(at.id.clone()).filter(|id| at.key.as_ref() != Some(id) && !id.is_empty()),
            key: at.key.clone(),
            file: at.file.clone(),
            line: at.line,
            change,
        };
        if !rows.contains(&told) {
            rows.push(told);
        }
        change
    }
}

/// Whether some rows have one, called as it is or by what it says.
fn has(rows: &BTreeMap<&str, &RowRef>, row: &RowRef) -> bool {
    rows.contains_key(row.id.as_str()) || row.key.as_deref().is_some_and(|key| rows.contains_key(key))
}
