//! A baseline: the faults that an office has accepted for now, so that `check` reports only new ones.
//!
//! A fault is matched by its file, its code and the text of its row, not by its line, since rows above may be added or
//! removed. Once a row is corrected, its old faults no longer match; a fault in a new or changed row is reported.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::digest;
use crate::fault::{Fault, Faults};
use crate::place::Place;
use crate::source::Sources;
use crate::source::excerpt::Excerpts;

/// The version of the file format.
const VERSION: u32 = 1;

/// Faults by file, code and row, with the number of occurrences of each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    known: BTreeMap<BaselineKey, usize>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct BaselineKey {
    file: String,
    code: String,
    /// The first 16 hexadecimal digits of the SHA-256 of the row's text.
    row: String,
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
    known: BaselineKey,
    count: usize,
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

impl Baseline {
    /// Makes a baseline of all faults of a run.
    #[must_use]
    pub fn of(faults: &Faults, sources: &Sources) -> Self {
        let mut known = BTreeMap::new();
        for (_, key) in keyed(faults, sources) {
            *known.entry(key).or_default() += 1;
        }
        Self { known }
    }

    /// Parses the output of [`Baseline::text`].
    ///
    /// # Errors
    /// Fails if the text is anything else, or of another version of the format.
    pub fn read(text: &str) -> Result<Self, BaselineError> {
        let file: BaselineFile = serde_json::from_str(text)?;
        if file.version != VERSION {
            return Err(BaselineError::Version(file.version));
        }
        Ok(Self { known: file.faults.into_iter().map(|line| (line.known, line.count)).collect() })
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

    /// Removes the faults of the baseline, each at most as often as the baseline has it. Returns the number of faults
    /// removed, and the number of faults in the baseline that no longer occur.
    pub fn apply(&self, faults: &mut Faults, sources: &Sources) -> (usize, usize) {
        let mut left = self.known.clone();
        let mut removed: BTreeMap<Place, Vec<Fault>> = BTreeMap::new();
        let mut count = 0;
        for (fault, key) in keyed(faults, sources) {
            if let Some(left) = left.get_mut(&key).filter(|count| **count > 0) {
                *left -= 1;
                count += 1;
                removed.entry(fault.place).or_default().push(fault.clone());
            }
        }
        faults.retain(|fault| {
            let here = removed.get_mut(&fault.place);
            let found = here.and_then(|here| Some((here.iter().position(|removed| removed == fault)?, here)));
            found.map(|(index, here)| here.swap_remove(index)).is_none()
        });
        (count, left.values().sum())
    }
}

/// Returns the faults in order, each with its key.
fn keyed<'f>(faults: &'f Faults, sources: &Sources) -> Vec<(&'f Fault, BaselineKey)> {
    let list = faults.sorted();
    let mut excerpts = Excerpts::new(sources);
    let keyed = list.into_iter().map(|fault| {
        let mut row = digest::of(excerpts.of(fault.place).text.trim().as_bytes());
        row.truncate(16);
        let file = sources.get(fault.place.source).name.clone();
        let code = fault.what.code().to_string();
        (fault, BaselineKey { file, code, row })
    });
    keyed.collect()
}
