//! A rule of the office's own.

use std::fmt;

use crate::condition::Condition;
use crate::fault::Code;
use crate::model::Field;

/// A rule of the office's own.
pub struct OwnRule {
    /// Its code.
    pub code: Code,
    /// The rows that it is about.
    pub condition: Condition,
    /// What is wrong with them, in Chinese and in English.
    pub message: [String; 2],
    /// What to do; may be empty.
    pub help: [String; 2],
    /// The field whose cell is shown.
    pub field: Field,
}

impl fmt::Debug for OwnRule {
    /// The code says it all: within a project it is the only one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OwnRule({})", self.code)
    }
}
