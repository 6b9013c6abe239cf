//! P301 to P303: identity card numbers, mobile numbers and personal names in free text.

use crate::fault::{Code, FaultKind, Faults, Finding};
use crate::model::{Field, Issue};
use crate::words::lang::Lang;
use crate::words::person;
use crate::words::personal::{PersonalNumber, masked, numbers};

/// The free-text fields that go into documents.
const TEXTS: [Field; 7] = [
    Field::Description,
    Field::Basis,
    Field::Demand,
    Field::Measures,
    Field::Progress,
    Field::Accountability,
    Field::Note,
];

/// The fields that name persons.
const PERSONS: [Field; 3] = [Field::Responsible, Field::Leader, Field::VerifiedBy];

/// Adds a fault for each personal number and each personal name in the free text of an issue.
pub(super) fn check(issue: &Issue<'_>, faults: &mut Faults) {
    for field in PERSONS.into_iter().filter(|field| issue.row.columns.has(*field)) {
        find_names(issue, field, faults);
    }
    for field in TEXTS.into_iter().filter(|field| issue.row.columns.has(*field)) {
        let text = issue.row.bytes(field);
        for (run, kind) in numbers(text) {
            let masked = masked(&String::from_utf8_lossy(&text[run]), kind);
            let what: FaultKind = match kind {
                PersonalNumber::IdCard => IdCard { masked }.into(),
                PersonalNumber::Mobile => MobileNumber { masked }.into(),
            };
            faults.add_at(issue.row.field_place(field), field, what);
        }
    }
}

/// Finds the names of a cell in the free text of the same issue. Names that are already masked are skipped.
fn find_names(issue: &Issue<'_>, of: Field, faults: &mut Faults) {
    let cell = issue.text(of);
    for name in person::names(&cell).into_iter().filter(|name| !name.contains('某')) {
        let contains_it = |field: &Field| issue.row.columns.has(*field) && issue.text(*field).contains(name);
        for field in TEXTS.into_iter().filter(contains_it) {
            let masked = person::masked(name, person::MaskStyle::ByLength);
            faults.add_at(issue.row.field_place(field), field, NameInText { masked, of });
        }
    }
}

/// An identity card number in free text.
#[derive(Debug)]
struct IdCard {
    masked: String,
}

impl Finding for IdCard {
    fn code(&self) -> Code {
        const { Code::known("P301") }
    }

    fn words(&self, _: Option<Field>, lang: Lang) -> (String, String) {
        let Self { masked } = self;
        match lang {
            Lang::Zh => (format!("内容里有身份证号 {masked}"), "删去；需要留存的放到不印发的地方".into()),
            Lang::En => (format!("the text contains the identity card number {masked}"), "remove it".into()),
        }
    }

    fn is_personal_number(&self) -> bool {
        true
    }
}

/// A mobile number in free text.
#[derive(Debug)]
struct MobileNumber {
    masked: String,
}

impl Finding for MobileNumber {
    fn code(&self) -> Code {
        const { Code::known("P302") }
    }

    fn words(&self, _: Option<Field>, lang: Lang) -> (String, String) {
        let Self { masked } = self;
        match lang {
            Lang::Zh => (format!("内容里有手机号 {masked}"), "删去，或移到“联系电话”列".into()),
            Lang::En => {
                (format!("the text contains the mobile number {masked}"), "remove it, or move it to `phone`".into())
            }
        }
    }

    fn is_personal_number(&self) -> bool {
        true
    }
}

/// The name of a person in free text.
#[derive(Debug)]
struct NameInText {
    masked: String,
    /// The field that names the person.
    of: Field,
}

impl Finding for NameInText {
    fn code(&self) -> Code {
        const { Code::known("P303") }
    }

    fn words(&self, _: Option<Field>, lang: Lang) -> (String, String) {
        let Self { masked, of } = self;
        match lang {
            Lang::Zh => (
                format!("内容里写有“{}”一栏的人名 {masked}", of.label(lang)),
                "改写成职务，如“该单位负责人”；公开版会略去名字".into(),
            ),
            Lang::En => (
                format!("the text contains the name {masked} from `{}`", of.key()),
                "write the position instead, such as \"the manager\"; a public edition leaves the name out".into(),
            ),
        }
    }
}
