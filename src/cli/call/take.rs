//! A log that was handed in and is put among those of the project.

use std::fs::File;
use std::path::Path;

use serde::Serialize;

use crate::atomic;
use crate::cli::Stop;
use crate::cli::call::about::logs;
use crate::cli::call::request::FilePath;
use crate::cli::config;
use crate::cli::session::Session;
use crate::digest;
use crate::platform::locks::{self, CAN_LOCK};
use crate::project::{FILE_NAME, Project};
use crate::source::find::{FindError, LogPattern, covers, is_left_out, would_be_found};

/// The folder of logs where the config names none.
const LOGS: &str = "logs";

/// What is put into the project.
pub(super) struct Take {
    pub(super) file: FilePath,
    /// The log of the project that the file is another state of.
    pub(super) log: Option<String>,
    /// The hash of that log when its copy was made.
    pub(super) was: Option<String>,
    /// Whether a file that is there may be replaced.
    pub(super) replace: bool,
}

/// What came of it.
#[derive(Serialize)]
pub(super) struct Taken {
    /// The place of the log, from the project's folder.
    pub(super) place: String,
    pub(super) state: TakenState,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum TakenState {
    Taken,
    /// A file is there, and nobody said that it may be replaced.
    Occupied,
    /// The log is another than the one that was copied.
    Changed,
}

/// Puts a file where the config looks for logs; if no pattern has its name, the config names it from then on.
///
/// # Errors
/// There is no such log, it can't be told which one is meant, or the config leaves the file out.
pub(super) fn take(take: &Take, session: &mut Session<'_>) -> Result<Taken, Stop> {
    session.need_project()?;
    let lang = session.lang;
    let Take { file, log, was, replace } = take;
    let bytes = session.read_file(Path::new(file.as_str()))?;
    let (place, is_named) = destination(file.name(), log.as_ref(), session)?;
    let root = session.world.folder.join(&session.project.root);
    let path = root.join(&place);
    // Two desks over a project may take the same log in at once: the second one sees what the first has written.
    let held = CAN_LOCK.then(|| File::open(root.join(FILE_NAME))).transpose()?;
    held.as_ref().map_or(Ok(()), locks::lock)?;
    let there = path.exists().then(|| std::fs::read(&path)).transpose()?;
    if was.is_some() && there.as_ref().is_none_or(|there| was.as_ref() != Some(&digest::of(there))) {
        session.warn(&lang.pick(
            format!("{place} 在打开之后被别人改过；没有替换"),
            format!("{place} was changed since it was opened; it was not replaced"),
        ))?;
        return Ok(Taken { place, state: TakenState::Changed });
    }
    if there.is_some() && !replace {
        session.warn(&lang.pick(
            format!("{place} 已经有了；确认替换后再收"),
            format!("{place} is there already; say that it is to be replaced"),
        ))?;
        return Ok(Taken { place, state: TakenState::Occupied });
    }
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    atomic::write(&path, &bytes).map_err(|error| Stop::unwritten(Path::new(&place), error))?;
    // What follows may replace the file that is held.
    drop(held);
    if !is_named {
        config::add(&[("logs".to_owned(), place.clone())], session)?;
    }
    Ok(Taken { place, state: TakenState::Taken })
}

/// Where a file belongs, and whether the config finds it there.
fn destination(name: &str, log: Option<&String>, session: &Session<'_>) -> Result<(String, bool), Stop> {
    let (project, lang) = (&session.project, session.lang);
    let logs = logs(project);
    if let Some(log) = log {
        // Taken away meanwhile, it still has its place.
        let has_place = || would_be_found(&project.logs, log).map_err(|error| Stop::wrong(error.text(lang)));
        return if logs.contains(log) || has_place()? {
            Ok((log.clone(), true))
        } else {
            Err(Stop::wrong(lang.pick(format!("项目里没有台账 {log}"), format!("the project has no log {log}"))))
        };
    }
    // A log of this name is the one that is meant, whichever folder it lies in.
    let same: Vec<&String> = logs.iter().filter(|log| log.rsplit('/').next() == Some(name)).collect();
    match same.as_slice() {
        [] => place(project, name).map_err(|error| Stop::wrong(error.text(lang)))?.ok_or_else(|| {
            Stop::wrong(lang.pick(
                format!("duban.yaml 的 logs: 排除了 {name}；改个名字再收"),
                format!("`logs:` in duban.yaml leaves {name} out; give it another name"),
            ))
        }),
        [one] => Ok(((*one).clone(), true)),
        several => {
            let list = several.iter().map(|log| log.as_str()).collect::<Vec<_>>().join(lang.pick("、", ", "));
            Err(Stop::wrong(lang.pick(
                format!("项目里有几份 {name}：{list}；从“项目”里打开要换的那一份，改好再收"),
                format!("the project has several {name}: {list}; open the one that is meant under Project, mend that and take it in"),
            )))
        }
    }
}

/// Where a new log belongs, from the project's folder, and whether the config finds it there; nothing, if it leaves it out
/// wherever it may be.
fn place(project: &Project, name: &str) -> Result<Option<(String, bool)>, FindError> {
    let mut first = None;
    for pattern in &project.logs {
        let (LogPattern::Files(pattern) | LogPattern::Latest(pattern)) = pattern else { continue };
        let fixed: Vec<&str> = pattern.split('/').take_while(|part| !part.contains(['*', '?', '[', '{'])).collect();
        let is_glob = fixed.len() < pattern.split('/').count();
        let is_folder = !is_glob && Path::new(pattern).extension().is_none();
        let folder =
            if is_glob || is_folder { fixed.join("/") } else { fixed[..fixed.len().saturating_sub(1)].join("/") };
        let place = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
        if is_left_out(&project.logs, &place)? {
            continue;
        }
        if is_folder || covers(pattern, &place)? {
            return Ok(Some((place, true)));
        }
        first.get_or_insert(place);
    }
    let otherwise = format!("{LOGS}/{name}");
    let otherwise = if is_left_out(&project.logs, &otherwise)? { None } else { Some(otherwise) };
    Ok(first.or(otherwise).map(|place| (place, false)))
}
