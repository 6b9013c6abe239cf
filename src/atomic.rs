//! Atomic file writes. The only code that creates files.
//!
//! A reader never sees half a document, and a crash leaves either the old file or the new one. That takes more than a
//! rename: the bytes must be on disk before the name refers to them, and the folder must be synced before the name is
//! durable.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, IntoInnerError, Write};
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, TempDir, TempPath};

use crate::platform::files;
use crate::platform::threads::Worker;
use crate::spool::Spooled;

/// Writes a file atomically: `path` holds either its old content or all of `bytes`.
///
/// Writes a temporary file in the same folder (a rename is atomic only within one file system), syncs it, renames it,
/// and syncs the folder. Creates missing folders. A device or a pipe is written to.
///
/// # Errors
/// A system error. The old file is unchanged, unless only the final sync of the folder failed.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write_stream(path, |out| out.write_all(bytes))
}

/// Writes a file as [`write()`] does, with what `content` writes as it comes. A device or a pipe of that name, which a rename
/// would replace, is written to instead.
///
/// # Errors
/// That of `content`, or a system error. The old file is unchanged, unless only the final sync of the folder failed.
pub fn write_stream(path: &Path, content: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    if path.metadata().is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir()) {
        #[expect(clippy::disallowed_methods, reason = "a device has no content to be lost")]
        let mut device = BufWriter::new(OpenOptions::new().write(true).open(path)?);
        content(&mut device)?;
        return device.flush();
    }
    let folder = folder_of(path);
    make_dir(folder)?;
    let mut file = BufWriter::new(new_temp_file(folder)?);
    content(&mut file)?;
    let file = file.into_inner().map_err(IntoInnerError::into_error)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| files::told_if_in_use(error.error, path))?;
    sync_dir(folder)
}

/// Writes a file as [`write()`] does, with the temporary file in `scratch`: a folder on the same device that is cleaned
/// up after a crash.
///
/// # Errors
/// A system error. The old file is unchanged, unless only the final sync of the folder failed.
pub fn write_by(path: &Path, bytes: &[u8], scratch: &Path) -> io::Result<()> {
    let folder = folder_of(path);
    make_dir(folder)?;
    make_dir(scratch)?;
    let file = synced_temp_file(scratch, bytes)?;
    file.persist(path).map_err(|error| files::told_if_in_use(error.error, path))?;
    sync_dir(folder)
}

/// Writes a new file. Never replaces an existing one, not even one that appears in the meantime.
///
/// The temporary file is created in `scratch`, so that a crash leaves no debris among an office's documents; or in the
/// folder of the file, if `scratch` is on another device.
///
/// `content` writes it, twice if the folder is on another device.
///
/// # Errors
/// `AlreadyExists` if `path` exists; otherwise that of `content`, or a system error.
pub fn write_new(
    path: &Path,
    content: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>,
    scratch: &Path,
) -> io::Result<()> {
    let folder = folder_of(path);
    make_dir(folder)?;
    make_dir(scratch)?;
    let mut synced = |folder: &Path| {
        let mut file = new_temp_file(folder)?;
        content(&mut file)?;
        file.as_file().sync_all()?;
        Ok::<_, io::Error>(file)
    };
    let persisted = match synced(scratch)?.persist_noclobber(path) {
        Err(error) if error.error.kind() == io::ErrorKind::CrossesDevices => synced(folder)?.persist_noclobber(path),
        other => other,
    };
    persisted.map_err(|error| error.error)?;
    sync_dir(folder)
}

/// Files that are written on a background thread and synced all at once, which takes a hundredth of the time of syncing
/// them one by one.
///
/// None of them has its name before [`Batch::finish`]; a batch that is dropped leaves nothing behind. A new folder
/// appears together with all its files.
pub struct Batch(Worker<UnnamedFiles, (PathBuf, Spooled), (PathBuf, io::Error)>);

/// Files that have been written but not named yet.
#[derive(Default)]
struct UnnamedFiles {
    /// Files in existing folders, with their final paths.
    files: Vec<(TempPath, PathBuf)>,
    /// The staging folder of each folder; `None` if the folder existed.
    folders: BTreeMap<PathBuf, Option<TempDir>>,
}

impl Default for Batch {
    fn default() -> Self {
        // One thread is enough: the file system creates the names in a folder one at a time anyway.
        Self(Worker::start(UnnamedFiles::default(), |written, (path, file)| {
            written.add(&path, &file).map_err(|error| (path, error))
        }))
    }
}

impl Batch {
    /// Adds a file. Creates missing folders. Errors are returned by [`Batch::finish`].
    pub fn add(&self, path: PathBuf, file: impl Into<Spooled>) {
        self.0.send((path, file.into()));
    }

    /// Syncs all files and gives them their names.
    ///
    /// # Errors
    /// The path that could not be written, and the system error. If no file has its name yet, nothing is left behind;
    /// otherwise the files before the failed one are complete under their names.
    pub fn finish(self) -> Result<(), (PathBuf, io::Error)> {
        let panicked = |_| (PathBuf::new(), io::Error::other("the thread that writes the files panicked"));
        let UnnamedFiles { files, folders } = self.0.finish().map_err(panicked)??;
        for (folder, staged) in &folders {
            let written = staged.as_ref().map_or(folder.as_path(), TempDir::path);
            files::sync_file_system(written).map_err(|error| (folder.clone(), error))?;
        }
        for (file, path) in files {
            file.persist(&path).map_err(|error| (path.clone(), files::told_if_in_use(error.error, &path)))?;
        }
        for (folder, staged) in folders {
            match staged {
                None => sync_dir(&folder),
                Some(staged) => publish(staged, &folder),
            }
            .map_err(|error| (folder, error))?;
        }
        Ok(())
    }
}

impl UnnamedFiles {
    /// Writes a file under a temporary name, or under its own in a staging folder.
    fn add(&mut self, path: &Path, content: &Spooled) -> io::Result<()> {
        let folder = folder_of(path);
        if !self.folders.contains_key(folder) {
            self.folders.insert(folder.to_owned(), stage(folder)?);
        }
        if let (Some(Some(staged)), Some(name)) = (self.folders.get(folder), path.file_name()) {
            #[expect(clippy::disallowed_methods, reason = "nobody reads the staging folder before it is renamed")]
            let mut file = File::create(staged.path().join(name))?;
            content.write_to(&mut file)?;
            return if files::ONE_SYNC { Ok(()) } else { file.sync_all() };
        }
        let mut file = new_temp_file(folder)?;
        content.write_to(&mut file)?;
        if !files::ONE_SYNC {
            file.as_file().sync_all()?;
        }
        // Close the file: the usual limit is a thousand open files per process, and a batch may be larger.
        self.files.push((file.into_temp_path(), path.to_owned()));
        Ok(())
    }
}

/// Creates a staging folder beside `folder`, to be renamed to it; `None` if `folder` exists.
fn stage(folder: &Path) -> io::Result<Option<TempDir>> {
    if folder.symlink_metadata().is_ok() {
        make_dir(folder)?;
        return Ok(None);
    }
    let parent = folder_of(folder);
    make_dir(parent)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(".duban-").suffix(".tmp");
    files::make_ordinary(&mut builder, true);
    builder.tempdir_in(parent).map(Some)
}

/// Renames a staging folder to `folder`. If `folder` has appeared in the meantime, moves the files into it.
fn publish(staged: TempDir, folder: &Path) -> io::Result<()> {
    if !files::ONE_SYNC {
        sync_dir(staged.path())?;
    }
    if fs::rename(staged.path(), folder).is_ok() {
        // The staging folder no longer exists under its old name: disarm the guard that would delete it.
        drop(staged.keep());
        return sync_dir(folder_of(folder));
    }
    make_dir(folder)?;
    for file in fs::read_dir(staged.path())? {
        let file = file?;
        fs::rename(file.path(), folder.join(file.file_name()))?;
    }
    sync_dir(folder)
}

/// Opens a file for reading and for writing behind its end; creates it if it does not exist.
///
/// For files that grow line by line and are never replaced. A crash may leave the last line incomplete, which the
/// caller must be able to detect. The caller goes to the end before it writes, under a lock.
///
/// # Errors
/// A system error.
pub fn open_growing(path: &Path) -> io::Result<File> {
    make_dir(folder_of(path))?;
    files::open_growing(path)
}

/// Creates a folder and its missing parents, durably.
///
/// Every parent is synced, since a synced file is lost along with a folder whose own name was never synced.
///
/// # Errors
/// A system error.
pub fn make_dir(folder: &Path) -> io::Result<()> {
    if folder.as_os_str().is_empty() || folder.is_dir() {
        return Ok(());
    }
    let parent = folder_of(folder);
    make_dir(parent)?;
    match fs::create_dir(folder) {
        // Another process has created it in the meantime.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => {}
        other => other?,
    }
    sync_dir(parent)
}

/// Creates a folder as [`make_dir`] does, and checks that files can be created in it.
///
/// To be called before a document number is taken.
///
/// # Errors
/// The folder, or a file in it, cannot be created.
pub fn try_dir(folder: &Path) -> io::Result<()> {
    make_dir(folder)?;
    tempfile::tempfile_in(folder).map(drop)
}

/// Syncs a folder, so that new and renamed entries are durable.
///
/// # Errors
/// A system error.
pub fn sync_dir(folder: &Path) -> io::Result<()> {
    files::sync_folder(folder)
}

/// Creates a temporary file with `bytes` and syncs it. It is deleted on drop unless it is persisted.
fn synced_temp_file(folder: &Path, bytes: &[u8]) -> io::Result<NamedTempFile> {
    let file = temp_file(folder, bytes)?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// Creates a temporary file with `bytes`, without syncing it.
fn temp_file(folder: &Path, bytes: &[u8]) -> io::Result<NamedTempFile> {
    let mut file = new_temp_file(folder)?;
    file.write_all(bytes)?;
    Ok(file)
}

fn new_temp_file(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".duban-").suffix(".tmp");
    files::make_ordinary(&mut builder, false);
    builder.tempfile_in(folder)
}

/// Returns the folder of a path; `.` for a bare file name.
pub(crate) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_whole_and_nothing_else_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b/c.txt");
        write(&path, b"one").unwrap();
        write(&path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(names(&folder.path().join("a/b")), ["c.txt"]);
    }

    #[test]
    fn a_stream_is_whole_or_nothing_and_a_device_stays_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        write_stream(&path, |out| out.write_all(b"one")).unwrap();
        let broken = |out: &mut dyn Write| out.write_all(b"two").and(Err(io::Error::other("no more")));
        assert!(write_stream(&path, broken).is_err());
        assert_eq!(fs::read(&path).unwrap(), b"one");
        assert_eq!(names(folder.path()), ["a"]);
        // A pipe stands for every device.
        #[cfg(unix)]
        {
            let pipe = folder.path().join("pipe");
            rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::from_raw_mode(0o600)).unwrap();
            let reader = thread::spawn({
                let pipe = pipe.clone();
                move || fs::read(pipe).unwrap()
            });
            write(&pipe, b"three").unwrap();
            assert_eq!(reader.join().unwrap(), b"three");
            assert!(!pipe.metadata().unwrap().is_file());
        }
    }

    #[test]
    fn a_write_that_fails_leaves_the_old_file_and_no_litter() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("taken");
        fs::create_dir(&path).unwrap();
        assert!(write(&path, b"one").is_err());
        assert_eq!(names(folder.path()), ["taken"]);
    }

    #[test]
    fn files_of_a_batch_get_their_names_together_or_leave_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let batch = |files: &[&str]| {
            let batch = Batch::default();
            for name in files {
                batch.add(folder.path().join(name), name.as_bytes().to_vec());
            }
            batch
        };
        fs::create_dir_all(folder.path().join("taken/x")).unwrap();
        batch(&["a", "in/b"]).finish().unwrap();
        assert_eq!(fs::read(folder.path().join("in/b")).unwrap(), b"in/b");
        drop(batch(&["never"]));
        assert_eq!(batch(&["c", "taken", "d"]).finish().unwrap_err().0, folder.path().join("taken"));
        assert_eq!(batch(&["e", "a/f"]).finish().unwrap_err().0, folder.path().join("a/f"));
        assert_eq!(names(folder.path()), ["a", "c", "in", "taken"]);
    }

    #[test]
    fn a_folder_appears_with_its_files_even_if_another_was_faster() {
        let above = tempfile::tempdir().unwrap();
        let folder = above.path().join("out/letters");
        let batch = |names: &[&str]| {
            let batch = Batch::default();
            for name in names {
                batch.add(folder.join(name), name.as_bytes().to_vec());
            }
            batch
        };
        let both = [batch(&["a", "b"]), batch(&["b", "c"])];
        for batch in both {
            batch.finish().unwrap();
        }
        assert_eq!(names(&folder), ["a", "b", "c"]);
        assert_eq!(names(&above.path().join("out")), ["letters"]);
        let late = above.path().join("late");
        let batch = Batch::default();
        batch.add(late.join("x"), Vec::new());
        while names(above.path()).len() < 2 {
            thread::yield_now();
        }
        write(&late.join("y"), b"").unwrap();
        batch.finish().unwrap();
        assert_eq!((names(&late), names(above.path()).len()), (vec!["x".to_owned(), "y".to_owned()], 2));
    }

    #[test]
    fn a_new_file_never_replaces_one() {
        let folder = tempfile::tempdir().unwrap();
        let (path, scratch) = (folder.path().join("out/a.txt"), folder.path().join("scratch"));
        write_new(&path, &mut |out| out.write_all(b"one"), &scratch).unwrap();
        let error = write_new(&path, &mut |out| out.write_all(b"two"), &scratch).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).unwrap(), b"one");
        assert_eq!((names(&folder.path().join("out")), names(&scratch)), (vec!["a.txt".to_owned()], vec![]));
    }

    #[cfg(unix)]
    #[test]
    fn a_document_is_as_readable_as_any_other_new_file() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let (ours, usual) = (folder.path().join("a"), folder.path().join("b"));
        write(&ours, b"").unwrap();
        open_growing(&usual).unwrap();
        let batch = Batch::default();
        batch.add(folder.path().join("new/a"), Vec::new());
        batch.finish().unwrap();
        fs::create_dir(folder.path().join("usual")).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
        assert_eq!([mode(&ours), mode(&folder.path().join("new/a"))], [mode(&usual); 2]);
        assert_eq!(mode(&folder.path().join("new")), mode(&folder.path().join("usual")));
    }
}
