//! The folder of a project, and the files that its config is read from.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::fault::Faults;
use crate::project::{FILE_NAME, Project, config};
use crate::source::Sources;

/// The folder of the project that is named, or of the nearest one; if there is none, the one that it would be in.
pub(super) fn folder(named: Option<&Path>, from: &Path) -> PathBuf {
    match named {
        Some(folder) => from.join(folder),
        None => config::nearest_root(from).unwrap_or_else(|| from.to_owned()),
    }
}

/// The project in a folder, as far as its config can be read, and the files that it is read from.
pub(super) fn read(root: &Path) -> (Project, BTreeSet<PathBuf>) {
    let (mut sources, mut faults) = (Sources::default(), Faults::default());
    let project = config::load(root, &mut sources, &mut faults).unwrap_or_else(|_| Project::default());
    let mut files: BTreeSet<PathBuf> = [root.join(FILE_NAME)].into();
    // Tables of sites, the calendar.
    files.extend(sources.ids().filter_map(|id| sources.get(id).path().map(Path::to_owned)));
    files.extend(project.baseline.iter().map(|path| root.join(path)));
    (project, files)
}
