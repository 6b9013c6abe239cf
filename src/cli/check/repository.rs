//! The names of files as GitHub and GitLab look for them: from the root of the repository, wherever the command runs.

use std::path::{Path, PathBuf};

use crate::cli::world::World;
use crate::source::Sources;

/// Names each file from the root of its repository, if it lies in one: the folder that the CI system names, else the nearest with
/// `.git`. Other names stay as they are.
pub(super) fn name_from_root(sources: &mut Sources, world: &World) {
    let nearest = || world.folder.ancestors().find(|folder| folder.join(".git").exists()).map(Path::to_owned);
    let Some(root) = world.repository.clone().or_else(nearest).and_then(|root| root.canonicalize().ok()) else {
        return;
    };
    let from_root = |path: PathBuf| -> Option<String> {
        let path = world.folder.join(path).canonicalize().ok()?;
        Some(path.strip_prefix(&root).ok()?.to_string_lossy().replace('\\', "/"))
    };
    for id in sources.ids().collect::<Vec<_>>() {
        let source = sources.get_mut(id);
        let path = source.on_disk().map_or_else(|| PathBuf::from(&source.name), Path::to_owned);
        if let Some(name) = from_root(path).filter(|name| !name.is_empty()) {
            source.name = name;
        }
    }
}
