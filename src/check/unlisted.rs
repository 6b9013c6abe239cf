//! Values that no list of the office knows: counted as they were written, and so shown to whoever reads the report.
//!
//! A value outside a closed list is a fault, told at its row. What is here belongs to fields for which nobody has
//! declared a list: two spellings of one category stand out when they stand beside each other.

use std::cmp::Reverse;

use rustc_hash::FxHashMap;

use crate::fault::emit::KeptValues;
use crate::fold::Fold;
use crate::model::profile_id::PerProfile;
use crate::model::record::Profile;
use crate::model::{Entry, Field};
use crate::project::vocabulary::Vocabularies;
use crate::words::symbol::Symbol;

/// The fields by which issues are counted. Names of people, teams and places are looked at elsewhere.
const FIELDS: [Field; 4] = [Field::Unit, Field::Category, Field::Severity, Field::SiteType];

/// How often each value of those fields stands in the logs.
#[derive(Clone, Debug, Default)]
pub struct UnlistedValues {
    counts: [FxHashMap<Symbol, u64>; FIELDS.len()],
    /// How many issues of each numbered profile are not counted yet.
    waiting: PerProfile<u64>,
}

impl UnlistedValues {
    /// What no list knows. A field with a closed list has none: its strangers are faults.
    #[must_use]
    pub fn finish(mut self, vocabularies: &Vocabularies) -> Vec<KeptValues> {
        for (profile, count) in self.waiting.take() {
            self.count(&profile, count);
        }
        let fields = FIELDS.into_iter().zip(self.counts).filter(|(field, _)| !vocabularies.of(*field).closed);
        let kept = fields.map(|(field, counts)| {
            let known = vocabularies.of(field);
            let mut values: Vec<(Symbol, u64)> =
                counts.into_iter().filter(|(value, _)| known.rank(value.as_str()).is_none()).collect();
            values.sort_by_key(|(value, count)| (Reverse(*count), *value));
            KeptValues { field, values }
        });
        kept.filter(|kept| !kept.values.is_empty()).collect()
    }

    /// Counts so many issues of a profile.
    fn count(&mut self, profile: &Profile, count: u64) {
        for (counts, field) in self.counts.iter_mut().zip(FIELDS) {
            let one = match field {
                Field::Unit => profile.unit,
                Field::Severity => profile.severity,
                Field::SiteType => profile.site_type,
                _ => None,
            };
            let several = if field == Field::Category { profile.categories.as_slice() } else { &[] };
            for value in several.iter().chain(&one) {
                *counts.entry(*value).or_default() += count;
            }
        }
    }
}

impl Fold<Entry<'_>> for UnlistedValues {
    fn push(&mut self, entry: &Entry<'_>) {
        let Entry::Issue(issue) = entry else { return };
        match issue.known.and_then(|id| self.waiting.get_mut(id, &issue.profile)) {
            Some(count) => *count += 1,
            None => self.count(issue, 1),
        }
    }

    fn merge(&mut self, later: Self) {
        let add = |own: &mut u64, more: &u64| {
            *own += more;
            true
        };
        for (profile, count) in self.waiting.merge(later.waiting, add) {
            self.count(&profile, count);
        }
        for (counts, more) in self.counts.iter_mut().zip(later.counts) {
            #[expect(clippy::iter_over_hash_type, reason = "sums don't depend on the order")]
            for (value, count) in more {
                *counts.entry(value).or_default() += count;
            }
        }
    }
}
