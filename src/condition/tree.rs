//! The typed tree of a condition. A day can't stand where a number must: the types of the tree rule it out.

use chrono::NaiveDate;
use regex_lite::Regex;

use crate::condition::syntax::{Comparison, Sign};
use crate::model::Field;
use crate::model::key::StateKey;
use crate::words::symbol::Symbol;

/// What is true, false or unknown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Test {
    Always(bool),
    State(StateKey),
    Blank(Field),
    Not(Box<Test>),
    All(Vec<Test>),
    Any(Vec<Test>),
    Numbers(Number, Comparison, Number),
    Days(Day, Comparison, Day),
    /// Two texts are equal.
    Same(Text, Text),
    /// A field has one of these values, which are canonical.
    Values(Field, Vec<Symbol>),
    NumberIn(Number, Vec<i64>),
    DayIn(Day, Vec<NaiveDate>),
    TextIn(Text, Vec<String>),
    Contains(Text, Text),
    StartsWith(Text, Text),
    Matches(Text, Pattern),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Number {
    Literal(i64),
    Sum(Box<Number>, Sign, Box<Number>),
    /// The days from the first day to the second; working days only, if so.
    Between {
        working: bool,
        from: Box<Day>,
        to: Box<Day>,
    },
    Len(Text),
    Of(DayPart, Box<Day>),
}

/// A number that a day has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DayPart {
    Year,
    Month,
    Weekday,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Day {
    Literal(NaiveDate),
    Field(Field),
    AsOf,
    Moved(Box<Day>, Sign, Box<Number>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Text {
    Literal(String),
    Field(Field),
}

/// A pattern, compiled.
#[derive(Clone, Debug)]
pub(super) struct Pattern(pub(super) Regex);

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_str() == other.0.as_str()
    }
}

impl Eq for Pattern {}
