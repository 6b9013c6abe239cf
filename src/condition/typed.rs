//! Checks an untyped tree: names become fields and states, texts become values of their fields, and every part has a type.
//! All faults of a condition are found, not only the first.

use chrono::NaiveDate;
use regex_lite::RegexBuilder;

use crate::condition::asks::{Asks, bit};
use crate::condition::fault::{ConditionFault, ConditionProblem, PartKind};
use crate::condition::names::{Names, NoSuchValue};
use crate::condition::syntax::{Comparison, Part, PartOf, Sign};
use crate::condition::tree::{Day, DayPart, Number, Pattern, Test, Text};
use crate::condition::words::{Constant, Function, Joint, fields_of, near_constant};
use crate::model::Field;
use crate::model::field::{FieldKind, MAY_BE_UNSTATED};
use crate::model::value::UNSTATED;
use crate::words::near::nearest;
use crate::words::symbol::Symbol;

/// The most bytes of a compiled pattern: matching takes time in proportion to it and to the text.
const MAX_PATTERN: usize = 32 * 1024;

/// Checks a whole condition.
///
/// # Errors
/// Returns everything that is wrong with it.
pub(super) fn check(part: &Part, text: &str, names: &dyn Names) -> Result<(Test, Asks), Vec<ConditionFault>> {
    let mut checker = Checker { text, names, asks: Asks::default(), faults: Vec::new() };
    let whole = checker.test(part);
    if checker.faults.is_empty() && checker.asks.fields.is_empty() {
        checker.fault(part, ConditionProblem::Constant);
    }
    match whole {
        Some(whole) if checker.faults.is_empty() => Ok((whole, checker.asks)),
        _ => Err(checker.faults),
    }
}

struct Checker<'a> {
    text: &'a str,
    names: &'a dyn Names,
    asks: Asks,
    faults: Vec<ConditionFault>,
}

/// A checked part. `None` in place of it is one that has a fault, which was told.
enum Typed {
    Test(Test),
    Number(Number),
    Day(Day),
    Text(Text),
}

impl Typed {
    fn kind(&self) -> PartKind {
        match self {
            Self::Test(_) => PartKind::Truth,
            Self::Number(_) => PartKind::Number,
            Self::Day(_) => PartKind::Day,
            Self::Text(_) => PartKind::Text,
        }
    }
}

impl Checker<'_> {
    fn fault(&mut self, part: &Part, problem: ConditionProblem) {
        self.faults.push(ConditionFault::at(self.text, part.span.clone(), problem));
    }

    fn asks_for(&mut self, field: Field, needed: bool) {
        if !self.asks.fields.contains(&field) {
            self.asks.fields.push(field);
        }
        if needed {
            self.asks.needs |= bit(field);
        }
    }

    fn test(&mut self, part: &Part) -> Option<Test> {
        match self.typed(part)? {
            Typed::Test(test) => Some(test),
            other => self.wrong(part, PartKind::Truth, other.kind()),
        }
    }

    fn number(&mut self, part: &Part) -> Option<Number> {
        match self.typed(part)? {
            Typed::Number(number) => Some(number),
            other => self.wrong(part, PartKind::Number, other.kind()),
        }
    }

    fn day(&mut self, part: &Part) -> Option<Day> {
        match self.typed(part)? {
            Typed::Day(day) => Some(day),
            other => self.wrong(part, PartKind::Day, other.kind()),
        }
    }

    /// A text that may be asked for what stands in it; with `one`, it must not be several.
    fn text(&mut self, part: &Part, one: bool) -> Option<Text> {
        match self.typed(part)? {
            Typed::Text(text) => self.plain_text(part, text, one),
            other => self.wrong(part, PartKind::Text, other.kind()),
        }
    }

    fn wrong<T>(&mut self, part: &Part, wanted: PartKind, found: PartKind) -> Option<T> {
        self.fault(part, ConditionProblem::WrongKind { wanted, found });
        None
    }

    fn plain_text(&mut self, part: &Part, text: Text, one: bool) -> Option<Text> {
        let problem = match &text {
            Text::Field(field) if self.names.is_coded(*field) => ConditionProblem::Coded { field: *field },
            Text::Field(field) if one && is_several(*field) => ConditionProblem::Several { field: *field },
            Text::Literal(literal) if literal.trim().is_empty() => ConditionProblem::BlankText { field: None },
            _ => return Some(text),
        };
        self.fault(part, problem);
        None
    }

    fn typed(&mut self, part: &Part) -> Option<Typed> {
        Some(match &part.kind {
            PartOf::Text(text) => Typed::Text(Text::Literal(text.clone())),
            PartOf::Number(number) => Typed::Number(Number::Literal(*number)),
            PartOf::Day(day) => Typed::Day(Day::Literal(*day)),
            PartOf::Name(name) => return self.name(part, name),
            PartOf::Not(inner) => Typed::Test(Test::Not(Box::new(self.test(inner)?))),
            PartOf::And(parts) => Typed::Test(Test::All(self.tests(parts)?)),
            PartOf::Or(parts) => Typed::Test(Test::Any(self.tests(parts)?)),
            PartOf::Negative(inner) => Typed::Number(match self.number(inner)? {
                Number::Literal(number) => Number::Literal(-number),
                other => Number::Sum(Box::new(Number::Literal(0)), Sign::Minus, Box::new(other)),
            }),
            PartOf::Sum(left, sign, right) => return self.sum(part, left, *sign, right),
            PartOf::Compare(left, comparison, right) => return self.compare(part, left, *comparison, right),
            PartOf::In(left, negated, list) => {
                let test = self.among(left, list)?;
                Typed::Test(if *negated { Test::Not(Box::new(test)) } else { test })
            }
            PartOf::Call(name, span, values) => {
                let Some(function) = Function::of(name) else {
                    let problem = ConditionProblem::UnknownFunction { near: Function::near(name) };
                    self.faults.push(ConditionFault::at(self.text, span.clone(), problem));
                    return None;
                };
                if values.len() != function.takes() {
                    let problem = ConditionProblem::WrongCount { function: name.clone(), takes: function.takes() };
                    self.fault(part, problem);
                    return None;
                }
                return self.call(function, values);
            }
        })
    }

    /// Checks all parts, so that a fault of one does not hide those of others.
    fn tests(&mut self, parts: &[Part]) -> Option<Vec<Test>> {
        let tests: Vec<Option<Test>> = parts.iter().map(|part| self.test(part)).collect();
        tests.into_iter().collect()
    }

    fn name(&mut self, part: &Part, name: &str) -> Option<Typed> {
        match Constant::of(name) {
            Some(Constant::True) => return Some(Typed::Test(Test::Always(true))),
            Some(Constant::False) => return Some(Typed::Test(Test::Always(false))),
            Some(Constant::AsOf) => return Some(Typed::Day(Day::AsOf)),
            Some(Constant::State(state)) => {
                let (field, needed) = fields_of(state);
                self.asks_for(field, false);
                for field in needed {
                    self.asks_for(*field, true);
                }
                return Some(Typed::Test(Test::State(state)));
            }
            None => {}
        }
        let field = self.field(part, name)?;
        self.asks_for(field, true);
        Some(match field.info().kind {
            FieldKind::Date | FieldKind::Deadline => Typed::Day(Day::Field(field)),
            _ => Typed::Text(Text::Field(field)),
        })
    }

    fn field(&mut self, part: &Part, name: &str) -> Option<Field> {
        let problem = match self.names.field(name) {
            Some(field) if field.is_column_only() => ConditionProblem::OnlyColumn { field },
            Some(field) => return Some(field),
            None if Function::of(name).is_some() => ConditionProblem::NoFunction { function: name.to_owned() },
            None => {
                let fields = self.names.near_field(name);
                let near = nearest(name, fields.as_deref().into_iter().chain(near_constant(name))).map(str::to_owned);
                ConditionProblem::UnknownName { near }
            }
        };
        self.fault(part, problem);
        None
    }

    fn sum(&mut self, part: &Part, left: &Part, sign: Sign, right: &Part) -> Option<Typed> {
        let (typed_left, typed_right) = (self.typed(left), self.typed(right));
        Some(match (typed_left?, sign, typed_right?) {
            (Typed::Number(left), sign, Typed::Number(right)) => {
                Typed::Number(Number::Sum(Box::new(left), sign, Box::new(right)))
            }
            (Typed::Day(day), sign, Typed::Number(number)) => {
                Typed::Day(Day::Moved(Box::new(day), sign, Box::new(number)))
            }
            (Typed::Number(number), Sign::Plus, Typed::Day(day)) => {
                Typed::Day(Day::Moved(Box::new(day), Sign::Plus, Box::new(number)))
            }
            (Typed::Day(to), Sign::Minus, Typed::Day(from)) => {
                Typed::Number(Number::Between { working: false, from: Box::new(from), to: Box::new(to) })
            }
            (Typed::Day(_), _, Typed::Day(_)) => return self.wrong(part, PartKind::Number, PartKind::Day),
            (Typed::Number(_) | Typed::Day(_), _, other) => {
                return self.wrong(right, PartKind::Number, other.kind());
            }
            (other, ..) => return self.wrong(left, PartKind::Number, other.kind()),
        })
    }

    fn compare(&mut self, part: &Part, left: &Part, comparison: Comparison, right: &Part) -> Option<Typed> {
        let (typed_left, typed_right) = (self.typed(left), self.typed(right));
        let (typed_left, typed_right) = (typed_left?, typed_right?);
        let (left_kind, right_kind) = (typed_left.kind(), typed_right.kind());
        let is_equality = matches!(comparison, Comparison::Equal | Comparison::Unequal);
        let equal = match (typed_left, typed_right) {
            (Typed::Number(left), Typed::Number(right)) => {
                return Some(Typed::Test(Test::Numbers(left, comparison, right)));
            }
            (Typed::Day(left), Typed::Day(right)) => return Some(Typed::Test(Test::Days(left, comparison, right))),
            (Typed::Text(_), Typed::Text(_)) if !is_equality => {
                self.fault(part, ConditionProblem::NoOrder);
                return None;
            }
            (Typed::Text(Text::Field(field)), Typed::Text(Text::Literal(text)))
            | (Typed::Text(Text::Literal(text)), Typed::Text(Text::Field(field))) => {
                let literal = if matches!(left.kind, PartOf::Text(_)) { left } else { right };
                self.equal_to(field, &[(literal, text)])?
            }
            (Typed::Text(one), Typed::Text(other)) => {
                let (one, other) = (self.plain_text(left, one, true), self.plain_text(right, other, true));
                Test::Same(one?, other?)
            }
            (Typed::Test(_), Typed::Test(_)) => {
                self.fault(part, ConditionProblem::NoTruths);
                return None;
            }
            _ => {
                self.fault(part, ConditionProblem::Unlike { left: left_kind, right: right_kind });
                return None;
            }
        };
        Some(Typed::Test(if comparison == Comparison::Equal { equal } else { Test::Not(Box::new(equal)) }))
    }

    /// A field has one of some texts, each with its place.
    fn equal_to(&mut self, field: Field, texts: &[(&Part, String)]) -> Option<Test> {
        let has_values = matches!(field.info().kind, FieldKind::Value | FieldKind::Values);
        let mut values = Vec::new();
        for (part, text) in texts {
            let problem = if text.trim().is_empty() {
                Some(ConditionProblem::BlankText { field: Some(field) })
            } else if MAY_BE_UNSTATED.contains(&field) && [UNSTATED, "未注明"].contains(&text.trim()) {
                Some(ConditionProblem::Unstated { field })
            } else if has_values {
                match self.names.value(field, text) {
                    Ok(value) => {
                        values.push(value);
                        None
                    }
                    Err(NoSuchValue { near, known }) => Some(ConditionProblem::UnknownValue { field, near, known }),
                }
            } else {
                values.push(text.clone());
                None
            };
            if let Some(problem) = problem {
                self.fault(part, problem);
            }
        }
        if values.len() < texts.len() {
            return None;
        }
        Some(if has_values {
            Test::Values(field, values.iter().map(|value| Symbol::new(value)).collect())
        } else {
            Test::TextIn(Text::Field(field), values)
        })
    }

    fn among(&mut self, left: &Part, list: &[Part]) -> Option<Test> {
        let typed = self.typed(left);
        match typed? {
            Typed::Number(number) => {
                let literals: Vec<Option<i64>> =
                    list.iter().map(|part| self.literal(part, PartKind::Number, literal_number)).collect();
                Some(Test::NumberIn(number, literals.into_iter().collect::<Option<_>>()?))
            }
            Typed::Day(day) => {
                let literals: Vec<Option<NaiveDate>> =
                    list.iter().map(|part| self.literal(part, PartKind::Day, literal_day)).collect();
                Some(Test::DayIn(day, literals.into_iter().collect::<Option<_>>()?))
            }
            Typed::Text(text) => {
                let literals: Vec<Option<String>> =
                    list.iter().map(|part| self.literal(part, PartKind::Text, literal_text)).collect();
                let literals = literals.into_iter().collect::<Option<Vec<String>>>()?;
                match text {
                    Text::Field(field) => {
                        let texts: Vec<(&Part, String)> = list.iter().zip(literals).collect();
                        self.equal_to(field, &texts)
                    }
                    Text::Literal(_) => Some(Test::TextIn(text, literals)),
                }
            }
            Typed::Test(_) => {
                self.fault(left, ConditionProblem::NoTruths);
                None
            }
        }
    }

    /// A value that is written down.
    fn literal<T>(&mut self, part: &Part, wanted: PartKind, read: impl Fn(&PartOf) -> Option<T>) -> Option<T> {
        if let Some(value) = read(&part.kind) {
            return Some(value);
        }
        let found = match &part.kind {
            PartOf::Text(_) => Some(PartKind::Text),
            PartOf::Day(_) => Some(PartKind::Day),
            kind if literal_number(kind).is_some() => Some(PartKind::Number),
            _ => None,
        };
        if let Some(found) = found {
            return self.wrong(part, wanted, found);
        }
        self.fault(part, ConditionProblem::NoLiteral);
        None
    }

    fn call(&mut self, function: Function, values: &[Part]) -> Option<Typed> {
        match (function, values) {
            (Function::Workdays | Function::Days, [from, to]) => {
                let (from, to) = (self.day(from), self.day(to));
                let working = function == Function::Workdays;
                Some(Typed::Number(Number::Between { working, from: Box::new(from?), to: Box::new(to?) }))
            }
            (Function::Contains | Function::StartsWith, [text, part]) => {
                let (text, part) = (self.text(text, false), self.text(part, true));
                let make = if function == Function::Contains { Test::Contains } else { Test::StartsWith };
                Some(Typed::Test(make(text?, part?)))
            }
            (Function::Matches, [text, pattern]) => {
                let (text, pattern) = (self.text(text, false), self.pattern(pattern));
                Some(Typed::Test(Test::Matches(text?, pattern?)))
            }
            (Function::Blank, [field]) => {
                let PartOf::Name(name) = &field.kind else {
                    self.fault(field, ConditionProblem::NoField);
                    return None;
                };
                if Constant::of(name).is_some() {
                    self.fault(field, ConditionProblem::NoField);
                    return None;
                }
                let field = self.field(field, name)?;
                self.asks_for(field, true);
                self.asks.blanks |= bit(field);
                Some(Typed::Test(Test::Blank(field)))
            }
            (Function::Len, [text]) => Some(Typed::Number(Number::Len(self.text(text, true)?))),
            (Function::Year, [day]) => self.day_part(DayPart::Year, day),
            (Function::Month, [day]) => self.day_part(DayPart::Month, day),
            (Function::Weekday, [day]) => self.day_part(DayPart::Weekday, day),
            // The number of values was checked.
            _ => None,
        }
    }

    fn day_part(&mut self, part: DayPart, day: &Part) -> Option<Typed> {
        Some(Typed::Number(Number::Of(part, Box::new(self.day(day)?))))
    }

    fn pattern(&mut self, part: &Part) -> Option<Pattern> {
        let text = self.literal(part, PartKind::Text, literal_text)?;
        match RegexBuilder::new(&text).size_limit(MAX_PATTERN).build() {
            Ok(regex) => Some(Pattern(regex)),
            Err(error) => {
                self.fault(part, ConditionProblem::Pattern { detail: error.to_string() });
                None
            }
        }
    }
}

fn literal_number(kind: &PartOf) -> Option<i64> {
    match kind {
        PartOf::Number(number) => Some(*number),
        PartOf::Negative(inner) => match inner.kind {
            PartOf::Number(number) => Some(-number),
            _ => None,
        },
        _ => None,
    }
}

fn literal_day(kind: &PartOf) -> Option<NaiveDate> {
    if let PartOf::Day(day) = kind { Some(*day) } else { None }
}

fn literal_text(kind: &PartOf) -> Option<String> {
    if let PartOf::Text(text) = kind { Some(text.clone()) } else { None }
}

/// Whether an issue may have several values of a field.
pub(super) fn is_several(field: Field) -> bool {
    field.info().kind == FieldKind::Values
}

/// Whether a text is a name without backquotes.
pub(super) fn is_name(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|c| c.is_alphabetic() || c == '_')
        && chars.all(|c| c.is_alphanumeric() || c == '_')
        && Joint::of(text).is_none()
        && Constant::of(text).is_none()
}
