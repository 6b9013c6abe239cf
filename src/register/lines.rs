//! Splits the bytes of the register into lines, and tells whether the last ones are complete.

use crate::register::RegisterError;
use crate::register::entry::{RegisterLine, read_line};

/// The lines of the file.
#[derive(Debug)]
pub(super) struct RegisterLines {
    /// The lines that can be read, complete batches or not, in order.
    pub(super) readable: Vec<RegisterLine>,
    /// The numbers of the lines that can't be read, except for a torn last one.
    pub(super) bad: Vec<(usize, serde_json::Error)>,
    /// The first of these that is a mark of a merge that Git left to be solved by hand.
    pub(super) mark: Option<usize>,
    /// The numbers of blank lines, which only an editor leaves.
    pub(super) blank: Vec<usize>,
    /// How the file ends.
    pub(super) end: FileEnd,
}

/// How the file ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FileEnd {
    /// With a line feed; or the file is empty.
    LineFeed,
    /// With a complete line that lacks its line feed, as some editors leave it.
    NoLineFeed,
    /// With an incomplete line.
    Torn {
        /// The line, from 1.
        at: usize,
        /// The byte offset of its start.
        start: u64,
    },
}

impl RegisterLines {
    /// Reads the bytes of a register. It never fails: unreadable lines are part of the result.
    pub(super) fn read(bytes: &[u8]) -> Self {
        Self::read_from(bytes, 1, 0)
    }

    /// Reads the bytes of a register from the line `first` on, which begins at the offset `start`.
    pub(super) fn read_from(bytes: &[u8], first: usize, mut start: u64) -> Self {
        let mut read =
            Self { readable: Vec::new(), bad: Vec::new(), mark: None, blank: Vec::new(), end: FileEnd::LineFeed };
        for (index, text) in bytes.split_inclusive(|byte| *byte == b'\n').enumerate() {
            let at = first + index;
            // Version control may give a text file the line ends of the system (`core.autocrlf` of Git): a line is what is
            // before its line end, with or without a carriage return.
            match text.strip_suffix(b"\n").map(|text| text.strip_suffix(b"\r").unwrap_or(text)) {
                Some(text) if text.trim_ascii().is_empty() => read.blank.push(at),
                Some(text) => match read_line(text, at, start) {
                    Ok(line) => read.readable.push(line),
                    Err(error) => {
                        read.mark = read.mark.or(is_mark(text).then_some(at));
                        read.bad.push((at, error));
                    }
                },
                None => match read_line(text.strip_suffix(b"\r").unwrap_or(text), at, start) {
                    Ok(line) if line.sound => {
                        read.readable.push(line);
                        read.end = FileEnd::NoLineFeed;
                    }
                    _ => read.end = FileEnd::Torn { at, start },
                },
            }
            start += text.len() as u64;
        }
        read
    }

    /// Returns the index of the first line that was appended together with a line, which is counted from 1.
    pub(super) fn batch_of(&self, line: usize) -> usize {
        let mut from = self.readable.partition_point(|read| read.at < line);
        while let Some([before, first]) = from.checked_sub(1).and_then(|before| self.readable.get(before..=from)) {
            if before.more != first.more.saturating_add(1) {
                break;
            }
            from -= 1;
        }
        from
    }

    /// Stops at a line that can't be read.
    ///
    /// # Errors
    /// The first such line.
    pub(super) fn refuse_bad(&mut self) -> Result<(), RegisterError> {
        if let Some(line) = self.mark {
            return Err(RegisterError::Unmerged { line });
        }
        if self.bad.is_empty() {
            return Ok(());
        }
        let (line, source) = self.bad.swap_remove(0);
        Err(RegisterError::Line { line, source })
    }

    /// Returns the index of the first readable line of an incomplete batch at the end, if there is one.
    ///
    /// Lines appended together count down how many follow. If the countdown doesn't reach 0, the write was interrupted,
    /// and none of its numbers was issued.
    pub(super) fn unfinished_from(&self) -> Option<usize> {
        let mut from = self.readable.len().checked_sub(1)?;
        if self.readable.get(from)?.more == 0 {
            return None;
        }
        while let Some(pair) = from.checked_sub(1).and_then(|before| self.readable.get(before..=from)) {
            match pair {
                [before, line] if before.more == line.more.saturating_add(1) => from -= 1,
                _ => break,
            }
        }
        Some(from)
    }
}

/// Whether a line is one that Git writes around what two branches have, where no merge driver is set up.
fn is_mark(text: &[u8]) -> bool {
    [b"<<<<<<<", b"|||||||", b"=======", b">>>>>>>"].iter().any(|mark| text.starts_with(*mark))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::register::entry::{Event, NO_LINE, tests::facts, write_line};

    fn text(more: &[u32]) -> String {
        let line = |(at, more): (usize, &u32)| {
            let event = Event::Reserved(facts("a", 2021, u32::try_from(at).unwrap() + 1));
            write_line(at as u64 + 1, &event, *more, NO_LINE).unwrap() + "\n"
        };
        more.iter().enumerate().map(line).collect()
    }

    #[test]
    fn the_end_tells_what_a_crash_left() {
        let whole = text(&[0, 0]);
        assert_eq!(RegisterLines::read(b"").end, FileEnd::LineFeed);
        assert_eq!(RegisterLines::read(whole.as_bytes()).end, FileEnd::LineFeed);
        let first = whole.find('\n').unwrap() + 1;
        for cut in first + 1..whole.len() - 1 {
            let lines = RegisterLines::read(&whole.as_bytes()[..cut]);
            assert_eq!((lines.end, lines.readable.len()), (FileEnd::Torn { at: 2, start: first as u64 }, 1), "{cut}");
        }
        let lines = RegisterLines::read(&whole.as_bytes()[..whole.len() - 1]);
        assert_eq!((lines.end, lines.readable.len(), lines.readable[1].start), (FileEnd::NoLineFeed, 2, first as u64));
    }

    #[test]
    fn a_run_that_breaks_off_is_unfinished_as_a_whole() {
        for (more, from) in [
            (&[][..], None),
            (&[0], None),
            (&[2, 1, 0], None),
            (&[0, 2], Some(1)),
            (&[0, 2, 1], Some(1)),
            (&[1, 0, 0, 3, 2], Some(3)),
            (&[1], Some(0)),
        ] {
            assert_eq!(RegisterLines::read(text(more).as_bytes()).unfinished_from(), from, "{more:?}");
        }
    }

    #[test]
    fn what_an_editor_adds_is_placed() {
        let lines = RegisterLines::read(format!("\n{}oops\n \n", text(&[0])).as_bytes());
        assert_eq!(lines.blank, [1, 4]);
        assert_eq!(lines.bad.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [3]);
        assert_eq!(lines.readable[0].at, 2);
    }
}
