//! Progress of a long run: one line on a terminal, removed at the end.

use std::io;

use crate::cli::session::Session;

/// Runs of fewer steps are over before anyone could read the line.
const FEWEST: usize = 20;
/// The same for steps that take a good part of a second.
const FEWEST_SLOW: usize = 3;
/// Characters of the bar.
const WIDTH: usize = 24;

/// The progress of a run of `total` steps.
pub(super) struct Progress {
    total: usize,
    fewest: usize,
    done: usize,
    /// The percentage on the terminal.
    shown: Option<usize>,
}

impl Progress {
    /// A run of `total` steps, none of them done.
    pub(super) fn new(total: usize) -> Self {
        Self { total, fewest: FEWEST, done: 0, shown: None }
    }

    /// A run of `total` steps that take their time.
    pub(super) fn of_slow(total: usize) -> Self {
        Self { fewest: FEWEST_SLOW, ..Self::new(total) }
    }

    /// Counts one step. Writes nothing in short runs, with --quiet, or if standard error is no terminal.
    pub(super) fn step(&mut self, session: &mut Session<'_>) -> io::Result<()> {
        self.done += 1;
        if session.quiet || !session.world.stderr_is_terminal || self.total < self.fewest {
            return Ok(());
        }
        let share = self.done * 100 / self.total;
        if self.shown == Some(share) && self.done < self.total {
            return Ok(());
        }
        self.shown = Some(share);
        let line = if self.done == self.total { String::new() } else { line(self.done, self.total) };
        write!(session.world.stderr, "\r\u{1b}[2K{line}")?;
        session.world.stderr.flush()
    }
}

/// `[████████                ] 334/1000`
fn line(done: usize, total: usize) -> String {
    let full = done * WIDTH / total.max(1);
    format!("[{}{}] {done}/{total}", "█".repeat(full), " ".repeat(WIDTH - full.min(WIDTH)))
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn the_bar_fills() {
        assert_eq!(line(0, 1000), format!("[{}] 0/1000", " ".repeat(24)));
        assert_eq!(line(500, 1000), format!("[{}{}] 500/1000", "█".repeat(12), " ".repeat(12)));
        assert_eq!(line(1000, 1000), format!("[{}] 1000/1000", "█".repeat(24)));
    }
}
