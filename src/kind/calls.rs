//! Which issues a letter is to name: those for which the ladder calls, and never one that had the same letter before.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::dataset::Records;
use crate::kind::definition::Kind;
use crate::ladder::{Ladder, Letters};
use crate::model::period::Period;
use crate::model::state::AsOf;
use crate::project::Project;
use crate::register;
use crate::tally::select::Filter;

/// A letter that the ladder calls for, and the ids of the issues that call for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LadderCall {
    /// The kind of its letters.
    pub kind: String,
    /// The issues.
    pub issues: BTreeSet<String>,
}

/// What the ladder calls for on a day, lowest rung first. `again`: an issue for which nothing new is called gets the
/// letter of the rung where it stands once more.
#[must_use]
pub fn calls(
    records: &Records,
    project: &Project,
    as_of: &AsOf,
    period: Period,
    register: &[register::RegisterEntry],
    again: bool,
) -> Vec<LadderCall> {
    let (ladder, letters) = (project.ladder(), Letters::new(register));
    let empty = |kind: &str| LadderCall { kind: kind.to_owned(), issues: BTreeSet::new() };
    let mut calls: Vec<LadderCall> = ladder.rungs().iter().map(|rung| empty(&rung.kind)).collect();
    for (listed, (issue, state)) in records.each_issue().zip(records.issue_states(as_of)) {
        let Some(deadline) = issue.deadline else { continue };
        if !state.is_counted() || state.rectified || !period.contains(issue.found_on) {
            continue;
        }
        let id = listed.id();
        let standing = letters.standing(&ladder, &id);
        let next = ladder.next(standing, deadline, &project.calendar).filter(|next| next.from <= as_of.day);
        let step = match next {
            Some(next) => ladder.step(&next.rung.kind),
            None => standing.filter(|_| again).map(|standing| standing.step),
        };
        if let Some(call) = step.and_then(|step| calls.get_mut(step)) {
            call.issues.insert(id.into_owned());
        }
    }
    calls.retain(|call| !call.issues.is_empty());
    calls
}

/// The issues that a letter of a kind named before, of those that would be in one now. None for a kind that is neither a
/// rung nor sent once, or goes to nobody in particular.
#[must_use]
pub fn named_before(
    kind: &Kind,
    records: &Records,
    project: &Project,
    as_of: &AsOf,
    register: &[register::RegisterEntry],
) -> BTreeSet<String> {
    let is_once = kind.config.once || project.ladder().step(&kind.name).is_some();
    if !kind.config.per_unit || !is_once {
        return BTreeSet::new();
    }
    let letters = Letters::new(register);
    let states = records.each_issue().zip(records.issue_states(as_of));
    states
        .filter(|(_, (issue, state))| Filter::any(&kind.config.select, issue, *state))
        .map(|(listed, _)| listed.id())
        .filter(|id| letters.has(&kind.name, id))
        .map(Cow::into_owned)
        .collect()
}

/// The numbers of the letters that one of a kind follows, for the issues it names, in the order given out.
#[must_use]
pub fn followed(kind: &str, issues: &[String], ladder: &Ladder, letters: &Letters<'_>) -> Vec<String> {
    let Some(step) = ladder.step(kind) else { return Vec::new() };
    let mut before: Vec<&register::RegisterEntry> = issues
        .iter()
        .filter_map(|id| letters.standing_below(ladder, id, step))
        .map(|standing| standing.letter)
        .collect();
    before.sort_by_key(|letter| letter.line);
    before.dedup_by_key(|letter| letter.line);
    before.into_iter().map(|letter| letter.number.clone()).collect()
}
