//! Which faults of a run a baseline has.

/// What came of a baseline that was applied.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matched {
    /// For each fault in the order of [`Faults::sorted`](crate::fault::Faults::sorted): whether the baseline has it.
    pub known: Vec<bool>,
    /// The number of faults of the baseline that no longer occur.
    pub stale: usize,
}
