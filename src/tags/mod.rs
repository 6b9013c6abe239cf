//! Templates as text: their tags, read and rewritten without Tera.
//!
//! - `lexer`: the spans of a template and the words of its tags
//! - `figure`: a template whose printed figures say which figure they are
//! - `printed`: tags that would print a whole record
//! - `read_keys`: the keys of records that a template reads

mod figure;
mod lexer;
mod printed;
mod read_keys;

pub(crate) use figure::{LISTS, TRACE, traced};
pub(crate) use lexer::{Occurrence, TagSpan, found, spans, tokens};
pub(crate) use printed::{PrintedRecord, printed_records};
pub(crate) use read_keys::read_keys;
