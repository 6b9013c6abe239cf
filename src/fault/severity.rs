//! The severity of a fault.

use serde::{Deserialize, Serialize};

/// The severity of a fault, in ascending order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Should be reviewed.
    Warning,
    /// Must be corrected: `check` exits with status 1.
    Error,
}
