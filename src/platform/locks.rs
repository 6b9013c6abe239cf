//! Locks on files, which keep two runs from giving out one number.

use std::fs::File;
use std::io::{self, Read as _, Seek as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};

/// Whether files can be locked here. Where they can't, nothing is entered in a register.
pub(crate) const CAN_LOCK: bool = !cfg!(target_os = "wasi");

/// Waits until nobody writes to a file, and keeps others from it. Where there are no locks, nobody runs beside us: reading goes
/// on.
///
/// # Errors
/// A system error.
pub(crate) fn lock_shared(file: &File) -> io::Result<()> {
    match retried(|| file.lock_shared()) {
        Err(error) if error.kind() == io::ErrorKind::Unsupported => Ok(()),
        other => other,
    }
}

/// Waits until nobody else reads or writes a file, and keeps all others out until it is dropped.
///
/// # Errors
/// A system error: `Unsupported` where there are no locks.
pub(crate) fn lock(file: File, path: &Path) -> io::Result<Arc<File>> {
    retried(|| file.lock())?;
    let file = Arc::new(file);
    let mut held = HELD.lock().unwrap_or_else(PoisonError::into_inner);
    held.retain(|(_, file)| file.strong_count() > 0);
    held.push((path.to_owned(), Arc::downgrade(&file)));
    Ok(file)
}

/// The files that this process holds.
static HELD: Mutex<Vec<(PathBuf, Weak<File>)>> = Mutex::new(Vec::new());

/// Reads a file that this process itself may hold. Where locks bind everybody (Windows), it is read through that which holds it,
/// for another would be refused.
///
/// # Errors
/// A system error.
pub(crate) fn read_held(path: &Path) -> io::Result<Vec<u8>> {
    let held = HELD.lock().unwrap_or_else(PoisonError::into_inner);
    let own = held.iter().rev().filter(|(held, _)| held == path).find_map(|(_, file)| file.upgrade());
    drop(held);
    match own {
        Some(file) => {
            let mut bytes = Vec::new();
            // Whoever writes to it goes to its end first.
            (&*file).rewind()?;
            (&*file).read_to_end(&mut bytes)?;
            Ok(bytes)
        }
        None => std::fs::read(path),
    }
}

/// Lets others at a file again.
///
/// # Errors
/// A system error.
pub(crate) fn unlock(file: &File) -> io::Result<()> {
    if CAN_LOCK { file.unlock() } else { Ok(()) }
}

/// Calls `lock` again whenever a signal interrupts it.
fn retried(mut lock: impl FnMut() -> io::Result<()>) -> io::Result<()> {
    loop {
        match lock() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            other => return other,
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::disallowed_methods, reason = "tests make the files they lock")]

    use super::*;
    use crate::platform::files;

    #[test]
    fn what_is_held_is_read_by_whoever_holds_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("register");
        std::fs::write(&path, "one").unwrap();
        let file = lock(files::open_growing(&path).unwrap(), &path).unwrap();
        // Only that which holds it still leads to these bytes.
        std::fs::remove_file(&path).unwrap();
        std::fs::write(&path, "two").unwrap();
        assert_eq!(read_held(&path).unwrap(), b"one");
        drop(file);
        assert_eq!(read_held(&path).unwrap(), b"two");
    }
}
