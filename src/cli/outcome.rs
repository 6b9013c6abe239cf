//! How a run ends: its exit status, and why it stopped early.

use std::io::{self, Write as _};
use std::path::Path;

use crate::cli::world::World;
use crate::fault::FileError;
use crate::platform::paths::slashed;
use crate::source::excerpt::harmless_lines;
use crate::words::lang::Lang;

/// How a run ended: the exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum ExitStatus {
    /// Done; for `check`, no error.
    Done = 0,
    /// `check` found errors, a dispatch was refused because of them, `register verify` found a break, or `proof` told
    /// something.
    Found = 1,
    /// Wrong usage, an unreadable file, a log in which nothing was recognised, a bad config or template.
    Wrong = 2,
    /// A document could not be finished; nothing half-written is left.
    Unfinished = 3,
    /// A number was taken, but something after it failed; the message names the number.
    NumberTaken = 4,
}

/// Why a run stopped before its end.
#[derive(Debug)]
pub enum Stop {
    /// With an error that the user has not been told yet.
    Error(ExitStatus, anyhow::Error),
    /// With messages that have been written already.
    Reported(ExitStatus),
}

impl Stop {
    pub(crate) fn wrong(message: impl Into<String>) -> Self {
        Self::Error(ExitStatus::Wrong, anyhow::Error::msg(message.into()))
    }

    pub(crate) fn unfinished(message: impl Into<String>) -> Self {
        Self::Error(ExitStatus::Unfinished, anyhow::Error::msg(message.into()))
    }

    /// A file could not be read.
    pub(super) fn unreadable(path: &Path, error: io::Error) -> Self {
        Self::Error(ExitStatus::Wrong, anyhow::Error::new(error).context(slashed(path).to_string()))
    }

    /// A file could not be written. An error that names it already is not given its name once more.
    pub(crate) fn unwritten(path: &Path, error: io::Error) -> Self {
        let is_named = is_told_in_use(&error);
        let error = anyhow::Error::new(error);
        Self::Error(ExitStatus::Unfinished, if is_named { error } else { error.context(slashed(path).to_string()) })
    }

    /// The same reason after numbers were taken and entered: it names them, and the status says so.
    pub(super) fn after_numbers<'n>(self, numbers: impl Iterator<Item = &'n str>, lang: Lang) -> Self {
        let Self::Error(_, error) = self else { return Self::Reported(ExitStatus::NumberTaken) };
        let numbers = numbers.collect::<Vec<_>>().join(lang.pick("、", ", "));
        Self::Error(
            ExitStatus::NumberTaken,
            error.context(lang.pick(
                format!("{numbers} 已取号、已登记；此后出错（用 duban register list 核对，未完成的用 duban register resume 完成）"),
                format!(
                    "{numbers} taken and registered, but something failed afterwards (see `duban register list`; `duban register resume` \
                     finishes what is pending)"
                ),
            )),
        )
    }
}

impl<E: Into<anyhow::Error>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Error(ExitStatus::Wrong, error.into())
    }
}

/// Writes why a run stopped, if that is not written yet, and gives its status.
pub(super) fn told(stop: Stop, lang: Lang, world: &mut World) -> ExitStatus {
    match stop {
        Stop::Reported(status) => status,
        // The reader of the output closed the pipe, as `head` does. Whoever takes a number must hear of it all the same.
        Stop::Error(status, error) if status != ExitStatus::NumberTaken && is_broken_pipe(&error) => ExitStatus::Done,
        Stop::Error(status, error) => {
            // Messages quote file names and cells of logs, which may hold control characters.
            let why = if is_in_use(&error) {
                lang.pick(
                    "；它可能正在别的程序（Word、WPS）里打开：请关闭后再运行",
                    "; another program such as Word may have it open: close it there and run this again",
                )
            } else {
                ""
            };
            let _ = writeln!(world.stderr, "duban: {}{why}", harmless_lines(&text(&error, lang)));
            status
        }
    }
}

/// An error with its causes, those of the system in the user's language.
fn text(error: &anyhow::Error, lang: Lang) -> String {
    let cause = |cause: &(dyn std::error::Error + 'static)| {
        let of_system = cause.downcast_ref::<io::Error>().map(FileError::from);
        of_system.map_or_else(|| cause.to_string(), |error| error.text(lang).to_owned())
    };
    error.chain().map(cause).collect::<Vec<_>>().join(": ")
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    of_system(error).is_some_and(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
}

/// Whether a file could not be replaced because another program may have it open.
fn is_in_use(error: &anyhow::Error) -> bool {
    of_system(error).is_some_and(is_told_in_use)
}

/// Whether it is an error that [`crate::platform::files`] made of one: the system says the same of a folder in use.
fn is_told_in_use(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::ResourceBusy && error.raw_os_error().is_none()
}

fn of_system(error: &anyhow::Error) -> Option<&io::Error> {
    error.chain().find_map(|cause| cause.downcast_ref())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::files;

    #[test]
    fn a_file_that_is_open_elsewhere_is_named_once_and_told() {
        let path = Path::new("documents/a.docx");
        let denied = || io::Error::other("denied");
        for (cause, is_told) in [(files::in_use(&denied(), path), true), (denied(), false)] {
            let Stop::Error(ExitStatus::Unfinished, error) = Stop::unwritten(path, cause) else { panic!("a status") };
            assert_eq!((&*format!("{error:#}"), is_in_use(&error)), ("documents/a.docx: denied", is_told));
        }
    }
}
