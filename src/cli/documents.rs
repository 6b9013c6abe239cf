//! Which documents of the register are meant, and the figures that stand beside one.

use std::path::Path;

use crate::cli::Stop;
use crate::cli::session::Session;
use crate::dataset::{Edition, FigureSheet, RunOptions};
use crate::platform::paths::real_path;
use crate::register::{RegisterEntry, RegisterStatus};

/// The documents that were dispatched and stand.
pub(super) fn dispatched(entries: &[RegisterEntry]) -> impl DoubleEndedIterator<Item = &RegisterEntry> {
    entries.iter().filter(|entry| entry.status == RegisterStatus::Dispatched)
}

/// The documents that stand and are named by number or file; of a number that several have a file must be named.
///
/// # Errors
/// A name that no document, or more than one, has.
pub(super) fn meant<'e>(
    names: &[String],
    entries: &'e [RegisterEntry],
    session: &Session<'_>,
) -> Result<Vec<&'e RegisterEntry>, Stop> {
    names.iter().map(|name| one(name.trim(), entries, session)).collect()
}

/// One document that stands, by number or file.
///
/// # Errors
/// No document, or more than one, has the name.
pub(super) fn one<'e>(
    name: &str,
    entries: &'e [RegisterEntry],
    session: &Session<'_>,
) -> Result<&'e RegisterEntry, Stop> {
    let lang = session.lang;
    let absolute = |path: &Path| real_path(path).unwrap_or_else(|_| path.to_owned());
    let folder = absolute(&session.world.folder);
    let root = absolute(&folder.join(&session.project.root));
    let path = absolute(&folder.join(name));
    let mut named: Vec<&RegisterEntry> = entries.iter().filter(|entry| entry.number == name).collect();
    if named.is_empty() {
        // The file system is asked for the files of all documents.
        let has = |entry: &&RegisterEntry| entry.files.iter().any(|file| absolute(&root.join(&file.path)) == path);
        named = entries.iter().filter(has).collect();
    }
    let standing: Vec<&RegisterEntry> =
        named.iter().copied().filter(|entry| entry.status != RegisterStatus::Void).collect();
    match standing.as_slice() {
        [entry] => Ok(entry),
        [] if named.is_empty() => Err(Stop::wrong(lang.pick(
            format!("登记簿里没有 {name}；用 duban register list 查看文号"),
            format!("the register has no {name}; `duban register list` shows the numbers"),
        ))),
        [] => Err(Stop::wrong(lang.pick(format!("{name} 已作废"), format!("{name} is void")))),
        several => {
            let files = several.iter().filter_map(|entry| Some(entry.files.first()?.path.as_str()));
            let files = files.collect::<Vec<_>>().join(lang.pick("、", ", "));
            Err(Stop::wrong(lang.pick(
                format!("{name} 不止一个；请写其中一份的文件：{files}"),
                format!("{name} is not the number of one document alone; name a file of it: {files}"),
            )))
        }
    }
}

/// What was asked for when a document was made.
///
/// # Errors
/// It was not kept, in a line.
pub(super) fn run_options(sheet: &FigureSheet, session: &Session<'_>) -> Result<RunOptions, String> {
    sheet.head.run.clone().ok_or_else(|| {
        session.pick(
            "发文的版本没有记下当时的选项，无法重写",
            "the version that sent it out did not keep what was asked for, so it can't be made again",
        )
    })
}

/// The figures of the internal edition of a document, and their file.
///
/// # Errors
/// Why there are none, in a line.
pub(super) fn figures(entry: &RegisterEntry, session: &Session<'_>) -> Result<(String, FigureSheet), String> {
    let lang = session.lang;
    let root = session.world.folder.join(&session.project.root);
    let mut is_public = false;
    for file in entry.files.iter().filter(|file| file.path.ends_with(".figures.json")) {
        let bytes = std::fs::read(root.join(&file.path)).map_err(|error| format!("{}: {error}", file.path))?;
        if !file.is_of(&bytes) {
            return Err(lang.pick(
                format!("{} 被改动过，不是发文时的数字", file.path),
                format!("{} was altered: these are not the figures that were sent out", file.path),
            ));
        }
        let sheet = FigureSheet::read(&bytes).map_err(|error| format!("{}: {error}", file.path))?;
        if sheet.head.edition == Edition::Internal {
            return Ok((file.path.clone(), sheet));
        }
        is_public = true;
    }
    Err(if is_public {
        lang.pick("只有公开版，没有留下各行", "it has a public edition alone, which keeps no rows")
    } else {
        lang.pick("登记簿里没有它的数字（.figures.json）", "the register has no figures of it (.figures.json)")
    }
    .to_owned())
}
