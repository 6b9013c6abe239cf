//! The terminal, if standard output is one.

use std::io::{self, IsTerminal as _};

/// Half-width characters of a terminal that does not tell its width.
const USUAL: usize = 80;

/// The width of the terminal that standard output is, in half-width characters.
pub(crate) fn width() -> Option<usize> {
    io::stdout().is_terminal().then(|| said_width().filter(|width| *width > 0).unwrap_or(USUAL))
}

#[cfg(any(unix, windows))]
fn said_width() -> Option<usize> {
    terminal_size::terminal_size_of(io::stdout()).map(|(terminal_size::Width(width), _)| usize::from(width))
}

#[cfg(not(any(unix, windows)))]
fn said_width() -> Option<usize> {
    None
}
