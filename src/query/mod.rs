//! What templates ask about the rows of a document: the functions, the only way to a figure. It knows no template engine.
//!
//! - `functions`: what each function gives; `matrix`, `chart`: tables and charts; `rank`, `series`: ranks, trends, repeats
//! - `compare`: a count beside that of an earlier submission or period
//! - `parts`: what the cells of a table or a chart count
//! - `context`: what a function asks for, counted by [`crate::tally`] and recorded as a figure
//! - `figure_log`: the figures so far
//! - `photos`: the photos of issues, with their captions
//! - `corrections`: what a correction puts right
//! - `condition`: one KEY=VALUE of a call
//! - `record_list`: the lists it can ask about, and their keys
//! - `call_error`: what is wrong with a call of a function or filter

mod call_error;
mod chart;
mod compare;
mod condition;
mod context;
mod corrections;
mod figure_log;
mod functions;
mod matrix;
mod parts;
pub(crate) mod photos;
mod rank;
mod record_list;
mod series;

pub(crate) use call_error::CallError;
pub(crate) use context::QueryContext;
pub(crate) use corrections::CORRECTION;
pub(crate) use figure_log::FigureOrigin;
pub(crate) use functions::{FUNCTIONS, Output, call};
pub(crate) use record_list::RecordList;
pub(crate) use series::measure_label;
