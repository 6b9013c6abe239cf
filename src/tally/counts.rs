//! The counts of a group of issues, and how the counts of two groups are merged.

use indexmap::IndexMap;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::model::Field;
use crate::model::moves::Moves;
use crate::model::record::{Profile, Values, unstated};
use crate::model::state::State;
use crate::project::vocabulary::Vocabularies;
use crate::tally::coded::Cell;
use crate::words::symbol::Symbol;

/// Counts in progress: totals, and counts by value where distinct values are counted.
///
/// There is an entry for each distinct unit, each site, and each pair of unit and category, but none for each issue, so
/// the size does not grow with the length of the logs.
#[derive(Clone, Debug, Default)]
pub struct Counting {
    found: u64,
    pub(super) disposition: ByValue<Symbol>,
    pub(super) source: ByValue<Symbol>,
    rectified: u64,
    closed: u64,
    overdue: u64,
    due_soon: u64,
    late: u64,
    pub(super) units: ByValue<Symbol>,
    pub(super) sites: ByValue<Symbol>,
    /// Number of issues of each unit in each category: all but the first are repeats.
    pub(super) pairs: ByValue<(Symbol, Symbol)>,
    inspections: u64,
}

impl Counting {
    /// Counts an issue. Of its categories it is a repeat in `repeating` at most, see `TallyPlan::repeating`.
    pub fn issue(&mut self, of: &Profile, state: State, repeating: &[Symbol]) {
        self.found += 1;
        self.disposition.add(of.disposition.unwrap_or_else(unstated), 1);
        if let Some(source) = of.source {
            self.source.add(source, 1);
        }
        self.rectified += u64::from(state.rectified);
        self.closed += u64::from(state.closed);
        self.overdue += u64::from(state.overdue);
        self.due_soon += u64::from(state.due_soon);
        self.late += u64::from(state.late);
        if let Some(site) = of.site {
            self.sites.add(site, 1);
        }
        if let Some(unit) = of.unit {
            self.units.add(unit, 1);
            for category in repeating {
                self.pairs.add((unit, *category), 1);
            }
        }
    }

    /// Counts the issues of a cell.
    pub(super) fn cell(&mut self, cell: Cell<'_>) {
        let [found, rectified, closed, overdue, due_soon, late] = cell.numbers.parts();
        self.found += found;
        self.rectified += rectified;
        self.closed += closed;
        self.overdue += overdue;
        self.due_soon += due_soon;
        self.late += late;
        for (value, count) in cell.dispositions {
            self.disposition.add(value.unwrap_or_else(unstated), count);
        }
        cell.sources.into_iter().for_each(|(value, count)| self.source.add(value, count));
        cell.sites.for_each(|site| self.sites.add(site, 1));
        if let Some(unit) = cell.unit {
            self.units.add(unit, found);
            if let Some(category) = cell.category {
                self.pairs.add((unit, category), found);
            }
        }
    }

    /// Counts an inspection.
    pub fn inspection(&mut self) {
        self.inspections += 1;
    }

    /// Adds the counts of another group.
    pub fn merge(&mut self, other: &Self) {
        self.add_issues(other);
        self.inspections += other.inspections;
    }

    /// Adds the counts of the issues of another group, but not of its inspections.
    pub(super) fn add_issues(&mut self, other: &Self) {
        for ((name, count), (_, more)) in self.numbers_mut().into_iter().zip(other.numbers()) {
            if name != "inspections" {
                *count = count.saturating_add(*more);
            }
        }
        other.disposition.each(|value, count| self.disposition.add(value, count));
        other.source.each(|value, count| self.source.add(value, count));
        other.pairs.each(|pair, count| self.pairs.add(pair, count));
        other.units.each(|unit, count| self.units.add(unit, count));
        other.sites.each(|site, count| self.sites.add(site, count));
    }

    /// Subtracts issues that were counted more than once.
    pub(super) fn subtract(&mut self, surplus: &Self) {
        for ((_, count), (_, less)) in self.numbers_mut().into_iter().zip(surplus.numbers()) {
            *count = count.saturating_sub(*less);
        }
        surplus.disposition.each(|value, count| self.disposition.subtract(value, count));
        surplus.source.each(|value, count| self.source.subtract(value, count));
        surplus.pairs.each(|pair, count| self.pairs.subtract(pair, count));
        surplus.units.each(|unit, count| self.units.subtract(unit, count));
        surplus.sites.each(|site, count| self.sites.subtract(site, count));
    }

    /// Returns the finished counts, with values in the order of their vocabularies. `with_inspections` says whether the
    /// tally counts inspections, which not all keys apply to.
    #[must_use]
    pub fn finish(&self, vocabularies: &Vocabularies, with_inspections: bool) -> Counts {
        Counts {
            found: self.found,
            disposition: ordered(&self.disposition, |value| vocabularies.of(Field::Disposition).rank(value)),
            source: ordered(&self.source, |value| vocabularies.of(Field::Source).rank(value)),
            rectified: self.rectified,
            open: self.found.saturating_sub(self.rectified),
            closed: self.closed,
            overdue: self.overdue,
            due_soon: self.due_soon,
            late: self.late,
            repeat: self.pairs.repeats(),
            units: self.units.len() as u64,
            sites: self.sites.len() as u64,
            inspections: with_inspections.then_some(self.inspections),
            rectified_rate: rate(self.rectified, self.found),
            against: None,
            moves: None,
        }
    }

    pub(super) fn found(&self) -> u64 {
        self.found
    }

    /// Returns the totals by name.
    pub(super) fn numbers(&self) -> [(&'static str, &u64); 7] {
        [
            ("found", &self.found),
            ("rectified", &self.rectified),
            ("closed", &self.closed),
            ("overdue", &self.overdue),
            ("due_soon", &self.due_soon),
            ("late", &self.late),
            ("inspections", &self.inspections),
        ]
    }

    /// Returns the totals by name, mutably, in the same order.
    pub(super) fn numbers_mut(&mut self) -> [(&'static str, &mut u64); 7] {
        [
            ("found", &mut self.found),
            ("rectified", &mut self.rectified),
            ("closed", &mut self.closed),
            ("overdue", &mut self.overdue),
            ("due_soon", &mut self.due_soon),
            ("late", &mut self.late),
            ("inspections", &mut self.inspections),
        ]
    }
}

/// A count for each value. While there are few values, they are in a list, which is faster to search than a map.
#[derive(Clone, Debug)]
pub(super) enum ByValue<K> {
    Few(Vec<(K, u64)>),
    Many(FxHashMap<K, u64>),
}

/// Number of values up to which a list is used.
const FEW: usize = 8;

impl<K> Default for ByValue<K> {
    fn default() -> Self {
        Self::Few(Vec::new())
    }
}

impl<K: Copy + Eq + std::hash::Hash> ByValue<K> {
    #[inline]
    pub(super) fn add(&mut self, value: K, more: u64) {
        match self {
            Self::Few(list) => {
                if let Some((_, count)) = list.iter_mut().find(|(known, _)| *known == value) {
                    *count = count.saturating_add(more);
                } else if list.len() < FEW {
                    list.push((value, more));
                } else {
                    let mut map: FxHashMap<K, u64> = list.iter().copied().collect();
                    map.insert(value, more);
                    *self = Self::Many(map);
                }
            }
            Self::Many(map) => {
                let count = map.entry(value).or_default();
                *count = count.saturating_add(more);
            }
        }
    }

    /// Subtracts from the count of a value, and removes the value when its count is 0.
    fn subtract(&mut self, value: K, less: u64) {
        match self {
            Self::Few(list) => {
                list.iter_mut()
                    .filter(|(known, _)| *known == value)
                    .for_each(|(_, count)| *count = count.saturating_sub(less));
                list.retain(|(_, count)| *count > 0);
            }
            Self::Many(map) => {
                if let Some(count) = map.get_mut(&value) {
                    *count = count.saturating_sub(less);
                    if *count == 0 {
                        map.remove(&value);
                    }
                }
            }
        }
    }

    /// Calls `visit` with each value and its count, in unspecified order: only for sums.
    pub(super) fn each(&self, mut visit: impl FnMut(K, u64)) {
        match self {
            Self::Few(list) => list.iter().for_each(|(value, count)| visit(*value, *count)),
            #[expect(clippy::iter_over_hash_type, reason = "sums don't depend on the order")]
            Self::Many(map) => {
                for (value, count) in map {
                    visit(*value, *count);
                }
            }
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Few(list) => list.len(),
            Self::Many(map) => map.len(),
        }
    }

    /// Returns the sum of the counts without the first of each value.
    fn repeats(&self) -> u64 {
        let mut repeats = 0;
        self.each(|_, count| repeats += count.saturating_sub(1));
        repeats
    }
}

fn ordered(counts: &ByValue<Symbol>, rank: impl Fn(&str) -> Option<usize>) -> IndexMap<String, u64> {
    let mut list = Vec::with_capacity(counts.len());
    counts.each(|value, count| list.push((value, count)));
    list.sort_by_key(|(value, _)| (rank(value.as_str()).unwrap_or(usize::MAX), value.as_str()));
    list.into_iter().map(|(value, count)| (value.to_string(), count)).collect()
}

/// Returns `part ÷ whole` rounded to six decimal places, so that every machine prints the same; `None` if `whole` is 0.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub fn rate(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| (part as f64 / whole as f64 * 1e6).round() / 1e6)
}

/// The counts of a group, as JSON and templates see them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Counts {
    /// Issues found, without withdrawn ones.
    pub found: u64,
    /// Issues found, by disposition; only values that occur.
    pub disposition: IndexMap<String, u64>,
    /// Issues found, by source; only values that occur.
    pub source: IndexMap<String, u64>,
    /// Issues rectified.
    pub rectified: u64,
    /// Issues not rectified: found − rectified.
    pub open: u64,
    /// Issues closed.
    pub closed: u64,
    /// Open issues whose deadline has passed.
    pub overdue: u64,
    /// Open issues whose deadline is near.
    pub due_soon: u64,
    /// Issues rectified after the deadline.
    pub late: u64,
    /// Repeats: issues of the same unit and category beyond the first.
    pub repeat: u64,
    /// Number of distinct units.
    pub units: u64,
    /// Number of distinct sites.
    pub sites: u64,
    /// Number of inspections; `None` if inspections don't have the keys of the tally.
    pub inspections: Option<u64>,
    /// rectified ÷ found, from 0 to 1; `None` if nothing was found.
    pub rectified_rate: Option<f64>,
    /// The same counts of the earlier submission, if it is compared with one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub against: Option<Box<Self>>,
    /// How the issues moved since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moves: Option<Moves>,
}

impl Counts {
    /// Returns the counts that are one number, by name, in the order of the fields.
    #[must_use]
    pub fn numbers(&self) -> [(&'static str, Option<u64>); 11] {
        [
            ("found", Some(self.found)),
            ("rectified", Some(self.rectified)),
            ("open", Some(self.open)),
            ("closed", Some(self.closed)),
            ("overdue", Some(self.overdue)),
            ("due_soon", Some(self.due_soon)),
            ("late", Some(self.late)),
            ("repeat", Some(self.repeat)),
            ("units", Some(self.units)),
            ("sites", Some(self.sites)),
            ("inspections", self.inspections),
        ]
    }
}

/// The values that a group has of each key.
pub(super) type GroupName = SmallVec<[Symbol; 3]>;

/// Returns the groups of an issue from its values of each key: all combinations, with a blank where it has no value. An
/// issue with several values of a key is in several groups.
pub(super) fn groups(values: &[Values]) -> Vec<GroupName> {
    let mut all = vec![GroupName::new()];
    for values in values {
        let blank = [Symbol::new("")];
        let values: &[Symbol] = if values.is_empty() { &blank } else { values };
        all = all
            .iter()
            .flat_map(|group| values.iter().map(move |value| group.iter().copied().chain([*value]).collect()))
            .collect();
    }
    all
}
