//! The progress of a long run: one line on the terminal, in whose place comes whatever is written there.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use crate::progress::{Progress, Unit};

/// Shorter runs are over before anyone asks how far they are.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often the line is written anew.
const TICK: Duration = Duration::from_millis(200);
/// Characters of the bar.
const WIDTH: usize = 24;

/// The line on the terminal.
#[derive(Clone, Default)]
pub(super) struct ProgressLine(Arc<Mutex<LineState>>);

#[derive(Default)]
struct LineState {
    /// What stands there.
    shown: String,
    /// Whether nothing more is to be shown: the output has begun.
    is_over: bool,
}

impl ProgressLine {
    /// Shows the progress on standard error, which is a terminal, from the first second of the run on.
    pub(super) fn watch(progress: Arc<Progress>) -> Self {
        let line = Self::default();
        let shown = line.clone();
        // It ends with the process. Where it can't be started, nothing is shown.
        let _ = thread::Builder::new().spawn(move || {
            thread::sleep(PATIENCE);
            while shown.tick(&text(&progress), &mut io::stderr()) {
                thread::sleep(TICK);
            }
        });
        line
    }

    /// Writes the line anew; returns false once there is to be none.
    fn tick(&self, text: &str, out: &mut dyn Write) -> bool {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !state.is_over && state.shown != text {
            text.clone_into(&mut state.shown);
            // A terminal that is gone shows nothing.
            state.is_over = write!(out, "\r\u{1b}[2K{text}").and_then(|()| out.flush()).is_err();
        }
        !state.is_over
    }

    /// A stream to the same terminal: what is written to it takes the place of the line. The line does not come back if
    /// `ends`: between the lines of a table it would be in the way.
    pub(super) fn beside<W: Write>(&self, stream: W, ends: bool) -> BesideLine<W> {
        BesideLine { stream, line: self.clone(), ends }
    }

    /// Removes the line, for good if `ends`.
    fn remove(&self, ends: bool, out: &mut dyn Write) -> io::Result<()> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.is_over |= ends;
        if std::mem::take(&mut state.shown).is_empty() { Ok(()) } else { write!(out, "\r\u{1b}[2K") }
    }
}

/// A stream to the terminal on which the line stands.
pub(super) struct BesideLine<W> {
    stream: W,
    line: ProgressLine,
    ends: bool,
}

impl<W: Write> Write for BesideLine<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.line.remove(self.ends, &mut self.stream)?;
        self.stream.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

impl<W> Drop for BesideLine<W> {
    /// The run is over.
    fn drop(&mut self) {
        let _ = self.line.remove(true, &mut io::stderr());
    }
}

/// `[████████                ] 334/1000`; nothing while nothing is counted.
fn text(progress: &Progress) -> String {
    let Some((unit, done, total)) = progress.so_far() else { return String::new() };
    let full = usize::try_from(done * WIDTH as u64 / total.max(1)).unwrap_or(WIDTH);
    let amounts = match unit {
        Unit::Documents => format!("{done}/{total}"),
        Unit::Bytes => format!("{}/{} MB", done / 1_000_000, total.div_ceil(1_000_000)),
    };
    format!("[{}{}] {amounts}", "█".repeat(full), " ".repeat(WIDTH - full))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_fills() {
        let progress = Progress::default();
        assert_eq!(text(&progress), "");
        progress.begin(Unit::Documents, 1000);
        assert_eq!(text(&progress), format!("[{}] 0/1000", " ".repeat(24)));
        progress.add(500);
        assert_eq!(text(&progress), format!("[{}{}] 500/1000", "█".repeat(12), " ".repeat(12)));
        progress.begin(Unit::Bytes, 4_200_000);
        progress.add(5_000_000);
        assert_eq!(text(&progress), format!("[{}] 4/5 MB", "█".repeat(24)));
    }

    #[test]
    fn what_is_written_takes_the_place_of_the_line() {
        let (line, mut terminal) = (ProgressLine::default(), Vec::new());
        assert!(line.tick("[█ ]", &mut terminal) && line.tick("[█ ]", &mut terminal));
        line.beside(&mut terminal, false).write_all("一\n".as_bytes()).unwrap();
        assert_eq!(String::from_utf8(terminal).unwrap(), "\r\u{1b}[2K[█ ]\r\u{1b}[2K一\n");
        // Its stream is gone, and with it the run.
        assert!(!line.tick("[██]", &mut Vec::new()));
    }
}
