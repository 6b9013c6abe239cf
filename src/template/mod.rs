//! The template engine: text with tags and a data set to Markdown, front matter and filled Word parts.
//!
//! The only room that knows Tera, and it knows no kind of document.
//!
//! - `engine`: Tera, its escaping and its errors
//! - `change`: comparisons in words
//! - `filters`: dates, numbers and lists in the language of the document
//! - `lint`: what is wrong with a template and can be told without data
//! - `chinese`: names in Chinese, with the names to write instead
//! - `front_matter`: the two halves of a template file
//! - `word`: the tags of a Word file of the office

mod change;
pub(crate) mod chinese;
pub(crate) mod engine;
mod filters;
pub(crate) mod front_matter;
pub(crate) mod lint;
pub(crate) mod word;
mod word_clean;

pub(crate) use change::in_words as change_in_words;
pub(crate) use filters::KINDS;
