//! The state that the events of a register add up to: which numbers are taken, and how each stands.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::register::checkpoint::Checkpoint;
use crate::register::entry::{Event, EventConflict, Facts, RegisterEntry, RegisterStatus};
use crate::register::number_key::NumberKey;

/// The numbers and their statuses that all events so far add up to.
#[derive(Clone, Debug, Default)]
pub(super) struct RegisterState {
    /// The numbers that a checkpoint holds; those below are the ones behind it.
    before: Option<Arc<Checkpoint>>,
    records: Vec<RegisterEntry>,
    index: BTreeMap<NumberKey, usize>,
    /// The taken numbers by run and running number, and by series, year and printed number; both must be unique.
    runs: BTreeSet<(String, Option<i32>, u32)>,
    printed: BTreeSet<(String, i32, String)>,
}

impl RegisterState {
    /// The numbers of a checkpoint, and none behind it yet.
    pub(super) fn behind(checkpoint: Arc<Checkpoint>) -> Self {
        Self { before: Some(checkpoint), ..Self::default() }
    }

    /// Returns the checkpoint that the numbers stand behind, if there is one.
    pub(super) fn before(&self) -> Option<&Arc<Checkpoint>> {
        self.before.as_ref()
    }

    /// Returns all numbers, or those behind the checkpoint, in the order entered.
    #[must_use]
    pub(super) fn records(&self) -> &[RegisterEntry] {
        &self.records
    }

    /// Applies the event of a line.
    ///
    /// # Errors
    /// The event can't follow those before it. The state is then unchanged, so the first entry of a number counts.
    pub(super) fn apply(&mut self, event: &Event, line: usize) -> Result<(), EventConflict> {
        match event {
            Event::Reserved(facts) => self.take(facts, RegisterStatus::Pending, line),
            Event::Imported(facts) => self.take(facts, RegisterStatus::Dispatched, line),
            Event::Dispatched(key) => {
                let record = self
                    .get_mut(key)
                    .filter(|record| record.status == RegisterStatus::Pending)
                    .ok_or(EventConflict::InvalidTransition)?;
                record.status = RegisterStatus::Dispatched;
                Ok(())
            }
            Event::Void { key, why } => {
                let record = self
                    .get_mut(key)
                    .filter(|record| record.status != RegisterStatus::Void)
                    .ok_or(EventConflict::InvalidTransition)?;
                record.status = RegisterStatus::Void;
                record.why = Some(why.clone());
                Ok(())
            }
        }
    }

    fn take(&mut self, facts: &Facts, status: RegisterStatus, line: usize) -> Result<(), EventConflict> {
        let record = RegisterEntry::new(facts, status, line);
        let key = record.key();
        if self.before.as_ref().is_some_and(|before| before.has_taken(&record)) {
            return Err(EventConflict::DuplicateNumber);
        }
        let (series, year) = record.run();
        let run = (series.to_owned(), year, record.n);
        let printed = (record.series.clone(), record.year, record.number.clone());
        if self.index.contains_key(&key) || self.runs.contains(&run) || self.printed.contains(&printed) {
            return Err(EventConflict::DuplicateNumber);
        }
        self.index.insert(key, self.records.len());
        self.runs.insert(run);
        self.printed.insert(printed);
        self.records.push(record);
        Ok(())
    }

    fn get_mut(&mut self, key: &NumberKey) -> Option<&mut RegisterEntry> {
        self.index.get(key).and_then(|at| self.records.get_mut(*at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::register::entry::tests::facts;
    use crate::register::series::Reset;

    #[test]
    fn events_add_up_to_how_each_number_stands() {
        let mut state = RegisterState::default();
        let key = |n| NumberKey { series: "a".into(), year: 2021, n };
        let void = |n| Event::Void { key: key(n), why: "误发".into() };
        assert_eq!(state.apply(&Event::Dispatched(key(1)), 1), Err(EventConflict::InvalidTransition));
        assert_eq!(state.apply(&Event::Reserved(facts("a", 2021, 1)), 1), Ok(()));
        assert_eq!(state.apply(&Event::Imported(facts("a", 2021, 1)), 2), Err(EventConflict::DuplicateNumber));
        let same_text = Facts { number: "第1期".into(), ..facts("a", 2021, 2) };
        assert_eq!(state.apply(&Event::Reserved(same_text), 2), Err(EventConflict::DuplicateNumber));
        assert_eq!(state.records()[0].status, RegisterStatus::Pending);
        assert_eq!(state.apply(&Event::Dispatched(key(1)), 2), Ok(()));
        assert_eq!(state.apply(&Event::Dispatched(key(1)), 3), Err(EventConflict::InvalidTransition));
        assert_eq!(state.records()[0].status, RegisterStatus::Dispatched);
        assert_eq!(state.apply(&void(1), 3), Ok(()));
        assert_eq!(state.apply(&void(1), 4), Err(EventConflict::InvalidTransition));
        assert_eq!(state.apply(&Event::Dispatched(key(1)), 4), Err(EventConflict::InvalidTransition));
        assert_eq!(state.apply(&Event::Reserved(facts("a", 2022, 1)), 4), Ok(()), "a new year");
        assert_eq!(
            state.apply(&Event::Reserved(facts("a", 2021, 1)), 5),
            Err(EventConflict::DuplicateNumber),
            "void stays taken"
        );
        let of = |year| Facts { reset: Reset::Never, number: format!("{year}"), ..facts("b", year, 7) };
        assert_eq!(state.apply(&Event::Reserved(of(2021)), 5), Ok(()));
        assert_eq!(
            state.apply(&Event::Reserved(of(2022)), 6),
            Err(EventConflict::DuplicateNumber),
            "a series that never restarts"
        );
    }
}
