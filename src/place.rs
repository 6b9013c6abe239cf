//! Where something stands in a log, a config or a template.
//!
//! Inside duban a place is what a reader knows for free while it reads: the source, the line a
//! row begins on, and which cell of the row. The column, and the true line of a cell that stands
//! behind a quoted newline, are worked out only when a fault is shown (`source::excerpt`), so that
//! a sound log of any size pays nothing for them.

use std::fmt;
use std::num::NonZeroU32;

/// A line or column as people count them: from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OneBased(NonZeroU32);

impl OneBased {
    /// The first line, the first column.
    pub const FIRST: Self = Self(NonZeroU32::MIN);

    /// From a count that starts at 0. The only place where 1 is added; saturates at `u32::MAX`.
    #[must_use]
    pub fn from_zero(index: usize) -> Self {
        let one = u32::try_from(index).unwrap_or(u32::MAX).saturating_add(1);
        Self(NonZeroU32::new(one).unwrap_or(NonZeroU32::MIN))
    }

    /// From a count that already starts at 1; 0 is taken for 1.
    #[must_use]
    pub fn from_one(number: u32) -> Self {
        Self(NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN))
    }

    /// The number to show.
    #[must_use]
    pub fn get(self) -> u32 {
        self.0.get()
    }

    /// The index from 0, for slicing.
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

/// A source as `source::Sources` numbers it: an index into its list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub u32);

/// What of a line is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Spot {
    /// The whole row or line.
    Line,
    /// The n-th cell (from 0) of the table row that begins on the line.
    Cell(u16),
    /// Characters from a column on: what the YAML reader knows.
    Chars {
        /// Where it begins.
        column: OneBased,
        /// How many characters it spans on its first line.
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
    /// What of the line.
    pub spot: Spot,
}

impl Place {
    /// A whole line.
    #[must_use]
    pub fn line(source: SourceId, line: OneBased) -> Self {
        Self { source, line, spot: Spot::Line }
    }

    /// The first line of a source, for faults of the whole file.
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
