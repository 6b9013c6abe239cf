//! The names of files as GitHub and GitLab look for them: from the root of the repository, wherever the command runs.

use std::path::{Path, PathBuf};

use crate::cli::world::World;
use crate::platform::paths::real_path;
use crate::source::{Source, Sources};

/// The root of the repository: the folder that the CI system names, else the nearest with `.git`.
pub(super) fn root(world: &World) -> Option<PathBuf> {
    let nearest = || world.folder.ancestors().find(|folder| folder.join(".git").exists()).map(Path::to_owned);
    world.repository.clone().or_else(nearest).and_then(|root| real_path(&root).ok())
}

/// The name of a file from a folder, a canonical path, with `/`; `None` if it does not lie there.
pub(super) fn name_from(folder: &Path, source: &Source, world: &World) -> Option<String> {
    let path = source.on_disk().map_or_else(|| PathBuf::from(&source.name), Path::to_owned);
    let path = real_path(&world.folder.join(path)).ok()?;
    let name = path.strip_prefix(folder).ok()?.to_string_lossy().replace('\\', "/");
    Some(name).filter(|name| !name.is_empty())
}

/// Names each file from the root of its repository, if it lies in one. Other names stay as they are.
pub(super) fn name_from_root(sources: &mut Sources, world: &World) {
    let Some(root) = root(world) else { return };
    for id in sources.ids().collect::<Vec<_>>() {
        let source = sources.get_mut(id);
        if let Some(name) = name_from(&root, source, world) {
            source.name = name;
        }
    }
}
