//! A photo of an issue, as papers and saved data know it.

use serde::{Deserialize, Serialize, Serializer};

use crate::model::stage::Stage;

/// Under this key the record of an issue has its photos.
pub const ALBUM: &str = "photos";

/// A photo of an issue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IssuePhoto {
    /// What the run calls it: lower-case letters, by where its bytes come from.
    #[serde(rename = "photo")]
    pub id: String,
    /// When it was taken.
    #[serde(serialize_with = "key", deserialize_with = "of_key")]
    pub stage: Stage,
    /// Where it stands, for people: the file and the cell, or the file that it is.
    pub place: String,
    /// The workbook, the picture or the archive that has its bytes, as the log is named or from the project's folder.
    pub file: String,
    /// The name of its part of the archive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
fn key<S: Serializer>(stage: &Stage, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(stage.key())
}

fn of_key<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Stage, D::Error> {
    let key = String::deserialize(deserializer)?;
    Stage::from_key(&key).ok_or_else(|| serde::de::Error::custom(format!("`{key}` is no stage: before, during, after")))
}
