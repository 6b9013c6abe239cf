//! L108 and R206: duplicate ids and issues, in one file or across files.
//!
//! The first pass keeps a hash of 64 bits for each id and each issue, and moves them to a temporary file when there are
//! too many for memory. Ids and issues whose hash occurs more than once, by chance or because they are duplicates, are
//! compared in full in a second pass. A log without duplicates hardly ever needs one.

use std::collections::BTreeMap;
use std::collections::hash_map::Entry;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::sync::Arc;
use std::thread;

use rustc_hash::{FxHashMap, FxHashSet, FxHasher};

use crate::check::numbers::Numbers;
use crate::fault::{Code, Faults, Finding};
use crate::model::identity::RowNumbers;
use crate::model::{Field, Issue};
use crate::place::{Place, SourceId};
use crate::words::lang::Lang;
use crate::words::symbol::Symbol;

/// The hashes of all ids and issues.
#[derive(Debug, Default)]
pub(super) struct IssueHashes {
    ids: Numbers,
    issues: Numbers,
}

/// The hashes that occur more than once.
#[derive(Clone, Debug, Default)]
pub(super) struct DuplicateHashes {
    ids: FxHashSet<u64>,
    issues: FxHashSet<u64>,
}

impl IssueHashes {
    pub(super) fn push(&mut self, issue: &Issue<'_>) {
        let id = issue.row.bytes(Field::Id);
        if !id.is_empty() {
            self.ids.push(hash_of(&id));
        }
        if is_comparable(issue) {
            self.issues.push(issue_hash(issue));
        }
    }

    pub(super) fn merge(&mut self, later: Self) {
        self.ids.merge(later.ids);
        self.issues.merge(later.issues);
    }

    /// Returns the hashes that occur more than once.
    ///
    /// # Errors
    /// Fails if the temporary file can't be written or read.
    pub(super) fn duplicates(self) -> io::Result<DuplicateHashes> {
        let Self { ids, issues } = self;
        thread::scope(|scope| {
            let ids = scope.spawn(|| ids.duplicates());
            let issues = issues.duplicates()?;
            let ids = ids.join().map_err(|_| io::Error::other("a thread panicked"))??;
            Ok(DuplicateHashes { ids, issues })
        })
    }
}

impl DuplicateHashes {
    pub(super) fn is_empty(&self) -> bool {
        self.ids.is_empty() && self.issues.is_empty()
    }
}

/// The places of all ids and issues whose hash occurs more than once.
#[derive(Clone, Debug)]
pub(super) struct Duplicates {
    candidates: Arc<DuplicateHashes>,
    ids: Occurrences<Box<str>>,
    /// By a hash of 128 bits: a collision of two different issues is less likely than a hardware error.
    issues: Occurrences<(u64, u64)>,
    /// Which ids are a 序号, which begins again in every file.
    numbers: RowNumbers,
}

/// The first place of each key, and the places of its repetitions in the order of the logs.
#[derive(Clone, Debug)]
struct Occurrences<K> {
    first: FxHashMap<K, Place>,
    repeated: Vec<(K, Place)>,
}

impl<K> Default for Occurrences<K> {
    fn default() -> Self {
        Self { first: FxHashMap::default(), repeated: Vec::new() }
    }
}

impl<K: Hash + Eq + Ord + Clone> Occurrences<K> {
    fn push(&mut self, key: K, place: Place) {
        match self.first.entry(key) {
            Entry::Occupied(entry) => self.repeated.push((entry.key().clone(), place)),
            Entry::Vacant(entry) => {
                entry.insert(place);
            }
        }
    }

    fn merge(&mut self, later: Self) {
        // In the order of the keys, so that the result is the same on every run.
        for (key, place) in later.first.into_iter().collect::<BTreeMap<K, Place>>() {
            self.push(key, place);
        }
        self.repeated.extend(later.repeated);
    }

    fn finish(&self, mut each: impl FnMut(&K, Place, Place)) {
        for (key, place) in &self.repeated {
            if let Some(first) = self.first.get(key) {
                each(key, *first, *place);
            }
        }
    }
}

impl Duplicates {
    pub(super) fn new(candidates: Arc<DuplicateHashes>) -> Self {
        let (ids, issues, numbers) = Default::default();
        Self { candidates, ids, issues, numbers }
    }

    pub(super) fn push(&mut self, issue: &Issue<'_>) {
        self.numbers.push(issue);
        let id = issue.row.bytes(Field::Id);
        if !id.is_empty() && self.candidates.ids.contains(&hash_of(&id)) {
            self.ids.push(issue.text(Field::Id).as_ref().into(), issue.row.field_place(Field::Id));
        }
        if is_comparable(issue) && self.candidates.issues.contains(&issue_hash(issue)) {
            self.issues.push(signature(issue), issue.row.place());
        }
    }

    pub(super) fn merge(&mut self, later: Self) {
        self.ids.merge(later.ids);
        self.issues.merge(later.issues);
        self.numbers.merge(&later.numbers);
    }

    pub(super) fn finish(&self, faults: &mut Faults) {
        let row_numbers: FxHashSet<SourceId> = self.numbers.sources().collect();
        self.ids.finish(|id, first, place| {
            if row_numbers.contains(&first.source) || row_numbers.contains(&place.source) {
                return;
            }
            let what = DuplicateId { id: id.to_string() };
            faults.add_full(place, what, Some(Field::Id), Some(first));
        });
        self.issues.finish(|_, first, place| faults.add_full(place, DuplicateIssue, None, Some(first)));
    }
}

/// Whether an issue has both unit and description. One without is reported as such, and is not compared: several of
/// them are not the same issue.
fn is_comparable(issue: &Issue<'_>) -> bool {
    issue.unit.is_some() && !issue.row.bytes(Field::Description).is_empty()
}

/// Hashes what identifies an issue: unit, site, categories, date found, description.
fn hash_identity(issue: &Issue<'_>, hasher: &mut impl Hasher) {
    for value in [issue.unit, issue.site].into_iter().chain(issue.categories.iter().copied().map(Some)) {
        value.map(Symbol::as_str).hash(hasher);
    }
    issue.found_on.hash(hasher);
    issue.row.bytes(Field::Description).hash(hasher);
}

/// Returns a hash of 128 bits of what identifies an issue; the same in every run.
pub(super) fn signature(issue: &Issue<'_>) -> (u64, u64) {
    let hash = |salt: u8| {
        let mut hasher = DefaultHasher::new();
        salt.hash(&mut hasher);
        hash_identity(issue, &mut hasher);
        hasher.finish()
    };
    (hash(0), hash(1))
}

/// Returns a fast hash of what identifies an issue, valid only within this process: symbols are hashed by address.
fn issue_hash(issue: &Issue<'_>) -> u64 {
    hash_of(&(issue.unit, issue.site, issue.categories.as_slice(), issue.found_on, issue.row.bytes(Field::Description)))
}

fn hash_of(value: &impl Hash) -> u64 {
    let mut hasher = FxHasher::default();
    value.hash(&mut hasher);
    hasher.finish()
}

/// An id that an earlier row already has.
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
            Lang::En => (format!("duplicate id `{id}`"), "give each issue its own id".into()),
        }
    }
}

/// An issue that an earlier row already has.
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
                "duplicate issue: an earlier row has the same unit, category, site, date and description".into(),
                "remove one; if they are two issues, make the descriptions differ".into(),
            ),
        }
    }
}
