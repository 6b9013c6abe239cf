//! By what a fault is recognised in the next submission.

use std::io::{self, Write};

use rustc_hash::FxHashMap;

use crate::digest::{self, Hasher};
use crate::fault::emit::Shown;

/// Gives each fault its fingerprint: a hash of its file, its code, the text of its row, its message, and its number among
/// equal ones. The line is left out, since it moves. A finding in several rows is recognised by its word, since its rows
/// change.
#[derive(Default)]
pub(super) struct Fingerprints {
    /// How many of each there were, by a hash of what they are known by.
    seen: FxHashMap<[u8; 32], u32>,
}

impl Fingerprints {
    pub(super) fn of(&mut self, shown: &Shown<'_>) -> String {
        // A hasher takes everything.
        self.hash(shown).unwrap_or_default()
    }

    fn hash(&mut self, shown: &Shown<'_>) -> io::Result<String> {
        let code = shown.fault.what.code();
        let mut hasher = Hasher::default();
        match shown.fault.what.repeated() {
            Some(word) => write!(hasher, "{}\0{code}\0{:?}\0{word}", shown.file, shown.fault.what.field()),
            None => write!(hasher, "{}\0{code}\0{}\0{}", shown.file, shown.excerpt.text.trim(), shown.words.message),
        }?;
        let count = self.seen.entry(hasher.so_far()).or_default();
        *count += 1;
        write!(hasher, "\0{count}")?;
        Ok(digest::hex(&hasher.so_far()[..16]))
    }
}
