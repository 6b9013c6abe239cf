//! Faults: what is wrong, where, and how grave.
//!
//! A rule says what it found as facts ([`FaultKind`]); the words are made at the edge, once per language
//! (`text`). All faults of a run are collected ([`Faults`]), never only the first.
//!
//! - [`code`]: the table of codes
//! - `fault_kind`: what a rule found, as facts
//! - `finding`: what a rule over records found, with its words
//! - `severity`: how grave a fault is
//! - `faults`: faults at their places, collected and counted
//! - [`baseline`]: faults accepted for now
//! - [`count`]: how often each code was found, and where first
//! - `text`: facts to message and help, zh and en
//! - [`explain`]: a page per code
//! - [`emit`]: the report in each format

pub mod baseline;
pub mod code;
pub mod count;
pub mod emit;
pub mod explain;
mod fault_kind;
mod faults;
mod finding;
mod reading;
mod severity;
mod text;

pub use code::Code;
pub use count::{FaultCount, count_by_code};
pub use fault_kind::{ConfigProblem, FaultKind};
pub use faults::{Fault, Faults, Severities};
pub use finding::{Finding, RuleFinding};
pub use severity::Severity;
pub use text::{Words, words};
pub(crate) use text::{brief, field_name, own_en, own_zh};
