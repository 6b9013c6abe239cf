//! Stage 4: records to figures. A tally is a fold: counts by group, in one pass, mergeable.
//!
//! - [`as_of_summary`]: what the as-of day leaves out, and which states rest on a word
//! - [`counts`]: what is counted of a group
//! - `plan`: what is counted, decided before the first row
//! - [`select`]: which issues are counted
//! - [`identity`]: sums that must agree before a document is written
//! - [`compare`]: a tally beside that of an earlier submission
//! - `coded`: counts by numbers, as rows are read; `cell_index`, `id_set`: what it finds cells and keeps sites with
//! - [`partial`]: a tally as a file, to be added to others
//! - [`screen`]: tables that fit a terminal
//! - [`show`]: a tally as table, JSON, CSV, Markdown

pub mod as_of_summary;
mod cell_index;
mod coded;
pub mod compare;
pub mod counts;
mod id_set;
pub mod identity;
pub mod partial;
mod plan;
pub mod screen;
pub mod select;
pub mod show;

use std::cmp::Reverse;
use std::sync::Arc;

use indexmap::IndexMap;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::fold::Fold;
use crate::model::key::Key;
use crate::model::record::{Inspection, Issue, Values};
use crate::model::state::State;
use crate::model::{Entry, Field};
use crate::project::Project;
use crate::words::symbol::Symbol;
use as_of_summary::{AsOfSummary, LeftOut};
use coded::{CodedCounts, Parts};
use counts::{Counting, Counts, GroupName, groups};
pub use plan::TallyPlan;
use select::Verdicts;

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
    /// What the as-of day does to the issues and inspections selected.
    summary: AsOfSummary,
    /// Issues that are counted by numbers and not in their groups yet; `None` if a key can't be counted so.
    coded: Option<CodedCounts>,
    /// Whether the conditions hold for the values met so far.
    verdicts: Verdicts,
}

impl Tally {
    /// Nothing counted yet.
    #[must_use]
    pub fn new(plan: Arc<TallyPlan>) -> Self {
        let coded = Parts::of(&plan.by).map(CodedCounts::new);
        let verdicts = Verdicts::new(&plan.filter);
        Self {
            plan,
            blank: Symbol::default(),
            total: Counting::default(),
            index: FxHashMap::default(),
            groups: Vec::new(),
            surplus: Counting::default(),
            summary: AsOfSummary::default(),
            coded,
            verdicts,
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
        if !self.verdicts.hold(&self.plan.filter, issue, state) {
            return;
        }
        if !self.coded.as_mut().is_some_and(|coded| coded.count(issue, state)) {
            self.count(issue, state);
        }
    }

    /// Tells an issue that is not counted, if that is only for the as-of day.
    #[cold]
    fn leave_out(&mut self, issue: &Issue<'_>, state: State) {
        if state.not_yet_found && self.plan.filter.holds_at_any_day(issue, state) {
            self.summary.leave_out(&issue.row, Field::FoundOn);
        }
    }

    /// Puts the issues that are counted by numbers into their groups.
    fn settle(&mut self) {
        if let Some(coded) = self.coded.take() {
            self.coded = Some(CodedCounts::new(coded.parts().clone()));
            self.add_cells(&coded);
        }
    }

    fn add_cells(&mut self, coded: &CodedCounts) {
        for (state, count) in coded.states() {
            self.summary.count(state, count);
        }
        let blank = self.blank;
        coded.each_cell(|cell| {
            if self.plan.by.is_empty() {
                return self.total.cell(cell);
            }
            let name: GroupName = cell.values.iter().map(|value| value.unwrap_or(blank)).collect();
            self.group(&name).cell(cell);
        });
    }

    /// Counts a selected issue by its values.
    fn count(&mut self, issue: &Issue<'_>, state: State) {
        self.summary.count(state, 1);
        if self.plan.by.is_empty() {
            let repeating = self.plan.repeating(issue, &[]);
            self.total.issue(issue, state, &repeating);
            return;
        }
        let mut single = GroupName::new();
        single.extend(self.plan.by.iter().map_while(|key| key.one(issue, state, self.blank)));
        if single.len() == self.plan.by.len() {
            let repeating = self.plan.repeating(issue, &single);
            self.group(&single).issue(issue, state, &repeating);
            return;
        }
        let mut before = Values::new();
        for (at, group) in self.plan.groups_of(issue, state).iter().enumerate() {
            let repeating = self.plan.repeating(issue, group);
            self.group(group).issue(issue, state, &repeating);
            if at > 0 {
                // In the total each category counts once, in the first of the groups that have it.
                let again: Values = repeating.iter().copied().filter(|category| before.contains(category)).collect();
                self.surplus.issue(issue, state, &again);
            }
            before.extend(repeating);
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

    /// The figures, groups in order.
    #[must_use]
    pub fn finish(self, project: &Project) -> TallyReport {
        self.finish_with(project, false)
    }

    /// The figures, with those of the groups of the first keys if there are to be subtotals.
    fn finish_with(self, project: &Project, has_subtotals: bool) -> TallyReport {
        let sorted = self.sorted(project, has_subtotals);
        sorted.report(sorted.groups().collect())
    }

    /// Puts the groups in order: by the vocabulary's order where there is one, else by `found` descending, then by key. With
    /// subtotals, which are the counts of the groups of the first keys, groups of one subtotal stand together: no key but the
    /// first may have several values.
    #[must_use]
    pub fn sorted(mut self, project: &Project, has_subtotals: bool) -> SortedTally<'_> {
        self.settle();
        self.coded = None;
        let plan = &self.plan;
        let rank = |key: &Key, value: &Symbol| match key {
            Key::Field(field) => project.vocabularies.of(*field).rank(value.as_str()),
            // Months and weeks are in the order of time.
            Key::Found(_) => Some(0),
            Key::State | Key::Age => key.computed_values().iter().position(|known| known.key == value.as_str()),
            _ => None,
        };
        let ranked = |group: &[Symbol]| {
            let ranked = plan.by.iter().zip(group).map(|(key, value)| {
                let timed = matches!(key, Key::Found(_)).then_some(*value);
                (rank(key, value).unwrap_or(usize::MAX), timed)
            });
            ranked.collect::<SmallVec<[_; 2]>>()
        };
        let mut order: Vec<(GroupName, usize)> = std::mem::take(&mut self.index).into_iter().collect();
        let mut subtotals: Vec<(GroupName, Counting)> = Vec::new();
        if has_subtotals {
            let sums = self.subtotals(&order);
            let found = |group: &[Symbol]| sums.get(group).map_or(0, Counting::found);
            order.sort_by_cached_key(|(group, at)| {
                // Level after level, the last being the group itself.
                let levels = (1..=group.len()).map(|level| {
                    let found = if level == group.len() { self.groups[*at].found() } else { found(&group[..level]) };
                    (ranked(&group[..level]).pop(), Reverse(found), group[level - 1])
                });
                levels.collect::<Vec<_>>()
            });
            subtotals.extend(sums);
            let place = |name: &[Symbol]| order.iter().position(|(group, _)| group.starts_with(name));
            subtotals.sort_by_cached_key(|(name, _)| (place(name), name.len()));
        } else {
            order.sort_by_cached_key(|(group, at)| (ranked(group), Reverse(self.groups[*at].found()), group.clone()));
        }
        SortedTally { tally: self, order, subtotals, project }
    }

    /// The counts of the groups of the first key, of the first two, and so on.
    fn subtotals(&self, groups: &[(GroupName, usize)]) -> FxHashMap<GroupName, Counting> {
        let mut sums: FxHashMap<GroupName, Counting> = FxHashMap::default();
        for (group, at) in groups {
            for level in 1..group.len() {
                sums.entry(group[..level].into()).or_default().merge(&self.groups[*at]);
            }
        }
        sums
    }
}

/// A tally whose groups are in order. There may be many: what is printed of each is made as it is asked for.
pub struct SortedTally<'p> {
    tally: Tally,
    /// The groups, with the index of their counts.
    order: Vec<(GroupName, usize)>,
    /// The counts of the groups of the first keys, in the order of their first groups.
    subtotals: Vec<(GroupName, Counting)>,
    project: &'p Project,
}

impl SortedTally<'_> {
    /// The groups in order.
    pub fn groups(&self) -> impl Iterator<Item = Group> {
        self.order.iter().map(|(values, at)| self.group(values, &self.tally.groups[*at]))
    }

    fn group(&self, values: &[Symbol], counts: &Counting) -> Group {
        let by = &self.tally.plan.by;
        let of_inspections = self.speaks_of_inspections() && by.iter().all(|key| key.speaks_of_inspections());
        Group {
            key: by.iter().map(Key::to_string).zip(values.iter().map(Symbol::to_string)).collect(),
            counts: counts.finish(&self.project.vocabularies, of_inspections),
        }
    }

    /// The figures, with the groups as `groups` has them.
    pub fn report<G>(&self, groups: G) -> TallyReport<G> {
        let TallyPlan { by, filter, as_of } = &*self.tally.plan;
        TallyReport {
            as_of: as_of.day.to_string(),
            from: filter.period.from.map(|day| day.to_string()),
            to: filter.period.to.map(|day| day.to_string()),
            by: by.iter().map(Key::to_string).collect(),
            left_out: LeftOut { after_as_of: self.tally.summary.after_as_of, ..LeftOut::default() },
            by_undated_word: self.tally.summary.by_undated_word(),
            against: None,
            subtotals: self.subtotals.iter().map(|(values, counts)| self.group(values, counts)).collect(),
            groups,
            total: self.tally.total().finish(&self.project.vocabularies, self.speaks_of_inspections()),
        }
    }

    fn speaks_of_inspections(&self) -> bool {
        self.tally.plan.filter.speaks_of_inspections()
    }
}

impl Fold<Entry<'_>> for Tally {
    const ANY_ORDER: bool = true;

    fn push(&mut self, entry: &Entry<'_>) {
        match entry {
            Entry::Issue(issue) => self.issue(issue),
            Entry::Inspection(inspection) => self.inspection(inspection),
            Entry::Measure(_) | Entry::Declared(_) => {}
        }
    }

    fn merge(&mut self, later: Self) {
        // Numbers of another dictionary are those of another run.
        let left = match (&mut self.coded, later.coded) {
            (Some(own), Some(later)) => own.merge(later),
            (None, left) => left,
            (Some(_), None) => None,
        };
        if let Some(left) = left {
            self.add_cells(&left);
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
pub struct TallyReport<G = Vec<Group>> {
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
    /// The groups of the first keys, each in front of those of the next, if there are subtotals.
    #[serde(default = "Vec::new", skip_serializing_if = "Vec::is_empty")]
    pub subtotals: Vec<Group>,
    /// One entry for each group.
    pub groups: G,
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

/// Whether the keys of a tally have subtotals without being asked: units under their group.
#[must_use]
pub fn rolls_up(by: &[Key]) -> bool {
    by.windows(2).any(|keys| keys == [Key::Group, Key::Field(Field::Unit)])
}

/// A line of a report: a group, or the sum of those above it that have the same first values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ReportLine<'r> {
    /// A group.
    Group(&'r Group),
    /// A subtotal.
    Subtotal(&'r Group),
}

impl TallyReport {
    /// The groups with their subtotals, each behind its groups.
    #[must_use]
    pub fn lines(&self) -> Vec<ReportLine<'_>> {
        let behind = |at: usize, subtotal: &Group| {
            let is_within = |group: Option<&Group>| {
                let values = |group: &Group| group.key.values().take(subtotal.key.len()).cloned().collect::<Vec<_>>();
                group.is_some_and(|group| values(group) == values(subtotal))
            };
            is_within(self.groups.get(at)) && !is_within(self.groups.get(at + 1))
        };
        let mut lines = Vec::new();
        for (at, group) in self.groups.iter().enumerate() {
            lines.push(ReportLine::Group(group));
            // The narrowest first.
            let ended = self.subtotals.iter().rev().filter(|subtotal| behind(at, subtotal));
            lines.extend(ended.map(ReportLine::Subtotal));
        }
        lines
    }

    /// The sum of `found` over the groups: more than the total where issues stand in several groups.
    #[must_use]
    pub fn sum_over_groups(&self) -> u64 {
        self.groups.iter().map(|group| group.counts.found).sum()
    }
}

#[cfg(test)]
mod tests {
    use std::str::FromStr;

    use proptest::prelude::*;

    use super::*;
    use crate::model::Row;
    use crate::model::record::IssueValues;
    use crate::model::state::AsOf;
    use crate::model::value_ids::{Dictionary, Meanings, Slot, Standing, ValueIds};
    use crate::place::SourceId;
    use crate::tally::select::Filter;
    use crate::words::calendar::Calendar;

    const SLOTS: [Slot; 5] = [Slot::Unit, Slot::Site, Slot::Source, Slot::Disposition, Slot::Category];

    /// The reader that an issue is read by, its values in the order of [`SLOTS`], its status, and its days.
    type Written = (usize, [String; SLOTS.len()], String, [Option<u32>; 3]);

    fn tally(plan: &Arc<TallyPlan>, written: &[Written], is_owned: bool) -> Tally {
        let dictionary = Arc::new(Dictionary::default());
        // The last reader is of another run.
        let mut readers =
            [0, 1, 2].map(|at| Meanings::new(if at == 2 { Arc::default() } else { Arc::clone(&dictionary) }));
        let mut parts: Vec<Tally> = readers.iter().map(|_| Tally::new(plan.clone())).collect();
        for (reader, values, status, days) in written {
            let meanings = &mut readers[*reader];
            let mut ids = ValueIds::default();
            for (slot, text) in SLOTS.into_iter().zip(values) {
                let values: Values = text.split('、').filter(|value| !value.is_empty()).map(Symbol::new).collect();
                ids.set(slot, meanings.learn(slot, &values));
            }
            let status = Some(Symbol::new(status)).filter(|status| !status.as_str().is_empty());
            ids.set(Slot::Status, meanings.learn_standing(Standing { status, ..Standing::default() }));
            let values = IssueValues::coded(ids, meanings, meanings.flags(&ids));
            let [found_on, deadline, rectified_on] =
                days.map(|day| chrono::NaiveDate::from_ymd_opt(2021, 7 + day? / 28, day? % 28 + 1));
            let issue = Issue { found_on, deadline, rectified_on, ..Issue::of(Row::new(SourceId(0)), values) };
            if is_owned {
                parts[*reader].issue(&issue.into_owned());
            } else {
                parts[*reader].issue(&issue);
            }
        }
        let mut all = Tally::new(plan.clone());
        for part in parts {
            all.merge(part);
        }
        all
    }

    fn written() -> impl Strategy<Value = Written> {
        let values = ["甲|乙|丙|", "[东西]?", "日常|群众|", "on_site|deadline|immediate|", "消防|环境|消防、环境|"];
        let day = || proptest::option::of(0..80_u32);
        (0..3_usize, values, "|closed|withdrawn|returned", [day(), day(), day()])
    }

    proptest! {
        /// Counted by numbers or by values, and by whichever reader: the figures are the same.
        #[test]
        fn counting_by_numbers_shows_nowhere(
            written in proptest::collection::vec(written(), 0..60),
            by in prop::sample::select(&["", "unit", "category", "unit,category", "month,unit", "week", "status,late,unit", "tags", "group", "progress"][..]),
            condition in prop::sample::select(&["", "unit=甲|乙", "category!=消防", "overdue=yes", "month=2021-08", "progress=已约谈"][..]),
        ) {
            let by: Vec<Key> = by.split(',').filter(|key| !key.is_empty()).map(|key| key.parse().unwrap()).collect();
            let project = Project::default();
            let conditions = Some(condition).filter(|text| !text.is_empty()).map(|text| select::Condition::parse(text, &project).unwrap());
            let filter = Filter { conditions: conditions.into_iter().collect(), ..Filter::default() };
            let day = chrono::NaiveDate::from_str("2021-08-20").unwrap();
            let as_of = AsOf::new(day, 3, false, &Calendar::weekdays());
            let plan = Arc::new(TallyPlan { by, filter, as_of });
            let mut found = [true, false].map(|is_owned| tally(&plan, &written, is_owned));
            let summaries = found.each_mut().map(|tally| tally.summary().clone());
            prop_assert_eq!(&summaries[0], &summaries[1]);
            let [expected, found] = found.map(|tally| tally.finish(&project));
            prop_assert_eq!(found, expected);
        }
    }
}
