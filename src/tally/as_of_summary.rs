//! What a run tells of its as-of day: the rows that are dated after it, and the issues whose state rests on a word.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::model::state::State;
use crate::model::{Field, Row};
use crate::place::Place;
use crate::source::Sources;

/// What the as-of day does to the rows selected. Two of them merge, in any order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AsOfSummary {
    /// Number of rows dated after the as-of day, which are left out.
    pub after_as_of: u64,
    /// The place of the first of them, if it is known.
    pub first_after: Option<Place>,
    /// Whether a day of a row, or the day stated above a table (截至), is after the as-of day.
    pub looks_back: bool,
    /// Number of issues with [`State::by_undated_word`].
    pub(super) undated: u64,
    /// Number of issues with [`State::denied`].
    pub denied: u64,
    /// Number of issues with [`State::late_unknown`].
    pub late_unknown: u64,
}

/// What a run left out, or counted though it does not show or is struck out, as JSON.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LeftOut {
    /// Rows dated after the as-of day.
    pub after_as_of: u64,
    /// Hidden rows of workbooks, which are counted like the others.
    pub hidden: u64,
    /// Rows of workbooks that are struck out, which are counted like the others.
    pub struck: u64,
    /// Sheets that look like logs and were not read.
    pub sheets: u64,
}

impl AsOfSummary {
    /// Notes whether a day of an issue is after the as-of day.
    #[inline]
    pub fn look_at(&mut self, state: State) {
        self.looks_back |= state.has_later_day;
    }

    /// Counts issues that are selected and counted, all in one state.
    #[inline]
    pub fn count(&mut self, state: State, count: u64) {
        self.undated += u64::from(state.by_undated_word) * count;
        self.denied += u64::from(state.denied) * count;
        self.late_unknown += u64::from(state.late_unknown) * count;
    }

    /// Counts a row that would be selected, but is dated after the as-of day. `field` holds that date.
    #[cold]
    pub fn leave_out(&mut self, row: &Row, field: Field) {
        self.after_as_of += 1;
        self.looks_back = true;
        self.first_after = first(self.first_after, Some(row.field_place(field)));
    }

    /// Notes the days that titles state (截至2021年8月20日).
    pub fn look_at_titles(&mut self, sources: &Sources, day: NaiveDate) {
        self.looks_back |= sources.ids().any(|id| sources.get(id).stated_on > Some(day));
    }

    /// Returns the number of issues that count as closed or rectified by a status for which the row gives no day; 0 unless
    /// the run looks back, since then such a status may be later than the as-of day.
    #[must_use]
    pub fn by_undated_word(&self) -> u64 {
        if self.looks_back { self.undated } else { 0 }
    }

    /// Adds the summary of the rows that follow.
    pub fn merge(&mut self, later: &Self) {
        self.after_as_of += later.after_as_of;
        self.first_after = first(self.first_after, later.first_after);
        self.looks_back |= later.looks_back;
        self.undated += later.undated;
        self.denied += later.denied;
        self.late_unknown += later.late_unknown;
    }
}

/// Returns the first of two places, if there is one.
fn first(one: Option<Place>, other: Option<Place>) -> Option<Place> {
    one.into_iter().chain(other).min()
}

impl LeftOut {
    /// Returns what a run left out of its logs.
    #[must_use]
    pub fn new(summary: &AsOfSummary, sources: &Sources) -> Self {
        let sheets = || sources.ids().filter_map(|id| sources.get(id).sheet.as_ref());
        Self {
            after_as_of: summary.after_as_of,
            hidden: sheets().map(|sheet| sheet.hidden.len() as u64).sum(),
            struck: sheets().map(|sheet| sheet.struck.len() as u64).sum(),
            sheets: sheets().map(|sheet| sheet.left.len() as u64).sum(),
        }
    }

    /// Adds what another run left out.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            after_as_of: self.after_as_of + other.after_as_of,
            hidden: self.hidden + other.hidden,
            struck: self.struck + other.struck,
            sheets: self.sheets + other.sheets,
        }
    }
}
