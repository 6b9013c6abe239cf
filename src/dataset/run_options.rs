//! What a document was asked for: with it the document can be made again, and held against the logs of another day.

use serde::{Deserialize, Serialize};

/// What a run was asked for, as it stands in the `.figures.json` of its internal documents. Paths are relative to the project's
/// folder, with `/` on every system. The day stands in the head of the sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunOptions {
    /// The version of duban that made the document.
    pub version: String,
    /// The kind that was asked for, or `due`.
    pub kind: String,
    /// The language of the run.
    pub lang: String,
    /// The logs; none if the config named them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub paths: Vec<String>,
    /// The sheets of workbooks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sheets: Vec<String>,
    /// The conditions of `--where`.
    #[serde(default, rename = "where", skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<String>,
    /// The period, as it was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// The document that it corrects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// What it was compared with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compare: Option<String>,
    /// The formats; none if those of the kind.
    #[serde(default, rename = "to", skip_serializing_if = "Vec::is_empty")]
    pub formats: Vec<String>,
    /// The units.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unit: Vec<String>,
    /// Whether issues that an earlier document named were named again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub again: bool,
    /// Whether issues that may have had letters were left out.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub skip_uncertain: bool,
    /// The answers of `--same-issue`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub same_issue: Vec<String>,
    /// The answers of `--new-issue`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub new_issue: Vec<String>,
    /// Whether a public edition was written beside the internal one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub public_too: bool,
    /// The pattern of file names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_name: Option<String>,
    /// What was given by `--set`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub set: Vec<String>,
    /// The file of data that took the place of logs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_data: Option<String>,
}
