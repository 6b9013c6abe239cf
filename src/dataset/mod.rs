//! The data set a template sees: plain data that is the same after a trip through JSON.
//!
//! In: the records of the logs ([`Gather`], a fold), the register and the lists of the project. Out: [`Data`], everything
//! one document is made from, and the public edition of it ([`Publisher`]).
//!
//! - [`data`]: [`Data`] and its parts; [`correction`]: what a correction puts right
//! - [`records`]: the rows of a document, as templates see them and as they are counted
//! - [`record`]: issues, inspections and measures as maps ([`Record`]), and back
//! - `line_breaks`: those within the cells of sheets
//! - `gather`: keeps the rows while the logs are read
//! - `issues`: issues as maps, made when they are asked for
//! - [`list_name`]: the lists of a data set
//! - [`figure`]: a number and the rows it was counted from ([`row_set`], [`row_ref`])
//! - [`figure_sheet`]: the figures of a document as they stand beside it ([`run_options`])
//! - `calls`: the figures of one run ↔ those of another
//! - [`edition`], [`publisher`]: for whom a document is, and what of the data may be published
//! - `ledger`: the issues as a table that is read as a log again
//! - `letters`: the documents that named an issue before
//! - `series`: what the earlier documents of a series say

mod calls;
pub mod correction;
pub mod data;
pub mod edition;
pub mod figure;
pub mod figure_sheet;
mod gather;
pub(crate) mod issues;
pub(crate) mod ledger;
mod letters;
mod line_breaks;
pub mod list_name;
pub mod publisher;
pub mod record;
pub mod records;
#[cfg(test)]
mod round_trip;
pub mod row_ref;
pub mod row_set;
pub mod run_options;
pub mod series;

pub(crate) use calls::Calls;
pub use data::{Data, Request};
pub use edition::Edition;
pub use figure::Figure;
pub use figure_sheet::{FigureSheet, figures_json, reprinted};
pub use gather::Gather;
pub use list_name::ListName;
pub use publisher::{DoubtfulName, Publisher, Withheld};
pub use record::{Record, document_record};
pub use records::{Lists, Records};
pub use row_ref::RowRef;
pub use row_set::RowSet;
pub use run_options::RunOptions;
