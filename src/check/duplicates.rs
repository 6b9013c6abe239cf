//! L108 and R206: duplicate ids and issues, in one file or across files.
//!
//! The first pass keeps a hash of 64 bits for each id and each issue, and moves them to a temporary file when there are
//! too many for memory. Ids and issues whose hash occurs more than once, by chance or because they are duplicates, are
//! compared in full in a second pass. A log without duplicates hardly ever needs one.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::hash_map::Entry;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet, FxHasher};

use crate::check::numbers::Numbers;
use crate::check::shared::SharedIssues;
use crate::fault::{Code, Faults, Finding, KnownBy};
use crate::model::form_id::is_form_id;
use crate::model::identity::{RowNumbers, as_normalised, is_same_issue};
use crate::model::{Field, Issue};
use crate::place::{Place, SourceId};
use crate::platform::threads;
use crate::source::Sources;
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
            self.issues.push(issue_hash(issue, &description(issue)));
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
        if ids.are_few() && issues.are_few() {
            return Ok(DuplicateHashes { ids: ids.duplicates()?, issues: issues.duplicates()? });
        }
        let (ids, issues) = threads::both(|| ids.duplicates(), || issues.duplicates());
        Ok(DuplicateHashes { ids: ids?, issues: issues? })
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
    /// The number of issues of each file.
    files: BTreeMap<SourceId, u64>,
    /// Which ids are a 序号, which begins again in every file.
    numbers: RowNumbers,
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
        let says = [hash_of(&issue.unit), hash_of(&issue.found_on), hash_of(&description(issue))];
        let days = [issue.deadline, issue.rectified_on, issue.verified_on, issue.closed_on];
        let standing = hash_of(&(issue.status, issue.disposition, days));
        Self { place, row: issue.row.place(), says, standing }
    }

    fn is_same_issue(&self, other: &Self, id: &str) -> bool {
        let ([unit, day, description], [unit_again, day_again, description_again]) = (self.says, other.says);
        is_same_issue(id.as_bytes(), unit == unit_again, day == day_again, description == description_again)
    }
}

/// The first place of each key, and the places of its repetitions in the order of the logs.
#[derive(Clone, Debug)]
struct Occurrences<K> {
    first: FxHashMap<K, Occurrence>,
    repeated: Vec<(K, Occurrence)>,
}

impl<K> Default for Occurrences<K> {
    fn default() -> Self {
        Self { first: FxHashMap::default(), repeated: Vec::new() }
    }
}

impl<K: Hash + Eq + Ord + Clone> Occurrences<K> {
    fn push(&mut self, key: K, found: Occurrence) {
        match self.first.entry(key) {
            Entry::Occupied(entry) => self.repeated.push((entry.key().clone(), found)),
            Entry::Vacant(entry) => {
                entry.insert(found);
            }
        }
    }

    fn merge(&mut self, later: Self) {
        // In the order of the keys, so that the result is the same on every run.
        for (key, found) in later.first.into_iter().collect::<BTreeMap<K, Occurrence>>() {
            self.push(key, found);
        }
        self.repeated.extend(later.repeated);
    }

    fn finish(&self, mut each: impl FnMut(&K, &Occurrence, &Occurrence)) {
        for (key, again) in &self.repeated {
            if let Some(first) = self.first.get(key) {
                each(key, first, again);
            }
        }
    }
}

impl Duplicates {
    pub(super) fn new(candidates: Arc<DuplicateHashes>) -> Self {
        let (ids, issues, files, numbers) = Default::default();
        Self { candidates, ids, issues, files, numbers }
    }

    pub(super) fn push(&mut self, issue: &Issue<'_>) {
        *self.files.entry(issue.row.source).or_default() += 1;
        self.numbers.push(issue);
        let id = issue.row.bytes(Field::Id);
        if !id.is_empty() && self.candidates.ids.contains(&hash_of(&id)) {
            let found = Occurrence::new(issue, issue.row.field_place(Field::Id));
            self.ids.push(issue.text(Field::Id).as_ref().into(), found);
        }
        if is_comparable(issue) {
            let description = description(issue);
            if self.candidates.issues.contains(&issue_hash(issue, &description)) {
                self.issues.push(signature(issue, &description), Occurrence::new(issue, issue.row.place()));
            }
        }
    }

    pub(super) fn merge(&mut self, later: Self) {
        self.ids.merge(later.ids);
        self.issues.merge(later.issues);
        self.numbers.merge(&later.numbers);
        for (file, count) in later.files {
            *self.files.entry(file).or_default() += count;
        }
    }

    /// Adds a fault for each row that is a duplicate in its own file, and one for each pair of files that share issues.
    pub(super) fn finish(&self, sources: &Sources, faults: &mut Faults) {
        let mut shared = SharedIssues::default();
        let row_numbers: FxHashSet<SourceId> = self.numbers.sources().collect();
        self.issues.finish(|_, first, again| {
            if first.row.source == again.row.source {
                faults.add_full(again.place, DuplicateIssue, None, Some(first.place));
            } else {
                shared.add((first.row, first.standing), (again.row, again.standing));
            }
        });
        // Of an id of a form, its first place in each file.
        let mut of_form: FxHashMap<(Box<str>, SourceId), Place> = FxHashMap::default();
        self.ids.finish(|id, first, again| {
            let (was, is) = (first.row.source, again.row.source);
            if row_numbers.contains(&was) || row_numbers.contains(&is) {
                return;
            }
            if is_form_id(id.as_bytes()) {
                of_form.entry((id.clone(), was)).or_insert(first.place);
                let first = *of_form.entry((id.clone(), is)).or_insert(again.place);
                if first != again.place {
                    faults.add_full(again.place, CopiedId { id: id.to_string() }, Some(Field::Id), Some(first));
                    return;
                }
                // The rows of such an id are known by what they say, and were compared above.
                if self.numbers.is_copied(was, id) || self.numbers.is_copied(is, id) {
                    return;
                }
            }
            if first.row.source != again.row.source && first.is_same_issue(again, id) {
                shared.add((first.row, first.standing), (again.row, again.standing));
            } else {
                let what = DuplicateId { id: id.to_string() };
                faults.add_full(again.place, what, Some(Field::Id), Some(first.place));
            }
        });
        shared.finish(&self.files, sources, faults);
    }
}

/// Whether an issue has both unit and description. One without is reported as such, and is not compared: several of
/// them are not the same issue.
fn is_comparable(issue: &Issue<'_>) -> bool {
    let [unit, ..] = issue.names();
    !unit.is_empty() && !issue.row.bytes(Field::Description).is_empty()
}

/// The description as it is compared: a full stop, a blank or a line break more makes no other issue. The identity that
/// letters and the register know an issue by has the same form, so that no row is one issue here and two there.
fn description<'i>(issue: &'i Issue<'_>) -> Cow<'i, str> {
    match issue.text(Field::Description) {
        Cow::Borrowed(text) => as_normalised(text),
        Cow::Owned(text) => Cow::Owned(as_normalised(&text).into_owned()),
    }
}

/// Hashes what identifies an issue: unit, site, categories, date found, description.
fn hash_identity(issue: &Issue<'_>, description: &str, hasher: &mut impl Hasher) {
    for value in [issue.unit, issue.site].into_iter().chain(issue.categories.iter().copied().map(Some)) {
        value.map(Symbol::as_str).hash(hasher);
    }
    issue.found_on.hash(hasher);
    description.hash(hasher);
}

/// Returns a hash of 128 bits of what identifies an issue; the same in every run.
fn signature(issue: &Issue<'_>, description: &str) -> (u64, u64) {
    let hash = |salt: u8| {
        let mut hasher = DefaultHasher::new();
        salt.hash(&mut hasher);
        hash_identity(issue, description, &mut hasher);
        hasher.finish()
    };
    (hash(0), hash(1))
}

/// Returns a fast hash of what identifies an issue, valid only within this process: symbols are hashed by address.
fn issue_hash(issue: &Issue<'_>, description: &str) -> u64 {
    hash_of(&(issue.names(), issue.found_on, description))
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

    fn known_by(&self) -> KnownBy {
        KnownBy::Facts(self.id.clone())
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

/// An id of a form that came with a copied row.
#[derive(Debug)]
struct CopiedId {
    id: String,
}

impl Finding for CopiedId {
    fn code(&self) -> Code {
        const { Code::known("L118") }
    }

    fn known_by(&self) -> KnownBy {
        KnownBy::Facts(self.id.clone())
    }

    fn field(&self) -> Option<Field> {
        Some(Field::Id)
    }

    fn words(&self, _: Option<Field>, lang: Lang) -> (String, String) {
        let Self { id } = self;
        match lang {
            Lang::Zh => (
                format!("编号“{id}”由填报表的复制行带来，上面已有一行：这几行都计入，按内容辨认"),
                "不必改；要让原来那一行仍用这个编号，把复制出来的行的编号清空".into(),
            ),
            Lang::En => (
                format!(
                    "the id `{id}` came with a copied row of a form: each of its rows counts and is known by what it says"
                ),
                "nothing needs mending; clear the id of the copied row, and the first one keeps its own".into(),
            ),
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
