//! What a project tells of its fields and values.

use crate::model::Field;
use crate::words::lang::Lang;

/// What a project calls fields and values.
pub trait Names {
    /// Returns the field of issues that a name means.
    fn field(&self, name: &str) -> Option<Field>;

    /// Returns the name of a field that was probably meant.
    fn near_field(&self, name: &str) -> Option<String>;

    /// Returns the canonical value of a field that a text means.
    ///
    /// # Errors
    /// The field has a list of values, and the text is none of them.
    fn value(&self, field: Field, text: &str) -> Result<String, NoSuchValue>;

    /// Whether the values of a field are keys that logs spell otherwise, so that they can't be asked as texts.
    fn is_coded(&self, field: Field) -> bool;

    /// Returns what a value is called in a language.
    fn label(&self, field: Field, value: &str, lang: Lang) -> String;
}

/// A text that is no value of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoSuchValue {
    /// The value that was probably meant.
    pub near: Option<String>,
    /// The values there are.
    pub known: Vec<String>,
}
