//! The bytes of a file in the making: in memory, or, where there are many, in a temporary file without a name. A file of a
//! thousand photos takes no more memory than one of ten.

use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::sync::{Arc, Mutex, PoisonError};

use crate::platform::scratch::ScratchFile;

/// So many bytes are in memory, at most.
const MOST: usize = 8 << 20;

/// Takes the bytes of a file.
#[derive(Debug, Default)]
pub struct Spool {
    /// Those that are not in the file yet.
    held: Vec<u8>,
    file: Option<ScratchFile>,
    len: u64,
    /// Whether a temporary file was asked for and there is none: all stays in memory.
    has_no_file: bool,
}

impl Spool {
    /// Returns the number of bytes so far.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether there are none so far.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Adds the bytes of another file.
    ///
    /// # Errors
    /// A temporary file can't be read or written.
    pub fn append(&mut self, other: &Spooled) -> io::Result<()> {
        other.write_to(self)
    }

    /// Returns the file.
    ///
    /// # Errors
    /// The temporary file can't be written.
    pub fn finish(mut self) -> io::Result<Spooled> {
        let Some(mut file) = self.file.take() else { return Ok(self.held.into()) };
        file.write_all(&self.held)?;
        Ok(Spooled(Kept::File(Arc::new(Mutex::new(file)), self.len)))
    }
}

impl Write for Spool {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.held.extend_from_slice(bytes);
        self.len += bytes.len() as u64;
        if self.held.len() > MOST && !self.has_no_file {
            if self.file.is_none() {
                self.file = ScratchFile::new().ok();
            }
            match &mut self.file {
                Some(file) => {
                    file.write_all(&self.held)?;
                    self.held.clear();
                }
                None => self.has_no_file = true,
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The bytes of a finished file.
#[derive(Clone, Debug)]
pub struct Spooled(Kept);

#[derive(Clone, Debug)]
enum Kept {
    Memory(Arc<Vec<u8>>),
    File(Arc<Mutex<ScratchFile>>, u64),
}

impl Spooled {
    /// Returns the number of bytes.
    #[must_use]
    pub fn len(&self) -> u64 {
        match &self.0 {
            Kept::Memory(bytes) => bytes.len() as u64,
            Kept::File(_, len) => *len,
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Reads the file from its beginning. Readers of one file don't disturb each other.
    #[must_use]
    pub fn reader(&self) -> SpooledReader<'_> {
        BufReader::new(Positioned { spooled: self, at: 0 })
    }

    /// Writes all bytes.
    ///
    /// # Errors
    /// The temporary file can't be read, or those of `out`.
    pub fn write_to(&self, out: &mut dyn Write) -> io::Result<()> {
        match &self.0 {
            Kept::Memory(bytes) => out.write_all(bytes),
            Kept::File(..) => io::copy(&mut self.reader(), out).map(drop),
        }
    }

    /// Returns the bytes if they are in memory.
    ///
    /// # Errors
    /// They are in a file: this one.
    pub(crate) fn into_memory(self) -> Result<Vec<u8>, Self> {
        match self.0 {
            Kept::Memory(bytes) => Ok(Arc::unwrap_or_clone(bytes)),
            Kept::File(..) => Err(self),
        }
    }

    /// Returns all bytes in memory.
    ///
    /// # Errors
    /// The temporary file can't be read.
    pub fn into_vec(self) -> io::Result<Vec<u8>> {
        match self.0 {
            Kept::Memory(bytes) => Ok(Arc::unwrap_or_clone(bytes)),
            Kept::File(..) => {
                let mut bytes = Vec::new();
                self.reader().read_to_end(&mut bytes)?;
                Ok(bytes)
            }
        }
    }
}

/// Files that can be read are equal if their bytes are.
impl PartialEq for Spooled {
    fn eq(&self, other: &Self) -> bool {
        let bytes = |file: &Self| file.clone().into_vec().ok();
        self.len() == other.len() && bytes(self).is_some_and(|own| bytes(other) == Some(own))
    }
}

impl From<Vec<u8>> for Spooled {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Kept::Memory(Arc::new(bytes)))
    }
}

/// Reads a finished file.
pub type SpooledReader<'s> = BufReader<Positioned<'s>>;

/// A place in a finished file.
#[derive(Debug)]
pub struct Positioned<'s> {
    spooled: &'s Spooled,
    at: u64,
}

impl Read for Positioned<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = match &self.spooled.0 {
            Kept::Memory(bytes) => {
                let rest = usize::try_from(self.at).ok().and_then(|at| bytes.get(at..)).unwrap_or_default();
                (&mut &*rest).read(buffer)?
            }
            Kept::File(file, _) => {
                let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
                file.seek(SeekFrom::Start(self.at))?;
                file.read(buffer)?
            }
        };
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for Positioned<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.spooled.len().checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bytes that tell their place.
    fn bytes(len: usize) -> Vec<u8> {
        (0..len).map(|at| u8::try_from(at * 7919 / 256 % 251).unwrap()).collect()
    }

    #[test]
    fn a_file_is_read_as_it_was_written_wherever_it_is_kept() {
        for len in [0, 1, MOST - 1, MOST + 1, 2 * MOST + 5] {
            let (expected, mut spool) = (bytes(len), Spool::default());
            for piece in expected.chunks(70_001) {
                spool.write_all(piece).unwrap();
            }
            assert!(spool.held.len() <= MOST, "{len}");
            let file = spool.finish().unwrap();
            assert_eq!((file.len(), matches!(file.0, Kept::File(..))), (len as u64, len > MOST));
            assert!(file.clone().into_vec().unwrap() == expected, "{len}");
            let mut twice = Spool::default();
            twice.write_all(b"ab").unwrap();
            twice.append(&file).unwrap();
            assert!(twice.finish().unwrap().into_vec().unwrap()[2..] == expected);
        }
    }

    #[test]
    fn readers_of_one_file_have_places_of_their_own() {
        let mut spool = Spool::default();
        let expected = bytes(MOST + 10_000);
        spool.write_all(&expected).unwrap();
        let file = spool.finish().unwrap();
        let (mut one, mut other) = (file.reader(), file.reader());
        let mut piece = [0; 100];
        one.seek(SeekFrom::End(-200)).unwrap();
        one.read_exact(&mut piece).unwrap();
        assert_eq!(piece, expected[expected.len() - 200..expected.len() - 100]);
        other.read_exact(&mut piece).unwrap();
        assert_eq!(piece, expected[..100]);
        one.read_exact(&mut piece).unwrap();
        assert_eq!(piece, expected[expected.len() - 100..]);
        assert!(one.seek(SeekFrom::Current(-i64::MAX)).is_err());
    }
}
