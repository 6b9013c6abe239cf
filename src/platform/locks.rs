//! Locks on files, which keep two runs from giving out one number.

use std::fs::File;
use std::io;

/// Whether files can be locked here. Where they can't, nothing is entered in a register.
pub(crate) const CAN_LOCK: bool = !cfg!(target_os = "wasi");

/// Waits until nobody writes to a file, and keeps others from it. Where there are no locks, nobody runs beside us: reading goes
/// on.
///
/// # Errors
/// A system error.
pub(crate) fn lock_shared(file: &File) -> io::Result<()> {
    match retried(|| system::lock(file, Lock::Shared)) {
        Err(error) if error.kind() == io::ErrorKind::Unsupported => Ok(()),
        other => other,
    }
}

/// Waits until nobody else holds a file, and keeps all others who ask for it out until it is closed. Who does not ask may read it.
///
/// # Errors
/// A system error: `Unsupported` where there are no locks.
pub(crate) fn lock(file: &File) -> io::Result<()> {
    retried(|| system::lock(file, Lock::Exclusive))
}

/// Takes a file that is for nobody else, whatever it holds, if nobody has it.
pub(crate) fn try_lock(file: &File) -> bool {
    file.try_lock().is_ok()
}

/// Lets others at a file again.
///
/// # Errors
/// A system error.
pub(crate) fn unlock(file: &File) -> io::Result<()> {
    if CAN_LOCK { system::unlock(file) } else { Ok(()) }
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

/// Who else may hold the file: nobody, or whoever shares it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lock {
    Exclusive,
    Shared,
}

/// The locks of the standard library, which bind nobody who does not ask.
#[cfg(not(windows))]
mod system {
    use super::{File, Lock, io};

    pub(super) fn lock(file: &File, lock: Lock) -> io::Result<()> {
        match lock {
            Lock::Exclusive => file.lock(),
            Lock::Shared => file.lock_shared(),
        }
    }

    pub(super) fn unlock(file: &File) -> io::Result<()> {
        file.unlock()
    }
}

/// A lock of Windows keeps everybody from the bytes that it covers, also from reading them by another handle of the same process.
/// So it covers one byte, far behind all that a file holds; that of the standard library covers all.
#[cfg(windows)]
mod system {
    use std::os::windows::io::AsRawHandle as _;

    use windows_sys::Win32::Storage::FileSystem::{LOCKFILE_EXCLUSIVE_LOCK, LockFileEx, UnlockFileEx};
    use windows_sys::Win32::System::IO::OVERLAPPED;

    use super::{File, Lock, io};

    pub(super) fn lock(file: &File, lock: Lock) -> io::Result<()> {
        let flags = if lock == Lock::Exclusive { LOCKFILE_EXCLUSIVE_LOCK } else { 0 };
        let mut place = place();
        #[expect(unsafe_code, reason = "the standard library locks all of a file; see the proof")]
        // SAFETY: the handle is open as long as `file` is borrowed. It was not opened for overlapped work, so that the call returns
        // when the lock is had, and `place` is used no longer than that.
        let done = unsafe { LockFileEx(file.as_raw_handle(), flags, 0, 1, 0, &raw mut place) };
        if done == 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
    }

    pub(super) fn unlock(file: &File) -> io::Result<()> {
        let mut place = place();
        #[expect(unsafe_code, reason = "the standard library unlocks all of a file; see the proof")]
        // SAFETY: as in `lock`.
        let done = unsafe { UnlockFileEx(file.as_raw_handle(), 0, 1, 0, &raw mut place) };
        if done == 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
    }

    /// Where the byte lies: at 2^62.
    fn place() -> OVERLAPPED {
        let mut place = OVERLAPPED::default();
        place.Anonymous.Anonymous.OffsetHigh = 1 << 30;
        place
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::disallowed_methods, reason = "tests make the files they lock")]

    use std::io::{Read as _, Seek as _, Write as _};

    use super::*;
    use crate::platform::files;

    #[test]
    fn what_is_held_can_be_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("register");
        std::fs::write(&path, "one").unwrap();
        let held = files::open_growing(&path).unwrap();
        lock(&held).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"one");
        unlock(&held).unwrap();
        lock_shared(&held).unwrap();
        lock_shared(&File::open(&path).unwrap()).unwrap();
    }

    #[test]
    fn one_at_a_time_holds_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("count");
        std::fs::write(&path, "0").unwrap();
        let counted = || {
            for _ in 0..100 {
                let mut file = files::open_growing(&path).unwrap();
                lock(&file).unwrap();
                let mut text = String::new();
                file.read_to_string(&mut text).unwrap();
                file.rewind().unwrap();
                write!(file, "{}", text.parse::<u32>().unwrap() + 1).unwrap();
                // Every other time it is closed while held.
                if text.ends_with(['0', '2', '4', '6', '8']) {
                    unlock(&file).unwrap();
                }
            }
        };
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(counted);
            }
        });
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "400");
    }
}
