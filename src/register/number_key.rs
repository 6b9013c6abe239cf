//! Which number: of which series and year.

use serde::{Deserialize, Serialize};

/// Which number: what `dispatched` and `void` lines refer to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct NumberKey {
    /// The series.
    pub series: String,
    /// The year.
    pub year: i32,
    /// The running number.
    pub n: u32,
}
