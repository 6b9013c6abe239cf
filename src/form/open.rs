//! The rows of the issues that are still open, as a form carries them over.

use std::collections::{BTreeMap, BTreeSet};

use crate::dataset::ledger;
use crate::log;
use crate::model::field::PHOTOS;
use crate::model::known::KnownIssue;
use crate::model::{Field, Issue};
use crate::project::Project;
use crate::words::lang::Lang;
use crate::words::symbol::Symbol;

/// An issue that is still open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenRow {
    /// The key of what it says.
    pub key: String,
    /// Its id; empty if it has none, and if that is a 序号. Without an id it is known by what it says, which is locked.
    pub id: String,
    /// What it has of each field, as it is read again; fields without anything are not there.
    pub cells: BTreeMap<Field, String>,
}

impl OpenRow {
    /// The row of an issue.
    #[must_use]
    pub fn of(issue: &Issue<'_>, known: &KnownIssue, project: &Project, lang: Lang) -> Self {
        let mut cells = BTreeMap::new();
        for field in Field::of_issue().filter(|field| *field != Field::Id) {
            let text = match field {
                Field::Status => status(issue, project, lang),
                field => ledger::cell(issue, field, project, lang),
            };
            if !text.is_empty() {
                cells.insert(field, text);
            }
        }
        // The first column for photos is evidence, too, where a log has no other.
        let photos = PHOTOS.iter().find_map(|field| cells.get(field));
        if photos.is_some() && photos == cells.get(&Field::Evidence) {
            cells.remove(&Field::Evidence);
        }
        Self { key: known.key.clone(), id: known.id.clone().unwrap_or_default(), cells }
    }
}

/// The word of a status that is read again as it, without the columns beside it (是否销号, 复查结果) that said a part of it.
fn status(issue: &Issue<'_>, project: &Project, lang: Lang) -> String {
    let words = [issue.status, Some(Symbol::new("not_closed")), Some(Symbol::new("closed"))];
    let is_read_so =
        |word: &Option<Symbol>| log::status_together([*word, None, None, None]) == (issue.status, issue.not_closed);
    match words.into_iter().find(is_read_so).flatten() {
        Some(word) => project.vocabularies.of(Field::Status).label(word, lang),
        None => ledger::cell(issue, Field::Status, project, lang),
    }
}

/// The columns of the issues that a form can't carry over: those that serve no field, and are not ignored by the project.
#[must_use]
pub fn other_columns<'i>(issues: impl Iterator<Item = &'i Issue<'static>>, project: &Project) -> BTreeSet<String> {
    let mut others = BTreeSet::new();
    for issue in issues {
        for (head, cell) in &issue.row.columns.extra {
            let is_known = || log::field_of_own_header(head.as_str(), project).is_some();
            if !issue.row.raw(usize::from(*cell)).is_empty() && !is_known() {
                others.insert(head.to_string());
            }
        }
    }
    others
}
