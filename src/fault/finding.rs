//! Findings of rules over records. The file of each rule holds its facts and messages, and the row of its code in the
//! table everything else, so a new rule changes nothing here.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use crate::fault::code::Code;
use crate::fault::known_by::KnownBy;
use crate::model::field::Field;
use crate::words::lang::Lang;

/// What a rule found: the facts, and the messages about them in each language.
pub trait Finding: fmt::Debug + Send + Sync {
    /// Returns the code of the rule.
    fn code(&self) -> Code;

    /// Returns the field concerned, if the rule always concerns the same one.
    fn field(&self) -> Option<Field> {
        None
    }

    /// Returns the message, which states the problem with the offending text, and the help, which says what to do. Both
    /// without a full stop. `field` is the field of the faulty cell.
    fn words(&self, field: Option<Field>, lang: Lang) -> (String, String);

    /// By what it is known again in another run, if not by its row and the value of its cell alone.
    fn known_by(&self) -> KnownBy {
        KnownBy::default()
    }

    /// Whether it is a name that only may be one: a public edition is not dispatched over it.
    fn is_doubtful_name(&self) -> bool {
        false
    }

    /// Whether the row contains a personal number, which a report must not show in full.
    fn is_personal_number(&self) -> bool {
        false
    }
}

/// A [`Finding`] as one of the kinds of faults.
#[derive(Clone, Debug)]
pub struct RuleFinding(Arc<dyn Finding>);

impl RuleFinding {
    pub(super) fn new(finding: impl Finding + 'static) -> Self {
        Self(Arc::new(finding))
    }
}

impl Deref for RuleFinding {
    type Target = dyn Finding;

    fn deref(&self) -> &Self::Target {
        &*self.0
    }
}

impl PartialEq for RuleFinding {
    /// Compares code and facts; facts are compared by their `Debug` output, as their types differ.
    fn eq(&self, other: &Self) -> bool {
        self.code() == other.code() && format!("{self:?}") == format!("{other:?}")
    }
}

impl Eq for RuleFinding {}
