//! The rows of a workbook's sheet as CSV. What a merged cell says is said in each of its rows there, and no more than the
//! text of a cell can be told: whatever else `check` tells by a look at the sheet has to be settled before.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::fault::{Code, Faults};
use crate::mend::fault::{EditFault, MendError, What};
use crate::mend::grid::{CellAt, Found, Grid};
use crate::mend::outcome::with_plain_breaks;
use crate::place::Spot;
use crate::project::Project;
use crate::source::line_runs::LineRuns;
use crate::source::workbook::address;
use crate::source::{Source, Sources};
use crate::{delimited, log};

/// A sheet and its new values.
pub(super) struct CsvSheet<'a, 't> {
    grid: &'a Grid<'t>,
    found: &'a Found<'a>,
    /// The cells merged over several rows.
    merged: LineRuns,
}

impl<'a, 't> CsvSheet<'a, 't> {
    /// `merged` has first and last line, from 1, and the column, from 0.
    pub(super) fn new(grid: &'a Grid<'t>, found: &'a Found<'a>, merged: &[(u32, u32, usize)]) -> Self {
        Self { grid, found, merged: LineRuns::new(merged) }
    }

    /// The edits of cells for which a merged one speaks.
    pub(super) fn refusals(&self) -> Vec<EditFault> {
        let refused = self.found.iter().filter_map(|(at, edit)| {
            let (first, last) = self.area(*at)?;
            let name = |line| address(line, u16::try_from(at.cell).unwrap_or(u16::MAX));
            let what = What::Merged { first: name(first), area: format!("{}:{}", name(first), name(last)) };
            (first != at.line).then(|| EditFault::new(edit, what))
        });
        refused.collect()
    }

    /// # Errors
    /// A doubtful number is given no other value.
    pub(super) fn check_doubtful(&self, doubtful: Vec<CellAt>) -> Result<(), MendError> {
        let is_left = |at: &CellAt| self.value(*at) == self.grid.shows(*at);
        let left = doubtful.into_iter().filter(is_left);
        let cells: Vec<String> = left.map(|at| address(at.line, u16::try_from(at.cell).unwrap_or(u16::MAX))).collect();
        if cells.is_empty() { Ok(()) } else { Err(MendError::Doubtful(cells)) }
    }

    /// Returns the file, each row on its line, as spreadsheet programs read it: with a byte order mark.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let edited_line = self.found.keys().map(|at| at.line).max().unwrap_or_default();
        let mut text = String::from("\u{feff}");
        for line in 1..=self.grid.last_line().max(edited_line) {
            for cell in 0..self.width(line) {
                if cell > 0 {
                    text.push(',');
                }
                let value = self.value(CellAt { line, cell });
                text += &delimited::text::encoded(&with_plain_breaks(&value), b',', false);
            }
            text += "\r\n";
        }
        text.into_bytes()
    }

    fn width(&self, line: u32) -> usize {
        let shown = self.grid.record(line).map_or(0, |record| record.cells.len());
        let Some(edited) = self.edited(line).max() else { return shown };
        // A row that was blank has what merged cells say, too.
        self.merged.columns(line).fold(edited, usize::max).saturating_add(1).max(shown)
    }

    /// The columns of the edits on a line.
    fn edited(&self, line: u32) -> impl Iterator<Item = usize> {
        let row = CellAt { line, cell: 0 }..=CellAt { line, cell: usize::MAX };
        self.found.range(row).map(|(at, _)| at.cell)
    }

    /// What a cell shows with the new values, as the workbook would show it.
    fn value(&self, at: CellAt) -> Cow<'_, str> {
        if let Some(edit) = self.found.get(&at) {
            return Cow::Borrowed(&edit.value);
        }
        let shows = self.grid.shows(at);
        match self.area(at) {
            Some((first, _)) if self.is_spoken(at) => {
                if self.has_own(at.line) {
                    self.value(CellAt { line: first, ..at })
                } else {
                    Cow::Borrowed("")
                }
            }
            _ => shows,
        }
    }

    /// Whether a merged cell speaks for a cell below its first one, which has no text of its own.
    fn is_spoken(&self, at: CellAt) -> bool {
        let first = self.area(at).map(|(first, _)| CellAt { line: first, ..at }).filter(|first| *first != at);
        let shows = self.grid.shows(at);
        first.is_some_and(|first| shows.is_empty() || shows == self.grid.shows(first))
    }

    /// Whether a row has a cell of its own: merged cells don't speak for one that is blank.
    fn has_own(&self, line: u32) -> bool {
        let shown = self.grid.record(line).map_or(0, |record| record.cells.len());
        let is_own = |cell| {
            let at = CellAt { line, cell };
            !self.is_spoken(at)
                && !self.found.get(&at).map_or(self.grid.shows(at), |edit| edit.value.as_str().into()).is_empty()
        };
        (0..shown).chain(self.edited(line)).any(is_own)
    }

    /// The first and the last line of the merged cell that has a cell.
    fn area(&self, at: CellAt) -> Option<(u32, u32)> {
        self.merged.at(at.line, at.cell)
    }
}

/// The cells of a sheet with a number from which no day can be read, since it may have lost a zero at its end, and which
/// as text would be one.
///
/// # Errors
/// The sheet can't be read.
pub(super) fn doubtful(source: Source, project: &Project) -> Result<Vec<CellAt>, MendError> {
    let short: BTreeSet<(u32, usize)> = source.sheet.iter().flat_map(|sheet| sheet.short_numbers.clone()).collect();
    if short.is_empty() {
        return Ok(Vec::new());
    }
    let (mut sources, mut faults) = (Sources::default(), Faults::default());
    let id = sources.add(source);
    log::read(&mut sources, id, project, &mut faults, |_| {}).map_err(|error| MendError::Broken(error.to_string()))?;
    let of_days = faults.sorted().into_iter().filter(|fault| fault.what.code() == const { Code::known("V101") });
    let cells = of_days.filter_map(|fault| match fault.place.spot {
        Spot::Cell(cell) => Some(CellAt { line: fault.place.line.get(), cell: usize::from(cell) }),
        Spot::Line | Spot::Chars { .. } => None,
    });
    Ok(cells.filter(|at| short.contains(&(at.line, at.cell))).collect())
}
