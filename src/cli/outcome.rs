//! How a run ends: its exit status, and why it stopped early.

/// How a run ended: the exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum ExitStatus {
    /// Done; for `check`, no error.
    Done = 0,
    /// `check` found errors, a dispatch was refused because of them, or `register verify` found a break.
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
}

impl<E: Into<anyhow::Error>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Error(ExitStatus::Wrong, error.into())
    }
}
