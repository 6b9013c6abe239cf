//! What makes reading fast: what came before is not looked up again. See the page at the top of [`crate::log`] for how it
//! is used, how to turn it off, and what guards it.
//!
//! - `spelling`: each spelling of a field is looked up once and has a number
//! - `cell`: short cells as they are written, with what each means
//! - `profile`: combinations of spellings, each made once
//! - `row`: rows all of whose cells came before

pub(super) mod cell;
pub(super) mod profile;
pub(super) mod row;
pub(super) mod spelling;
