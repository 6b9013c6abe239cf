//! What is personal in free text, by a table of texts (`tests/personal/texts.py` says how it was made).

use std::path::Path;

use duban::words::personal::{self, PersonalData};

fn name(kind: PersonalData) -> &'static str {
    match kind {
        PersonalData::IdCard => "id_card",
        PersonalData::Passport => "passport",
        PersonalData::Mobile => "mobile",
        PersonalData::Telephone => "telephone",
        PersonalData::BankCard => "bank_card",
        PersonalData::Plate => "plate",
        PersonalData::Email => "email",
        PersonalData::Dwelling => "dwelling",
    }
}

#[test]
fn what_is_personal_is_found_and_what_looks_alike_is_not() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/personal/texts.tsv");
    let table = std::fs::read_to_string(path).unwrap();
    let (mut wrong, mut count) = (Vec::new(), 0);
    for line in table.lines().skip(1) {
        count += 1;
        let (text, expected) = line.split_once('\t').unwrap();
        let found: Vec<String> = personal::find(text)
            .iter()
            .map(|found| format!("{}={}", name(found.kind), &text[found.range.clone()]))
            .collect();
        if found.join(" | ") != expected {
            wrong.push(format!("{text}: {} and not {expected}", found.join(" | ")));
        }
        // Masked, nothing of it is left.
        let masked = personal::without_personal_data(text).unwrap_or_else(|| text.to_owned());
        for found in personal::find(text) {
            if personal::compact(&masked).contains(&found.compact) {
                wrong.push(format!("{masked} gives away {}", found.compact));
            }
        }
        if !personal::find(&masked).is_empty() {
            wrong.push(format!("{masked} is found again"));
        }
    }
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count >= 200, "{count}");
}
