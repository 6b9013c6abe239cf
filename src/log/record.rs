//! From rows to issues, inspections and measures: every cell is tried, every fault is kept.

use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::NaiveDate;
use rustc_hash::FxHashMap;

use crate::fault::{Faults, What};
use crate::log::table::CountInWords;
use crate::model::field::{FIELD_COUNT, Field, FieldKind, REQUIRED};
use crate::model::key::Key;
use crate::model::record::{Inspection, Issue, Measure, Profile, Values};
use crate::model::row::Row;
use crate::project::Project;
use crate::project::vocabulary::{normal, spells};
use crate::words::date;
use crate::words::deadline::{self, Deadline, DeadlineFault};
use crate::words::lang::Lang;
use crate::words::number;
use crate::words::symbol::Symbol;

/// A value looked up once for each distinct spelling.
#[derive(Clone, Debug, Default)]
struct Looked {
    values: Values,
    /// What spells nothing, and what it may have meant.
    unknown: Vec<(String, Option<String>)>,
}

/// The spellings of a field that were met.
#[derive(Clone, Debug)]
struct Lookups {
    by_spelling: FxHashMap<Box<[u8]>, usize>,
    looked: Vec<(Box<[u8]>, Looked)>,
    /// Which of them was met last in each slot: the spellings of a log are few and come again and again.
    recent: [usize; SLOTS],
}

const SLOTS: usize = 256;

impl Default for Lookups {
    fn default() -> Self {
        Self { by_spelling: FxHashMap::default(), looked: Vec::new(), recent: [usize::MAX; SLOTS] }
    }
}

/// A slot for a spelling, by its first and last bytes and its length.
#[inline]
fn slot(bytes: &[u8]) -> usize {
    let word = |chunk: Option<&[u8; 8]>| chunk.map(|chunk| u64::from_le_bytes(*chunk));
    let ends = word(bytes.first_chunk()).zip(word(bytes.last_chunk()));
    let (first, last) = ends.unwrap_or_else(|| (bytes.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)), 0));
    let mixed = (first ^ last.rotate_left(29) ^ bytes.len() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    usize::from(mixed.to_be_bytes()[0])
}

/// Which spelling each field of a profile has: its index among those met, from 1; 0 where the row says nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
struct Said([u32; Profile::FIELDS.len()]);

impl Said {
    #[inline]
    fn slot(&self) -> usize {
        let mixed = self
            .0
            .iter()
            .fold(0_u64, |mixed, index| (mixed.rotate_left(5) ^ u64::from(*index)).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        (mixed >> 32) as usize % PROFILE_SLOTS
    }

    /// Whether the same was said. In one go: a dozen numbers are compared faster than it takes to call for it.
    #[inline]
    fn is(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
    }
}

/// So many profiles are kept. Rows beyond have profiles of their own.
const MOST_PROFILES: usize = 4096;
/// Four times as many, so that few share one.
const PROFILE_SLOTS: usize = 4 * MOST_PROFILES;

/// Days by their commonest spelling, `2021-08-03`: those of a log are few and come again and again.
#[derive(Clone, Debug)]
struct Days(Box<[([u8; 10], NaiveDate)]>);

impl Default for Days {
    fn default() -> Self {
        Self(vec![([0; 10], NaiveDate::MIN); SLOTS * 4].into())
    }
}

impl Days {
    /// The day that a text spells as [`date::at_once`] reads it.
    #[inline]
    fn read(&mut self, text: &[u8]) -> Option<NaiveDate> {
        let Ok(text) = <&[u8; 10]>::try_from(text) else { return date::at_once(text) };
        // The last digits of year, month and day.
        let digit = |at: usize| usize::from(text[at] & 15);
        let slot = (digit(3) << 8 ^ digit(5) << 9 ^ digit(6) << 6 ^ digit(8) << 4 ^ digit(9)) % self.0.len();
        let (known, day) = &mut self.0[slot];
        if known != text {
            *day = date::at_once(text)?;
            *known = *text;
        }
        Some(*day)
    }
}

/// The number of the next profile. It does not show anywhere: numbers are asked only whether they are the same.
static NEXT: AtomicU64 = AtomicU64::new(1);

/// Whether two spellings are the same. Most are short: word by word is faster than to call for it.
#[inline]
fn same(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let word = |bytes: &[u8; 8]| u64::from_le_bytes(*bytes);
    let ((words, _), (others, _)) = (a.as_chunks(), b.as_chunks());
    match a.last_chunk().zip(b.last_chunk()) {
        None => a == b,
        Some((last, other)) => {
            word(last) == word(other) && words.iter().zip(others).all(|(one, other)| word(one) == word(other))
        }
    }
}

/// Makes records of rows. Holds what was looked up before; one for each file or piece of a file.
pub(super) struct Recorder<'p> {
    project: &'p Project,
    lang: Lang,
    /// The day that a date without a year is near to.
    today: NaiveDate,
    looked: Vec<Lookups>,
    profiles: Vec<(Said, Arc<Profile>)>,
    by_said: FxHashMap<Said, usize>,
    /// Which profile was met last in each slot.
    recent: Box<[u32]>,
    days: Days,
    dates: FxHashMap<Box<[u8]>, NaiveDate>,
    groups: FxHashMap<Symbol, Symbol>,
    defaults: Arc<[(Field, String)]>,
}

impl<'p> Recorder<'p> {
    pub(super) fn new(project: &'p Project, today: NaiveDate) -> Self {
        let groups = project
            .units
            .iter()
            .filter_map(|unit| Some((Symbol::new(&unit.named.name), Symbol::new(unit.group.as_deref()?))));
        Self {
            project,
            lang: project.lang.unwrap_or_default(),
            today,
            looked: vec![Lookups::default(); FIELD_COUNT],
            profiles: Vec::new(),
            by_said: FxHashMap::default(),
            recent: vec![u32::MAX; PROFILE_SLOTS].into(),
            days: Days::default(),
            dates: FxHashMap::default(),
            groups: groups.collect(),
            defaults: project.defaults.clone().into(),
        }
    }

    pub(super) fn project(&self) -> &'p Project {
        self.project
    }

    /// What empty cells and missing columns mean.
    pub(super) fn defaults(&self) -> Arc<[(Field, String)]> {
        self.defaults.clone()
    }

    /// The issue that a row holds; `None` if the project says that such rows are none.
    pub(super) fn issue<'r>(&'r mut self, row: &'r Row, faults: &mut Faults) -> Option<Issue<'r>> {
        if self.is_no_issue(row) {
            return None;
        }
        let found_on = self.date(row, Field::FoundOn, None, faults);
        let assigned_on = self.date(row, Field::AssignedOn, found_on, faults);
        let rectified_on = self.date(row, Field::RectifiedOn, found_on, faults);
        let verified_on = self.date(row, Field::VerifiedOn, found_on, faults);
        let closed_on = self.date(row, Field::ClosedOn, found_on, faults);
        let deadline = self.deadline(row, assigned_on.or(found_on), faults);
        let mut issue = Issue::of(Cow::Borrowed(row), self.profile(row, faults));
        issue.found_on = found_on;
        issue.assigned_on = assigned_on;
        issue.rectified_on = rectified_on;
        issue.verified_on = verified_on;
        issue.closed_on = closed_on;
        issue.deadline = deadline;
        if issue.deadline.is_some() && issue.deadline == issue.rectified_on {
            let hour = |field| time_of_day(row.bytes(field));
            issue.past_the_hour =
                matches!((hour(Field::RectifiedOn), hour(Field::Deadline)), (Some(done), Some(due)) if done > due);
        }
        if issue.deadline.is_none()
            && issue.disposition.is_some_and(|disposition| disposition.as_str() == "immediate")
            && matches!(deadline::parse(&row.text(Field::Deadline), None, None), Ok(Deadline::Unset))
        {
            issue.deadline = issue.found_on;
        }
        let is_whole = issue.found_on.is_some()
            && issue.unit.is_some()
            && !issue.categories.is_empty()
            && issue.disposition.is_some()
            && !row.bytes(Field::Description).is_empty();
        if !is_whole {
            tell_missing(row, faults);
        }
        Some(issue)
    }

    /// What a row's cells spell: found by the spellings, if a row before said the same.
    fn profile(&mut self, row: &Row, faults: &mut Faults) -> Cow<'_, Arc<Profile>> {
        let mut said = Said::default();
        for (at, field) in Profile::FIELDS.into_iter().enumerate() {
            said.0[at] = self.met(row, field, faults).map_or(0, |met| u32::try_from(met + 1).unwrap_or(u32::MAX));
        }
        let slot = said.slot();
        let recent = self.recent[slot] as usize;
        let at = match self.profiles.get(recent) {
            Some((known, _)) if known.is(&said) => recent,
            _ => match self.by_said.get(&said) {
                Some(at) => *at,
                None if self.profiles.len() == MOST_PROFILES => return Cow::Owned(Arc::new(self.spelled(&said, 0))),
                None => {
                    let number = NEXT.fetch_add(1, Ordering::Relaxed);
                    let profile = Arc::new(self.spelled(&said, number));
                    self.profiles.push((said, profile));
                    self.by_said.insert(said, self.profiles.len() - 1);
                    self.profiles.len() - 1
                }
            },
        };
        self.recent[slot] = u32::try_from(at).unwrap_or(u32::MAX);
        Cow::Borrowed(&self.profiles[at].1)
    }

    /// The values of what was said.
    fn spelled(&self, said: &Said, number: u64) -> Profile {
        let values = |field: Field| {
            let at = Profile::FIELDS.iter().position(|other| *other == field)?;
            let (_, looked) = self.looked[field as usize].looked.get((said.0[at] as usize).checked_sub(1)?)?;
            Some(&looked.values)
        };
        let one = |field| values(field).and_then(|values| values.first().copied());
        let all = |field| values(field).cloned().unwrap_or_default();
        let unit = one(Field::Unit);
        Profile {
            unit,
            group: unit.and_then(|unit| self.groups.get(&unit).copied()),
            team: one(Field::Team),
            region: one(Field::Region),
            site: one(Field::Site),
            site_type: one(Field::SiteType),
            severity: one(Field::Severity),
            disposition: one(Field::Disposition),
            status: one(Field::Status),
            source: one(Field::Source),
            categories: all(Field::Category),
            tags: all(Field::Tags),
            co_units: all(Field::CoUnits),
            number,
        }
    }

    /// The inspection that a row holds.
    pub(super) fn inspection<'r>(&mut self, row: &'r Row, faults: &mut Faults) -> Inspection<'r> {
        let date = self.date(row, Field::Date, None, faults);
        if row.bytes(Field::Date).is_empty() {
            faults.add(row.field_place(Field::Date), What::Empty { field: Field::Date });
        }
        Inspection {
            date,
            to: self.date(row, Field::To, date, faults),
            team: self.value(row, Field::Team, faults),
            unit: self.value(row, Field::Unit, faults),
            sites: number_of(row, Field::Sites, faults),
            site_names: self.values(row, Field::SiteNames, faults),
            opinions: number_of(row, Field::Opinions, faults),
            mode: self.value(row, Field::Mode, faults),
            scope: self.value(row, Field::Scope, faults),
            region: self.value(row, Field::Region, faults),
            tags: self.values(row, Field::Tags, faults),
            row: Cow::Borrowed(row),
        }
    }

    /// The measure that a row holds.
    pub(super) fn measure<'r>(&mut self, row: &'r Row, faults: &mut Faults) -> Measure<'r> {
        let date = self.date(row, Field::Date, None, faults);
        if row.bytes(Field::Kind).is_empty() {
            faults.add(row.field_place(Field::Kind), What::Empty { field: Field::Kind });
        }
        Measure {
            kind: self.value(row, Field::Kind, faults),
            date,
            closed_on: self.date(row, Field::ClosedOn, date, faults),
            unit: self.value(row, Field::Unit, faults),
            people: number_of(row, Field::People, faults).unwrap_or(1),
            tags: self.values(row, Field::Tags, faults),
            issues: self.values(row, Field::Issues, faults),
            row: Cow::Borrowed(row),
        }
    }

    fn is_no_issue(&mut self, row: &Row) -> bool {
        let project = self.project;
        project.not_issues.iter().any(|selection| {
            selection.iter().all(|(field, wanted)| {
                let text = row.text(*field);
                let value = project.vocabularies.of(*field).find(&text);
                wanted.iter().any(|wanted| spells(wanted, &text) || value.is_some_and(|value| value.as_str() == wanted))
            })
        })
    }

    fn value(&mut self, row: &Row, field: Field, faults: &mut Faults) -> Option<Symbol> {
        self.looked(row, field, faults)?.values.first().copied()
    }

    fn values(&mut self, row: &Row, field: Field, faults: &mut Faults) -> Values {
        match self.looked(row, field, faults) {
            Some(looked) => Values::from_slice(&looked.values),
            None => Values::new(),
        }
    }

    /// What the cell of a field spells, with a fault for each value that the vocabulary does not know.
    fn looked(&mut self, row: &Row, field: Field, faults: &mut Faults) -> Option<&Looked> {
        let met = self.met(row, field, faults)?;
        self.looked[field as usize].looked.get(met).map(|(_, looked)| looked)
    }

    /// The same as an index into what was looked up.
    #[inline]
    fn met(&mut self, row: &Row, field: Field, faults: &mut Faults) -> Option<usize> {
        if !row.columns.has(field) {
            return None;
        }
        let bytes = row.bytes(field);
        if bytes.is_empty() {
            return None;
        }
        let slot = slot(bytes);
        let lookups = &self.looked[field as usize];
        let recent = lookups.looked.get(lookups.recent[slot]).filter(|(spelling, _)| same(spelling, bytes));
        let index = if recent.is_some() { lookups.recent[slot] } else { self.meet(field, bytes, slot) };
        let (_, looked) = self.looked[field as usize].looked.get(index)?;
        for (text, near) in &looked.unknown {
            let what = What::Value { field, text: text.clone(), near: near.clone() };
            faults.add_at(row.field_place(field), field, what);
        }
        Some(index)
    }

    /// Finds a spelling that was not the last in its slot, or looks it up for the first time.
    fn meet(&mut self, field: Field, bytes: &[u8], slot: usize) -> usize {
        let known = self.looked[field as usize].by_spelling.get(bytes).copied();
        let index = known.unwrap_or_else(|| {
            let looked = self.look(field, &String::from_utf8_lossy(bytes));
            let lookups = &mut self.looked[field as usize];
            lookups.looked.push((bytes.into(), looked));
            lookups.by_spelling.insert(bytes.into(), lookups.looked.len() - 1);
            lookups.looked.len() - 1
        });
        self.looked[field as usize].recent[slot] = index;
        index
    }

    fn look(&self, field: Field, text: &str) -> Looked {
        let vocabulary = self.project.vocabularies.of(field);
        let mut looked = Looked::default();
        if let Some(value) = vocabulary.find(text.trim_end_matches('\u{1f}')) {
            looked.values.push(value);
            return looked;
        }
        // A dimension declared a partition has one value a cell, whatever commas stand in it.
        let several = field.info().kind == FieldKind::Values && self.project.may_have_several(Key::Field(field));
        let parts = if several { split(text) } else { vec![text.trim_end_matches('\u{1f}')] };
        for part in parts {
            let value = vocabulary.find(part).unwrap_or_else(|| {
                if vocabulary.closed {
                    looked.unknown.push((part.to_owned(), vocabulary.near(part, self.lang)));
                }
                Symbol::new(part)
            });
            if !looked.values.contains(&value) {
                looked.values.push(value);
            }
        }
        looked
    }

    #[inline]
    fn date(&mut self, row: &Row, field: Field, near: Option<NaiveDate>, faults: &mut Faults) -> Option<NaiveDate> {
        if !row.columns.has(field) {
            return None;
        }
        let bytes = row.bytes(field);
        if bytes.is_empty() {
            return None;
        }
        if let Some(date) = self.days.read(bytes) {
            return Some(date);
        }
        if let Some(date) = self.dates.get(bytes) {
            return Some(*date);
        }
        let text = String::from_utf8_lossy(bytes);
        match date::parse(&text, near.or(Some(self.today)), self.project.date_order) {
            Ok(read) => {
                // A date with its year means the same in every row.
                if !read.assumed {
                    self.dates.insert(bytes.into(), read.date);
                }
                Some(read.date)
            }
            Err(fault) => {
                faults.add_at(row.field_place(field), field, What::Date { text: text.into_owned(), fault });
                None
            }
        }
    }

    fn deadline(&mut self, row: &Row, from: Option<NaiveDate>, faults: &mut Faults) -> Option<NaiveDate> {
        let bytes = row.bytes(Field::Deadline);
        if bytes.is_empty() {
            return None;
        }
        if let Some(date) = self.days.read(bytes) {
            return Some(date);
        }
        if let Some(date) = self.dates.get(bytes) {
            return Some(*date);
        }
        let text = String::from_utf8_lossy(bytes);
        let near = from.or(Some(self.today));
        match deadline::parse(&text, near, self.project.date_order) {
            Ok(Deadline::On(date)) => {
                if date::parse(&text, near, self.project.date_order).is_ok_and(|read| !read.assumed) {
                    self.dates.insert(bytes.into(), date);
                }
                Some(date)
            }
            Ok(words) => words.resolve(from?, &self.project.calendar),
            Err(fault) => {
                let text = text.into_owned();
                let what = match fault {
                    DeadlineFault::Date(fault) => What::Date { text, fault },
                    DeadlineFault::BareNumber => What::Deadline { text, bare_number: true },
                    DeadlineFault::NotUnderstood => What::Deadline { text, bare_number: false },
                };
                faults.add_at(row.field_place(Field::Deadline), Field::Deadline, what);
                None
            }
        }
    }

    /// Counts written as words of a vocabulary with a number each: 现场整改17个、限期整改16个.
    pub(super) fn counts_in_words(&self, text: &str) -> Vec<CountInWords> {
        let mut found = Vec::new();
        for part in split(text) {
            let part = normal(part);
            let part = part.trim_end_matches(['个', '件', '条', '项', '处', '起', '。']);
            let digits = part.trim_end_matches(|c: char| c.is_ascii_digit());
            let (name, count) = part.split_at(digits.len());
            let Some(count) = number::parse(count) else { continue };
            let name = name.trim_end_matches([':', ' ']);
            let fields = [Field::Disposition, Field::Category, Field::Unit, Field::Status, Field::Source];
            let known =
                fields.into_iter().find_map(|field| Some((field, self.project.vocabularies.of(field).find(name)?)));
            found.extend(known.map(|(field, value)| (field, value, count)));
        }
        found
    }
}

/// Tells the required fields of which a row says nothing.
#[cold]
fn tell_missing(row: &Row, faults: &mut Faults) {
    for field in REQUIRED {
        // A column that is missing altogether was told once, at the header; a YAML record has no
        // header, so there the record itself lacks it.
        let told = row.spots.is_empty() && row.columns.get(field).is_none();
        if row.bytes(field).is_empty() && !told {
            faults.add(row.field_place(field), What::Empty { field });
        }
    }
}

/// Several values in a cell: `、 ; ；, ，`, or a YAML list, whose items the reader joins by a unit
/// separator so that an item may hold any of the others.
fn split(text: &str) -> Vec<&str> {
    let parts: Vec<&str> = if text.contains('\u{1f}') {
        text.split('\u{1f}').collect()
    } else {
        text.split(['、', ';', '；', ',', '，', '\n', '\u{2028}']).collect()
    };
    parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect()
}

/// The hour that stands with a day: `2022-01-04 09:30:15`, `2022/1/4 9:30`, as hour, minute, second.
fn time_of_day(cell: &[u8]) -> Option<(u8, u8, u8)> {
    let text = std::str::from_utf8(cell).ok()?;
    let (_, time) = text.split_once([' ', 'T'])?;
    let time = time.trim_start().split(['+', 'Z', '.', ' ']).next()?;
    let mut parts = time.split(':').map(str::parse::<u8>);
    let (hour, minute) = (parts.next()?.ok()?, parts.next()?.ok()?);
    Some((hour, minute, parts.next().and_then(Result::ok).unwrap_or(0)))
}

fn number_of(row: &Row, field: Field, faults: &mut Faults) -> Option<u64> {
    let text = row.text(field);
    if text.is_empty() {
        return None;
    }
    let bare = text.trim_end_matches(['个', '处', '条', '人', '家', '次', '名']);
    let number = number::parse(bare.trim());
    if number.is_none() {
        faults.add_at(row.field_place(field), field, What::Number { text: text.into_owned() });
    }
    number
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn two_spellings_are_the_same_if_their_bytes_are(a in "[ab]{0,40}", b in "[ab]{0,40}", at in 0..40_usize) {
            prop_assert_eq!(same(a.as_bytes(), b.as_bytes()), a == b);
            let mut near = a.clone().into_bytes();
            if let Some(byte) = near.get_mut(at) {
                *byte = b'c';
            }
            prop_assert!(same(a.as_bytes(), a.as_bytes()));
            prop_assert_eq!(same(a.as_bytes(), &near), a.as_bytes() == near);
        }

        /// Whatever was read before, a day is what it is read as by itself.
        #[test]
        fn a_day_met_before_is_the_day_it_spells(texts in proptest::collection::vec("(20[012][0-9]-[01][0-9]-[0-3][0-9]|[0-9-]{8,10})", 1..60)) {
            let mut days = Days::default();
            for text in texts.iter().chain(&texts) {
                prop_assert_eq!(days.read(text.as_bytes()), date::at_once(text.as_bytes()), "{}", text);
            }
        }
    }

    #[test]
    fn rows_that_say_the_same_have_one_profile() {
        let project = Project::default();
        let mut recorder = Recorder::new(&project, NaiveDate::default());
        let mut columns = crate::model::row::Columns::default();
        columns.set(Field::Unit, 0);
        columns.set(Field::Tags, 1);
        let columns = Arc::new(columns);
        let mut numbers = Vec::new();
        for cells in [["甲", "x、y"], ["甲", "x"], ["甲", "x、y"], ["", "甲"]] {
            let mut row = Row::new(crate::place::SourceId(0));
            row.columns = columns.clone();
            for cell in cells {
                row.push_cell(cell, None);
            }
            let issue = recorder.issue(&row, &mut Faults::default()).unwrap();
            assert_eq!(issue.unit.map(|unit| unit.to_string()).unwrap_or_default(), cells[0]);
            assert_eq!(issue.tags.iter().map(ToString::to_string).collect::<Vec<_>>().join("、"), cells[1]);
            numbers.push(issue.profile.number);
            // What is changed for one issue is not that of the others.
            let mut own = issue.into_owned();
            own.unit = None;
            assert_eq!(own.profile.number, 0);
        }
        assert_eq!(numbers[0], numbers[2]);
        assert!(numbers[0] != numbers[1] && numbers[1] != numbers[3] && !numbers.contains(&0));
    }

    #[test]
    fn the_hour_is_read_where_there_is_one() {
        for (cell, expected) in [
            ("2022-01-04 09:30:15", Some((9, 30, 15))),
            ("2022/1/4 9:30", Some((9, 30, 0))),
            ("2019-03-22T01:00:00+01:00", Some((1, 0, 0))),
            ("2022-01-04", None),
            ("2022 年 1 月 4 日", None),
        ] {
            assert_eq!(time_of_day(cell.as_bytes()), expected, "{cell}");
        }
    }
}
