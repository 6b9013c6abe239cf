//! Which of the files that a piece of work reads have changed since it began.
//!
//! What decides is a look at the files ([`Snapshot`]), before the work and after: their sizes, times and, of short ones,
//! their bytes. So nothing is missed that changes while the work is done, and reading a file, or saving it as it was, is no
//! change. [`Waker`] only tells when to look again: the system does where it can, and the clock where it can't.

mod waker;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

pub use waker::{Ring, Waker};

use crate::digest;

/// Files up to this size are compared by their bytes: an editor may save twice within what a file system calls one time.
const SHORT: u64 = 1 << 20;

/// What is known of a file.
#[derive(Clone, Debug)]
struct Stamp {
    len: u64,
    modified: Option<SystemTime>,
    /// Of a short file.
    digest: Option<String>,
}

impl Stamp {
    /// That of a file; none if there is none that can be read.
    fn of(path: &Path) -> Option<Self> {
        let data = fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
        let bytes = if data.len() <= SHORT { fs::read(path).ok() } else { None };
        Some(Self { len: data.len(), modified: data.modified().ok(), digest: bytes.map(|bytes| digest::of(&bytes)) })
    }

    fn is_of_the_same(&self, other: &Self) -> bool {
        self.len == other.len
            && match (&self.digest, &other.digest) {
                (Some(one), Some(other)) => one == other,
                _ => self.modified == other.modified,
            }
    }
}

/// The state of files at a time.
#[derive(Clone, Debug, Default)]
pub struct Snapshot(BTreeMap<PathBuf, Option<Stamp>>);

impl Snapshot {
    /// Looks at files, of which some may not be there.
    #[must_use]
    pub fn of(files: &BTreeSet<PathBuf>) -> Self {
        Self(files.iter().map(|path| (path.clone(), Stamp::of(path))).collect())
    }

    /// The files that came, went or changed from this state to a later one. A file that is not there is as good as one that
    /// nobody asks for.
    #[must_use]
    pub fn changed(&self, later: &Self) -> Vec<PathBuf> {
        let stamp = |snapshot: &Self, path: &PathBuf| snapshot.0.get(path).cloned().flatten();
        let all: BTreeSet<&PathBuf> = self.0.keys().chain(later.0.keys()).collect();
        let is_changed = |path: &&PathBuf| match (stamp(self, path), stamp(later, path)) {
            (Some(before), Some(after)) => !before.is_of_the_same(&after),
            (None, None) => false,
            _ => true,
        };
        all.into_iter().filter(is_changed).cloned().collect()
    }
}

/// Adds the files of a folder and of those in it, and the folders. Hidden files, and those that editors and office programs
/// keep beside the one they write, are left out.
pub fn add_tree(folder: &Path, files: &mut BTreeSet<PathBuf>, folders: &mut BTreeSet<PathBuf>) {
    let mut pending = vec![(folder.to_owned(), 0)];
    while let Some((folder, depth)) = pending.pop() {
        folders.insert(folder.clone());
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries.flatten() {
            let (path, name) = (entry.path(), entry.file_name());
            let name = name.to_string_lossy();
            if name.starts_with('.') || name.starts_with("~$") || name.ends_with('~') {
                continue;
            }
            // Links may lead in circles.
            if path.is_dir() {
                if depth < MAX_DEPTH {
                    pending.push((path, depth + 1));
                }
            } else {
                files.insert(path);
            }
        }
    }
}

/// Maximum depth of nested folders.
const MAX_DEPTH: usize = 8;

#[cfg(test)]
mod tests {
    #![expect(clippy::disallowed_methods, reason = "tests make the files they look at")]

    use super::*;

    #[test]
    fn a_change_is_another_text_another_size_a_new_file_or_one_that_went() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let write = |name: &str, text: &str| fs::write(path(name), text).unwrap();
        let all = || {
            let (mut files, mut folders) = (BTreeSet::new(), BTreeSet::new());
            add_tree(folder.path(), &mut files, &mut folders);
            files.insert(path("never"));
            (Snapshot::of(&files), folders.len())
        };
        write("a", "1");
        write("b", "1");
        let (first, _) = all();
        assert_eq!(first.changed(&all().0), Vec::<PathBuf>::new());
        // Saved as it was.
        write("a", "1");
        assert_eq!(first.changed(&all().0), Vec::<PathBuf>::new());
        // Of the same size, and within the same moment.
        write("a", "2");
        fs::create_dir(path("c")).unwrap();
        write("c/d", "");
        fs::remove_file(path("b")).unwrap();
        write(".hidden", "");
        write("~$lock", "");
        write("a~", "");
        let (second, folders) = all();
        assert_eq!(first.changed(&second), [path("a"), path("b"), path("c/d")]);
        assert_eq!(folders, 2);
    }

    #[test]
    fn a_long_file_is_told_by_its_time() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("long");
        let text = vec![b'1'; 1 + usize::try_from(SHORT).unwrap()];
        fs::write(&path, &text).unwrap();
        let look = || Snapshot::of(&BTreeSet::from([path.clone()]));
        let first = look();
        assert_eq!(first.changed(&look()), Vec::<PathBuf>::new());
        let file = fs::File::options().write(true).open(&path).unwrap();
        file.set_modified(SystemTime::UNIX_EPOCH).unwrap();
        assert_eq!(first.changed(&look()), [path]);
    }
}
