//! The last line of a receipt: all of it in capital letters, digits and colons, which a QR code holds in little room.

use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;

use crate::digest;

/// What the line begins with.
pub(super) const MARK: &str = "DUBAN1";

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

/// What the last line says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MachineLine {
    /// The day as of which was checked.
    pub as_of: NaiveDate,
    /// The version of duban.
    pub version: String,
    /// The first digits of the digest of the config.
    pub config: String,
    /// The number of files.
    pub files: u64,
    /// Their issues.
    pub issues: u64,
    /// Their bytes.
    pub size: u64,
    /// The faults.
    pub counts: ReceiptCounts,
    /// The SHA-256 of the file; of several, that of their digests.
    pub sha256: String,
}

impl fmt::Display for MachineLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { as_of, version, config, files, issues, size, counts, sha256 } = self;
        let ReceiptCounts { errors, warnings, infos } = counts;
        let text = format!(
            "{MARK}:{}:{version}:{config}:F{files}:I{issues}:B{size}:E{errors}:W{warnings}:N{infos}:{sha256}",
            as_of.format("%Y%m%d")
        );
        let text = text.to_ascii_uppercase();
        write!(f, "{text}:{}", check(&text))
    }
}

/// The digits by which a slip of a line is found.
fn check(text: &str) -> String {
    let digest = digest::of(text.as_bytes());
    digest.get(..8).unwrap_or_default().to_ascii_uppercase()
}

impl FromStr for MachineLine {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let text = text.trim();
        let (body, digits) = text.rsplit_once(':').ok_or(())?;
        if check(body) != digits {
            return Err(());
        }
        let fields: Vec<&str> = body.split(':').collect();
        let [mark, day, version, config, files, issues, size, errors, warnings, infos, sha256] = fields[..] else {
            return Err(());
        };
        let number = |text: &str, letter: char| -> Result<u64, ()> {
            text.strip_prefix(letter).and_then(|digits| digits.parse().ok()).ok_or(())
        };
        if mark != MARK || day.len() != 8 || sha256.len() != 64 {
            return Err(());
        }
        let line = Self {
            as_of: NaiveDate::parse_from_str(day, "%Y%m%d").map_err(|_| ())?,
            version: version.to_ascii_lowercase(),
            config: config.to_ascii_lowercase(),
            files: number(files, 'F')?,
            issues: number(issues, 'I')?,
            size: number(size, 'B')?,
            counts: ReceiptCounts {
                errors: number(errors, 'E')?,
                warnings: number(warnings, 'W')?,
                infos: number(infos, 'N')?,
            },
            sha256: sha256.to_ascii_lowercase(),
        };
        Ok(line)
    }
}
