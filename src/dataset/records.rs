//! The rows of a document: as a template sees them, and as they are counted.

use std::ops::Deref;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::dataset::letters::{ByIssue, by_issue, quoted, unit};
use crate::dataset::record::{Record, id, inspection_of, issue_of, record_at};
use crate::dataset::series::{Reported, reported};
use crate::fold::mapped;
use crate::model::state::{AsOf, State};
use crate::model::{Inspection, Issue};
use crate::words::symbol::Symbol;

/// The rows of a document and the lists of the project, each row by its canonical keys.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Lists {
    /// Issues, withdrawn ones left out.
    pub issues: Vec<Record>,
    /// Inspections.
    pub inspections: Vec<Record>,
    /// Measures.
    pub measures: Vec<Record>,
    /// The register.
    pub documents: Vec<Record>,
    /// The project's teams.
    pub teams: Vec<Record>,
    /// The project's sites.
    pub sites: Vec<Record>,
    /// The project's categories.
    pub categories: Vec<Record>,
    /// The project's units.
    pub units: Vec<Record>,
}

impl Lists {
    /// All lists, the units last.
    pub(crate) fn all(&self) -> [&Vec<Record>; 8] {
        let Self { issues, inspections, measures, documents, teams, sites, categories, units } = self;
        [issues, inspections, measures, documents, teams, sites, categories, units]
    }

    /// The same, to be filled.
    pub(crate) fn all_mut(&mut self) -> [&mut Vec<Record>; 8] {
        let Self { issues, inspections, measures, documents, teams, sites, categories, units } = self;
        [issues, inspections, measures, documents, teams, sites, categories, units]
    }

    /// Every record, and whether it is one of the project's units.
    pub(crate) fn each(&self) -> impl Iterator<Item = (&Record, bool)> {
        let lists = self.all();
        let last = lists.len() - 1;
        lists.into_iter().enumerate().flat_map(move |(at, list)| list.iter().map(move |record| (record, at == last)))
    }
}

/// The issues and inspections behind the records, as the counting code knows them: in the same order.
#[derive(Clone, Debug)]
pub(crate) struct CountedRows {
    pub(crate) issues: Vec<Issue<'static>>,
    pub(crate) inspections: Vec<Inspection<'static>>,
}

/// The rows of a document, for templates ([`Lists`]) and for counting.
///
/// What was read from logs is counted as it was read. Only lists that come from elsewhere (`--from-data`, a public edition)
/// are parsed back. Lists can't be changed here, so that both sides never differ.
#[derive(Clone, Debug, Default)]
pub struct Records {
    lists: Lists,
    counted: OnceLock<CountedRows>,
    by_unit: OnceLock<FxHashMap<Symbol, Vec<usize>>>,
    by_issue: OnceLock<ByIssue>,
    reported: OnceLock<Reported>,
}

impl From<Lists> for Records {
    fn from(lists: Lists) -> Self {
        Self { lists, ..Self::default() }
    }
}

impl Deref for Records {
    type Target = Lists;

    fn deref(&self) -> &Lists {
        &self.lists
    }
}

impl PartialEq for Records {
    /// The rest follows from the lists.
    fn eq(&self, other: &Self) -> bool {
        self.lists == other.lists
    }
}

impl Serialize for Records {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.lists.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Records {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Lists::deserialize(deserializer).map(Self::from)
    }
}

impl Records {
    /// Lists with the rows that they were made from: an issue for each record of an issue, in the same order, and so for
    /// inspections.
    pub(super) fn read(lists: Lists, counted: CountedRows) -> Self {
        debug_assert_eq!(lists.issues.len(), counted.issues.len());
        debug_assert_eq!(lists.inspections.len(), counted.inspections.len());
        Self { counted: OnceLock::from(counted), ..lists.into() }
    }

    /// The rows that are counted.
    pub(crate) fn counted(&self) -> &CountedRows {
        self.counted.get_or_init(|| CountedRows {
            issues: mapped(&self.lists.issues, issue_of),
            inspections: mapped(&self.lists.inspections, inspection_of),
        })
    }

    /// The issues with their standings on a day.
    pub(crate) fn issue_states<'r>(&'r self, as_of: &'r AsOf) -> impl Iterator<Item = (&'r Issue<'static>, State)> {
        self.counted().issues.iter().map(|issue| (issue, State::of(issue, as_of)))
    }

    /// The issues of a unit, as indexes in order: a document by units asks for them again and again.
    pub(crate) fn issues_of(&self, unit: &str) -> &[usize] {
        let by_unit = self.by_unit.get_or_init(|| {
            let mut by_unit: FxHashMap<Symbol, Vec<usize>> = FxHashMap::default();
            for (index, issue) in self.counted().issues.iter().enumerate() {
                by_unit.entry(issue.unit.unwrap_or_default()).or_default().push(index);
            }
            by_unit
        });
        by_unit.get(&Symbol::new(unit)).map_or(&[], Vec::as_slice)
    }

    /// The letters of the register to a unit that named an issue, in the order given out: number, date, kind and title of
    /// each, and the limit it set if it set one.
    fn letters_of(&self, issue: &str, addressee: &str) -> Value {
        let by_issue = self.by_issue.get_or_init(|| by_issue(&self.lists.documents));
        let documents = by_issue.get(issue).into_iter().flatten();
        let documents = documents.filter_map(|index| self.lists.documents.get(*index));
        documents.filter(|document| unit(document) == Some(addressee)).map(quoted).collect()
    }

    /// The record of an issue as a template gets it, with its standing on a day and the letters that named it.
    pub(crate) fn issue_at(&self, index: usize, as_of: &AsOf) -> Record {
        let (record, issue) = (self.lists.issues.get(index), self.counted().issues.get(index));
        let (Some(record), Some(issue)) = (record, issue) else { return Record::new() };
        let mut shown = record_at(record, issue, as_of);
        shown.insert("letters".to_owned(), self.letters_of(id(record), issue.unit.map_or("", Symbol::as_str)));
        shown
    }

    /// Whether a document of a series listed an issue.
    pub(crate) fn is_reported_in(&self, series: &str, issue: &Record) -> bool {
        let reported = self.reported.get_or_init(|| reported(&self.lists.documents));
        reported.get(series).is_some_and(|issues| issues.contains(id(issue)))
    }

    /// How many of the issues documents of a series listed.
    #[must_use]
    pub fn reported_in(&self, series: &str) -> usize {
        self.lists.issues.iter().filter(|issue| self.is_reported_in(series, issue)).count()
    }

    /// The same with those issues only of which `holds` says so by their ids.
    #[must_use]
    pub fn with_issues(&self, holds: impl Fn(&str) -> bool) -> Self {
        let CountedRows { issues, inspections } = self.counted();
        let kept = self.lists.issues.iter().zip(issues).filter(|(record, _)| holds(id(record)));
        let (records, issues) = kept.map(|(record, issue)| (record.clone(), issue.clone())).unzip();
        let lists = Lists {
            issues: records,
            inspections: self.lists.inspections.clone(),
            measures: self.lists.measures.clone(),
            documents: self.lists.documents.clone(),
            teams: self.lists.teams.clone(),
            sites: self.lists.sites.clone(),
            categories: self.lists.categories.clone(),
            units: self.lists.units.clone(),
        };
        Self::read(lists, CountedRows { issues, inspections: inspections.clone() })
    }
}
