//! The receipt of a check: which files were checked, what was found, and by which duban and which config.
//!
//! A team sends it with its log; the office holds it against what it got ([`Receipt::differences`]). It shows that the log is
//! the one that was checked, and proves nothing about who made it: whoever can run duban can make one.
//!
//! - `line`: the last line, which holds all of it in few ASCII characters
//! - `text`: the receipt as text, in either language, and how it is read
//! - `compare`: a receipt against what was handed in
//! - `qr`: the last line as a picture that a phone reads

mod compare;
mod line;
mod qr;
mod text;

use std::io::{self, Read};

use chrono::NaiveDate;

use crate::digest::{self, Hasher};

pub use compare::{Difference, VersionSide};
pub use line::MachineLine;
pub use qr::svg;
pub use text::ReceiptError;

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
}

/// Faults by their severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReceiptCounts {
    /// Errors.
    pub errors: u64,
    /// Warnings.
    pub warnings: u64,
    /// Notes.
    pub infos: u64,
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
        Self { as_of, version: version.to_owned(), config, files, counts, line }
    }
}

/// The digest of some files: that of the only one, else of all digests in their order by value, whatever the files are
/// called and however they are sorted.
fn folded(files: &[ReceiptFile]) -> String {
    match files {
        [one] => one.sha256.clone(),
        several => {
            let mut digests: Vec<&str> = several.iter().map(|file| file.sha256.as_str()).collect();
            digests.sort_unstable();
            digest::of(digests.join("\n").as_bytes())
        }
    }
}

#[cfg(test)]
mod tests;
