//! Stage 3: records to faults. One pass over the stream, mergeable like everything computed.
//!
//! What is wrong with a cell was found where the cell was read (`log`). Here are the rules over
//! records:
//!
//! - `allow`: rows that are let through
//! - `contradiction`: within one record
//! - `double`: ids and issues that stand twice, across all files
//! - `earlier`: what a submission changed of the one before
//! - `coverage`: sites that nobody visited
//! - `kept`: values that no list knows
//! - `totals`: declared counts against the rows
//! - `privacy`: personal data in free text

mod allow;
mod contradiction;
mod coverage;
mod double;
mod earlier;
mod kept;
mod privacy;
mod totals;

use std::sync::Arc;

use chrono::NaiveDate;

use crate::fault::Faults;
use crate::fold::Fold;
use crate::model::Entry;
use allow::Allowances;
pub use coverage::Coverage;
use double::Doubles;
use earlier::Changes;
pub use earlier::Earlier;
pub use kept::Kept;
use totals::Totals;

/// All rules over records.
#[derive(Clone, Debug)]
pub struct Check {
    as_of: NaiveDate,
    faults: Faults,
    doubles: Doubles,
    totals: Totals,
    changes: Option<Changes>,
    allowances: Allowances,
    issues: u64,
}

impl Check {
    /// Nothing checked yet. `as_of` is the day after which nothing can have happened; `faults` says
    /// how grave each code is; `earlier` is the submission before this one.
    #[must_use]
    pub fn new(as_of: NaiveDate, faults: &Faults, earlier: Option<Arc<Earlier>>) -> Self {
        Self {
            as_of,
            faults: faults.fresh(),
            doubles: Doubles::default(),
            totals: Totals::default(),
            changes: earlier.map(Changes::new),
            allowances: Allowances::default(),
            issues: 0,
        }
    }

    /// How many issues were seen.
    #[must_use]
    pub fn issues(&self) -> u64 {
        self.issues
    }

    /// Adds the faults found to those of reading, and takes away what the logs themselves allow.
    pub fn finish(mut self, faults: &mut Faults) {
        self.doubles.finish(&mut self.faults);
        self.totals.finish(&mut self.faults);
        if let Some(changes) = &self.changes {
            changes.finish(&mut self.faults);
        }
        faults.append(self.faults);
        self.allowances.apply(faults);
    }
}

impl Fold<Entry<'_>> for Check {
    fn push(&mut self, entry: &Entry<'_>) {
        match entry {
            Entry::Issue(issue) => {
                self.issues += 1;
                contradiction::check(issue, self.as_of, &mut self.faults);
                privacy::check(issue, &mut self.faults);
                self.doubles.push(issue);
                self.allowances.push(issue, &mut self.faults);
                if let Some(changes) = &mut self.changes {
                    changes.push(issue, &mut self.faults);
                }
                self.totals.count(issue);
            }
            Entry::Declared(declared) => self.totals.declare(declared),
            Entry::Inspection(_) | Entry::Measure(_) => {}
        }
    }

    fn merge(&mut self, later: Self) {
        self.issues += later.issues;
        self.faults.append(later.faults);
        self.doubles.merge(later.doubles);
        self.totals.merge(later.totals);
        self.allowances.merge(later.allowances);
        if let (Some(changes), Some(later)) = (&mut self.changes, later.changes) {
            changes.merge(later);
        }
    }
}
