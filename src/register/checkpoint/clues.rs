//! Which documents before the offset may matter to a run.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Seek as _, SeekFrom};

use chrono::NaiveDate;

use crate::model::identity::is_key;
use crate::model::known::KnownIssue;
use crate::register::checkpoint::stored::{
    Checkpoint, DAY_AND_DESCRIPTION, DAY_AND_UNIT, FILE, HANDLE, KEY, PLACE_IN_UNIT, day_text,
};
use crate::register::checkpoint::table::{hash, number, position};
use crate::register::entry::{Event, RegisterEntry, RegisterStatus, read_line};

/// What a run knows when it asks for the documents that may matter to it.
pub struct Clues<'c> {
    /// The issues of its logs.
    pub issues: &'c [KnownIssue],
    /// The series of its documents.
    pub series: BTreeSet<&'c str>,
    /// The series of which the next document leaves out what was reported, if it does.
    pub reporting: Option<&'c str>,
    /// What a unit is called today.
    pub unit_today: &'c dyn Fn(&str) -> String,
}

impl Checkpoint {
    /// Returns the documents that may matter to a run, in the order entered: those that may have named one of its issues,
    /// and the last ones of its series. `None` if a line is not what it was when the checkpoint was written.
    pub(in crate::register) fn about(&self, clues: &Clues<'_>, file: &File) -> io::Result<Option<Vec<RegisterEntry>>> {
        let mut wanted: BTreeSet<u32> = self.header.unread.iter().copied().collect();
        let mut names: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for unit in &self.header.units {
            names.entry((clues.unit_today)(unit)).or_default().push(unit);
        }
        let names_of = |unit: &str| names.get(unit).map_or(&[][..], Vec::as_slice);
        let mut of_clue = |question, parts: &[&str]| wanted.extend(self.of(hash(question, parts)));
        let mut units: BTreeSet<&str> = BTreeSet::new();
        let mut days: BTreeSet<(Option<NaiveDate>, &str)> = BTreeSet::new();
        for issue in clues.issues {
            for handle in issue.id.iter().chain([&issue.handle]) {
                of_clue(HANDLE, &[handle]);
            }
            of_clue(KEY, &[&issue.key]);
            of_clue(DAY_AND_DESCRIPTION, &[&day_text(issue.identity.found_on), &issue.identity.description]);
            units.insert(&issue.identity.unit);
            days.insert((issue.identity.found_on, &issue.identity.unit));
        }
        for (day, unit) in days {
            for name in names_of(unit) {
                of_clue(DAY_AND_UNIT, &[&day_text(day), name]);
            }
        }
        for name in units.iter().flat_map(|unit| names_of(unit)) {
            of_clue(PLACE_IN_UNIT, &[name]);
        }
        let is_asked = |unit: &str| units.contains((clues.unit_today)(unit).as_str());
        for (series, unit, at) in &self.header.latest {
            if clues.series.contains(series.as_str()) && unit.as_deref().is_none_or(is_asked) {
                wanted.insert(*at);
            }
        }
        for (_, silent) in self.header.silent.iter().filter(|(series, _)| clues.reporting == Some(series)) {
            wanted.extend(silent);
        }
        wanted.into_iter().map(|at| self.document(at, file)).collect()
    }

    /// Returns the document that has a file, if one has.
    pub(in crate::register) fn owner_of(&self, path: &str, file: &File) -> io::Result<Option<RegisterEntry>> {
        for at in self.of(hash(FILE, &[path])) {
            let document = self.document(at, file)?;
            if document.as_ref().is_some_and(|document| document.files.iter().any(|file| file.path == path)) {
                return Ok(document);
            }
        }
        Ok(None)
    }

    /// Whether a document calls one of its issues by an id.
    pub(in crate::register) fn names(&self, id: &str) -> bool {
        !is_key(id) && self.of(hash(HANDLE, &[id])).next().is_some()
    }

    /// The days of finding of all issues that documents kept.
    pub(in crate::register) fn days(&self) -> &[NaiveDate] {
        &self.header.days
    }

    /// The units of documents with issues of which nothing is kept.
    pub(in crate::register) fn silent_units(&self) -> &[String] {
        &self.header.silent_units
    }

    /// The positions of the documents that have a clue.
    fn of(&self, clue: u64) -> impl Iterator<Item = u32> {
        self.table::<12>(1).of(clue).map(|row| position(row))
    }

    /// Reads a document from its line; `None` if another one stands there.
    fn document(&self, at: u32, mut file: &File) -> io::Result<Option<RegisterEntry>> {
        let place = usize::try_from(at).ok().and_then(|at| self.table::<12>(0).rows().get(at));
        let Some((start, line)) = place.map(|place| (number(place), position(place))) else { return Ok(None) };
        file.seek(SeekFrom::Start(start))?;
        let mut bytes = Vec::new();
        BufReader::with_capacity(2048, file).read_until(b'\n', &mut bytes)?;
        let text = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        let line = usize::try_from(line).unwrap_or_default();
        Ok(match read_line(text, line, start) {
            Ok(read) if read.sound => match &read.event {
                Event::Reserved(facts) | Event::Imported(facts) => {
                    Some(RegisterEntry::new(facts, RegisterStatus::Dispatched, line))
                }
                Event::Dispatched { .. } | Event::Void { .. } => None,
            },
            _ => None,
        })
    }
}
