//! The caches of the fast path: a row whose cells were all read before is not parsed again.
//!
//! See the page at the top of [`crate::log`] for how they are used, how to turn them off, and which tests guard them.
//!
//! - `spelling`: assigns a number to each distinct spelling of a field, and parses it only once
//! - `cell`: maps short raw cells to their values
//! - `profile`: maps combinations of spellings to profiles, each built only once
//! - `row`: looks up a whole row

pub(super) mod cell;
pub(super) mod profile;
pub(super) mod row;
pub(super) mod spelling;
