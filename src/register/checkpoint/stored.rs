//! The file of the checkpoint, and whether it fits the register.

use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::atomic;
use crate::register::checkpoint::table::{Table, hash};
use crate::register::entry::{RegisterEntry, RegisterLine};
use crate::register::head::HeadNote;
use crate::register::lines::{FileEnd, RegisterLines};
use crate::register::number_key::NumberKey;
use crate::register::stamp::Stamp;
use crate::register::{OWN_FOLDER, STAGED};

/// The first bytes of the file: another version of the format has others.
pub(super) const MAGIC: &[u8] = b"duban register checkpoint 1\n";
/// The length of a SHA-256 at the end of the file.
const DIGEST: usize = 32;
/// What a hash is of. The taken numbers of a run, by key and as printed; and what a document is looked up by.
const NUMBER: u8 = b'n';
const OF_RUN: u8 = b'r';
const PRINTED: u8 = b'p';
pub(super) const HANDLE: u8 = b'h';
pub(super) const KEY: u8 = b'k';
pub(super) const DAY_AND_UNIT: u8 = b'u';
pub(super) const DAY_AND_DESCRIPTION: u8 = b'd';
pub(super) const PLACE_IN_UNIT: u8 = b'l';
pub(super) const FILE: u8 = b'f';

/// What is known of the lines before an offset.
#[derive(Debug)]
pub(in crate::register) struct Checkpoint {
    pub(super) header: Header,
    /// The whole file, and where its tables begin.
    pub(super) bytes: Vec<u8>,
    pub(super) tables: [usize; 3],
}

/// What stands in the file before its tables, as JSON.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Header {
    /// The number of the last line before the offset, where it begins, and its place in the chain.
    pub(super) line: usize,
    pub(super) start: u64,
    pub(super) last: HeadNote,
    /// The register when this was written.
    pub(super) stamp: Stamp,
    /// The highest number of each series and year.
    pub(super) highest: Vec<NumberKey>,
    /// The number entered last of each series, as printed.
    pub(super) printed: Vec<(NumberKey, String)>,
    /// The last document of each series, and the last one to each unit, that is not void.
    pub(super) latest: Vec<(String, Option<String>, u32)>,
    /// Documents that list no issues, by series.
    pub(super) silent: Vec<(String, Vec<u32>)>,
    /// Documents whose figures could not be read: what is said of their issues may be known again one day.
    pub(super) unread: Vec<u32>,
    /// The days of finding of all issues that documents kept.
    pub(super) days: Vec<NaiveDate>,
    /// The units of documents with issues of which nothing is kept, and the units of all documents and issues.
    pub(super) silent_units: Vec<String>,
    pub(super) units: Vec<String>,
    /// Whether a document has files.
    pub(super) has_files: bool,
    /// The number of rows of the tables of entries, of clues and of taken numbers.
    pub(super) rows: [usize; 3],
}

/// The bytes of a row of each table: the offset and line of a document that is not void; a clue and the position of its
/// document; a number.
const WIDTHS: [usize; 3] = [12, 12, 8];

impl Checkpoint {
    /// Returns the path of a project's checkpoint.
    pub(in crate::register) fn path(root: &Path) -> PathBuf {
        root.join(OWN_FOLDER).join("register.checkpoint")
    }

    /// Reads the checkpoint of a project; `None` if there is none or it was damaged.
    pub(in crate::register) fn load(root: &Path) -> Option<Self> {
        Self::of_bytes(fs::read(Self::path(root)).ok()?)
    }

    /// Writes it.
    ///
    /// # Errors
    /// The file can't be written.
    pub(in crate::register) fn save(&self, root: &Path) -> io::Result<()> {
        atomic::write_by(&Self::path(root), &self.bytes, &root.join(STAGED))
    }

    /// The checkpoint in the bytes of its file; `None` if they were damaged.
    pub(super) fn of_bytes(bytes: Vec<u8>) -> Option<Self> {
        let (content, digest) = bytes.split_at_checked(bytes.len().checked_sub(DIGEST)?)?;
        let (length, rest) = content.strip_prefix(MAGIC)?.split_first_chunk()?;
        if Sha256::digest(content).as_slice() != digest {
            return None;
        }
        let (header, rest) = rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
        let header: Header = serde_json::from_slice(header).ok()?;
        let mut at = content.len() - rest.len();
        let tables = std::array::from_fn(|table| {
            let start = at;
            at = at.saturating_add(header.rows[table].saturating_mul(WIDTHS[table]));
            start
        });
        (at == content.len()).then_some(Self { header, bytes, tables })
    }

    /// A table of rows of so many bytes.
    pub(super) fn table<const W: usize>(&self, table: usize) -> Table<'_, W> {
        let from = self.tables[table];
        Table::new(self.bytes.get(from..from + self.header.rows[table] * W).unwrap_or_default())
    }

    /// Returns the lines behind the checkpoint, if it fits the register in `file`.
    pub(in crate::register) fn lines_behind(
        &self,
        mut file: &File,
        head: Option<&HeadNote>,
    ) -> Option<Vec<RegisterLine>> {
        let stamp = Stamp::of(file).ok()?;
        if stamp != self.header.stamp && head.is_none_or(|head| head.stamp.as_ref() != Some(&stamp)) {
            return None;
        }
        file.seek(SeekFrom::Start(self.header.start)).ok()?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).ok()?;
        let mut lines = RegisterLines::read_from(&bytes, self.header.line, self.header.start);
        let is_whole = lines.bad.is_empty()
            && lines.blank.is_empty()
            && lines.end == FileEnd::LineFeed
            && lines.unfinished_from().is_none();
        let last = lines.readable.first()?;
        let is_known = last.seq == self.header.last.seq && last.has_hash(&self.header.last.hash) && last.sound;
        let follow = lines.readable.windows(2).all(|pair| pair[1].sound && pair[1].follows(Some(&pair[0])));
        let end = lines.readable.last().map_or(0, |line| line.seq);
        if !is_whole || !is_known || !follow || head.is_some_and(|head| head.seq > end) {
            return None;
        }
        lines.readable.remove(0);
        Some(lines.readable)
    }

    /// The last line before the offset: its number and its place in the chain.
    pub(in crate::register) fn last(&self) -> (usize, &HeadNote) {
        (self.header.line, &self.header.last)
    }

    /// Whether the number of a document is taken before the offset.
    pub(in crate::register) fn has_taken(&self, record: &RegisterEntry) -> bool {
        let numbers = self.table::<8>(2);
        taken(record).into_iter().any(|number| numbers.of(number).next().is_some())
    }

    /// Whether a document before the offset has files.
    pub(in crate::register) fn has_files(&self) -> bool {
        self.header.has_files
    }

    /// The highest number of each series and year.
    pub(in crate::register) fn highest(&self) -> &[NumberKey] {
        &self.header.highest
    }

    /// The number entered last of each series, as printed.
    pub(in crate::register) fn printed(&self) -> &[(NumberKey, String)] {
        &self.header.printed
    }
}

/// The three ways in which a number is taken: its key, its place in the run of its series, and as printed.
pub(super) fn taken(record: &RegisterEntry) -> [u64; 3] {
    let (year, n) = (record.year.to_string(), record.n.to_string());
    let (series, of_run) = record.run();
    let run = of_run.map_or_else(String::new, |year| year.to_string());
    [
        hash(NUMBER, &[series, &year, &n]),
        hash(OF_RUN, &[series, &run, &n]),
        hash(PRINTED, &[series, &year, &record.number]),
    ]
}

/// The text of a day of finding, as it is hashed.
pub(super) fn day_text(day: Option<NaiveDate>) -> String {
    day.map_or_else(String::new, |day| day.to_string())
}
