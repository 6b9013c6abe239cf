//! Files are written whole or not at all. The only code that creates files.
//!
//! A reader of a document never sees half of it, and a crash leaves either the old file or the new
//! one. That takes more than a rename: the bytes must be on the disk before the name points at them,
//! and the folder must be synced before the name is sure to last.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Sender};
use std::thread::{self, JoinHandle};

use tempfile::{NamedTempFile, TempDir, TempPath};

/// Writes a file so that under its name there is either what was there before or all of `bytes`.
///
/// To a temporary file in the same folder (a rename is whole only within one file system), synced,
/// renamed, the folder synced. Missing folders are made.
///
/// # Errors
/// What the system says; what stood under the name still stands there.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write_by(path, bytes, folder_of(path))
}

/// Does what [`write()`] does with the temporary file in another folder of the same device, one that is
/// swept after a crash.
///
/// # Errors
/// What the system says; what stood under the name still stands there.
pub fn write_by(path: &Path, bytes: &[u8], scratch: &Path) -> io::Result<()> {
    let folder = folder_of(path);
    make_dir(folder)?;
    make_dir(scratch)?;
    whole_in(scratch, bytes)?.persist(path).map_err(|error| error.error)?;
    sync_dir(folder)
}

/// Writes a file that must not be there yet; never replaces one, not even one that appears meanwhile.
///
/// The temporary file is made in `scratch`, so that a crash leaves no litter among the documents of an
/// office. Where `scratch` is on another device, the file's own folder has to do.
///
/// # Errors
/// `AlreadyExists` if something stands under the name; else what the system says.
pub fn write_new(path: &Path, bytes: &[u8], scratch: &Path) -> io::Result<()> {
    let folder = folder_of(path);
    make_dir(folder)?;
    make_dir(scratch)?;
    let placed = match whole_in(scratch, bytes)?.persist_noclobber(path) {
        Err(error) if error.error.kind() == io::ErrorKind::CrossesDevices => {
            whole_in(folder, bytes)?.persist_noclobber(path)
        }
        other => other,
    };
    placed.map_err(|error| error.error)?;
    sync_dir(folder)
}

/// Files that are written together: beside other work, and to the disk all at once, which takes a hundredth of the time
/// that one after another takes.
///
/// Until [`Batch::finish`] none of them has its name; dropped before, they leave nothing behind. A folder that is not there
/// yet appears with all its files in one step.
pub struct Batch {
    files: Sender<(PathBuf, Vec<u8>)>,
    writer: JoinHandle<Result<UnnamedFiles, (PathBuf, io::Error)>>,
}

/// Files that are written, and have no names yet.
#[derive(Default)]
struct UnnamedFiles {
    /// Those of folders that were there, and the names they are to get.
    files: Vec<(TempPath, PathBuf)>,
    /// Where those of each folder are; none for a folder that was there.
    folders: BTreeMap<PathBuf, Option<TempDir>>,
}

impl Default for Batch {
    fn default() -> Self {
        let (files, waiting) = mpsc::channel::<(PathBuf, Vec<u8>)>();
        // One thread: the names of a folder are made one at a time anyway.
        let writer = thread::spawn(move || {
            let mut written = UnnamedFiles::default();
            for (path, bytes) in waiting {
                written.add(&path, &bytes).map_err(|error| (path, error))?;
            }
            Ok(written)
        });
        Self { files, writer }
    }
}

impl Batch {
    /// Adds a file. Missing folders are made. What goes wrong is told at the end.
    pub fn add(&self, path: PathBuf, bytes: Vec<u8>) {
        // Nobody listens any more once a file could not be written; then nothing more need be.
        let _ = self.files.send((path, bytes));
    }

    /// Gives all files their names, after their bytes are on the disk.
    ///
    /// # Errors
    /// The path that could not be written, and what the system says. If no name could be given, nothing is left; else
    /// those before it have their names and are whole.
    pub fn finish(self) -> Result<(), (PathBuf, io::Error)> {
        drop(self.files);
        let died = |_| (PathBuf::new(), io::Error::other("the files could not be written"));
        let UnnamedFiles { files, folders } = self.writer.join().map_err(died)??;
        for (folder, staged) in &folders {
            let here = staged.as_ref().map_or(folder.as_path(), TempDir::path);
            sync_system_of(here).map_err(|error| (folder.clone(), error))?;
        }
        for (file, path) in files {
            file.persist(&path).map_err(|error| (path, error.error))?;
        }
        for (folder, staged) in folders {
            match staged {
                None => sync_dir(&folder),
                Some(staged) => appear(staged, &folder),
            }
            .map_err(|error| (folder, error))?;
        }
        Ok(())
    }
}

impl UnnamedFiles {
    /// Writes a file under a name of its own.
    fn add(&mut self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let folder = folder_of(path);
        if !self.folders.contains_key(folder) {
            self.folders.insert(folder.to_owned(), staged(folder)?);
        }
        if let (Some(Some(staged)), Some(name)) = (self.folders.get(folder), path.file_name()) {
            #[expect(clippy::disallowed_methods, reason = "nobody looks into the folder before it has its name")]
            let mut file = File::create(staged.path().join(name))?;
            file.write_all(bytes)?;
            return if ONE_SYNC { Ok(()) } else { file.sync_all() };
        }
        let file = filled_in(folder, bytes)?;
        if !ONE_SYNC {
            file.as_file().sync_all()?;
        }
        // Closed at once: a process may hold a thousand files open, and a batch may be larger.
        self.files.push((file.into_temp_path(), path.to_owned()));
        Ok(())
    }
}

/// A folder beside one that is not there yet, to take its place; none if something stands there.
fn staged(folder: &Path) -> io::Result<Option<TempDir>> {
    if folder.symlink_metadata().is_ok() {
        make_dir(folder)?;
        return Ok(None);
    }
    let above = folder_of(folder);
    make_dir(above)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(".duban-").suffix(".tmp");
    // Temporary folders are private by default, too.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o777));
    builder.tempdir_in(above).map(Some)
}

/// Gives a folder with all its files the name that is free for it. If it is no more, they go to what stands there.
fn appear(staged: TempDir, folder: &Path) -> io::Result<()> {
    if !ONE_SYNC {
        sync_dir(staged.path())?;
    }
    if fs::rename(staged.path(), folder).is_ok() {
        // Nothing stands there any more that would have to be taken away.
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

/// Whether the system can bring to the disk all that waits, in one step that ends when it is done.
const ONE_SYNC: bool = cfg!(target_os = "linux");

/// Brings to the disk all that waits for the file system that a folder is on.
#[cfg(target_os = "linux")]
fn sync_system_of(folder: &Path) -> io::Result<()> {
    Ok(rustix::fs::syncfs(File::open(folder)?)?)
}

/// Each file was brought to the disk when it was written.
#[cfg(not(target_os = "linux"))]
fn sync_system_of(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Opens a file for reading and for appending at its end; makes an empty one if there is none.
///
/// For files that grow line by line and are never replaced. A crash may leave the last line torn: who
/// appends must be able to tell.
///
/// # Errors
/// What the system says.
pub fn open_append(path: &Path) -> io::Result<File> {
    make_dir(folder_of(path))?;
    #[expect(clippy::disallowed_methods, reason = "a file that grows can't be replaced whole")]
    OpenOptions::new().read(true).append(true).create(true).open(path)
}

/// Makes a folder and those above it, each made to last.
///
/// A synced file in a folder whose own name was never synced is lost with the folder.
///
/// # Errors
/// What the system says.
pub fn make_dir(folder: &Path) -> io::Result<()> {
    if folder.as_os_str().is_empty() || folder.is_dir() {
        return Ok(());
    }
    let above = folder_of(folder);
    make_dir(above)?;
    match fs::create_dir(folder) {
        // Another process was faster.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => {}
        other => other?,
    }
    sync_dir(above)
}

/// Makes a folder as [`make_dir`] does and finds out whether files can be made in it.
///
/// For what must be known before a number is taken.
///
/// # Errors
/// No file can be made there.
pub fn try_dir(folder: &Path) -> io::Result<()> {
    make_dir(folder)?;
    tempfile::tempfile_in(folder).map(drop)
}

/// Makes what happened to the names in a folder last.
///
/// # Errors
/// What the system says. Windows can't sync a folder and does not need to.
pub fn sync_dir(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// A temporary file that holds all of `bytes` for good; it goes away unless it is given a name.
fn whole_in(folder: &Path, bytes: &[u8]) -> io::Result<NamedTempFile> {
    let file = filled_in(folder, bytes)?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// A temporary file that holds all of `bytes`, maybe not on the disk yet.
fn filled_in(folder: &Path, bytes: &[u8]) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".duban-").suffix(".tmp");
    // Temporary files are private by default; a document is for the office to read, as its umask allows.
    #[cfg(unix)]
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o666);
    #[cfg(unix)]
    builder.permissions(mode);
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(bytes)?;
    Ok(file)
}

pub(crate) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

#[cfg(test)]
mod tests {
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
        drop(batch(&["never"]).files);
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
        write_new(&path, b"one", &scratch).unwrap();
        let error = write_new(&path, b"two", &scratch).unwrap_err();
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
        open_append(&usual).unwrap();
        let batch = Batch::default();
        batch.add(folder.path().join("new/a"), Vec::new());
        batch.finish().unwrap();
        fs::create_dir(folder.path().join("usual")).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
        assert_eq!([mode(&ours), mode(&folder.path().join("new/a"))], [mode(&usual); 2]);
        assert_eq!(mode(&folder.path().join("new")), mode(&folder.path().join("usual")));
    }
}
