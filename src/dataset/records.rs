//! The rows of a document: as a template sees them, and as they are counted.

use std::borrow::Cow;
use std::sync::OnceLock;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::ser::SerializeStruct as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::dataset::issues::{IssueList, ListedIssue, ReadIssues};
use crate::dataset::letters::{ByIssue, by_issue, quoted, unit};
use crate::dataset::list_name::ListName;
use crate::dataset::record::{OF_PERSON, Record, WantedKeys, inspection_of, issue_of};
use crate::dataset::row_ref::RowRef;
use crate::dataset::series::{Reported, reported};
use crate::fold::mapped;
use crate::model::state::{AsOf, State};
use crate::model::{Inspection, Issue};
use crate::words::symbol::Symbol;

/// Under this key of an issue templates get the letters that named it.
const LETTERS: &str = "letters";

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
/// What was read from logs is counted as it was read, and its records are made when they are asked for. Only lists that
/// come from elsewhere (`--from-data`, a public edition) are parsed back. Lists can't be changed here, so that both sides
/// never differ.
#[derive(Clone, Debug, Default)]
pub struct Records {
    issues: IssueList,
    /// All lists but the issues.
    others: Lists,
    counted: OnceLock<CountedRows>,
    /// The standings on the first day that was asked for.
    states: OnceLock<(AsOf, Vec<State>)>,
    by_unit: OnceLock<FxHashMap<Symbol, Vec<usize>>>,
    by_issue: OnceLock<ByIssue>,
    reported: OnceLock<Reported>,
    /// Where the last issue of an id stands that several have.
    last_of_id: OnceLock<FxHashMap<String, usize>>,
}

impl From<Lists> for Records {
    fn from(mut lists: Lists) -> Self {
        let issues = IssueList::Given(std::mem::take(&mut lists.issues));
        Self { issues, others: lists, ..Self::default() }
    }
}

impl PartialEq for Records {
    /// The rest follows from the lists.
    fn eq(&self, other: &Self) -> bool {
        self.others == other.others
            && self.issues.len() == other.issues.len()
            && self.each_issue().zip(other.each_issue()).all(|(one, other)| one.record() == other.record())
    }
}

impl Serialize for Records {
    /// As [`Lists`].
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct Issues<'r>(&'r Records);

        impl Serialize for Issues<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_seq(self.0.each_issue().map(ListedIssue::record))
            }
        }

        let Lists { issues: _, inspections, measures, documents, teams, sites, categories, units } = &self.others;
        let mut lists = serializer.serialize_struct("Lists", ListName::ALL.len())?;
        lists.serialize_field("issues", &Issues(self))?;
        lists.serialize_field("inspections", inspections)?;
        lists.serialize_field("measures", measures)?;
        lists.serialize_field("documents", documents)?;
        lists.serialize_field("teams", teams)?;
        lists.serialize_field("sites", sites)?;
        lists.serialize_field("categories", categories)?;
        lists.serialize_field("units", units)?;
        lists.end()
    }
}

impl<'de> Deserialize<'de> for Records {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Lists::deserialize(deserializer).map(Self::from)
    }
}

impl Records {
    /// The rows of logs, with the lists that are no issues. `issues` are those of `counted`, in the same order.
    pub(super) fn read(issues: ReadIssues, others: Lists, counted: CountedRows) -> Self {
        debug_assert_eq!(issues.marks.len(), counted.issues.len());
        debug_assert_eq!(others.inspections.len(), counted.inspections.len());
        debug_assert!(others.issues.is_empty());
        let issues = IssueList::Read(issues);
        Self { issues, others, counted: OnceLock::from(counted), ..Self::default() }
    }

    /// All lists, with every issue as a record.
    pub(super) fn to_lists(&self) -> Lists {
        let issues = self.each_issue().map(|issue| issue.record().into_owned()).collect();
        Lists { issues, ..self.others.clone() }
    }

    /// A list of other records than issues; of issues nothing.
    #[must_use]
    pub(crate) fn others(&self, list: ListName) -> &[Record] {
        let Lists { issues, inspections, measures, documents, teams, sites, categories, units } = &self.others;
        match list {
            ListName::Issues => issues,
            ListName::Inspections => inspections,
            ListName::Measures => measures,
            ListName::Documents => documents,
            ListName::Teams => teams,
            ListName::Sites => sites,
            ListName::Categories => categories,
            ListName::Units => units,
        }
    }

    /// The issue at an index.
    pub(crate) fn issue(&self, index: usize) -> Option<ListedIssue<'_>> {
        self.issues.get(index, self.counted().issues.get(index)?)
    }

    /// The issues in their order.
    pub(crate) fn each_issue(&self) -> impl Iterator<Item = ListedIssue<'_>> {
        (0..self.issues.len()).filter_map(|index| self.issue(index))
    }

    /// A record of a list.
    pub(crate) fn record(&self, list: ListName, index: usize) -> Option<Cow<'_, Record>> {
        match list {
            ListName::Issues => self.issue(index).map(ListedIssue::record),
            list => self.others(list).get(index).map(Cow::Borrowed),
        }
    }

    /// Where a record of a list stands, what it is called, and whether its standing on a day is that of a word without one.
    pub(super) fn row_ref(&self, list: ListName, index: usize, as_of: &AsOf) -> Option<RowRef> {
        match list {
            ListName::Issues => {
                let state = State::of(self.counted().issues.get(index)?, as_of);
                let row = self.issue(index)?.row_ref();
                Some(RowRef { undated: state.by_undated_word || state.denied, ..row })
            }
            list => self.others(list).get(index).map(RowRef::of),
        }
    }

    /// Whether a record of a list names a person, or did before that was masked.
    pub(super) fn is_of_person(&self, list: ListName, index: usize) -> bool {
        match list {
            ListName::Issues => self.issue(index).is_some_and(ListedIssue::is_of_person),
            list => self.others(list).get(index).is_some_and(|record| record.contains_key(OF_PERSON)),
        }
    }

    /// The rows that are counted.
    pub(crate) fn counted(&self) -> &CountedRows {
        self.counted.get_or_init(|| {
            let issues = match &self.issues {
                IssueList::Given(records) => mapped(records, issue_of),
                // They came with their rows.
                IssueList::Read(_) => Vec::new(),
            };
            CountedRows { issues, inspections: mapped(&self.others.inspections, inspection_of) }
        })
    }

    /// The standings of the issues on a day, in their order.
    pub(crate) fn states(&self, as_of: &AsOf) -> Cow<'_, [State]> {
        let states = || self.counted().issues.iter().map(|issue| State::of(issue, as_of)).collect::<Vec<_>>();
        let (day, known) = self.states.get_or_init(|| (as_of.clone(), states()));
        let is_known = (day.day, day.soon) == (as_of.day, as_of.soon);
        if is_known { known.into() } else { states().into() }
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

    /// Of issues with one id, the last; of one that has its id for itself, itself.
    pub(crate) fn last_of_id(&self, index: usize) -> Option<usize> {
        let last = self.last_of_id.get_or_init(|| {
            let (mut seen, mut last) = (FxHashSet::default(), FxHashMap::default());
            for (index, issue) in self.each_issue().enumerate() {
                let id = issue.id();
                if seen.contains(&id) {
                    last.insert(id.into_owned(), index);
                } else {
                    seen.insert(id);
                }
            }
            last
        });
        let issue = self.issue(index)?;
        Some(if last.is_empty() { index } else { last.get(&*issue.id()).copied().unwrap_or(index) })
    }

    /// The letters of the register to a unit that named an issue, in the order given out: number, date, kind and title of
    /// each, and the limit it set if it set one.
    fn letters_of(&self, issue: &str, addressee: &str) -> Value {
        let by_issue = self.by_issue.get_or_init(|| by_issue(&self.others.documents));
        let documents = by_issue.get(issue).into_iter().flatten();
        let documents = documents.filter_map(|index| self.others.documents.get(*index));
        documents.filter(|document| unit(document) == Some(addressee)).map(quoted).collect()
    }

    /// What is wanted of the record of an issue, or more, as a template gets it, with its standing on a day and the letters
    /// that named it.
    pub(crate) fn issue_at(&self, index: usize, as_of: &AsOf, wanted: &WantedKeys) -> Record {
        let (listed, issue) = (self.issue(index), self.counted().issues.get(index));
        let (Some(listed), Some(issue)) = (listed, issue) else { return Record::new() };
        let mut shown = listed.for_template(issue, as_of, wanted);
        if wanted.has(LETTERS) {
            shown.insert(LETTERS.to_owned(), self.letters_of(&listed.id(), issue.unit.map_or("", Symbol::as_str)));
        }
        shown
    }

    /// What documents of a series listed, as the run calls it.
    pub(crate) fn reported(&self, series: &str) -> Option<&FxHashSet<String>> {
        self.reported.get_or_init(|| reported(&self.others.documents)).get(series)
    }

    /// How many of the issues documents of a series listed.
    #[must_use]
    pub fn reported_in(&self, series: &str) -> usize {
        let Some(reported) = self.reported(series) else { return 0 };
        self.each_issue().filter(|issue| reported.contains(&*issue.id())).count()
    }

    /// The same with those issues only of which `holds` says so by their ids.
    #[must_use]
    pub fn with_issues(&self, holds: impl Fn(&str) -> bool) -> Self {
        let CountedRows { issues, inspections } = self.counted();
        let kept: Vec<usize> =
            (0..issues.len()).filter(|index| self.issue(*index).is_some_and(|issue| holds(&issue.id()))).collect();
        let listed = match &self.issues {
            IssueList::Given(records) => IssueList::Given(those(records, &kept)),
            IssueList::Read(read) => {
                let (marks, files) = (those(&read.marks, &kept), read.files.clone());
                IssueList::Read(ReadIssues { marks, files, as_of: read.as_of.clone() })
            }
        };
        let counted = CountedRows { issues: those(issues, &kept), inspections: inspections.clone() };
        let others = self.others.clone();
        Self { issues: listed, others, counted: OnceLock::from(counted), ..Self::default() }
    }
}

/// The items at some indexes.
fn those<T: Clone>(all: &[T], kept: &[usize]) -> Vec<T> {
    kept.iter().filter_map(|index| all.get(*index).cloned()).collect()
}
