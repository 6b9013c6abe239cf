//! Selecting issues: by key and value (`--where`), and by period.

use std::str::FromStr;

use crate::model::key::{Key, UnknownKey};
use crate::model::period::Period;
use crate::model::record::{Inspection, Issue, Values};
use crate::model::state::State;
use crate::project::{Project, Selection, UnknownValue};
use crate::words::lang::Lang;
use crate::words::symbol::Symbol;

/// One condition: a key has, or has not, one of some values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    key: Key,
    values: Vec<Symbol>,
    not: bool,
}

/// What issues are counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// All must hold.
    pub conditions: Vec<Condition>,
    /// The days of finding.
    pub period: Period,
}

/// A condition that can't be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.text(Lang::En))]
pub enum InvalidCondition {
    /// There is no such key.
    Key(UnknownKey),
    /// There is no `=`.
    Form(String),
    /// The key can't have the value.
    Value(UnknownValue),
}

impl InvalidCondition {
    /// The sentence for the user.
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
                format!("`{text}` is no condition: write KEY=VALUE, such as disposition=deadline or unit!=A|B"),
            ),
        }
    }
}

impl Condition {
    /// A condition with canonical values.
    #[must_use]
    pub fn new(key: Key, values: &[String], not: bool) -> Self {
        let values = values.iter().map(|value| Symbol::new(value)).collect();
        Self { key, values, not }
    }

    /// Reads `KEY=VALUE`, `KEY!=VALUE`, several values with `|`; no value means the blank one. Spellings and aliases
    /// are understood.
    ///
    /// # Errors
    /// An unknown key, a value that the key can't have, or no `=`.
    pub fn parse(text: &str, project: &Project) -> Result<Self, InvalidCondition> {
        let (key, values) = text.split_once('=').ok_or_else(|| InvalidCondition::Form(text.to_owned()))?;
        let (key, not) = key.strip_suffix('!').map_or((key, false), |key| (key, true));
        let key = Key::from_str(key).map_err(InvalidCondition::Key)?;
        let values = values.split('|').map(|value| project.canonical(key, value)).collect::<Result<Vec<_>, _>>();
        Ok(Self::new(key, &values.map_err(InvalidCondition::Value)?, not))
    }

    /// Its key, its values, and whether they are what it must not have.
    #[must_use]
    pub fn parts(&self) -> (Key, &[Symbol], bool) {
        (self.key, &self.values, self.not)
    }

    fn holds(&self, values: &Values) -> bool {
        let blank = values.is_empty() && self.values.iter().any(|wanted| wanted.as_str().is_empty());
        (blank || values.iter().any(|value| self.values.contains(value))) != self.not
    }
}

impl Filter {
    /// The filter of a selection that a config or a template makes.
    #[must_use]
    pub fn of(selection: &Selection, period: Period) -> Self {
        let conditions = selection.iter().map(|(key, values)| Condition::new(*key, values, false)).collect();
        Self { conditions, period }
    }

    /// Whether an issue is in one of several selections; in any case if there is none.
    #[must_use]
    pub fn any(selections: &[Selection], issue: &Issue<'_>, state: State) -> bool {
        let holds = |selection| Self::of(selection, Period::default()).holds(issue, state);
        selections.is_empty() || selections.iter().any(holds)
    }

    /// Whether an issue is among those selected. Withdrawn ones never are.
    #[must_use]
    pub fn holds(&self, issue: &Issue<'_>, state: State) -> bool {
        !state.withdrawn && self.period.contains(issue.found_on) && self.holds_but_for_days(issue, state)
    }

    /// The same of an issue whose days are not looked at.
    pub(super) fn holds_but_for_days(&self, issue: &Issue<'_>, state: State) -> bool {
        self.conditions.iter().all(|condition| condition.holds(&condition.key.values(issue, state)))
    }

    /// Whether it says something that inspections have no say in.
    #[must_use]
    pub fn speaks_of_inspections(&self) -> bool {
        self.conditions.iter().all(|condition| condition.key.speaks_of_inspections())
    }

    /// Whether an inspection is among those selected.
    #[must_use]
    pub fn holds_inspection(&self, inspection: &Inspection<'_>) -> bool {
        self.period.contains(inspection.date)
            && self.conditions.iter().all(|condition| {
                condition.key.inspection_values(inspection).is_some_and(|values| condition.holds(&values))
            })
    }
}
