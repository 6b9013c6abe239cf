//! `check --against`: the earlier submission, from files or from git.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::check::EarlierSubmission;
use crate::cli::Stop;
use crate::cli::args::{InputArgs, InputFormatArg};
use crate::cli::logs::Logs;
use crate::cli::session::Session;
use crate::fault::Faults;
use crate::log;
use crate::place::SourceId;
use crate::source::Source;
use crate::source::find;

/// Prefix of a git revision.
const GIT: &str = "git:";

/// Reads the earlier submission. Its files are added to those of the run, since faults point into them; faults of its
/// own were reported when it was submitted and are dropped.
pub(super) fn read(
    old: &Path,
    sheets: &[String],
    logs: &mut Logs,
    session: &mut Session<'_>,
) -> Result<EarlierSubmission, Stop> {
    let files = if let Some(revision) = old.to_str().and_then(|text| text.strip_prefix(GIT)) {
        revisions(revision, sheets, logs, session)?
    } else {
        let input = InputArgs {
            paths: vec![old.to_owned()],
            input_format: InputFormatArg::Csv,
            sheets: sheets.to_vec(),
            as_of: None,
        };
        session.logs(&input)?.sources.into_iter().collect()
    };
    let ids: Vec<SourceId> = files.into_iter().map(|file| logs.sources.add(file)).collect();
    let mut dropped = Faults::default();
    let day = logs.day;
    let earlier = log::fold(&mut logs.sources, &ids, &session.project, &mut dropped, || EarlierSubmission::new(day))?;
    Ok(earlier)
}

/// The logs in the folders of the run's logs as they were at a revision, with those deleted since.
fn revisions(revision: &str, sheets: &[String], logs: &Logs, session: &Session<'_>) -> Result<Vec<Source>, Stop> {
    if revision.starts_with('-') {
        return Err(Stop::wrong(
            session.lang.pick(format!("`{revision}` 不是 git 版本"), format!("`{revision}` is no git revision")),
        ));
    }
    let names: BTreeSet<String> = logs.ids.iter().map(|id| logs.sources.get(*id).name.clone()).collect();
    let folders: BTreeSet<PathBuf> =
        names.iter().map(|name| Path::new(name).parent().map(Path::to_owned).unwrap_or_default()).collect();
    // -z: names unquoted, separated by NUL.
    let mut arguments = vec!["ls-tree".to_owned(), "-z".to_owned(), "--name-only".to_owned(), revision.to_owned()];
    arguments.push("--".to_owned());
    arguments.extend(folders.iter().map(|folder| {
        let text = folder.to_string_lossy();
        if text.is_empty() { "./".to_owned() } else { format!("{text}/") }
    }));
    let listed = git(&arguments, session)?;
    let mut files = Vec::new();
    for name in String::from_utf8_lossy(&listed).split('\0').filter(|name| !name.is_empty()) {
        let is_of_duban = ["duban.yaml", "kind.yaml", ".figures.json"].iter().any(|ending| name.ends_with(ending));
        if !find::is_log(Path::new(name)) || is_of_duban {
            continue;
        }
        let bytes = git(&["show".to_owned(), format!("{revision}:./{name}")], session)?;
        files.extend(session.in_bytes(&format!("{revision}:{name}"), bytes, sheets)?);
    }
    Ok(files)
}

fn git(arguments: &[String], session: &Session<'_>) -> Result<Vec<u8>, Stop> {
    let run = Command::new("git").current_dir(&session.world.folder).args(arguments).output();
    let run = run.map_err(|error| Stop::wrong(format!("git: {error}")))?;
    if run.status.success() {
        return Ok(run.stdout);
    }
    Err(Stop::wrong(format!("git: {}", String::from_utf8_lossy(&run.stderr).trim())))
}
