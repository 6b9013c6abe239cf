//! Faults that are known: those of a baseline, which `check` and `dispatch` leave out.

use std::path::{Path, PathBuf};

use crate::baseline::{self, Baseline, KeyedFault, StoredBaseline};
use crate::cli::Stop;
use crate::cli::repository;
use crate::cli::session::Session;
use crate::fault::Faults;
use crate::place::SourceId;
use crate::platform::paths::{real_path, slashed};
use crate::source::{Source, Sources};

/// A file of a run.
pub(super) struct Named {
    /// How a baseline names it.
    pub(super) name: String,
    /// Its canonical path.
    pub(super) path: PathBuf,
    /// How it is shown.
    pub(super) shown: String,
}

impl Session<'_> {
    /// The files on the disk that sources were read from, each once.
    pub(super) fn named(&self, sources: &Sources, ids: &[SourceId]) -> Vec<Named> {
        let base = self.base();
        let mut files: Vec<Named> = Vec::new();
        for source in ids.iter().map(|id| sources.get(*id)) {
            let path = source.on_disk().and_then(|path| real_path(&self.world.folder.join(path)).ok());
            let Some(path) = path.filter(|path| files.iter().all(|file| file.path != *path)) else { continue };
            files.push(Named { name: self.name_of(&base, source), path, shown: source.name.clone() });
        }
        files
    }

    /// Takes away the faults of the baseline that the config names.
    pub(super) fn apply_config_baseline(&mut self, faults: &mut Faults, sources: &mut Sources) -> Result<(), Stop> {
        match self.config_baseline() {
            Some(path) => self.apply_baseline(&path, faults, sources),
            None => Ok(()),
        }
    }

    /// The baseline that the config names.
    pub(super) fn config_baseline(&self) -> Option<PathBuf> {
        self.project.baseline.as_ref().map(|path| self.project.root.join(path))
    }

    /// Takes away the faults of a baseline, with a note of how many.
    ///
    /// # Errors
    /// The file can't be read, or is no baseline.
    pub(super) fn apply_baseline(
        &mut self,
        path: &Path,
        faults: &mut Faults,
        sources: &mut Sources,
    ) -> Result<(), Stop> {
        let known = self.read_baseline(path)?;
        let (taken, stale) = self.take_known(&known, faults, sources)?;
        if taken + stale > 0 {
            self.note(&self.lang.pick(
                format!("{}：{taken} 处已知的问题未列出，{stale} 处已不存在", slashed(&path)),
                format!("{}: {taken} known and not shown, {stale} no longer there", slashed(&path)),
            ))?;
        }
        Ok(())
    }

    /// Reads a baseline.
    ///
    /// # Errors
    /// The file can't be read, or is no baseline.
    pub(super) fn read_baseline(&mut self, path: &Path) -> Result<StoredBaseline, Stop> {
        let text = self.read_text(path)?;
        StoredBaseline::read(&text).map_err(|error| {
            Stop::wrong(self.lang.pick(
                format!("{} 不是 --write-baseline 写的文件：{error}", slashed(&path)),
                format!("{} is not what --write-baseline wrote: {error}", slashed(&path)),
            ))
        })
    }

    /// Takes away the faults that a baseline has. Returns their number, and that of those that no longer occur.
    ///
    /// # Errors
    /// A log can't be read again.
    pub(super) fn take_known(
        &mut self,
        baseline: &StoredBaseline,
        faults: &mut Faults,
        sources: &mut Sources,
    ) -> Result<(usize, usize), Stop> {
        let keyed = if baseline.needs_keys() { self.keyed(faults, sources)? } else { Vec::new() };
        let base = self.base();
        let matched = baseline.find(&keyed, |file| base.join(file).exists(), (faults, sources));
        let left = faults.only_counted();
        if left > 0 {
            self.warn(&self.lang.pick(
                format!("有 {left} 处超出每次保留的数目，无法对照，都算新的"),
                format!("{left} faults are beyond what a run keeps: they can't be compared, and count as new"),
            ))?;
        }
        Ok((faults.remove_sorted(&matched.known), matched.stale))
    }

    /// The faults of a run as a baseline.
    ///
    /// # Errors
    /// A log can't be read again.
    pub(super) fn baseline_of(&self, faults: &Faults, sources: &mut Sources) -> Result<Baseline, Stop> {
        Ok(Baseline::of(&self.keyed(faults, sources)?))
    }

    fn keyed(&self, faults: &Faults, sources: &mut Sources) -> Result<Vec<KeyedFault>, Stop> {
        let base = self.base();
        Ok(baseline::recognise(faults, sources, &self.project, |source| self.name_of(&base, source))?)
    }

    fn name_of(&self, base: &Path, source: &Source) -> String {
        repository::name_from(base, source, self.world).unwrap_or_else(|| source.name.replace('\\', "/"))
    }

    /// The folder from which a baseline names files, wherever the command runs: that of the project, else the root of the
    /// repository.
    fn base(&self) -> PathBuf {
        let project = self.project.configured.then(|| self.world.folder.join(&self.project.root));
        let folder = project.or_else(|| repository::root(self.world)).unwrap_or_else(|| self.world.folder.clone());
        real_path(&folder).unwrap_or(folder)
    }
}
