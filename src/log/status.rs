//! The status of an issue where several columns tell of it: 整改状态, 整改情况, 是否销号 and 复查结果 side by side.

use crate::log::cache::spelling::Looked;
use crate::model::Field;
use crate::project::Project;
use crate::words::lang::Lang;
use crate::words::symbol::Symbol;

/// How far an issue has come, by its status. The others deny that it was put right, or take it back.
const ORDER: [&str; 8] =
    ["registered", "assigned", "transferred", "signed", "reported", "rectified", "verified", "closed"];

/// Those that say that it was put right, and those that deny it.
const DONE: [&str; 3] = ["rectified", "verified", "closed"];
const DENIALS: [&str; 3] = ["returned", "reopened", "in_progress"];

/// The columns that tell of the status, in the order in which [`together`] takes them.
pub(super) const COLUMNS: [Field; 4] = [Field::Status, Field::Progress, Field::Review, Field::SignedOff];

/// Whether a column tells of the status beside the column that is the status.
pub(super) fn is_beside(field: Field) -> bool {
    matches!(field, Field::Progress | Field::SignedOff | Field::Review)
}

/// What a cell of such a column says of the status. A sentence says nothing, and is no fault, but under 是否销号.
pub(super) fn look(project: &Project, lang: Lang, field: Field, text: &str) -> Looked {
    let mut looked = Looked::default();
    let text = text.trim_end_matches('\u{1f}');
    if let Some(value) = project.vocabularies.status_word(field, text) {
        looked.values.push(value);
    } else if !text.is_empty() && project.vocabularies.of(field).closed {
        looked.unknown.push((text.to_owned(), project.vocabularies.of(field).suggest(text, lang)));
    }
    looked
}

/// The status that status, progress, review and signing off make together, and whether they deny that the issue is closed.
///
/// What takes the issue back goes before what denies that it was put right, and that before everything else: the review
/// first, which came last. Else the farthest counts. A value of the project is kept unless a column beside it says more.
///
/// What the unit says of its progress goes behind the status: it is the status where the row has none, and denies what
/// another column says of an issue that was put right.
pub(crate) fn together([status, progress, review, signed_off]: [Option<Symbol>; 4]) -> (Option<Symbol>, bool) {
    let is = |value: Symbol, keys: &[&str]| keys.contains(&value.as_str());
    let is_done = [status, review, signed_off].into_iter().flatten().any(|value| is(value, &DONE));
    let progress = progress.filter(|value| status.is_none() || is_done && is(*value, &DENIALS));
    let told = [status, progress, review, signed_off];
    let not_closed = told.iter().flatten().any(|value| is(*value, &["not_closed"]));
    let first =
        |keys: &[&str]| [review, status, progress, signed_off].into_iter().flatten().find(|value| is(*value, keys));
    if let Some(value) = first(&["withdrawn"]).or_else(|| first(&DENIALS)) {
        return (Some(value), not_closed);
    }
    let rank = |value: &Symbol| ORDER.iter().position(|known| *known == value.as_str());
    let words = told.into_iter().flatten().filter(|value| !is(*value, &["not_closed"]));
    let farthest = words.reduce(|far, other| if rank(&other) > rank(&far) { other } else { far });
    let status = match farthest {
        // It was put right, and is not signed off yet.
        Some(value) if not_closed && is(value, &["closed"]) => Some(Symbol::new("rectified")),
        None if not_closed => Some(Symbol::new("not_closed")),
        farthest => farthest,
    };
    (status, not_closed)
}

/// Two columns that contradict each other, the one that counts first: one denies that the issue was put right or signed
/// off, or has not come so far, and another says so. A review may send back what was rectified before it; that the unit
/// replied (`reported`) is no contradiction to what it says of its progress.
pub(super) fn contradiction(told: [Option<Symbol>; 4]) -> Option<(Field, Field)> {
    let says = |value: Option<Symbol>| value.map_or("", Symbol::as_str);
    let columns = || COLUMNS.into_iter().zip(told.map(says));
    let of_one = |(field, denial): (Field, &str)| {
        let denied: &[&str] = match denial {
            "not_closed" => &["closed"],
            _ if DENIALS.contains(&denial) => &DONE,
            _ => &[],
        };
        let is_behind = |other| {
            (field, other) == (Field::Status, Field::Progress)
                && ["registered", "assigned", "transferred", "signed"].contains(&denial)
        };
        let is_before =
            |other: Field, value: &str| field == Field::Review && other != Field::SignedOff && value == "rectified";
        columns()
            .find(|(other, value)| {
                let denied = if is_behind(*other) { &DONE } else { denied };
                *other != field && denied.contains(value) && !is_before(*other, value)
            })
            .map(|(other, _)| (field, other))
    };
    columns().find_map(of_one)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_that_contradict_each_other_are_found() {
        for (told, expected) in [
            (["in_progress", "", "", "closed"], Some((Field::Status, Field::SignedOff))),
            (["in_progress", "", "verified", ""], Some((Field::Status, Field::Review))),
            (["closed", "", "", "not_closed"], Some((Field::SignedOff, Field::Status))),
            (["", "rectified", "in_progress", "closed"], Some((Field::Review, Field::SignedOff))),
            (["verified", "", "returned", ""], Some((Field::Review, Field::Status))),
            // Put right, then sent back; put right, and not signed off yet.
            (["rectified", "", "returned", ""], None),
            (["", "rectified", "in_progress", "not_closed"], None),
            (["rectified", "", "verified", "not_closed"], None),
            (["withdrawn", "", "", "closed"], None),
            (["in_progress", "", "", "not_closed"], None),
            (["reported", "", "", "closed"], None),
            (["rectified", "in_progress", "", ""], Some((Field::Progress, Field::Status))),
            (["in_progress", "rectified", "", ""], Some((Field::Status, Field::Progress))),
            (["assigned", "rectified", "", ""], Some((Field::Status, Field::Progress))),
            (["reported", "rectified", "", ""], None),
            (["assigned", "in_progress", "", ""], None),
        ] {
            let told = told.map(|text| Some(Symbol::new(text)).filter(|_| !text.is_empty()));
            assert_eq!(contradiction(told), expected, "{told:?}");
        }
    }

    #[test]
    fn columns_tell_the_status_together() {
        for (told, expected, not_closed) in [
            (["rectified", "", "", "not_closed"], "rectified", true),
            (["rectified", "", "", "closed"], "closed", false),
            (["", "", "", "not_closed"], "not_closed", true),
            (["closed", "", "", "not_closed"], "rectified", true),
            (["", "rectified", "", "not_closed"], "rectified", true),
            (["", "in_progress", "", "closed"], "in_progress", false),
            (["rectified", "", "returned", ""], "returned", false),
            (["rectified", "", "verified", ""], "verified", false),
            (["in_progress", "", "verified", "closed"], "in_progress", false),
            (["withdrawn", "", "returned", "closed"], "withdrawn", false),
            (["reported", "", "", ""], "reported", false),
            (["reported", "rectified", "", ""], "reported", false),
            (["assigned", "rectified", "", ""], "assigned", false),
            (["registered", "in_progress", "", ""], "registered", false),
            (["rectified", "in_progress", "", ""], "in_progress", false),
            (["rectified", "withdrawn", "", ""], "rectified", false),
            (["暂缓", "in_progress", "", ""], "暂缓", false),
            (["assigned", "in_progress", "verified", ""], "in_progress", false),
            (["暂缓", "", "", "closed"], "closed", false),
            (["暂缓", "", "", "not_closed"], "暂缓", true),
            (["", "", "", ""], "", false),
        ] {
            let told_symbols = told.map(|text| Some(Symbol::new(text)).filter(|_| !text.is_empty()));
            let (status, denied) = together(told_symbols);
            assert_eq!((status.map_or("", |status| status.as_str()), denied), (expected, not_closed), "{told:?}");
        }
    }
}
