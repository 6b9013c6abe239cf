//! Whether a file manager started the program, by a double click.

/// Whether it did, as far as a system tells: nobody reads what it prints, or the window of the terminal is its own.
///
/// `has_desktop` says whether the environment names a screen (on Linux).
#[cfg(unix)]
pub(crate) fn is_double_clicked(has_desktop: bool) -> bool {
    use rustix::fs::{FileType, fstat};
    use std::io::{IsTerminal as _, stderr, stdin, stdout};
    // A script reads through a pipe, also where a screen is.
    let is_read = |stat: rustix::io::Result<rustix::fs::Stat>| {
        stat.is_ok_and(|stat| FileType::from_raw_mode(stat.st_mode) == FileType::Fifo)
    };
    let has_terminal = stdin().is_terminal() || stdout().is_terminal() || stderr().is_terminal();
    has_desktop && !has_terminal && !is_read(fstat(stdout())) && !is_read(fstat(stderr()))
}

/// Whether it did: the console was opened for this process, and no other is in it.
#[cfg(windows)]
pub(crate) fn is_double_clicked(_has_desktop: bool) -> bool {
    use std::io::{IsTerminal as _, stdout};
    use windows_sys::Win32::System::Console::GetConsoleProcessList;
    let mut processes = [0_u32; 2];
    #[expect(unsafe_code, reason = "the system is asked; see the proof")]
    // SAFETY: the list has room for the two numbers that the call is told it may write.
    let count = unsafe { GetConsoleProcessList(processes.as_mut_ptr(), 2) };
    count == 1 && stdout().is_terminal()
}

/// Whoever runs a module gives it a command.
#[cfg(not(any(unix, windows)))]
pub(crate) fn is_double_clicked(_has_desktop: bool) -> bool {
    false
}
