//! The data set a template sees: plain data that is the same after a trip through JSON.
//!
//! In: the records of the logs ([`Gather`], a fold), the register and the lists of the project. Out: [`Data`], everything
//! one document is made from, and the public [`edition`] of it.
//!
//! - [`data`]: [`Data`] and its parts
//! - [`record`]: issues, inspections and measures as [`Record`]s, and back
//! - [`figure`]: a number and the rows it was counted from
//! - [`edition`]: what of the data may be published
//! - `letters`: the documents that named an issue before

pub mod data;
pub mod edition;
pub mod figure;
mod letters;
pub mod record;

pub use data::{Data, Record, Records};
pub use figure::{Figure, RowRef, Sheet, figures_json};
pub use record::{Gather, document_record};
