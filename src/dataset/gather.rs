//! Keeps the rows of a document while the logs are read.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::album::Album;
use crate::dataset::issues::ReadIssues;
use crate::dataset::line_breaks;
use crate::dataset::record::{IssueMarks, Record, RowFile, inspection_record, listed, measure_record};
use crate::dataset::records::{CountedRows, Lists, Records};
use crate::due::recognise::{Bystanders, Signs};
use crate::fold::{Fold, mapped};
use crate::model::known::KnownIssue;
use crate::model::moves::{Move, Submission, Unmatched};
use crate::model::period::Period;
use crate::model::state::{AsOf, State};
use crate::model::{Entry, Field, Inspection, Issue, Measure, Row};
use crate::project::Project;
use crate::source::Sources;
use crate::tally::as_of_summary::AsOfSummary;
use crate::tally::select::Filter;

/// The rows of a document, kept while the logs are read.
#[derive(Clone, Debug)]
pub struct Gather {
    as_of: AsOf,
    filter: Filter,
    summary: AsOfSummary,
    issues: Vec<Issue<'static>>,
    inspections: Vec<Inspection<'static>>,
    measures: Vec<Measure<'static>>,
    bystanders: Bystanders,
    /// All issues of the run, if they are to be compared with an earlier submission; and where those kept are among them.
    submission: Option<Submission>,
    kept_at: Vec<usize>,
}

impl Gather {
    /// Nothing kept yet. The filter's period is left open: a template may look beyond the document's own.
    #[must_use]
    pub fn new(as_of: AsOf, filter: Filter, signs: &Arc<Signs>) -> Self {
        let filter = Filter { period: Period::default(), ..filter };
        let (summary, bystanders) = (AsOfSummary::default(), Bystanders::new(Arc::clone(signs)));
        let (issues, inspections, measures, kept_at) = Default::default();
        Self { as_of, filter, summary, issues, inspections, measures, bystanders, submission: None, kept_at }
    }

    /// The same, to be compared with an earlier submission.
    #[must_use]
    pub fn comparing(self) -> Self {
        Self { submission: Some(Submission::default()), ..self }
    }

    /// How the issues kept moved since an earlier submission, and what of it was not found again among all issues.
    #[must_use]
    pub fn moves_since(&self, earlier: &Submission) -> (Vec<Option<Move>>, Unmatched) {
        let Some(now) = &self.submission else { return Default::default() };
        let matching = now.matched(earlier);
        let moves = self.kept_at.iter().map(|at| now.moved(*at, &matching, earlier)).collect();
        (moves, Unmatched { gone: matching.gone.len(), near: matching.near.len() })
    }

    /// All issues of the run, if they are to be compared with those of another.
    #[must_use]
    pub fn submission(&self) -> Option<&Submission> {
        self.submission.as_ref()
    }

    /// What the as-of day did to the rows selected.
    pub fn summary(&mut self) -> &mut AsOfSummary {
        &mut self.summary
    }

    /// Returns what the issues are known by, in their order, and after them those that a letter may have named and that
    /// are not among them.
    #[must_use]
    pub fn known(&self, sources: &Sources) -> Vec<KnownIssue> {
        self.bystanders.known(&self.issues, &self.as_of, sources)
    }

    /// The rows, with the lists of the project. `known` is what the issues are known by ([`known`](Self::known)), `moves`
    /// how they moved ([`moves_since`](Self::moves_since)), empty if they are compared with nothing;
    /// `documents` come from [`document_record`](crate::dataset::document_record), the photos of the issues from `album`.
    #[must_use]
    pub fn finish(
        self,
        sources: &Sources,
        project: &Project,
        known: &[KnownIssue],
        moves: &[Option<Move>],
        documents: Vec<Record>,
        album: &Album,
    ) -> Records {
        let from = |row: &Row| sources.get(row.source);
        let mut files = BTreeMap::new();
        for issue in &self.issues {
            files.entry(issue.row.source).or_insert_with(|| RowFile::from(from(&issue.row)));
        }
        let marks = self.issues.iter().zip(known).enumerate().map(|(index, (issue, known))| IssueMarks {
            key: known.key.as_str().into(),
            number: known.number.as_str().into(),
            moved: moves.get(index).copied().flatten(),
            photos: album.of(&issue.row).into(),
        });
        let marks = marks.collect();
        // Shown and counted with the id that an issue is given where the log gives none, and with line breaks.
        let issues = self.issues.into_iter().zip(known);
        let issues = issues.map(|(issue, known)| line_breaks::issue(issue).with_id(&known.handle)).collect();
        let read = ReadIssues { marks, files: Arc::new(files), as_of: self.as_of };
        let lists = Lists {
            issues: Vec::new(),
            inspections: mapped(&self.inspections, |one| inspection_record(one, from(&one.row))),
            measures: self.measures.iter().map(|one| measure_record(one, from(&one.row))).collect(),
            documents,
            teams: project.teams.iter().map(listed).collect(),
            sites: project.sites.iter().map(listed).collect(),
            categories: project.categories.iter().map(listed).collect(),
            units: project.units.iter().map(listed).collect(),
        };
        let inspections = self.inspections.into_iter().map(line_breaks::inspection).collect();
        Records::read(read, lists, CountedRows { issues, inspections })
    }
}

impl Fold<Entry<'_>> for Gather {
    fn push(&mut self, entry: &Entry<'_>) {
        match entry {
            Entry::Issue(issue) => {
                let state = State::of(issue, &self.as_of);
                self.summary.look_at(state);
                let is_listed = self.filter.holds(issue, state);
                let at = self.submission.as_ref().map_or(0, |all| all.issues.len());
                let is_there = self.submission.as_mut().is_some_and(|all| all.push(issue, state));
                if is_listed && is_there {
                    self.kept_at.push(at);
                }
                self.bystanders.push(issue, is_listed);
                if is_listed {
                    self.summary.count(state, 1);
                    self.issues.push(issue.clone().into_owned());
                } else if state.not_yet_found && self.filter.holds_at_any_day(issue, state) {
                    self.summary.leave_out(&issue.row, Field::FoundOn);
                }
            }
            Entry::Inspection(inspection) => {
                if self.filter.speaks_of_inspections() && !self.filter.holds_inspection(inspection) {
                    return;
                }
                if inspection.date > Some(self.as_of.day) {
                    self.summary.leave_out(&inspection.row, Field::Date);
                } else {
                    self.inspections.push(inspection.clone().into_owned());
                }
            }
            Entry::Measure(measure) => {
                if measure.date > Some(self.as_of.day) {
                    self.summary.leave_out(&measure.row, Field::Date);
                } else {
                    self.measures.push(measure.clone().into_owned());
                }
            }
            Entry::Declared(_) => {}
        }
    }

    fn merge(&mut self, later: Self) {
        self.summary.merge(&later.summary);
        let before = self.submission.as_ref().map_or(0, |all| all.issues.len());
        self.kept_at.extend(later.kept_at.into_iter().map(|at| before + at));
        if let (Some(all), Some(later)) = (&mut self.submission, later.submission) {
            all.merge(later);
        }
        self.issues.extend(later.issues);
        self.inspections.extend(later.inspections);
        self.measures.extend(later.measures);
        self.bystanders.merge(later.bystanders);
    }
}
