//! What a document that was sent out would say today, and which rows make the difference.
//!
//! The document is made again twice: with the logs of today as of its own day, and as of today. What differs on its own day was
//! wrong when it was written; what differs only today came later.
//!
//! - `rows`: what became of the rows behind the figures
//! - `judge`: both → a [`report`]
//! - `passages`: the text of one run ↔ that of another; `correction`: what a correction says of it

mod correction;
mod judge;
mod passages;
pub mod report;
mod rows;

pub(crate) use correction::{CorrectionInput, correction};
pub(crate) use judge::{DriftInput, judge};
