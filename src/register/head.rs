//! The head note: the last line of the register, recorded beside it.
//!
//! A hash chain reveals lines missing in the middle but not at the end, and a truncated register would issue the same
//! numbers again. So after each append the position and hash of the last line are written to `.duban/register.head`.
//! This happens after the line is synced to disk: a crash can leave the register ahead of the note but never behind it,
//! so a register behind its note was truncated.
//!
//! The note belongs to this machine and not under version control: a colleague's longer register is not a fault.
//! Whoever truncates the register can also remove the note. It guards against accidents (a restored backup, a reverted
//! commit, an editor), not against someone who controls the folder.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::atomic;
use crate::register::stamp::Stamp;
use crate::register::{OWN_FOLDER, STAGED};

/// The last line known to have been appended here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct HeadNote {
    /// Its position in the chain, from 1; 0 for an empty register.
    pub(super) seq: u64,
    /// The hash of its bytes.
    pub(super) hash: String,
    /// The file when that line had been appended: while it has this stamp, nothing else wrote to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) stamp: Option<Stamp>,
    /// What it says (`Said`): a branch on which the same was said may have been merged in its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) says: Option<String>,
}

impl HeadNote {
    /// Returns the path of a project's note.
    pub(super) fn path(root: &Path) -> PathBuf {
        root.join(OWN_FOLDER).join("register.head")
    }

    /// Reads the note. Returns `None` if it is missing or unreadable, since it must never block a dispatch.
    pub(super) fn read(root: &Path) -> Option<Self> {
        serde_json::from_slice(&fs::read(Self::path(root)).ok()?).ok()
    }

    /// Writes the note.
    ///
    /// # Errors
    /// The file can't be written.
    pub(super) fn write(&self, root: &Path) -> io::Result<()> {
        atomic::write_by(&Self::path(root), &serde_json::to_vec(self)?, &root.join(STAGED))
    }
}
