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
    /// The documents of each number: one, unless two branches gave it out.
    index: BTreeMap<NumberKey, Vec<usize>>,
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

    /// Applies an event that is to be entered.
    ///
    /// # Errors
    /// The event can't follow those before it. The state is then unchanged.
    pub(super) fn apply(&mut self, event: &Event, line: usize) -> Result<(), EventConflict> {
        match event {
            Event::Reserved(facts) => self.take(facts, RegisterStatus::Pending, line),
            Event::Imported(facts) => self.take(facts, RegisterStatus::Dispatched, line),
            Event::Dispatched { .. } => {
                let at = self.meant(event)?;
                if let Some(record) = self.records.get_mut(at) {
                    record.status = RegisterStatus::Dispatched;
                }
                Ok(())
            }
            Event::Void { why, .. } => {
                let at = self.meant(event)?;
                if let Some(record) = self.records.get_mut(at) {
                    record.status = RegisterStatus::Void;
                    record.why = Some(why.clone());
                }
                Ok(())
            }
        }
    }

    /// The position of the document that an event concerns.
    fn meant(&self, event: &Event) -> Result<usize, EventConflict> {
        let of_number = self.index.get(event.key()).map_or(&[][..], Vec::as_slice);
        let record = |at: &usize| self.records.get(*at);
        match event {
            // Of two documents of one number, the lines of the second stand behind it.
            Event::Dispatched { document, .. } => {
                let is_pending = |at: &&usize| {
                    let record = record(at).filter(|record| record.status == RegisterStatus::Pending);
                    record.is_some_and(|record| document.as_ref().is_none_or(|named| record.fingerprint() == *named))
                };
                of_number.iter().rev().find(is_pending).copied().ok_or(EventConflict::InvalidTransition)
            }
            Event::Void { document, .. } => {
                let is_meant = |at: &&usize| {
                    let record = record(at).filter(|record| record.status != RegisterStatus::Void);
                    record.is_some_and(|record| document.as_ref().is_none_or(|named| record.fingerprint() == *named))
                };
                match of_number.iter().filter(is_meant).collect::<Vec<_>>().as_slice() {
                    [at] => Ok(**at),
                    [] => Err(EventConflict::InvalidTransition),
                    _ => Err(EventConflict::Ambiguous),
                }
            }
            Event::Reserved(_) | Event::Imported(_) => Err(EventConflict::InvalidTransition),
        }
    }

    /// Returns the [fingerprint](RegisterEntry::fingerprint) of the document that an event concerns; empty if there is none.
    pub(super) fn document_of(&self, event: &Event) -> String {
        let record = self.meant(event).ok().and_then(|at| self.records.get(at));
        record.map_or_else(String::new, RegisterEntry::fingerprint)
    }

    /// Applies the event of a line of the file. A number that was taken before keeps both documents: two branches gave it out,
    /// and nothing is lost.
    ///
    /// # Errors
    /// The event can't follow those before it.
    pub(super) fn replay(&mut self, event: &Event, line: usize) -> Result<(), EventConflict> {
        let taken = self.apply(event, line);
        if taken == Err(EventConflict::DuplicateNumber)
            && let Event::Reserved(facts) | Event::Imported(facts) = event
        {
            let is_reserved = matches!(event, Event::Reserved(_));
            let status = if is_reserved { RegisterStatus::Pending } else { RegisterStatus::Dispatched };
            let record = RegisterEntry::new(facts, status, line);
            self.index.entry(record.key()).or_default().push(self.records.len());
            self.records.push(record);
        }
        taken
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
        self.index.insert(key, vec![self.records.len()]);
        self.runs.insert(run);
        self.printed.insert(printed);
        self.records.push(record);
        Ok(())
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
        let finished = |n| Event::Dispatched { key: key(n), document: None };
        let void = |n| Event::Void { key: key(n), why: "误发".into(), document: None };
        assert_eq!(state.apply(&finished(1), 1), Err(EventConflict::InvalidTransition));
        assert_eq!(state.apply(&Event::Reserved(facts("a", 2021, 1)), 1), Ok(()));
        assert_eq!(state.apply(&Event::Imported(facts("a", 2021, 1)), 2), Err(EventConflict::DuplicateNumber));
        let same_text = Facts { number: "第1期".into(), ..facts("a", 2021, 2) };
        assert_eq!(state.apply(&Event::Reserved(same_text), 2), Err(EventConflict::DuplicateNumber));
        assert_eq!(state.records()[0].status, RegisterStatus::Pending);
        assert_eq!(state.apply(&finished(1), 2), Ok(()));
        assert_eq!(state.apply(&finished(1), 3), Err(EventConflict::InvalidTransition));
        assert_eq!(state.records()[0].status, RegisterStatus::Dispatched);
        assert_eq!(state.apply(&void(1), 3), Ok(()));
        assert_eq!(state.apply(&void(1), 4), Err(EventConflict::InvalidTransition));
        assert_eq!(state.apply(&finished(1), 4), Err(EventConflict::InvalidTransition));
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
