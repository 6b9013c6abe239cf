//! L108 and R206: duplicate ids and issues, in one file or in two.
//!
//! The first reading keeps a number of eight bytes for each, and of those no more than the memory should hold. What stands
//! for two, or seems to, is looked at in a second reading, by all that makes it the same. A sound log has none.

use std::collections::BTreeMap;
use std::collections::hash_map::Entry;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::sync::Arc;
use std::thread;

use rustc_hash::{FxHashMap, FxHashSet, FxHasher};

use crate::check::numbers::Numbers;
use crate::check::shared::SharedIssues;
use crate::fault::{Code, Faults, Finding};
use crate::model::{Field, Issue};
use crate::place::{Place, SourceId};
use crate::source::Sources;
use crate::words::lang::Lang;
use crate::words::symbol::Symbol;

/// The numbers of all ids and issues.
#[derive(Debug, Default)]
pub(super) struct KnownNumbers {
    ids: Numbers,
    issues: Numbers,
}

/// The numbers that stand for two or more.
#[derive(Clone, Debug, Default)]
pub(super) struct PossibleDuplicates {
    ids: FxHashSet<u64>,
    issues: FxHashSet<u64>,
}

impl KnownNumbers {
    pub(super) fn push(&mut self, issue: &Issue<'_>) {
        let id = issue.row.bytes(Field::Id);
        if !id.is_empty() {
            self.ids.push(number(&id));
        }
        if can_be_same(issue) {
            self.issues.push(number_of(issue));
        }
    }

    pub(super) fn merge(&mut self, later: Self) {
        self.ids.merge(later.ids);
        self.issues.merge(later.issues);
    }

    /// What seems to be a duplicate.
    ///
    /// # Errors
    /// The temporary file of the numbers can't be read again.
    pub(super) fn suspects(self) -> io::Result<PossibleDuplicates> {
        let Self { ids, issues } = self;
        thread::scope(|scope| {
            let ids = scope.spawn(|| ids.twice());
            let issues = issues.twice()?;
            let ids = ids.join().map_err(|_| io::Error::other("a thread died"))??;
            Ok(PossibleDuplicates { ids, issues })
        })
    }
}

impl PossibleDuplicates {
    pub(super) fn is_empty(&self) -> bool {
        self.ids.is_empty() && self.issues.is_empty()
    }
}

/// Where each suspect stood first, and where again.
#[derive(Clone, Debug)]
pub(super) struct Duplicates {
    suspects: Arc<PossibleDuplicates>,
    ids: Occurrences<Box<str>>,
    /// By a hash of 128 bits: two different issues meeting in one is less likely than a fault of the machine.
    issues: Occurrences<(u64, u64)>,
    /// The number of issues of each file.
    files: BTreeMap<SourceId, u64>,
}

/// A row in which a suspect was found.
#[derive(Clone, Copy, Debug)]
struct Occurrence {
    place: Place,
    row: Place,
    /// Hashes of unit, day of finding and description. If none agrees, the same id names another issue.
    says: [u64; 3],
    /// A hash of what may change from one submission to the next.
    standing: u64,
}

impl Occurrence {
    fn new(issue: &Issue<'_>, place: Place) -> Self {
        let says = [number(&issue.unit), number(&issue.found_on), number(&issue.row.bytes(Field::Description))];
        let days = [issue.deadline, issue.rectified_on, issue.verified_on, issue.closed_on];
        let standing = number(&(issue.status, issue.disposition, days));
        Self { place, row: issue.row.place(), says, standing }
    }

    fn is_same_issue(&self, other: &Self) -> bool {
        self.says.iter().zip(&other.says).any(|(one, other)| one == other)
    }
}

#[derive(Clone, Debug)]
struct Occurrences<K> {
    first: FxHashMap<K, Occurrence>,
    again: Vec<(K, Occurrence)>,
}

impl<K> Default for Occurrences<K> {
    fn default() -> Self {
        Self { first: FxHashMap::default(), again: Vec::new() }
    }
}

impl<K: Hash + Eq + Ord + Clone> Occurrences<K> {
    fn push(&mut self, key: K, found: Occurrence) {
        match self.first.entry(key) {
            Entry::Occupied(taken) => self.again.push((taken.key().clone(), found)),
            Entry::Vacant(free) => {
                free.insert(found);
            }
        }
    }

    fn merge(&mut self, later: Self) {
        // In the order of the keys, so that the outcome is the same on every run.
        for (key, found) in later.first.into_iter().collect::<BTreeMap<K, Occurrence>>() {
            self.push(key, found);
        }
        self.again.extend(later.again);
    }

    fn finish(&self, mut each: impl FnMut(&K, &Occurrence, &Occurrence)) {
        for (key, again) in &self.again {
            if let Some(first) = self.first.get(key) {
                each(key, first, again);
            }
        }
    }
}

impl Duplicates {
    pub(super) fn new(suspects: Arc<PossibleDuplicates>) -> Self {
        Self { suspects, ids: Occurrences::default(), issues: Occurrences::default(), files: BTreeMap::new() }
    }

    pub(super) fn push(&mut self, issue: &Issue<'_>) {
        *self.files.entry(issue.row.source).or_default() += 1;
        let id = issue.row.bytes(Field::Id);
        if !id.is_empty() && self.suspects.ids.contains(&number(&id)) {
            let found = Occurrence::new(issue, issue.row.field_place(Field::Id));
            self.ids.push(issue.text(Field::Id).as_ref().into(), found);
        }
        if can_be_same(issue) && self.suspects.issues.contains(&number_of(issue)) {
            self.issues.push(signature(issue), Occurrence::new(issue, issue.row.place()));
        }
    }

    pub(super) fn merge(&mut self, later: Self) {
        self.ids.merge(later.ids);
        self.issues.merge(later.issues);
        for (file, count) in later.files {
            *self.files.entry(file).or_default() += count;
        }
    }

    /// Adds a fault for each row that is a duplicate in its own file, and one for each pair of files that share issues.
    pub(super) fn finish(&self, sources: &Sources, faults: &mut Faults) {
        let mut shared = SharedIssues::default();
        self.issues.finish(|_, first, again| {
            if first.row.source == again.row.source {
                faults.add_full(again.place, DuplicateIssue, None, Some(first.place));
            } else {
                shared.add((first.row, first.standing), (again.row, again.standing));
            }
        });
        self.ids.finish(|id, first, again| {
            if first.row.source != again.row.source && first.is_same_issue(again) {
                shared.add((first.row, first.standing), (again.row, again.standing));
            } else {
                let what = DuplicateId { id: id.to_string() };
                faults.add_full(again.place, what, Some(Field::Id), Some(first.place));
            }
        });
        shared.finish(&self.files, sources, faults);
    }
}

/// An issue without description or unit has its own fault; many of them are not the same.
fn can_be_same(issue: &Issue<'_>) -> bool {
    issue.unit.is_some() && !issue.row.bytes(Field::Description).is_empty()
}

/// What makes two rows the same issue: unit, categories, site, day, description.
fn identity(issue: &Issue<'_>, hasher: &mut impl Hasher) {
    for value in [issue.unit, issue.site].into_iter().chain(issue.categories.iter().copied().map(Some)) {
        value.map(Symbol::as_str).hash(hasher);
    }
    issue.found_on.hash(hasher);
    issue.row.bytes(Field::Description).hash(hasher);
}

pub(super) fn signature(issue: &Issue<'_>) -> (u64, u64) {
    let hash = |salt: u8| {
        let mut hasher = DefaultHasher::new();
        salt.hash(&mut hasher);
        identity(issue, &mut hasher);
        hasher.finish()
    };
    (hash(0), hash(1))
}

/// A number of the same, for this run alone: symbols are hashed by where they lie.
fn number_of(issue: &Issue<'_>) -> u64 {
    number(&(issue.unit, issue.site, issue.categories.as_slice(), issue.found_on, issue.row.bytes(Field::Description)))
}

fn number(value: &impl Hash) -> u64 {
    let mut hasher = FxHasher::default();
    value.hash(&mut hasher);
    hasher.finish()
}

/// An id that an issue before has.
#[derive(Debug)]
struct DuplicateId {
    id: String,
}

impl Finding for DuplicateId {
    fn code(&self) -> Code {
        const { Code::known("L108") }
    }

    fn field(&self) -> Option<Field> {
        Some(Field::Id)
    }

    fn words(&self, _: Option<Field>, lang: Lang) -> (String, String) {
        let Self { id } = self;
        match lang {
            Lang::Zh => (format!("编号“{id}”已经用过"), "每个问题一个编号".into()),
            Lang::En => (format!("the id `{id}` is taken already"), "give each issue an id of its own".into()),
        }
    }
}

/// An issue that was entered before.
#[derive(Debug)]
struct DuplicateIssue;

impl Finding for DuplicateIssue {
    fn code(&self) -> Code {
        const { Code::known("R206") }
    }

    fn words(&self, _: Option<Field>, lang: Lang) -> (String, String) {
        match lang {
            Lang::Zh => {
                ("同一单位、类别、点位、日期、描述的问题已经登记过".into(), "若确是两个问题，在描述里说明区别".into())
            }
            Lang::En => (
                "an issue with the same unit, category, site, day and description stands before".into(),
                "if these are two issues, let the descriptions tell them apart".into(),
            ),
        }
    }
}
