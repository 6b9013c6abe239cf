//! When to look at files again.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::Duration;

use crate::platform::watcher::FolderWatcher;

/// How often files are looked at where the system does not tell of changes.
const TICK: Duration = Duration::from_millis(500);

/// Why a [`Waker`] woke up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ring {
    /// Something may have changed.
    Changed,
    /// Nobody wants to know any more.
    Over,
}

/// Waits for changes below folders.
pub struct Waker {
    rings: Receiver<Ring>,
    told: Option<FolderWatcher>,
}

impl Waker {
    /// One that the system wakes, or with `poll`, or where the system can't, the clock. Whoever has the other end of `rings`
    /// may ring too.
    #[must_use]
    pub fn new(poll: bool, ring: &Sender<Ring>, rings: Receiver<Ring>) -> Self {
        let ring = ring.clone();
        let tell = move || {
            // Nobody may be there any more.
            let _ = ring.send(Ring::Changed);
        };
        Self { rings, told: if poll { None } else { FolderWatcher::new(tell) } }
    }

    /// Whether the clock wakes it.
    #[must_use]
    pub fn polls(&self) -> bool {
        self.told.is_none()
    }

    /// Watches these folders, by their whole paths, and no others. Returns whether one of them was not watched before, so that what changed there
    /// until now may have been missed.
    pub fn follow(&mut self, folders: &BTreeSet<PathBuf>) -> bool {
        let Some(told) = &mut self.told else { return false };
        // Of a folder that is not there yet, the one in which it will be made.
        let there = |folder: &PathBuf| folder.ancestors().find(|folder| folder.is_dir()).map(Path::to_owned);
        if let Some(is_more) = told.follow(&folders.iter().filter_map(there).collect()) {
            return is_more;
        }
        // Such as too many folders for the system.
        self.told = None;
        true
    }

    /// Waits until something may have changed.
    #[must_use]
    pub fn wait(&self) -> Ring {
        if self.polls() {
            return self.wait_for(TICK);
        }
        let first = self.rings.recv().unwrap_or(Ring::Over);
        self.all_with(first)
    }

    /// Waits for a time, or until it is over.
    #[must_use]
    pub fn wait_for(&self, time: Duration) -> Ring {
        match self.rings.recv_timeout(time) {
            Ok(Ring::Over) | Err(RecvTimeoutError::Disconnected) => Ring::Over,
            Err(RecvTimeoutError::Timeout) => Ring::Changed,
            Ok(first) => {
                std::thread::sleep(time);
                self.all_with(first)
            }
        }
    }

    /// Takes all that rang: one look is enough for them.
    fn all_with(&self, first: Ring) -> Ring {
        let is_over = self.rings.try_iter().chain([first]).any(|ring| ring == Ring::Over);
        if is_over { Ring::Over } else { Ring::Changed }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    #![expect(clippy::disallowed_methods, reason = "tests make the files they wait for")]

    use std::fs;
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn a_folder_in_whose_place_another_comes_is_watched_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let (ring, rings) = mpsc::channel();
        let mut waker = Waker::new(false, &ring, rings);
        assert!(!waker.polls());
        fs::create_dir(path("logs")).unwrap();
        let folders = BTreeSet::from([path("logs")]);
        assert!(waker.follow(&folders) && !waker.follow(&folders));
        fs::create_dir(path("other")).unwrap();
        fs::rename(path("logs"), path("before")).unwrap();
        fs::rename(path("other"), path("logs")).unwrap();
        assert_eq!(waker.wait(), Ring::Changed);
        assert!(waker.follow(&folders));
        fs::write(path("logs/a.csv"), "a").unwrap();
        assert_eq!(waker.wait(), Ring::Changed);
        // Of a folder that is not there, the one in which it will be.
        assert!(waker.follow(&BTreeSet::from([path("later/deep")])));
        fs::create_dir(path("later")).unwrap();
        assert_eq!(waker.wait(), Ring::Changed);
        ring.send(Ring::Over).unwrap();
        assert_eq!(waker.wait(), Ring::Over);
    }
}
