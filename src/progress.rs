//! How far a long piece of work has come: counted by whoever does it, shown by whoever has a terminal.

use std::io::{self, Read};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Bytes of logs.
    Bytes,
    /// Documents.
    Documents,
}

/// How far the work at hand has come. There is one at a time: a log is read before documents are made of it.
#[derive(Debug, Default)]
pub struct Progress {
    /// What is counted, and how much there is.
    work: Mutex<Option<(Unit, u64)>>,
    done: AtomicU64,
}

impl Progress {
    /// Begins a piece of work.
    pub fn begin(&self, unit: Unit, total: u64) {
        let mut work = self.work.lock().unwrap_or_else(PoisonError::into_inner);
        self.done.store(0, Ordering::Relaxed);
        *work = Some((unit, total));
    }

    /// Counts what was done.
    pub fn add(&self, more: u64) {
        self.done.fetch_add(more, Ordering::Relaxed);
    }

    /// Ends the piece of work.
    pub fn end(&self) {
        *self.work.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// What was counted last.
    #[must_use]
    pub fn done(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }

    /// What is being counted, how much is done, and how much there is in all; `None` between pieces of work.
    #[must_use]
    pub fn so_far(&self) -> Option<(Unit, u64, u64)> {
        let work = *self.work.lock().unwrap_or_else(PoisonError::into_inner);
        // What is looked at twice is counted twice.
        work.map(|(unit, total)| (unit, self.done().min(total), total))
    }
}

/// Counts the bytes that are read through it.
pub(crate) struct Counted<R> {
    inner: R,
    progress: Arc<Progress>,
}

impl<R> Counted<R> {
    pub(crate) fn new(inner: R, progress: &Arc<Progress>) -> Self {
        Self { inner, progress: Arc::clone(progress) }
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let filled = self.inner.read(out)?;
        self.progress.add(filled as u64);
        Ok(filled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_counted_up_to_its_end() {
        let progress = Arc::new(Progress::default());
        assert_eq!(progress.so_far(), None);
        progress.begin(Unit::Bytes, 5);
        let mut text = Counted::new(&b"12345"[..], &progress);
        text.read_exact(&mut [0; 3]).unwrap();
        assert_eq!(progress.so_far(), Some((Unit::Bytes, 3, 5)));
        progress.add(7);
        assert_eq!(progress.so_far(), Some((Unit::Bytes, 5, 5)));
        progress.end();
        assert_eq!((progress.so_far(), progress.done()), (None, 10));
    }
}
