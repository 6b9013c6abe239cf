//! The folder of a desk, in which lies what is handed in until the command ends. What a desk left that was ended by force, as by
//! the end of a session, the next one takes away.

use std::fs::File;
use std::io;
use std::path::Path;

use tempfile::TempDir;

use crate::platform::locks::try_lock;

/// What the names of such folders begin with.
const PREFIX: &str = "duban-desk-";
/// The file that a running desk holds.
const HELD: &str = "held";

/// The folder of a running desk.
pub(super) struct WorkFolder {
    folder: TempDir,
    held: File,
}

impl WorkFolder {
    /// Makes a folder, and takes those away that no desk holds any more.
    ///
    /// # Errors
    /// It can't be made.
    pub(super) fn new() -> io::Result<Self> {
        let folder = TempDir::with_prefix(PREFIX)?;
        if let Some(parent) = folder.path().parent() {
            sweep(parent);
        }
        Self::hold(folder)
    }

    fn hold(folder: TempDir) -> io::Result<Self> {
        // Under its name only once it is held: no other desk then takes it for one that was left.
        let new = folder.path().join("new");
        let held = File::create_new(&new)?;
        if !try_lock(&held) {
            return Err(io::ErrorKind::Unsupported.into());
        }
        std::fs::rename(new, folder.path().join(HELD))?;
        Ok(Self { folder, held })
    }

    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Takes the folder away.
    ///
    /// # Errors
    /// Something in it can't be removed.
    pub(super) fn close(self) -> io::Result<()> {
        drop(self.held);
        self.folder.close()
    }
}

/// Removes the folders that no desk holds. What can't be removed is somebody else's.
fn sweep(parent: &Path) {
    let Ok(entries) = std::fs::read_dir(parent) else { return };
    for entry in entries.flatten() {
        let is_ours = entry.file_name().to_string_lossy().starts_with(PREFIX);
        // A link leads elsewhere.
        if !is_ours || !entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            continue;
        }
        let held = entry.path().join(HELD);
        if File::open(held).is_ok_and(|held| try_lock(&held)) {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_desk_holds_is_taken_away() {
        let parent = tempfile::tempdir().unwrap();
        let folder = |name: &str| tempfile::Builder::new().prefix(name).tempdir_in(parent.path()).unwrap();
        let (running, other, starting) =
            (WorkFolder::hold(folder(PREFIX)).unwrap(), folder("duban-other-"), folder(PREFIX));
        let left = WorkFolder::hold(folder(PREFIX)).unwrap();
        let path = left.path().to_owned();
        std::fs::create_dir(path.join("page-1")).unwrap();
        // As if the process had been ended.
        let WorkFolder { folder, held } = left;
        drop(held);
        let _ = folder.keep();
        sweep(parent.path());
        assert!(!path.exists());
        assert!(running.path().exists() && other.path().exists() && starting.path().exists());
        running.close().unwrap();
    }
}
