//! The judgement on a document: what differs on its own day, and what only since.

use std::collections::BTreeMap;

use serde_json::Value;

use super::report::{Cause, DocumentDrift, FigureDrift};
use super::rows::{RowChange, RowDrift, RowIndex, called, change};
use crate::dataset::{Calls, Figure, FigureSheet, RowRef};

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
    let then_rows = RowIndex::of(input.then.rows.iter());
    let now_rows = RowIndex::of(input.rows.iter());
    let judge = Judge { input, then_rows, now_rows };
    let mut drift = DocumentDrift { not_written: input.own_day.is_none(), ..DocumentDrift::default() };
    let (own_day, today) = (input.own_day.map(Calls::of), input.today.map(Calls::of));
    for figure in &input.then.figures {
        let on_day = own_day.as_ref().and_then(|calls| calls.same(figure));
        if own_day.is_some() && on_day.is_none() {
            drift.not_counted += 1;
            continue;
        }
        let now = today.as_ref().and_then(|calls| calls.same(figure));
        drift.figures.extend(judge.figure(figure, on_day, now, &mut drift.rows));
    }
    drift.rows.sort_by(|one, other| (&one.file, one.line, &one.key).cmp(&(&other.file, other.line, &other.key)));
    drift
}

struct Judge<'d> {
    input: &'d DriftInput<'d>,
    then_rows: RowIndex<'d>,
    now_rows: RowIndex<'d>,
}

impl Judge<'_> {
    /// What became of a figure; nothing if it says the same. A document that would not be written has no rows any more.
    fn figure(
        &self,
        then: &Figure,
        on_day: Option<&Figure>,
        today: Option<&Figure>,
        rows: &mut Vec<RowDrift>,
    ) -> Option<FigureDrift> {
        let before = called(self.input.then, &then.rows);
        let after = match (on_day, self.input.own_day) {
            (Some(figure), Some(sheet)) => called(sheet, &figure.rows),
            _ => BTreeMap::new(),
        };
        let lost: Vec<&RowRef> = before.values().filter(|row| !has(&after, row)).copied().collect();
        let gained: Vec<&RowRef> = after.values().filter(|row| !has(&before, row)).copied().collect();
        let own_day = on_day.map(|figure| figure.value.clone());
        let is_other = own_day.as_ref() != Some(&then.value) || !lost.is_empty() || !gained.is_empty();
        let is_other = if on_day.is_none() { !before.is_empty() } else { is_other };
        let now = today.map(|figure| figure.value.clone());
        let is_other_now = match (&now, on_day) {
            (Some(now), Some(_)) => own_day.as_ref() != Some(now),
            (None, Some(_)) | (_, None) => false,
        };
        if !is_other && !is_other_now {
            return None;
        }
        let mut changes = Vec::new();
        for row in lost.iter().chain(&gained) {
            changes.push(self.tell(row, rows));
        }
        if is_other && changes.is_empty() {
            // The rows are the same, and what they say is not: a sum, a number of units.
            let edited = |row: &&&RowRef| self.change(row) != RowChange::Same;
            changes.extend(before.values().filter(edited).map(|row| self.tell(row, rows)));
        }
        let corrected = self.input.corrected.get(&then.id);
        let cause = match own_day.as_ref() {
            _ if !is_other => Cause::Later,
            Some(own_day) if corrected == Some(own_day) => Cause::Corrected,
            _ if !changes.is_empty() && changes.iter().all(|change| change.is_undated()) => Cause::Undated,
            _ => Cause::Wrong,
        };
        let names = |rows: &[&RowRef]| rows.iter().map(|row| row.id.clone()).collect();
        Some(FigureDrift {
            figure: then.id,
            function: then.function.clone(),
            selection: crate::trace::describe(then),
            was: then.value.clone(),
            own_day,
            today: now,
            gained: names(&gained),
            lost: names(&lost),
            cause,
        })
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
