//! A baseline: the faults that are accepted for now, so that `check` reports only new ones.
//!
//! A fault is known again by what it says and by what its row says ([`KeyedFault`]), not by where it stands: rows may be
//! sorted or put in above, and a file may be moved, or saved in another encoding or format. Its file is kept to tell
//! people, and decides only between equal faults, and for faults of a file as a whole.
//!
//! - `key`: by what a fault is known; `recognise`: the keys of the faults of a run
//! - `matched`: which faults of a run a baseline has
//! - `first_version`: baselines of the first version, by file name and text of the row

mod first_version;
mod key;
mod matched;
mod recognise;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::fault::Faults;
use crate::source::Sources;
use first_version::FirstVersion;
pub use key::{FaultKey, KeyedFault};
pub use matched::Matched;
pub use recognise::recognise;

/// The version of the file format.
const VERSION: u32 = 2;

/// Faults that are known, with the number of occurrences of each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    known: BTreeMap<FaultKey, usize>,
}

/// A baseline as read from a file, in either version.
#[derive(Clone, Debug)]
pub enum StoredBaseline {
    /// By file name and text of the row.
    First(FirstVersion),
    /// By content.
    Second(Baseline),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct BaselineFile {
    version: u32,
    faults: Vec<BaselineLine>,
}

#[derive(Serialize, Deserialize)]
struct BaselineLine {
    #[serde(flatten)]
    known: FaultKey,
    count: usize,
}

#[derive(Deserialize)]
struct Versioned {
    version: u32,
}

/// Why a text can't be read as a baseline.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    /// It is not in the format that `--write-baseline` writes.
    #[error("{0}")]
    Form(#[from] serde_json::Error),
    /// It is in another version of the format.
    #[error("version {0}")]
    Version(u32),
}

impl StoredBaseline {
    /// Parses a file of any version.
    ///
    /// # Errors
    /// Fails if the text is anything else, or of a later version of the format.
    pub fn read(text: &str) -> Result<Self, BaselineError> {
        match serde_json::from_str::<Versioned>(text)?.version {
            1 => Ok(Self::First(FirstVersion::read(text)?)),
            VERSION => {
                let mut known = BTreeMap::new();
                for BaselineLine { known: key, count } in serde_json::from_str::<BaselineFile>(text)?.faults {
                    // A merge of two branches may have left a key twice.
                    let before: &mut usize = known.entry(key).or_default();
                    *before = before.saturating_add(count);
                }
                Ok(Self::Second(Baseline { known }))
            }
            later => Err(BaselineError::Version(later)),
        }
    }

    /// Whether faults are to be given as [`KeyedFault`]s, which costs a pass over their logs.
    #[must_use]
    pub fn needs_keys(&self) -> bool {
        matches!(self, Self::Second(_))
    }

    /// Finds the faults that it has, like [`Baseline::find`].
    pub fn find(
        &self,
        keyed: &[KeyedFault],
        is_there: impl Fn(&str) -> bool,
        (faults, sources): (&Faults, &Sources),
    ) -> Matched {
        match self {
            Self::First(first) => first.find(faults, sources),
            Self::Second(baseline) => baseline.find(keyed, is_there),
        }
    }
}

impl Baseline {
    /// Makes a baseline of the faults of a run.
    #[must_use]
    pub fn of(keyed: &[KeyedFault]) -> Self {
        let mut known = BTreeMap::new();
        for fault in keyed {
            *known.entry(fault.key.clone()).or_default() += 1;
        }
        Self { known }
    }

    /// Returns the number of faults.
    #[must_use]
    pub fn count(&self) -> usize {
        self.known.values().sum()
    }

    /// Returns the baseline as JSON, sorted so that a diff shows what changed.
    ///
    /// # Errors
    /// Serialising strings and numbers does not fail in practice.
    pub fn text(&self) -> Result<String, serde_json::Error> {
        let lines = self.known.iter().map(|(known, count)| BaselineLine { known: known.clone(), count: *count });
        let file = BaselineFile { version: VERSION, faults: lines.collect() };
        serde_json::to_string_pretty(&file).map(|text| text + "\n")
    }

    /// Finds the faults that are known, each at most as often as the baseline has it. `is_there` tells whether a file
    /// still is where it was.
    ///
    /// Of equal faults those in the same file are found first, then those with the same site.
    #[must_use]
    pub fn find(&self, keyed: &[KeyedFault], is_there: impl Fn(&str) -> bool) -> Matched {
        let mut slots: BTreeMap<Content<'_>, Vec<Slot<'_>>> = BTreeMap::new();
        for (key, count) in &self.known {
            slots.entry(content(key)).or_default().push(Slot { key, left: *count, is_there: None });
        }
        let mut known = vec![false; keyed.len()];
        for closeness in [Closeness { file: true, site: true }, Closeness { file: false, site: true }]
            .into_iter()
            .chain([Closeness { file: true, site: false }, Closeness { file: false, site: false }])
        {
            for (fault, known) in keyed.iter().zip(&mut known).filter(|(_, known)| !**known) {
                let slots = slots.get_mut(&content(&fault.key)).into_iter().flatten();
                let free = slots.filter(|slot| slot.left > 0).find(|slot| closeness.allows(slot, fault));
                let Some(slot) = free else { continue };
                // The file of a fault that is about a file may have been renamed; it may as well be another file.
                if fault.is_of_file && !closeness.file && *slot.is_there.get_or_insert_with(|| is_there(&slot.key.file))
                {
                    continue;
                }
                slot.left -= 1;
                *known = true;
            }
        }
        let stale = slots.values().flatten().map(|slot| slot.left).sum();
        Matched { known, stale }
    }
}

/// What a key says without its file and its site.
type Content<'k> = (&'k str, Option<&'k str>, &'k str);

fn content(key: &FaultKey) -> Content<'_> {
    (&key.code, key.field.as_deref(), &key.key)
}

/// A key of the baseline, and how many faults with it are still to be found.
struct Slot<'k> {
    key: &'k FaultKey,
    left: usize,
    is_there: Option<bool>,
}

/// How alike a fault and a key must be beside what they say.
#[derive(Clone, Copy)]
struct Closeness {
    /// Whether the file must be the same.
    file: bool,
    /// Whether both must have the same site, or none; else one of them must have none.
    site: bool,
}

impl Closeness {
    fn allows(self, slot: &Slot<'_>, fault: &KeyedFault) -> bool {
        let (site, other) = (&slot.key.site, &fault.key.site);
        (!self.file || slot.key.file == fault.key.file)
            && if self.site { site == other } else { site.is_none() || other.is_none() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(file: &str, key: &str, site: Option<&str>) -> KeyedFault {
        let [file, code, key] = [file, "V101", key].map(str::to_owned);
        KeyedFault { key: FaultKey { file, code, field: None, key, site: site.map(str::to_owned) }, is_of_file: false }
    }

    fn known(baseline: &[KeyedFault], faults: &[KeyedFault]) -> Vec<bool> {
        Baseline::of(baseline).find(faults, |_| true).known
    }

    #[test]
    fn each_fault_is_known_as_often_as_it_was_there() {
        let [a, b] = ["a.csv", "b.csv"].map(|file| fault(file, "k", None));
        assert_eq!(known(std::slice::from_ref(&a), &[a.clone(), a.clone()]), [true, false]);
        // The new one is that in the other file, whichever comes first.
        assert_eq!(known(std::slice::from_ref(&b), &[a.clone(), b.clone()]), [false, true]);
        assert_eq!(known(std::slice::from_ref(&a), std::slice::from_ref(&b)), [true], "moved to another file");
        assert_eq!(known(&[a.clone(), b.clone()], &[a.clone(), a.clone(), b]), [true, false, true]);
        assert_eq!(known(std::slice::from_ref(&a), &[fault("a.csv", "l", None)]), [false]);
        assert_eq!(Baseline::of(&[a.clone(), a.clone()]).find(&[a], |_| true).stale, 1);
    }

    #[test]
    fn a_site_counts_where_both_have_one() {
        let at = |site| fault("a.csv", "k", site);
        assert_eq!(known(&[at(Some("x"))], &[at(Some("y"))]), [false]);
        assert_eq!(known(&[at(Some("x"))], &[at(None)]), [true]);
        assert_eq!(known(&[at(None)], &[at(Some("y"))]), [true]);
        assert_eq!(known(&[at(Some("x"))], &[at(None), at(Some("x"))]), [false, true]);
    }

    #[test]
    fn a_fault_of_a_file_stays_with_it_unless_it_is_gone() {
        let of = |file| KeyedFault { is_of_file: true, ..fault(file, "k", None) };
        let find = |is_there: bool| Baseline::of(&[of("a.csv")]).find(&[of("b.csv")], |_| is_there).known;
        assert_eq!((find(true), find(false)), (vec![false], vec![true]));
    }

    #[test]
    fn what_is_written_is_read_back_and_later_versions_are_refused() {
        let baseline = Baseline::of(&[fault("a.csv", "k", Some("x")), fault("a.csv", "k", None)]);
        let text = baseline.text().unwrap();
        assert!(matches!(StoredBaseline::read(&text), Ok(StoredBaseline::Second(read)) if read == baseline));
        let first = r#"{"version": 1, "faults": [{"file": "a.csv", "code": "V101", "row": "0123", "count": 1}]}"#;
        assert!(matches!(StoredBaseline::read(first), Ok(StoredBaseline::First(_))));
        for wrong in ["", "[]", "{\"version\": 3, \"faults\": []}", "{\"version\": 2, \"faults\": [{}]}"] {
            assert!(StoredBaseline::read(wrong).is_err(), "{wrong}");
        }
    }
}
