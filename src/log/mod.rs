//! Stage 2: text to located rows to records. The door is [`read()`] and [`fold`]; nobody goes deeper.
//!
//! # How a log is read
//!
//! One stream: a file is read from its start to its end, each record is handed on and forgotten.
//!
//! - `read`: one source: its encoding, then as a table or as YAML
//! - `table`: the way every row of a table can go: records from [`crate::delimited`], where the grammar stands; title rows
//!   and the header (`find_header`), totals and signatures (`words`)
//! - `yaml`: records of YAML and JSON
//! - `header`: header cells and keys to fields
//! - `record`: rows to issues, inspections, measures; every cell is tried, every fault is kept
//! - `status`: the status of an issue where several columns tell of it
//! - `parallel`: several files, and the blocks of a large one, side by side
//!
//! # Before you change the parser: the fast path
//!
//! Nearly every row of a long log has cells that rows before it had too. `cache` knows them: such a row never reaches the
//! slow code in `record`.
//!
//! - What it is: `table::Table::row` asks `Recorder::cached_row` first; `cache::row` looks up each cell in `cache::cell`
//!   and the combination of all of them in `cache::profile`. Anything new, long or faulty falls through to
//!   `Recorder::issue`, which fills the cache behind it.
//! - How to turn it off: let `RowPlan::new` in `cache/row.rs` return `None`. Everything must give the same, only slower.
//! - What guards it: the property `what_came_before_shows_nowhere` in `table/mod.rs` (a row gives the same issue and faults
//!   whatever came before it), and `a_meaning_is_that_of_its_cell` and `a_profile_is_that_of_its_numbers` in `cache`.
//! - What it may keep: only what a cell means by itself, without a fault. A meaning that depends on another cell of the row,
//!   such as `3个工作日内`, or a fault that must be told each time, is never cached.
//!
//! Blocks of a large file are scanned side by side; `cuts_show_nowhere` in `parallel.rs` holds that against one reading.

mod cache;
mod header;
mod parallel;
mod read;
mod record;
mod status;
mod table;
mod yaml;

use crate::project::Project;
pub use parallel::fold;
pub use read::read;
pub use yaml::SECTIONS;

/// Whether a table, by its first rows, is a log. A list of units or a summary is none.
#[must_use]
pub fn looks_like_log(head: &[u8], project: &Project) -> bool {
    table::find_header::looks_like_log(head, project)
}

/// Tells whether a text names a field of an issue or an inspection, as the header of a column does.
pub fn header_words(project: &Project) -> impl Fn(&str) -> bool {
    let headers = header::Headers::new(project);
    move |text| {
        let kinds = [header::RecordKind::Issue, header::RecordKind::Inspection, header::RecordKind::Measure];
        kinds.into_iter().any(|kind| !headers.find(kind, text).is_empty())
    }
}
