//! A log that was handed in and is put among those of the project.

use std::path::Path;

use crate::atomic;
use crate::cli::call::about::logs;
use crate::cli::call::request::FilePath;
use crate::cli::session::Session;
use crate::cli::{ExitStatus, Stop, config};
use crate::project::Project;
use crate::source::find::LogPattern;
use crate::source::pattern::Glob;

/// The folder of logs where the config names none.
const LOGS: &str = "logs";

/// Puts a file where the config looks for logs; if no pattern has its name, the config names it from then on. `log` is the log
/// of the project that the file is another state of. Returns where it is.
///
/// # Errors
/// A file is there and is not to be replaced, or there is no such log.
pub(super) fn take(
    file: &FilePath,
    log: Option<String>,
    replace: bool,
    session: &mut Session<'_>,
) -> Result<String, Stop> {
    session.need_project()?;
    let lang = session.lang;
    let bytes = std::fs::read(session.world.folder.join(file.as_str())).map_err(|error| {
        let name = file.as_str();
        Stop::wrong(lang.pick(format!("不能读 {name}：{error}"), format!("can't read {name}: {error}")))
    })?;
    let (place, is_named) = match log {
        Some(log) if logs(&session.project).contains(&log) => (log, true),
        Some(log) => {
            return Err(Stop::wrong(
                lang.pick(format!("项目里没有台账 {log}"), format!("the project has no log {log}")),
            ));
        }
        None => place(&session.project, file.name()),
    };
    let path = session.world.folder.join(&session.project.root).join(&place);
    if path.exists() && !replace {
        session.warn(&lang.pick(
            format!("{place} 已经有了；确认替换后再收"),
            format!("{place} is there already; say that it is to be replaced"),
        ))?;
        return Err(Stop::Reported(ExitStatus::Found));
    }
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    atomic::write(&path, &bytes)?;
    if !is_named {
        config::add(&[("logs".to_owned(), place.clone())], session)?;
    }
    Ok(place)
}

/// Where a log belongs, from the project's folder, and whether the config finds it there.
fn place(project: &Project, name: &str) -> (String, bool) {
    let mut first = None;
    for pattern in &project.logs {
        let (LogPattern::Files(pattern) | LogPattern::Latest(pattern)) = pattern else { continue };
        let fixed: Vec<&str> = pattern.split('/').take_while(|part| !part.contains(['*', '?', '[', '{'])).collect();
        let is_glob = fixed.len() < pattern.split('/').count();
        let is_folder = !is_glob && Path::new(pattern).extension().is_none();
        let folder =
            if is_glob || is_folder { fixed.join("/") } else { fixed[..fixed.len().saturating_sub(1)].join("/") };
        let place = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
        let is_match = is_folder || place == *pattern || Glob::new(pattern).is_ok_and(|glob| glob.is_match(&place));
        if is_match {
            return (place, true);
        }
        first.get_or_insert(place);
    }
    (first.unwrap_or_else(|| format!("{LOGS}/{name}")), false)
}
