//! A number of a document, and the rows it was counted from.

use std::borrow::Cow;

use indexmap::IndexMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::dataset::data::{Against, Data};
use crate::dataset::edition::Edition;
use crate::dataset::record::{KEY, OF_PERSON, Record};
use crate::fault::FaultCount;
use crate::model::identity::is_key;
use crate::register::StoredIssue;
use crate::tally::as_of_summary::LeftOut;

/// A row behind a figure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowRef {
    /// What the run calls the record: the id of an issue, or the key of what it says; of things of the config their name.
    /// Written as `id` if it is one, else that is null.
    #[serde(serialize_with = "written_id", deserialize_with = "id_or_none")]
    pub id: String,
    /// The key of what an issue says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The file it stands in.
    pub file: String,
    /// The line; nothing where the config does not tell.
    pub line: Option<u64>,
    /// Whether it names a person: such rows stay in the office.
    #[serde(skip)]
    pub of_person: bool,
    /// Its place in the list of records that was counted; nothing once the document is written.
    #[serde(skip)]
    pub index: Option<usize>,
}

impl RowRef {
    pub(crate) fn of(record: &Record) -> Self {
        let text = |key: &str| record.get(key).and_then(Value::as_str).map(str::to_owned);
        Self {
            id: text("id").or_else(|| text("name")).unwrap_or_default(),
            key: text(KEY),
            file: text("file").unwrap_or_else(|| "duban.yaml".to_owned()),
            line: record.get("line").and_then(Value::as_u64),
            of_person: record.contains_key(OF_PERSON),
            index: None,
        }
    }
}

/// What a figure was counted over, beside its selection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// The first day.
    pub from: Option<String>,
    /// The last day.
    pub to: Option<String>,
    /// The unit of a letter.
    pub unit: Option<String>,
    /// The day the standings hold for.
    pub as_of: String,
}

/// A call of a function in a template, and what it gave.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// Its number in the document, from 1. Calls that say the same share one.
    pub id: usize,
    /// The function.
    pub function: String,
    /// What was asked for: filters in canonical values, and what the function was told to do.
    pub selection: Record,
    /// Over what.
    pub scope: Scope,
    /// What it gave. Of lists, how long they are.
    pub value: Value,
    /// The rows, in the order of the logs.
    pub rows: Vec<RowRef>,
    /// Of a table, what its cells count.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<FigurePart>,
    /// How many more rows there are that a public edition does not show. Nothing where all are shown, or where the number of
    /// rows would give a hidden count away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows_withheld: Option<u64>,
}

/// A part of a figure, such as a cell of a table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FigurePart {
    /// What the rows have: the values of a row and a column of the table, or of one of them.
    pub key: IndexMap<String, String>,
    /// How many rows there are.
    pub value: u64,
    /// Which rows of the figure, from 0.
    pub rows: Vec<usize>,
}

impl Figure {
    /// The figure as an edition shows it.
    #[must_use]
    pub fn shown(&self, data: &Data) -> Cow<'_, Self> {
        match data.edition {
            Edition::Internal => Cow::Borrowed(self),
            Edition::Public => Cow::Owned(self.clone().published(data)),
        }
    }

    /// The figure as a public edition shows it: without rows that name persons, and where small counts are hidden, without
    /// any, for they could be counted.
    fn published(mut self, data: &Data) -> Self {
        if data.small_counts.is_some() {
            (self.rows, self.parts) = (Vec::new(), Vec::new());
            // Ids that were asked for are rows too.
            self.selection.entry("id").and_modify(|ids| *ids = "…".into());
            return self;
        }
        let all = self.rows.len();
        let mut kept = 0;
        let places: Vec<Option<usize>> = self
            .rows
            .iter()
            .map(|row| {
                let place = (!row.of_person).then_some(kept);
                kept += usize::from(!row.of_person);
                place
            })
            .collect();
        for part in &mut self.parts {
            part.rows = part.rows.iter().filter_map(|row| places.get(*row).copied().flatten()).collect();
        }
        self.rows.retain(|row| !row.of_person);
        let withheld = all - self.rows.len();
        self.rows_withheld = (withheld > 0).then_some(withheld as u64);
        self
    }
}

/// `DOCUMENT.figures.json`: what stands beside a document, and what `trace` reads.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FigureSheet {
    /// The document's file.
    pub document: String,
    /// Its kind.
    pub kind: String,
    /// Its number; nothing for a draft.
    pub number: Option<String>,
    /// The day the standings hold for.
    pub as_of: String,
    /// For whom it was written.
    #[serde(default, skip_serializing_if = "Edition::is_internal")]
    pub edition: Edition,
    /// Counts from 1 to below it are hidden, and no figure shows its rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub small_counts: Option<u64>,
    /// The faults of the logs that it was made from; empty for sound logs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<FaultCount>,
    /// What the logs have and the document has not.
    #[serde(default)]
    pub left_out: LeftOut,
    /// Issues of the run that count as closed or rectified by a status without a day, if the run looks back.
    #[serde(default)]
    pub by_undated_word: u64,
    /// What the issues are compared with, if anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub against: Option<Against>,
    /// The figures.
    pub figures: Vec<Figure>,
    /// What the issues that an internal document lists say: by this they are recognised in later logs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub issues: Vec<StoredIssue>,
}

fn written_id<S: Serializer>(id: &str, serializer: S) -> Result<S::Ok, S::Error> {
    if is_key(id) { serializer.serialize_none() } else { serializer.serialize_str(id) }
}

fn id_or_none<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Option::<String>::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// The figures of a document as they are written beside it: those of a public edition without rows that name persons.
/// `issues` is what those that it lists say.
#[must_use]
pub fn figures_json(figures: &[Figure], issues: Vec<StoredIssue>, document: &str, data: &Data) -> Value {
    let sheet = FigureSheet {
        document: document.to_owned(),
        kind: data.kind.clone(),
        number: data.number.clone(),
        as_of: data.as_of.to_string(),
        edition: data.edition,
        small_counts: data.small_counts,
        faults: data.faults.clone(),
        left_out: data.left_out,
        by_undated_word: data.by_undated_word,
        against: data.against.clone(),
        figures: figures.iter().map(|figure| figure.shown(data).into_owned()).collect(),
        issues,
    };
    serde_json::to_value(sheet).unwrap_or_default()
}
