//! Numbers that another version of the register knows and this one does not: that of another branch, or one that was taken back.

use std::collections::BTreeSet;

use crate::register::entry::{Event, RegisterEntry};
use crate::register::lines::RegisterLines;

/// Returns the documents of another version of a register that this version does not have, in the order entered there.
#[must_use]
pub fn unknown_here(here: &[u8], other: &[u8]) -> Vec<RegisterEntry> {
    // Versions of one file are alike up to where one of them ends or they part.
    let alike = here.iter().zip(other).take_while(|(here, other)| here == other).count();
    let from = here.get(..alike).and_then(|alike| alike.iter().rposition(|byte| *byte == b'\n')).map_or(0, |at| at + 1);
    let documents = |bytes: &[u8]| -> Vec<RegisterEntry> {
        let lines = RegisterLines::read(bytes.get(from..).unwrap_or_default()).readable;
        let facts = lines.into_iter().filter_map(|line| match line.event {
            Event::Reserved(facts) | Event::Imported(facts) => Some(RegisterEntry::reserved(&facts)),
            Event::Dispatched(_) | Event::Void { .. } => None,
        });
        facts.collect()
    };
    let known: BTreeSet<_> = documents(here).iter().map(|entry| (entry.key(), entry.fingerprint())).collect();
    documents(other).into_iter().filter(|entry| !known.contains(&(entry.key(), entry.fingerprint()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::register::entry::tests::facts;
    use crate::register::entry::{Facts, NO_LINE, write_line};

    /// Lines of documents; how they are chained is not asked.
    fn register(documents: &[(u32, &str)]) -> Vec<u8> {
        let line = |(at, (n, title)): (usize, &(u32, &str))| {
            let facts = Facts { title: (*title).to_owned(), ..facts("a", 2021, *n) };
            write_line(at as u64 + 1, &Event::Reserved(facts), 0, NO_LINE).unwrap() + "\n"
        };
        documents.iter().enumerate().map(line).collect::<String>().into_bytes()
    }

    #[test]
    fn what_only_another_version_has_is_found() {
        let here = register(&[(1, "a"), (2, "b")]);
        for (other, unknown) in [
            (&[][..], &[][..]),
            (&[(1, "a")], &[]),
            (&[(1, "a"), (2, "b")], &[]),
            (&[(1, "a"), (2, "b"), (3, "c")], &[3]),
            (&[(1, "a"), (2, "other")], &[2]),
            (&[(9, "x"), (1, "a"), (2, "b")], &[9]),
        ] {
            let found: Vec<u32> = unknown_here(&here, &register(other)).iter().map(|entry| entry.n).collect();
            assert_eq!(found, unknown, "{other:?}");
        }
        assert_eq!(unknown_here(b"", &here).len(), 2);
    }
}
