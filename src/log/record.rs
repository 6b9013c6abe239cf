//! From rows to issues, inspections and measures: every cell is tried, every fault is kept.

use std::sync::Arc;

use chrono::{FixedOffset, NaiveDate, Timelike as _};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::fault::{FaultKind, Faults};
use crate::log::cache::row::{CachedRow, DAYS, Days, RowCache, RowPlan, Told};
use crate::log::cache::spelling::{Looked, Spellings};
use crate::log::filler::{NothingFound, found_nothing};
use crate::log::hidden_year::HiddenYears;
use crate::log::merged_number::MergedNumbers;
use crate::log::several_units::{SeveralUnits, are_several};
use crate::log::sheet_look::ShortNumber;
use crate::log::status;
use crate::log::year::YearContext;
use crate::model::field::{FIELD_COUNT, Field, FieldKind, MAY_BE_UNSTATED, REQUIRED};
use crate::model::key::Key;
use crate::model::record::{Inspection, Issue, IssueValues, Measure, Profile, Values};
use crate::model::row::Row;
use crate::model::value::{self, UNSTATED};
use crate::model::value_ids::{Dictionary, Meanings, Slot, Standing, ValueIds};
use crate::project::Project;
use crate::project::vocabulary::{normal, spells};
use crate::source::Source;
use crate::words::calendar::statute::LUNAR_YEARS;
use crate::words::date::{self, DateFault};
use crate::words::deadline::{self, Deadline, DeadlineFault};
use crate::words::lang::Lang;
use crate::words::look_alike::one_spelling;
use crate::words::number;
use crate::words::symbol::Symbol;

/// So many days are kept that are not spelled as most are. A log in which each row has a time of its own has no use for
/// them.
const DATES: usize = 1 << 16;

/// A count that a total row gives in words: of a value of a field.
pub(super) type CountInWords = (Field, Symbol, u64);

/// Makes records of rows. Holds what was looked up before; one for each file or piece of a file.
pub(super) struct Recorder<'p> {
    project: &'p Project,
    lang: Lang,
    years: YearContext,
    /// The cells of the current sheet, by line and column, whose number may have been typed with a zero at its end.
    short_numbers: FxHashSet<(u32, usize)>,
    /// The days of the current sheet whose year does not show.
    hidden_years: HiddenYears,
    /// Its merged cells.
    merged_numbers: MergedNumbers,
    /// Whether the current file is a sheet of a workbook.
    is_sheet: bool,
    spellings: Vec<Spellings>,
    before: RowCache,
    meanings: Meanings,
    dates: FxHashMap<Box<[u8]>, NaiveDate>,
    defaults: Arc<[(Field, String)]>,
}

impl<'p> Recorder<'p> {
    /// Returns a recorder. Recorders with the same `dictionary` give the same number to the same value.
    pub(super) fn new(project: &'p Project, dictionary: Arc<Dictionary>) -> Self {
        Self {
            project,
            lang: project.lang.unwrap_or_default(),
            years: YearContext::new(project),
            short_numbers: FxHashSet::default(),
            hidden_years: HiddenYears::default(),
            merged_numbers: MergedNumbers::default(),
            is_sheet: false,
            spellings: vec![Spellings::default(); FIELD_COUNT],
            before: RowCache::default(),
            meanings: Meanings::new(dictionary),
            dates: FxHashMap::default(),
            defaults: project.defaults.clone().into(),
        }
    }

    /// Returns a dictionary for the recorders of a run.
    pub(super) fn dictionary(project: &Project) -> Arc<Dictionary> {
        let groups = project.units.iter();
        let groups =
            groups.filter_map(|unit| Some((Symbol::new(&unit.named.name), Symbol::new(unit.group.as_deref()?))));
        Arc::new(Dictionary::new(groups.collect()))
    }

    /// Begins a file.
    pub(super) fn begin(&mut self, source: &Source) {
        self.years.begin(source);
        self.is_sheet = source.sheet.is_some();
        self.hidden_years.begin(source);
        self.merged_numbers.begin(source);
        self.short_numbers.clear();
        self.short_numbers.extend(source.sheet.iter().flat_map(|sheet| &sheet.short_numbers));
    }

    /// Whether the current file is a sheet of a workbook.
    pub(super) fn is_sheet(&self) -> bool {
        self.is_sheet
    }

    /// Begins a table, or a block of one, whose title names a day.
    pub(super) fn begin_table(&mut self, title: Option<NaiveDate>) {
        self.years.begin_table(title);
    }

    /// Sets the text that the following records have for the day of finding where they have none of their own: the
    /// year of their other dates.
    pub(super) fn set_default_day(&mut self, text: Option<&str>) {
        let read = text.and_then(|text| date::parse(text, None, self.project.date_order).ok());
        self.years.set_title(read.map(|read| read.date));
    }

    /// Notes the day of a row, which tells the year of the next one.
    #[inline]
    pub(super) fn see(&mut self, found_on: Option<NaiveDate>) {
        self.years.see(found_on);
    }

    /// Notes that a cell stands for one of a row before, and none was read.
    pub(super) fn lack_row_before(&mut self) {
        self.years.lack_row_before();
    }

    /// Whether a date had no year because no row before it was read.
    pub(super) fn lacked_row_before(&self) -> bool {
        self.years.lacked_row_before()
    }

    pub(super) fn project(&self) -> &'p Project {
        self.project
    }

    /// What empty cells and missing columns mean.
    pub(super) fn defaults(&self) -> Arc<[(Field, String)]> {
        self.defaults.clone()
    }

    /// The issue that a row of a table holds, if all its cells came before.
    #[inline]
    pub(super) fn cached_row(&mut self, row: &Row, plan: &RowPlan) -> Option<CachedRow> {
        self.before.get(row, plan, &self.spellings)
    }

    /// The issue of a row that was read at once.
    #[inline]
    pub(super) fn cached_issue<'r>(&'r self, row: &'r Row, cached_row: &CachedRow, faults: &mut Faults) -> Issue<'r> {
        let CachedRow { days, ids } = *cached_row;
        // A deadline that is at hand is a day, or its cell sets none.
        let issue = issue(row, days, ids, &self.meanings, self.project.zone, |_| true);
        self.tell_of_look(&issue, faults);
        issue
    }

    /// Tells what only the look of the sheet says of an issue.
    #[inline]
    fn tell_of_look(&self, issue: &Issue<'_>, faults: &mut Faults) {
        self.hidden_years.tell(issue, faults);
        self.merged_numbers.tell(issue, faults);
    }

    /// The issue that a row holds; `None` if the project says that such rows are none.
    pub(super) fn issue<'r>(&'r mut self, row: &'r Row, faults: &mut Faults) -> Option<Issue<'r>> {
        if self.is_no_issue(row) {
            return None;
        }
        if found_nothing(row) {
            let text = row.text(Field::Description).into_owned();
            faults.add_at(row.field_place(Field::Description), Field::Description, NothingFound { text });
            return None;
        }
        let found_on = self.date(row, Field::FoundOn, None, faults);
        self.see(found_on);
        let assigned_on = self.date(row, Field::AssignedOn, found_on, faults);
        let days = [
            found_on,
            assigned_on,
            self.date(row, Field::RectifiedOn, found_on, faults),
            self.date(row, Field::VerifiedOn, found_on, faults),
            self.date(row, Field::ClosedOn, found_on, faults),
            self.deadline(row, assigned_on.or(found_on), faults),
        ];
        let cell = row.bytes(Field::Deadline);
        let project = self.project;
        let zone = project.zone;
        let is_no_deadline = |immediate| cell.is_empty() || immediate && is_unset(cell);
        let ids = self.value_ids(row, faults);
        let issue = issue(row, days, ids, &self.meanings, zone, is_no_deadline);
        if found_on.is_none() || !issue.flags().is_complete() || !row.says(Field::Description) {
            tell_missing(row, project, faults);
        }
        self.tell_of_look(&issue, faults);
        Some(issue)
    }

    /// The values that a row's cells spell.
    fn value_ids(&mut self, row: &Row, faults: &mut Faults) -> ValueIds {
        let (mut ids, mut told) = (ValueIds::default(), Told::default());
        for field in Profile::FIELDS.into_iter().filter(|field| row.columns.has(*field)) {
            let of_status = status::COLUMNS.iter().position(|column| *column == field);
            let value = self.before.value(row, field).unwrap_or_else(|| {
                let number = self.met(row, field, faults);
                let looked = self.spellings[field as usize].get(number);
                // Of a column of the status, what is spelled; of others, what it means.
                let value = if of_status.is_some() { number } else { looked.map_or(0, |looked| looked.id) };
                if looked.is_none_or(|looked| !looked.has_fault()) {
                    self.before.insert_value(row, field, value);
                }
                value
            });
            match (of_status, Slot::of(field)) {
                (Some(at), _) => told[at] = value,
                (None, Some(slot)) => ids.set(slot, value),
                (None, None) => {}
            }
        }
        ids.set(Slot::Status, self.standing(told));
        ids
    }

    /// What the columns of the status say together, by the numbers of their spellings.
    fn standing(&mut self, told: Told) -> u32 {
        self.before.standing(&told).unwrap_or_else(|| {
            let columns = std::array::from_fn(|at| {
                let looked = self.spellings[status::COLUMNS[at] as usize].get(told[at]);
                looked.and_then(|looked| looked.values.first().copied())
            });
            let (status, not_closed) = status::together(columns);
            let standing = Standing { status, not_closed, contradiction: status::contradiction(columns) };
            let id = self.meanings.learn_standing(standing);
            self.before.insert_standing(told, id);
            id
        })
    }

    /// The inspection that a row holds.
    pub(super) fn inspection<'r>(&mut self, row: &'r Row, faults: &mut Faults) -> Inspection<'r> {
        let date = self.date(row, Field::Date, None, faults);
        if row.bytes(Field::Date).is_empty() {
            faults.add(row.field_place(Field::Date), FaultKind::Empty { field: Field::Date });
        }
        Inspection {
            date,
            to: self.date(row, Field::To, date, faults),
            team: self.value(row, Field::Team, faults),
            unit: self.value(row, Field::Unit, faults),
            sites: number_of(row, Field::Sites, faults),
            site_names: self.values(row, Field::SiteNames, faults),
            opinions: number_of(row, Field::Opinions, faults),
            issues_found: number_of(row, Field::IssuesFound, faults),
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
            faults.add(row.field_place(Field::Kind), FaultKind::Empty { field: Field::Kind });
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
    fn met(&mut self, row: &Row, field: Field, faults: &mut Faults) -> u32 {
        let (project, lang, meanings) = (self.project, self.lang, &mut self.meanings);
        let mut look = |text: &str| {
            let looked = look(project, lang, field, text);
            let slot = Slot::of(field).filter(|slot| *slot != Slot::Status);
            let id = slot.map_or(0, |slot| meanings.learn(slot, &looked.values));
            Looked { id, ..looked }
        };
        let spellings = &mut self.spellings[field as usize];
        let number = if status::is_beside(field) {
            spellings.intern_meaning(look(&row.text(field)))
        } else {
            spellings.intern(row.bytes(field), look)
        };
        for (text, near) in spellings.get(number).iter().flat_map(|looked| &looked.unknown) {
            let what = FaultKind::Value { field, text: text.clone(), near: near.clone() };
            faults.add_at(row.field_place(field), field, what);
        }
        if spellings.get(number).is_some_and(|looked| looked.is_several) {
            let text = row.text(field).into_owned();
            faults.add_at(row.field_place(field), field, SeveralUnits { text });
        }
        number
    }

    fn date(&mut self, row: &Row, field: Field, near: Option<NaiveDate>, faults: &mut Faults) -> Option<NaiveDate> {
        if !row.columns.has(field) {
            return None;
        }
        let bytes = row.bytes(field);
        if bytes.is_empty() {
            return None;
        }
        if let Some(date) = self.day(row, field) {
            return Some(date);
        }
        let text = String::from_utf8_lossy(bytes);
        if let Some(time) = date::zoned(&text, self.project.zone) {
            self.keep(row, field, time.date());
            return Some(time.date());
        }
        if self.is_short_number(row, field, &text, faults) {
            return None;
        }
        let parse = |near| date::parse(&text, near, self.project.date_order);
        let read = match parse(near.or_else(|| self.stated(row, field))) {
            Err(DateFault::NoYear) => parse(self.years.near()),
            read => read,
        };
        match read {
            Ok(read) => {
                // A date with its year means the same in every row.
                if !read.assumed {
                    self.keep(row, field, read.date);
                }
                Some(read.date)
            }
            Err(fault) => {
                faults.add_at(row.field_place(field), field, FaultKind::Date { text: text.into_owned(), fault });
                None
            }
        }
    }

    /// Returns a day that another cell of the row states with its year.
    fn stated(&self, row: &Row, but: Field) -> Option<NaiveDate> {
        let others = DAYS.into_iter().chain([Field::Date, Field::To]).filter(|field| *field != but);
        let mut texts = others.map(|field| row.text(field)).filter(|text| !text.is_empty());
        texts.find_map(|text| match deadline::parse(&text, None, self.project.date_order) {
            Ok(Deadline::On(day)) => Some(day),
            _ => None,
        })
    }

    /// Whether a cell holds a number that may have been typed with a zero at its end; if so, reports it.
    fn is_short_number(&self, row: &Row, field: Field, text: &str, faults: &mut Faults) -> bool {
        let place = row.columns.get(field).map(|cell| (row.line.get(), cell));
        let is_short = place.is_some_and(|place| self.short_numbers.contains(&place));
        if is_short {
            faults.add_at(row.field_place(field), field, ShortNumber { text: text.to_owned() });
        }
        is_short
    }

    /// A day that is spelled plainly, or was met before.
    fn day(&mut self, row: &Row, field: Field) -> Option<NaiveDate> {
        let bytes = row.bytes(field);
        let day = date::parse_common(bytes).or_else(|| self.dates.get(bytes).copied())?;
        self.before.insert_day(row, field, day);
        Some(day)
    }

    /// Keeps a day that its cell means in every row.
    fn keep(&mut self, row: &Row, field: Field, day: NaiveDate) {
        self.before.insert_day(row, field, day);
        if self.dates.len() < DATES {
            self.dates.insert(row.bytes(field).into(), day);
        }
    }

    fn deadline(&mut self, row: &Row, from: Option<NaiveDate>, faults: &mut Faults) -> Option<NaiveDate> {
        let bytes = row.bytes(Field::Deadline);
        if bytes.is_empty() {
            return None;
        }
        if let Some(date) = self.day(row, Field::Deadline) {
            return Some(date);
        }
        let text = String::from_utf8_lossy(bytes);
        if let Some(time) = date::zoned(&text, self.project.zone) {
            self.keep(row, Field::Deadline, time.date());
            return Some(time.date());
        }
        if self.is_short_number(row, Field::Deadline, &text, faults) {
            return None;
        }
        let (order, mut near) = (self.project.date_order, from.or_else(|| self.stated(row, Field::Deadline)));
        let parse = |near| deadline::parse(&text, near, order);
        let mut read = from.map_or_else(|| parse(near), |from| deadline::parse_from(&text, from, order));
        if read == Err(DeadlineFault::Date(DateFault::NoYear)) {
            near = self.years.near();
            read = parse(near);
        }
        match read {
            Ok(Deadline::On(date)) => {
                if date::parse(&text, near, self.project.date_order).is_ok_and(|read| !read.assumed) {
                    self.keep(row, Field::Deadline, date);
                }
                Some(date)
            }
            Ok(words) => {
                if words == Deadline::Unset {
                    self.before.insert_no_deadline(row);
                }
                let (from, calendar) = (from?, &self.project.calendar);
                let until = words.resolve(from, calendar)?;
                // The days that the calendar was asked of follow this one.
                let before = match words {
                    Deadline::Workdays(_) => Some(from),
                    Deadline::Days(_) | Deadline::Months(_) => until.pred_opt(),
                    _ => None,
                };
                let unknown = before.map_or_else(Vec::new, |before| calendar.unknown_years(before, until));
                if unknown.is_empty() {
                    self.before.insert_period(row, words, from, until);
                }
                for year in unknown {
                    let lunar = LUNAR_YEARS.contains(&year);
                    let what = FaultKind::UnknownYear { year, lunar };
                    faults.add_at(row.field_place(Field::Deadline), Field::Deadline, what);
                }
                Some(until)
            }
            Err(fault) => {
                let text = text.into_owned();
                let what = match fault {
                    DeadlineFault::Date(fault) => FaultKind::Date { text, fault },
                    DeadlineFault::BareNumber => FaultKind::Deadline { text, bare_number: true },
                    DeadlineFault::NotUnderstood => FaultKind::Deadline { text, bare_number: false },
                };
                faults.add_at(row.field_place(Field::Deadline), Field::Deadline, what);
                None
            }
        }
    }

    /// Returns the value that a text spells, for fields whose values are counted.
    pub(super) fn value_of(&self, field: Field, text: &str) -> Option<Symbol> {
        let kind = field.info().kind;
        if !matches!(kind, FieldKind::Value | FieldKind::Values) {
            return None;
        }
        look(self.project, self.lang, field, text).values.first().copied()
    }

    /// Counts written as words of a vocabulary with a number each: 其中现场整改17个、限期整改16个.
    pub(super) fn counts_in_words(&self, text: &str) -> Vec<CountInWords> {
        let mut found = Vec::new();
        for part in split(text) {
            let part = normal(part);
            let part = part.strip_prefix("其中").unwrap_or(&part).trim_start_matches([':', ' ']);
            let part = part.trim_end_matches(['个', '件', '条', '项', '处', '起', '。', ')']);
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

/// An issue of its parts. `is_unset` tells, of a row without a deadline that can be read, whether it sets none; it is
/// asked with whether the issue is to be put right at once.
#[inline]
#[expect(
    clippy::needless_bitwise_bool,
    reason = "whether it was put right can't be foreseen, and is not asked by itself"
)]
fn issue<'r>(
    row: &'r Row,
    days: Days,
    ids: ValueIds,
    meanings: &'r Meanings,
    zone: FixedOffset,
    is_unset: impl FnOnce(bool) -> bool,
) -> Issue<'r> {
    let [found_on, assigned_on, rectified_on, verified_on, closed_on, deadline] = days;
    let past_the_hour = deadline.is_some() & (deadline == rectified_on) && {
        let hour = |field| time_of_day(row.bytes(field), zone);
        // A program that knows days only writes midnight, and the day counts up to its end.
        let due = hour(Field::Deadline).filter(|due| *due != (0, 0, 0));
        matches!((hour(Field::RectifiedOn), due), (Some(done), Some(due)) if done > due)
    };
    let flags = meanings.flags(&ids);
    let immediate = flags.immediate();
    let at_once = deadline.is_none() && is_unset(immediate) && immediate;
    // In one go, where it will stay: to copy an issue costs as much as to read a day of it.
    Issue {
        row: row.into(),
        values: IssueValues::coded(ids, meanings, flags),
        found_on,
        assigned_on,
        deadline: if at_once { found_on } else { deadline },
        rectified_on,
        past_the_hour,
        verified_on,
        closed_on,
    }
}

/// What a text spells as a value of a field.
fn look(project: &Project, lang: Lang, field: Field, text: &str) -> Looked {
    if status::is_beside(field) {
        return status::look(project, lang, field, text);
    }
    // The sites that an inspection names are those of the list, under any of their names. One that is not listed is no fault:
    // nothing is counted by it.
    let vocabulary = project.vocabularies.of(if field == Field::SiteNames { Field::Site } else { field });
    let may_be_unlisted = !vocabulary.closed || field == Field::SiteNames;
    let mut looked = Looked::default();
    if is_unstated(project, field, text.trim_end_matches('\u{1f}')) {
        return looked;
    }
    if let Some(value) = vocabulary.find(text.trim_end_matches('\u{1f}')) {
        looked.values.push(value);
        return looked;
    }
    if field == Field::Disposition
        && let Some(value) = beside_sanctions(text, |part| vocabulary.find(part))
    {
        looked.values.push(value);
        return looked;
    }
    // A dimension declared a partition has one value a cell, whatever commas stand in it.
    let several = field.info().kind == FieldKind::Values && project.may_have_several(Key::Field(field));
    let parts = if several { split(text) } else { vec![text.trim_end_matches('\u{1f}')] };
    for part in parts {
        let value = vocabulary.find(part).unwrap_or_else(|| {
            if !may_be_unlisted {
                looked.unknown.push((part.to_owned(), vocabulary.suggest(part, lang)));
            }
            Symbol::new(&one_spelling(part))
        });
        looked.is_several |= field == Field::Unit && !vocabulary.closed && are_several(part);
        // What nobody knows is a value of no partition: it counts as not stated.
        if vocabulary.closed && MAY_BE_UNSTATED.contains(&field) && vocabulary.find(part).is_none() {
            continue;
        }
        if !looked.values.contains(&value) {
            looked.values.push(value);
        }
    }
    looked
}

/// Whether a cell says that it says nothing: `/`, 待定, 未注明 as a disposition, a category or a status.
fn is_unstated(project: &Project, field: Field, text: &str) -> bool {
    (MAY_BE_UNSTATED.contains(&field) || field == Field::Status)
        && project.vocabularies.of(field).find(text).is_none_or(|value| value.as_str() == UNSTATED)
        && project.vocabularies.of(Field::Disposition).find(text).is_some_and(|value| value.as_str() == UNSTATED)
}

/// The one value that a cell spells beside what was done to someone: 限期整改、罚款500元.
fn beside_sanctions(text: &str, find: impl Fn(&str) -> Option<Symbol>) -> Option<Symbol> {
    let parts = text.split(['、', ';', '；', ',', '，', '+', '\n', '\u{2028}']).map(str::trim);
    let mut parts = parts.filter(|part| !part.is_empty() && !value::is_sanction(part)).map(find);
    let first = parts.next()??;
    parts.all(|other| other == Some(first)).then_some(first)
}

/// Tells the required fields of which a row says nothing.
#[cold]
fn tell_missing(row: &Row, project: &Project, faults: &mut Faults) {
    for field in REQUIRED {
        // A column that is missing altogether was told once, at the header; a YAML record has no
        // header, so there the record itself lacks it.
        let told = row.spots.is_empty() && row.columns.get(field).is_none();
        let emptied = row.columns.get(field).is_some_and(|cell| row.emptied.contains(&cell));
        let is_missing = row.bytes(field).is_empty() || is_unstated(project, field, &row.text(field));
        if is_missing && !told && !emptied {
            faults.add(row.field_place(field), FaultKind::Empty { field });
        }
    }
}

/// What stands between several values in a cell.
const BETWEEN_VALUES: [char; 7] = ['、', ';', '；', ',', '，', '\n', '\u{2028}'];

/// Several values in a cell: `、 ; ；, ，`, or a YAML list, whose items the reader joins by a unit
/// separator so that an item may hold any of the others.
fn split(text: &str) -> Vec<&str> {
    let parts: Vec<&str> =
        if text.contains('\u{1f}') { text.split('\u{1f}').collect() } else { text.split(BETWEEN_VALUES).collect() };
    parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect()
}

/// A cell of several values with one of them for another: `消防、环镜` and 环境 for 环镜 give `消防、环境`; nothing if the
/// cell is no more than that value, or has it not among its values.
pub(crate) fn with_other_value(cell: &str, value: &str, other: &str) -> Option<String> {
    if cell.trim() == value || !split(cell).contains(&value) {
        return None;
    }
    let is_it = |part: &str| part.trim_end_matches(BETWEEN_VALUES).trim() == value;
    let parts = cell.split_inclusive(BETWEEN_VALUES);
    Some(parts.map(|part| if is_it(part) { part.replacen(value, other, 1) } else { part.to_owned() }).collect())
}

/// Whether a cell that is not empty sets no deadline: it says 立行立改 and the like.
fn is_unset(cell: &[u8]) -> bool {
    matches!(deadline::parse(&String::from_utf8_lossy(cell), None, None), Ok(Deadline::Unset))
}

/// The hour that stands with a day: `2022-01-04 09:30:15`, 2022年1月4日9时30分, 8月10日下午4时前, as hour, minute, second.
///
/// A time with its distance from UTC is that of the zone.
pub(crate) fn time_of_day(cell: &[u8], zone: FixedOffset) -> Option<(u8, u8, u8)> {
    let text = std::str::from_utf8(cell).ok()?;
    if let Some(time) = date::zoned(text, zone) {
        let part = |part: u32| u8::try_from(part).ok();
        return Some((part(time.hour())?, part(time.minute())?, part(time.second())?));
    }
    let (_, time) = text.split_once([' ', 'T', '日', '号'])?;
    let (time, is_afternoon) = match time.trim_start() {
        time if time.starts_with(['上', '早']) => (time.trim_start_matches(['上', '早', '午', '晨']), false),
        time if time.starts_with(['下', '晚']) => (time.trim_start_matches(['下', '午', '晚', '上']), true),
        time => (time, false),
    };
    let time = time.trim_start().split(['+', 'Z', '.', ' ', '前', '以', '之']).next()?;
    let time = time.trim_end_matches(['分', '秒', '整']).replace("半", "30");
    let mut parts = time.split([':', '：', '时', '点', '分']).map(str::parse::<u8>);
    let hour = parts.next()?.ok()?;
    let minute = match parts.next()? {
        Ok(minute) => minute,
        // 16时, with nothing behind it; a number alone is no hour.
        Err(_) if time.ends_with(['时', '点']) => 0,
        Err(_) => return None,
    };
    let hour = if is_afternoon && hour < 12 { hour + 12 } else { hour };
    (hour < 24 && minute < 60).then_some((hour, minute, parts.next().and_then(Result::ok).unwrap_or(0)))
}

fn number_of(row: &Row, field: Field, faults: &mut Faults) -> Option<u64> {
    let text = row.text(field);
    if text.is_empty() {
        return None;
    }
    let bare = text.trim_end_matches(['个', '处', '条', '人', '家', '次', '名']);
    let number = number::parse(bare.trim());
    if number.is_none() {
        faults.add_at(row.field_place(field), field, FaultKind::Number { text: text.into_owned() });
    }
    number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_say_the_same_have_one_profile() {
        let project = Project::default();
        let mut recorder = Recorder::new(&project, Arc::default());
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
            numbers.push(issue.coded().map(|coded| coded.ids));
            // What is changed for one issue is not that of the others.
            let mut own = issue.into_owned();
            own.unit = None;
            assert!(own.coded().is_none() && own.unit.is_none());
        }
        assert_eq!(numbers[0], numbers[2]);
        assert!(numbers[0] != numbers[1] && numbers[1] != numbers[3] && !numbers.contains(&None));
    }

    #[test]
    fn one_of_several_values_becomes_another() {
        for (cell, expected) in [
            ("消防、环镜", Some("消防、环境")),
            ("环镜，消防,环镜", Some("环境，消防,环境")),
            (" 环镜 ;\n 环镜类", Some(" 环境 ;\n 环镜类")),
            ("环镜", None),
            (" 环镜 ", None),
            ("环镜类、消防", None),
            ("", None),
        ] {
            assert_eq!(with_other_value(cell, "环镜", "环境").as_deref(), expected, "{cell}");
        }
    }

    #[test]
    fn the_hour_is_read_where_there_is_one() {
        for (cell, expected) in [
            ("2022-01-04 09:30:15", Some((9, 30, 15))),
            ("2022/1/4 9:30", Some((9, 30, 0))),
            ("2019-03-22T01:00:00+01:00", Some((8, 0, 0))),
            ("2022-01-04", None),
            ("2022 年 1 月 4 日", None),
            ("2022年1月4日9时30分", Some((9, 30, 0))),
            ("8月10日下午4时前", Some((16, 0, 0))),
            ("8月10日 上午9点半之前", Some((9, 30, 0))),
            ("8月10日12点", Some((12, 0, 0))),
            ("8月10日（星期二）", None),
            ("8月3日—5日", None),
            ("8月10日前", None),
            ("2021-08-10 25:00", None),
        ] {
            assert_eq!(time_of_day(cell.as_bytes(), Project::default().zone), expected, "{cell}");
        }
    }
}
