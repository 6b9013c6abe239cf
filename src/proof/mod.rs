//! Holds the figures of a document that was edited by hand against those of its draft, and these against the rows.
//!
//! - [`text`]: an edited file → located lines
//! - [`numbers`]: a line → its numbers, and what each is
//! - `align`: the lines and numbers of the draft ↔ those of the edited file
//! - `arithmetic`: what added up in the draft and does not now
//! - `rows`: the values of figures, and what gives a number
//! - `judge`: all of it → a [`report`] of several [`class`]es
//! - `reprint`: what the edited file prints, as its figures keep it
//!
//! Three lessons of Statcheck, which recalculates what papers report: everything that was seen is counted, also what was
//! not judged; what is not known is no error; a number is looked for at its place first, and then by its value.
mod align;
mod arithmetic;
pub mod class;
mod judge;
pub mod numbers;
pub mod report;
mod reprint;
mod rows;
pub mod text;

pub(crate) use judge::{ProofInput, judge};
pub(crate) use reprint::{Reprint, reprint};
