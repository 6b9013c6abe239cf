//! The checkpoint: what a run asks of the older part of a long register, beside the register.
//!
//! A register grows for years, and a run that writes one letter asks little of it: the last number of a series, whether a
//! number or a file is taken, the last document to a unit, and which documents named the issues of its logs. The checkpoint
//! answers these for all lines before an offset. What a document says is never taken from it: it tells at which offsets the
//! lines of documents stand that may matter, and these are read from the register.
//!
//! It is derived, and can be removed at any time. It counts only if
//!
//! - its own SHA-256 is right,
//! - nothing but duban wrote to the register since (`Stamp`),
//! - the last line before the offset is the one that it knows, and each line behind it follows the one before,
//! - and those lines are complete and concern no number before the offset.
//!
//! Else the whole register is read, as by all other commands, and a new one is written. `register verify` never reads it.
//! Like the head note it guards against accidents and not against someone who controls the folder: that person can set the
//! times of a file back, and until the next `verify` nobody would notice.
//!
//! - `table`: sorted hashes in bytes
//! - `stored`: the file, and whether it fits the register
//! - `build`: makes it from documents
//! - `clues`: which documents may matter to a run

mod build;
mod clues;
mod stored;
mod table;

#[cfg(test)]
mod tests;

pub(super) use build::CheckpointBuilder;
pub use clues::Clues;
pub(super) use stored::Checkpoint;
