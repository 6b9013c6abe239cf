//! Stage 3: records to faults. One pass over the stream, mergeable like everything computed.
//!
//! What is wrong with a cell was found where the cell was read (`log`). Here are the rules over
//! records:
//!
//! - `contradiction`: within one record
//! - `double`: ids and issues that stand twice, across all files
//! - `totals`: declared counts against the rows
//! - `privacy`: personal data in free text

mod contradiction;
mod double;
mod privacy;
mod totals;

use chrono::NaiveDate;

use crate::fault::Faults;
use crate::fold::Fold;
use crate::model::Entry;
use double::Doubles;
use totals::Totals;

/// All rules over records.
#[derive(Clone, Debug)]
pub struct Check {
    as_of: NaiveDate,
    faults: Faults,
    doubles: Doubles,
    totals: Totals,
    issues: u64,
}

impl Check {
    /// Nothing checked yet. `as_of` is the day after which nothing can have happened; `faults` says
    /// how grave each code is.
    #[must_use]
    pub fn new(as_of: NaiveDate, faults: &Faults) -> Self {
        Self { as_of, faults: faults.fresh(), doubles: Doubles::default(), totals: Totals::default(), issues: 0 }
    }

    /// How many issues were seen.
    #[must_use]
    pub fn issues(&self) -> u64 {
        self.issues
    }

    /// All faults found.
    #[must_use]
    pub fn finish(mut self) -> Faults {
        self.doubles.finish(&mut self.faults);
        self.totals.finish(&mut self.faults);
        self.faults
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
    }
}
