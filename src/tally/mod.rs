//! Stage 4: records to figures. A tally is a fold: counts by group, in one pass, mergeable.
//!
//! - [`as_of_summary`]: what the as-of day leaves out, and which states rest on a word
//! - [`counts`]: what is counted of a group
//! - [`select`]: which issues are counted
//! - [`identity`]: sums that must agree before a document is written
//! - [`compare`]: a tally beside that of an earlier submission
//! - [`partial`]: a tally as a file, to be added to others
//! - [`screen`]: tables that fit a terminal
//! - [`show`]: a tally as table, JSON, CSV, Markdown

pub mod as_of_summary;
pub mod compare;
pub mod counts;
pub mod identity;
pub mod partial;
pub mod screen;
pub mod select;
pub mod show;

use std::borrow::Cow;
use std::cmp::Reverse;
use std::sync::Arc;

use indexmap::IndexMap;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::fold::Fold;
use crate::model::key::Key;
use crate::model::profile::Profile;
use crate::model::profile_id::PerProfile;
use crate::model::record::{Inspection, Issue, Values};
use crate::model::state::{AsOf, State};
use crate::model::{Entry, Field, Row};
use crate::place::SourceId;
use crate::project::Project;
use crate::words::symbol::Symbol;
use as_of_summary::{AsOfSummary, LeftOut};
use counts::{Counting, Counts, GroupName, groups};
use select::Filter;

/// What to count.
#[derive(Clone, Debug)]
pub struct TallyPlan {
    /// Grouped by these keys; none gives the total only.
    pub by: Vec<Key>,
    /// Which issues.
    pub filter: Filter,
    /// The day.
    pub as_of: AsOf,
}

impl TallyPlan {
    /// Returns the groups of an issue: several if it has several values of a key.
    fn groups_of(&self, issue: &Issue<'_>, state: State) -> Vec<GroupName> {
        let values: Vec<Values> = self.by.iter().map(|key| key.values(issue, state)).collect();
        groups(&values)
    }
}

/// A tally in the making.
#[derive(Clone, Debug)]
pub struct Tally {
    plan: Arc<TallyPlan>,
    blank: Symbol,
    /// Inspections, and all issues where nothing is grouped by.
    total: Counting,
    index: FxHashMap<GroupName, usize>,
    groups: Vec<Counting>,
    /// What the groups together have too much of, since some issues stand in several: groups − surplus = total.
    surplus: Counting,
    /// Whether nothing but profile and state says whether an issue is counted, and where: its day is looked at first.
    by_profile: bool,
    /// What the as-of day does to the issues and inspections selected.
    summary: AsOfSummary,
    /// Issues that are not in their groups yet. Of a log of millions of rows a few thousand differ in profile and state.
    waiting: PerProfile<StateCounts>,
}

/// How many issues of a profile are in each state, by its code. Small numbers, so that the counts of a profile fill one
/// line of the processor's cache; they are counted in before they are full.
#[derive(Clone, Debug)]
struct StateCounts([u16; State::CODES]);

impl Default for StateCounts {
    fn default() -> Self {
        Self([0; State::CODES])
    }
}

impl StateCounts {
    /// Adds the counts of others. Refuses, and changes nothing, if one would leave no room for another issue.
    fn add(&mut self, more: &Self) -> bool {
        // Without a branch for each count, so that all are compared at once.
        let is_full = |full: bool, (own, more): (&u16, &u16)| full | (own.saturating_add(*more) == u16::MAX);
        if self.0.iter().zip(&more.0).fold(false, is_full) {
            return false;
        }
        self.0.iter_mut().zip(&more.0).for_each(|(own, more)| *own += more);
        true
    }
}

impl Tally {
    /// Nothing counted yet.
    #[must_use]
    pub fn new(plan: Arc<TallyPlan>) -> Self {
        let keys = plan.by.iter().copied().chain(plan.filter.conditions.iter().map(|condition| condition.parts().0));
        let by_profile = keys.into_iter().all(Key::is_of_profile);
        Self {
            plan,
            blank: Symbol::default(),
            total: Counting::default(),
            index: FxHashMap::default(),
            groups: Vec::new(),
            surplus: Counting::default(),
            by_profile,
            summary: AsOfSummary::default(),
            waiting: PerProfile::default(),
        }
    }

    /// What is counted.
    #[must_use]
    pub fn plan(&self) -> &Arc<TallyPlan> {
        &self.plan
    }

    /// Counts an issue.
    pub fn issue(&mut self, issue: &Issue<'_>) {
        let state = State::of(issue, &self.plan.as_of);
        self.summary.look_at(state);
        if !state.is_counted() {
            return self.leave_out(issue, state);
        }
        if !self.plan.filter.period.contains(issue.found_on) {
            return;
        }
        let id = issue.known.filter(|_| self.by_profile);
        let Some(counts) = id.and_then(|id| self.waiting.get_mut(id, &issue.profile)) else {
            return self.count(issue, state, 1);
        };
        let count = &mut counts.0[state.code()];
        *count += 1;
        if *count == u16::MAX {
            self.settle();
        }
    }

    /// Tells an issue that is not counted, if that is only for the as-of day.
    #[cold]
    fn leave_out(&mut self, issue: &Issue<'_>, state: State) {
        if state.not_yet_found && self.plan.filter.holds_at_any_day(issue, state) {
            self.summary.leave_out(&issue.row, Field::FoundOn);
        }
    }

    /// Counts the issues that wait.
    fn settle(&mut self) {
        for (profile, counts) in self.waiting.take() {
            self.count_profile(profile, &counts);
        }
    }

    /// Counts issues of a profile, by their states.
    fn count_profile(&mut self, profile: Arc<Profile>, counts: &StateCounts) {
        let issue = Issue::of(Row::new(SourceId(0)), Cow::Owned(profile), None);
        for (code, count) in counts.0.into_iter().enumerate().filter(|(_, count)| *count > 0) {
            self.count(&issue, State::of_code(code), count.into());
        }
    }

    /// Counts so many issues like one that was found in the period.
    fn count(&mut self, issue: &Issue<'_>, state: State, count: u64) {
        if !self.plan.filter.holds_but_for_days(issue, state) {
            return;
        }
        self.summary.count(state, count);
        if self.plan.by.is_empty() {
            self.total.issues(issue, state, count);
            return;
        }
        let mut single = GroupName::new();
        single.extend(self.plan.by.iter().map_while(|key| key.one(issue, state, self.blank)));
        if single.len() == self.plan.by.len() {
            self.group(&single).issues(issue, state, count);
            return;
        }
        for (before, group) in self.plan.groups_of(issue, state).iter().enumerate() {
            self.group(group).issues(issue, state, count);
            if before > 0 {
                self.surplus.issues(issue, state, count);
            }
        }
    }

    /// Counts an inspection.
    pub fn inspection(&mut self, inspection: &Inspection<'_>) {
        if !self.plan.filter.holds_inspection(inspection) {
            return;
        }
        if inspection.date > Some(self.plan.as_of.day) {
            self.summary.leave_out(&inspection.row, Field::Date);
            return;
        }
        self.total.inspection();
        let values: Option<Vec<Values>> = self.plan.by.iter().map(|key| key.inspection_values(inspection)).collect();
        let Some(values) = values.filter(|values| !values.is_empty()) else { return };
        for group in groups(&values) {
            self.group(&group).inspection();
        }
    }

    /// The counts of a group. Most rows find theirs there already: only a new group is allocated.
    #[inline]
    fn group(&mut self, group: &[Symbol]) -> &mut Counting {
        let at = if let Some(at) = self.index.get(group) {
            *at
        } else {
            self.groups.push(Counting::default());
            self.index.insert(group.into(), self.groups.len() - 1);
            self.groups.len() - 1
        };
        &mut self.groups[at]
    }

    /// The counts of everything selected.
    fn total(&self) -> Counting {
        let mut total = self.total.clone();
        for group in &self.groups {
            total.add_issues(group);
        }
        total.subtract(&self.surplus);
        total
    }

    /// Gives this tally and another the groups that only one of them has.
    fn share_groups(&mut self, other: &mut Self) {
        self.settle();
        other.settle();
        #[expect(clippy::iter_over_hash_type, reason = "groups are sorted in the end")]
        for group in other.index.keys() {
            self.group(group);
        }
        #[expect(clippy::iter_over_hash_type, reason = "groups are sorted in the end")]
        for group in self.index.keys() {
            other.group(group);
        }
    }

    /// What the as-of day did to the rows selected.
    pub fn summary(&mut self) -> &mut AsOfSummary {
        self.settle();
        &mut self.summary
    }

    /// The figures, groups in order: by the vocabulary's order where there is one, else by `found`
    /// descending, then by key.
    #[must_use]
    pub fn finish(mut self, project: &Project) -> TallyReport {
        self.settle();
        let plan = &self.plan;
        let of_inspections = plan.filter.speaks_of_inspections();
        let in_groups = of_inspections && plan.by.iter().all(|key| key.speaks_of_inspections());
        let rank = |key: &Key, value: &Symbol| match key {
            Key::Field(field) => project.vocabularies.of(*field).rank(value.as_str()),
            // Months and weeks are in the order of time.
            Key::Month | Key::Week => Some(0),
            _ => None,
        };
        let mut list: Vec<(&GroupName, &Counting)> =
            self.index.iter().map(|(group, at)| (group, &self.groups[*at])).collect();
        list.sort_by_cached_key(|(group, counting)| {
            let ranked = plan.by.iter().zip(*group).map(|(key, value)| {
                let timed = matches!(key, Key::Month | Key::Week).then_some(*value);
                (rank(key, value).unwrap_or(usize::MAX), timed)
            });
            (ranked.collect::<Vec<_>>(), Reverse(counting.found()), (*group).clone())
        });
        let groups = list.into_iter().map(|(values, counting)| Group {
            key: plan.by.iter().map(Key::to_string).zip(values.iter().map(Symbol::to_string)).collect(),
            counts: counting.finish(&project.vocabularies, in_groups),
        });
        TallyReport {
            as_of: plan.as_of.day.to_string(),
            from: plan.filter.period.from.map(|day| day.to_string()),
            to: plan.filter.period.to.map(|day| day.to_string()),
            by: plan.by.iter().map(Key::to_string).collect(),
            left_out: LeftOut { after_as_of: self.summary.after_as_of, ..LeftOut::default() },
            by_undated_word: self.summary.by_undated_word(),
            against: None,
            groups: groups.collect(),
            total: self.total().finish(&project.vocabularies, of_inspections),
        }
    }
}

impl Fold<Entry<'_>> for Tally {
    fn push(&mut self, entry: &Entry<'_>) {
        match entry {
            Entry::Issue(issue) => self.issue(issue),
            Entry::Inspection(inspection) => self.inspection(inspection),
            Entry::Measure(_) | Entry::Declared(_) => {}
        }
    }

    fn merge(&mut self, later: Self) {
        for (profile, counts) in self.waiting.merge(later.waiting, StateCounts::add) {
            self.count_profile(profile, &counts);
        }
        self.summary.merge(&later.summary);
        self.total.merge(&later.total);
        self.surplus.merge(&later.surplus);
        #[expect(clippy::iter_over_hash_type, reason = "sums don't depend on the order")]
        for (group, at) in later.index {
            self.group(&group).merge(&later.groups[at]);
        }
    }
}

/// The figures of a tally: what `tally --format json` prints.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TallyReport {
    /// The day the standings hold for.
    pub as_of: String,
    /// The first day of finding counted; open if nothing.
    pub from: Option<String>,
    /// The last day of finding counted; open if nothing.
    pub to: Option<String>,
    /// The keys grouped by.
    pub by: Vec<String>,
    /// What the logs have and the counts have not, or should not be relied on to have.
    pub left_out: LeftOut,
    /// Issues that count as closed or rectified by a status without a day, if the run looks back.
    pub by_undated_word: u64,
    /// What the counts are compared with, if anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub against: Option<Against>,
    /// Everything selected.
    pub total: Counts,
    /// One entry for each group.
    pub groups: Vec<Group>,
}

/// The earlier submission that counts are compared with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Against {
    /// The first day of finding counted; open if nothing.
    pub from: Option<String>,
    /// The last day of finding counted; open if nothing.
    pub to: Option<String>,
    /// The day that its standings hold for.
    pub as_of: String,
}

/// One group and its counts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// The value of each key; blank where the log says nothing.
    pub key: IndexMap<String, String>,
    /// What was counted.
    #[serde(flatten)]
    pub counts: Counts,
}

impl TallyReport {
    /// The sum of `found` over the groups: more than the total where issues stand in several groups.
    #[must_use]
    pub fn sum_over_groups(&self) -> u64 {
        self.groups.iter().map(|group| group.counts.found).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::profile_id::{ProfileId, ProfileTable};
    use crate::words::calendar::Calendar;

    fn profile(unit: &str, table: &ProfileTable) -> (Arc<Profile>, ProfileId) {
        table.number(Arc::new(Profile { unit: Some(Symbol::new(unit)), ..Profile::default() })).unwrap()
    }

    #[test]
    fn numbers_of_different_tables_are_told_apart() {
        let as_of = AsOf::new(chrono::NaiveDate::default(), 3, false, &Calendar::weekdays());
        let by = vec![Key::Field(Field::Unit)];
        let plan = Arc::new(TallyPlan { by, filter: Filter::default(), as_of });
        let tally = |units: &[&str]| {
            let mut tally = Tally::new(plan.clone());
            for unit in units {
                // Each gets the number 0 of a table of its own.
                let (profile, id) = profile(unit, &ProfileTable::default());
                tally.issue(&Issue::of(Row::new(SourceId(0)), Cow::Owned(profile), Some(id)));
            }
            tally
        };
        let mut all = tally(&["甲", "乙", "甲"]);
        all.merge(tally(&["丙", "甲"]));
        let report = all.finish(&Project::default());
        let found: Vec<(String, u64)> = report
            .groups
            .iter()
            .map(|group| (group.key.values().next().unwrap().clone(), group.counts.found))
            .collect();
        assert_eq!(found, [("甲".to_owned(), 3), ("丙".to_owned(), 1), ("乙".to_owned(), 1)]);
    }

    #[test]
    fn a_count_that_is_full_is_counted_on() {
        let day = chrono::NaiveDate::default();
        let as_of = AsOf::new(day, 3, false, &Calendar::weekdays());
        let plan = Arc::new(TallyPlan { by: Vec::new(), filter: Filter::default(), as_of });
        let (profile, id) = profile("一个责任单位", &ProfileTable::default());
        let waiting = |count: u16| {
            let mut tally = Tally::new(plan.clone());
            tally.waiting.get_mut(id, &profile).unwrap().0[0] = count;
            tally
        };
        for (first, second) in [(u16::MAX - 1, 1), (u16::MAX - 1, u16::MAX - 1), (1, 1)] {
            let mut tally = waiting(first);
            tally.merge(waiting(second));
            tally.issue(&Issue::of(Row::new(SourceId(0)), Cow::Owned(profile.clone()), Some(id)));
            let found = tally.finish(&Project::default()).total.found;
            assert_eq!(found, u64::from(first) + u64::from(second) + 1);
        }
    }
}
