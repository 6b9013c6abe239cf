//! Cells that are filled in so that they are not empty: 同上 stands for the cell above it, 无 and / for nothing.

use crate::fault::{Code, Faults, Finding, KnownBy, field_name};
use crate::log::error_cell::is_ditto;
use crate::model::field::FIELDS;
use crate::model::{Field, Row};
use crate::project::Project;
use crate::project::vocabulary::normal;
use crate::words::lang::Lang;

/// What is filled in where there is nothing to say.
pub(crate) const FILLERS: [&str; 11] = ["无", "0", "待定", "暂无", "未定", "不详", "n/a", "na", "none", "null", "tbd"];

/// What a description says if nothing was found, beside [`FILLERS`].
const NOTHING_FOUND: [&str; 14] = [
    "未发现问题",
    "未发现",
    "未发现异常",
    "未发现隐患",
    "未发现明显问题",
    "无问题",
    "无异常",
    "无隐患",
    "没有问题",
    "正常",
    "一切正常",
    "no issues",
    "no issues found",
    "nothing found",
];

/// The fields whose filler is a blank; of the others the vocabulary says what a filler means.
const NAMES: [Field; 6] = [Field::Unit, Field::Category, Field::Site, Field::SiteType, Field::Region, Field::Team];

/// Maximum length in bytes of a filler, and of a cell that stands for the one above it.
pub(super) const MAX_FILLER_BYTES: usize = 12;

/// Maximum length in bytes of a description that says that nothing was found.
pub(super) const MAX_NOTHING_BYTES: usize = 60;

/// Whether a text begins with an ideograph that none of some words begins with, so that it is none of them however it
/// is normalised. Nearly all cells do, and need not be looked at any further.
fn begins_unlike(text: &str, words: &[&str]) -> bool {
    let first = text.chars().next().filter(|c| matches!(c, '\u{4e00}'..='\u{9fff}'));
    first.is_some_and(|first| !words.iter().any(|word| word.starts_with(first)))
}

/// Whether a cell says nothing: it is blank, a dash, a slash, or a word such as 无.
pub(super) fn is_filler(text: &str) -> bool {
    if begins_unlike(text, &FILLERS) {
        return false;
    }
    let word = normal(text);
    let word = word.trim_end_matches(['。', '.', ';', ',']);
    FILLERS.contains(&word) || word.chars().all(|c| c.is_whitespace() || "-–—―/\\_~*.…·?".contains(c))
}

/// The words by which a description says that nothing was found.
pub(super) fn nothing_found_words() -> impl Iterator<Item = &'static str> {
    NOTHING_FOUND.into_iter().chain(FILLERS)
}

/// Whether a row says that nothing was found, and sets neither a deadline nor a disposition.
pub(super) fn found_nothing(row: &Row) -> bool {
    if !row.says(Field::Description) || row.bytes(Field::Description).len() > MAX_NOTHING_BYTES {
        return false;
    }
    let description = row.text(Field::Description);
    if begins_unlike(&description, &NOTHING_FOUND) && begins_unlike(&description, &FILLERS) {
        return false;
    }
    let word = normal(&description);
    let word = word.trim_end_matches(['。', '.', '!', ';', ',']);
    (NOTHING_FOUND.contains(&word) || is_filler(&description))
        && [Field::Deadline, Field::Disposition].into_iter().all(|field| is_filler(&row.text(field)))
}

/// What is above a row.
pub(super) enum Above<'r> {
    /// The row of the same table, cell by cell.
    Row,
    /// The record before, whose keys may stand in another order.
    Record(&'r Row),
}

/// Replaces the cells of a row that stand for the cell above, and empties those of a unit, a category and so on that
/// say nothing. `above` gives the cell above one; `None` if the row above is no row of the log, but a header or a total.
///
/// Returns whether a cell stands for one of a row that was not read.
pub(super) fn read_fillers(row: &mut Row, above: Option<&Above<'_>>, project: &Project, faults: &mut Faults) -> bool {
    let mut lacks_above = false;
    for cell in 0..row.len() {
        if !is_ditto(row.untrimmed(cell)) {
            continue;
        }
        let place = row.cell_place(cell);
        let field = FIELDS.iter().map(|info| info.field).find(|field| row.columns.get(*field) == Some(cell));
        let found = match (above, field) {
            (None, _) | (Some(Above::Record(_)), None) => false,
            (Some(Above::Row), _) => row.take_above(cell),
            (Some(Above::Record(record)), Some(field)) => row.take(cell, &record.text(field)),
        };
        if !found {
            lacks_above = true;
            row.blank(cell);
        }
        let ditto = Ditto { value: row.cell(cell).into_owned() };
        match field {
            Some(field) => faults.add_at(place, field, ditto),
            None => faults.add(place, ditto),
        }
    }
    for field in NAMES {
        let Some(cell) = row.columns.get(field) else { continue };
        if row.raw(cell).len() <= MAX_FILLER_BYTES && !row.raw(cell).is_empty() {
            let text = row.cell(cell);
            if is_filler(&text) && project.vocabularies.of(field).find(&text).is_none() {
                row.blank(cell);
            }
        }
    }
    lacks_above
}

/// A cell that stands for the one above it.
#[derive(Debug)]
struct Ditto {
    /// The value above; empty if there is none.
    value: String,
}

impl Finding for Ditto {
    fn code(&self) -> Code {
        const { Code::known("V116") }
    }

    fn words(&self, field: Option<Field>, lang: Lang) -> (String, String) {
        let (name, value) = (field_name(field, lang), crate::fault::brief(&self.value));
        let help = lang
            .pick("排序之后“同上”就不知指谁了：请每行都写全", "write it out: sorting the rows changes what it means");
        let message = match (value.is_empty(), lang) {
            (true, Lang::Zh) => format!("{name}写“同上”，上面却没有内容，按空白读"),
            (true, Lang::En) => format!("{name} says that it is as above, where there is nothing; it is read as blank"),
            (false, Lang::Zh) => format!("{name}写“同上”，按上一行的“{value}”读"),
            (false, Lang::En) => format!("{name} is as above and read as `{value}`"),
        };
        (message, help.to_owned())
    }
}

/// A row that says that nothing was found.
#[derive(Debug)]
pub(super) struct NothingFound {
    pub(super) text: String,
}

impl Finding for NothingFound {
    fn code(&self) -> Code {
        const { Code::known("L116") }
    }

    fn known_by(&self) -> KnownBy {
        KnownBy::Row(self.text.clone())
    }

    fn words(&self, _: Option<Field>, lang: Lang) -> (String, String) {
        let text = crate::fault::brief(&self.text);
        match lang {
            Lang::Zh => {
                (format!("问题描述写“{text}”，又没有整改方式和期限：不算问题"), "确有问题的，写明是什么问题".into())
            }
            Lang::En => (
                format!("the description says `{text}`, without disposition or deadline: no issue"),
                "if there is an issue, say what it is".into(),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filler_says_nothing() {
        for text in ["", "无", "/", "—", "——", "0", "待定", "N/A", "-", "无。", " / "] {
            assert!(is_filler(text), "{text}");
        }
        for text in ["甲社区", "无名路", "10", "无灭火器", "/号楼"] {
            assert!(!is_filler(text), "{text}");
        }
    }
}
