//! How the file system describes the register: whether anything but duban wrote to it since.

use std::fs::File;
use std::io;

use serde::{Deserialize, Serialize};

use crate::platform::files;

/// What the file system says of a file. Two stamps are equal if nothing wrote to the file in between, unless somebody set
/// its times back, or wrote the same number of bytes within one tick of the file system's clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stamp {
    /// Its length in bytes.
    pub(super) len: u64,
    /// When its bytes and, where the system knows it, when its entry changed: seconds and nanoseconds.
    times: [(i64, i64); 2],
    /// Which file it is, where the system knows it: another one may have been put in its place.
    file: u64,
}

impl Stamp {
    /// Returns the stamp of an open file.
    ///
    /// # Errors
    /// The system doesn't tell.
    pub(super) fn of(file: &File) -> io::Result<Self> {
        let (times, number) = files::times_and_number(file)?;
        Ok(Self { len: file.metadata()?.len(), times, file: number })
    }
}
