//! Tables of the checkpoint: sorted hashes in bytes, looked up without being parsed.

use sha2::{Digest as _, Sha256};

/// A hash of a text and of what is asked of it: the first 8 bytes of a SHA-256, so that no two texts of a register are
/// taken for one.
pub(super) fn hash(question: u8, parts: &[&str]) -> u64 {
    let mut hasher = Sha256::new();
    hasher.update([question]);
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    let digest = hasher.finalize();
    digest.iter().take(8).fold(0, |hash, byte| hash << 8 | u64::from(*byte))
}

/// Rows of `W` bytes that begin with a hash, in ascending order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Table<'b, const W: usize>(&'b [u8]);

impl<'b, const W: usize> Table<'b, W> {
    /// The table in some bytes; what is no whole row at their end is left out.
    pub(super) fn new(bytes: &'b [u8]) -> Self {
        Self(bytes)
    }

    /// The rows.
    pub(super) fn rows(self) -> &'b [[u8; W]] {
        self.0.as_chunks().0
    }

    /// The rows of a hash.
    pub(super) fn of(self, hash: u64) -> impl Iterator<Item = &'b [u8; W]> {
        let rows = self.rows();
        let from = rows.partition_point(|row| number(row) < hash);
        rows.iter().skip(from).take_while(move |row| number(*row) == hash)
    }
}

/// The number in the first 8 bytes of a row.
pub(super) fn number(row: &[u8]) -> u64 {
    row.first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes))
}

/// The number in the 4 bytes behind those.
pub(super) fn position(row: &[u8]) -> u32 {
    row.get(8..).and_then(|row| row.first_chunk()).map_or(0, |bytes| u32::from_be_bytes(*bytes))
}

/// A row of a hash and a position.
pub(super) fn row(hash: u64, position: u32) -> [u8; 12] {
    let mut row = [0; 12];
    let (head, tail) = row.split_at_mut(8);
    head.copy_from_slice(&hash.to_be_bytes());
    tail.copy_from_slice(&position.to_be_bytes());
    row
}
