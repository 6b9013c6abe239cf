//! R207 for the counts that depend on a day or on several rows (已整改, 逾期, 单位数 …): they are counted by the code that counts
//! a tally.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;

use crate::check::totals::TotalsMismatch;
use crate::fault::Faults;
use crate::model::declared::{DeclaredOf, DeclaredTotal, TALLIED};
use crate::model::state::{AsOf, State};
use crate::model::{Inspection, Issue};
use crate::place::{Place, SourceId};
use crate::project::Project;
use crate::tally::counts::Counting;

/// A count that a log declares, with the day it holds for, if that is declared.
#[derive(Clone, Copy, Debug)]
struct DeclaredCount {
    place: Place,
    at: usize,
    day: Option<NaiveDate>,
    count: u64,
}

/// The counts that logs declare, found in the first pass.
#[derive(Clone, Debug, Default)]
pub(super) struct DeclaredCounts {
    of: BTreeMap<SourceId, Vec<DeclaredCount>>,
}

impl DeclaredCounts {
    /// Notes a declared count, if it is one of a tally.
    pub(super) fn push(&mut self, declared: &DeclaredTotal<'_>) {
        if let DeclaredOf::Tallied(at, day) = declared.of {
            let place = declared.row.cell_place(declared.cell);
            let count = DeclaredCount { place, at, day, count: declared.count };
            self.of.entry(place.source).or_default().push(count);
        }
    }

    pub(super) fn merge(&mut self, later: Self) {
        for (source, mut counts) in later.of {
            self.of.entry(source).or_default().append(&mut counts);
        }
    }

    /// Returns the days for which each source declares counts. `run` is that of the run.
    pub(super) fn days(&self, run: NaiveDate, project: &Project) -> DeclaredDays {
        let of_source = |counts: &Vec<DeclaredCount>| {
            let days: BTreeSet<NaiveDate> = counts.iter().map(|count| count.day.unwrap_or(run)).collect();
            days.into_iter().map(|day| project.as_of(day)).collect::<Vec<AsOf>>()
        };
        DeclaredDays { of: self.of.iter().map(|(source, counts)| (*source, of_source(counts))).collect() }
    }

    /// Reports each declared count that is not that of its rows.
    pub(super) fn finish(&self, tallied: &TalliedRows, run: NaiveDate, project: &Project, faults: &mut Faults) {
        for (source, counts) in &self.of {
            for declared in counts {
                let day = declared.day.unwrap_or(run);
                let counted = tallied.of.get(&(*source, day)).cloned().unwrap_or_default();
                let counted = counted.finish(&project.vocabularies, true);
                let name = TALLIED.get(declared.at).map(|(name, _)| *name);
                let counted = counted.numbers().into_iter().find(|(known, _)| Some(*known) == name);
                let Some(counted) = counted.and_then(|(_, count)| count) else { continue };
                if counted != declared.count {
                    let of = DeclaredOf::Tallied(declared.at, declared.day);
                    let what = TotalsMismatch { of, declared: declared.count, counted, as_of: Some(day) };
                    faults.add(declared.place, what);
                }
            }
        }
    }
}

/// The days for which each source declares counts.
#[derive(Clone, Debug, Default)]
pub(super) struct DeclaredDays {
    of: BTreeMap<SourceId, Vec<AsOf>>,
}

/// The rows of the sources that declare counts, counted as of each day.
#[derive(Clone, Debug)]
pub(super) struct TalliedRows {
    days: Arc<DeclaredDays>,
    of: BTreeMap<(SourceId, NaiveDate), Counting>,
}

impl TalliedRows {
    pub(super) fn new(days: Arc<DeclaredDays>) -> Self {
        Self { days, of: BTreeMap::new() }
    }

    pub(super) fn issue(&mut self, issue: &Issue<'_>) {
        for as_of in self.days.of.get(&issue.row.source).into_iter().flatten() {
            let state = State::of(issue, as_of);
            if state.is_counted() {
                self.of.entry((issue.row.source, as_of.day)).or_default().issue(issue, state, &issue.categories);
            }
        }
    }

    pub(super) fn inspection(&mut self, inspection: &Inspection<'_>) {
        for as_of in self.days.of.get(&inspection.row.source).into_iter().flatten() {
            if inspection.date <= Some(as_of.day) {
                self.of.entry((inspection.row.source, as_of.day)).or_default().inspection();
            }
        }
    }

    pub(super) fn merge(&mut self, later: Self) {
        for (key, counting) in later.of {
            self.of.entry(key).or_default().merge(&counting);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_count_that_may_be_declared_is_one_of_a_tally() {
        let counts = Counting::default().finish(&Project::default().vocabularies, true);
        for (name, _) in TALLIED {
            assert!(counts.numbers().iter().any(|(known, _)| *known == name), "{name}");
        }
        // `found` is the sum of all rows and has a name of its own.
        assert_eq!(counts.numbers().len(), TALLIED.len() + 1);
    }
}
