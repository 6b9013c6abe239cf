//! The register of issued numbers (发文登记簿): append-only, locked, hash-chained.
//!
//! It guarantees that an issued number is in the register, whatever crashed, and that no number is issued twice. A
//! dispatch takes these steps:
//!
//! 1. Under the lock, the next numbers are determined and the documents are rendered with them.
//! 2. The files are written to `.duban/staged/`, named by their hash, and synced.
//! 3. `reserved` lines are appended and synced: from here on the numbers are taken.
//! 4. The files are written under their final names, never over another file.
//! 5. `dispatched` lines are appended, and the staged files are removed.
//!
//! A failure before step 3 leaves nothing behind. A crash after it leaves pending entries, which
//! [`resume`](Register::resume) finishes under the same numbers from the staged files.
//!
//! - [`entry`]: lines and their hash chain, and the entries that they make
//! - `state`: which numbers are taken, and how each stands
//! - [`number_key`]: the key of a number
//! - [`series`]: patterns of numbers, and the next number
//! - `lines`: splitting the file into lines
//! - `folder`: the names of the register's files
//! - `identities`: what the issues of a document said, from its figures
//! - `attributes`: keeps Git from changing line ends
//! - `head`: the last line, recorded beside the register, so that truncation is detected
//! - `stamp`: whether anything else wrote to the register
//! - `checkpoint`: what a run asks of the older part of a long register, so that it need not be read
//! - `file`: the locked file: open, append, void
//! - `past`: the register as a run asks it
//! - `said`: what a line says, whatever stands around it
//! - `doubled`: numbers that two branches gave out
//! - `elsewhere`: numbers that another version of the register knows
//! - `dispatch`: taking numbers and writing files; resuming after a crash
//! - [`mod@merge`]: one register of those of two branches
//! - [`mod@verify`]: finding faults in a register
//! - [`mod@import`]: documents issued before duban
//! - `error`: errors and their texts

mod attributes;
mod checkpoint;
mod dispatch;
mod doubled;
mod elsewhere;
pub mod entry;
mod error;
mod file;
mod file_hash;
mod folder;
mod head;
mod identities;
pub mod import;
mod lines;
pub mod merge;
pub mod number_key;
mod past;
mod said;
pub mod series;
mod stamp;
mod state;
pub mod verify;

#[cfg(test)]
mod tests;

pub use attributes::{ATTRIBUTES, AttributesOutcome, keep_line_ends};
pub use checkpoint::Clues;
pub use dispatch::{DispatchRequest, ResumeOutcome};
pub use doubled::{doubled, doubled_text};
pub use elsewhere::{GivenOut, Here, NamedDocument, VersionReader, has_line};
pub use entry::{AcceptedFaults, DocumentLink, Event, Facts, FileHash, RegisterEntry, RegisterStatus};
pub use error::{DispatchError, Note, RegisterError};
pub use file::{IsElsewhere, NamedNumber, Register, bytes_of, read};
pub use folder::FILE_NAME;
pub(crate) use folder::{OWN_FOLDER, STAGED};
pub use identities::{StoredIssue, stored_issues};
pub use import::{ImportFault, import};
pub use merge::{MergeError, Merged, merge};
pub use number_key::NumberKey;
pub use past::Past;
pub use series::{Pattern, PatternError, Reset, Series};
pub use verify::{Break, verify, verify_beside};
