//! What a count was counted over.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// The values of a key that a count is limited to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ValueSet {
    /// These.
    In(BTreeSet<String>),
    /// All but these.
    NotIn(BTreeSet<String>),
}

impl ValueSet {
    /// All values.
    #[must_use]
    pub fn all() -> Self {
        Self::NotIn(BTreeSet::new())
    }

    /// One value.
    #[must_use]
    pub fn one(value: &str) -> Self {
        Self::In(BTreeSet::from([value.to_owned()]))
    }

    /// The values of both.
    #[must_use]
    fn and(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::In(one), Self::In(other)) => Self::In(one & other),
            (Self::In(these), Self::NotIn(not)) | (Self::NotIn(not), Self::In(these)) => Self::In(these - not),
            (Self::NotIn(one), Self::NotIn(other)) => Self::NotIn(one | other),
        }
    }

    /// Whether no value is in both.
    pub(super) fn is_disjoint(&self, other: &Self) -> bool {
        self.and(other) == Self::In(BTreeSet::new())
    }

    /// Whether all its values are in another.
    pub(super) fn is_within(&self, other: &Self) -> bool {
        self.and(other) == *self
    }
}

/// What a count was counted over: two counts of one selection are one, whichever function counted them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CountSelection {
    /// Which records, of which days: counts over different ones are never added.
    of: String,
    /// What is added up of each record; nothing for their number.
    sum_of: Option<String>,
    /// The values that keys are limited to.
    limits: BTreeMap<String, ValueSet>,
}

impl CountSelection {
    /// All records of a list and some days; of each one number is added up if `sum_of` names it.
    #[must_use]
    pub fn new(of: String, sum_of: Option<&str>) -> Self {
        Self { of, sum_of: sum_of.map(str::to_owned), limits: BTreeMap::new() }
    }

    /// The same, limited to some values of a key.
    #[must_use]
    pub fn limited(mut self, key: &str, values: ValueSet) -> Self {
        let (key, values) = standing(key, values);
        let values = self.limits.get(&key).map_or_else(|| values.clone(), |before| before.and(&values));
        self.limits.insert(key, values);
        self
    }

    /// The keys it is limited by, with their values, each with the selection without that limit.
    pub(super) fn wider(&self) -> impl Iterator<Item = (&str, &ValueSet, Self)> {
        self.limits.iter().map(|(key, values)| {
            let mut wider = self.clone();
            wider.limits.remove(key);
            (key.as_str(), values, wider)
        })
    }
}

/// A count that a document shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedCount {
    /// What was counted.
    pub selection: CountSelection,
    /// The count.
    pub value: u64,
    /// What it is at least, as far as a reader can see: two units that are named have two issues.
    pub at_least: u64,
    /// Whether the document lists its records one by one, so that a reader can count them.
    pub is_listed: bool,
}

/// Open is not rectified: two keys, one partition.
fn standing(key: &str, values: ValueSet) -> (String, ValueSet) {
    let other = match key {
        "open" => ("open", "rectified"),
        "rectified" => ("rectified", "open"),
        _ => return (key.to_owned(), values),
    };
    let named = |value: &String| if value == "yes" { other.0.to_owned() } else { other.1.to_owned() };
    let values = match values {
        ValueSet::In(values) => ValueSet::In(values.iter().map(named).collect()),
        ValueSet::NotIn(values) => ValueSet::NotIn(values.iter().map(named).collect()),
    };
    ("standing".to_owned(), values)
}

impl fmt::Display for CountSelection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.of)?;
        if let Some(sum_of) = &self.sum_of {
            write!(f, " {sum_of}")?;
        }
        for (key, values) in &self.limits {
            let (sign, values) = match values {
                ValueSet::In(values) => ("=", values),
                ValueSet::NotIn(values) => ("!=", values),
            };
            let values: Vec<&str> = values.iter().map(String::as_str).collect();
            write!(f, " {key}{sign}{}", values.join("|"))?;
        }
        Ok(())
    }
}
