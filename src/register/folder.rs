//! The names of the register and of what is kept beside it, in a project's folder.

/// The name of the register in a project's folder.
pub const FILE_NAME: &str = "register.jsonl";

/// Where duban keeps what is its own, in a project's folder.
pub(crate) const OWN_FOLDER: &str = ".duban";

/// Where documents wait between being written and getting their final names. A place for good, on
/// which finishing a number depends: not a cache.
pub(crate) const STAGED: &str = ".duban/staged";
