//! The names of the register and the files beside it, in a project's folder.

/// The file name of the register.
pub const FILE_NAME: &str = "register.jsonl";

/// The folder for duban's own files.
pub(crate) const OWN_FOLDER: &str = ".duban";

/// The folder of documents that don't have their final names yet. It is not a cache: finishing a pending number depends
/// on it.
pub(crate) const STAGED: &str = ".duban/staged";
