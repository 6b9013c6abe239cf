//! duban (督办): from the issue logs that inspection teams submit to the papers that a supervising
//! office sends out, with every figure traceable to its rows.
//!
//! The way of the data:
//!
//! 1. [`source`]: bytes → text with places
//! 2. [`log`]: text → located rows → issues, inspections, measures ([`model`]), by the words of a
//!    [`project`]; what is wrong goes to [`fault`]
//! 3. [`check`]: records → faults, as folds over one stream
//! 4. [`tally`]: records → figures, as folds over the same stream
//! 5. [`kind`]: figures + template → [`document`], which may stand on the office's own paper, a [`frame`]
//! 6. [`write`](mod@write): document → bytes; [`register`] gives it its number; [`trace`] goes the way back
//!
//! A reader only makes rows, a fold never sees a file, a writer only makes bytes.

pub mod atomic;
pub mod check;
pub mod cli;
pub mod digest;
pub mod document;
pub mod due;
pub mod fault;
pub mod fix;
pub mod fold;
pub mod frame;
pub mod kind;
pub mod ladder;
pub mod log;
pub mod model;
pub mod place;
pub mod project;
pub mod register;
pub mod source;
pub mod tally;
pub mod trace;
pub mod words;
pub mod write;
