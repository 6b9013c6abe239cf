//! For whom a document is written.

use serde::{Deserialize, Serialize};

/// For whom a document is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Edition {
    /// For the office and those concerned.
    #[default]
    Internal,
    /// To be published.
    Public,
}
