//! The issues of a run with what they are known by.

use std::collections::BTreeMap;

use crate::model::Field;
use crate::model::identity::{IssueIdentity, RowNumbers};
use crate::model::record::Issue;
use crate::model::state::State;

/// What an issue of a run is known by.
#[derive(Clone, Debug)]
pub struct KnownIssue {
    /// The id as written; `None` without one, if the ids of its table are a 序号, and if a copied row of a form has it, too
    /// ([`RowNumbers::is_identity`]).
    pub id: Option<String>,
    /// The 序号 as written; empty if the table has none.
    pub number: String,
    /// What it says.
    pub identity: IssueIdentity,
    /// The key of the identity.
    pub key: String,
    /// What the register and the data of templates call it: the id, or else the key. Of equal rows the second has `.2`
    /// after the key; which one is the second depends on their states and never on their order.
    pub handle: String,
    /// The description as written.
    pub description: String,
    /// `stem:line`: what it was called by registers of the first version if it has no id.
    pub place: String,
    /// Whether it is open.
    pub open: bool,
}

/// Returns what the issues of a run are known by, in their order. `stem` gives the stem of the file of an issue.
#[must_use]
pub fn known<'s>(
    issues: &[(&Issue<'_>, State)],
    numbers: &RowNumbers,
    stem: impl Fn(&Issue<'_>) -> std::borrow::Cow<'s, str>,
) -> Vec<KnownIssue> {
    let mut all: Vec<KnownIssue> =
        issues.iter().map(|(issue, state)| one(issue, *state, numbers, &stem(issue))).collect();
    let mut equal: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, known) in all.iter().enumerate().filter(|(_, known)| known.id.is_none()) {
        equal.entry(&known.key).or_default().push(index);
    }
    let groups: Vec<Vec<usize>> = equal.into_values().filter(|group| group.len() > 1).collect();
    for mut group in groups {
        // The one that is open longest comes first; what is left undecided is the same in both.
        group.sort_by_key(|index| {
            issues.get(*index).map(|(issue, state)| {
                let rectified = state.rectified.then_some(std::cmp::Reverse(issue.rectified_on));
                (rectified, issue.deadline, issue.status, issue.text(Field::Note).into_owned())
            })
        });
        for (rank, index) in group.into_iter().enumerate().skip(1) {
            if let Some(known) = all.get_mut(index) {
                known.handle = format!("{}.{}", known.key, rank + 1);
            }
        }
    }
    all
}

fn one(issue: &Issue<'_>, state: State, numbers: &RowNumbers, stem: &str) -> KnownIssue {
    let written = issue.text(Field::Id).into_owned();
    let is_number = numbers.are_of(issue.row.source);
    let id = Some(written.clone()).filter(|id| numbers.is_identity(issue.row.source, id));
    let number = if is_number && !written.is_empty() { written } else { issue.text(Field::RowNumber).into_owned() };
    let identity = IssueIdentity::of(issue);
    let key = identity.key();
    KnownIssue {
        handle: id.clone().unwrap_or_else(|| key.clone()),
        id,
        number,
        identity,
        key,
        description: issue.text(Field::Description).into_owned(),
        place: issue.place_id(stem),
        open: !state.rectified && !state.withdrawn,
    }
}
