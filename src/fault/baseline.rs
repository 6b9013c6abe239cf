//! A baseline: the faults that an office has accepted for now, so that `check` tells the new ones.
//!
//! A fault is known again by its file, its code and what its row says, not by its line: rows above may come and go.
//! Mend a row, and its old faults are forgotten; a fault in a row that is new or altered is told.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::digest;
use crate::fault::{Fault, Faults};
use crate::source::Sources;
use crate::source::excerpt::locate;

/// The version of the form written here.
const VERSION: u32 = 1;

/// Faults by file, code and row, with how often each occurs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    known: BTreeMap<BaselineKey, usize>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct BaselineKey {
    file: String,
    code: String,
    /// The first 16 digits of the SHA-256 of the row's text.
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

/// Why a text is no baseline.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    /// Not what `--write-baseline` writes.
    #[error("{0}")]
    Form(#[from] serde_json::Error),
    /// Written by a later duban.
    #[error("version {0}")]
    Version(u32),
}

impl Baseline {
    /// All faults of a run.
    #[must_use]
    pub fn of(faults: &Faults, sources: &Sources) -> Self {
        let mut known = BTreeMap::new();
        for (_, name) in named(faults, sources) {
            *known.entry(name).or_default() += 1;
        }
        Self { known }
    }

    /// Reads what [`Baseline::text`] wrote.
    ///
    /// # Errors
    /// It is something else, or of a later version.
    pub fn read(text: &str) -> Result<Self, BaselineError> {
        let written: BaselineFile = serde_json::from_str(text)?;
        if written.version != VERSION {
            return Err(BaselineError::Version(written.version));
        }
        Ok(Self { known: written.faults.into_iter().map(|line| (line.known, line.count)).collect() })
    }

    /// The baseline as JSON, sorted: what changed shows in a diff.
    ///
    /// # Errors
    /// Never for what is made here.
    pub fn text(&self) -> Result<String, serde_json::Error> {
        let lines = self.known.iter().map(|(known, count)| BaselineLine { known: known.clone(), count: *count });
        let written = BaselineFile { version: VERSION, faults: lines.collect() };
        serde_json::to_string_pretty(&written).map(|text| text + "\n")
    }

    /// Takes the faults that it knows away, each as often as it knows it. Gives how many were taken, and how many it
    /// knows that are no more.
    pub fn apply(&self, faults: &mut Faults, sources: &Sources) -> (usize, usize) {
        let mut left = self.known.clone();
        let mut taken: Vec<Fault> = Vec::new();
        for (fault, name) in named(faults, sources) {
            if let Some(count) = left.get_mut(&name).filter(|count| **count > 0) {
                *count -= 1;
                taken.push(fault);
            }
        }
        let count = taken.len();
        faults.retain(|fault| match taken.iter().position(|taken| taken == fault) {
            Some(index) => {
                taken.swap_remove(index);
                false
            }
            None => true,
        });
        (count, left.values().sum())
    }
}

/// The faults in order, each with what it is known by.
fn named(faults: &Faults, sources: &Sources) -> Vec<(Fault, BaselineKey)> {
    let list = faults.sorted();
    let places: Vec<_> = list.iter().map(|fault| fault.place).collect();
    let rows = locate(sources, &places);
    let named = list.into_iter().zip(rows).map(|(fault, row)| {
        let mut row = digest::of(row.text.trim().as_bytes());
        row.truncate(16);
        let file = sources.get(fault.place.source).name.clone();
        let code = fault.what.code().to_string();
        (fault, BaselineKey { file, code, row })
    });
    named.collect()
}
