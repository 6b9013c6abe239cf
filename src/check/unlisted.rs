//! Values that no list of the office knows: counted as they were written, and so shown to whoever reads the report.
//!
//! A value outside a closed list is a fault, told at its row. What is here belongs to fields for which nobody has
//! declared a list: two spellings of one category stand out when they stand beside each other.

use std::cmp::Reverse;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::fault::emit::KeptValues;
use crate::fold::Fold;
use crate::model::record::Profile;
use crate::model::value_ids::{Dictionary, Slot};
use crate::model::{Entry, Field};
use crate::project::vocabulary::Vocabularies;
use crate::words::symbol::Symbol;

/// The fields by which issues are counted. Names of people, teams and places are looked at elsewhere.
const FIELDS: [Field; 4] = [Field::Unit, Field::Category, Field::Severity, Field::SiteType];
const SLOTS: [Slot; FIELDS.len()] = [Slot::Unit, Slot::Category, Slot::Severity, Slot::SiteType];

/// How often each value of those fields stands in the logs.
#[derive(Clone, Debug, Default)]
pub struct UnlistedValues {
    counts: [FxHashMap<Symbol, u64>; FIELDS.len()],
    /// The same by the number of the values, of issues that have numbers.
    by_id: [Vec<u64>; FIELDS.len()],
    dictionary: Option<Arc<Dictionary>>,
}

impl UnlistedValues {
    /// What no list knows. A field with a closed list has none: its strangers are faults.
    #[must_use]
    pub fn finish(mut self, vocabularies: &Vocabularies) -> Vec<KeptValues> {
        self.settle();
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

    /// Puts the counts by number to those by value.
    fn settle(&mut self) {
        let Some(dictionary) = self.dictionary.take() else { return };
        for ((counts, by_id), slot) in self.counts.iter_mut().zip(&mut self.by_id).zip(SLOTS) {
            for (id, count) in (0..).zip(std::mem::take(by_id)).filter(|(_, count)| *count > 0) {
                dictionary.values(slot, id).iter().for_each(|value| *counts.entry(*value).or_default() += count);
            }
        }
    }

    /// Counts an issue by its values.
    fn count(&mut self, profile: &Profile) {
        for (counts, field) in self.counts.iter_mut().zip(FIELDS) {
            let one = match field {
                Field::Unit => profile.unit,
                Field::Severity => profile.severity,
                Field::SiteType => profile.site_type,
                _ => None,
            };
            let several = if field == Field::Category { profile.categories.as_slice() } else { &[] };
            for value in several.iter().chain(&one) {
                *counts.entry(*value).or_default() += 1;
            }
        }
    }
}

impl Fold<Entry<'_>> for UnlistedValues {
    fn push(&mut self, entry: &Entry<'_>) {
        let Entry::Issue(issue) = entry else { return };
        let Some(coded) = issue.coded() else { return self.count(issue) };
        let dictionary = coded.meanings.dictionary();
        if !Arc::ptr_eq(self.dictionary.get_or_insert_with(|| Arc::clone(dictionary)), dictionary) {
            return self.count(issue);
        }
        for (by_id, slot) in self.by_id.iter_mut().zip(SLOTS) {
            let id = coded.ids.get(slot) as usize;
            if by_id.len() <= id {
                by_id.resize(id + 1, 0);
            }
            by_id[id] += 1;
        }
    }

    fn merge(&mut self, later: Self) {
        let mut later = later;
        match (&self.dictionary, &later.dictionary) {
            (Some(own), Some(more)) if Arc::ptr_eq(own, more) => {
                for (own, more) in self.by_id.iter_mut().zip(&later.by_id) {
                    own.resize(own.len().max(more.len()), 0);
                    own.iter_mut().zip(more).for_each(|(own, more)| *own += more);
                }
            }
            (None, Some(_)) => {
                (self.by_id, self.dictionary) = (std::mem::take(&mut later.by_id), later.dictionary.take());
            }
            _ => later.settle(),
        }
        for (counts, more) in self.counts.iter_mut().zip(later.counts) {
            #[expect(clippy::iter_over_hash_type, reason = "sums don't depend on the order")]
            for (value, count) in more {
                *counts.entry(value).or_default() += count;
            }
        }
    }
}
