//! The register of numbers given out (发文登记簿): append-only, locked, chained.
//!
//! A number, once given out, is in the register, whatever crashed. The order of things:
//!
//! 1. under the lock, the next numbers are looked up and the documents are rendered with them;
//! 2. their bytes are written and synced under `.duban/staged/`, named by their hash;
//! 3. `reserved` lines are appended and synced: from here on the numbers are taken;
//! 4. the files are renamed to their final names;
//! 5. `dispatched` lines are appended.
//!
//! A crash before 3 leaves only staged bytes that nobody names; a crash after it leaves a pending
//! entry, which `resume` finishes with the same number from the staged bytes.
//!
//! - [`entry`]: one line, and the chain to the line before
//! - [`series`]: patterns and the next number
//! - `file`: the locked file: read, append, dispatch, resume, void
//! - [`verify`]: what is wrong with a register
//! - [`import`]: documents issued before duban

pub mod entry;
mod file;
pub mod import;
pub mod series;
pub mod verify;

pub use entry::{Event, FileHash, Record, Status, hash_hex};
pub use file::{Register, RegisterError, Request, read};
pub use series::{Pattern, Series};

/// The name of the register in a project's folder.
pub const FILE_NAME: &str = "register.jsonl";
