//! Delimited text: the one grammar of tables (CSV and its relatives).
//!
//! # The grammar
//!
//! - A line break is `\n`, `\r\n` or a lone `\r`. Lines are counted by these, within quoted cells too.
//! - A record ends at a line break outside quotes, or with the text. Blank lines are no records. So every record begins on
//!   a line of its own, and that line names the record.
//! - Cells are parted by the delimiter. A quote means something only where a cell begins; then the cell goes on to the next
//!   single quote, `""` stands for one, and what follows the closing quote belongs to the cell as it is written.
//! - A quote that is never closed takes the rest of the text.
//!
//! That is what the csv crate reads, but for its line numbers, which are one early after `\r\n` and blank lines; a property
//! holds the two together.
//!
//! Everything that reads a table reads it with one scanner, and finds a record again by its line: logs, `check --fix`,
//! `check --annotate`, the excerpts under faults, `sites:`, `register import`, the calendar. Whoever counted lines or split
//! cells by himself would sooner or later show, or change, another row than the one that is meant.
//!
//! - `scanner`: records of a stream, as raw spans with the line of each
//! - `marks`: where cells and records end, sixty-four bytes at a time
//! - `cells`: the bytes of a record and the spans of its cells
//! - `text`: the records of a text in memory; cells written anew
//! - `headed`: small tables whose columns are found by their names
//! - `bytes`: line breaks counted, buffers filled

pub(crate) mod bytes;
pub(crate) mod cells;
pub(crate) mod headed;
mod marks;
pub(crate) mod scanner;
pub(crate) mod text;

#[cfg(feature = "fuzzing")]
pub use scanner::raw_cells;
