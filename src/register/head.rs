//! How far the register had come, kept beside it.
//!
//! A chain shows what is missing in its middle, never that its end was cut off, and a cut register
//! gives the same numbers again. So after each append the last line's place and hash are noted in
//! `.duban/register.head`. The note comes after the line is safe on the disk: a crash leaves the
//! register ahead of it, never behind, and a register behind its head was cut.
//!
//! It is a note of this machine, not for version control: a colleague's longer register is no break.
//! Whoever cuts the register can remove the note too. It guards against accidents (a restored backup, an
//! undone commit, an editor), not against the one who holds the folder.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::atomic;
use crate::register::{OWN_FOLDER, STAGED};

/// The last line known to have been appended here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct HeadNote {
    /// Its place in the chain.
    pub(super) seq: u64,
    /// The hash of its bytes.
    pub(super) hash: String,
}

impl HeadNote {
    /// Where the note of a project is.
    pub(super) fn path(root: &Path) -> PathBuf {
        root.join(OWN_FOLDER).join("register.head")
    }

    /// Returns the note; none if there is none or it can't be read, for it must never be in the way.
    pub(super) fn read(root: &Path) -> Option<Self> {
        serde_json::from_slice(&fs::read(Self::path(root)).ok()?).ok()
    }

    /// Writes the note.
    pub(super) fn write(&self, root: &Path) -> io::Result<()> {
        atomic::write_by(&Self::path(root), &serde_json::to_vec(self)?, &root.join(STAGED))
    }
}
