//! R211: sites of the plan that nobody visited.

use std::collections::BTreeSet;

use crate::fold::Fold;
use crate::model::Entry;
use crate::model::period::Period;
use crate::words::symbol::Symbol;

/// The sites that inspections and issues of a period name.
#[derive(Clone, Debug)]
pub struct Coverage {
    period: Period,
    visited: BTreeSet<Symbol>,
}

impl Coverage {
    /// Nothing seen yet.
    #[must_use]
    pub fn new(period: Period) -> Self {
        Self { period, visited: BTreeSet::new() }
    }

    /// Whether somebody was there: an inspection lists it, or an issue was found there.
    #[must_use]
    pub fn has(&self, site: &str) -> bool {
        self.visited.contains(&Symbol::new(site))
    }
}

impl Fold<Entry<'_>> for Coverage {
    fn push(&mut self, entry: &Entry<'_>) {
        match entry {
            Entry::Issue(issue) if self.period.contains(issue.found_on) => self.visited.extend(issue.site),
            Entry::Inspection(inspection) if self.period.contains(inspection.date) => {
                self.visited.extend(inspection.site_names.iter().copied());
            }
            _ => {}
        }
    }

    fn merge(&mut self, later: Self) {
        self.visited.extend(later.visited);
    }
}
