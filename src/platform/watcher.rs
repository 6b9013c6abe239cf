//! Signs that files have changed, where the system gives them.

#[cfg(any(unix, windows))]
pub(crate) use by_notify::FolderWatcher;
#[cfg(not(any(unix, windows)))]
pub(crate) use none::FolderWatcher;

/// By `notify`.
#[cfg(any(unix, windows))]
mod by_notify {
    use std::collections::BTreeSet;
    use std::path::PathBuf;
    use std::sync::{Arc, Mutex, PoisonError};

    use notify::event::{EventKind, ModifyKind};
    use notify::{RecommendedWatcher, RecursiveMode, Watcher as _};

    /// Watches folders, without those in them.
    pub(crate) struct FolderWatcher {
        watcher: RecommendedWatcher,
        watched: BTreeSet<PathBuf>,
        /// What was removed or renamed: a folder that is there again has to be watched again.
        gone: Arc<Mutex<BTreeSet<PathBuf>>>,
    }

    impl FolderWatcher {
        /// Calls `changed` whenever something may have changed; `None` if the system can't tell.
        pub(crate) fn new(changed: impl Fn() + Send + 'static) -> Option<Self> {
            let gone = Arc::<Mutex<BTreeSet<PathBuf>>>::default();
            let removed = Arc::clone(&gone);
            let tell = move |event: notify::Result<notify::Event>| {
                if let Ok(event) = event {
                    // Files are read to learn whether they changed.
                    if event.kind.is_access() {
                        return;
                    }
                    if event.kind.is_remove() || matches!(event.kind, EventKind::Modify(ModifyKind::Name(_))) {
                        removed.lock().unwrap_or_else(PoisonError::into_inner).extend(event.paths);
                    }
                }
                // An error may mean that events were lost.
                changed();
            };
            let watcher = notify::recommended_watcher(tell).ok()?;
            Some(Self { watcher, watched: BTreeSet::new(), gone })
        }

        /// Watches these folders and no others; returns whether one of them was not watched before. `None` if the system can't
        /// watch them: such as too many.
        pub(crate) fn follow(&mut self, folders: &BTreeSet<PathBuf>) -> Option<bool> {
            let gone = std::mem::take(&mut *self.gone.lock().unwrap_or_else(PoisonError::into_inner));
            let is_kept =
                |folder: &PathBuf| folders.contains(folder) && !folder.ancestors().any(|above| gone.contains(above));
            for folder in self.watched.iter().filter(|folder| !is_kept(folder)) {
                // It may be gone, and its watch with it.
                let _ = self.watcher.unwatch(folder);
            }
            self.watched.retain(is_kept);
            let mut is_more = false;
            for folder in folders.difference(&self.watched.clone()) {
                self.watcher.watch(folder, RecursiveMode::NonRecursive).ok()?;
                self.watched.insert(folder.clone());
                is_more = true;
            }
            Some(is_more)
        }
    }
}

/// Where there is nothing that tells.
#[cfg(not(any(unix, windows)))]
mod none {
    use std::collections::BTreeSet;
    use std::path::PathBuf;

    /// There is none.
    pub(crate) enum FolderWatcher {}

    impl FolderWatcher {
        /// Returns `None`.
        pub(crate) fn new(_: impl Fn() + Send + 'static) -> Option<Self> {
            None
        }

        /// Is not called.
        pub(crate) fn follow(&mut self, _: &BTreeSet<PathBuf>) -> Option<bool> {
            match *self {}
        }
    }
}
