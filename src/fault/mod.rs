//! Faults: what is wrong, where, and how severe it is.
//!
//! A rule reports facts ([`FaultKind`]); they are put into words at the edge, once per language (`text`). All faults of
//! a run are collected ([`Faults`]), never only the first.
//!
//! - [`code`]: the codes of duban, and the form of own ones; [`code_table`]: the codes of a run
//! - `fault_kind`: the facts of each kind of fault
//! - `file_error`: what the system says of a file
//! - `finding`: the facts and messages of rules over records
//! - `severity`: error, warning, info
//! - `faults`: faults with their places, collected and counted
//! - `known_by`: by what a fault is known again in another run
//! - `group`: the same word in many rows as one finding
//! - [`count`]: how often each code was found, and where first
//! - `text`: facts to message and help, in Chinese and English
//! - [`explain`]: the page of an own rule; those of duban are files in its folder
//! - [`emit`]: the report in each format
//! - `reading`: why the table scanner stopped, as a fault

pub mod code;
pub mod code_table;
pub mod count;
pub mod emit;
pub mod explain;
mod fault_kind;
mod faults;
mod file_error;
mod finding;
mod group;
mod known_by;
mod reading;
mod severity;
mod text;

pub use code::{Code, CodeInfo};
pub use code_table::CodeTable;
pub use count::{FaultCount, PLACES_KEPT, count_by_code};
pub use fault_kind::{ConfigProblem, FaultKind};
pub use faults::{Fault, Faults, Severities};
pub use file_error::FileError;
pub use finding::{Finding, RuleFinding};
pub use known_by::KnownBy;
pub use severity::Severity;
pub(crate) use text::{PLACEHOLDERS, brief, config_line, field_name, own_en, own_zh, shell_word};
pub use text::{Words, words};
