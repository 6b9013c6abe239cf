//! Looks up whole rows in the caches: in a long log, nearly every row has only cells that were read before.

use chrono::NaiveDate;
use rustc_hash::FxHashMap;

use crate::log::cache::cell::CellCache;
use crate::log::cache::day::IsoDays;
use crate::log::cache::spelling::Spellings;
use crate::log::error_cell::may_be_error;
use crate::log::filler::{MAX_FILLER_BYTES, MAX_NOTHING_BYTES};
use crate::log::status;
use crate::model::record::Profile;
use crate::model::row::Columns;
use crate::model::value_ids::{Slot, ValueIds};
use crate::model::{Field, Row};
use crate::project::Project;
use crate::words::deadline::Deadline;

/// The fields of an issue that hold a day. The day the issue was found is the first, the deadline the last.
pub(in crate::log) const DAYS: [Field; 6] =
    [Field::FoundOn, Field::AssignedOn, Field::RectifiedOn, Field::VerifiedOn, Field::ClosedOn, Field::Deadline];

/// The days of an issue, in the order of [`DAYS`].
pub(in crate::log) type Days = [Option<NaiveDate>; DAYS.len()];

/// What the columns of the status say, in the order of [`status::COLUMNS`], by the numbers of their spellings.
pub(in crate::log) type Told = [u32; status::COLUMNS.len()];

/// The values of cells that were read before.
#[derive(Debug, Default)]
pub(in crate::log) struct RowCache {
    /// The values of cells, by the place of their field in [`Profile::FIELDS`].
    values: [CellCache<u32>; Profile::FIELDS.len()],
    iso_days: IsoDays,
    /// The days of cells that mean the same day in every row and in every column.
    days: CellCache<Option<NaiveDate>>,
    deadlines: CellCache<CachedDeadline>,
    /// Deadlines that count from a day, and the days on which they fell.
    periods: Vec<Deadline>,
    falls_on: FxHashMap<(u16, NaiveDate), NaiveDate>,
    /// What the columns of the status say together.
    standings: FxHashMap<Told, u32>,
}

/// What a cell says in the column of the deadline.
#[derive(Clone, Copy, Debug, Default)]
struct CachedDeadline {
    /// The same day in every row; `None` if it sets none.
    day: Option<NaiveDate>,
    /// Its place among the deadlines that count from a day, from 1; 0 if it is none of them.
    period: u16,
}

/// The days and values of a row that was found in the cache.
#[derive(Clone, Copy, Debug)]
pub(in crate::log) struct CachedRow {
    pub(in crate::log) days: Days,
    pub(in crate::log) ids: ValueIds,
}

/// Which cells of a row are looked up in the [`RowCache`], and where their values go.
#[derive(Clone, Debug)]
pub(in crate::log) struct RowPlan {
    /// For each column of days but the deadline, its index in [`DAYS`] and its cell.
    days: Vec<(usize, usize)>,
    deadline: Option<usize>,
    values: Vec<ValueColumn>,
    /// The columns of the status, by their index in [`status::COLUMNS`].
    status: Vec<(usize, ValueColumn)>,
    /// Where nothing is missing from a row that has a value here.
    required: Vec<Slot>,
    /// The cell of the description.
    description: usize,
    /// The cells that are not looked up.
    texts: Vec<usize>,
}

/// A column whose value is counted.
#[derive(Clone, Copy, Debug)]
struct ValueColumn {
    field: Field,
    /// Its place in [`Profile::FIELDS`].
    place: usize,
    slot: Slot,
    /// `usize::MAX`, beyond all cells, if the field has no column but a default in the project.
    cell: usize,
}

impl RowPlan {
    /// Plans the lookup for a table with these columns.
    ///
    /// `None` if the fast path must not be used: with `not_issues` a row may be no issue, and with the default of a day
    /// an empty cell means a day; without the three columns by which a record is known, a row may be a total.
    pub(in crate::log) fn new(columns: &Columns, width: usize, project: &Project) -> Option<Self> {
        if !project.not_issues.is_empty() || project.defaults.iter().any(|(field, _)| DAYS.contains(field)) {
            return None;
        }
        let description = columns.get(Field::Description)?;
        if !columns.has(Field::Unit) {
            return None;
        }
        let day_columns = DAYS.into_iter().enumerate().filter_map(|(at, field)| Some((at, columns.get(field)?)));
        let days: Vec<_> = day_columns.filter(|(at, _)| DAYS[*at] != Field::Deadline).collect();
        let deadline = columns.get(Field::Deadline);
        let counted = Profile::FIELDS.into_iter().enumerate().filter(|(_, field)| columns.has(*field));
        let counted = counted.filter_map(|(place, field)| {
            let cell = columns.get(field).unwrap_or(usize::MAX);
            Some(ValueColumn { field, place, slot: Slot::of(field)?, cell })
        });
        let (status, values): (Vec<_>, Vec<_>) = counted.partition(|column| column.slot == Slot::Status);
        let place = |column: &ValueColumn| status::COLUMNS.iter().position(|field| *field == column.field);
        let status: Vec<_> = status.into_iter().filter_map(|column| Some((place(&column)?, column))).collect();
        let required = [Field::Unit, Field::Category, Field::Disposition].into_iter();
        let required = required.filter(|field| columns.has(*field)).filter_map(Slot::of).collect();
        let all = values.iter().chain(status.iter().map(|(_, column)| column));
        let looked_up = all.map(|column| column.cell).chain(days.iter().map(|(_, cell)| *cell)).chain(deadline);
        let looked_up: Vec<usize> = looked_up.collect();
        let texts = (0..width).filter(|cell| !looked_up.contains(cell)).collect();
        Some(Self { days, deadline, values, status, required, description, texts })
    }
}

impl RowCache {
    /// Returns days and values of a row, if all its cells are cached and no required field is empty.
    ///
    /// `spellings` are those of each field; they have the cells that are too long for the cache.
    #[inline]
    pub(in crate::log) fn get(&mut self, row: &Row, plan: &RowPlan, spellings: &[Spellings]) -> Option<CachedRow> {
        let mut days = Days::default();
        for (at, cell) in &plan.days {
            let cell = row.padded_cell(*cell)?;
            if cell.length > 0 {
                days[*at] = match self.iso_days.get(&cell) {
                    None => self.days.get(&cell)?,
                    day => day,
                };
            }
        }
        // No total or signature has day, unit and description; and of what is required nothing is missing.
        days[0]?;
        let mut ids = ValueIds::default();
        for column in &plan.values {
            let cached = row.padded_cell(column.cell).and_then(|cell| self.values[column.place].get(&cell));
            let id = match cached {
                Some(id) => id,
                None => self.known(row, column, spellings)?,
            };
            ids.set(column.slot, id);
        }
        if plan.required.iter().any(|slot| ids.get(*slot) == 0) {
            return None;
        }
        if !plan.status.is_empty() {
            let mut told = Told::default();
            for (at, column) in &plan.status {
                told[*at] = self.values[column.place].get(&row.padded_cell(column.cell)?)?;
            }
            ids.set(Slot::Status, *self.standings.get(&told)?);
        }
        if let Some(cell) = plan.deadline {
            let cell = row.padded_cell(cell)?;
            if cell.length > 0 {
                days[DAYS.len() - 1] = match self.iso_days.get(&cell) {
                    Some(day) => Some(day),
                    None => match self.deadlines.get(&cell)? {
                        CachedDeadline { day, period: 0 } => day,
                        CachedDeadline { period, .. } => Some(self.falls_on(period, days)?),
                    },
                };
            }
        }
        // A cell with an error has no value in the caches, but texts are not looked up there.
        if plan.texts.iter().any(|cell| may_be_error(row.untrimmed(*cell))) {
            return None;
        }
        // Without a disposition, a short description may say that nothing was found.
        let description = row.raw(plan.description).len();
        let least = if ids.get(Slot::Disposition) == 0 { MAX_NOTHING_BYTES + 1 } else { 1 };
        (description >= least).then_some(CachedRow { days, ids })
    }

    /// Returns the day on which a deadline falls that counts from a day, if that is known.
    fn falls_on(&self, period: u16, [found_on, assigned_on, ..]: Days) -> Option<NaiveDate> {
        self.falls_on.get(&(period, assigned_on.or(found_on)?)).copied()
    }

    /// Looks up a cell that is not in the cache, and puts it there.
    #[cold]
    fn known(&mut self, row: &Row, column: &ValueColumn, spellings: &[Spellings]) -> Option<u32> {
        let text = row.bytes(column.field);
        // A short cell may be one that is read as blank, or as the one above it.
        if text.len() <= MAX_FILLER_BYTES || may_be_error(row.untrimmed(column.cell)) {
            return None;
        }
        let id = spellings.get(column.field as usize)?.id(text)?;
        self.values[column.place].insert(row.written(column.field), id);
        Some(id)
    }

    /// Returns the number in the cell of a field, if it is cached.
    pub(in crate::log) fn value(&self, row: &Row, field: Field) -> Option<u32> {
        self.values[place(field)?].get(&row.padded(field)?)
    }

    /// Caches the number in the cell of a field.
    ///
    /// The cell must have no fault, since faults are reported for every row.
    pub(in crate::log) fn insert_value(&mut self, row: &Row, field: Field, id: u32) {
        if let Some(place) = place(field) {
            self.values[place].insert(row.written(field), id);
        }
    }

    /// Returns what the columns of the status say together, if it was said before.
    pub(in crate::log) fn standing(&self, told: &Told) -> Option<u32> {
        self.standings.get(told).copied()
    }

    /// Keeps what the columns of the status say together.
    pub(in crate::log) fn insert_standing(&mut self, told: Told, id: u32) {
        self.standings.insert(told, id);
    }

    /// Caches the day in the cell of a field. The cell must mean this day in every row.
    pub(in crate::log) fn insert_day(&mut self, row: &Row, field: Field, day: NaiveDate) {
        let cell = row.written(field);
        if field == Field::Deadline {
            self.deadlines.insert(cell, CachedDeadline { day: Some(day), period: 0 });
        } else {
            self.days.insert(cell, Some(day));
        }
    }

    /// Caches that the cell of a row sets no deadline, in any row.
    pub(in crate::log) fn insert_no_deadline(&mut self, row: &Row) {
        self.deadlines.insert(row.written(Field::Deadline), CachedDeadline::default());
    }

    /// Caches on which day the deadline in the cell of a row falls if it counts from a day.
    pub(in crate::log) fn insert_period(&mut self, row: &Row, period: Deadline, from: NaiveDate, until: NaiveDate) {
        let at = self.periods.iter().position(|known| *known == period).unwrap_or_else(|| {
            self.periods.push(period);
            self.periods.len() - 1
        });
        let Ok(number) = u16::try_from(at + 1) else { return };
        self.deadlines.insert(row.written(Field::Deadline), CachedDeadline { day: None, period: number });
        if self.falls_on.len() < MAX_FALLS {
            self.falls_on.insert((number, from), until);
        }
    }
}

/// So many days on which deadlines fall are kept: those of twenty spellings in ten years.
const MAX_FALLS: usize = 1 << 16;

fn place(field: Field) -> Option<usize> {
    Profile::FIELDS.iter().position(|other| *other == field)
}
