//! Stage 3: records to faults. The entry point is [`run`]: one pass over the stream of records, mergeable like every
//! [`Fold`], and a second pass if there may be duplicates or if totals are declared.
//!
//! Faults of single cells are reported where the cells are read (`log`). Here are the rules over records:
//!
//! - `allow`: faults that are let pass, by a note or by the config
//! - `contradiction`: contradictions within an issue, a file for each rule
//! - `duplicates`: duplicate ids and issues across all files; `numbers`: finds duplicate hashes in bounded memory
//! - `options`: what a check asks for
//! - `own_rules`: the rules of the office's own
//! - `shared`: files that share issues
//! - `earlier`: what changed since the earlier submission
//! - `coverage`: planned sites that were not visited
//! - `unlisted`: values of fields without a list
//! - `totals`: declared totals against the rows; `tallied`: those that only a tally counts
//! - `inspected`: what inspections state of issues against the issues
//! - `privacy`: personal data in free text
//! - `progress_in_words`: progress that is told in sentences only
//! - `punctuation`: marks of the other script in a text
//! - `remarks`: what is said in words against what is counted
//! - `file_issues`: how many issues are in each log
//! - `first_places`: what is told once for a log

mod allow;
mod contradiction;
mod coverage;
mod duplicates;
mod earlier;
mod file_issues;
mod first_places;
mod inspected;
mod numbers;
mod options;
mod own_rules;
mod privacy;
mod progress_in_words;
mod punctuation;
mod remarks;
mod shared;
mod tallied;
mod totals;
mod unlisted;

use std::sync::Arc;

use chrono::NaiveDate;

use crate::album::{Album, Books, PhotoRows};
use crate::fault::Faults;
use crate::fold::Fold;
use crate::log;
use crate::model::Entry;
use crate::place::SourceId;
use crate::project::Project;
use crate::source::{SourceError, Sources};
use allow::Allowances;
use contradiction::Unchecked;
pub use coverage::{Coverage, UnvisitedSite};
use duplicates::{DuplicateHashes, Duplicates, IssueHashes};
pub use earlier::EarlierSubmission;
use earlier::SubmissionChanges;
pub use file_issues::FileIssues;
use inspected::{FoundIssues, StatedCounts};
pub use options::CheckOptions;
use own_rules::OwnRules;
use progress_in_words::ProgressInWords;
use punctuation::Punctuation;
use tallied::{DeclaredCounts, DeclaredDays, TalliedRows};
use totals::FileCounts;
pub use unlisted::UnlistedValues;

/// Checks logs by all rules and adds the faults to `faults`. Returns the number of issues, the fold made by
/// `beside`, which is fed the same records in the same pass, and the photos of the issues.
///
/// # Errors
/// Fails if a file or a temporary file can't be read.
pub fn run<B: for<'r> Fold<Entry<'r>> + Send>(
    (sources, ids): (&mut Sources, &[SourceId]),
    project: &Project,
    options: &CheckOptions<'_>,
    faults: &mut Faults,
    beside: impl Fn() -> B + Sync,
) -> Result<(u64, B, Album), SourceError> {
    let CheckOptions { as_of, earlier, photos, .. } = *options;
    let blank = faults.fresh();
    let own = OwnRules::new(project, as_of, &blank);
    let books = photos.map(|_| Books::read(sources, ids));
    let fresh = || {
        let photos = books.as_ref().map(|books| PhotoRows::new(books.sheets()));
        (Check { photos, ..Check::new(as_of, &blank, earlier.cloned(), &own) }, beside())
    };
    let (check, beside) = log::fold(sources, ids, project, faults, fresh)?;
    let Check {
        faults: found,
        unchecked,
        own,
        hashes,
        declared,
        declared_counts,
        stated,
        in_words,
        punctuation,
        changes,
        allowances,
        issues,
        photos: photo_rows,
        ..
    } = check;
    faults.append(found);
    unchecked.finish(faults);
    own.finish(faults);
    in_words.finish(faults);
    punctuation.finish(faults);
    let candidates = hashes.duplicates().map_err(|cause| SourceError { name: "TMPDIR".to_owned(), cause })?;
    let candidates = Arc::new(candidates);
    if !candidates.is_empty() || declared || !stated.is_empty() {
        // The faults of cells were collected in the first pass; those of the second are dropped.
        let days = Arc::new(declared_counts.days(as_of, project));
        let fresh = || SecondPass::new(candidates.clone(), declared, !stated.is_empty(), &days);
        let second = log::fold(sources, ids, project, &mut blank.fresh(), fresh)?;
        second.duplicates.finish(sources, faults);
        if let Some((totals, tallied)) = second.totals {
            totals.finish(faults);
            declared_counts.finish(&tallied, as_of, project, faults);
        }
        if let Some(found) = second.found {
            stated.finish(&found, faults);
        }
    }
    if let Some(changes) = changes {
        changes.finish(faults);
    }
    let album = match (photos, books, photo_rows) {
        (Some(folders), Some(books), Some(rows)) => Album::new(rows, &books, (&*sources, project), folders, faults),
        _ => Album::default(),
    };
    allowances.apply(sources, project, options, faults)?;
    Ok((issues, beside, album))
}

/// The first pass: all rules, except that duplicates are only narrowed down and totals only collected.
#[derive(Debug)]
struct Check {
    as_of: NaiveDate,
    faults: Faults,
    unchecked: Unchecked,
    own: OwnRules,
    hashes: IssueHashes,
    /// Whether a log declares a total.
    declared: bool,
    declared_counts: DeclaredCounts,
    stated: StatedCounts,
    in_words: ProgressInWords,
    punctuation: Punctuation,
    changes: Option<SubmissionChanges>,
    allowances: Allowances,
    issues: u64,
    /// What the rows say of photos, if that is asked for.
    photos: Option<PhotoRows>,
}

impl Check {
    fn new(as_of: NaiveDate, faults: &Faults, earlier: Option<Arc<EarlierSubmission>>, own: &OwnRules) -> Self {
        Self {
            as_of,
            faults: faults.fresh(),
            unchecked: Unchecked::default(),
            own: own.fresh(),
            hashes: IssueHashes::default(),
            declared: false,
            declared_counts: DeclaredCounts::default(),
            stated: StatedCounts::default(),
            in_words: ProgressInWords::default(),
            punctuation: Punctuation::default(),
            changes: earlier.map(SubmissionChanges::new),
            allowances: Allowances::default(),
            issues: 0,
            photos: None,
        }
    }
}

impl Fold<Entry<'_>> for Check {
    fn push(&mut self, entry: &Entry<'_>) {
        self.photos.push(entry);
        match entry {
            Entry::Issue(issue) => {
                self.issues += 1;
                contradiction::check(issue, self.as_of, &mut self.faults, &mut self.unchecked);
                self.own.push(issue, &mut self.faults);
                privacy::check(issue, &mut self.faults);
                remarks::check(issue, &mut self.faults);
                self.in_words.push(issue);
                self.punctuation.push(issue);
                self.hashes.push(issue);
                self.allowances.push(issue, &mut self.faults);
                if let Some(changes) = &mut self.changes {
                    changes.push(issue);
                }
            }
            Entry::Declared(declared) => {
                self.declared = true;
                self.declared_counts.push(declared);
            }
            Entry::Inspection(inspection) => self.stated.push(inspection),
            Entry::Measure(_) => {}
        }
    }

    fn merge(&mut self, later: Self) {
        self.issues += later.issues;
        self.photos.merge(later.photos);
        self.faults.append(later.faults);
        self.unchecked.merge(later.unchecked);
        self.own.merge(later.own);
        self.hashes.merge(later.hashes);
        self.declared |= later.declared;
        self.declared_counts.merge(later.declared_counts);
        self.stated.merge(later.stated);
        self.in_words.merge(later.in_words);
        self.punctuation.merge(later.punctuation);
        self.allowances.merge(later.allowances);
        if let (Some(changes), Some(later)) = (&mut self.changes, later.changes) {
            changes.merge(later);
        }
    }
}

/// The second pass, which only some logs need: it confirms duplicates and counts the rows behind declared totals
/// and the issues that inspections found.
#[derive(Clone, Debug)]
struct SecondPass {
    duplicates: Duplicates,
    totals: Option<(FileCounts, TalliedRows)>,
    found: Option<FoundIssues>,
}

impl SecondPass {
    fn new(
        candidates: Arc<DuplicateHashes>,
        has_totals: bool,
        has_stated_counts: bool,
        days: &Arc<DeclaredDays>,
    ) -> Self {
        let totals = has_totals.then(|| (FileCounts::default(), TalliedRows::new(Arc::clone(days))));
        Self { duplicates: Duplicates::new(candidates), totals, found: has_stated_counts.then(FoundIssues::default) }
    }
}

impl Fold<Entry<'_>> for SecondPass {
    fn push(&mut self, entry: &Entry<'_>) {
        match (entry, &mut self.totals) {
            (Entry::Issue(issue), totals) => {
                self.duplicates.push(issue);
                if let Some((totals, tallied)) = totals {
                    totals.count(issue);
                    tallied.issue(issue);
                }
                if let Some(found) = &mut self.found {
                    found.push(issue);
                }
            }
            (Entry::Declared(declared), Some((totals, _))) => totals.declare(declared),
            (Entry::Inspection(inspection), Some((_, tallied))) => tallied.inspection(inspection),
            _ => {}
        }
    }

    fn merge(&mut self, later: Self) {
        self.duplicates.merge(later.duplicates);
        if let (Some((totals, tallied)), Some((later, later_tallied))) = (&mut self.totals, later.totals) {
            totals.merge(later);
            tallied.merge(later_tallied);
        }
        if let (Some(found), Some(later)) = (&mut self.found, later.found) {
            found.merge(later);
        }
    }
}
