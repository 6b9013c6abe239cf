//! The sums that must agree before a document is made.

use crate::dataset::RowRef;
use crate::dataset::issues::ListedIssue;
use crate::model::state::State;
use crate::query::QueryContext;
use crate::tally::identity;
use crate::words::lang::Lang;

/// An identity that does not hold of a document's issues, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokenIdentity {
    /// The name and both sides.
    pub text: String,
    /// Rows counted more often on the left.
    pub more_left: Vec<RowRef>,
    /// Rows counted more often on the right.
    pub more_right: Vec<RowRef>,
}

impl BrokenIdentity {
    /// The rows that differ, a line each, for people.
    #[must_use]
    pub fn lines(&self, lang: Lang) -> Vec<String> {
        let line = |side: &str, row: &RowRef| {
            let at = row.line.map_or(String::new(), |line| format!(":{line}"));
            format!("{side}{} ({}{at})", row.id, row.file)
        };
        let left = self.more_left.iter().map(|row| line(lang.pick("左边多：", "more on the left: "), row));
        left.chain(self.more_right.iter().map(|row| line(lang.pick("右边多：", "more on the right: "), row))).collect()
    }
}

/// The identities that don't hold of the issues that the document speaks of.
pub(super) fn broken(context: &QueryContext) -> Vec<BrokenIdentity> {
    let (data, project) = (&context.data, &context.project);
    let all = &data.records.counted().issues;
    let indexes: Vec<usize> = match &data.unit {
        Some(unit) => data.records.issues_of(&unit.name).to_vec(),
        None => (0..all.len()).collect(),
    };
    let issues: Vec<(usize, _, State)> = indexes
        .into_iter()
        .filter_map(|index| all.get(index).map(|issue| (index, issue, State::of(issue, &context.as_of))))
        .filter(|(index, _, state)| state.is_counted() && context.covers(*index))
        .collect();
    let pairs: Vec<_> = issues.iter().map(|(_, issue, state)| (*issue, *state)).collect();
    let rows = |indexes: &[usize]| -> Vec<RowRef> {
        let listed = indexes.iter().filter_map(|index| data.records.issue(issues.get(*index)?.0));
        listed.map(ListedIssue::row_ref).collect()
    };
    let found = identity::check(&pairs, project);
    let shown = found.iter().map(|broken| BrokenIdentity {
        text: broken.text(context.messages),
        more_left: rows(&broken.more_left),
        more_right: rows(&broken.more_right),
    });
    shown.collect()
}
