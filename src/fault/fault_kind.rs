//! What a rule found, as facts.

use chrono::NaiveDate;

use crate::fault::code::Code;
use crate::model::field::Field;
use crate::source::decode::EncodingFault;
use crate::words::date::DateFault;
use crate::words::symbol::Symbol;

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
