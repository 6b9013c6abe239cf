//! Which issues of the logs the letters of the register named.
//!
//! An issue is recognised by its id, or by what it says (unit, site, day of finding, description), never by its place. What
//! was altered in unit, site or description is near: shown, never assumed.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use chrono::NaiveDate;
use serde::Serialize;

use crate::model::identity::{IssueIdentity, RowNumbers, is_key, is_place, is_same_issue};
use crate::model::key::Key;
use crate::model::known::{KnownIssue, known};
use crate::model::state::{AsOf, State};
use crate::model::{Field, Issue};
use crate::project::Project;
use crate::register::{Past, RegisterEntry, RegisterStatus, StoredIssue, stored_issues};
use crate::source::Sources;
use crate::words::symbol::Symbol;

/// How alike two descriptions of one unit and day must be to be near, from 0 to 1.
const ALIKE: f64 = 0.4;

/// What the letters of a register say of the issues that they named.
#[derive(Clone, Debug, Default)]
pub struct Named {
    issues: Vec<NamedIssue>,
    signs: Arc<Signs>,
}

/// By what an issue shows that a letter may have named it.
#[derive(Clone, Debug, Default)]
pub struct Signs {
    ids: BTreeSet<String>,
    days: BTreeSet<NaiveDate>,
    units: BTreeSet<String>,
    /// Where the letters before a checkpoint are, whose ids are not listed here.
    before: Option<Arc<Past>>,
}

/// One issue named by one document.
#[derive(Clone, Debug)]
struct NamedIssue {
    /// The indexes of the document and of the issue in its list.
    entry: usize,
    at: usize,
    kind: String,
    number: String,
    /// What the register calls it.
    handle: String,
    id: Option<String>,
    key: Option<String>,
    identity: Option<IssueIdentity>,
    description: String,
    /// The unit of the letter and its day.
    unit: Option<String>,
    date: NaiveDate,
    series: String,
    /// Whether it matters that an issue may be this one: the document can be a step on the ladder, or it is of the series of
    /// which the next document leaves out what was reported.
    matters: bool,
}

impl Named {
    /// Reads what the documents of a register kept of their issues. Units and sites are called as they are today.
    /// `reporting` is the series of which the next document leaves out what was reported, if the run writes one.
    #[must_use]
    pub fn read(root: &Path, register: &[RegisterEntry], project: &Project, reporting: Option<&str>) -> Self {
        let (mut named, mut signs) = (Self::default(), Signs::default());
        for (entry, document) in register.iter().enumerate().filter(|(_, entry)| entry.status != RegisterStatus::Void) {
            let stored = stored_issues(root, document);
            for (at, handle) in document.issues.iter().enumerate() {
                let kept: Option<&StoredIssue> = stored.iter().find(|stored| stored.handle == *handle);
                let identity = kept.map(StoredIssue::identity).map(|identity| IssueIdentity {
                    unit: unit_today(project, &identity.unit),
                    site: name_today(project, Field::Site, &identity.site),
                    ..identity
                });
                let unit = document.unit.as_ref().map(|unit| unit_today(project, unit));
                let key = document.identities.get(at).filter(|key| is_key(key)).cloned();
                let id = Some(handle.clone()).filter(|handle| !is_key(handle));
                signs.days.extend(identity.as_ref().and_then(|identity| identity.found_on));
                signs.ids.extend(id.clone());
                if identity.is_none() {
                    signs.units.extend(unit.clone());
                }
                named.issues.push(NamedIssue {
                    entry,
                    at,
                    kind: document.kind.clone(),
                    number: document.number.clone(),
                    handle: handle.clone(),
                    id,
                    key,
                    description: kept.map(|kept| kept.description.clone()).unwrap_or_default(),
                    identity,
                    unit,
                    date: document.date,
                    series: document.series.clone(),
                    matters: document.unit.is_some()
                        || !document.after.is_empty()
                        || reporting == Some(document.series.as_str()),
                });
            }
        }
        named.signs = Arc::new(signs);
        named
    }

    /// By what an issue shows that it may be one of them, or near to one.
    #[must_use]
    pub fn signs(&self) -> &Arc<Signs> {
        &self.signs
    }
}

impl Signs {
    /// The same with the letters before the checkpoint of a register.
    #[must_use]
    pub fn with_those_before(mut self, past: &Arc<Past>, project: &Project) -> Self {
        self.days.extend(past.days_before());
        self.units.extend(past.silent_units_before().iter().map(|unit| unit_today(project, unit)));
        self.before = Some(Arc::clone(past));
        self
    }

    /// Whether an issue may be one that was named, or near to one.
    fn may_be(&self, issue: &Issue<'_>) -> bool {
        let unit = issue.unit.map(Symbol::as_str).unwrap_or_default();
        let has_ids = !self.ids.is_empty() || self.before.is_some();
        let id = if has_ids { issue.text(Field::Id) } else { Cow::Borrowed("") };
        self.may_be_of((issue.found_on, unit, &id))
    }

    /// The same by the day of finding, the unit and the id.
    pub(super) fn may_be_of(&self, (found_on, unit, id): (Option<NaiveDate>, &str, &str)) -> bool {
        found_on.is_some_and(|day| self.days.contains(&day))
            || !unit.is_empty() && self.units.contains(unit)
            || !id.is_empty() && (self.ids.contains(id) || self.before.as_ref().is_some_and(|before| before.names(id)))
    }
}

/// What a unit of a register is called today.
#[must_use]
pub fn unit_today(project: &Project, name: &str) -> String {
    name_today(project, Field::Unit, name)
}

fn name_today(project: &Project, field: Field, name: &str) -> String {
    project.canonical(Key::Field(field), name).unwrap_or_else(|_| name.to_owned())
}

/// Keeps, while the logs are read, the issues that a run does not list and that a letter may have named.
#[derive(Clone, Debug, Default)]
pub struct Bystanders {
    signs: Arc<Signs>,
    numbers: RowNumbers,
    issues: Vec<Issue<'static>>,
}

impl Bystanders {
    /// Nothing kept yet.
    #[must_use]
    pub fn new(signs: Arc<Signs>) -> Self {
        Self { signs, ..Self::default() }
    }

    /// Sees an issue; it is kept if the run does not list it.
    pub fn push(&mut self, issue: &Issue<'_>, is_listed: bool) {
        self.numbers.push(issue);
        if !is_listed && self.signs.may_be(issue) {
            self.issues.push(issue.clone().into_owned());
        }
    }

    /// Adds those of later rows.
    pub fn merge(&mut self, later: Self) {
        self.numbers.merge(&later.numbers);
        self.issues.extend(later.issues);
    }

    /// Returns what the listed issues are known by, in their order, and after them those that are not listed.
    #[must_use]
    pub fn known(&self, listed: &[Issue<'static>], as_of: &AsOf, sources: &Sources) -> Vec<KnownIssue> {
        let all = listed.iter().chain(&self.issues);
        let issues: Vec<(&Issue<'_>, State)> = all.map(|issue| (issue, State::of(issue, as_of))).collect();
        known(&issues, &self.numbers, |issue| sources.get(issue.row.source).stem().into())
    }
}

/// The user's answers to what is near.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    /// The keys of issues that are those of the letters near to them.
    pub same: Vec<String>,
    /// The keys of issues that no letter named.
    pub new: Vec<String>,
}

/// An issue that may be the one of a letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NearMatch {
    /// The key of the issue.
    pub key: String,
    /// The number of the letter.
    pub number: String,
    /// What the letter says.
    pub was: String,
    /// What the log says.
    pub now: String,
    /// The series of the letter.
    #[serde(skip)]
    pub series: String,
    /// The unit of the issue.
    #[serde(skip)]
    pub unit: String,
    /// What the run calls the issue.
    #[serde(skip)]
    pub handle: String,
}

/// An id that a letter used for another issue: nothing of the letter holds for the one that has it now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReusedId {
    /// The id.
    pub id: String,
    /// The number of the letter.
    pub number: String,
}

/// What became of the issues that the register names.
#[derive(Clone, Debug, Default)]
pub struct Recognition {
    /// The register, with the issues called as the run calls them, and units as they are called today.
    pub register: Vec<RegisterEntry>,
    /// Issues that may be those of letters.
    pub near: Vec<NearMatch>,
    /// Ids that were used again.
    pub reused: Vec<ReusedId>,
    /// The keys of [`Answers`] that answered something.
    pub answered: BTreeSet<String>,
}

/// The index of an issue that may be one that was named, what the letter says, and what the log says.
type Difference = (usize, String, String);

/// What a named issue is in the logs.
enum Found {
    /// The issues that are equal to it, the one open longest first.
    Same(Vec<usize>),
    /// Those that it may be, and what differs.
    Near(Vec<Difference>),
    /// Its id is another issue's now.
    Reused,
    Nothing,
}

/// Recognises the issues of a register among those of the logs.
#[must_use]
pub fn recognise(
    named: &Named,
    register: &[RegisterEntry],
    issues: &[KnownIssue],
    project: &Project,
    answers: &Answers,
) -> Recognition {
    // Without a letter nothing is looked up.
    let index = Index::new(if named.issues.is_empty() { &[] } else { issues });
    let mut register = register.to_vec();
    for entry in &mut register {
        entry.unit = entry.unit.take().map(|unit| project.canonical(Key::Field(Field::Unit), &unit).unwrap_or(unit));
    }
    let (mut recognition, mut claimed) = (Recognition::default(), BTreeSet::new());
    let mut near: Vec<(&NamedIssue, Vec<Difference>)> = Vec::new();
    let mut turns: BTreeMap<(&str, usize), usize> = BTreeMap::new();
    let mut rename = |named: &NamedIssue, handle: String| {
        if let Some(slot) = register.get_mut(named.entry).and_then(|entry| entry.issues.get_mut(named.at)) {
            *slot = handle;
        }
    };
    for one in &named.issues {
        match index.find(one) {
            Found::Same(equal) => {
                // Letters of a kind to equal rows belong to one after the other.
                let turn = turns.entry((&one.kind, equal.first().copied().unwrap_or_default())).or_default();
                if let Some(found) = equal.get(*turn % equal.len().max(1)) {
                    claimed.insert(*found);
                    rename(one, issues[*found].handle.clone());
                }
                *turn += 1;
            }
            Found::Near(rows) => {
                rename(one, String::new());
                if one.matters {
                    near.push((one, rows));
                }
            }
            Found::Reused => {
                rename(one, String::new());
                let (id, number) = (one.handle.clone(), one.number.clone());
                recognition.reused.push(ReusedId { id, number });
            }
            // No issue has this name; an id of which nothing is left may stay.
            Found::Nothing => {}
        }
    }
    for (one, rows) in near {
        for (at, was, now) in rows.into_iter().filter(|(at, ..)| !claimed.contains(at)) {
            let Some(issue) = issues.get(at) else { continue };
            if answers.new.contains(&issue.key) {
                recognition.answered.insert(issue.key.clone());
                continue;
            }
            if answers.same.contains(&issue.key) {
                recognition.answered.insert(issue.key.clone());
                rename(one, issue.handle.clone());
                continue;
            }
            recognition.near.push(NearMatch {
                key: issue.key.clone(),
                number: one.number.clone(),
                series: one.series.clone(),
                was,
                now,
                unit: issue.identity.unit.clone(),
                handle: issue.handle.clone(),
            });
        }
    }
    recognition.near.sort_by(|a, b| (&a.unit, &a.handle, &a.number).cmp(&(&b.unit, &b.handle, &b.number)));
    for entry in &mut register {
        entry.issues.retain(|handle| !handle.is_empty());
        entry.identities.clear();
    }
    recognition.register = register;
    recognition
}

/// The issues of the logs by what they are looked up by.
struct Index<'k> {
    issues: &'k [KnownIssue],
    by_id: BTreeMap<&'k str, Vec<usize>>,
    by_day: BTreeMap<Option<NaiveDate>, Vec<usize>>,
    by_key: BTreeMap<&'k str, Vec<usize>>,
    by_unit: BTreeMap<&'k str, Vec<usize>>,
}

impl<'k> Index<'k> {
    fn new(issues: &'k [KnownIssue]) -> Self {
        let (by_id, by_day, by_key, by_unit) = Default::default();
        let mut index = Self { issues, by_id, by_day, by_key, by_unit };
        for (at, issue) in issues.iter().enumerate() {
            if let Some(id) = &issue.id {
                index.by_id.entry(id).or_default().push(at);
            }
            index.by_day.entry(issue.identity.found_on).or_default().push(at);
            index.by_key.entry(&issue.key).or_default().push(at);
            index.by_unit.entry(&issue.identity.unit).or_default().push(at);
        }
        index
    }

    fn find(&self, named: &NamedIssue) -> Found {
        if let Some(id) = &named.id
            && let Some(rows) = self.by_id.get(id.as_str())
        {
            let agrees = |at: &usize| self.agrees(named, *at);
            return rows.iter().copied().find(agrees).map_or(Found::Reused, |at| Found::Same(vec![at]));
        }
        match (&named.identity, &named.key) {
            (Some(identity), _) => self.find_by_parts(named, identity),
            (None, Some(key)) => self.by_key.get(key.as_str()).map_or(Found::Nothing, |rows| self.same(rows.clone())),
            (None, None) => self.find_by_place(named),
        }
    }

    /// Whether unit, day of finding or description of an issue with the same id is what the register keeps
    /// ([`is_same_issue`]). A register of
    /// the first version keeps the unit of a letter alone.
    fn agrees(&self, named: &NamedIssue, at: usize) -> bool {
        let now = &self.issues[at].identity;
        match (&named.identity, &named.unit) {
            (Some(was), _) => is_same_issue(
                named.id.as_deref().unwrap_or_default().as_bytes(),
                was.unit == now.unit,
                was.found_on.is_some() && was.found_on == now.found_on,
                !was.description.is_empty() && was.description == now.description,
            ),
            (None, Some(unit)) => *unit == now.unit,
            (None, None) => true,
        }
    }

    fn find_by_parts(&self, named: &NamedIssue, was: &IssueIdentity) -> Found {
        let of_day = self.by_day.get(&was.found_on).map_or(&[][..], Vec::as_slice);
        // An issue that has an id is not one that had another.
        let may_be = |at: &&usize| named.id.is_none() || self.issues[**at].id.is_none();
        let of_day: Vec<usize> = of_day.iter().filter(may_be).copied().collect();
        let fitting: Vec<usize> = of_day.iter().copied().filter(|at| was.fits(&self.issues[*at].identity)).collect();
        let exact: Vec<usize> = fitting
            .iter()
            .copied()
            .filter(|at| self.issues[*at].identity.site.is_empty() == was.site.is_empty())
            .collect();
        if !exact.is_empty() {
            return self.same(exact);
        }
        match fitting.as_slice() {
            [] => {}
            [one] => return Found::Same(vec![*one]),
            several => {
                let near = several.iter().map(|at| {
                    let issue = &self.issues[*at];
                    (
                        *at,
                        format!("{}；{}", was.site, named.description),
                        format!("{}；{}", issue.identity.site, issue.description),
                    )
                });
                return Found::Near(near.collect());
            }
        }
        let near = of_day.into_iter().filter_map(|at| self.near(named, was, at));
        let near: Vec<_> = near.collect();
        if near.is_empty() { Found::Nothing } else { Found::Near(near) }
    }

    /// What differs, if an open issue of the same day may be the one that was named.
    fn near(&self, named: &NamedIssue, was: &IssueIdentity, at: usize) -> Option<Difference> {
        let issue = self.issues.get(at).filter(|issue| issue.open)?;
        let now = &issue.identity;
        let differs = |was: &str, now: &str| Some((at, was.to_owned(), now.to_owned()));
        if was.description == now.description && !was.description.is_empty() {
            return if was.unit == now.unit { differs(&was.site, &now.site) } else { differs(&was.unit, &now.unit) };
        }
        let is_part = || was.description.contains(&now.description) || now.description.contains(&was.description);
        let is_alike = || strsim::normalized_levenshtein(&was.description, &now.description) >= ALIKE || is_part();
        if was.unit == now.unit && is_alike() { differs(&named.description, &issue.description) } else { None }
    }

    /// An issue that the first version of the register called by its place, or by a 序号. It is taken over only if the row
    /// there has the unit of the letter and was found by its day, and no other open row of the unit could be meant.
    fn find_by_place(&self, named: &NamedIssue) -> Found {
        if !is_place(&named.handle) {
            return Found::Nothing;
        }
        let Some(unit) = &named.unit else { return Found::Nothing };
        let of_unit = self.by_unit.get(unit.as_str()).map_or(&[][..], Vec::as_slice);
        let by_then = |at: &&usize| self.issues[**at].identity.found_on.is_none_or(|day| day <= named.date);
        let of_unit: Vec<usize> = of_unit.iter().filter(by_then).copied().collect();
        let is_there = |at: &&usize| {
            let issue = &self.issues[**at];
            issue.id.is_none() && (issue.place == named.handle || issue.number == named.handle)
        };
        let there: Vec<usize> = of_unit.iter().filter(is_there).copied().collect();
        let open: Vec<usize> = of_unit.into_iter().filter(|at| self.issues[*at].open).collect();
        match (there.as_slice(), open.as_slice()) {
            ([one], []) => Found::Same(vec![*one]),
            ([one], [open]) if one == open => Found::Same(vec![*one]),
            (_, []) => Found::Nothing,
            (_, open) => {
                let near = open.iter().map(|at| (*at, named.handle.clone(), self.issues[*at].description.clone()));
                Found::Near(near.collect())
            }
        }
    }

    /// Equal rows in the order of their handles, which begin with the one that is open longest.
    fn same(&self, mut rows: Vec<usize>) -> Found {
        rows.sort_by_key(|at| (self.issues[*at].handle.len(), self.issues[*at].handle.clone()));
        Found::Same(rows)
    }
}
