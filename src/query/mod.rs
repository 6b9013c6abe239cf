//! What templates ask about the rows of a document: the functions, the only way to a figure. It knows no template engine.
//!
//! - `functions`, `matrix`: what each function gives
//! - `context`: what a function asks for, counted by [`crate::tally`] and recorded as a figure
//! - `condition`: one KEY=VALUE of a call
//! - `record_list`: the lists it can ask about, and their keys
//! - `call_error`: what is wrong with a call of a function or filter

mod call_error;
mod condition;
mod context;
mod functions;
mod matrix;
mod record_list;

pub(crate) use call_error::CallError;
pub(crate) use context::{FigureOrigin, QueryContext};
pub(crate) use functions::{FUNCTIONS, Output, call};
pub(crate) use record_list::RecordList;
