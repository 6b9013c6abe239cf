//! The parts of a form: its columns, what they take and when they have to be filled in.

use chrono::NaiveDate;

use crate::model::Field;
use crate::model::field::{FieldKind, REQUIRED};
use crate::project::Project;
use crate::words::lang::Lang;
use crate::words::symbol::Symbol;

/// What a form is made for.
#[derive(Clone, Debug)]
pub struct FormRequest {
    /// The language of what it says.
    pub lang: Lang,
    /// The team that is to fill it in, by its canonical name; `None` for any.
    pub team: Option<Symbol>,
    /// The day it is made for, which its ids depend on.
    pub day: NaiveDate,
    /// Tells forms of one team and day apart.
    pub serial: u32,
}

/// A column of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormColumn {
    /// The field that it is read as.
    pub field: Field,
    /// Its header, in the office's own spelling if it has one.
    pub header: String,
    /// What its cells take.
    pub takes: Takes,
    /// When it has to be filled in.
    pub need: Need,
    /// Whether it is part of the follow-up, and so is left to fill in for an issue that is known.
    pub is_follow_up: bool,
}

/// What the cells of a column take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Takes {
    /// What the form gives to each row: its id.
    Id,
    /// The same in each row: the team.
    Given(Choice),
    /// Any text.
    Text,
    /// A day.
    Day {
        /// Whether it must not be before the day of finding.
        after_found: bool,
        /// Whether it must not lie in the future.
        is_past: bool,
    },
    /// A value of a list.
    Value {
        /// The values.
        choices: Vec<Choice>,
        /// Whether a cell may hold several, or one that is not listed.
        takes_others: bool,
    },
}

/// When a column has to be filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Need {
    /// In every row.
    Always,
    /// Where another column has one of some values.
    With(Field, Vec<Choice>),
    /// Nowhere.
    Never,
}

/// A form needs a column that no header would be read as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoHeader {
    /// The field of the column.
    pub field: Field,
}

impl NoHeader {
    /// The message for people, with what to do about it.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        let (label, key) = (self.field.label(lang), self.field.key());
        lang.pick(
            format!("填报表没有能读回的“{label}”表头：duban.yaml 的 columns: 或 ignore: 占用了它的各种写法；在 columns: 里给 {key} 一个表头"),
            format!(
                "no header is read back as {label}: `columns:` or `ignore:` in duban.yaml take its spellings; give {key} a header under `columns:`"
            ),
        )
    }
}

/// A value to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The canonical value.
    pub value: Symbol,
    /// The words for it, which are read back as the value.
    pub label: String,
    /// The unit that it belongs to, for a site.
    pub unit: Option<Symbol>,
}

/// Whether every row must have a field: a log must, and the project gives no default for it.
pub(super) fn is_required(field: Field, project: &Project) -> bool {
    REQUIRED.contains(&field) && !project.defaults.iter().any(|(given, text)| *given == field && !text.is_empty())
}

/// Whether a field is a day.
pub(super) fn is_day(field: Field) -> bool {
    matches!(field.info().kind, FieldKind::Date | FieldKind::Deadline)
}
