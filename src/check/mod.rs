//! Stage 3: records to faults. One pass over the stream, mergeable like everything computed, and a second one where
//! something seems to be a duplicate or totals are declared. The door is [`run`].
//!
//! What is wrong with a cell was found where the cell was read (`log`). Here are the rules over
//! records:
//!
//! - `allow`: rows that are let through
//! - `contradiction`: within one issue, a file for each rule
//! - `duplicates`: duplicate ids and issues, across all files; `numbers`: by which they are known
//! - `earlier`: what a submission changed of the one before
//! - `coverage`: sites that nobody visited
//! - `unlisted`: values that no list knows
//! - `totals`: declared counts against the rows
//! - `privacy`: personal data in free text

mod allow;
mod contradiction;
mod coverage;
mod duplicates;
mod earlier;
mod numbers;
mod privacy;
mod totals;
mod unlisted;

use std::sync::Arc;

use chrono::NaiveDate;

use crate::fault::Faults;
use crate::fold::Fold;
use crate::log;
use crate::model::Entry;
use crate::place::SourceId;
use crate::project::Project;
use crate::source::{SourceError, Sources};
use allow::Allowances;
pub use coverage::{Coverage, UnvisitedSite};
use duplicates::{Duplicates, KnownNumbers, PossibleDuplicates};
pub use earlier::EarlierSubmission;
use earlier::SubmissionChanges;
use totals::FileCounts;
pub use unlisted::UnlistedValues;

/// Checks logs by all rules, and gives the number of issues. `as_of` is the day after which nothing can have happened;
/// `earlier` is the submission before this one. `beside` makes another fold, which sees the same records.
///
/// # Errors
/// A file can't be read by the system.
pub fn run<B: for<'r> Fold<Entry<'r>> + Send>(
    (sources, ids): (&mut Sources, &[SourceId]),
    project: &Project,
    as_of: NaiveDate,
    earlier: Option<&Arc<EarlierSubmission>>,
    faults: &mut Faults,
    beside: impl Fn() -> B + Sync,
) -> Result<(u64, B), SourceError> {
    let blank = faults.fresh();
    let fresh = || (Check::new(as_of, &blank, earlier.cloned()), beside());
    let (check, beside) = log::fold(sources, ids, project, faults, fresh)?;
    let Check { faults: found, met, declared, changes, allowances, issues, .. } = check;
    faults.append(found);
    let suspects = Arc::new(met.suspects().map_err(|cause| SourceError { name: "TMPDIR".to_owned(), cause })?);
    if !suspects.is_empty() || declared {
        // What reading finds was told the first time.
        let fresh = || SecondLook::new(suspects.clone(), declared);
        let look = log::fold(sources, ids, project, &mut blank.fresh(), fresh)?;
        look.duplicates.finish(faults);
        look.totals.unwrap_or_default().finish(faults);
    }
    if let Some(changes) = changes {
        changes.finish(faults);
    }
    allowances.apply(faults);
    Ok((issues, beside))
}

/// The rules over records, in one pass.
#[derive(Debug)]
struct Check {
    as_of: NaiveDate,
    faults: Faults,
    met: KnownNumbers,
    /// Whether a log declares a total.
    declared: bool,
    changes: Option<SubmissionChanges>,
    allowances: Allowances,
    issues: u64,
}

impl Check {
    fn new(as_of: NaiveDate, faults: &Faults, earlier: Option<Arc<EarlierSubmission>>) -> Self {
        Self {
            as_of,
            faults: faults.fresh(),
            met: KnownNumbers::default(),
            declared: false,
            changes: earlier.map(SubmissionChanges::new),
            allowances: Allowances::default(),
            issues: 0,
        }
    }
}

impl Fold<Entry<'_>> for Check {
    fn push(&mut self, entry: &Entry<'_>) {
        match entry {
            Entry::Issue(issue) => {
                self.issues += 1;
                contradiction::check(issue, self.as_of, &mut self.faults);
                privacy::check(issue, &mut self.faults);
                self.met.push(issue);
                self.allowances.push(issue, &mut self.faults);
                if let Some(changes) = &mut self.changes {
                    changes.push(issue, &mut self.faults);
                }
            }
            Entry::Declared(_) => self.declared = true,
            Entry::Inspection(_) | Entry::Measure(_) => {}
        }
    }

    fn merge(&mut self, later: Self) {
        self.issues += later.issues;
        self.faults.append(later.faults);
        self.met.merge(later.met);
        self.declared |= later.declared;
        self.allowances.merge(later.allowances);
        if let (Some(changes), Some(later)) = (&mut self.changes, later.changes) {
            changes.merge(later);
        }
    }
}

/// What only some logs need a second reading for: duplicates, and totals that the log declares.
#[derive(Clone, Debug)]
struct SecondLook {
    duplicates: Duplicates,
    totals: Option<FileCounts>,
}

impl SecondLook {
    fn new(suspects: Arc<PossibleDuplicates>, has_totals: bool) -> Self {
        Self { duplicates: Duplicates::new(suspects), totals: has_totals.then(FileCounts::default) }
    }
}

impl Fold<Entry<'_>> for SecondLook {
    fn push(&mut self, entry: &Entry<'_>) {
        match (entry, &mut self.totals) {
            (Entry::Issue(issue), totals) => {
                self.duplicates.push(issue);
                if let Some(totals) = totals {
                    totals.count(issue);
                }
            }
            (Entry::Declared(declared), Some(totals)) => totals.declare(declared),
            _ => {}
        }
    }

    fn merge(&mut self, later: Self) {
        self.duplicates.merge(later.duplicates);
        if let (Some(totals), Some(later)) = (&mut self.totals, later.totals) {
            totals.merge(later);
        }
    }
}
