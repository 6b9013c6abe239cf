//! A number of a document, and the rows it was counted from.

use std::borrow::Cow;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::dataset::data::Data;
use crate::dataset::edition::Edition;
use crate::dataset::list_name::{ListName, RowList};
use crate::dataset::record::Record;
use crate::dataset::row_set::RowSet;

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
    /// What the document compares itself with, if this is counted in that: `previous`, or the period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub against: Option<String>,
    /// Whether the rows are of other logs than those of the document: of the earlier submission.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub earlier_logs: bool,
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
    /// The rows, in the order of the logs: by their places in the list of records that was counted; in a file, by their
    /// places among the rows of all figures.
    pub rows: RowSet,
    /// The figure that it is compared with, by its number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub against: Option<usize>,
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
    /// Which rows, by the numbers of those of the figure.
    pub rows: RowSet,
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

    /// The list of records that it was counted over.
    #[must_use]
    pub fn list(&self) -> ListName {
        let name = self.selection.get("records").and_then(Value::as_str).unwrap_or_default();
        ListName::of(name).unwrap_or(ListName::Issues)
    }

    /// The conditions of its selection: what is in it beside them tells the function what to do.
    pub(crate) fn conditions(&self) -> impl Iterator<Item = (&String, &Value)> {
        let options: &[&str] = match self.function.as_str() {
            "distinct" | "values" | "sum" | "rate" => &["of"],
            "tally" | "series" => &["by"],
            "rank" => &["by", "of", "order"],
            "table" => &["rows", "columns"],
            "chart" => &["rows", "stack", "line", "bars", "top"],
            _ => &[],
        };
        self.selection.iter().filter(|(key, _)| *key != "records" && !options.contains(&key.as_str()))
    }

    /// Where its rows are.
    pub(crate) fn row_list(&self) -> RowList {
        RowList { is_earlier: self.scope.earlier_logs, list: self.list() }
    }

    /// The figure as a public edition shows it: without rows that name persons, and where small counts are hidden, without
    /// any, for they could be counted.
    fn published(mut self, data: &Data) -> Self {
        if data.small_counts.is_some() {
            (self.rows, self.parts) = (RowSet::default(), Vec::new());
            // Ids that were asked for are rows too.
            self.selection.entry("id").and_modify(|ids| *ids = "…".into());
            return self;
        }
        let list = self.row_list();
        let shown = |rows: &RowSet| rows.iter().filter(|row| !data.is_of_person(list, *row)).collect::<RowSet>();
        for part in &mut self.parts {
            part.rows = shown(&part.rows);
        }
        let all = self.rows.len();
        self.rows = shown(&self.rows);
        let withheld = all - self.rows.len();
        self.rows_withheld = (withheld > 0).then_some(withheld as u64);
        self
    }
}
