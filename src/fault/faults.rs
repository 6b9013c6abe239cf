//! Faults at their places, collected and counted.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::fault::code::Code;
use crate::fault::fault_kind::FaultKind;
use crate::fault::severity::Severity;
use crate::model::field::Field;
use crate::place::{Place, SourceId};

/// A fault at its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub place: Place,
    /// What is wrong.
    pub what: FaultKind,
    /// The field, where the facts alone don't tell (a date).
    pub field: Option<Field>,
    /// The other place, where two things disagree.
    pub related: Option<Place>,
    /// How grave, the project's `rules:` heeded.
    pub severity: Severity,
}

/// How grave each code is in this run: the table's word, or what the project or the command says.
#[derive(Clone, Debug, Default)]
pub struct Severities {
    changed: Vec<(Code, Option<Severity>)>,
}

impl Severities {
    /// Gives a code another severity; `None` switches it off. The last word counts.
    pub fn set(&mut self, code: Code, severity: Option<Severity>) {
        self.changed.push((code, severity));
    }

    /// Switches every code off but these.
    pub fn keep_only(&mut self, codes: &[Code]) {
        for code in Code::all().filter(|code| !codes.contains(code)) {
            self.set(code, None);
        }
    }

    /// How grave a code is; `None` if switched off.
    #[must_use]
    pub fn of(&self, code: Code) -> Option<Severity> {
        let changed = self.changed.iter().rev().find(|(changed, _)| *changed == code);
        changed.map_or(Some(code.info().severity), |(_, severity)| *severity)
    }
}

/// How many faults are kept with their facts; all are counted.
const KEPT: usize = 100_000;

/// All faults of a run.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    severities: std::sync::Arc<Severities>,
    list: Vec<Fault>,
    counts: BTreeMap<Code, (Severity, usize)>,
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
    /// No fault yet; `severities` says how grave each will be.
    #[must_use]
    pub fn new(severities: std::sync::Arc<Severities>) -> Self {
        Self { severities, ..Self::default() }
    }

    /// An empty collection under the same severities.
    #[must_use]
    pub fn fresh(&self) -> Self {
        Self::new(self.severities.clone())
    }

    /// Adds a fault.
    pub fn add(&mut self, place: Place, what: impl Into<FaultKind>) {
        let what = what.into();
        let field = what.field();
        self.add_full(place, what, field, None);
    }

    /// Adds a fault of a field's cell.
    pub fn add_at(&mut self, place: Place, field: Field, what: impl Into<FaultKind>) {
        self.add_full(place, what, Some(field), None);
    }

    /// Adds a fault with all that is known of it.
    pub fn add_full(&mut self, place: Place, what: impl Into<FaultKind>, field: Option<Field>, related: Option<Place>) {
        let what = what.into();
        let code = what.code();
        let Some(severity) = self.severities.of(code) else { return };
        self.counts.entry(code).or_insert((severity, 0)).1 += 1;
        let fault = Fault { place, what, field, related, severity };
        if self.list.len() < KEPT {
            self.list.push(fault);
        } else if let Some(repeated) = fault.repeated() {
            *self.beyond.entry(repeated).or_default() += 1;
        }
    }

    /// Takes the faults of another collection.
    pub fn append(&mut self, mut other: Self) {
        for (code, (severity, more)) in std::mem::take(&mut other.counts) {
            self.counts.entry(code).or_insert((severity, 0)).1 += more;
        }
        let room = KEPT.saturating_sub(self.list.len()).min(other.list.len());
        let left = other.list.split_off(room);
        self.list.append(&mut other.list);
        let left = left.iter().filter_map(|fault| Some((fault.repeated()?, 1)));
        for (repeated, more) in std::mem::take(&mut other.beyond).into_iter().chain(left) {
            *self.beyond.entry(repeated).or_default() += more;
        }
    }

    /// Keeps the faults of which `keep` says so. Those beyond what is kept with its facts stay counted.
    pub fn retain(&mut self, mut keep: impl FnMut(&Fault) -> bool) {
        let counts = &mut self.counts;
        self.list.retain(|fault| {
            let stays = keep(fault);
            if let (false, Some((_, count))) = (stays, counts.get_mut(&fault.what.code())) {
                *count -= 1;
            }
            stays
        });
        counts.retain(|_, (_, count)| *count > 0);
    }

    /// How many of a severity there are, kept or not.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.counts.values().filter(|(of, _)| *of == severity).map(|(_, count)| count).sum()
    }

    /// How many of each code there are, kept or not; the most frequent first.
    #[must_use]
    pub fn by_code(&self) -> Vec<(Code, usize)> {
        let mut counts: Vec<(Code, usize)> = self.counts.iter().map(|(code, (_, count))| (*code, *count)).collect();
        counts.sort_by_key(|(code, count)| (Reverse(*count), *code));
        counts
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// The faults in the order of files, lines and cells.
    #[must_use]
    pub fn sorted(&self) -> Vec<Fault> {
        let mut list = self.list.clone();
        list.sort_by_key(|fault| (fault.place, fault.what.code()));
        list
    }

    /// How often there is what was not kept, of a fault that is one finding in many rows of its source.
    pub(super) fn beyond(&self, repeated: &RepeatedFault) -> usize {
        self.beyond.get(repeated).copied().unwrap_or(0)
    }

    /// Whether a source has an error already.
    #[must_use]
    pub fn has_error_in(&self, source: SourceId) -> bool {
        self.list.iter().any(|fault| fault.place.source == source && fault.severity == Severity::Error)
    }
}
