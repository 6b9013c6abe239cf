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
//! - [`number_key`]: which number, of which series and year
//! - [`series`]: patterns, and which number is next
//! - `lines`: the bytes of the file → lines, and how they end
//! - `folder`: the names of the register and of what is kept beside it
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
mod folder;
mod head;
pub mod import;
mod lines;
pub mod number_key;
pub mod series;
pub mod verify;

#[cfg(test)]
mod tests;

pub use dispatch::{DispatchRequest, ResumeOutcome};
pub use entry::{AcceptedFaults, Event, Facts, FileHash, RegisterEntry, RegisterStatus};
pub use error::{DispatchError, Note, RegisterError};
pub use file::{Register, read};
pub use folder::FILE_NAME;
pub(crate) use folder::{OWN_FOLDER, STAGED};
pub use import::{ImportFault, import};
pub use number_key::NumberKey;
pub use series::{Pattern, PatternError, Reset, Series};
pub use verify::{Break, verify};
