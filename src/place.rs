//! Places in a log, a config or a template.
//!
//! A place holds what a reader knows for free while it reads: the source, the line on which a row begins, and the index
//! of the cell. The column, and the exact line of a cell after a quoted line break, are computed only when a fault is
//! shown (`source::excerpt`), so that they cost nothing in a valid log of any size.

use std::fmt;
use std::num::NonZeroU32;

/// A line or column number, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OneBased(NonZeroU32);

impl OneBased {
    /// The first line, the first column.
    pub const FIRST: Self = Self(NonZeroU32::MIN);

    /// Converts an index from 0, saturating at `u32::MAX`. The only place where 1 is added.
    #[must_use]
    pub fn from_zero(index: usize) -> Self {
        let one = u32::try_from(index).unwrap_or(u32::MAX).saturating_add(1);
        Self(NonZeroU32::new(one).unwrap_or(NonZeroU32::MIN))
    }

    /// Converts a number that already counts from 1; 0 becomes 1.
    #[must_use]
    pub fn from_one(number: u32) -> Self {
        Self(NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN))
    }

    /// Returns the number, from 1.
    #[must_use]
    pub fn get(self) -> u32 {
        self.0.get()
    }

    /// Returns the index, from 0.
    #[must_use]
    pub fn to_zero(self) -> usize {
        self.0.get() as usize - 1
    }
}

impl fmt::Display for OneBased {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The index of a source in `source::Sources`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub u32);

/// The part of a line that a place refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Spot {
    /// The whole row or line.
    Line,
    /// The n-th cell (from 0) of the table row that begins on the line.
    Cell(u16),
    /// A range of characters, as the YAML reader reports it.
    Chars {
        /// The first column.
        column: OneBased,
        /// The number of characters on the first line.
        length: u32,
    },
}

/// A place in a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The file.
    pub source: SourceId,
    /// The line on which the row, key or value begins.
    pub line: OneBased,
    /// The part of the line.
    pub spot: Spot,
}

impl Place {
    /// Returns the place of a whole line.
    #[must_use]
    pub fn line(source: SourceId, line: OneBased) -> Self {
        Self { source, line, spot: Spot::Line }
    }

    /// Returns the place of a cell, counted from 0; of its line if no table is that wide.
    #[must_use]
    pub(crate) fn cell(source: SourceId, line: OneBased, cell: usize) -> Self {
        Self { source, line, spot: u16::try_from(cell).map_or(Spot::Line, Spot::Cell) }
    }

    /// Returns the first line of a source, for faults of the whole file.
    #[must_use]
    pub fn file(source: SourceId) -> Self {
        Self::line(source, OneBased::FIRST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counting_from_zero_and_back_is_the_same() {
        for index in [0, 1, 41, 70_000] {
            assert_eq!(OneBased::from_zero(index).to_zero(), index);
        }
        assert_eq!(OneBased::from_zero(0), OneBased::FIRST);
        assert_eq!(OneBased::from_zero(usize::MAX).get(), u32::MAX);
    }
}
