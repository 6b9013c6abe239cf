//! Files are written whole or not at all. The only code that creates files.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

/// Writes a file so that under its name there is either what was there before or all of `bytes`:
/// to a temporary file beside it, synced, renamed, the folder synced. Missing folders are made.
///
/// # Errors
/// What the system says; the old file is then still there.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = folder_of(path);
    fs::create_dir_all(folder)?;
    let mut file = tempfile::Builder::new().prefix(".duban-").suffix(".tmp").tempfile_in(folder)?;
    file.write_all(bytes)?;
    share(file.as_file())?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    sync_folder(folder)
}

/// Gives a file a new name in a way that a crash leaves it under one of the two.
///
/// # Errors
/// What the system says.
pub fn rename(from: &Path, to: &Path) -> io::Result<()> {
    let folder = folder_of(to);
    fs::create_dir_all(folder)?;
    match fs::rename(from, to) {
        // Another device: copy whole, then let go of the old name.
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {
            write(to, &fs::read(from)?)?;
            fs::remove_file(from)?;
        }
        other => other?,
    }
    sync_folder(folder)?;
    sync_folder(folder_of(from))
}

/// Makes what happened to the names in a folder last.
///
/// # Errors
/// What the system says. Systems that can't sync a folder don't need to.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Temporary files are born private; a document is for the office to read.
#[cfg(unix)]
fn share(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn share(_: &File) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_whole_and_nothing_else_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b.txt");
        write(&path, b"one").unwrap();
        write(&path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        rename(&path, &folder.path().join("c/d.txt")).unwrap();
        assert_eq!(fs::read(folder.path().join("c/d.txt")).unwrap(), b"two");
        assert_eq!(fs::read_dir(folder.path().join("a")).unwrap().count(), 0);
    }
}
