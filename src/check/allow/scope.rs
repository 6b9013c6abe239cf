//! What the allowances of the config cover: files, and rows by what they say.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::fault::{Fault, Faults};
use crate::fold::Fold;
use crate::log;
use crate::model::row::RowClaim;
use crate::model::state::{AsOf, State};
use crate::model::{Entry, Field, Issue};
use crate::place::{Place, SourceId};
use crate::platform::paths::real_path;
use crate::project::allowance::{Allowance, AllowanceScope};
use crate::project::{Project, Selection};
use crate::source::pattern::Glob;
use crate::source::{Source, SourceError, Sources};

/// Which allowances of the config, by their number, cover which places.
#[derive(Debug, Default)]
pub(super) struct Covered {
    /// For each file the allowances that do not exclude it.
    files: BTreeMap<SourceId, Vec<usize>>,
    /// The allowances that ask for rows.
    by_row: BTreeSet<usize>,
    /// For each place in a row the allowances that ask for such a row.
    rows: BTreeMap<Place, RowVerdict>,
}

/// Which allowances ask for the row of a place.
#[derive(Clone, Debug)]
struct RowVerdict {
    claim: RowClaim,
    matching: Vec<usize>,
}

impl Covered {
    /// Finds the files and the rows. The logs with faults are read again if an allowance asks for rows.
    ///
    /// # Errors
    /// A log can't be read.
    pub(super) fn find(
        allowances: &[Allowance],
        faults: &Faults,
        sources: &mut Sources,
        project: &Project,
        as_of: NaiveDate,
    ) -> Result<Self, SourceError> {
        let mut covered = Self::default();
        let asks_for_rows = |allowance: &Allowance| match &allowance.scope {
            AllowanceScope::Config { rows, ids, .. } => !rows.is_empty() || !ids.is_empty(),
            AllowanceScope::Row { .. } => false,
        };
        covered.by_row =
            (0..).zip(allowances).filter(|(_, allowance)| asks_for_rows(allowance)).map(|(at, _)| at).collect();
        let root = real_path(&project.root).unwrap_or_else(|_| project.root.clone());
        let mut wanted = BTreeSet::new();
        for fault in faults.sorted() {
            let id = fault.place.source;
            let here = covered.files.entry(id).or_insert_with(|| files(allowances, sources.get(id), &root));
            let code = fault.what.code();
            let is_asked = |at: &usize| {
                covered.by_row.contains(at) && allowances.get(*at).is_some_and(|one| one.codes.contains(&code))
            };
            if here.iter().any(is_asked) {
                wanted.insert(fault.place);
            }
        }
        if wanted.is_empty() {
            return Ok(covered);
        }
        let ids: BTreeSet<SourceId> = wanted.iter().map(|place: &Place| place.source).collect();
        let ids: Vec<SourceId> = ids.into_iter().collect();
        let (wanted, day) = (Arc::new(wanted), project.as_of(as_of));
        let fresh = || MatchingRows { allowances, wanted: Arc::clone(&wanted), day: &day, found: BTreeMap::new() };
        covered.rows = log::fold(sources, &ids, project, &mut faults.fresh(), fresh)?.found;
        Ok(covered)
    }

    /// The numbers of the allowances that cover the place of a fault, whatever their codes.
    pub(super) fn of(&self, fault: &Fault) -> impl Iterator<Item = usize> {
        let row = self.rows.get(&fault.place);
        let is_row = move |at: &usize| row.is_some_and(|row| row.matching.contains(at));
        let files = self.files.get(&fault.place.source).into_iter().flatten().copied();
        files.filter(move |at| !self.by_row.contains(at) || is_row(at))
    }
}

/// The numbers of the allowances that do not exclude a file.
fn files(allowances: &[Allowance], source: &Source, root: &Path) -> Vec<usize> {
    let path = source.on_disk().and_then(|path| real_path(path).ok());
    let from_root = path.as_deref().and_then(|path| path.strip_prefix(root).ok());
    let name = from_root.map_or_else(|| source.name.clone(), |path| path.to_string_lossy().replace('\\', "/"));
    let is_named = |file: &String| {
        let file = file.trim_start_matches("./").trim_end_matches('/');
        let is_inside = name.strip_prefix(file).is_some_and(|rest| rest.starts_with('/'));
        name == file || is_inside || Glob::new(file).is_ok_and(|pattern| pattern.is_match(&name))
    };
    let has = |allowance: &Allowance| match &allowance.scope {
        AllowanceScope::Config { files, .. } => files.is_empty() || files.iter().any(is_named),
        AllowanceScope::Row { .. } => false,
    };
    (0..).zip(allowances).filter(|(_, allowance)| has(allowance)).map(|(at, _)| at).collect()
}

/// Finds the rows that allowances ask for.
struct MatchingRows<'p> {
    allowances: &'p [Allowance],
    wanted: Arc<BTreeSet<Place>>,
    day: &'p AsOf,
    found: BTreeMap<Place, RowVerdict>,
}

impl MatchingRows<'_> {
    /// Of two rows the surer has a place; where both have it, an allowance must ask for both.
    fn add(&mut self, place: Place, verdict: RowVerdict) {
        let Some(known) = self.found.get_mut(&place) else {
            self.found.insert(place, verdict);
            return;
        };
        if verdict.claim > known.claim {
            *known = verdict;
        } else if verdict.claim == known.claim {
            known.matching.retain(|at| verdict.matching.contains(at));
        }
    }

    fn matching(&self, issue: &Issue<'_>) -> Vec<usize> {
        let asks_for = |allowance: &Allowance| match &allowance.scope {
            AllowanceScope::Config { rows, ids, .. } => {
                (rows.is_empty() || rows.iter().any(|row| is_in(row, issue, self.day)))
                    && (ids.is_empty() || ids.iter().any(|id| id.trim() == issue.row.text(Field::Id)))
            }
            AllowanceScope::Row { .. } => false,
        };
        (0..).zip(self.allowances).filter(|(_, allowance)| asks_for(allowance)).map(|(at, _)| at).collect()
    }
}

/// Whether an issue is in a selection: it has one of the values of each key.
fn is_in(selection: &Selection, issue: &Issue<'_>, day: &AsOf) -> bool {
    let state = State::of(issue, day);
    selection.iter().all(|(key, wanted)| {
        let values = key.values(issue, state);
        let is_blank = values.is_empty() && wanted.iter().any(String::is_empty);
        is_blank || values.iter().any(|value| wanted.iter().any(|wanted| wanted == value.as_str()))
    })
}

impl Fold<Entry<'_>> for MatchingRows<'_> {
    fn push(&mut self, entry: &Entry<'_>) {
        let Entry::Issue(issue) = entry else { return };
        let (first, last) = issue.row.lines();
        let wanted = Arc::clone(&self.wanted);
        let here = wanted.range(Place::line(issue.row.source, first)..);
        let here = here.take_while(|place| place.source == issue.row.source && place.line <= last);
        let mut matching = None;
        for place in here {
            let Some(claim) = issue.row.claim(*place) else { continue };
            let matching = matching.get_or_insert_with(|| self.matching(issue)).clone();
            self.add(*place, RowVerdict { claim, matching });
        }
    }

    fn merge(&mut self, later: Self) {
        for (place, verdict) in later.found {
            self.add(place, verdict);
        }
    }
}
