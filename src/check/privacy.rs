//! P301 to P303: identity card and mobile numbers, and names of persons, in free text.

use crate::fault::{FaultKind, Faults};
use crate::model::{Field, Issue};
use crate::words::person;
use crate::words::personal::{Kind, masked, numbers};

/// Free text that goes into documents.
const TEXTS: [Field; 7] = [
    Field::Description,
    Field::Basis,
    Field::Demand,
    Field::Measures,
    Field::Progress,
    Field::Accountability,
    Field::Note,
];

/// Cells that name persons.
const PERSONS: [Field; 3] = [Field::Responsible, Field::Leader, Field::VerifiedBy];

/// Finds numbers and names of persons in the texts of an issue.
pub(super) fn check(issue: &Issue<'_>, faults: &mut Faults) {
    for field in PERSONS.into_iter().filter(|field| issue.row.columns.has(*field)) {
        tell_names(issue, field, faults);
    }
    for field in TEXTS.into_iter().filter(|field| issue.row.columns.has(*field)) {
        let text = issue.row.bytes(field);
        for (run, kind) in numbers(text) {
            let masked = masked(&String::from_utf8_lossy(&text[run]), kind);
            let what = match kind {
                Kind::IdCard => FaultKind::IdCard { masked },
                Kind::Mobile => FaultKind::Mobile { masked },
            };
            faults.add_at(issue.row.field_place(field), field, what);
        }
    }
}

/// The persons that a cell names and a text names again. A name that is masked already is none.
fn tell_names(issue: &Issue<'_>, of: Field, faults: &mut Faults) {
    let cell = issue.text(of);
    for name in person::names(&cell).into_iter().filter(|name| !name.contains('某')) {
        let names_it = |field: &Field| issue.row.columns.has(*field) && issue.text(*field).contains(name);
        for field in TEXTS.into_iter().filter(names_it) {
            let masked = person::masked(name, person::Style::ByLength);
            faults.add_at(issue.row.field_place(field), field, FaultKind::Person { masked, of });
        }
    }
}
