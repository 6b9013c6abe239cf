//! Files are written whole or not at all. The only code that creates files.
//!
//! A reader of a document never sees half of it, and a crash leaves either the old file or the new
//! one. That takes more than a rename: the bytes must be on the disk before the name points at them,
//! and the folder must be synced before the name is sure to last.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

use tempfile::NamedTempFile;

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
    let mut builder = tempfile::Builder::new();
    builder.prefix(".duban-").suffix(".tmp");
    // Temporary files are private by default; a document is for the office to read, as its umask allows.
    #[cfg(unix)]
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o666);
    #[cfg(unix)]
    builder.permissions(mode);
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
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
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(&ours), mode(&usual));
    }
}
