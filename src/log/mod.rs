//! Stage 2: decoded text to rows to records. Callers use [`read()`] and [`fold`]; everything else is private.
//!
//! # How a log is read
//!
//! A file is read once, from start to end. Each record is handed to the caller and then dropped.
//!
//! - `read`: reads one source: detects its encoding, then reads it as a table or as YAML
//! - `table`: reads a table with the records of [`crate::delimited`], which has the grammar; `find_header` finds the
//!   header below title rows, `words` recognises totals and signatures
//! - `yaml`: reads the records of YAML and JSON
//! - `error_cell`: reports cells that hold an error value or a picture, and empties them
//! - `filler`: reads 同上 as the cell above it, and 无 as nothing
//! - `header`: maps header cells and keys to fields
//! - `record`: turns rows into issues, inspections and measures; a faulty cell is reported and does not stop the row
//! - `status`: combines the columns that say something about the status of an issue
//! - `sheet_look`: tells what the look of a workbook's cells says
//! - `year`: tells the year of dates that have none
//! - `parallel`: reads several files, and the blocks of a large one, in parallel
//!
//! # Before you change the parser: the fast path
//!
//! In a long log, nearly every row has only cells that earlier rows had too. `cache` holds their values, so that such a
//! row is not parsed by the slow code in `record`.
//!
//! - What it is: `table::Table::row` calls `Recorder::cached_row` first; `cache::row` looks up each cell in the
//!   `cache::cell` of its column, and reads days by `cache::day`. What it finds are numbers of values
//!   (`model::value_ids`), column by column: how values combine doesn't matter. A row with a cell that is new or
//!   faulty goes to `Recorder::issue`, which fills the caches.
//! - How to turn it off: let `RowPlan::new` in `cache/row.rs` return `None`. All output must stay the same, only
//!   slower.
//! - What guards it: the property `what_came_before_shows_nowhere` in `table/mod.rs` (a row gives the same issue and
//!   faults whatever rows precede it), `a_meaning_is_that_of_its_cell` and `days_are_those_of_the_parser` in `cache`, and
//!   `counting_by_numbers_shows_nowhere` in `tally`.
//! - What may be cached: only the value of a cell that has no fault and whose value does not depend on another cell, and
//!   of `3个工作日内`, which counts from another date of the row, the day on which it falls by that date. A cell whose
//!   fault must be reported for every row is never cached.
//!
//! The blocks of a large file are read in parallel; `cuts_show_nowhere` in `parallel.rs` compares that with reading the
//! file in one go.

mod cache;
mod error_cell;
mod filler;
mod header;
mod hidden_year;
mod merged_number;
mod parallel;
mod read;
mod record;
mod several_units;
mod sheet_look;
mod status;
mod survey;
mod table;
mod yaml;
mod year;

use crate::model::Field;
use crate::place::OneBased;
use crate::project::Project;
pub(crate) use error_cell::DITTO;
pub(crate) use filler::FILLERS;
pub use parallel::fold;
pub use read::read;
pub(crate) use record::{time_of_day, with_other_value};
pub(crate) use status::together as status_together;
pub use yaml::SECTIONS;

/// Whether the first rows of a table look like a log, rather than a list of units or a summary.
#[must_use]
pub fn looks_like_log(head: &[u8], project: &Project) -> bool {
    table::find_header::looks_like_log(head, project)
}

/// Returns the line of the header of a table, or of its last row, and the field that each of its columns holds.
#[must_use]
pub fn header_fields(text: &[u8], delimiter: u8, project: &Project) -> Option<(OneBased, Vec<Option<Field>>)> {
    table::find_header::header_fields(text, delimiter, project)
}

/// Returns the first rows of a table with a delimiter as texts, at most `count`, from the start of its text.
#[must_use]
pub fn first_rows(head: &[u8], count: usize, delimiter: u8) -> Vec<Vec<String>> {
    table::find_header::first_rows(head, count, delimiter)
}

/// Returns the header of a table as the reader merges its rows, from the start of its text; `None` if there is none. The
/// delimiter is found out if it is not known.
#[must_use]
pub fn header(head: &[u8], delimiter: Option<u8>, project: &Project) -> Option<Vec<String>> {
    table::find_header::header(head, delimiter, project)
}

/// Returns the field of an issue that a header of duban's own spellings names.
#[must_use]
pub(crate) fn field_of_header(header: &str) -> Option<Field> {
    header::Headers::built_in_only().find(header::RecordKind::Issue, header).first().copied()
}

/// Returns the field of an issue that a header of a project's logs names, if it names one and no more.
#[must_use]
pub fn field_of_own_header(header: &str, project: &Project) -> Option<Field> {
    own_header_fields(project)(header)
}

/// The same for several headers: their words are gathered once.
pub fn own_header_fields(project: &Project) -> impl Fn(&str) -> Option<Field> {
    let headers = header::Headers::new(project);
    move |header| match headers.find(header::RecordKind::Issue, header)[..] {
        [field] => Some(field),
        _ => None,
    }
}

/// The words by which a description says that nothing was found, such as 未发现问题.
pub fn nothing_found_words() -> impl Iterator<Item = &'static str> {
    filler::nothing_found_words()
}

/// Returns a function that tells whether a text is a header or key of an issue, an inspection or a measure.
pub fn header_words(project: &Project) -> impl Fn(&str) -> bool {
    let headers = header::Headers::new(project);
    move |text| {
        let kinds = [header::RecordKind::Issue, header::RecordKind::Inspection, header::RecordKind::Measure];
        kinds.into_iter().any(|kind| !headers.find(kind, text).is_empty())
    }
}
