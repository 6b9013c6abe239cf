//! The report of `check`: one file for each format, each with its own escaping; `report` holds the data they share.

mod ci;
mod html;
mod json;
mod report;
mod summary;
mod text;
mod wrap;

pub use ci::{github, gitlab, junit, sarif};
pub use html::html;
pub use json::json;
pub use report::{CheckReport, KeptValues, OfFile, Shown, ShownRow};
pub use summary::kept_lines;
pub use text::{one_line, text, text_of};
pub(crate) use wrap::wrapped;
