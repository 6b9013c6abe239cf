//! The hash by which the register knows a file.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use memchr::memchr;

use crate::digest::{Hasher, hex};
use crate::register::FileHash;
use crate::spool::Spooled;

/// Hashes a file as it is read: all of it, and, if it is text, also without the carriage returns before line feeds, which
/// version control may add or take away.
pub(super) struct FileHasher {
    whole: Hasher,
    text: Option<Hasher>,
    /// Whether the last byte of a text was a carriage return that is not hashed yet.
    is_after_return: bool,
}

impl FileHasher {
    /// Begins with a file that has a path.
    pub(super) fn new(path: &str) -> Self {
        let text = is_text(path).then(Hasher::default);
        Self { whole: Hasher::default(), text, is_after_return: false }
    }

    /// The hash that is entered for the file.
    fn entered(&mut self) -> String {
        if let Some(text) = self.text.as_mut().filter(|_| std::mem::take(&mut self.is_after_return)) {
            // It is hashed in memory.
            let _ = text.write_all(b"\r");
        }
        hex(&self.text.as_ref().unwrap_or(&self.whole).so_far())
    }
}

impl Write for FileHasher {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.whole.write_all(bytes)?;
        let Some(text) = &mut self.text else { return Ok(bytes.len()) };
        if bytes.first().is_some_and(|first| std::mem::take(&mut self.is_after_return) && *first != b'\n') {
            text.write_all(b"\r")?;
        }
        let mut rest = bytes;
        while let Some(at) = memchr(b'\r', rest) {
            let (before, from_return) = rest.split_at(at);
            text.write_all(before)?;
            rest = from_return.get(1..).unwrap_or_default();
            match rest.first() {
                None => self.is_after_return = true,
                Some(b'\n') => {}
                Some(_) => text.write_all(b"\r")?,
            }
        }
        text.write_all(rest)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl FileHash {
    /// Returns the hash of a file of a document. Of a text file the line ends are no part, as of a line of the register.
    #[must_use]
    pub fn hash(path: &str, bytes: &[u8]) -> String {
        let mut hasher = FileHasher::new(path);
        // It is hashed in memory.
        let _ = hasher.write_all(bytes);
        hasher.entered()
    }

    /// The same of a finished file.
    ///
    /// # Errors
    /// It can't be read.
    pub fn of_file(path: &str, file: &Spooled) -> io::Result<String> {
        let mut hasher = FileHasher::new(path);
        file.write_to(&mut hasher)?;
        Ok(hasher.entered())
    }

    /// Returns whether a file with these bytes is the one that was entered.
    #[must_use]
    pub fn is_of(&self, bytes: &[u8]) -> bool {
        let mut hasher = FileHasher::new(&self.path);
        // It is hashed in memory.
        let _ = hasher.write_all(bytes);
        self.has_hash(hasher)
    }

    /// Returns whether the file at a place is the one that was entered.
    ///
    /// # Errors
    /// It can't be read.
    pub fn is_at(&self, place: &Path) -> io::Result<bool> {
        let mut hasher = FileHasher::new(&self.path);
        io::copy(&mut File::open(place)?, &mut hasher)?;
        Ok(self.has_hash(hasher))
    }

    /// Whether the file that was read is the one that was entered. An earlier version entered the hash of text files as they
    /// are.
    pub(super) fn has_hash(&self, mut hasher: FileHasher) -> bool {
        hasher.entered() == self.sha256 || hex(&hasher.whole.so_far()) == self.sha256
    }
}

/// Whether a file is text, in which version control may change line ends.
fn is_text(path: &str) -> bool {
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    ["md", "html", "json", "csv", "txt"].iter().any(|text| extension.eq_ignore_ascii_case(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest;
    use proptest::prelude::*;

    proptest! {
        /// Read in pieces, a text has the hash that it has without the carriage returns before its line feeds.
        #[test]
        fn a_text_is_hashed_without_the_returns_of_its_line_ends(text in "[a\r\n]{0,12}", cuts in proptest::collection::vec(0..12_usize, 0..4)) {
            let expected = digest::of(text.replace("\r\n", "\n").as_bytes());
            prop_assert_eq!(FileHash::hash("a.md", text.as_bytes()), &*expected);
            prop_assert_eq!(FileHash::hash("a.docx", text.as_bytes()), digest::of(text.as_bytes()));
            let mut hasher = FileHasher::new("a.md");
            let mut rest = text.as_bytes();
            for cut in cuts {
                let (piece, after) = rest.split_at(cut.min(rest.len()));
                hasher.write_all(piece).unwrap();
                rest = after;
            }
            hasher.write_all(rest).unwrap();
            prop_assert_eq!(hasher.entered(), expected);
        }
    }
}
