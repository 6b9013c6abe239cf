//! By what a fault is recognised in the next submission.

use std::collections::BTreeMap;

use crate::digest;
use crate::fault::emit::Shown;

/// The number of hexadecimal digits of a fingerprint.
const DIGITS: usize = 32;

/// Gives each fault its fingerprint: a hash of its file, its code, the text of its row, its message, and its number among
/// equal ones. The line is left out, since it moves. A finding in several rows is recognised by its word, since its rows
/// change.
#[derive(Default)]
pub(super) struct Fingerprints {
    /// How many of each there were, by a hash of what they are known by.
    seen: BTreeMap<String, usize>,
}

impl Fingerprints {
    pub(super) fn of(&mut self, shown: &Shown<'_>) -> String {
        let code = shown.fault.what.code();
        let known = match shown.fault.what.repeated() {
            Some(word) => format!("{}\0{code}\0{:?}\0{word}", shown.file, shown.fault.what.field()),
            None => format!("{}\0{code}\0{}\0{}", shown.file, shown.excerpt.text.trim(), shown.words.message),
        };
        let count = self.seen.entry(shortened(digest::of(known.as_bytes()))).or_default();
        *count += 1;
        shortened(digest::of(format!("{known}\0{count}").as_bytes()))
    }
}

fn shortened(mut digest: String) -> String {
    digest.truncate(DIGITS);
    digest.shrink_to_fit();
    digest
}
