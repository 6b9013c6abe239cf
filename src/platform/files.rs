//! Files and folders: how they reach the disk, who may read them, and which one an open file is.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

use crate::platform::paths::slashed;

/// Whether a single call can sync a whole file system and wait until it is done.
pub(crate) const ONE_SYNC: bool = cfg!(target_os = "linux");

/// Syncs the file system that contains `folder`.
///
/// # Errors
/// A system error.
#[cfg(target_os = "linux")]
pub(crate) fn sync_file_system(folder: &Path) -> io::Result<()> {
    Ok(rustix::fs::syncfs(File::open(folder)?)?)
}

/// Does nothing: each file was synced when it was written.
#[cfg(not(target_os = "linux"))]
pub(crate) fn sync_file_system(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Syncs a folder, so that new and renamed entries are durable. Does nothing where a folder can't be synced and need not be
/// (Windows), or where nothing outlives the run (WASI).
///
/// # Errors
/// A system error.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// Lets others than the owner use a temporary file or folder, subject to the umask: it becomes an ordinary one.
#[cfg_attr(not(unix), expect(unused_variables, reason = "only Unix has modes"))]
pub(crate) fn make_ordinary(builder: &mut tempfile::Builder<'_, '_>, is_folder: bool) {
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(if is_folder { 0o777 } else { 0o666 }));
}

/// An error as one that says so if another program has the file open: Word and WPS keep others from it on Windows, which
/// says no more than "Access is denied".
pub(crate) fn told_if_in_use(error: io::Error, path: &Path) -> io::Error {
    if cfg!(windows) && error.raw_os_error().is_some_and(may_be_in_use) {
        return in_use(&error, path);
    }
    error
}

/// The error of a file that another program may have open.
pub(crate) fn in_use(error: &io::Error, path: &Path) -> io::Error {
    io::Error::new(io::ErrorKind::ResourceBusy, format!("{}: {error}", slashed(path)))
}

/// What Windows says of such a file: access denied, a violation of sharing or of a lock, or that it is mapped.
fn may_be_in_use(code: i32) -> bool {
    [5, 32, 33, 1224].contains(&code)
}

/// Opens a file to read and to write to, wherever the caller goes in it; creates it if it does not exist. Not for appending:
/// what is opened so on Windows can't be cut.
///
/// # Errors
/// A system error.
pub(crate) fn open_growing(path: &Path) -> io::Result<File> {
    #[expect(clippy::disallowed_methods, reason = "a file that grows can't be replaced whole")]
    OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)
}

/// Whether an open file is still the one at `path`.
///
/// # Errors
/// The system doesn't tell.
#[cfg(unix)]
pub(crate) fn is_file_at(file: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt as _;
    let ours = file.metadata()?;
    match std::fs::metadata(path) {
        Ok(there) => Ok((there.dev(), there.ino()) == (ours.dev(), ours.ino())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Whether an open file is still the one at `path`. Windows lets one that is open be removed or renamed, by those who ask
/// for it so (Git does): the length and the times of two files that are both at work hardly agree.
///
/// # Errors
/// The system doesn't tell.
#[cfg(not(unix))]
pub(crate) fn is_file_at(file: &File, path: &Path) -> io::Result<bool> {
    let ours = file.metadata()?;
    match std::fs::metadata(path) {
        Ok(there) => {
            let said = |of: &std::fs::Metadata| (of.len(), of.modified().ok(), of.created().ok());
            Ok(said(&there) == said(&ours))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// When the bytes of a file and, where the system knows it, its entry changed (seconds and nanoseconds), and which file it is,
/// where the system knows it.
///
/// # Errors
/// The system doesn't tell.
#[cfg(unix)]
pub(crate) fn times_and_number(file: &File) -> io::Result<([(i64, i64); 2], u64)> {
    use std::os::unix::fs::MetadataExt as _;
    let said = file.metadata()?;
    Ok(([(said.mtime(), said.mtime_nsec()), (said.ctime(), said.ctime_nsec())], said.ino()))
}

/// When the bytes of a file changed: seconds and nanoseconds. The others are not known.
///
/// # Errors
/// The system doesn't tell.
#[cfg(not(unix))]
pub(crate) fn times_and_number(file: &File) -> io::Result<([(i64, i64); 2], u64)> {
    let since = file.metadata()?.modified()?.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    let modified = (i64::try_from(since.as_secs()).unwrap_or(i64::MAX), i64::from(since.subsec_nanos()));
    Ok(([modified, (0, 0)], 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_files_that_are_open_elsewhere_are_known() {
        assert!([5, 32, 33].into_iter().all(may_be_in_use) && ![2, 3, 112].into_iter().any(may_be_in_use));
        let told = in_use(&io::Error::other("denied"), Path::new("documents/a.docx"));
        assert_eq!((told.kind(), &*told.to_string()), (io::ErrorKind::ResourceBusy, "documents/a.docx: denied"));
        // Elsewhere such codes mean something else.
        let same = told_if_in_use(io::Error::from_raw_os_error(5), Path::new("a"));
        assert_eq!(same.raw_os_error().is_some(), !cfg!(windows));
    }
}
