//! The issues of a document as records: those that logs gave are made when they are asked for, since a paper may be about
//! far more issues than it lists.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize as _;
use serde_json::Value;

use crate::album::{ALBUM, IssuePhoto};
use crate::dataset::record::{
    IssueMarks, KEY, MOVE, OF_PERSON, Record, RowFile, WantedKeys, field_value, id, issue_record, keys_of, number,
    record_at, wanted_record, written_id,
};
use crate::dataset::row_ref::RowRef;
use crate::digest;
use crate::model::identity::is_key;
use crate::model::moves::Move;
use crate::model::state::AsOf;
use crate::model::{Field, Issue};
use crate::place::SourceId;

/// What is known of issues beside that by which they are counted.
#[derive(Clone, Debug)]
pub(super) enum IssueList {
    /// Records from elsewhere: `--from-data`, a public edition.
    Given(Vec<Record>),
    /// Those of logs.
    Read(ReadIssues),
}

impl Default for IssueList {
    fn default() -> Self {
        Self::Given(Vec::new())
    }
}

/// What is known of the issues of logs beside their rows, which have their ids.
#[derive(Clone, Debug)]
pub(super) struct ReadIssues {
    /// Of each issue, in their order.
    pub(super) marks: Vec<IssueMarks>,
    pub(super) files: Arc<BTreeMap<SourceId, RowFile>>,
    /// The day of the standings.
    pub(super) as_of: AsOf,
}

impl ReadIssues {
    fn file(&self, issue: &Issue<'_>) -> Option<&RowFile> {
        self.files.get(&issue.row.source)
    }

    fn record(&self, index: usize, issue: &Issue<'_>) -> Option<Record> {
        Some(issue_record(issue, self.marks.get(index)?, &self.as_of, self.file(issue)?))
    }
}

/// One of the issues of a document.
#[derive(Clone, Copy)]
pub(crate) struct ListedIssue<'r> {
    of: Origin<'r>,
}

#[derive(Clone, Copy)]
enum Origin<'r> {
    Given(&'r Record),
    Read(&'r ReadIssues, usize, &'r Issue<'static>),
}

impl IssueList {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Given(records) => records.len(),
            Self::Read(read) => read.marks.len(),
        }
    }

    /// The issue at an index. `issue` is what is counted of it.
    pub(super) fn get<'r>(&'r self, index: usize, issue: &'r Issue<'static>) -> Option<ListedIssue<'r>> {
        let of = match self {
            Self::Given(records) => Origin::Given(records.get(index)?),
            Self::Read(read) => {
                read.marks.get(index)?;
                Origin::Read(read, index, issue)
            }
        };
        Some(ListedIssue { of })
    }
}

impl<'r> ListedIssue<'r> {
    /// All that is known of it.
    pub(crate) fn record(self) -> Cow<'r, Record> {
        match self.of {
            Origin::Given(record) => Cow::Borrowed(record),
            Origin::Read(read, index, issue) => Cow::Owned(read.record(index, issue).unwrap_or_default()),
        }
    }

    /// What a template gets of it, with its standing on a day: what is wanted of its record, or more. `issue` is what is
    /// counted of it.
    pub(super) fn for_template(self, issue: &Issue<'_>, as_of: &AsOf, wanted: &WantedKeys) -> Record {
        if let Origin::Read(read, index, _) = self.of
            && !wanted.are_all()
            && let (Some(marks), Some(file)) = (read.marks.get(index), read.file(issue))
        {
            return wanted_record(issue, marks, as_of, file, wanted);
        }
        record_at(self.record().into_owned(), issue, as_of)
    }

    /// What its record says of a field; empty if nothing, or no text.
    pub(crate) fn field(self, field: Field) -> String {
        let value = match self.of {
            Origin::Given(record) => record.get(field.key()).map(Cow::Borrowed),
            Origin::Read(_, _, issue) => field_value(issue, field.info()).map(Cow::Owned),
        };
        match value {
            Some(Cow::Owned(Value::String(text))) => text,
            Some(value) => value.as_str().unwrap_or_default().to_owned(),
            None => String::new(),
        }
    }

    /// The key of what it says; empty if it has none.
    pub(crate) fn key(self) -> &'r str {
        match self.of {
            Origin::Given(record) => record.get(KEY).and_then(Value::as_str).unwrap_or_default(),
            Origin::Read(read, index, _) => read.marks.get(index).map_or("", |marks| &marks.key),
        }
    }

    /// What the run calls it: its id, or else the key of what it says.
    pub(crate) fn id(self) -> Cow<'r, str> {
        match self.of {
            Origin::Given(record) => id(record).into(),
            Origin::Read(_, _, issue) => issue.text(Field::Id),
        }
    }

    /// The id as the log gives it; empty if it gives none.
    pub(crate) fn written_id(self) -> Cow<'r, str> {
        match self.of {
            Origin::Given(record) => written_id(record).into(),
            Origin::Read(..) => Some(self.id()).filter(|id| !is_key(id)).unwrap_or_default(),
        }
    }

    /// Its 序号; empty if its log has none.
    pub(crate) fn number(self) -> &'r str {
        match self.of {
            Origin::Given(record) => number(record),
            Origin::Read(read, index, _) => read.marks.get(index).map_or("", |marks| &marks.number),
        }
    }

    /// How it moved; empty if it did not.
    pub(crate) fn moved(self) -> &'r str {
        match self.of {
            Origin::Given(record) => record.get(MOVE).and_then(Value::as_str).unwrap_or_default(),
            Origin::Read(read, index, _) => read.marks.get(index).and_then(|marks| marks.moved).map_or("", Move::key),
        }
    }

    /// Its photos, as far as they were asked for.
    pub(crate) fn photos(self) -> Vec<IssuePhoto> {
        match self.of {
            Origin::Given(record) => {
                let listed = record.get(ALBUM).and_then(Value::as_array).into_iter().flatten();
                listed.filter_map(|photo| IssuePhoto::deserialize(photo).ok()).collect()
            }
            Origin::Read(read, index, _) => {
                let marks = read.marks.get(index).into_iter();
                marks.flat_map(|marks| &marks.photos).map(|photo| IssuePhoto::clone(photo)).collect()
            }
        }
    }

    /// The file it stands in.
    pub(crate) fn file(self) -> Option<&'r str> {
        match self.of {
            Origin::Given(record) => record.get("file").and_then(Value::as_str),
            Origin::Read(read, _, issue) => read.file(issue).map(RowFile::name),
        }
    }

    /// Where it stands, what it is called, and what it says.
    pub(crate) fn row_ref(self) -> RowRef {
        match self.of {
            Origin::Given(record) => RowRef { said: Some(self.said()), ..RowRef::of(record) },
            Origin::Read(read, index, issue) => RowRef {
                id: issue.text(Field::Id).into_owned(),
                key: read.marks.get(index).map(|marks| marks.key.to_string()),
                file: self.file().unwrap_or_default().to_owned(),
                line: Some(issue.row.line.get().into()),
                said: Some(self.said()),
                undated: false,
            },
        }
    }

    /// 16 hexadecimal digits of what its fields say, in canonical values: where the row stands and how it is spelt change
    /// nothing.
    fn said(self) -> String {
        let write = |out: &mut dyn std::io::Write| -> std::io::Result<()> {
            for info in keys_of(|info| info.of.issue) {
                let value = match self.of {
                    Origin::Given(record) => record.get(info.key).map(Cow::Borrowed),
                    Origin::Read(_, _, issue) => field_value(issue, info).map(Cow::Owned),
                };
                if let Some(value) = value {
                    writeln!(out, "{}={value}", info.key)?;
                }
            }
            Ok(())
        };
        let mut hash = digest::of_written(write).unwrap_or_default();
        hash.truncate(16);
        hash
    }

    /// Whether it names a person in a public edition, or did before that was masked.
    pub(super) fn is_of_person(self) -> bool {
        matches!(self.of, Origin::Given(record) if record.contains_key(OF_PERSON))
    }
}
