//! Delimited text: the single grammar for tables (CSV and its relatives).
//!
//! # The grammar
//!
//! - A line break is `\n`, `\r\n` or a lone `\r`. Line breaks inside quoted cells count, too.
//! - A record ends at a line break outside quotes, or at the end of the text. Blank lines are not records. Every record
//!   therefore begins on a line of its own, and that line identifies it.
//! - Cells are separated by the delimiter. A quote is special only at the start of a cell: the cell then runs to the
//!   next unpaired quote, `""` is an escaped quote, and anything after the closing quote is part of the cell, verbatim.
//! - An unclosed quote swallows the rest of the text.
//!
//! The csv crate reads the same cells, but its line numbers are one too low after `\r\n` and blank lines. A property
//! test compares the two.
//!
//! Everything that reads a table uses this one scanner and identifies records by line: logs, `check --fix`,
//! `check --annotate`, the excerpts under faults, `sites:`, `register import` and the calendar. Code that counts lines
//! or splits cells on its own sooner or later shows, or changes, the wrong row.
//!
//! - `scanner`: reads the records of a stream as raw spans, with the line of each
//! - `marks`: finds the ends of cells and records, 64 bytes at a time
//! - `cells`: holds the bytes of a record and the spans of its cells
//! - `text`: reads the records of a text in memory, and encodes single cells
//! - `headed`: reads small tables whose columns are looked up by name
//! - `bytes`: counts line breaks and fills buffers

pub(crate) mod bytes;
pub(crate) mod cells;
pub(crate) mod headed;
mod marks;
pub(crate) mod scanner;
pub(crate) mod text;

#[cfg(feature = "fuzzing")]
pub use scanner::raw_cells;
