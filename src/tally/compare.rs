//! A tally beside that of an earlier submission: the counts of both, and how the issues moved in between.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::fold::Fold;
use crate::model::Entry;
use crate::model::moves::{Moves, Submission, Unmatched};
use crate::model::state::{AsOf, State};
use crate::project::Project;
use crate::tally::as_of_summary::AsOfSummary;
use crate::tally::counts::{Counts, GroupName};
use crate::tally::{Against, Tally, TallyPlan, TallyReport};

/// One side of a comparison: its tally, and its issues with the groups that they are counted in. The issues are held in
/// memory.
#[derive(Clone, Debug)]
pub struct ComparedTally {
    /// The counts.
    pub tally: Tally,
    issues: Submission,
    /// For each issue, the groups; none if it is not selected.
    groups: Vec<Vec<GroupName>>,
    /// Whether issues found on any day moved, and not only those of the period that is counted.
    moves_at_any_day: bool,
}

/// Two submissions, compared.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The figures, with those of the earlier submission.
    pub report: TallyReport,
    /// What was not found again.
    pub unmatched: Unmatched,
}

/// The issues of an earlier submission, where nothing of it is counted.
#[derive(Clone, Debug)]
pub struct EarlierIssues {
    as_of: AsOf,
    /// The issues.
    pub issues: Submission,
    /// What the day did to their states.
    pub summary: AsOfSummary,
}

impl EarlierIssues {
    /// No issues yet. Their states are those of the day given.
    #[must_use]
    pub fn new(as_of: AsOf) -> Self {
        Self { as_of, issues: Submission::default(), summary: AsOfSummary::default() }
    }
}

impl Fold<Entry<'_>> for EarlierIssues {
    fn push(&mut self, entry: &Entry<'_>) {
        let Entry::Issue(issue) = entry else { return };
        let state = State::of(issue, &self.as_of);
        self.summary.look_at(state);
        if self.issues.push(issue, state) && state.is_counted() {
            self.summary.count(state, 1);
        }
    }

    fn merge(&mut self, later: Self) {
        self.issues.merge(later.issues);
        self.summary.merge(&later.summary);
    }
}

impl ComparedTally {
    /// Nothing counted yet. `moves_at_any_day` is set where another period is compared with that of the plan: then all issues
    /// are told that moved in between.
    #[must_use]
    pub fn new(plan: Arc<TallyPlan>, moves_at_any_day: bool) -> Self {
        Self { tally: Tally::new(plan), issues: Submission::default(), groups: Vec::new(), moves_at_any_day }
    }

    /// The figures beside those of an earlier submission, which must have been counted by the same keys. Groups that only
    /// one of them has are in both.
    #[must_use]
    pub fn compared(mut self, mut earlier: Self, project: &Project, has_subtotals: bool) -> Comparison {
        let matching = self.issues.matched(&earlier.issues);
        let is_selected = |side: &Self, at: &usize| side.groups.get(*at).is_some_and(|groups| !groups.is_empty());
        let gone = matching.gone.iter().filter(|at| is_selected(&earlier, at)).count();
        let near = matching.near.iter().filter(|at| is_selected(&self, at)).count();
        let (mut all, mut by_group) = (Moves::default(), FxHashMap::<Vec<String>, Moves>::default());
        for (at, groups) in self.groups.iter().enumerate().filter(|(_, groups)| !groups.is_empty()) {
            let Some(moved) = self.issues.moved(at, &matching, &earlier.issues) else { continue };
            all.add(moved);
            for group in groups {
                if !group.is_empty() {
                    self.tally.group(group);
                }
                // Its own moves, and those of its subtotals.
                for level in 1..=group.len() {
                    let name = group[..level].iter().map(ToString::to_string).collect();
                    by_group.entry(name).or_default().add(moved);
                }
            }
        }
        self.tally.share_groups(&mut earlier.tally);
        let mut report = self.tally.finish_with(project, has_subtotals);
        let earlier = earlier.tally.finish_with(project, has_subtotals);
        let with = |counts: &mut Counts, moves: Moves, before: Counts| {
            (counts.moves, counts.against) = (Some(moves), Some(Box::new(before)));
        };
        let names = |key: &indexmap::IndexMap<String, String>| key.values().cloned().collect::<Vec<String>>();
        let groups = earlier.groups.into_iter().chain(earlier.subtotals);
        let mut before: FxHashMap<Vec<String>, Counts> =
            groups.map(|group| (names(&group.key), group.counts)).collect();
        for group in report.groups.iter_mut().chain(&mut report.subtotals) {
            let name = names(&group.key);
            if let Some(before) = before.remove(&name) {
                with(&mut group.counts, by_group.get(&name).copied().unwrap_or_default(), before);
            }
        }
        with(&mut report.total, all, earlier.total);
        report.against = Some(Against { from: earlier.from, to: earlier.to, as_of: earlier.as_of });
        Comparison { report, unmatched: Unmatched { gone, near } }
    }
}

impl Fold<Entry<'_>> for ComparedTally {
    fn push(&mut self, entry: &Entry<'_>) {
        self.tally.push(entry);
        let Entry::Issue(issue) = entry else { return };
        let plan = self.tally.plan();
        let state = State::of(issue, &plan.as_of);
        if self.issues.push(issue, state) {
            let is_selected = state.is_counted()
                && (plan.filter.holds(issue, state)
                    || self.moves_at_any_day && plan.filter.holds_on_any_day(issue, state));
            self.groups.push(if is_selected { plan.groups_of(issue, state) } else { Vec::new() });
        }
    }

    fn merge(&mut self, later: Self) {
        self.tally.merge(later.tally);
        self.issues.merge(later.issues);
        self.groups.extend(later.groups);
    }
}
