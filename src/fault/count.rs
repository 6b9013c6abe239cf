//! How often each code was found in the logs of a run, and where first: what `draft`, `dispatch`, `due` and `tally` say
//! of faults, and what a document keeps of them.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::fault::group::{groups, repeats_of};
use crate::fault::{Code, Fault, FaultKind, Faults, Severity};
use crate::json_writer;
use crate::place::Spot;
use crate::source::excerpt::locate;
use crate::source::{Sources, workbook};

/// The number of places that are kept of each code.
pub const PLACES_KEPT: usize = 20;

/// A code that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultCount {
    /// The code.
    pub code: String,
    /// Its severity in this run.
    pub severity: Severity,
    /// The number of faults.
    pub count: usize,
    /// The number of findings, as `check` counts them: one word in many rows is one. Not kept: 0 of what was read.
    #[serde(skip)]
    pub findings: usize,
    /// The number of those for which a dispatch is refused.
    #[serde(default, skip_serializing_if = "json_writer::is_zero")]
    pub refusing: usize,
    /// The first places, those that refuse before the others: `logs/a.csv:3:5`, in a workbook `logs/a.xlsx 8月!H3`.
    pub places: Vec<String>,
}

impl FaultCount {
    /// The number that is told: of findings, where it is known.
    #[must_use]
    pub fn told(&self) -> usize {
        if self.findings > 0 { self.findings } else { self.count }
    }
}

/// Counts the errors and warnings by code: what refuses first, then errors, the most frequent first.
///
/// A dispatch is refused for every error, and for an unread sheet that looks like a log (L115), since nobody knows
/// what its rows would change. `spares` tells the faults that do not refuse, such as those of another unit's rows, and
/// `is_public` that a public edition is asked for, which is refused over names that only may be names.
#[must_use]
pub fn count_by_code(
    faults: &Faults,
    sources: &Sources,
    is_public: bool,
    spares: impl Fn(&Fault) -> bool,
) -> Vec<FaultCount> {
    let mut by_code: BTreeMap<Code, (Vec<&Fault>, Vec<&Fault>)> = BTreeMap::new();
    for fault in faults.sorted() {
        let (refusing, others) = by_code.entry(fault.what.code()).or_default();
        let is_doubtful = is_public && matches!(&fault.what, FaultKind::Rule(rule) if rule.is_doubtful_name());
        let is_refusing = refuses(fault.what.code(), fault.severity) || is_doubtful;
        let list = if is_refusing && !spares(fault) { refusing } else { others };
        list.push(fault);
    }
    let groups = groups(faults, |source| &sources.get(source).name);
    let mut counts = Vec::new();
    for (code, count) in faults.by_code() {
        let Some(severity) = faults.severity(code).filter(|severity| *severity > Severity::Info) else { continue };
        let (refusing, others) = by_code.remove(&code).unwrap_or_default();
        // Faults beyond those that are kept with their facts can't be told apart, so they refuse.
        let in_all = if refuses(code, severity) { count.saturating_sub(others.len()) } else { refusing.len() };
        let first: Vec<&Fault> = refusing.into_iter().chain(others).take(PLACES_KEPT).collect();
        let places = places(&first, sources);
        let findings = count.saturating_sub(repeats_of(&groups, code));
        counts.push(FaultCount { code: code.to_string(), severity, count, findings, refusing: in_all, places });
    }
    counts.sort_by_key(|count| (Reverse(count.refusing > 0), Reverse(count.severity), Reverse(count.count)));
    counts
}

/// Whether a dispatch is refused for a code.
fn refuses(code: Code, severity: Severity) -> bool {
    severity == Severity::Error || severity == Severity::Warning && code == const { Code::known("L115") }
}

fn places(faults: &[&Fault], sources: &Sources) -> Vec<String> {
    let places: Vec<_> = faults.iter().map(|fault| fault.place).collect();
    let excerpts = locate(sources, &places);
    let texts = places.iter().zip(excerpts).map(|(place, excerpt)| {
        let source = sources.get(place.source);
        match &source.sheet {
            Some(sheet) => {
                let cell = if let Spot::Cell(cell) = place.spot { cell } else { 0 };
                format!("{} {}!{}", source.name, sheet.name, workbook::address(place.line.get(), cell))
            }
            None => format!("{}:{}:{}", source.name, excerpt.line, excerpt.column),
        }
    });
    texts.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::FaultKind;
    use crate::model::Field;
    use crate::place::{OneBased, Place};
    use crate::source::{Form, Source};

    #[test]
    fn what_refuses_comes_first_with_its_places() {
        let mut sources = Sources::default();
        let id = sources.add(Source::text("a.csv", "a,b\nc,d\ne,f\n", Form::Table));
        let at = |line| Place { source: id, line: OneBased::from_one(line), spot: Spot::Cell(1) };
        let mut faults = Faults::default();
        for line in [1, 2, 3] {
            faults.add(at(line), FaultKind::UnknownColumn { header: "x".into(), near: None });
            faults.add(at(line), FaultKind::Empty { field: Field::Unit });
        }
        faults.add(at(1), FaultKind::UnreadSheet { sheet: "九月".into() });
        let counts = count_by_code(&faults, &sources, false, |fault| fault.place.line.get() == 1);
        let shown: Vec<_> = counts
            .iter()
            .map(|count| (count.code.as_str(), count.count, count.refusing, count.places.join(" ")))
            .collect();
        assert_eq!(
            shown,
            [
                ("V109", 3, 2, "a.csv:2:3 a.csv:3:3 a.csv:1:3".to_owned()),
                ("L105", 3, 0, "a.csv:1:3 a.csv:2:3 a.csv:3:3".to_owned()),
                ("L115", 1, 0, "a.csv:1:3".to_owned()),
            ]
        );
        let all = count_by_code(&faults, &sources, false, |_| false);
        assert_eq!(all.iter().map(|count| count.refusing).collect::<Vec<_>>(), [3, 1, 0]);
    }
}
