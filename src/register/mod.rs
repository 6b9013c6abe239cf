//! The register of numbers given out (发文登记簿): append-only, locked, chained.
//!
//! The promise: a number, once given out, is in the register, whatever crashed; none comes twice. The
//! order of things that keeps it:
//!
//! 1. under the lock the next numbers are looked up, and the documents are rendered with them;
//! 2. their bytes are written and synced under `.duban/staged/`, named by their hash;
//! 3. `reserved` lines are appended and synced: from here on the numbers are taken;
//! 4. the files are written under their final names, never over another file;
//! 5. `dispatched` lines are appended, the staged bytes are let go.
//!
//! A failure before 3 leaves nothing. A crash after it leaves pending entries, which
//! [`resume`](Register::resume) finishes with the same numbers from the staged bytes.
//!
//! - [`entry`]: one line, its chain to the line before, and what all lines add up to
//! - [`series`]: patterns, and which number is next
//! - `lines`: the bytes of the file → lines, and how they end
//! - `head`: how far the register had come, kept beside it, so that a cut shows
//! - `file`: the locked file: open, append, void
//! - `dispatch`: numbers and files together: dispatch, resume
//! - [`mod@verify`]: what is wrong with a register
//! - [`mod@import`]: documents issued before duban
//! - `error`: what can go wrong, and the words for it

mod dispatch;
pub mod entry;
mod error;
mod file;
mod head;
pub mod import;
mod lines;
pub mod series;
pub mod verify;

#[cfg(test)]
mod tests;

pub use dispatch::{Request, Resumed};
pub use entry::{Event, Facts, FileHash, Key, RegisterEntry, Status};
pub use error::{DispatchError, Note, RegisterError};
pub use file::{Register, read};
pub use import::{ImportFault, import};
pub use series::{Pattern, PatternError, Reset, Series};
pub use verify::{Break, verify};

/// The name of the register in a project's folder.
pub const FILE_NAME: &str = "register.jsonl";

/// Where duban keeps what is its own, in a project's folder.
pub(crate) const OWN_FOLDER: &str = ".duban";

/// Where documents wait between being written and getting their final names. A place for good, on
/// which finishing a number depends: not a cache.
pub(crate) const STAGED: &str = ".duban/staged";
