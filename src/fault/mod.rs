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
//! - `group`: the same word in many rows as one finding
//! - [`baseline`]: faults accepted for now
//! - `text`: facts to message and help, zh and en
//! - [`explain`]: a page per code
//! - [`emit`]: the report in each format

pub mod baseline;
pub mod code;
pub mod emit;
pub mod explain;
mod fault_kind;
mod faults;
mod finding;
mod group;
mod reading;
mod severity;
mod text;

pub use code::Code;
pub use fault_kind::{ConfigProblem, FaultKind};
pub use faults::{Fault, Faults, Severities};
pub use finding::{Finding, RuleFinding};
pub use severity::Severity;
pub use text::{Words, words};
pub(crate) use text::{brief, config_line, field_name};
