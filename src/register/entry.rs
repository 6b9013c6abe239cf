//! One line of the register: an event, and the chain to the line before.

use std::fmt::Write as _;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// What the first line has for the hash of the line before.
pub const NO_LINE: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The hash of bytes in hexadecimal digits (SHA-256).
#[must_use]
pub fn hash_hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// A file of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileHash {
    /// Relative to the project's folder, `/` between.
    pub path: String,
    /// The hash of its bytes.
    pub sha256: String,
}

/// What is known of a document when its number is taken.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// The series the number is of.
    pub series: String,
    /// The kind of document.
    pub kind: String,
    /// The year of the number.
    pub year: i32,
    /// The running number.
    pub n: u32,
    /// The number as printed.
    pub number: String,
    /// The date of the document.
    pub date: String,
    /// Its title.
    pub title: String,
    /// The unit it is addressed to, for letters.
    pub unit: Option<String>,
    /// The units it names.
    #[serde(default)]
    pub units: Vec<String>,
    /// The issues it names.
    pub issues: Vec<String>,
    /// The number of the document it follows up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// Its files.
    pub files: Vec<FileHash>,
}

/// What happened to a number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "lowercase")]
pub enum Event {
    /// It was taken; the files are on their way.
    Reserved(Facts),
    /// It was given out before duban kept the register.
    Imported(Facts),
    /// The files stand under their names.
    Dispatched {
        /// The series.
        series: String,
        /// The year.
        year: i32,
        /// The running number.
        n: u32,
    },
    /// It was voided.
    Void {
        /// The series.
        series: String,
        /// The year.
        year: i32,
        /// The running number.
        n: u32,
        /// Why.
        why: String,
    },
}

/// A line as it stands in the file. `hash` is over all that stands before it in the line; `prev` is
/// the `hash` of the line before. So an altered line betrays itself, and a line left out betrays
/// itself in the next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The place in the register, from 1.
    pub seq: u64,
    /// What happened.
    #[serde(flatten)]
    pub event: Event,
    /// The hash of the line before.
    pub prev: String,
    /// The hash of this line without this field.
    pub hash: String,
}

impl Line {
    /// A line that follows another.
    ///
    /// # Errors
    /// Never in practice: it writes to memory.
    pub fn after(last: Option<&Self>, event: Event) -> Result<Self, serde_json::Error> {
        let seq = last.map_or(1, |last| last.seq + 1);
        let prev = last.map_or(NO_LINE, |last| &last.hash).to_owned();
        let mut line = Self { seq, event, prev, hash: String::new() };
        line.hash = line.own_hash()?;
        Ok(line)
    }

    /// The hash that the line should have.
    ///
    /// # Errors
    /// Never in practice: it writes to memory.
    pub fn own_hash(&self) -> Result<String, serde_json::Error> {
        let bare = Self { hash: String::new(), ..self.clone() };
        Ok(hash_hex(serde_json::to_string(&bare)?.as_bytes()))
    }
}

/// How a number stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Given out, the document is there.
    Dispatched,
    /// Taken; a crash came before the document was there.
    Pending,
    /// Voided.
    Void,
}

/// A number and its document: what `register list` shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The number as printed.
    pub number: String,
    /// The series.
    pub series: String,
    /// The kind of document.
    pub kind: String,
    /// The year.
    pub year: i32,
    /// The running number.
    pub n: u32,
    /// The date.
    pub date: String,
    /// The title.
    pub title: String,
    /// The unit it is addressed to.
    pub unit: Option<String>,
    /// How it stands.
    pub status: Status,
    /// Its files.
    pub files: Vec<FileHash>,
    /// The issues it names.
    pub issues: Vec<String>,
    /// The units it names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<String>,
    /// The number of the document it follows up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// Why it was voided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// The line of the register it was taken on.
    #[serde(skip)]
    pub line: usize,
}

impl Record {
    /// Whether it was voided.
    #[must_use]
    pub fn is_void(&self) -> bool {
        self.status == Status::Void
    }

    /// How a number that is just being taken stands.
    #[must_use]
    pub fn reserved(facts: &Facts) -> Self {
        Self::new(facts, Status::Pending, 0)
    }

    fn new(facts: &Facts, status: Status, line: usize) -> Self {
        Self {
            number: facts.number.clone(),
            series: facts.series.clone(),
            kind: facts.kind.clone(),
            year: facts.year,
            n: facts.n,
            date: facts.date.clone(),
            title: facts.title.clone(),
            unit: facts.unit.clone(),
            status,
            files: facts.files.clone(),
            issues: facts.issues.clone(),
            units: facts.units.clone(),
            after: facts.after.clone(),
            why: None,
            line,
        }
    }
}

/// How every number stands after all lines, in the order given out.
#[must_use]
pub fn records(lines: &[Line]) -> Vec<Record> {
    let mut records: IndexMap<(String, i32, u32), Record> = IndexMap::new();
    for (index, line) in lines.iter().enumerate() {
        match &line.event {
            Event::Reserved(facts) | Event::Imported(facts) => {
                let status =
                    if matches!(line.event, Event::Reserved(_)) { Status::Pending } else { Status::Dispatched };
                // A repeat is for `verify` to tell; the first one keeps the number.
                records
                    .entry((facts.series.clone(), facts.year, facts.n))
                    .or_insert_with(|| Record::new(facts, status, index + 1));
            }
            Event::Dispatched { series, year, n } => {
                if let Some(record) = records.get_mut(&(series.clone(), *year, *n)).filter(|record| !record.is_void()) {
                    record.status = Status::Dispatched;
                }
            }
            Event::Void { series, year, n, why } => {
                if let Some(record) = records.get_mut(&(series.clone(), *year, *n)) {
                    record.status = Status::Void;
                    record.why = Some(why.clone());
                }
            }
        }
    }
    records.into_values().collect()
}
