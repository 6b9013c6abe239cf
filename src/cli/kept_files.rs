//! Files that no output of a command takes the place of.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::changes;
use crate::cli::session::Session;
use crate::cli::world::World;
use crate::cli::{Stop, project_files};
use crate::kind;
use crate::platform::paths::{real_path, slashed};
use crate::project::Project;
use crate::register;
use crate::source::find::Whereabouts;
use crate::words::lang::Lang;

/// Refuses an output in place of a file that the command read, that the config names, of a log of the project or of what the
/// register has; or of a folder.
///
/// # Errors
/// The path is one of them, or the register, which names some, can't be read.
pub(super) fn refuse_kept(path: &Path, project: &Project, world: &World, lang: Lang) -> Result<(), Stop> {
    // What is not there replaces nothing.
    let Ok(real) = real_path(&world.folder.join(path)) else { return Ok(()) };
    let shown = slashed(path);
    if real.is_dir() {
        return Err(Stop::wrong(lang.pick(
            format!("{shown} 是文件夹，不能写成文件；写明文件名"),
            format!("{shown} is a folder, and no file is written in its place; name a file"),
        )));
    }
    let Some(what) = kept(&real, project, world, lang)? else { return Ok(()) };
    Err(Stop::wrong(lang.pick(
        format!("{shown} {what}，不能用来写结果；换一个文件名"),
        format!("{shown} {what}, and is not written over; name another file"),
    )))
}

/// What a file is that stays as it is.
fn kept(real: &Path, project: &Project, world: &World, lang: Lang) -> Result<Option<&'static str>, Stop> {
    let root = world.folder.join(&project.root);
    let is_it = |file: PathBuf| real_path(&root.join(file)).is_ok_and(|file| file == real);
    if world.inputs.iter().cloned().any(is_it) {
        return Ok(Some(lang.pick("是读进来的文件", "was read")));
    }
    if !project.configured {
        return Ok(None);
    }
    let (_, mut files) = project_files::read(&root);
    changes::add_tree(&root.join(kind::FOLDER), &mut files, &mut BTreeSet::new());
    if files.into_iter().any(is_it) {
        return Ok(Some(lang.pick("是项目的文件（duban.yaml 或文种用到它）", "is part of the project's config")));
    }
    let mut logs = Whereabouts::default();
    logs.add_patterns(&root, &project.logs);
    if logs.files.into_iter().any(is_it) {
        return Ok(Some(lang.pick("是项目的台账", "is a log of the project")));
    }
    let register = register::read(&root).map_err(|error| Stop::wrong(error.text(lang)))?;
    let documents = register.into_iter().flat_map(|entry| entry.files).map(|file| PathBuf::from(file.path));
    if [register::FILE_NAME.into()].into_iter().chain(documents).any(is_it) {
        return Ok(Some(lang.pick("属于登记簿", "belongs to the register")));
    }
    Ok(None)
}

/// Refuses two outputs of one run under one name.
///
/// # Errors
/// There are two.
pub(super) fn refuse_twice<'p>(paths: impl Iterator<Item = &'p Path>, session: &Session<'_>) -> Result<(), Stop> {
    let mut seen = BTreeSet::new();
    for path in paths {
        if !seen.insert(meant(&session.world.folder.join(path))) {
            let shown = slashed(path);
            return Err(Stop::wrong(session.lang.pick(
                format!("{shown} 写了两次，后写的会盖掉先写的；每样结果用自己的文件名"),
                format!("{shown} is named for two outputs, of which one would replace the other; give each a file of its own"),
            )));
        }
    }
    Ok(())
}

/// The file that a path leads to, whether or not it is there yet.
pub(super) fn meant(path: &Path) -> PathBuf {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return path.to_owned() };
    real_path(path)
        .or_else(|_| Ok::<_, std::io::Error>(real_path(folder)?.join(name)))
        .unwrap_or_else(|_| path.to_owned())
}
