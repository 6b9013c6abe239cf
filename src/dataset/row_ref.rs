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
}

impl RowRef {
    pub(crate) fn of(record: &Record) -> Self {
        let text = |key: &str| record.get(key).and_then(Value::as_str).map(str::to_owned);
        Self {
            id: text("id").or_else(|| text("name")).unwrap_or_default(),
            key: text(KEY),
            file: text("file").unwrap_or_else(|| "duban.yaml".to_owned()),
            line: record.get("line").and_then(Value::as_u64),
        }
    }
}

fn written_id<S: Serializer>(id: &str, serializer: S) -> Result<S::Ok, S::Error> {
    if is_key(id) { serializer.serialize_none() } else { serializer.serialize_str(id) }
}

fn id_or_none<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Option::<String>::deserialize(deserializer).map(Option::unwrap_or_default)
}
