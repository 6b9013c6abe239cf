//! The key of a number.

use serde::{Deserialize, Serialize};

/// The key of a number, by which `dispatched` and `void` lines refer to it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct NumberKey {
    /// The series.
    pub series: String,
    /// The year.
    pub year: i32,
    /// The running number.
    pub n: u32,
}
