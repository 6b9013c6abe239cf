//! The folders that names of photos are looked up in.

use std::path::PathBuf;

/// The folders that names of photos are looked up in, beside those of the logs.
#[derive(Clone, Debug)]
pub struct PhotoFolders {
    /// The folder of the project; `None` without one.
    pub root: Option<PathBuf>,
    /// The working folder, from which logs are named.
    pub working: PathBuf,
}
