//! R213: two columns about the status contradict each other.

use chrono::NaiveDate;

use crate::check::contradiction::glance::Glance;
use crate::fault::{Code, Faults, Finding, field_name};
use crate::model::{Field, Issue};
use crate::words::lang::Lang;

/// It needs no column: one alone contradicts nothing.
pub(super) const NEEDS: Option<Field> = None;

#[inline]
pub(super) fn may_be_broken(issue: &Issue<'_>, glance: Glance) -> bool {
    glance.flags.contradicts() | glance.flags.not_closed() & issue.closed_on.is_some()
}

pub(super) fn check(issue: &Issue<'_>, _: NaiveDate, faults: &mut Faults) {
    let is_signed_off = issue.flags().not_closed() && issue.closed_on.is_some();
    let signed_off = if issue.row.columns.has(Field::SignedOff) { Field::SignedOff } else { Field::Status };
    let columns = issue.contradiction.or(is_signed_off.then_some((signed_off, Field::ClosedOn)));
    if let Some((denies, by)) = columns {
        let at = |field| issue.row.field_place(field);
        faults.add_full(at(denies), ContradictingColumns { denies, by }, Some(denies), Some(at(by)));
    }
}

/// A column that denies what another says.
#[derive(Debug)]
struct ContradictingColumns {
    denies: Field,
    by: Field,
}

impl Finding for ContradictingColumns {
    fn code(&self) -> Code {
        const { Code::known("R213") }
    }

    fn field(&self) -> Option<Field> {
        Some(self.denies)
    }

    fn words(&self, _: Option<Field>, lang: Lang) -> (String, String) {
        let [denies, by] = [self.denies, self.by].map(|field| field_name(Some(field), lang));
        match lang {
            Lang::Zh => (
                format!("{denies}与{by}矛盾：一处说还没有，一处说已经"),
                format!("核实后改正其中一处；改正之前按{denies}计"),
            ),
            Lang::En => (
                format!(
                    "{denies} and {by} contradict each other: one says that it is not done yet, the other that it is"
                ),
                format!("find out which is true and correct the other; until then {denies} counts"),
            ),
        }
    }
}
