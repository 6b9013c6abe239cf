//! A typed tree to text in a language: with canonical names in English, with labels in Chinese where they read back as the
//! same.

use crate::condition::fault::quoted;
use crate::condition::names::Names;
use crate::condition::syntax::Sign;
use crate::condition::tree::{Day, DayPart, Number, Test, Text};
use crate::condition::typed::is_name;
use crate::condition::words::{Constant, Function, Joint};
use crate::model::Field;
use crate::words::lang::Lang;
use crate::words::symbol::Symbol;

pub(super) fn test(of: &Test, names: &dyn Names, lang: Lang) -> String {
    Printer { names, lang }.test(of)
}

struct Printer<'n> {
    names: &'n dyn Names,
    lang: Lang,
}

impl Printer<'_> {
    fn test(&self, of: &Test) -> String {
        match of {
            Test::Always(true) => Constant::True.name(self.lang).to_owned(),
            Test::Always(false) => Constant::False.name(self.lang).to_owned(),
            Test::State(key) => Constant::State(*key).name(self.lang).to_owned(),
            Test::Blank(field) => self.call(Function::Blank, &[self.field(*field)]),
            Test::Not(inner) => self.not(inner),
            Test::All(tests) => self.joined(tests, Joint::And),
            Test::Any(tests) => self.joined(tests, Joint::Or),
            Test::Numbers(left, comparison, right) => {
                format!("{} {} {}", self.number(left), comparison.mark(), self.number(right))
            }
            Test::Days(left, comparison, right) => {
                format!("{} {} {}", self.day(left), comparison.mark(), self.day(right))
            }
            Test::Same(left, right) => format!("{} == {}", self.text(left), self.text(right)),
            Test::Values(..) | Test::NumberIn(..) | Test::DayIn(..) | Test::TextIn(..) => self.among(of, false),
            Test::Contains(text, part) => self.call(Function::Contains, &[self.text(text), self.text(part)]),
            Test::StartsWith(text, part) => self.call(Function::StartsWith, &[self.text(text), self.text(part)]),
            Test::Matches(text, pattern) => {
                self.call(Function::Matches, &[self.text(text), quoted(pattern.0.as_str())])
            }
        }
    }

    fn not(&self, inner: &Test) -> String {
        match inner {
            Test::Same(left, right) => format!("{} != {}", self.text(left), self.text(right)),
            Test::Values(..) | Test::NumberIn(..) | Test::DayIn(..) | Test::TextIn(..) => self.among(inner, true),
            inner => format!("{} {}", Joint::Not.name(self.lang), self.inner(inner)),
        }
    }

    /// A test within another: in brackets, if it binds less.
    fn inner(&self, of: &Test) -> String {
        let text = self.test(of);
        if matches!(of, Test::All(_) | Test::Any(_)) { format!("({text})") } else { text }
    }

    fn joined(&self, tests: &[Test], joint: Joint) -> String {
        let parts: Vec<String> = tests.iter().map(|test| self.inner(test)).collect();
        parts.join(&format!(" {} ", joint.name(self.lang)))
    }

    fn among(&self, of: &Test, negated: bool) -> String {
        let (left, list): (String, Vec<String>) = match of {
            Test::Values(field, values) => {
                (self.field(*field), values.iter().map(|one| self.value(*field, *one)).collect())
            }
            Test::TextIn(text, texts) => (self.text(text), texts.iter().map(|text| quoted(text)).collect()),
            Test::NumberIn(number, numbers) => (self.number(number), numbers.iter().map(i64::to_string).collect()),
            Test::DayIn(day, days) => (self.day(day), days.iter().map(ToString::to_string).collect()),
            _ => return String::new(),
        };
        let is_field = matches!(of, Test::Values(..) | Test::TextIn(Text::Field(_), _));
        match list.as_slice() {
            [one] if is_field => format!("{left} {} {one}", if negated { "!=" } else { "==" }),
            list => {
                let not = if negated { format!("{} ", Joint::Not.name(self.lang)) } else { String::new() };
                format!("{left} {not}{} [{}]", Joint::In.name(self.lang), list.join(", "))
            }
        }
    }

    fn number(&self, number: &Number) -> String {
        match number {
            Number::Literal(number) => number.to_string(),
            Number::Sum(left, sign, right) => {
                format!("{} {} {}", self.number(left), mark(*sign), self.bracketed(right))
            }
            Number::Between { working, from, to } => {
                let function = if *working { Function::Workdays } else { Function::Days };
                self.call(function, &[self.day(from), self.day(to)])
            }
            Number::Len(text) => self.call(Function::Len, &[self.text(text)]),
            Number::Of(part, day) => {
                let function = match part {
                    DayPart::Year => Function::Year,
                    DayPart::Month => Function::Month,
                    DayPart::Weekday => Function::Weekday,
                };
                self.call(function, &[self.day(day)])
            }
        }
    }

    fn bracketed(&self, number: &Number) -> String {
        let text = self.number(number);
        if matches!(number, Number::Sum(..)) { format!("({text})") } else { text }
    }

    fn day(&self, day: &Day) -> String {
        match day {
            Day::Literal(day) => day.to_string(),
            Day::Field(field) => self.field(*field),
            Day::AsOf => Constant::AsOf.name(self.lang).to_owned(),
            Day::Moved(from, sign, by) => format!("{} {} {}", self.day(from), mark(*sign), self.bracketed(by)),
        }
    }

    fn text(&self, text: &Text) -> String {
        match text {
            Text::Literal(text) => quoted(text),
            Text::Field(field) => self.field(*field),
        }
    }

    fn call(&self, function: Function, values: &[String]) -> String {
        format!("{}({})", function.name(self.lang), values.join(", "))
    }

    fn field(&self, field: Field) -> String {
        let label = field.label(Lang::Zh);
        let is_read_back = self.names.field(label) == Some(field) && is_name(label);
        if self.lang == Lang::Zh && is_read_back { label } else { field.key() }.to_owned()
    }

    fn value(&self, field: Field, value: Symbol) -> String {
        let label = self.names.label(field, value.as_str(), self.lang);
        let is_read_back = self.names.value(field, &label).is_ok_and(|read| read == value.as_str());
        let written = if self.lang == Lang::Zh && is_read_back { &label } else { value.as_str() };
        quoted(written)
    }
}

fn mark(sign: Sign) -> &'static str {
    match sign {
        Sign::Plus => "+",
        Sign::Minus => "-",
    }
}
