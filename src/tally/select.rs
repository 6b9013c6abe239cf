//! Selecting issues: by key and value (`--where`), and by period.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use crate::model::Field;
use crate::model::key::{Key, UnknownKey};
use crate::model::period::Period;
use crate::model::record::{Inspection, Issue, Values};
use crate::model::state::State;
use crate::model::value_ids::{Dictionary, Slot};
use crate::project::{Project, Selection, UnknownValue};
use crate::words::lang::Lang;
use crate::words::symbol::Symbol;

/// A condition: a key has one of some values, or none of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    key: Key,
    values: Vec<Symbol>,
    /// Whether the key must have none of the values.
    not: bool,
}

/// Which issues are counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// The conditions, all of which must hold.
    pub conditions: Vec<Condition>,
    /// The period in which the issue was found.
    pub period: Period,
}

/// A condition that can't be parsed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.text(Lang::En))]
pub enum InvalidCondition {
    /// The key is unknown.
    Key(UnknownKey),
    /// It has no `=`.
    Form(String),
    /// The key can't have the value.
    Value(UnknownValue),
}

impl InvalidCondition {
    /// Returns the message for the user.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        match self {
            Self::Key(fault) => fault.text(lang),
            Self::Value(fault) => lang.pick(
                format!("{}。{}", fault.message(lang), fault.help(lang)),
                format!("{}; {}", fault.message(lang), fault.help(lang)),
            ),
            Self::Form(text) => lang.pick(
                format!("条件 `{text}` 应写成 键=值，例如 disposition=deadline 或 unit!=某单位|某单位"),
                format!("`{text}` is not a condition: write KEY=VALUE, such as disposition=deadline or unit!=A|B"),
            ),
        }
    }
}

/// As on the command line: `unit!=A|B`.
impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let values: Vec<&str> = self.values.iter().map(|value| value.as_str()).collect();
        write!(f, "{}{}={}", self.key, if self.not { "!" } else { "" }, values.join("|"))
    }
}

impl Condition {
    /// Makes a condition from canonical values.
    #[must_use]
    pub fn new(key: Key, values: &[String], not: bool) -> Self {
        let values = values.iter().map(|value| Symbol::new(value)).collect();
        Self { key, values, not }
    }

    /// Parses `KEY=VALUE` or `KEY!=VALUE`, with several values separated by `|`; an empty value means a blank cell.
    /// Spellings and aliases are accepted.
    ///
    /// # Errors
    /// Fails if the key is unknown, if it can't have the value, or if there is no `=`.
    pub fn parse(text: &str, project: &Project) -> Result<Self, InvalidCondition> {
        let (key, values) = text.split_once('=').ok_or_else(|| InvalidCondition::Form(text.to_owned()))?;
        let (key, not) = key.strip_suffix('!').map_or((key, false), |key| (key, true));
        let key = Key::from_str(key).map_err(InvalidCondition::Key)?;
        let values = values.split('|').map(|value| project.canonical(key, value)).collect::<Result<Vec<_>, _>>();
        Ok(Self::new(key, &values.map_err(InvalidCondition::Value)?, not))
    }

    /// Returns the key, the values, and whether the key must have none of them.
    #[must_use]
    pub fn parts(&self) -> (Key, &[Symbol], bool) {
        (self.key, &self.values, self.not)
    }

    fn holds_for(&self, issue: &Issue<'_>, state: State) -> bool {
        self.holds(&self.key.values(issue, state))
    }

    fn holds(&self, values: &Values) -> bool {
        let is_blank = values.is_empty() && self.values.iter().any(|value| value.as_str().is_empty());
        (is_blank || values.iter().any(|value| self.values.contains(value))) != self.not
    }
}

/// Whether each condition of a filter holds, by the number of the value that it is about: for each value it is found out
/// once.
#[derive(Clone, Debug)]
pub(super) struct Verdicts {
    /// For each condition the slot of its key, if it has one, and the verdicts met so far.
    by_id: Vec<(Option<Slot>, Vec<Option<bool>>)>,
    dictionary: Option<Arc<Dictionary>>,
}

impl Verdicts {
    pub(super) fn new(filter: &Filter) -> Self {
        let by_id = filter.conditions.iter().map(|condition| (condition.key.slot(), Vec::new()));
        Self { by_id: by_id.collect(), dictionary: None }
    }

    /// Whether all conditions of the filter hold for an issue, whatever the period.
    #[inline]
    pub(super) fn hold(&mut self, filter: &Filter, issue: &Issue<'_>, state: State) -> bool {
        self.by_id.is_empty() || self.look(filter, issue, state)
    }

    fn look(&mut self, filter: &Filter, issue: &Issue<'_>, state: State) -> bool {
        let coded = issue.coded().filter(|coded| {
            let known = self.dictionary.get_or_insert_with(|| Arc::clone(coded.meanings.dictionary()));
            Arc::ptr_eq(known, coded.meanings.dictionary())
        });
        filter.conditions.iter().zip(&mut self.by_id).all(|(condition, (slot, known))| {
            let (Some(coded), Some(slot)) = (coded, slot) else { return condition.holds_for(issue, state) };
            let id = coded.ids.get(*slot) as usize;
            if let Some(Some(verdict)) = known.get(id) {
                return *verdict;
            }
            let verdict = condition.holds_for(issue, state);
            if known.len() <= id {
                known.resize(id + 1, None);
            }
            known[id] = Some(verdict);
            verdict
        })
    }
}

impl Filter {
    /// Makes the filter of a selection in a config or a template.
    #[must_use]
    pub fn of(selection: &Selection, period: Period) -> Self {
        let conditions = selection.iter().map(|(key, values)| Condition::new(*key, values, false)).collect();
        Self { conditions, period }
    }

    /// Whether an issue is in one of several selections; true if there are none.
    #[must_use]
    pub fn any(selections: &[Selection], issue: &Issue<'_>, state: State) -> bool {
        let holds = |selection| Self::of(selection, Period::default()).holds(issue, state);
        selections.is_empty() || selections.iter().any(holds)
    }

    /// Whether an issue is selected. Withdrawn issues never are, nor those found after the as-of day.
    #[must_use]
    pub fn holds(&self, issue: &Issue<'_>, state: State) -> bool {
        state.is_counted() && self.period.contains(issue.found_on) && self.holds_but_for_days(issue, state)
    }

    /// Whether a value of a field, of which an issue may have several, is one of those that each condition on the field asks
    /// for.
    pub(crate) fn selects(&self, field: Field, value: Symbol) -> bool {
        let of_field = self.conditions.iter().filter(|condition| condition.key == Key::Field(field));
        of_field.into_iter().all(|condition| condition.values.contains(&value) != condition.not)
    }

    /// Whether an issue would be selected if it had been found by the as-of day.
    #[must_use]
    pub fn holds_at_any_day(&self, issue: &Issue<'_>, state: State) -> bool {
        self.holds(issue, State { not_yet_found: false, ..state })
    }

    /// Whether an issue would be selected if the period had no ends.
    #[must_use]
    pub fn holds_on_any_day(&self, issue: &Issue<'_>, state: State) -> bool {
        state.is_counted() && self.holds_but_for_days(issue, state)
    }

    /// Whether the conditions hold, whatever the period.
    fn holds_but_for_days(&self, issue: &Issue<'_>, state: State) -> bool {
        self.conditions.iter().all(|condition| condition.holds_for(issue, state))
    }

    /// Whether it applies to inspections: they have the keys of all conditions.
    #[must_use]
    pub fn speaks_of_inspections(&self) -> bool {
        self.conditions.iter().all(|condition| condition.key.speaks_of_inspections())
    }

    /// Whether an inspection is selected.
    #[must_use]
    pub fn holds_inspection(&self, inspection: &Inspection<'_>) -> bool {
        self.period.contains(inspection.date)
            && self.conditions.iter().all(|condition| {
                condition.key.inspection_values(inspection).is_some_and(|values| condition.holds(&values))
            })
    }
}
