//! Turns an outcome of the table scanner into a fault.

use crate::delimited::scanner::{MAX_CELLS, MAX_RECORD, ReadOutcome};
use crate::delimited::text::Unreadable;
use crate::fault::{FaultKind, Faults};
use crate::place::{Place, SourceId};

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

impl Faults {
    /// Adds why a small table cannot be read: at the cell whose quote is never closed, else at the record's line.
    pub(crate) fn add_unreadable(&mut self, source: SourceId, unreadable: Unreadable) {
        let Unreadable { line, cell, outcome } = unreadable;
        let place = match outcome {
            ReadOutcome::Unclosed => Place::cell(source, line, cell),
            _ => Place::line(source, line),
        };
        if let Some(kind) = FaultKind::of_reading(outcome) {
            self.add(place, kind);
        }
    }
}
