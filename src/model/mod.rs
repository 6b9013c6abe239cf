//! The domain model of a supervision office: plain data, without files or clock.
//!
//! Cells, already split, become issues, inspections and measures with typed values, and with a state as of a given day.
//!
//! - [`field`]: the fields and the header names of each
//! - [`value`]: dispositions, statuses and sources with their spellings
//! - [`row`]: cells with their places, the common form of all input formats
//! - [`record`]: issue, inspection, measure
//! - [`declared`]: counts that a log declares about itself
//! - [`profile`]: the values of an issue that are counted by, shared by equal issues
//! - `profile_id`: a number for each distinct profile
//! - [`stage`]: when a photo of an issue was taken
//! - [`state`]: rectified, open, overdue … as of a day
//! - [`identity`]: what makes an issue the same issue; [`known`]: the issues of a run with what they are known by
//! - [`form_id`]: the ids that a form gives to its rows
//! - [`moves`]: which issue of a submission is which of an earlier one, and how it moved
//! - [`key`]: the keys to group and select by
//! - [`period`]: `2021-08`, `2021-W32`, `2021-Q3`, `2021`

pub mod declared;
pub mod field;
pub mod form_id;
pub mod identity;
pub mod key;
pub mod known;
pub mod moves;
pub mod period;
pub mod profile;
pub mod record;
pub mod row;
pub mod stage;
pub mod state;
pub(crate) mod status_flags;
pub mod value;
pub(crate) mod value_ids;

pub use field::Field;
pub use record::{Entry, Inspection, Issue, Measure};
pub use row::Row;
