//! From rows to issues, inspections and measures: every cell is tried, every fault is kept.

use std::borrow::Cow;
use std::sync::Arc;

use chrono::NaiveDate;
use rustc_hash::FxHashMap;

use crate::fault::{Faults, What};
use crate::log::profiles::{Numbers, Profiles, Said};
use crate::log::spelling::{Looked, Spellings};
use crate::log::table::CountInWords;
use crate::model::field::{FIELD_COUNT, Field, FieldKind, REQUIRED};
use crate::model::key::Key;
use crate::model::known::Known;
use crate::model::record::{Inspection, Issue, Measure, Profile, Values};
use crate::model::row::Row;
use crate::project::Project;
use crate::project::vocabulary::{normal, spells};
use crate::words::date;
use crate::words::deadline::{self, Deadline, DeadlineFault};
use crate::words::lang::Lang;
use crate::words::number;
use crate::words::symbol::Symbol;

/// Days by their commonest spelling, `2021-08-03`: those of a log are few and come again and again.
#[derive(Clone, Debug)]
struct Days(Box<[([u8; 10], NaiveDate)]>);

/// So many days are at hand.
const DAYS: usize = 1024;

impl Default for Days {
    fn default() -> Self {
        Self(vec![([0; 10], NaiveDate::MIN); DAYS].into())
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

/// Makes records of rows. Holds what was looked up before; one for each file or piece of a file.
pub(super) struct Recorder<'p> {
    project: &'p Project,
    lang: Lang,
    /// The day that a date without a year is near to.
    today: NaiveDate,
    spellings: Vec<Spellings>,
    profiles: Profiles,
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
            spellings: vec![Spellings::default(); FIELD_COUNT],
            profiles: Profiles::default(),
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
        let (profile, known) = self.profile(row, faults);
        let mut issue = Issue::of(row, profile, known);
        let says = issue.says();
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
        let cell = row.bytes(Field::Deadline);
        let is_unset = issue.deadline.is_none() && (cell.is_empty() || says.immediate && is_unset(cell));
        issue.deadline = if says.immediate & is_unset { issue.found_on } else { issue.deadline };
        if issue.found_on.is_none() || !says.names_all || !row.says(Field::Description) {
            tell_missing(row, faults);
        }
        Some(issue)
    }

    /// What a row's cells spell: found by the spellings, if a row before said the same.
    fn profile(&mut self, row: &Row, faults: &mut Faults) -> (Cow<'_, Arc<Profile>>, Option<Known>) {
        let mut said = Said::default();
        for (at, field) in Profile::FIELDS.into_iter().enumerate() {
            if row.columns.has(field) {
                said.add(at, self.met(row, field, faults));
            }
        }
        let (spellings, groups) = (&self.spellings, &self.groups);
        self.profiles.get(&said, |numbers| spelled(spellings, groups, numbers))
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
            row: row.into(),
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
            row: row.into(),
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
        let number = self.met(row, field, faults);
        self.spellings[field as usize].get(number)
    }

    /// The number of what the cell of a field spells; 0 if it says nothing.
    #[inline]
    fn met(&mut self, row: &Row, field: Field, faults: &mut Faults) -> u32 {
        let padded = row.padded(field);
        let recent = padded.and_then(|padded| self.spellings[field as usize].recent(&padded));
        recent.unwrap_or_else(|| self.meet(row, field, faults))
    }

    /// The same for a spelling that is not at hand.
    fn meet(&mut self, row: &Row, field: Field, faults: &mut Faults) -> u32 {
        let bytes = row.bytes(field);
        if bytes.is_empty() {
            return 0;
        }
        let project = self.project;
        let number = self.spellings[field as usize].meet(bytes, |text| look(project, self.lang, field, text));
        for (text, near) in self.spellings[field as usize].get(number).iter().flat_map(|looked| &looked.unknown) {
            let what = What::Value { field, text: text.clone(), near: near.clone() };
            faults.add_at(row.field_place(field), field, what);
        }
        number
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

/// The values of what the numbers stand for.
fn spelled(spellings: &[Spellings], groups: &FxHashMap<Symbol, Symbol>, numbers: &Numbers) -> Profile {
    let values = |field: Field| {
        let at = Profile::FIELDS.iter().position(|other| *other == field)?;
        Some(&spellings[field as usize].get(numbers[at])?.values)
    };
    let one = |field| values(field).and_then(|values| values.first().copied());
    let all = |field| values(field).cloned().unwrap_or_default();
    let unit = one(Field::Unit);
    Profile {
        unit,
        group: unit.and_then(|unit| groups.get(&unit).copied()),
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
    }
}

/// What a text spells as a value of a field.
fn look(project: &Project, lang: Lang, field: Field, text: &str) -> Looked {
    let vocabulary = project.vocabularies.of(field);
    let mut looked = Looked::default();
    if let Some(value) = vocabulary.find(text.trim_end_matches('\u{1f}')) {
        looked.values.push(value);
        return looked;
    }
    // A dimension declared a partition has one value a cell, whatever commas stand in it.
    let several = field.info().kind == FieldKind::Values && project.may_have_several(Key::Field(field));
    let parts = if several { split(text) } else { vec![text.trim_end_matches('\u{1f}')] };
    for part in parts {
        let value = vocabulary.find(part).unwrap_or_else(|| {
            if vocabulary.closed {
                looked.unknown.push((part.to_owned(), vocabulary.near(part, lang)));
            }
            Symbol::new(part)
        });
        if !looked.values.contains(&value) {
            looked.values.push(value);
        }
    }
    looked
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

/// Whether a cell that is not empty sets no deadline: it says 立行立改 and the like.
fn is_unset(cell: &[u8]) -> bool {
    matches!(deadline::parse(&String::from_utf8_lossy(cell), None, None), Ok(Deadline::Unset))
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
            numbers.push(issue.known);
            // What is changed for one issue is not that of the others.
            let mut own = issue.into_owned();
            own.unit = None;
            assert_eq!(own.known, None);
        }
        assert_eq!(numbers[0], numbers[2]);
        assert!(numbers[0] != numbers[1] && numbers[1] != numbers[3] && !numbers.contains(&None));
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
