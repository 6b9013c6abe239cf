//! Scratch space: what does not fit into memory goes to the disk; where there is none, into memory after all, but within a bound,
//! so that a run ends with a sentence and not with the process.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::atomic::{AtomicU64, Ordering};

use tempfile::TempDir;

/// A file without a name that is gone when it is dropped.
#[derive(Debug)]
pub(crate) struct ScratchFile(Kept);

#[derive(Debug)]
enum Kept {
    Disk(File),
    Memory(MemoryFile),
}

impl ScratchFile {
    /// Makes an empty one.
    ///
    /// # Errors
    /// None can be made on the disk.
    pub(crate) fn new() -> io::Result<Self> {
        // The standard library knows no folder for such files there, and says so by a panic.
        if cfg!(target_os = "wasi") {
            return Ok(Self(Kept::Memory(MemoryFile::within(&TOTAL))));
        }
        tempfile::tempfile().map(|file| Self(Kept::Disk(file)))
    }
}

impl Read for ScratchFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match &mut self.0 {
            Kept::Disk(file) => file.read(buffer),
            Kept::Memory(file) => file.read(buffer),
        }
    }
}

impl Write for ScratchFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.0 {
            Kept::Disk(file) => file.write(bytes),
            Kept::Memory(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.0 {
            Kept::Disk(file) => file.flush(),
            Kept::Memory(_) => Ok(()),
        }
    }
}

impl Seek for ScratchFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match &mut self.0 {
            Kept::Disk(file) => file.seek(to),
            Kept::Memory(file) => file.seek(to),
        }
    }
}

/// Makes a folder that is removed when it is dropped.
///
/// # Errors
/// The system refuses, or has no place for such folders.
pub(crate) fn folder(prefix: &str) -> io::Result<TempDir> {
    if cfg!(target_os = "wasi") {
        return Err(io::ErrorKind::Unsupported.into());
    }
    TempDir::with_prefix(prefix)
}

/// So many bytes may be held instead of on a disk, by all files together: a quarter of what 32 bits can address.
const BOUND: u64 = 1 << 30;

static TOTAL: Total = Total { held: AtomicU64::new(0), bound: BOUND };

/// How much is held, and how much may be.
#[derive(Debug)]
struct Total {
    held: AtomicU64,
    bound: u64,
}

impl Total {
    fn take(&self, bytes: u64) -> io::Result<()> {
        let more = |held: u64| held.checked_add(bytes).filter(|held| *held <= self.bound);
        match self.held.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more) {
            Ok(_) => Ok(()),
            Err(_) => Err(io::Error::new(
                io::ErrorKind::StorageFull,
                format!("there is no disk here, and no more than {} MB are held in memory instead", self.bound >> 20),
            )),
        }
    }
}

/// Bytes of a piece: a file that grows is not copied.
const PIECE: usize = 1 << 20;

/// A file in memory.
#[derive(Debug)]
struct MemoryFile {
    pieces: Vec<Box<[u8]>>,
    len: u64,
    at: u64,
    total: &'static Total,
}

impl MemoryFile {
    fn within(total: &'static Total) -> Self {
        Self { pieces: Vec::new(), len: 0, at: 0, total }
    }

    /// The piece at a place, and the place in it.
    fn piece(at: u64) -> io::Result<(usize, usize)> {
        let at = usize::try_from(at).map_err(io::Error::other)?;
        Ok((at / PIECE, at % PIECE))
    }
}

impl Drop for MemoryFile {
    fn drop(&mut self) {
        self.total.held.fetch_sub((self.pieces.len() * PIECE) as u64, Ordering::Relaxed);
    }
}

impl Read for MemoryFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let (piece, at) = Self::piece(self.at)?;
        let left = usize::try_from(self.len.saturating_sub(self.at)).unwrap_or(usize::MAX);
        let count = buffer.len().min(left).min(PIECE - at);
        if count > 0 {
            buffer[..count].copy_from_slice(&self.pieces[piece][at..at + count]);
            self.at += count as u64;
        }
        Ok(count)
    }
}

impl Write for MemoryFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let (piece, at) = Self::piece(self.at)?;
        let count = bytes.len().min(PIECE - at);
        while count > 0 && self.pieces.len() <= piece {
            self.total.take(PIECE as u64)?;
            self.pieces.push(vec![0; PIECE].into_boxed_slice());
        }
        if count > 0 {
            self.pieces[piece][at..at + count].copy_from_slice(&bytes[..count]);
            self.at += count as u64;
            self.len = self.len.max(self.at);
        }
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Seek for MemoryFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.len.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_does_what_the_disk_does() {
        static TOTAL: Total = Total { held: AtomicU64::new(0), bound: 16 << 20 };
        let mut memory = ScratchFile(Kept::Memory(MemoryFile::within(&TOTAL)));
        let mut disk = ScratchFile(Kept::Disk(tempfile::tempfile().unwrap()));
        let bytes: Vec<u8> = (0..3_000_000_u64).map(|at| ((at * 7919) >> 8).to_le_bytes()[0]).collect();
        for (at, from, to) in [(0, 0, 2_500_000), (1_048_570, 0, 20), (4_000_000, 0, 1_000_000), (5_000_000, 9, 9)] {
            for file in [&mut memory, &mut disk] {
                file.seek(SeekFrom::Start(at)).unwrap();
                file.write_all(&bytes[from..to]).unwrap();
                file.flush().unwrap();
            }
        }
        for seek in [SeekFrom::Start(0), SeekFrom::End(-1_500_000), SeekFrom::Start(9_000_000)] {
            let mut read = [Vec::new(), Vec::new()];
            for (file, read) in [&mut memory, &mut disk].into_iter().zip(&mut read) {
                file.seek(seek).unwrap();
                file.read_to_end(read).unwrap();
            }
            assert!(read[0] == read[1], "{seek:?}: {} {}", read[0].len(), read[1].len());
        }
        assert!(memory.seek(SeekFrom::Current(i64::MIN)).is_err() && disk.seek(SeekFrom::Current(i64::MIN)).is_err());
    }

    #[test]
    fn memory_ends_with_a_sentence_and_is_given_back() {
        static TOTAL: Total = Total { held: AtomicU64::new(0), bound: 2 << 20 };
        let mut file = MemoryFile::within(&TOTAL);
        file.write_all(&vec![1; 2 << 20]).unwrap();
        let error = file.write_all(&[1]).unwrap_err();
        assert_eq!(error.to_string(), "there is no disk here, and no more than 2 MB are held in memory instead");
        // What there is can be written again.
        file.seek(SeekFrom::Start(5)).unwrap();
        file.write_all(&[2; 7]).unwrap();
        drop(file);
        MemoryFile::within(&TOTAL).write_all(&[1]).unwrap();
        assert_eq!(TOTAL.held.load(Ordering::Relaxed), 0);
    }
}
