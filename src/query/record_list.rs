//! The lists of records that functions can be asked about, and the keys of each.

use crate::dataset::record::{MOVE, keys_of};
use crate::dataset::series::REPORTED;
use crate::model::Field;
use crate::model::key::Key;
use crate::query::call_error::CallError;
use crate::words::lang::Lang;

pub(crate) use crate::dataset::list_name::ListName as RecordList;

impl RecordList {
    /// The list of a name.
    pub(super) fn named(name: &str, lang: Lang) -> Result<Self, CallError> {
        Self::of(name).ok_or_else(|| {
            CallError::unknown(lang, ("记录", "list of records"), name, &Self::ALL.map(|(name, _)| name))
        })
    }

    /// The keys of its records.
    pub(crate) fn keys(self) -> Vec<&'static str> {
        let located = ["id", "file", "line"].into_iter();
        match self {
            Self::Issues => Key::all().map(|(name, _)| name).chain([MOVE, REPORTED]).collect(),
            Self::Inspections => located.chain(keys_of(|info| info.of.inspection).map(|info| info.key)).collect(),
            Self::Measures => {
                located.chain(keys_of(|info| info.of.measure).map(|info| info.key)).chain(["days"]).collect()
            }
            Self::Documents => located
                .chain([
                    "number", "series", "kind", "year", "n", "date", "title", "unit", "status", "issues", "units",
                    "after", "why",
                ])
                .collect(),
            Self::Teams => vec!["name", "aliases", "units"],
            Self::Sites => vec!["name", "aliases", "type", "team", "unit"],
            Self::Categories => vec!["name", "aliases"],
            Self::Units => vec!["name", "aliases", "group", "head", "address", "contact"],
        }
    }

    /// Whether it is limited to the document's period and unit: the lists of the project have neither.
    pub(super) fn is_dated(self) -> bool {
        matches!(self, Self::Issues | Self::Inspections | Self::Measures | Self::Documents)
    }

    /// The field whose vocabulary a key's values are of.
    pub(super) fn field(self, key: &str) -> Option<Field> {
        match (self, key) {
            (Self::Documents | Self::Teams, "units") => Some(Field::Unit),
            (Self::Measures, "type") => Some(Field::Kind),
            (Self::Documents, "status") | (_, "type" | "issues" | "kind") => None,
            _ => Field::from_key(key),
        }
    }

    /// The key whose values a condition names.
    pub(crate) fn key(self, name: &str) -> Option<Key> {
        match self {
            Self::Issues => name.parse().ok(),
            _ => self.field(name).map(Key::Field),
        }
    }
}
