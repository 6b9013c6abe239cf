//! The facts of each kind of fault.

use crate::condition::ConditionFault;
use crate::fault::code::Code;
use crate::fault::file_error::FileError;
use crate::fault::finding::{Finding, RuleFinding};
use crate::fault::known_by::KnownBy;
use crate::model::field::{Field, MAY_BE_UNSTATED};
use crate::source::OwnOutput;
use crate::source::decode::EncodingFault;
use crate::words::date::DateFault;

/// What is wrong, as facts without wording.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the explain page of each code describes the facts")]
pub enum FaultKind {
    Encoding(EncodingFault),
    EmptyLog {
        no_rows: bool,
    },
    NoHeader {
        seen: Vec<String>,
    },
    UnreadRecords {
        key: String,
    },
    OwnOutput {
        output: OwnOutput,
    },
    MissingColumn {
        field: Field,
    },
    UnknownColumn {
        header: String,
        near: Option<String>,
    },
    DoubledColumn {
        header: String,
        field: Option<Field>,
    },
    RaggedRow {
        cells: usize,
        expected: usize,
    },
    Syntax {
        detail: String,
    },
    Shape {
        expected: &'static str,
        found: String,
    },
    TooComplex {
        limit: &'static str,
        allowed: usize,
    },
    UnclosedQuote,
    Date {
        text: String,
        fault: DateFault,
    },
    Deadline {
        text: String,
        bare_number: bool,
    },
    Value {
        field: Field,
        text: String,
        near: Option<String>,
    },
    Empty {
        field: Field,
    },
    Number {
        text: String,
    },
    HiddenRows {
        rows: String,
        count: usize,
    },
    UnreadSheet {
        sheet: String,
    },
    /// `line` is what to write in `duban.yaml` instead, if that is known.
    Config {
        problem: ConfigProblem,
        line: Option<String>,
    },
    /// Working days were counted over a year whose holidays are not known; `lunar` tells whether its lunar ones are.
    UnknownYear {
        year: i32,
        lunar: bool,
    },
    Template {
        message: String,
        help: Option<String>,
    },
    BareDigit {
        text: String,
    },
    /// A finding of a rule over records.
    Rule(RuleFinding),
}

/// What is wrong with a config.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the messages made from it say what the facts mean")]
pub enum ConfigProblem {
    Syntax(String),
    UnknownKey {
        key: String,
        near: Option<String>,
        known: String,
    },
    Expected {
        what: &'static str,
        found: String,
    },
    BadValue {
        key: String,
        value: String,
        expected: String,
        near: Option<String>,
    },
    /// A file that the config names under `key` can't be read. A calendar can be taken in from another file.
    File {
        key: String,
        file: String,
        error: FileError,
        is_calendar: bool,
    },
    /// `first` is the name and the line of the key that stands there before, in the same language or in the other.
    Doubled {
        what: &'static str,
        name: String,
        first: Option<(String, u32)>,
    },
    /// A condition of an own rule.
    Condition(Box<ConditionFault>),
    /// Two series print the same numbers.
    SharedPattern {
        pattern: String,
        other: String,
    },
}

impl FaultKind {
    /// Returns the code of the fault.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            Self::Encoding(_) => const { Code::known("L101") },
            Self::EmptyLog { .. } => const { Code::known("L102") },
            Self::NoHeader { .. } | Self::UnreadRecords { .. } | Self::OwnOutput { output: OwnOutput::Table } => {
                const { Code::known("L103") }
            }
            Self::OwnOutput { .. } => const { Code::known("L121") },
            Self::MissingColumn { field } if MAY_BE_UNSTATED.contains(field) => const { Code::known("L120") },
            Self::MissingColumn { .. } => const { Code::known("L104") },
            Self::UnknownColumn { .. } => const { Code::known("L105") },
            Self::DoubledColumn { .. } => const { Code::known("L106") },
            Self::RaggedRow { .. } => const { Code::known("L107") },
            Self::Syntax { .. } => const { Code::known("L109") },
            Self::Shape { .. } => const { Code::known("L110") },
            Self::TooComplex { .. } => const { Code::known("L111") },
            Self::UnclosedQuote => const { Code::known("L112") },
            Self::Date { .. } => const { Code::known("V101") },
            Self::Value { field: Field::Disposition, .. } => const { Code::known("V102") },
            Self::Value { field: Field::Status | Field::SignedOff, .. } => const { Code::known("V103") },
            Self::Value { field: Field::Source, .. } => const { Code::known("V104") },
            Self::Value { field: Field::Category, .. } => const { Code::known("V106") },
            Self::Value { field: Field::Team, .. } => const { Code::known("V107") },
            Self::Value { field: Field::Site, .. } => const { Code::known("V108") },
            Self::Value { .. } => const { Code::known("V105") },
            Self::Empty { field } if MAY_BE_UNSTATED.contains(field) => const { Code::known("V120") },
            Self::Empty { .. } => const { Code::known("V109") },
            Self::Deadline { .. } => const { Code::known("V110") },
            Self::Number { .. } => const { Code::known("V111") },
            Self::HiddenRows { .. } => const { Code::known("L114") },
            Self::UnreadSheet { .. } => const { Code::known("L115") },
            Self::Config { problem: ConfigProblem::Syntax(_), .. } => const { Code::known("C401") },
            Self::Config { problem: ConfigProblem::UnknownKey { .. }, .. } => const { Code::known("C402") },
            Self::Config { .. } => const { Code::known("C403") },
            Self::UnknownYear { .. } => const { Code::known("C404") },
            Self::Template { .. } => const { Code::known("T501") },
            Self::BareDigit { .. } => const { Code::known("T502") },
            Self::Rule(finding) => finding.code(),
        }
    }

    /// What makes it one finding with others of the same file, code and field, however many rows have it: the word that is
    /// unknown, the column that is missing. `None` if each row is to be looked at by itself.
    #[must_use]
    pub(crate) fn repeated(&self) -> Option<&str> {
        match self {
            Self::Value { text, .. } => Some(text),
            Self::UnknownColumn { header, .. } => Some(header),
            Self::MissingColumn { .. } => Some(""),
            Self::Empty { field } if MAY_BE_UNSTATED.contains(field) => Some(""),
            _ => None,
        }
    }

    /// The value that is probably meant, if one is near.
    #[must_use]
    pub fn near(&self) -> Option<&str> {
        match self {
            Self::Value { near, .. } | Self::UnknownColumn { near, .. } => near.as_deref(),
            _ => None,
        }
    }

    /// By what it is known again in another run.
    #[must_use]
    pub fn known_by(&self) -> KnownBy {
        match self {
            Self::Rule(finding) => finding.known_by(),
            Self::Date { text, .. }
            | Self::Deadline { text, .. }
            | Self::Value { text, .. }
            | Self::Number { text }
            | Self::BareDigit { text } => KnownBy::Row(text.clone()),
            Self::RaggedRow { cells, .. } => KnownBy::Row(cells.to_string()),
            Self::Shape { expected, found } => KnownBy::Row(format!("{expected} {found}")),
            Self::TooComplex { limit, .. } => KnownBy::Row((*limit).to_owned()),
            Self::Empty { .. } | Self::UnclosedQuote => KnownBy::default(),
            Self::EmptyLog { .. } | Self::MissingColumn { .. } => KnownBy::File(String::new()),
            Self::NoHeader { seen } => KnownBy::File(seen.join("\0")),
            Self::UnreadRecords { key } => KnownBy::File(key.clone()),
            Self::UnknownColumn { header, .. } | Self::DoubledColumn { header, .. } => KnownBy::File(header.clone()),
            Self::Syntax { detail } => KnownBy::File(detail.clone()),
            // More rows that are hidden are another fault; which ones they are changes when a row is put in above.
            Self::HiddenRows { count, .. } => KnownBy::File(count.to_string()),
            Self::UnreadSheet { sheet } => KnownBy::File(sheet.clone()),
            Self::UnknownYear { year, .. } => KnownBy::Facts(year.to_string()),
            Self::Encoding(fault) => KnownBy::File(format!("{fault:?}")),
            Self::OwnOutput { output } => KnownBy::File(output.name().to_owned()),
            Self::Config { problem, .. } => KnownBy::File(format!("{problem:?}")),
            Self::Template { message, .. } => KnownBy::File(message.clone()),
        }
    }

    /// Returns the field concerned, if the facts determine it.
    #[must_use]
    pub fn field(&self) -> Option<Field> {
        match self {
            Self::MissingColumn { field } | Self::Empty { field } | Self::Value { field, .. } => Some(*field),
            Self::DoubledColumn { field, .. } => *field,
            Self::Deadline { .. } => Some(Field::Deadline),
            Self::Rule(finding) => finding.field(),
            _ => None,
        }
    }
}

impl<F: Finding + 'static> From<F> for FaultKind {
    fn from(finding: F) -> Self {
        Self::Rule(RuleFinding::new(finding))
    }
}
