//! Faults with their places, collected and counted.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::fault::code::Code;
use crate::fault::code_table::CodeTable;
use crate::fault::fault_kind::FaultKind;
use crate::fault::severity::Severity;
use crate::model::field::Field;
use crate::place::{Place, SourceId};

/// A fault with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where it is.
    pub place: Place,
    /// What is wrong.
    pub what: FaultKind,
    /// The field of the faulty cell; for some kinds, such as dates, the facts alone don't determine it.
    pub field: Option<Field>,
    /// The other place, if two places conflict.
    pub related: Option<Place>,
    /// The severity in this run.
    pub severity: Severity,
}

/// The codes of this run, and the severity of each: the default of the table, changed by `rules:` and by options.
#[derive(Clone, Debug, Default)]
pub struct Severities {
    codes: Arc<CodeTable>,
    changed: Vec<(Code, Option<Severity>)>,
}

impl Severities {
    /// Returns the codes.
    #[must_use]
    pub fn codes(&self) -> &CodeTable {
        &self.codes
    }

    /// Returns the codes for adding own ones.
    pub fn codes_mut(&mut self) -> &mut CodeTable {
        Arc::make_mut(&mut self.codes)
    }

    /// Sets the severity of a code; `None` switches it off. The last call wins.
    pub fn set(&mut self, code: Code, severity: Option<Severity>) {
        self.changed.push((code, severity));
    }

    /// Switches off every code but these.
    pub fn keep_only(&mut self, codes: &[Code]) {
        let others: Vec<Code> = self.codes.all().filter(|code| !codes.contains(code)).collect();
        for code in others {
            self.set(code, None);
        }
    }

    /// Gives a code another severity unless the project or the command sets one.
    pub fn presume(&mut self, code: Code, severity: Severity) {
        self.changed.insert(0, (code, Some(severity)));
    }

    /// Returns the severity of a code; `None` if it is switched off.
    #[must_use]
    pub fn of(&self, code: Code) -> Option<Severity> {
        let changed = self.changed.iter().rev().find(|(changed, _)| *changed == code);
        changed.map_or(Some(self.codes.info(code).severity), |(_, severity)| *severity)
    }
}

/// Number of faults kept with their facts, to bound the memory; all are counted.
const KEPT: usize = 100_000;

/// All faults of a run.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    severities: Arc<Severities>,
    list: Vec<Fault>,
    counts: BTreeMap<Code, (Severity, usize)>,
    /// Years of which the calendar knows too little, and of which that is told.
    unknown_years: BTreeSet<i32>,
    /// How many were let pass by allowances, by code.
    #[expect(clippy::box_collection, reason = "faults are an error of some functions, and errors are to be small")]
    allowed: Option<Box<BTreeMap<Code, usize>>>,
    /// How often there is what was not kept, of faults that are one finding in many rows.
    beyond: BTreeMap<RepeatedFault, usize>,
}

/// What is one finding in many rows of a source.
pub(super) type RepeatedFault = (SourceId, Code, Option<Field>, String);

impl Fault {
    pub(super) fn repeated(&self) -> Option<RepeatedFault> {
        let word = self.what.repeated()?;
        Some((self.place.source, self.what.code(), self.what.field(), word.to_owned()))
    }
}

impl Faults {
    /// Returns an empty collection that gives faults these severities.
    #[must_use]
    pub fn new(severities: Arc<Severities>) -> Self {
        Self { severities, ..Self::default() }
    }

    /// Returns an empty collection with the same severities.
    #[must_use]
    pub fn fresh(&self) -> Self {
        Self::new(self.severities.clone())
    }

    /// Returns the codes of the run.
    #[must_use]
    pub fn codes(&self) -> &CodeTable {
        self.severities.codes()
    }

    /// Whether faults of a code are kept.
    #[must_use]
    pub fn is_on(&self, code: Code) -> bool {
        self.severities.of(code).is_some()
    }

    /// Adds a fault.
    pub fn add(&mut self, place: Place, what: impl Into<FaultKind>) {
        let what = what.into();
        let field = what.field();
        self.add_full(place, what, field, None);
    }

    /// Adds a fault in the cell of a field.
    pub fn add_at(&mut self, place: Place, field: Field, what: impl Into<FaultKind>) {
        self.add_full(place, what, Some(field), None);
    }

    /// Adds a fault with its field and its related place. Does nothing if its code is switched off.
    pub fn add_full(&mut self, place: Place, what: impl Into<FaultKind>, field: Option<Field>, related: Option<Place>) {
        let what = what.into();
        let code = what.code();
        let Some(severity) = self.severities.of(code) else { return };
        // Told once a run: hundreds of rows may have a deadline in the same year.
        if let FaultKind::UnknownYear { year, .. } = what
            && !self.unknown_years.insert(year)
        {
            return;
        }
        self.counts.entry(code).or_insert((severity, 0)).1 += 1;
        let fault = Fault { place, what, field, related, severity };
        if self.list.len() < KEPT {
            self.list.push(fault);
        } else if let Some(repeated) = fault.repeated() {
            *self.beyond.entry(repeated).or_default() += 1;
        }
    }

    /// Moves the faults of another collection to the end of this one.
    pub fn append(&mut self, mut other: Self) {
        if !other.unknown_years.is_empty() {
            let told = &self.unknown_years;
            other.retain(|fault| !matches!(&fault.what, FaultKind::UnknownYear { year, .. } if told.contains(year)));
            self.unknown_years.append(&mut other.unknown_years);
        }
        for (code, (severity, more)) in std::mem::take(&mut other.counts) {
            self.counts.entry(code).or_insert((severity, 0)).1 += more;
        }
        for (code, more) in other.allowed() {
            self.add_allowed(code, more);
        }
        let room = KEPT.saturating_sub(self.list.len()).min(other.list.len());
        let left = other.list.split_off(room);
        self.list.append(&mut other.list);
        let left = left.iter().filter_map(|fault| Some((fault.repeated()?, 1)));
        for (repeated, more) in std::mem::take(&mut other.beyond).into_iter().chain(left) {
            *self.beyond.entry(repeated).or_default() += more;
        }
    }

    /// Removes the faults for which `keep` returns false. Faults that are only counted stay counted.
    pub fn retain(&mut self, mut keep: impl FnMut(&Fault) -> bool) {
        let (counts, unknown_years) = (&mut self.counts, &mut self.unknown_years);
        self.list.retain(|fault| {
            let stays = keep(fault);
            if let (false, FaultKind::UnknownYear { year, .. }) = (stays, &fault.what) {
                unknown_years.remove(year);
            }
            if let (false, Some((_, count))) = (stays, counts.get_mut(&fault.what.code())) {
                *count -= 1;
            }
            stays
        });
        counts.retain(|_, (_, count)| *count > 0);
    }

    /// Returns the number of faults of a severity, kept or only counted.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.counts.values().filter(|(of, _)| *of == severity).map(|(_, count)| count).sum()
    }

    /// Returns the number of faults of each code, kept or only counted, the most frequent first.
    #[must_use]
    pub fn by_code(&self) -> Vec<(Code, usize)> {
        let mut counts: Vec<(Code, usize)> = self.counts.iter().map(|(code, (_, count))| (*code, *count)).collect();
        counts.sort_by_key(|(code, count)| (Reverse(*count), *code));
        counts
    }

    /// Returns the severity of a code that was found.
    #[must_use]
    pub fn severity(&self, code: Code) -> Option<Severity> {
        self.counts.get(&code).map(|(severity, _)| *severity)
    }

    /// Counts faults that allowances let pass and that have been removed.
    pub(crate) fn add_allowed(&mut self, code: Code, count: usize) {
        *self.allowed.get_or_insert_default().entry(code).or_default() += count;
    }

    /// Returns the number of faults of each code that allowances let pass.
    #[must_use]
    pub fn allowed(&self) -> Vec<(Code, usize)> {
        self.allowed.iter().flat_map(|allowed| allowed.iter()).map(|(code, count)| (*code, *count)).collect()
    }

    /// Returns the number of faults that are only counted, not kept with their facts.
    #[must_use]
    pub fn only_counted(&self) -> usize {
        self.counts.values().map(|(_, count)| count).sum::<usize>().saturating_sub(self.list.len())
    }

    /// Whether there is no fault.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// Returns the kept faults in the order of files, lines and cells.
    #[must_use]
    pub fn sorted(&self) -> Vec<&Fault> {
        self.order().into_iter().filter_map(|at| self.list.get(at)).collect()
    }

    /// Where each of the [sorted](Self::sorted) faults stands in the list.
    fn order(&self) -> Vec<usize> {
        let mut order: Vec<(_, usize)> =
            self.list.iter().enumerate().map(|(at, fault)| ((fault.place, fault.what.code()), at)).collect();
        order.sort_unstable();
        order.into_iter().map(|(_, at)| at).collect()
    }

    /// Removes those of the [sorted](Self::sorted) faults that are marked. Returns their number.
    pub fn remove_sorted(&mut self, marked: &[bool]) -> usize {
        let mut is_removed = vec![false; self.list.len()];
        for (at, _) in self.order().into_iter().zip(marked).filter(|(_, marked)| **marked) {
            if let Some(removed) = is_removed.get_mut(at) {
                *removed = true;
            }
        }
        let mut removed = is_removed.iter();
        self.retain(|_| !removed.next().copied().unwrap_or(false));
        is_removed.iter().filter(|removed| **removed).count()
    }

    /// How often there is what was not kept, of a fault that is one finding in many rows of its source.
    pub(super) fn beyond(&self, repeated: &RepeatedFault) -> usize {
        self.beyond.get(repeated).copied().unwrap_or(0)
    }

    /// Whether an error in a source has been kept.
    #[must_use]
    pub fn has_error_in(&self, source: SourceId) -> bool {
        self.list.iter().any(|fault| fault.place.source == source && fault.severity == Severity::Error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place::OneBased;

    #[test]
    fn an_unknown_year_is_told_once() {
        let add = |faults: &mut Faults, line, year| {
            let place = Place::line(SourceId(0), OneBased::from_one(line));
            faults.add(place, FaultKind::UnknownYear { year, lunar: true });
        };
        let mut faults = Faults::default();
        for (line, year) in [(2, 2027), (3, 2027), (4, 2028)] {
            add(&mut faults, line, year);
        }
        let mut later = faults.fresh();
        for (line, year) in [(5, 2027), (6, 2029), (7, 2029)] {
            add(&mut later, line, year);
        }
        faults.append(later);
        let told: Vec<u32> = faults.sorted().iter().map(|fault| fault.place.line.get()).collect();
        assert_eq!(told, [2, 4, 6]);
        assert_eq!(faults.count(Severity::Warning), 3);
        // What was told and taken back may be told again.
        faults.retain(|fault| fault.place.line.get() != 2);
        add(&mut faults, 8, 2027);
        assert_eq!(faults.count(Severity::Warning), 3);
    }
}
