//! A typed tree and an issue to true, false or unknown. What a blank cell gives is unknown, and whatever is made of that,
//! unless the rest decides: false and unknown is false, true or unknown is true.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use chrono::{Datelike as _, Days, NaiveDate};
use smallvec::SmallVec;

use crate::condition::asks::bit;
use crate::condition::syntax::{Comparison, Sign};
use crate::condition::tree::{Day, DayPart, Number, Test, Text};
use crate::condition::typed::is_several;
use crate::model::field::FieldKind;
use crate::model::key::StateKey;
use crate::model::state::{AsOf, State};
use crate::model::{Field, Issue};
use crate::words::calendar::Calendar;
use crate::words::look_alike::plain;

/// The most days over which working days are counted, one by one: a hundred years.
const MOST_DAYS: i64 = 36_525;

/// An issue with what conditions ask beside it.
#[derive(Debug)]
pub struct Subject<'a> {
    issue: &'a Issue<'a>,
    as_of: &'a AsOf,
    calendar: &'a Calendar,
    /// The state, once it was asked for.
    state: Cell<Option<State>>,
    /// Fields without a column whose cells count as blank, as bits; those of others are unknown.
    absent_is_blank: Cell<u64>,
    /// Years over which working days were counted and whose holidays are not known.
    unknown_years: RefCell<BTreeSet<i32>>,
}

impl<'a> Subject<'a> {
    /// Makes an issue ready to be asked.
    #[must_use]
    pub fn new(issue: &'a Issue<'a>, as_of: &'a AsOf, calendar: &'a Calendar) -> Self {
        let (state, absent_is_blank, unknown_years) = (Cell::default(), Cell::default(), RefCell::default());
        Self { issue, as_of, calendar, state, absent_is_blank, unknown_years }
    }

    /// Makes the cells of fields without a column blank, not unknown; a bit is a field.
    pub(crate) fn set_absent_is_blank(&self, fields: u64) {
        self.absent_is_blank.set(fields);
    }

    /// Returns the years over which working days were counted and whose holidays are not known.
    #[must_use]
    pub fn unknown_years(self) -> BTreeSet<i32> {
        self.unknown_years.into_inner()
    }

    fn state(&self) -> State {
        self.state.get().unwrap_or_else(|| {
            let state = State::of(self.issue, self.as_of);
            self.state.set(Some(state));
            state
        })
    }

    /// Whether a state holds; unknown for an issue that does not count, and where nobody can tell if it was late.
    fn is(&self, key: StateKey) -> Option<bool> {
        let state = self.state();
        let is_open = !state.is_counted() || key == StateKey::Late && state.late_unknown;
        (!is_open).then(|| key.holds(state))
    }

    /// Whether the cell of a field is blank.
    fn is_blank(&self, field: Field) -> Option<bool> {
        let columns = &self.issue.row.columns;
        // What the other columns of the status say is in it.
        let is_said = || field == Field::Status && self.issue.status.is_some();
        if columns.has(field) {
            return Some(!self.issue.row.says(field) && !is_said());
        }
        if is_said() {
            return Some(false);
        }
        (self.absent_is_blank.get() & bit(field) != 0).then_some(true)
    }

    /// The texts of a field: of one that may have several values, all of them; none if it is blank.
    fn texts(&self, field: Field) -> SmallVec<[Cow<'_, str>; 2]> {
        if matches!(field.info().kind, FieldKind::Value | FieldKind::Values) {
            return self.issue.stated(field).iter().map(|value| Cow::Borrowed(value.as_str())).collect();
        }
        let text = self.issue.text(field);
        if text.is_empty() { SmallVec::new() } else { std::iter::once(like(text)).collect() }
    }
}

/// A text as it is compared: characters that look alike are alike.
fn like(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => plain(text),
        Cow::Owned(text) => Cow::Owned(plain(&text).into_owned()),
    }
}

pub(super) fn test(of: &Test, subject: &Subject<'_>) -> Option<bool> {
    match of {
        Test::Always(holds) => Some(*holds),
        Test::State(key) => subject.is(*key),
        Test::Blank(field) => subject.is_blank(*field),
        Test::Not(inner) => test(inner, subject).map(|holds| !holds),
        Test::All(tests) => decided(tests, subject, false),
        Test::Any(tests) => decided(tests, subject, true),
        Test::Numbers(left, comparison, right) => {
            Some(compares(*comparison, &number(left, subject)?, &number(right, subject)?))
        }
        Test::Days(left, comparison, right) => Some(compares(*comparison, &day(left, subject)?, &day(right, subject)?)),
        Test::Same(left, right) => Some(one_text(left, subject)? == one_text(right, subject)?),
        Test::Values(field, among) => {
            let values = subject.issue.stated(*field);
            (!values.is_empty()).then(|| values.iter().any(|value| among.contains(value)))
        }
        Test::NumberIn(left, among) => Some(among.contains(&number(left, subject)?)),
        Test::DayIn(left, among) => Some(among.contains(&day(left, subject)?)),
        Test::TextIn(left, among) => {
            any_text(left, subject, |text| among.iter().any(|one| like(Cow::Borrowed(one)) == text))
        }
        Test::Contains(text, part) => {
            let part = one_text(part, subject)?;
            any_text(text, subject, |text| text.contains(&*part))
        }
        Test::StartsWith(text, part) => {
            let part = one_text(part, subject)?;
            any_text(text, subject, |text| text.starts_with(&*part))
        }
        Test::Matches(text, pattern) => any_text(text, subject, |text| pattern.0.is_match(text)),
    }
}

/// The first of some tests that gives `by` decides; else one that is unknown leaves it open.
fn decided(tests: &[Test], subject: &Subject<'_>, by: bool) -> Option<bool> {
    let mut all = Some(!by);
    for one in tests {
        match test(one, subject) {
            Some(holds) if holds == by => return Some(by),
            Some(_) => {}
            None => all = None,
        }
    }
    all
}

fn compares<T: Ord>(comparison: Comparison, left: &T, right: &T) -> bool {
    match comparison {
        Comparison::Equal => left == right,
        Comparison::Unequal => left != right,
        Comparison::Less => left < right,
        Comparison::AtMost => left <= right,
        Comparison::More => left > right,
        Comparison::AtLeast => left >= right,
    }
}

fn number(of: &Number, subject: &Subject<'_>) -> Option<i64> {
    match of {
        Number::Literal(number) => Some(*number),
        Number::Sum(left, sign, right) => {
            let (left, right) = (number(left, subject)?, number(right, subject)?);
            Some(match sign {
                Sign::Plus => left.saturating_add(right),
                Sign::Minus => left.saturating_sub(right),
            })
        }
        Number::Between { working: false, from, to } => Some((day(to, subject)? - day(from, subject)?).num_days()),
        Number::Between { working: true, from, to } => {
            let (from, to) = (day(from, subject)?, day(to, subject)?);
            if (to - from).num_days().abs() > MOST_DAYS {
                return None;
            }
            let years = subject.calendar.unknown_years(from.min(to), from.max(to));
            subject.unknown_years.borrow_mut().extend(years);
            Some(subject.calendar.workdays_between(from, to))
        }
        Number::Len(text) => one_text(text, subject).and_then(|text| i64::try_from(text.chars().count()).ok()),
        Number::Of(part, of) => {
            let of = day(of, subject)?;
            Some(match part {
                DayPart::Year => i64::from(of.year()),
                DayPart::Month => i64::from(of.month()),
                DayPart::Weekday => i64::from(of.weekday().number_from_monday()),
            })
        }
    }
}

/// A day beyond those that can be written is unknown.
fn day(of: &Day, subject: &Subject<'_>) -> Option<NaiveDate> {
    match of {
        Day::Literal(day) => Some(*day),
        Day::Field(field) => subject.issue.date(*field),
        Day::AsOf => Some(subject.as_of.day),
        Day::Moved(from, sign, by) => {
            let (from, by) = (day(from, subject)?, number(by, subject)?);
            let days = Days::new(by.unsigned_abs());
            let is_later = (*sign == Sign::Plus) == (by >= 0);
            if is_later { from.checked_add_days(days) } else { from.checked_sub_days(days) }
        }
    }
}

/// The text of what has at most one.
fn one_text<'t>(text: &'t Text, subject: &'t Subject<'_>) -> Option<Cow<'t, str>> {
    match text {
        Text::Literal(text) => Some(like(Cow::Borrowed(text))),
        Text::Field(field) => subject.texts(*field).into_iter().next(),
    }
}

/// Whether a text has something; of several, whether one has.
fn any_text(text: &Text, subject: &Subject<'_>, has: impl Fn(&str) -> bool) -> Option<bool> {
    match text {
        Text::Field(field) if is_several(*field) => {
            let texts = subject.texts(*field);
            (!texts.is_empty()).then(|| texts.iter().any(|text| has(text)))
        }
        text => one_text(text, subject).map(|text| has(&text)),
    }
}
