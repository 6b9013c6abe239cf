//! Turns an outcome of the table scanner into a fault.

use crate::delimited::scanner::{MAX_CELLS, MAX_RECORD, ReadOutcome};
use crate::fault::FaultKind;

impl FaultKind {
    /// Returns why reading a table stopped early; `None` for a complete record and at the end of the text.
    pub(crate) fn of_reading(outcome: ReadOutcome) -> Option<Self> {
        match outcome {
            ReadOutcome::Record | ReadOutcome::End => None,
            ReadOutcome::Unclosed => Some(Self::UnclosedQuote),
            ReadOutcome::TooLong => Some(Self::TooComplex { limit: "text", allowed: MAX_RECORD }),
            ReadOutcome::TooWide => Some(Self::TooComplex { limit: "cells", allowed: MAX_CELLS }),
        }
    }
}
