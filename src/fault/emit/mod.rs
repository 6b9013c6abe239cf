//! The report of `check`: one file for each format, each with its own escaping; `report` holds the data they share.
//!
//! A report is written finding by finding, so that its size costs no memory.

mod ci;
mod fingerprint;
mod html;
mod json;
mod markdown;
mod rdjson;
mod report;
mod sarif;
mod summary;
mod table;
mod text;
mod wrap;

pub use ci::{github, gitlab, junit};
pub use html::html;
pub use json::json;
pub use markdown::markdown;
pub use rdjson::rdjson;
pub use report::{CheckReport, KeptValues, OfFile, ReportedPhoto, ReportedReceipt, Shown, ShownRow};
pub use sarif::sarif;
pub use summary::{kept_lines, nothing_wrong};
pub use table::{ReportedFault, ReportedRow, ReportedTable};
pub use text::{one_line, text, write_one};
pub(crate) use wrap::wrapped;
