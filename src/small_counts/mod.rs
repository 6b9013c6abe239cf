//! Small counts of a public edition: which counts of a document are shown in words, so that none below a threshold can be
//! told, not even by subtracting what stands beside it from a total.
//!
//! In: every count that a document shows ([`PublishedCount`]). Out: those that are shown in words ([`HiddenCounts`]).
//!
//! - `selection`: what a count was counted over; two counts of one selection are one
//! - `relation`: which counts add up to another
//! - `range`: whether a reader who knows all that is shown can still think of two values
//! - `hidden`: the counts to hide so that there are two
//! - `policy`: what a template gets in place of a hidden count

mod hidden;
mod policy;
mod range;
mod relation;
mod selection;
#[cfg(test)]
mod tests;

pub use hidden::{GivenAway, HiddenCounts};
pub use policy::{CountPolicy, Counted, CountedRecords, is_hidden_count};
pub use selection::{CountSelection, PublishedCount, ValueSet};
