//! Numbers that other versions of the register know and this one does not: those of another branch, or some that were taken back.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::register::NumberKey;
use crate::register::entry::{Event, RegisterEntry, RegisterLine};
use crate::register::lines::{FileEnd, RegisterLines};

/// The version of a register that is at hand.
pub struct Here {
    bytes: Vec<u8>,
    known: BTreeSet<(NumberKey, String)>,
}

impl Here {
    /// Takes the bytes of the register.
    #[must_use]
    pub fn new(mut bytes: Vec<u8>) -> Self {
        without_carriage_returns(&mut bytes);
        let known = documents(&bytes).map(|entry| (entry.key(), entry.fingerprint())).collect();
        Self { bytes, known }
    }

    /// Returns the documents of another version that this one does not have, in the order entered there.
    #[must_use]
    pub fn lacks(&self, other: &[u8]) -> Vec<RegisterEntry> {
        let new = documents(behind_the_same(&self.bytes, other));
        new.filter(|entry| !self.known.contains(&(entry.key(), entry.fingerprint()))).collect()
    }
}

/// What a version of the register has given out: the highest number of each series and year, and the requests that were answered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GivenOut {
    highest: Vec<Highest>,
    requests: BTreeMap<String, NamedDocument>,
    /// Whether all its lines could be read.
    pub is_whole: bool,
}

/// A document as it is told of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedDocument {
    /// Its number as printed.
    pub number: String,
    /// Its title.
    pub title: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Highest {
    series: String,
    year: Option<i32>,
    n: u32,
    document: NamedDocument,
}

impl GivenOut {
    fn add(&mut self, entry: &RegisterEntry) {
        let document = || NamedDocument { number: entry.number.clone(), title: entry.title.replace('\n', "") };
        if let Some(request) = &entry.request {
            self.requests.insert(request.clone(), document());
        }
        let (series, year) = entry.run();
        match self.highest.iter_mut().find(|highest| (highest.series.as_str(), highest.year) == (series, year)) {
            Some(highest) if highest.n >= entry.n => {}
            Some(highest) => (highest.n, highest.document) = (entry.n, document()),
            None => {
                self.highest.push(Highest { series: series.to_owned(), year, n: entry.n, document: document() });
            }
        }
    }

    /// Returns a document of this version that is in the way of documents to be given out: its number would be given out again,
    /// or it answered the same request.
    #[must_use]
    pub fn in_the_way_of(&self, next: &[RegisterEntry]) -> Option<&NamedDocument> {
        next.iter().find_map(|next| {
            let is_of_run = |highest: &&Highest| (highest.series.as_str(), highest.year) == next.run();
            let highest = self.highest.iter().find(is_of_run).filter(|highest| highest.n >= next.n);
            let request = || next.request.as_ref().and_then(|request| self.requests.get(request));
            highest.map(|highest| &highest.document).or_else(request)
        })
    }
}

/// Reads versions of a register one after the other: of one that only grew, its new lines alone.
#[derive(Default)]
pub struct VersionReader {
    before: Vec<u8>,
    given: GivenOut,
}

impl VersionReader {
    /// Goes on to another version.
    pub fn read(&mut self, mut bytes: Vec<u8>) -> GivenOut {
        without_carriage_returns(&mut bytes);
        let is_longer = bytes.starts_with(&self.before) && self.before.last().is_none_or(|last| *last == b'\n');
        if !is_longer {
            self.before.clear();
        }
        if self.before.is_empty() {
            self.given = GivenOut { is_whole: true, ..GivenOut::default() };
        }
        let lines = RegisterLines::read(bytes.get(self.before.len()..).unwrap_or_default());
        self.given.is_whole &= lines.bad.is_empty() && !matches!(lines.end, FileEnd::Torn { .. });
        for entry in lines.readable.iter().filter_map(|line| document(&line.event)) {
            self.given.add(&entry);
        }
        self.before = bytes;
        self.given.clone()
    }
}

/// Whether a version has a line of this hash, as it was or merged behind others.
#[must_use]
pub fn has_line(bytes: &[u8], hash: &str) -> bool {
    let is_it = |line: &RegisterLine| line.has_hash(hash) || line.was.iter().any(|was| was == hash);
    RegisterLines::read(bytes).readable.iter().any(is_it)
}

/// Version control may turn LF into CRLF and back.
fn without_carriage_returns(bytes: &mut Vec<u8>) {
    if bytes.contains(&b'\r') {
        let mut behind = false;
        let ends: Vec<bool> = bytes.iter().rev().map(|byte| std::mem::replace(&mut behind, *byte == b'\n')).collect();
        let mut before_feed = ends.into_iter().rev();
        bytes.retain(|byte| !(before_feed.next() == Some(true) && *byte == b'\r'));
    }
}

/// The lines of `other` from where it is another than `here`.
fn behind_the_same<'o>(here: &[u8], other: &'o [u8]) -> &'o [u8] {
    const STEP: usize = 4096;
    // Versions of one file are alike up to where one of them ends or they part; whole pieces are compared at once.
    let pieces = here.chunks(STEP).zip(other.chunks(STEP)).take_while(|(here, other)| here == other);
    let alike = pieces.map(|(piece, _)| piece.len()).sum::<usize>();
    let rest = here.iter().skip(alike).zip(other.iter().skip(alike)).take_while(|(here, other)| here == other).count();
    let alike = other.get(..alike + rest).unwrap_or_default();
    let from = alike.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    other.get(from..).unwrap_or_default()
}

fn documents(bytes: &[u8]) -> impl Iterator<Item = RegisterEntry> {
    RegisterLines::read(bytes).readable.into_iter().filter_map(|line| document(&line.event))
}

fn document(event: &Event) -> Option<RegisterEntry> {
    match event {
        Event::Reserved(facts) | Event::Imported(facts) => Some(RegisterEntry::reserved(facts)),
        Event::Dispatched { .. } | Event::Void { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::register::entry::tests::facts;
    use crate::register::entry::{Facts, NO_LINE, write_line};

    /// Lines of documents; how they are chained is not asked.
    fn register(documents: &[(u32, &str)]) -> Vec<u8> {
        let line = |(at, (n, title)): (usize, &(u32, &str))| {
            let request = Some(format!("r-{title}"));
            let facts = Facts { title: (*title).to_owned(), request, ..facts("a", 2021, *n) };
            write_line(at as u64 + 1, &Event::Reserved(facts), 0, NO_LINE).unwrap() + "\n"
        };
        documents.iter().enumerate().map(line).collect::<String>().into_bytes()
    }

    /// The same as a checkout with CRLF has it.
    fn with_carriage_returns(bytes: &[u8]) -> Vec<u8> {
        String::from_utf8(bytes.to_vec()).unwrap().replace('\n', "\r\n").into_bytes()
    }

    /// The documents of a version, and which of them the register at hand lacks.
    type Case = (&'static [(u32, &'static str)], &'static [u32]);

    const VERSIONS: [Case; 6] = [
        (&[], &[]),
        (&[(1, "a")], &[]),
        (&[(1, "a"), (2, "b")], &[]),
        (&[(1, "a"), (2, "b"), (3, "c")], &[3]),
        (&[(1, "a"), (2, "other")], &[2]),
        (&[(9, "x"), (1, "a"), (2, "b")], &[9]),
    ];

    #[test]
    fn what_only_another_version_has_is_found() {
        let bytes = register(&[(1, "a"), (2, "b")]);
        for here in [Here::new(bytes.clone()), Here::new(with_carriage_returns(&bytes))] {
            for (other, unknown) in VERSIONS {
                let found: Vec<u32> = here.lacks(&register(other)).iter().map(|entry| entry.n).collect();
                assert_eq!(found, unknown, "{other:?}");
            }
        }
        assert_eq!(Here::new(Vec::new()).lacks(&bytes).len(), 2);
    }

    #[test]
    fn a_number_and_a_request_of_another_version_are_in_the_way() {
        let next = |n: u32, request: &str| {
            let request = Some(request.to_owned());
            [RegisterEntry::reserved(&Facts { request, ..facts("a", 2021, n) })]
        };
        let mut reader = VersionReader::default();
        for (version, highest) in VERSIONS.iter().map(|(version, _)| version).zip([0, 1, 2, 3, 2, 9]) {
            let given = reader.read(with_carriage_returns(&register(version)));
            assert!(given.is_whole);
            for n in 1..12 {
                assert_eq!(given.in_the_way_of(&next(n, "new")).is_some(), n <= highest, "{version:?} {n}");
            }
            // Nothing is left of versions that were read before.
            let is_answered = version.iter().any(|(_, title)| *title == "c");
            assert_eq!(given.in_the_way_of(&next(99, "r-c")).is_some(), is_answered, "{version:?}");
        }
        let given = reader.read(register(&[(1, "a")]));
        assert!(given.in_the_way_of(&[RegisterEntry::reserved(&facts("a", 2022, 1))]).is_none(), "another year");
        let mut torn = register(&[(1, "a")]);
        torn.truncate(torn.len() - 9);
        assert!(!reader.read(torn).is_whole && reader.read(register(&[(1, "a")])).is_whole);
    }
}
