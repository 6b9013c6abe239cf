//! `.gitattributes` of a project: keeps Git from changing the line ends of the register and of documents.
//!
//! `core.autocrlf`, the default of Git for Windows, checks text out with CRLF. The register's own hashes hold in spite of
//! that, but another program that compares the hash of a document with its file would find it altered.

use std::fs;
use std::io;
use std::path::Path;

use crate::atomic;

/// The file name of Git's attributes.
pub const ATTRIBUTES: &str = ".gitattributes";

/// The lines: no conversion of line ends for the register and for the folder of documents.
const LINES: [&str; 2] = ["register.jsonl -text merge=duban", "documents/** -text"];

/// What [`keep_line_ends`] did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttributesOutcome {
    /// The file was written.
    Written,
    /// The file was there, and missing lines were added at its end.
    Extended,
    /// The file has all lines already.
    Unchanged,
}

/// Writes the `.gitattributes` of a project, or adds the lines that are missing in the one that is there. Other lines
/// stay as they are.
///
/// # Errors
/// The file can't be read or written.
pub fn keep_line_ends(root: &Path) -> io::Result<AttributesOutcome> {
    let path = root.join(ATTRIBUTES);
    let (old, is_new) = match fs::read(&path) {
        Ok(bytes) => (bytes, false),
        Err(error) if error.kind() == io::ErrorKind::NotFound => (Vec::new(), true),
        Err(error) => return Err(error),
    };
    let text = String::from_utf8_lossy(&old);
    let parts = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let present: Vec<_> = text.lines().map(parts).collect();
    let missing: Vec<&str> = LINES.into_iter().filter(|line| !present.contains(&parts(line))).collect();
    if missing.is_empty() {
        return Ok(AttributesOutcome::Unchanged);
    }
    let line_end = if old.windows(2).any(|pair| pair == b"\r\n") { "\r\n" } else { "\n" };
    let mut bytes = old;
    if bytes.last().is_some_and(|last| *last != b'\n') {
        bytes.extend(line_end.as_bytes());
    }
    for line in missing {
        bytes.extend(line.as_bytes());
        bytes.extend(line_end.as_bytes());
    }
    atomic::write(&path, &bytes)?;
    Ok(if is_new { AttributesOutcome::Written } else { AttributesOutcome::Extended })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::disallowed_methods, reason = "tests write the files of an office")]

    use super::*;

    #[test]
    fn missing_lines_are_added_once_and_all_others_stay() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(ATTRIBUTES);
        let text = || fs::read_to_string(&path).unwrap();
        let both = "register.jsonl -text merge=duban\ndocuments/** -text\n";
        assert_eq!(keep_line_ends(folder.path()).unwrap(), AttributesOutcome::Written);
        assert_eq!(text(), both);
        assert_eq!(keep_line_ends(folder.path()).unwrap(), AttributesOutcome::Unchanged);
        for (old, new) in [
            ("* text=auto", format!("* text=auto\n{both}")),
            ("documents/**   -text\n", "documents/**   -text\nregister.jsonl -text merge=duban\n".to_owned()),
            ("*.csv text\r\n", "*.csv text\r\nregister.jsonl -text merge=duban\r\ndocuments/** -text\r\n".to_owned()),
        ] {
            fs::write(&path, old).unwrap();
            assert_eq!(keep_line_ends(folder.path()).unwrap(), AttributesOutcome::Extended);
            assert_eq!(text(), new);
        }
    }
}
