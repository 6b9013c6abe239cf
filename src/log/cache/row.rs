//! Rows all of whose cells came before: so it is with nearly every row of a long log, and such a one is read at once.

use std::sync::Arc;

use chrono::NaiveDate;

use crate::log::cache::cell::CellCache;
use crate::log::cache::profile::{Met, PLACES, Packed, Profiles};
use crate::model::profile_id::ProfileTable;
use crate::model::record::Profile;
use crate::model::row::Columns;
use crate::model::{Field, Row};
use crate::project::Project;

/// Which fields of an issue are days, the day of finding first.
pub(in crate::log) const DAYS: [Field; 6] =
    [Field::FoundOn, Field::AssignedOn, Field::RectifiedOn, Field::VerifiedOn, Field::ClosedOn, Field::Deadline];

/// The days of an issue, in this order.
pub(in crate::log) type Days = [Option<NaiveDate>; DAYS.len()];

/// Under which days are at hand, in whatever field they stand.
const DAY: Field = Field::Date;

/// What came before: cells, and what they mean together.
#[derive(Debug)]
pub(in crate::log) struct RowCache {
    /// The numbers of spellings.
    numbers: CellCache<u32>,
    /// What cells mean that hold a day or nothing, whatever else their rows say.
    days: CellCache<Option<NaiveDate>>,
    pub(in crate::log) profiles: Profiles,
}

/// What a row says that was read at once.
#[derive(Clone, Copy, Debug)]
pub(in crate::log) struct CachedRow {
    pub(in crate::log) days: Days,
    pub(in crate::log) profile: Met,
}

/// The columns of a table that make an issue.
#[derive(Clone, Debug)]
pub(in crate::log) struct RowPlan {
    /// Cells of days, by their places in [`DAYS`].
    days: Vec<(usize, usize)>,
    values: Vec<ValueColumn>,
}

/// A column of values.
#[derive(Clone, Copy, Debug)]
struct ValueColumn {
    field: Field,
    /// Beyond all cells where there is none, and the project says what nothing means.
    cell: usize,
    /// Where its number goes among those of the others, see [`PLACES`].
    half: usize,
    shift: u32,
}

impl RowPlan {
    /// How rows of a table are read at once; nothing where each must be looked at by itself, since a row may be no issue
    /// or nothing may mean a day.
    pub(in crate::log) fn new(columns: &Columns, project: &Project) -> Option<Self> {
        if !project.not_issues.is_empty() || project.defaults.iter().any(|(field, _)| DAYS.contains(field)) {
            return None;
        }
        let days = DAYS.into_iter().enumerate().filter_map(|(at, field)| Some((at, columns.get(field)?)));
        let values = Profile::FIELDS.into_iter().zip(PLACES).filter(|(field, _)| columns.is_counted(*field));
        let values = values.map(|(field, (half, shift))| {
            let cell = columns.get(field).unwrap_or(usize::MAX);
            ValueColumn { field, cell, half, shift }
        });
        Some(Self { days: days.collect(), values: values.collect() })
    }
}

impl RowCache {
    /// Returns an empty cache, in which profiles get their numbers from `table`.
    pub(in crate::log) fn new(table: Arc<ProfileTable>) -> Self {
        let mut days = CellCache::default();
        days.keep(DAY, b"", None);
        Self { numbers: CellCache::default(), days, profiles: Profiles::new(table) }
    }

    /// What a row says, if every cell of it is at hand and nothing is wrong.
    #[inline]
    pub(in crate::log) fn cached_row(&self, row: &Row, plan: &RowPlan) -> Option<CachedRow> {
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
        let (_, known) = profile;
        let says_all = days[0].is_some() && known.flags().is_complete() && row.says(Field::Description);
        says_all.then_some(CachedRow { days, profile })
    }

    /// The number of what the cell of a field spells, if it is at hand.
    pub(in crate::log) fn number(&self, row: &Row, field: Field) -> Option<u32> {
        self.numbers.get(field, &row.padded(field)?)
    }

    /// Keeps the number of a cell that has no fault: a fault must be told each time.
    pub(in crate::log) fn keep_number(&mut self, row: &Row, field: Field, number: u32) {
        if Profiles::have_room(field, number) {
            self.numbers.keep(field, row.written(field), number);
        }
    }

    /// Keeps a day that its cell means in every row.
    pub(in crate::log) fn keep_day(&mut self, row: &Row, field: Field, day: NaiveDate) {
        self.days.keep(DAY, row.written(field), Some(day));
    }
}
