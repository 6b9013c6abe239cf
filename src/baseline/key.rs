//! By what a fault is known again in another run.

use serde::{Deserialize, Serialize};

/// What a fault is known by in another run.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultKey {
    /// The file, from the root of the project or repository.
    pub file: String,
    /// The code.
    pub code: String,
    /// The field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// A hash of what the fault and its row say.
    pub key: String,
    /// A hash of the site of the row, if it has one. It tells two issues apart only where both have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
}

/// A fault of a run with its key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyedFault {
    /// The key.
    pub key: FaultKey,
    /// Whether it is about its file as a whole. In another file it is another fault, unless that was renamed.
    pub is_of_file: bool,
}
