//! The list of issues: by unit, then by category, then by where they stand and by day, with a number for each: most figures
//! of the page are then a few stretches of it.

use serde_json::Value;

use crate::album::ALBUM;
use crate::dataset::Record;
use crate::dataset::record::{WantedKeys, texts};
use crate::document::Photo;
use crate::document::board::{BoardIssue, Standing};
use crate::query::photos::{Captioned, captioned};
use crate::query::{CallError, QueryContext, RecordList};
use crate::words::lang::Lang;

/// The issues of the page in their order.
pub(super) struct IssueList {
    lang: Lang,
    /// Their positions among those of the logs, and what they are.
    records: Vec<(usize, Record)>,
    /// The words for how issues are handled and what they are about.
    about: Vec<String>,
}

impl IssueList {
    pub(super) fn of(context: &QueryContext) -> Result<Self, CallError> {
        let selected = context.select(&context.query(Record::new())?)?;
        let wanted = WantedKeys::default();
        let mut records: Vec<(usize, Record)> =
            selected.into_iter().map(|index| (index, context.record(RecordList::Issues, index, &wanted))).collect();
        let rank = |key: &str, record: &Record| {
            let name = text(record, key);
            (context.rank(RecordList::Issues, key, &name), name)
        };
        records.sort_by_cached_key(|(index, record)| {
            let is = |key: &str| record.get(key) == Some(&Value::Bool(true));
            let standing = (is("rectified"), !is("overdue"));
            (rank("unit", record), rank("category", record), standing, text(record, "found_on"), *index)
        });
        let lang = context.data.lang;
        let label = |key: &str, value: &str| {
            let key = RecordList::Issues.key(key);
            key.map_or_else(|| value.to_owned(), |key| context.project.value_label(key, value, lang))
        };
        let about = records.iter().map(|(_, record)| {
            let categories = record.get("category").map(texts).unwrap_or_default();
            let categories: Vec<String> = categories.iter().map(|value| label("category", value)).collect();
            let parts = [
                text(record, "site"),
                categories.join(lang.pick("、", ", ")),
                label("disposition", &text(record, "disposition")),
            ];
            parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
        });
        let about = about.collect();
        Ok(Self { lang, records, about })
    }

    /// The issues with their numbers on the page.
    pub(super) fn records(&self) -> impl Iterator<Item = (usize, &Record)> {
        self.records.iter().enumerate().map(|(at, (_, record))| (at + 1, record))
    }

    /// For each issue of the logs its number on the page, if it is there.
    pub(super) fn numbers(&self) -> Vec<Option<usize>> {
        let mut numbers = Vec::new();
        for (at, (index, _)) in self.records.iter().enumerate() {
            if numbers.len() <= *index {
                numbers.resize(index + 1, None);
            }
            if let Some(slot) = numbers.get_mut(*index) {
                *slot = Some(at + 1);
            }
        }
        numbers
    }

    pub(super) fn into_issues(self) -> Vec<BoardIssue> {
        let Self { lang, records, about } = self;
        records.iter().zip(about).map(|((_, record), about)| issue(record, about, lang)).collect()
    }
}

fn issue(record: &Record, about: String, lang: Lang) -> BoardIssue {
    let is = |key: &str| record.get(key) == Some(&Value::Bool(true));
    let standing = match () {
        () if is("closed") => (Standing::Done, lang.pick("已销号", "closed")),
        () if is("rectified") => (Standing::Done, lang.pick("已整改", "rectified")),
        () if is("overdue") => (Standing::Overdue, lang.pick("逾期", "overdue")),
        () if is("due_soon") => (Standing::Soon, lang.pick("临期", "due soon")),
        () => (Standing::Open, lang.pick("未整改", "open")),
    };
    let days = [
        ("found_on", lang.pick("发现", "found")),
        ("deadline", lang.pick("期限", "due")),
        ("rectified_on", lang.pick("整改", "rectified")),
    ];
    let days = days.into_iter().filter_map(|(key, word)| {
        let day = text(record, key);
        (!day.is_empty()).then(|| format!("{word} {day}"))
    });
    let line = record.get("line").and_then(Value::as_u64).map_or_else(String::new, |line| format!(":{line}"));
    let id = text(record, "id");
    let is_own_id = !crate::model::identity::is_key(&id)
        && id != format!("{}{line}", text(record, "file").rsplit_once('.').map_or("", |(stem, _)| stem));
    BoardIssue {
        id: if is_own_id { id } else { String::new() },
        unit: text(record, "unit"),
        about,
        text: text(record, "description"),
        days: days.collect::<Vec<_>>().join(lang.pick("　", " · ")),
        standing: (standing.0, standing.1.to_owned()),
        place: text(record, "file") + &line,
        photos: record
            .get(ALBUM)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(|of| photo(of, lang))
            .collect(),
    }
}

/// A photo with the word for its stage.
fn photo(of: &Value, lang: Lang) -> Option<(String, Photo)> {
    let Captioned { photo, caption } = captioned(of)?;
    Some((photo.stage.label(lang).to_owned(), Photo { id: photo.id, caption, number: None }))
}

/// The text of a record under a key.
pub(super) fn text(record: &Record, key: &str) -> String {
    record.get(key).map(texts).unwrap_or_default().join("、")
}
