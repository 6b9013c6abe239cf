//! Runs of lines in columns of a sheet: cells merged downwards, cells of one look.

use std::collections::BTreeMap;

/// Runs of lines that don't overlap within a column, found by a cell.
#[derive(Clone, Debug, Default)]
pub struct LineRuns {
    /// The first line of each, by its column and its last line.
    of: BTreeMap<(usize, u32), u32>,
}

impl LineRuns {
    /// Takes first and last line, from 1, and column, from 0, of each run, as a [`Sheet`](crate::source::Sheet) has them.
    pub fn new<'r>(runs: impl IntoIterator<Item = &'r (u32, u32, usize)>) -> Self {
        Self { of: runs.into_iter().map(|(first, last, column)| ((*column, *last), *first)).collect() }
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.of.is_empty()
    }

    /// The first and the last line of the run that has a cell.
    #[must_use]
    pub fn at(&self, line: u32, column: usize) -> Option<(u32, u32)> {
        let ((found, last), first) = self.of.range((column, line)..).next()?;
        (*found == column && *first <= line).then_some((*first, *last))
    }

    /// The columns in which a run has a line.
    pub fn columns(&self, line: u32) -> impl Iterator<Item = usize> {
        let runs = self.of.iter().filter(move |((_, last), first)| (**first..=*last).contains(&line));
        runs.map(|((column, _), _)| *column)
    }
}
