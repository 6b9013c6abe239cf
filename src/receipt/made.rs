//! A receipt, as it is made of files and counts.

use std::io::{self, Read};

use chrono::NaiveDate;

use crate::digest::{self, Hasher};
use crate::receipt::line::{MachineLine, ReceiptCounts};

/// What stands for a config where there is none.
pub const NO_CONFIG: &str = "-";

/// Digits that a receipt has of the digest of a config.
const CONFIG_DIGITS: usize = 16;

/// A file that was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptFile {
    /// Its name.
    pub name: String,
    /// The SHA-256 of its bytes.
    pub sha256: String,
    /// Its size in bytes.
    pub size: u64,
    /// The issues in it.
    pub issues: u64,
}

impl ReceiptFile {
    /// Reads the bytes of a file.
    ///
    /// # Errors
    /// They can't be read.
    pub fn read(name: &str, mut bytes: impl Read, issues: u64) -> io::Result<Self> {
        let mut hasher = Hasher::default();
        let size = io::copy(&mut bytes, &mut hasher)?;
        // A line break in a name would end the line of the receipt.
        let name = name.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>().trim().to_owned();
        Ok(Self { name, sha256: digest::hex(&hasher.so_far()), size, issues })
    }
}

/// A receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The day as of which was checked.
    pub as_of: NaiveDate,
    /// The version of duban.
    pub version: String,
    /// The first digits of the digest of what the config says, or [`NO_CONFIG`].
    pub config: String,
    /// The files, in the order in which they were read. A receipt that was read from its last line has none.
    pub files: Vec<ReceiptFile>,
    /// How many faults there were of each severity.
    pub counts: ReceiptCounts,
    /// The same in a line.
    pub line: MachineLine,
    /// Of a receipt that was read, the lines with the size and the issues of each file.
    pub(super) lines: Vec<FileLines>,
}

/// Where a receipt says what a file is, by lines from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FileLines {
    pub(super) size: usize,
    pub(super) issues: usize,
}

impl Receipt {
    /// Makes a receipt.
    #[must_use]
    pub fn new(
        as_of: NaiveDate,
        version: &str,
        config: Option<&str>,
        files: Vec<ReceiptFile>,
        counts: ReceiptCounts,
    ) -> Self {
        let digits = |digest: &str| digest.get(..CONFIG_DIGITS).unwrap_or(digest).to_owned();
        let config = config.map_or_else(|| NO_CONFIG.to_owned(), digits);
        let line = MachineLine {
            as_of,
            version: version.to_owned(),
            config: config.clone(),
            files: files.len() as u64,
            issues: files.iter().map(|file| file.issues).sum(),
            size: files.iter().map(|file| file.size).sum(),
            counts,
            sha256: folded(&files),
        };
        Self { as_of, version: version.to_owned(), config, files, counts, line, lines: Vec::new() }
    }
}

/// The digest of some files: that of the only one, else of all digests in their order by value, whatever the files are
/// called and however they are sorted.
pub(super) fn folded(files: &[ReceiptFile]) -> String {
    match files {
        [one] => one.sha256.clone(),
        several => {
            let mut digests: Vec<&str> = several.iter().map(|file| file.sha256.as_str()).collect();
            digests.sort_unstable();
            digest::of(digests.join("\n").as_bytes())
        }
    }
}
