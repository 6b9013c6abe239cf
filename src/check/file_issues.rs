//! The number of issues in each log.

use crate::fold::Fold;
use crate::model::Entry;
use crate::place::SourceId;

/// Counts the issues of each log.
#[derive(Clone, Debug, Default)]
pub struct FileIssues(Vec<u64>);

impl FileIssues {
    /// The issues of a log.
    #[must_use]
    pub fn of(&self, source: SourceId) -> u64 {
        self.0.get(source.0 as usize).copied().unwrap_or_default()
    }
}

impl Fold<Entry<'_>> for FileIssues {
    const ANY_ORDER: bool = true;

    fn push(&mut self, entry: &Entry<'_>) {
        let Entry::Issue(issue) = entry else { return };
        let at = issue.row.source.0 as usize;
        if self.0.len() <= at {
            self.0.resize(at + 1, 0);
        }
        self.0[at] += 1;
    }

    fn merge(&mut self, later: Self) {
        self.0.resize(self.0.len().max(later.0.len()), 0);
        self.0.iter_mut().zip(later.0).for_each(|(own, more)| *own += more);
    }
}
