//! `DOCUMENT.figures.json`: the figures of a document, and the rows behind them, each once.
//!
//! It is written piece by piece, a line for each figure, row and issue. What older versions wrote, where every figure has
//! its rows itself, is read as well.

use std::collections::BTreeMap;
use std::io;

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::dataset::data::{Against, Data};
use crate::dataset::edition::Edition;
use crate::dataset::figure::Figure;
use crate::dataset::list_name::RowList;
use crate::dataset::row_ref::RowRef;
use crate::dataset::row_set::{RowSet, RowUnion};
use crate::dataset::run_options::RunOptions;
use crate::document::printed::PrintedLine;
use crate::fault::FaultCount;
use crate::register::StoredIssue;
use crate::tally::as_of_summary::LeftOut;

/// `DOCUMENT.figures.json`: what stands beside a document, and what `trace` reads.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FigureSheet {
    /// All but what there is one of for each row.
    #[serde(flatten)]
    pub head: FigureSheetHead,
    /// The figures.
    pub figures: Vec<Figure>,
    /// The rows behind them.
    #[serde(default)]
    pub rows: Vec<RowRef>,
    /// What the issues that an internal document lists say: by this they are recognised in later logs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub issues: Vec<StoredIssue>,
    /// What the document prints, line by line: by this `proof` finds what was edited. Older versions did not write it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub printed: Vec<PrintedLine>,
    /// What the template made, if the document went out as it was edited by hand: by this a correction finds what differs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub made: Vec<PrintedLine>,
}

/// What a `.figures.json` says of its document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FigureSheetHead {
    /// The document's file.
    pub document: String,
    /// Its kind.
    pub kind: String,
    /// Its number; of a draft the one that it would take.
    pub number: Option<String>,
    /// The unit that a letter goes to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// The day the standings hold for.
    pub as_of: String,
    /// For whom it was written.
    #[serde(default, skip_serializing_if = "Edition::is_internal")]
    pub edition: Edition,
    /// Counts from 1 to below it are hidden, and no figure shows its rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub small_counts: Option<u64>,
    /// Whether the ladder called for it: it speaks of the issues that called, and not of all.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub called: bool,
    /// The faults of the logs that it was made from; empty for sound logs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<FaultCount>,
    /// What the logs have and the document has not.
    #[serde(default)]
    pub left_out: LeftOut,
    /// Issues of the run that count as closed or rectified by a status without a day, if the run looks back.
    #[serde(default)]
    pub by_undated_word: u64,
    /// What the issues are compared with, if anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub against: Option<Against>,
    /// What an internal document was asked for. Older versions did not write it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<RunOptions>,
}

impl FigureSheet {
    /// Reads the bytes of a file.
    ///
    /// # Errors
    /// It is no such file.
    pub fn read(bytes: &[u8]) -> serde_json::Result<Self> {
        let has_rows = serde_json::from_slice::<HasRows>(bytes)?.rows.is_some();
        let mut sheet: Self = if has_rows {
            serde_json::from_slice(bytes)?
        } else {
            let mut sheet = serde_json::from_slice(bytes)?;
            gather_rows(&mut sheet);
            serde_json::from_value(sheet)?
        };
        // An issue without an id is called by its key, as where it was written.
        for row in sheet.rows.iter_mut().filter(|row| row.id.is_empty()) {
            row.id = row.key.clone().unwrap_or_default();
        }
        Ok(sheet)
    }

    /// A figure as JSON, with its rows in the place of their numbers. Those of its parts are numbered by them.
    ///
    /// # Errors
    /// None for a sheet that was read.
    pub fn with_own_rows(&self, figure: &Figure) -> serde_json::Result<Value> {
        let places: Vec<usize> = figure.rows.iter().collect();
        let place = |row: usize| places.binary_search(&row).unwrap_or_default();
        let mut figure = figure.clone();
        for part in &mut figure.parts {
            part.rows = part.rows.renumbered(place);
        }
        let rows: Vec<&RowRef> = self.rows_of(&figure).collect();
        let mut own = serde_json::to_value(&figure)?;
        if let Some(slot) = own.get_mut("rows") {
            *slot = serde_json::to_value(rows)?;
        }
        Ok(own)
    }

    /// The rows of a figure.
    pub fn rows_of(&self, figure: &Figure) -> impl Iterator<Item = &RowRef> {
        figure.rows.iter().filter_map(|row| self.rows.get(row))
    }
}

/// Whether a file has a list of rows, as those of older versions have not.
#[derive(Deserialize)]
struct HasRows {
    rows: Option<IgnoredAny>,
}

/// Puts the rows that each figure has itself into one list, and their numbers in their place.
fn gather_rows(sheet: &mut Value) {
    let mut all: Vec<Value> = Vec::new();
    for figure in sheet.get_mut("figures").and_then(Value::as_array_mut).into_iter().flatten() {
        let first = all.len();
        let Some(Value::Array(rows)) = figure.get_mut("rows") else { continue };
        all.append(rows);
        if first < all.len() {
            rows.push(vec![first, all.len() - 1].into());
        }
        for part in figure.get_mut("parts").and_then(Value::as_array_mut).into_iter().flatten() {
            for row in part.get_mut("rows").and_then(Value::as_array_mut).into_iter().flatten() {
                *row = row.as_u64().map_or(0, |row| row + first as u64).into();
            }
        }
    }
    if let Value::Object(sheet) = sheet {
        sheet.insert("rows".to_owned(), all.into());
    }
}

/// The figures of a document as they are written beside it: those of a public edition without rows that name persons.
/// `issues` is what those that it lists say, `printed` its text, and `run` what was asked for.
///
/// # Errors
/// None for figures that templates made.
pub fn figures_json(
    figures: &[Figure],
    issues: impl Iterator<Item = StoredIssue>,
    (printed, run): (&[PrintedLine], Option<&RunOptions>),
    document: &str,
    data: &Data,
) -> io::Result<Vec<u8>> {
    let head = FigureSheetHead {
        document: document.to_owned(),
        kind: data.kind.clone(),
        number: data.number.clone(),
        unit: data.unit.as_ref().map(|unit| unit.name.clone()),
        as_of: data.as_of.to_string(),
        edition: data.edition,
        small_counts: data.small_counts,
        called: data.called,
        faults: data.faults.clone(),
        left_out: data.left_out,
        by_undated_word: data.by_undated_word,
        against: data.against.clone(),
        run: run.filter(|_| data.edition == Edition::Internal).cloned(),
    };
    let figures: Vec<_> = figures.iter().map(|figure| figure.shown(data)).collect();
    let rows = rows_of_all(figures.iter().map(|figure| (figure.row_list(), &figure.rows)));
    let refs = rows.iter().flat_map(|(list, rows)| rows.iter().filter_map(|row| data.row_ref(*list, row)));
    let refs = refs.map(|row| if data.edition == Edition::Internal { row } else { row.published() });
    let figures = figures.iter().map(|figure| numbered(figure, &rows));
    written(&head, (figures, refs), issues, [("printed", printed), ("made", &[])])
}

/// The same file with another text: that of a document which went out as it was edited.
///
/// # Errors
/// It is no such file.
pub fn reprinted(bytes: &[u8], printed: &[PrintedLine]) -> io::Result<Vec<u8>> {
    let FigureSheet { head, figures, rows, issues, printed: made, .. } = serde_json::from_slice(bytes)?;
    let texts = [("printed", printed), ("made", made.as_slice())];
    written(&head, (figures.into_iter(), rows.into_iter()), issues.into_iter(), texts)
}

/// Writes a file piece by piece.
fn written(
    head: &FigureSheetHead,
    (figures, rows): (impl Iterator<Item = Figure>, impl Iterator<Item = RowRef>),
    issues: impl Iterator<Item = StoredIssue>,
    texts: [(&str, &[PrintedLine]); 2],
) -> io::Result<Vec<u8>> {
    let mut out = serde_json::to_vec_pretty(head)?;
    // Further keys follow.
    out.truncate(out.len() - "\n}".len());
    list("figures", figures, &mut out)?;
    list("rows", rows, &mut out)?;
    let mut issues = issues.peekable();
    if issues.peek().is_some() {
        list("issues", issues, &mut out)?;
    }
    for (key, lines) in texts.into_iter().filter(|(_, lines)| !lines.is_empty()) {
        list(key, lines.iter(), &mut out)?;
    }
    out.extend_from_slice(b"\n}\n");
    Ok(out)
}

/// Writes a list under a key, a line for each item.
fn list<T: Serialize>(key: &str, items: impl Iterator<Item = T>, out: &mut Vec<u8>) -> io::Result<()> {
    out.extend_from_slice(format!(",\n  \"{key}\": [").as_bytes());
    let mut is_first = true;
    for item in items {
        out.extend_from_slice(if is_first { b"\n    " } else { b",\n    " });
        serde_json::to_writer(&mut *out, &item)?;
        is_first = false;
    }
    out.extend_from_slice(if is_first { b"]" } else { b"\n  ]" });
    Ok(())
}

/// A figure whose rows have their numbers among those of all.
fn numbered(figure: &Figure, rows: &BTreeMap<RowList, RowUnion>) -> Figure {
    let mut figure = figure.clone();
    if let Some(union) = rows.get(&figure.row_list()) {
        let number = |row| union.number(row).unwrap_or_default();
        figure.rows = figure.rows.renumbered(number);
        for part in &mut figure.parts {
            part.rows = part.rows.renumbered(number);
        }
    }
    figure
}

/// The rows behind some figures, list after list; each has its number among all of them.
pub(crate) fn rows_of_all<'f>(figures: impl Iterator<Item = (RowList, &'f RowSet)>) -> BTreeMap<RowList, RowUnion> {
    let mut unions: BTreeMap<RowList, RowUnion> = BTreeMap::new();
    for (list, rows) in figures {
        unions.entry(list).or_default().add(rows);
    }
    let mut first = 0;
    for union in unions.values_mut() {
        first = union.count_from(first);
    }
    unions
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn figures_of_older_versions_have_their_rows_themselves() {
        let row = |line: u64| json!({"id": format!("A-{line}"), "file": "a.csv", "line": line});
        let figure = |id: u64, rows: Value, parts: Value| {
            json!({"id": id, "function": "table", "selection": {}, "value": 1, "rows": rows, "parts": parts,
                   "scope": {"from": null, "to": null, "unit": null, "as_of": "2021-08-20"}})
        };
        let sheet = json!({"document": "a.md", "kind": "bulletin", "number": null, "as_of": "2021-08-20", "figures": [
            figure(1, json!([]), json!([])),
            figure(2, json!([row(2), row(4)]), json!([])),
            figure(3, json!([row(3), row(4)]), json!([{"key": {"unit": "甲"}, "value": 1, "rows": [1]}])),
        ]});
        let sheet = FigureSheet::read(sheet.to_string().as_bytes()).unwrap();
        let lines = |figure: &Figure| sheet.rows_of(figure).filter_map(|row| row.line).collect::<Vec<_>>();
        assert_eq!(sheet.figures.iter().map(lines).collect::<Vec<_>>(), [vec![], vec![2, 4], vec![3, 4]]);
        let part: Vec<usize> = sheet.figures[2].parts[0].rows.iter().collect();
        assert_eq!(part, [3]);
    }
}
