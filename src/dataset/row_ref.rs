//! Where a row stands.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::dataset::record::{KEY, Record};
use crate::model::identity::is_key;

/// A row behind a figure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowRef {
    /// What the run calls the record: the id of an issue, or the key of what it says; of things of the config their name.
    /// Written as `id` if it is one, else that is null.
    #[serde(serialize_with = "written_id", deserialize_with = "id_or_none")]
    pub id: String,
    /// The key of what an issue says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The file it stands in.
    pub file: String,
    /// The line; nothing where the config does not tell.
    pub line: Option<u64>,
    /// Of an issue in an internal document, a hash of what its row says: by this a later run tells whether the row has changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said: Option<String>,
    /// Whether its standing is that of a word of its status for which the row gives no day: on which day it began is not known.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub undated: bool,
}

impl RowRef {
    pub(crate) fn of(record: &Record) -> Self {
        let text = |key: &str| record.get(key).and_then(Value::as_str).map(str::to_owned);
        Self {
            id: text("id").or_else(|| text("name")).unwrap_or_default(),
            key: text(KEY),
            file: text("file").unwrap_or_else(|| "duban.yaml".to_owned()),
            line: record.get("line").and_then(Value::as_u64),
            said: None,
            undated: false,
        }
    }

    /// The same row for a document that keeps nothing of what it does not print.
    #[must_use]
    pub(super) fn published(self) -> Self {
        Self { said: None, undated: false, ..self }
    }
}

fn written_id<S: Serializer>(id: &str, serializer: S) -> Result<S::Ok, S::Error> {
    if is_key(id) { serializer.serialize_none() } else { serializer.serialize_str(id) }
}

fn id_or_none<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Option::<String>::deserialize(deserializer).map(Option::unwrap_or_default)
}
