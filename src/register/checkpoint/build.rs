//! Makes a checkpoint from the documents of a register.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use chrono::NaiveDate;
use sha2::{Digest as _, Sha256};

use crate::model::identity::{is_key, is_place};
use crate::register::checkpoint::stored::{
    Checkpoint, DAY_AND_DESCRIPTION, DAY_AND_UNIT, FILE, HANDLE, Header, KEY, MAGIC, PLACE_IN_UNIT, day_text, taken,
};
use crate::register::checkpoint::table::{hash, row};
use crate::register::entry::{RegisterEntry, RegisterStatus};
use crate::register::head::HeadNote;
use crate::register::identities::{StoredIssue, stored_issues_and_whether_all};
use crate::register::number_key::NumberKey;
use crate::register::stamp::Stamp;

/// Collects documents for a checkpoint, in the order entered.
#[derive(Debug, Default)]
pub(in crate::register) struct CheckpointBuilder {
    highest: BTreeMap<(String, i32), u32>,
    printed: BTreeMap<String, (NumberKey, String)>,
    latest: BTreeMap<(String, Option<String>), u32>,
    silent: BTreeMap<String, Vec<u32>>,
    unread: Vec<u32>,
    days: BTreeSet<NaiveDate>,
    silent_units: BTreeSet<String>,
    units: BTreeSet<String>,
    has_files: bool,
    entries: Vec<[u8; 12]>,
    clues: Vec<[u8; 12]>,
    taken: Vec<[u8; 8]>,
}

impl CheckpointBuilder {
    /// Goes on from a checkpoint.
    pub(in crate::register) fn after(checkpoint: &Checkpoint) -> Self {
        let header = checkpoint.header.clone();
        Self {
            highest: header.highest.into_iter().map(|key| ((key.series, key.year), key.n)).collect(),
            printed: header.printed.into_iter().map(|(key, number)| (key.series.clone(), (key, number))).collect(),
            latest: header.latest.into_iter().map(|(series, unit, at)| ((series, unit), at)).collect(),
            silent: header.silent.into_iter().collect(),
            unread: header.unread,
            days: header.days.into_iter().collect(),
            silent_units: header.silent_units.into_iter().collect(),
            units: header.units.into_iter().collect(),
            has_files: header.has_files,
            entries: checkpoint.table(0).rows().to_vec(),
            clues: checkpoint.table(1).rows().to_vec(),
            taken: checkpoint.table(2).rows().to_vec(),
        }
    }

    /// Adds a document; `start` is the offset of the line on which it was entered. What its figures say of its issues is
    /// read from the folder of the project.
    pub(in crate::register) fn add(&mut self, root: &Path, record: &RegisterEntry, start: u64) {
        self.taken.extend(taken(record).map(u64::to_be_bytes));
        let highest = self.highest.entry((record.series.clone(), record.year)).or_default();
        *highest = record.n.max(*highest);
        self.printed.insert(record.series.clone(), (record.key(), record.number.clone()));
        self.has_files |= !record.files.is_empty();
        if record.status == RegisterStatus::Void {
            return;
        }
        let position = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        self.entries.push(row(start, u32::try_from(record.line).unwrap_or(u32::MAX)));
        self.latest.insert((record.series.clone(), None), position);
        if let Some(unit) = &record.unit {
            self.latest.insert((record.series.clone(), Some(unit.clone())), position);
            self.units.insert(unit.clone());
        }
        if record.issues.is_empty() {
            self.silent.entry(record.series.clone()).or_default().push(position);
        }
        let mut clue = |question, parts: &[&str]| self.clues.push(row(hash(question, parts), position));
        for file in &record.files {
            clue(FILE, &[&file.path]);
        }
        let (stored, all) = stored_issues_and_whether_all(root, record);
        if !record.issues.is_empty() && !all {
            self.unread.push(position);
        }
        for (at, handle) in record.issues.iter().enumerate() {
            clue(HANDLE, &[handle]);
            let key = record.identities.get(at).filter(|key| is_key(key));
            if let Some(key) = key {
                clue(KEY, &[key]);
            }
            let Some(identity) = stored.iter().find(|stored| stored.handle == *handle).map(StoredIssue::identity)
            else {
                self.silent_units.extend(record.unit.clone());
                if let (None, Some(unit), true) = (key, &record.unit, is_place(handle)) {
                    clue(PLACE_IN_UNIT, &[unit]);
                }
                continue;
            };
            let day = day_text(identity.found_on);
            clue(DAY_AND_UNIT, &[&day, &identity.unit]);
            clue(DAY_AND_DESCRIPTION, &[&day, &identity.description]);
            self.days.extend(identity.found_on);
            self.units.insert(identity.unit);
        }
    }

    /// Returns the checkpoint of the documents. `line`, `start` and `last` are the last line, `stamp` that of the register.
    ///
    /// # Errors
    /// In practice none: every part can be represented in JSON.
    pub(in crate::register) fn finish(
        mut self,
        (line, start, last): (usize, u64, HeadNote),
        stamp: Stamp,
    ) -> Result<Checkpoint, serde_json::Error> {
        self.clues.sort_unstable();
        self.clues.dedup();
        self.taken.sort_unstable();
        let rows = [self.entries.len(), self.clues.len(), self.taken.len()];
        let highest = self.highest.into_iter().map(|((series, year), n)| NumberKey { series, year, n });
        let header = Header {
            line,
            start,
            last,
            stamp,
            highest: highest.collect(),
            printed: self.printed.into_values().collect(),
            latest: self.latest.into_iter().map(|((series, unit), at)| (series, unit, at)).collect(),
            silent: self.silent.into_iter().collect(),
            unread: self.unread,
            days: self.days.into_iter().collect(),
            silent_units: self.silent_units.into_iter().collect(),
            units: self.units.into_iter().collect(),
            has_files: self.has_files,
            rows,
        };
        let text = serde_json::to_vec(&header)?;
        let mut bytes = MAGIC.to_vec();
        bytes.extend(u32::try_from(text.len()).unwrap_or(u32::MAX).to_be_bytes());
        bytes.extend(text);
        let mut tables = [0; 3];
        for (table, rows) in
            [self.entries.as_flattened(), self.clues.as_flattened(), self.taken.as_flattened()].into_iter().enumerate()
        {
            tables[table] = bytes.len();
            bytes.extend(rows);
        }
        let digest = Sha256::digest(&bytes);
        bytes.extend(digest);
        Ok(Checkpoint { header, bytes, tables })
    }
}
