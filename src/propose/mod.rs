//! Proposes a config from logs that nobody has described yet: which column is what, and what its words mean.
//!
//! - `names`: which field a header may name; `tables`: where the headers are
//! - `column`: what the cells of a column are, a fold over the rows
//! - `decide`: columns to fields; `survey`: all logs together, their sheets, and what no column says
//! - `meaning`: what words mean that no vocabulary knows, and the lists of values; `hints`: what such words probably mean
//! - [`yaml`]: the proposal as text
//! - [`proposal`]: what comes out, with counts, and how sure it is
//!
//! It reads what the reader of logs gives, and nothing else: no file is looked for, and nothing is asked or written here.

mod column;
mod decide;
mod hints;
mod meaning;
mod names;
pub mod proposal;
mod survey;
mod tables;
pub mod yaml;

pub use meaning::meanings;
pub use survey::{Survey, survey};
