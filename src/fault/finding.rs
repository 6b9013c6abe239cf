//! What a rule over records found. The file of each rule holds the facts and the words for them, and the row of its code
//! in the table everything else: a new rule changes nothing here.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use crate::fault::code::Code;
use crate::model::field::Field;
use crate::words::lang::Lang;

/// What a rule found: the facts, and the words for them in each language.
pub trait Finding: fmt::Debug + Send + Sync {
    /// The code of the rule.
    fn code(&self) -> Code;

    /// The field concerned, where the rule alone tells.
    fn field(&self) -> Option<Field> {
        None
    }

    /// What is the case, with the offending text, and what to do about it; without a full stop. `field` is the one whose
    /// cell it stands in.
    fn words(&self, field: Option<Field>, lang: Lang) -> (String, String);

    /// Whether the row holds a number of a person, which a report must not show whole.
    fn is_personal_number(&self) -> bool {
        false
    }
}

/// A finding among the kinds of faults.
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
    /// Whether code and facts are the same.
    fn eq(&self, other: &Self) -> bool {
        self.code() == other.code() && format!("{self:?}") == format!("{other:?}")
    }
}

impl Eq for RuleFinding {}
