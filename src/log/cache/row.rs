//! Looks up whole rows in the caches: in a long log, nearly every row has only cells that were read before.

use std::sync::Arc;

use chrono::NaiveDate;

use crate::log::cache::cell::CellCache;
use crate::log::cache::profile::{Met, PLACES, Packed, Profiles};
use crate::log::error_cell::may_be_error;
use crate::model::profile_id::ProfileTable;
use crate::model::record::Profile;
use crate::model::row::Columns;
use crate::model::{Field, Row};
use crate::project::Project;

/// The fields of an issue that hold a day. The day the issue was found is the first.
pub(in crate::log) const DAYS: [Field; 6] =
    [Field::FoundOn, Field::AssignedOn, Field::RectifiedOn, Field::VerifiedOn, Field::ClosedOn, Field::Deadline];

/// The days of an issue, in the order of [`DAYS`].
pub(in crate::log) type Days = [Option<NaiveDate>; DAYS.len()];

/// The field under which days are cached, since a day reads the same in every column.
const DAY: Field = Field::Date;

/// The values of cells that were read before, and the profiles of their combinations.
#[derive(Debug)]
pub(in crate::log) struct RowCache {
    /// The numbers of spellings, by field and cell.
    numbers: CellCache<u32>,
    /// The days of cells that mean the same day, or no day, in every row.
    days: CellCache<Option<NaiveDate>>,
    pub(in crate::log) profiles: Profiles,
}

/// The days and the profile of a row that was found in the cache.
#[derive(Clone, Copy, Debug)]
pub(in crate::log) struct CachedRow {
    pub(in crate::log) days: Days,
    pub(in crate::log) profile: Met,
}

/// Which cells of a row are looked up in the [`RowCache`], and where their values go.
#[derive(Clone, Debug)]
pub(in crate::log) struct RowPlan {
    /// For each column of days, its index in [`DAYS`] and its cell.
    days: Vec<(usize, usize)>,
    values: Vec<ValueColumn>,
    /// The other cells: text, which is not looked up.
    texts: Vec<usize>,
}

/// A column whose spelling is part of the profile.
#[derive(Clone, Copy, Debug)]
struct ValueColumn {
    field: Field,
    /// `usize::MAX`, beyond all cells, if the field has no column but a default in the project.
    cell: usize,
    /// Where the number of the spelling goes in [`Packed`], see [`PLACES`].
    half: usize,
    shift: u32,
}

impl RowPlan {
    /// Plans the lookup for a table with these columns.
    ///
    /// `None` if the fast path must not be used: with `not_issues` a row may be no issue, and with the default of a day
    /// an empty cell means a day.
    pub(in crate::log) fn new(columns: &Columns, width: usize, project: &Project) -> Option<Self> {
        if !project.not_issues.is_empty() || project.defaults.iter().any(|(field, _)| DAYS.contains(field)) {
            return None;
        }
        let days = DAYS.into_iter().enumerate().filter_map(|(at, field)| Some((at, columns.get(field)?)));
        let values = Profile::FIELDS.into_iter().zip(PLACES).filter(|(field, _)| columns.is_counted(*field));
        let values = values.map(|(field, (half, shift))| {
            let cell = columns.get(field).unwrap_or(usize::MAX);
            ValueColumn { field, cell, half, shift }
        });
        let (days, values): (Vec<_>, Vec<ValueColumn>) = (days.collect(), values.collect());
        let looked_up = days.iter().map(|(_, cell)| *cell).chain(values.iter().map(|column| column.cell));
        let looked_up: Vec<usize> = looked_up.collect();
        let texts = (0..width).filter(|cell| !looked_up.contains(cell)).collect();
        Some(Self { days, values, texts })
    }
}

impl RowCache {
    /// Returns an empty cache, in which profiles get their numbers from `table`.
    pub(in crate::log) fn new(table: Arc<ProfileTable>) -> Self {
        let mut days = CellCache::default();
        days.insert(DAY, b"", None);
        Self { numbers: CellCache::default(), days, profiles: Profiles::new(table) }
    }

    /// Returns days and profile of a row, if all its cells are cached and no required field is empty.
    #[inline]
    pub(in crate::log) fn get(&self, row: &Row, plan: &RowPlan) -> Option<CachedRow> {
        let mut days = Days::default();
        for (at, cell) in &plan.days {
            days[*at] = self.days.get(DAY, &row.padded_cell(*cell)?)?;
        }
        let mut packed = Packed::default();
        for column in &plan.values {
            let number = self.numbers.get(column.field, &row.padded_cell(column.cell)?)?;
            packed[column.half] |= u64::from(number) << column.shift;
        }
        let profile = self.profiles.cached(packed)?;
        let (_, profile_id) = profile;
        // A cell with an error has no value in the caches, but texts are not looked up there.
        if plan.texts.iter().any(|cell| may_be_error(row.untrimmed(*cell))) {
            return None;
        }
        let is_complete = days[0].is_some() && profile_id.flags().is_complete() && row.says(Field::Description);
        is_complete.then_some(CachedRow { days, profile })
    }

    /// Returns the number of the spelling in the cell of a field, if it is cached.
    pub(in crate::log) fn number(&self, row: &Row, field: Field) -> Option<u32> {
        self.numbers.get(field, &row.padded(field)?)
    }

    /// Caches the number of the spelling in the cell of a field.
    ///
    /// The cell must have no fault, since faults are reported for every row.
    pub(in crate::log) fn insert_number(&mut self, row: &Row, field: Field, number: u32) {
        if Profiles::have_room(field, number) {
            self.numbers.insert(field, row.written(field), number);
        }
    }

    /// Caches the day in the cell of a field. The cell must mean this day in every row.
    pub(in crate::log) fn insert_day(&mut self, row: &Row, field: Field, day: NaiveDate) {
        self.days.insert(DAY, row.written(field), Some(day));
    }
}
