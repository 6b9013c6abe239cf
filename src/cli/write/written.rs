//! What the drafts of a folder were when they were written, in a file beside them. A draft may be edited where it is: one that is
//! another now is not written over.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use crate::digest;
use crate::spool::Spooled;

/// Hidden, and no log.
const FILE: &str = ".duban-drafts.json";

/// The hashes of drafts by their names, as they were written into a folder.
pub(super) struct WrittenDrafts {
    folder: PathBuf,
    hashes: BTreeMap<String, String>,
}

impl WrittenDrafts {
    /// Reads what a folder has. Where that can't be read, nothing is known of the drafts there.
    pub(super) fn read(folder: PathBuf) -> Self {
        let read = std::fs::read(folder.join(FILE)).ok();
        let hashes = read.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
        Self { folder, hashes }
    }

    /// Whether a file of a name is there that is neither what was written nor what is to be written now.
    pub(super) fn is_edited(&self, name: &str, now: &str) -> bool {
        match hash_of_file(&self.folder.join(name)) {
            Ok(there) => there != now && self.hashes.get(name) != Some(&there),
            Err(error) => error.kind() != io::ErrorKind::NotFound,
        }
    }

    /// The file with what is written now added, and without drafts that are gone.
    pub(super) fn with(
        mut self,
        written: impl Iterator<Item = (String, String)>,
    ) -> serde_json::Result<(PathBuf, Vec<u8>)> {
        let folder = self.folder;
        self.hashes.retain(|name, _| folder.join(name).exists());
        self.hashes.extend(written);
        Ok((folder.join(FILE), serde_json::to_vec_pretty(&self.hashes)?))
    }
}

/// The hash of a draft that is to be written.
pub(super) fn hash(bytes: &Spooled) -> io::Result<String> {
    digest::of_written(|out| bytes.write_to(out))
}

fn hash_of_file(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    digest::of_written(|out| io::copy(&mut file, out).map(drop))
}
