//! Keeps the rows of a document while the logs are read.

use crate::dataset::line_breaks;
use crate::dataset::record::{Record, id, inspection_record, issue_record, listed, measure_record};
use crate::dataset::records::{CountedRows, Lists, Records};
use crate::fold::{Fold, mapped};
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
}

impl Gather {
    /// Nothing kept yet. The filter's period is left open: a template may look beyond the document's own.
    #[must_use]
    pub fn new(as_of: AsOf, filter: Filter) -> Self {
        let filter = Filter { period: Period::default(), ..filter };
        let summary = AsOfSummary::default();
        Self { as_of, filter, summary, issues: Vec::new(), inspections: Vec::new(), measures: Vec::new() }
    }

    /// What the as-of day did to the rows selected.
    pub fn summary(&mut self) -> &mut AsOfSummary {
        &mut self.summary
    }

    /// The rows, with the lists of the project. `documents` come from
    /// [`document_record`](crate::dataset::document_record).
    #[must_use]
    pub fn finish(self, sources: &Sources, project: &Project, documents: Vec<Record>) -> Records {
        let from = |row: &Row| sources.get(row.source);
        let records = mapped(&self.issues, |issue| issue_record(issue, &self.as_of, from(&issue.row)));
        // Counted by what templates know: the id that an issue is given where the log gives none, and line breaks.
        let issues = self.issues.into_iter().zip(&records);
        let issues = issues.map(|(issue, record)| line_breaks::issue(issue).with_id(id(record))).collect();
        let lists = Lists {
            issues: records,
            inspections: mapped(&self.inspections, |one| inspection_record(one, from(&one.row))),
            measures: self.measures.iter().map(|one| measure_record(one, from(&one.row))).collect(),
            documents,
            teams: project.teams.iter().map(listed).collect(),
            sites: project.sites.iter().map(listed).collect(),
            categories: project.categories.iter().map(listed).collect(),
            units: project.units.iter().map(listed).collect(),
        };
        let inspections = self.inspections.into_iter().map(line_breaks::inspection).collect();
        Records::read(lists, CountedRows { issues, inspections })
    }
}

impl Fold<Entry<'_>> for Gather {
    fn push(&mut self, entry: &Entry<'_>) {
        match entry {
            Entry::Issue(issue) => {
                let state = State::of(issue, &self.as_of);
                self.summary.look_at(issue, self.as_of.day);
                if self.filter.holds(issue, state) {
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
        self.issues.extend(later.issues);
        self.inspections.extend(later.inspections);
        self.measures.extend(later.measures);
    }
}
