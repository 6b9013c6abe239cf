//! Faults: what is wrong, where, and how grave.
//!
//! A rule says what it found as facts ([`FaultKind`]); the words are made at the edge, once per language
//! (`text`). All faults of a run are collected ([`Faults`]), never only the first.
//!
//! - [`baseline`]: faults accepted for now
//! - [`code`]: the table of codes
//! - `text`: facts to message and help, zh and en
//! - [`explain`]: a page per code
//! - [`emit`]: the report as text and JSON

pub mod baseline;
pub mod code;
pub mod emit;
pub mod explain;
mod reading;
mod text;

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use code::Code;
pub use text::{Words, words};

use crate::model::field::Field;
use crate::place::{Place, SourceId};
use crate::source::decode::EncodingFault;
use crate::words::date::DateFault;
use crate::words::symbol::Symbol;

/// How grave a fault is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Should be looked at.
    Warning,
    /// Must be mended: `check` ends with status 1.
    Error,
}

/// What is wrong: the facts, no words.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the page of each code says what the facts mean")]
pub enum FaultKind {
    Encoding(EncodingFault),
    EmptyLog { no_rows: bool },
    NoHeader { seen: Vec<String> },
    MissingColumn { field: Field },
    UnknownColumn { header: String, near: Option<String> },
    DoubledColumn { header: String, field: Option<Field> },
    RaggedRow { cells: usize, expected: usize },
    DoubledId { id: String },
    Syntax { detail: String },
    Shape { expected: &'static str, found: String },
    TooComplex { limit: &'static str, allowed: usize },
    UnclosedQuote,
    Date { text: String, fault: DateFault },
    Deadline { text: String, bare_number: bool },
    Value { field: Field, text: String, near: Option<String> },
    Empty { field: Field },
    Number { text: String },
    DeadlineBeforeFound { deadline: NaiveDate, found: NaiveDate },
    NoDeadline,
    RectifiedBeforeFound { rectified: NaiveDate, found: NaiveDate },
    ClosedNotRectified,
    Future { date: NaiveDate, as_of: NaiveDate },
    DoubledIssue,
    MovedDeadline { earlier: NaiveDate, now: Option<NaiveDate> },
    Vanished { id: String },
    Undone,
    UnvisitedSite { site: String },
    Allowance { text: String, unused: bool },
    HiddenRows { rows: String, count: usize },
    UnreadSheet { sheet: String },
    Totals { of: Option<(Field, Symbol)>, declared: u64, counted: u64 },
    IdCard { masked: String },
    Mobile { masked: String },
    Person { masked: String, of: Field },
    Config { problem: ConfigProblem },
    Template { message: String, help: Option<String> },
    BareDigit { text: String },
}

/// What is wrong with a config.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "said by the words made of it")]
pub enum ConfigProblem {
    Syntax(String),
    UnknownKey { key: String, near: Option<String>, known: String },
    Expected { what: &'static str, found: String },
    BadValue { key: String, value: String, expected: String, near: Option<String> },
    Doubled { what: &'static str, name: String },
}

impl FaultKind {
    /// The code of the fault.
    #[must_use]
    pub fn code(&self) -> Code {
        let code = match self {
            Self::Encoding(_) => "L101",
            Self::EmptyLog { .. } => "L102",
            Self::NoHeader { .. } => "L103",
            Self::MissingColumn { .. } => "L104",
            Self::UnknownColumn { .. } => "L105",
            Self::DoubledColumn { .. } => "L106",
            Self::RaggedRow { .. } => "L107",
            Self::DoubledId { .. } => "L108",
            Self::Syntax { .. } => "L109",
            Self::Shape { .. } => "L110",
            Self::TooComplex { .. } => "L111",
            Self::UnclosedQuote => "L112",
            Self::Date { .. } => "V101",
            Self::Value { field: Field::Disposition, .. } => "V102",
            Self::Value { field: Field::Status, .. } => "V103",
            Self::Value { field: Field::Source, .. } => "V104",
            Self::Value { field: Field::Category, .. } => "V106",
            Self::Value { field: Field::Team, .. } => "V107",
            Self::Value { field: Field::Site, .. } => "V108",
            Self::Value { .. } => "V105",
            Self::Empty { .. } => "V109",
            Self::Deadline { .. } => "V110",
            Self::Number { .. } => "V111",
            Self::DeadlineBeforeFound { .. } => "R201",
            Self::NoDeadline => "R202",
            Self::RectifiedBeforeFound { .. } => "R203",
            Self::ClosedNotRectified => "R204",
            Self::Future { .. } => "R205",
            Self::DoubledIssue => "R206",
            Self::Totals { .. } => "R207",
            Self::MovedDeadline { .. } => "R208",
            Self::Vanished { .. } => "R209",
            Self::Undone => "R210",
            Self::UnvisitedSite { .. } => "R211",
            Self::Allowance { .. } => "L113",
            Self::HiddenRows { .. } => "L114",
            Self::UnreadSheet { .. } => "L115",
            Self::IdCard { .. } => "P301",
            Self::Mobile { .. } => "P302",
            Self::Person { .. } => "P303",
            Self::Config { problem: ConfigProblem::Syntax(_) } => "C401",
            Self::Config { problem: ConfigProblem::UnknownKey { .. } } => "C402",
            Self::Config { .. } => "C403",
            Self::Template { .. } => "T501",
            Self::BareDigit { .. } => "T502",
        };
        Code::known(code)
    }

    /// The field concerned, where there is one.
    #[must_use]
    pub fn field(&self) -> Option<Field> {
        match self {
            Self::MissingColumn { field } | Self::Empty { field } | Self::Value { field, .. } => Some(*field),
            Self::DoubledColumn { field, .. } => *field,
            Self::DoubledId { .. } => Some(Field::Id),
            Self::Deadline { .. } | Self::DeadlineBeforeFound { .. } | Self::NoDeadline => Some(Field::Deadline),
            Self::RectifiedBeforeFound { .. } | Self::ClosedNotRectified => Some(Field::RectifiedOn),
            _ => None,
        }
    }
}

/// A fault at its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub place: Place,
    /// What is wrong.
    pub what: FaultKind,
    /// The field, where the facts alone don't tell (a date).
    pub field: Option<Field>,
    /// The other place, where two things disagree.
    pub related: Option<Place>,
    /// How grave, the project's `rules:` heeded.
    pub severity: Severity,
}

/// How grave each code is in this run: the table's word, or what the project or the command says.
#[derive(Clone, Debug, Default)]
pub struct Severities {
    changed: Vec<(Code, Option<Severity>)>,
}

impl Severities {
    /// Gives a code another severity; `None` switches it off. The last word counts.
    pub fn set(&mut self, code: Code, severity: Option<Severity>) {
        self.changed.push((code, severity));
    }

    /// Switches every code off but these.
    pub fn keep_only(&mut self, codes: &[Code]) {
        for code in Code::all().filter(|code| !codes.contains(code)) {
            self.set(code, None);
        }
    }

    /// How grave a code is; `None` if switched off.
    #[must_use]
    pub fn of(&self, code: Code) -> Option<Severity> {
        let changed = self.changed.iter().rev().find(|(changed, _)| *changed == code);
        changed.map_or(Some(code.info().severity), |(_, severity)| *severity)
    }
}

/// How many faults are kept with their facts; all are counted.
const KEPT: usize = 100_000;

/// All faults of a run.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    severities: std::sync::Arc<Severities>,
    list: Vec<Fault>,
    counts: BTreeMap<Code, (Severity, usize)>,
}

impl Faults {
    /// No fault yet; `severities` says how grave each will be.
    #[must_use]
    pub fn new(severities: std::sync::Arc<Severities>) -> Self {
        Self { severities, ..Self::default() }
    }

    /// An empty collection under the same severities.
    #[must_use]
    pub fn fresh(&self) -> Self {
        Self::new(self.severities.clone())
    }

    /// Adds a fault.
    pub fn add(&mut self, place: Place, what: FaultKind) {
        let field = what.field();
        self.add_full(place, what, field, None);
    }

    /// Adds a fault of a field's cell.
    pub fn add_at(&mut self, place: Place, field: Field, what: FaultKind) {
        self.add_full(place, what, Some(field), None);
    }

    /// Adds a fault with all that is known of it.
    pub fn add_full(&mut self, place: Place, what: FaultKind, field: Option<Field>, related: Option<Place>) {
        let code = what.code();
        let Some(severity) = self.severities.of(code) else { return };
        self.counts.entry(code).or_insert((severity, 0)).1 += 1;
        if self.list.len() < KEPT {
            self.list.push(Fault { place, what, field, related, severity });
        }
    }

    /// Takes the faults of another collection.
    pub fn append(&mut self, mut other: Self) {
        for (code, (severity, more)) in std::mem::take(&mut other.counts) {
            self.counts.entry(code).or_insert((severity, 0)).1 += more;
        }
        let room = KEPT.saturating_sub(self.list.len());
        other.list.truncate(room);
        self.list.append(&mut other.list);
    }

    /// Keeps the faults of which `keep` says so. Those beyond what is kept with its facts stay counted.
    pub fn retain(&mut self, mut keep: impl FnMut(&Fault) -> bool) {
        let counts = &mut self.counts;
        self.list.retain(|fault| {
            let stays = keep(fault);
            if let (false, Some((_, count))) = (stays, counts.get_mut(&fault.what.code())) {
                *count -= 1;
            }
            stays
        });
        counts.retain(|_, (_, count)| *count > 0);
    }

    /// How many of a severity there are, kept or not.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.counts.values().filter(|(of, _)| *of == severity).map(|(_, count)| count).sum()
    }

    /// How many of each code there are, kept or not; the most frequent first.
    #[must_use]
    pub fn by_code(&self) -> Vec<(Code, usize)> {
        let mut counts: Vec<(Code, usize)> = self.counts.iter().map(|(code, (_, count))| (*code, *count)).collect();
        counts.sort_by_key(|(code, count)| (Reverse(*count), *code));
        counts
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// The faults in the order of files, lines and cells.
    #[must_use]
    pub fn sorted(&self) -> Vec<Fault> {
        let mut list = self.list.clone();
        list.sort_by_key(|fault| (fault.place, fault.what.code()));
        list
    }

    /// Whether a source has an error already.
    #[must_use]
    pub fn has_error_in(&self, source: SourceId) -> bool {
        self.list.iter().any(|fault| fault.place.source == source && fault.severity == Severity::Error)
    }
}
