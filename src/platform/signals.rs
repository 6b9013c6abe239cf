//! Ctrl-C.

use std::io;

/// Asks for something to be done, instead of ending the process, when the user interrupts it.
///
/// # Errors
/// It was asked before, or the system refuses.
#[cfg(any(unix, windows))]
pub(crate) fn on_interrupt(act: Box<dyn FnMut() + Send>) -> io::Result<()> {
    ctrlc::set_handler(act).map_err(io::Error::other)
}

/// Where no signal is known, nothing interrupts.
#[cfg(not(any(unix, windows)))]
pub(crate) fn on_interrupt(_: Box<dyn FnMut() + Send>) -> io::Result<()> {
    Ok(())
}
