//! One condition of a query: what a KEY=VALUE of a function asks.

use crate::dataset::Record;
use crate::dataset::record::{MOVE, texts};
use crate::dataset::series::REPORTED;
use crate::model::field::{Field, FieldKind};
use crate::model::key::Key;
use crate::query::record_list::RecordList;

/// A key has, or has not, one of some values.
#[derive(Clone)]
pub(super) struct QueryCondition {
    pub(super) key: String,
    pub(super) values: Vec<String>,
    pub(super) not: bool,
    /// Asked with `true` or `false`, and recorded so.
    pub(super) is_bool: bool,
}

/// The field of an issue that holds a day, by its key: `deadline=false` selects issues without such a day, as
/// `{% if not i.deadline %}` does. A deadline in words is no day, but it is not blank (`deadline=""`) either.
pub(super) fn day_field(of: RecordList, key: &str) -> Option<Field> {
    let Some(Key::Field(field)) = of.key(key).filter(|_| of == RecordList::Issues) else { return None };
    matches!(field.info().kind, FieldKind::Date | FieldKind::Deadline).then_some(field)
}

impl QueryCondition {
    /// The field whose day an issue must have, or must not have, if that is what is asked.
    pub(super) fn has_day(&self) -> Option<(Field, bool)> {
        let field = day_field(RecordList::Issues, &self.key).filter(|_| self.is_bool)?;
        Some((field, self.says_yes()))
    }

    /// What a condition asks that is true or false.
    pub(super) fn says_yes(&self) -> bool {
        self.values.iter().any(|value| value == "yes") != self.not
    }

    /// Whether no key of a tally tells it.
    pub(super) fn is_beyond_keys(&self) -> bool {
        matches!(self.key.as_str(), MOVE | REPORTED) || self.has_day().is_some()
    }

    /// Whether a record has one of the values, or none of them.
    pub(super) fn holds(&self, record: &Record) -> bool {
        self.holds_of(&under(record, &self.key))
    }

    /// Whether something with some values has one of those asked for, or none of them.
    pub(super) fn holds_of(&self, values: &[String]) -> bool {
        let blank = values.is_empty() && self.values.iter().any(String::is_empty);
        (blank || values.iter().any(|value| self.values.contains(value))) != self.not
    }
}

/// The values of a record under a key, those of the user's own columns included.
pub(super) fn under(record: &Record, key: &str) -> Vec<String> {
    let value = match key.strip_prefix("extra.") {
        Some(header) => record.get("extra").and_then(|extra| extra.get(header)),
        None => record.get(key),
    };
    value.map(texts).unwrap_or_default()
}
