//! Whether a run drafts or dispatches.

/// Whether a number is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WriteMode {
    /// The number is shown and stays free.
    Draft,
    /// The number is taken and entered in the register.
    Dispatch,
}
