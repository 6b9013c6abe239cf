//! Baselines of the first version, which are still read: a fault is matched by the name of its file as written, its code
//! and the text of its row.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::baseline::matched::Matched;
use crate::digest;
use crate::fault::Faults;
use crate::source::Sources;
use crate::source::excerpt::Excerpts;

/// Faults by file, code and row, with the number of occurrences of each.
#[derive(Clone, Debug, Default)]
pub struct FirstVersion {
    known: BTreeMap<RowKey, usize>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
struct RowKey {
    file: String,
    code: String,
    /// The first 16 hexadecimal digits of the SHA-256 of the row's text.
    row: String,
}

#[derive(Deserialize)]
struct File {
    faults: Vec<Line>,
}

#[derive(Deserialize)]
struct Line {
    #[serde(flatten)]
    known: RowKey,
    count: usize,
}

impl FirstVersion {
    pub(super) fn read(text: &str) -> Result<Self, serde_json::Error> {
        let file: File = serde_json::from_str(text)?;
        Ok(Self { known: file.faults.into_iter().map(|line| (line.known, line.count)).collect() })
    }

    pub(super) fn find(&self, faults: &Faults, sources: &Sources) -> Matched {
        let mut left = self.known.clone();
        let mut excerpts = Excerpts::new(sources);
        let known = faults.sorted().into_iter().map(|fault| {
            let mut row = digest::of(excerpts.of(fault.place).text.trim().as_bytes());
            row.truncate(16);
            let file = sources.get(fault.place.source).name.clone();
            let key = RowKey { file, code: fault.what.code().to_string(), row };
            let count = left.get_mut(&key).filter(|count| **count > 0);
            count.map(|count| *count -= 1).is_some()
        });
        let known = known.collect();
        Matched { known, stale: left.values().sum() }
    }
}
