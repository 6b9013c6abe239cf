//! The template engine: text with tags and a data set to Markdown, front matter and filled Word parts.
//!
//! The only room that knows Tera, and it knows no kind of document.
//!
//! - `engine`: Tera, its escaping and its errors
//! - `functions`, `matrix`: the functions of templates, the only way to a figure
//! - `query`: what a function asks for, counted by [`crate::tally`] and recorded as a figure
//! - `record_list`: the lists it can ask about, and their keys
//! - `filters`: dates, numbers and lists in the language of the document
//! - `lint`: what is wrong with a template and can be told without data
//! - `chinese`: names in Chinese, with the names to write instead
//! - `printed`: tags that would print a whole record
//! - `front_matter`: the two halves of a template file
//! - `word`: the tags of a Word file of the office
//! - `call_error`: what is wrong with a call of a function or filter

pub(crate) mod call_error;
pub(crate) mod chinese;
pub(crate) mod engine;
mod filters;
pub(crate) mod front_matter;
mod functions;
pub(crate) mod lint;
mod matrix;
mod printed;
pub(crate) mod query;
pub(crate) mod record_list;
pub(crate) mod word;
mod word_clean;
