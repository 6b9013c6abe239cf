//! The caches of the fast path: a row whose cells were all read before is not parsed again.
//!
//! See the page at the top of [`crate::log`] for how they are used, how to turn them off, and which tests guard them.
//!
//! - `spelling`: assigns a number to each distinct spelling of a field, and parses it only once
//! - `cell`: maps short raw cells to their values
//! - `day`: reads days written as `2021-08-03`
//! - `row`: looks up a whole row

mod cell;
mod day;
pub(super) mod row;
pub(super) mod spelling;
