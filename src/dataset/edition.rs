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

impl Edition {
    /// Whether it is for the office.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
    #[must_use]
    pub(crate) fn is_internal(&self) -> bool {
        *self == Self::Internal
    }
}
