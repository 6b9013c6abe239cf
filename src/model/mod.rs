//! What a supervision office speaks of: plain data, no files, no clock.
//!
//! In: cells, already split. Out: issues, inspections and measures with typed values, and what
//! follows from them on a given day.
//!
//! - [`field`]: the fields and every header that names them
//! - [`value`]: dispositions, statuses, sources and their spellings
//! - [`row`]: located cells, the one currency of all formats
//! - [`record`]: issue, inspection, measure
//! - [`profile`]: what many issues have in common; `profile_id`: its number
//! - [`state`]: rectified, open, overdue … as of a day
//! - [`key`]: what one can group and select by
//! - [`period`]: `2021-08`, `2021-W32`, `2021-Q3`, `2021`

pub mod field;
pub mod key;
pub mod period;
pub mod profile;
pub(crate) mod profile_id;
pub mod record;
pub mod row;
pub mod state;
pub mod value;

pub use field::Field;
pub use record::{Entry, Inspection, Issue, Measure};
pub use row::Row;
