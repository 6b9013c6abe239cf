//! Conditions over an issue, as an office writes them in `duban.yaml`: `disposition == "deadline" and
//! workdays(found_on, deadline) > 30`.
//!
//! The language is small and total. A condition has no loops, asks no clock and can't fail: it is checked when it is read,
//! and then only ever gives true, false or unknown. Unknown is what a blank cell gives, as in SQL.
//!
//! - `token`: text → words with their places; `words`: the words that mean something, in both languages
//! - `syntax`: words → an untyped tree; `fault`: what is wrong with a condition, and where
//! - `names`: what a project tells of its fields and values; `asks`: the fields that a condition asks for
//! - `tree`: the typed tree, which can't be built wrong; `typed`: an untyped tree and the [`Names`] of a project → that
//! - `evaluate`: a typed tree and an issue → true, false or unknown
//! - `print`: a typed tree → text in a language, which reads back as the same tree

mod asks;
mod evaluate;
mod fault;
mod names;
mod print;
mod syntax;
#[cfg(test)]
mod tests;
mod token;
mod tree;
mod typed;
mod words;

pub use evaluate::Subject;
pub use fault::{ConditionFault, ConditionProblem, MAX_DEPTH, MAX_LENGTH};
pub use names::{Names, NoSuchValue};

use crate::model::Field;
use crate::words::lang::Lang;
use asks::Asks;
pub(crate) use asks::bit;
use tree::Test;

/// A condition that was read and checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    test: Test,
    asks: Asks,
}

impl Condition {
    /// Reads a condition.
    ///
    /// # Errors
    /// Returns everything that is wrong with it.
    pub fn read(text: &str, names: &dyn Names) -> Result<Self, Vec<ConditionFault>> {
        let tree = syntax::parse(text).map_err(|fault| vec![*fault])?;
        let (whole, asks) = typed::check(&tree, text, names)?;
        Ok(Self { test: whole, asks })
    }

    /// Returns the fields that it asks for, in the order in which it names them; a state asks for the field that it stands on.
    /// There is one at least.
    #[must_use]
    pub fn fields(&self) -> &[Field] {
        &self.asks.fields
    }

    /// Returns those of the fields without which it can't be told that are not among `present`; a bit is a field.
    #[must_use]
    pub(crate) fn missing(&self, present: u64) -> u64 {
        self.asks.missing(present)
    }

    /// Whether it asks if the cell of one of these fields is blank; a bit is a field.
    #[must_use]
    pub(crate) fn asks_blank(&self, fields: u64) -> bool {
        self.asks.blanks & fields != 0
    }

    /// Returns whether it holds for an issue; `None` where a blank cell leaves that open.
    #[must_use]
    pub fn holds(&self, subject: &Subject<'_>) -> Option<bool> {
        evaluate::test(&self.test, subject)
    }

    /// Returns it as text in a language. It reads back as the same condition.
    #[must_use]
    pub fn print(&self, names: &dyn Names, lang: Lang) -> String {
        print::test(&self.test, names, lang)
    }
}
