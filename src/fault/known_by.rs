//! By what a fault is known again in another run: a baseline, an earlier commit.

/// What makes a fault the same fault in another run, beside its code and its field. Nothing of it depends on the day of
/// the run, on its language, or on where a file or a row stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KnownBy {
    /// The issue in whose row it is, by what that says; the value of the faulty cell; and these facts.
    Row(String),
    /// The file, which it is about as a whole, and these facts.
    File(String),
    /// These facts, wherever they are found: it is about several rows, and which of them is told depends on their order.
    Facts(String),
}

impl Default for KnownBy {
    fn default() -> Self {
        Self::Row(String::new())
    }
}
