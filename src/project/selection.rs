//! A selection of issues in a config.

use crate::model::key::Key;

/// A selection: all keys must match, and a key matches if any of its values does.
pub type Selection = Vec<(Key, Vec<String>)>;
