//! What a tally counts, decided before the first row is read.

use crate::model::Field;
use crate::model::key::Key;
use crate::model::record::{Issue, Values};
use crate::model::state::{AsOf, State};
use crate::tally::coded::Parts;
use crate::tally::counts::{GroupName, groups};
use crate::tally::select::Filter;
use crate::words::lang::Lang;
use crate::words::symbol::Symbol;

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
    /// The plan for people (`tally -v`): keys and conditions in the words of the command line, and how rows are counted.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        let by: Vec<String> = self.by.iter().map(Key::to_string).collect();
        let by = if by.is_empty() { lang.pick("（不分组）", "(no groups)").to_owned() } else { by.join(",") };
        let how = match Parts::of(&self.by) {
            Some(_) => lang.pick("按值的编号计数", "counted by numbers of values"),
            None => lang.pick("按值逐行计数", "counted by the values of each row"),
        };
        let mut parts = vec![format!("--by {by}")];
        parts.extend(self.filter.conditions.iter().map(|condition| format!("--where {condition}")));
        parts.extend(self.filter.period.from.map(|day| format!("--from {day}")));
        parts.extend(self.filter.period.to.map(|day| format!("--to {day}")));
        parts.push(format!("--as-of {}", self.as_of.day));
        let asked = parts.join(" ");
        lang.pick(format!("统计：{asked}；{how}"), format!("plan: {asked}; {how}"))
    }

    /// Returns those of the categories of an issue in which it may be a repeat: in the group of a category that one, and
    /// where categories are selected those. Of any other category not all issues are counted there.
    pub(super) fn repeating(&self, issue: &Issue<'_>, group: &[Symbol]) -> Values {
        let at = self.by.iter().position(|key| *key == Key::Field(Field::Category));
        let of_group = at.and_then(|at| group.get(at));
        let may_repeat = |category: &Symbol| {
            of_group.is_none_or(|of_group| of_group == category) && self.filter.selects(Field::Category, *category)
        };
        issue.categories.iter().copied().filter(may_repeat).collect()
    }

    /// Returns the groups of an issue: several if it has several values of a key.
    pub(super) fn groups_of(&self, issue: &Issue<'_>, state: State) -> Vec<GroupName> {
        let values: Vec<Values> = self.by.iter().map(|key| key.values(issue, state)).collect();
        groups(&values)
    }
}
