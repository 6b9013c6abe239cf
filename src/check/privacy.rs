//! P301 and P302: identity card and mobile numbers in free text.

use crate::fault::{Faults, What};
use crate::model::{Field, Issue};
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

/// Finds numbers of persons in the texts of an issue.
pub(super) fn check(issue: &Issue<'_>, faults: &mut Faults) {
    for field in TEXTS.into_iter().filter(|field| issue.row.columns.has(*field)) {
        let text = issue.row.bytes(field);
        for (run, kind) in numbers(text) {
            let masked = masked(&String::from_utf8_lossy(&text[run]), kind);
            let what = match kind {
                Kind::IdCard => What::IdCard { masked },
                Kind::Mobile => What::Mobile { masked },
            };
            faults.add_at(issue.row.field_place(field), field, what);
        }
    }
}
