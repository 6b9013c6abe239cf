//! P301 to P304: numbers of identity documents, telephone numbers, personal names and other personal data in free text.

use std::collections::BTreeSet;

use crate::fault::{Code, Faults, Finding};
use crate::model::field::FREE_TEXTS;
use crate::model::{Field, Issue};
use crate::words::lang::Lang;
use crate::words::person::{self, NameFinder};
use crate::words::personal::{self, PersonalData};
use crate::words::symbol::Symbol;

/// The fields that name persons.
const PERSONS: [Field; 3] = [Field::Responsible, Field::Leader, Field::VerifiedBy];

/// Adds a fault for each personal number and each personal name in the free text of an issue.
pub(super) fn check(issue: &Issue<'_>, faults: &mut Faults) {
    for field in PERSONS.into_iter().filter(|field| issue.row.columns.has(*field)) {
        find_names(issue, field, faults);
    }
    for field in FREE_TEXTS.into_iter().filter(|field| issue.row.columns.has(*field)) {
        if !personal::may_hold_any(issue.row.bytes(field)) {
            continue;
        }
        let text = issue.text(field);
        for found in personal::find(&text) {
            let masked = personal::masked(text.get(found.range).unwrap_or_default(), found.kind);
            let what = PersonalDataInText { kind: found.kind, masked };
            faults.add_at(issue.row.field_place(field), field, what);
        }
    }
}

/// Finds the names of a cell in the free text of the same issue. Names that are already masked are skipped.
fn find_names(issue: &Issue<'_>, of: Field, faults: &mut Faults) {
    let cell = issue.text(of);
    let names: Vec<String> = person::names(&cell).into_iter().filter(|name| !name.contains('某')).collect();
    // Most texts don't even have the first character of a name.
    let may_have = |field: &Field| {
        let text = issue.text(*field);
        let has = |name: &String| name.chars().next().is_some_and(|c| c.is_ascii() || text.contains(c));
        !text.is_empty() && names.iter().any(has)
    };
    let texts: Vec<Field> =
        FREE_TEXTS.into_iter().filter(|field| issue.row.columns.has(*field)).filter(may_have).collect();
    if texts.is_empty() {
        return;
    }
    // What names a unit or a place names nobody, though somebody is called so.
    let known = [issue.unit, issue.site, issue.team, issue.region].into_iter().flatten().map(Symbol::as_str);
    let known = known.chain(issue.categories.iter().chain(&issue.co_units).map(|name| name.as_str()));
    let known: Vec<&str> = known.flat_map(person::known_as).collect();
    let finder = NameFinder::new(names.iter().map(String::as_str), known.iter().copied());
    let allusions: Vec<String> = names.iter().flat_map(|name| person::allusions(name)).collect();
    let perhaps = NameFinder::new(
        allusions.iter().map(String::as_str),
        known.iter().copied().chain(names.iter().map(String::as_str)),
    );
    for field in texts {
        let (text, place) = (issue.text(field), issue.row.field_place(field));
        let mut told = BTreeSet::new();
        for found in finder.find(&text) {
            let name = names.get(found.name).map_or("", String::as_str);
            if told.insert((name, found.is_doubtful)) {
                let masked = person::masked(name, person::MaskStyle::ByLength);
                faults.add_at(place, field, NameInText { masked, of, is_doubtful: found.is_doubtful });
            }
        }
        for found in perhaps.find(&text) {
            let name = allusions.get(found.name).map_or("", String::as_str);
            if told.insert((name, true)) {
                faults.add_at(place, field, NameInText { masked: name.to_owned(), of, is_doubtful: true });
            }
        }
    }
}

/// Something personal in free text.
#[derive(Debug)]
struct PersonalDataInText {
    kind: PersonalData,
    masked: String,
}

impl PersonalDataInText {
    fn name(&self, lang: Lang) -> &'static str {
        match self.kind {
            PersonalData::IdCard => lang.pick("身份证号", "the identity card number"),
            PersonalData::Passport => lang.pick("护照、通行证号", "the passport or permit number"),
            PersonalData::Mobile => lang.pick("手机号", "the mobile number"),
            PersonalData::Telephone => lang.pick("电话号码", "the telephone number"),
            PersonalData::BankCard => lang.pick("银行卡号", "the bank card number"),
            PersonalData::Plate => lang.pick("车牌号", "the licence plate"),
            PersonalData::Email => lang.pick("电子邮箱", "the e-mail address"),
            PersonalData::Dwelling => lang.pick("住址", "the home address"),
        }
    }
}

impl Finding for PersonalDataInText {
    fn code(&self) -> Code {
        match self.kind {
            PersonalData::IdCard | PersonalData::Passport => const { Code::known("P301") },
            PersonalData::Mobile | PersonalData::Telephone => const { Code::known("P302") },
            PersonalData::BankCard | PersonalData::Plate | PersonalData::Email | PersonalData::Dwelling => {
                const { Code::known("P304") }
            }
        }
    }

    fn words(&self, _: Option<Field>, lang: Lang) -> (String, String) {
        let (name, masked) = (self.name(lang), &self.masked);
        let is_telephone = matches!(self.kind, PersonalData::Mobile | PersonalData::Telephone);
        match (lang, is_telephone) {
            (Lang::Zh, true) => (format!("内容里有{name} {masked}"), "删去，或移到“联系电话”列".into()),
            (Lang::Zh, false) => (format!("内容里有{name} {masked}"), "删去；需要留存的放到不印发的地方".into()),
            (Lang::En, true) => {
                (format!("the text contains {name} {masked}"), "remove it, or move it to `phone`".into())
            }
            (Lang::En, false) => (format!("the text contains {name} {masked}"), "remove it".into()),
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
    /// Whether it only may be the name: a part of a longer word, or the family name with a title.
    is_doubtful: bool,
}

impl Finding for NameInText {
    fn code(&self) -> Code {
        const { Code::known("P303") }
    }

    fn is_doubtful_name(&self) -> bool {
        self.is_doubtful
    }

    fn words(&self, _: Option<Field>, lang: Lang) -> (String, String) {
        let Self { masked, of, is_doubtful } = self;
        match lang {
            Lang::Zh if *is_doubtful => (
                format!("内容里的“{masked}”可能是“{}”一栏的人", of.label(lang)),
                "是的，改写成职务；不是的，在 duban.yaml 或 --accept P303 说明".into(),
            ),
            Lang::En if *is_doubtful => (
                format!("`{masked}` in the text may be the person from `{}`", of.key()),
                "if it is, write the position instead; if not, let it through with --accept P303".into(),
            ),
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
