//! A log that was handed in and is put among those of the project.

use std::path::Path;

use crate::atomic;
use crate::cli::call::caller::Caller;
use crate::cli::call::request::FilePath;
use crate::cli::memory::MemoryOutput;
use crate::cli::outcome::told;
use crate::cli::session::Session;
use crate::cli::world::World;
use crate::cli::{ExitStatus, Stop, config};
use crate::project::Project;
use crate::source::find::LogPattern;
use crate::source::pattern::Glob;
use crate::words::lang::Lang;

/// The folder of logs where the config names none.
const LOGS: &str = "logs";

/// Puts a file where the config looks for logs; if no pattern has its name, the config names it from then on. Status,
/// messages, and where it is.
pub(super) fn take(
    file: &FilePath,
    replace: bool,
    caller: &Caller<'_>,
    lang: Lang,
    world: &mut World,
) -> (ExitStatus, String, Option<String>) {
    let messages = MemoryOutput::default();
    let shown = std::mem::replace(&mut world.stderr, Box::new(messages.clone()));
    let taken =
        Session::open(&caller.session(world), &mut *world).and_then(|mut session| into(file, replace, &mut session));
    let (status, place) = match taken {
        Ok(place) => (ExitStatus::Done, Some(place)),
        Err(Stop::Error(ExitStatus::Found, why)) => {
            world.stderr = shown;
            return (ExitStatus::Found, lang.pick(format!("{why}\n"), format!("{why}\n")), None);
        }
        Err(stop) => (told(stop, lang, world), None),
    };
    world.stderr = shown;
    (status, messages.text(), place)
}

fn into(file: &FilePath, replace: bool, session: &mut Session<'_>) -> Result<String, Stop> {
    session.need_project()?;
    let bytes = std::fs::read(session.world.folder.join(file.as_str())).map_err(|error| {
        let name = file.as_str();
        Stop::wrong(session.lang.pick(format!("不能读 {name}：{error}"), format!("can't read {name}: {error}")))
    })?;
    let (place, is_named) = place(&session.project, file.name());
    let path = session.world.folder.join(&session.project.root).join(&place);
    if path.exists() && !replace {
        let message = session.lang.pick(
            format!("{place} 已经有了；确认替换后再收"),
            format!("{place} is there already; say that it is to be replaced"),
        );
        return Err(Stop::Error(ExitStatus::Found, anyhow::Error::msg(message)));
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
