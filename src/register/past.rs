//! The register as a run asks it: all of a short one; of a long one the documents behind its checkpoint, and a way to those
//! before it.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{Read as _, Seek as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::NaiveDate;

use crate::platform::locks;
use crate::register::checkpoint::{Checkpoint, Clues};
use crate::register::entry::RegisterEntry;
use crate::register::file::{Register, behind, io_at, open_shared, read, records};
use crate::register::lines::RegisterLines;
use crate::register::number_key::NumberKey;
use crate::register::state::RegisterState;
use crate::register::{FILE_NAME, RegisterError};

/// What a register says to a run.
#[derive(Debug, Default)]
pub struct Past {
    root: PathBuf,
    entries: Vec<RegisterEntry>,
    before: Option<Before>,
}

/// The part before the checkpoint. The lock of a dispatch lasts as long as its file here, too.
#[derive(Debug)]
struct Before {
    checkpoint: Arc<Checkpoint>,
    file: Arc<File>,
}

impl Register {
    /// Returns the register as a run asks it.
    #[must_use]
    pub fn past(&self) -> Past {
        Past::new(&self.root, &self.state, Arc::clone(&self.file))
    }
}

impl Past {
    /// All documents of a register.
    #[must_use]
    pub fn whole(entries: Vec<RegisterEntry>) -> Self {
        Self { entries, ..Self::default() }
    }

    /// Reads the register of a project under a shared lock, of a long one the lines behind its checkpoint, and changes
    /// nothing.
    ///
    /// # Errors
    /// The file or one of its lines can't be read.
    pub fn read(root: &Path) -> Result<Self, RegisterError> {
        let Some(checkpoint) = Checkpoint::load(root) else { return read(root).map(Self::whole) };
        let Some(file) = open_shared(root)? else { return Ok(Self::default()) };
        let Some((state, _)) = behind(checkpoint, root, &file) else {
            drop(file);
            return read(root).map(Self::whole);
        };
        // Lines are never changed, so that those before the checkpoint can be read when others write again.
        locks::unlock(&file).map_err(io_at(&root.join(FILE_NAME)))?;
        Ok(Self::new(root, &state, Arc::new(file)))
    }

    fn new(root: &Path, state: &RegisterState, file: Arc<File>) -> Self {
        let before = state.before().map(|checkpoint| Before { checkpoint: Arc::clone(checkpoint), file });
        Self { root: root.to_owned(), entries: state.records().to_vec(), before }
    }

    /// Reads the register as it stood before the dispatch that entered something on a line, counted from 1: without what
    /// came after it, such as that a document was voided.
    ///
    /// # Errors
    /// The file or one of its lines can't be read.
    pub fn before(root: &Path, line: usize) -> Result<Self, RegisterError> {
        // Without waiting for the lock, which the run may hold itself: what stands before a line never changes.
        let path = root.join(FILE_NAME);
        let bytes = fs::read(&path).map_err(io_at(&path))?;
        let lines = RegisterLines::read(&bytes);
        let first = lines.batch_of(line);
        let end = lines.readable.get(first).map_or(bytes.len() as u64, |line| line.start);
        let before = bytes.get(..usize::try_from(end).unwrap_or(usize::MAX)).unwrap_or(&bytes);
        records(root, before).map(Self::whole)
    }

    /// Whether documents stand before a checkpoint.
    #[must_use]
    pub fn is_long(&self) -> bool {
        self.before.is_some()
    }

    /// The documents behind the checkpoint; all if there is none.
    #[must_use]
    pub fn listed(&self) -> &[RegisterEntry] {
        &self.entries
    }

    /// All documents, in the order entered.
    ///
    /// # Errors
    /// The file or one of its lines can't be read.
    pub fn all(&self) -> Result<Vec<RegisterEntry>, RegisterError> {
        let Some(Before { file, .. }) = &self.before else { return Ok(self.entries.clone()) };
        let (mut file, mut bytes) = (&**file, Vec::new());
        let done = file.rewind().and_then(|()| file.read_to_end(&mut bytes));
        done.map_err(io_at(&self.root.join(FILE_NAME)))?;
        records(&self.root, &bytes)
    }

    /// The documents that may matter to a run, in the order entered, those behind the checkpoint always; all if there is no
    /// checkpoint.
    ///
    /// # Errors
    /// The file can't be read, or a line is not what it was.
    pub fn about(&self, clues: &Clues<'_>) -> Result<Vec<RegisterEntry>, RegisterError> {
        let Some(Before { checkpoint, file }) = &self.before else { return Ok(self.entries.clone()) };
        let found = checkpoint.about(clues, file).map_err(io_at(&self.root.join(FILE_NAME)))?;
        let mut entries = found.ok_or(RegisterError::Broken { line: checkpoint.last().0 })?;
        entries.extend_from_slice(&self.entries);
        Ok(entries)
    }

    /// Numbers that are taken: all, or at least the highest of each series and year.
    #[must_use]
    pub fn numbers(&self) -> Vec<NumberKey> {
        let before = self.before.iter().flat_map(|before| before.checkpoint.highest().iter().cloned());
        before.chain(self.entries.iter().map(RegisterEntry::key)).collect()
    }

    /// The number entered last of each series, as printed.
    #[must_use]
    pub fn printed(&self) -> BTreeMap<String, (NumberKey, String)> {
        let before = self.before.iter().flat_map(|before| before.checkpoint.printed().iter().cloned());
        let listed = self.entries.iter().map(|entry| (entry.key(), entry.number.clone()));
        before.chain(listed).map(|(key, number)| (key.series.clone(), (key, number))).collect()
    }

    /// Whether a document before the checkpoint calls one of its issues by an id.
    #[must_use]
    pub fn names(&self, id: &str) -> bool {
        self.before.as_ref().is_some_and(|before| before.checkpoint.names(id))
    }

    /// The days of finding of all issues that documents before the checkpoint kept.
    pub fn days_before(&self) -> impl Iterator<Item = NaiveDate> {
        self.before.iter().flat_map(|before| before.checkpoint.days().iter().copied())
    }

    /// The units of documents before the checkpoint with issues of which nothing is kept.
    #[must_use]
    pub fn silent_units_before(&self) -> &[String] {
        self.before.as_ref().map_or(&[], |before| before.checkpoint.silent_units())
    }
}
