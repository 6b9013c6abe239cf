//! `check --changed-since`: the logs as they were at a commit, whose faults are known and left out.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::atomic;
use crate::cli::Stop;
use crate::cli::baseline::Named;
use crate::cli::git::git;
use crate::cli::logs::Logs;
use crate::cli::session::Session;
use crate::log;
use crate::platform::paths::{real_path, slashed};
use crate::platform::scratch;
use crate::source::Sources;
use crate::source::find::{self, InputFormat};
use crate::source::workbook::choice::Choice;
use crate::words::lang::Lang;

/// The logs of a run as they were at a commit, in a folder that is removed when they are dropped.
pub(super) struct OldLogs {
    pub(super) sources: Sources,
    _folder: tempfile::TempDir,
}

/// Reads the version that each log of a run had at a commit, under the name that a baseline has for it now. A log that was
/// not there has none, unless Git knows by which name it was.
///
/// # Errors
/// There is no Git or no such commit; a log does not lie in the repository; a version can't be kept.
pub(super) fn at(reference: &str, logs: &Logs, sheets: &[String], session: &mut Session<'_>) -> Result<OldLogs, Stop> {
    let lang = session.lang;
    let named = session.named(&logs.sources, &logs.ids);
    let repository = Repository::of(&named, reference, session)?;
    let folder = scratch::folder("duban-")?;
    let mut sources = Sources::default();
    let renamed = repository.renamed(&named)?;
    for (number, Named { name, path, shown }) in named.into_iter().enumerate() {
        let there = repository.inside(&path, &shown, lang)?;
        let old = renamed.get(&there).unwrap_or(&there);
        let Some(bytes) = repository.version(old)? else { continue };
        // The name tells how it is read. Files of one name lie apart.
        let own = folder.path().join(number.to_string());
        std::fs::create_dir(&own)?;
        let copy = own.join(Path::new(old).file_name().unwrap_or_default());
        atomic::write(&copy, &bytes)?;
        let is_log = |head: &[u8]| log::looks_like_log(head, &session.project);
        let wanted = if sheets.is_empty() { &session.project.sheets } else { sheets };
        let choice = Choice { wanted, is_log: &is_log };
        match find::by_names(&[copy], &mut std::io::empty(), InputFormat::Csv, &choice) {
            Ok(found) => {
                for mut source in found {
                    source.name.clone_from(&name);
                    sources.add(source);
                }
            }
            Err(error) => {
                let (reason, error) = (format!("{shown} @ {reference}"), error.text(lang));
                session.warn(&lang.pick(
                    format!("{reason}：当时的文件读不出来，其中的问题全部列出（{error}）"),
                    format!("{reason}: the file of then can't be read, and all its faults are shown ({error})"),
                ))?;
            }
        }
    }
    Ok(OldLogs { sources, _folder: folder })
}

/// A repository at one of its commits.
struct Repository {
    /// Its root, a canonical path.
    root: PathBuf,
    commit: String,
    /// The files of the commit, by their path from the root.
    files: BTreeMap<String, String>,
    lang: Lang,
}

impl Repository {
    /// The repository of the first log.
    fn of(logs: &[Named], reference: &str, session: &Session<'_>) -> Result<Self, Stop> {
        let lang = session.lang;
        let folder = logs.first().and_then(|log| log.path.parent()).unwrap_or(&session.world.folder).to_owned();
        if git(&folder, &["--version"]).is_err() {
            return Err(Stop::wrong(lang.pick(
                "--changed-since 要用 git，这台机器上没有找到",
                "--changed-since needs git, which was not found",
            )));
        }
        let root = git(&folder, &["rev-parse", "--show-toplevel"]).map_err(|error| {
            Stop::wrong(lang.pick(
                format!("--changed-since：台账不在 git 仓库里（{error}）"),
                format!("--changed-since: the logs are in no git repository ({error})"),
            ))
        })?;
        let root = String::from_utf8_lossy(&root).trim_end_matches(['\n', '\r']).to_owned();
        let root = real_path(Path::new(&root))?;
        let commit = commit(&root, reference, lang)?;
        let listed = told(git(&root, &["ls-tree", "-r", "-z", "--full-tree", &commit]))?;
        let listed = String::from_utf8_lossy(&listed);
        // MODE blob HASH TAB PATH, each ended by NUL; links and submodules are no logs.
        let files = listed.split('\0').filter_map(|line| {
            let (about, path) = line.split_once('\t')?;
            let mut about = about.split(' ');
            let (mode, kind, hash) = (about.next()?, about.next()?, about.next()?);
            (kind == "blob" && mode != "120000").then(|| (path.to_owned(), hash.to_owned()))
        });
        Ok(Self { root, commit, files: files.collect(), lang })
    }

    /// The path of a log from the root.
    fn inside(&self, path: &Path, shown: &str, lang: Lang) -> Result<String, Stop> {
        let inside = path.strip_prefix(&self.root).ok().map(|path| path.to_string_lossy().replace('\\', "/"));
        inside.ok_or_else(|| {
            let root = slashed(&self.root);
            Stop::wrong(lang.pick(
                format!("--changed-since：{shown} 不在仓库 {root} 里"),
                format!("--changed-since: {shown} does not lie in the repository {root}"),
            ))
        })
    }

    /// The names at the commit of those files that were not there under their own.
    fn renamed(&self, logs: &[Named]) -> Result<BTreeMap<String, String>, Stop> {
        let mut new = Vec::new();
        for log in logs {
            let path = self.inside(&log.path, &log.shown, self.lang)?;
            new.extend((!self.files.contains_key(&path)).then_some(path));
        }
        if new.is_empty() {
            return Ok(BTreeMap::new());
        }
        let arguments = ["diff", "--no-ext-diff", "--name-status", "-z", "-M", "--diff-filter=R", &self.commit, "--"];
        let listed = told(git(&self.root, &arguments))?;
        let listed = String::from_utf8_lossy(&listed).into_owned();
        let fields: Vec<&str> = listed.split('\0').collect();
        let pairs = fields.chunks_exact(3).filter_map(|one| Some((*one.get(2)?, *one.get(1)?)));
        Ok(pairs
            .filter(|(now, _)| new.iter().any(|path| path == now))
            .map(|(now, then)| (now.to_owned(), then.to_owned()))
            .collect())
    }

    /// The bytes of a file at the commit; `None` if it was not there.
    fn version(&self, path: &str) -> Result<Option<Vec<u8>>, Stop> {
        self.files.get(path).map(|hash| told(git(&self.root, &["cat-file", "blob", hash]))).transpose()
    }
}

/// The hash of the commit that a text names.
fn commit(root: &Path, reference: &str, lang: Lang) -> Result<String, Stop> {
    // Git would take it for an option.
    let found = if reference.starts_with('-') {
        Err(String::new())
    } else {
        git(root, &["rev-parse", "--verify", "--quiet", &format!("{reference}^{{commit}}")])
    };
    let hash = found.map(|hash| String::from_utf8_lossy(&hash).trim().to_owned()).unwrap_or_default();
    if !hash.is_empty() && hash.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Ok(hash);
    }
    let is_shallow = git(root, &["rev-parse", "--is-shallow-repository"]).is_ok_and(|told| told.starts_with(b"true"));
    Err(Stop::wrong(if is_shallow {
        lang.pick(
            format!("--changed-since：没有提交 `{reference}`，这个仓库只取了最近的提交；先 git fetch --unshallow（actions/checkout 写 fetch-depth: 0）"),
            format!("--changed-since: there is no commit `{reference}`, and this clone has only the latest ones; git fetch --unshallow first (for actions/checkout, fetch-depth: 0)"),
        )
    } else {
        lang.pick(
            format!("--changed-since：没有提交 `{reference}`；写分支、标签或提交号，远处的先 git fetch"),
            format!("--changed-since: there is no commit `{reference}`; name a branch, a tag or a commit, and git fetch what is elsewhere"),
        )
    }))
}

fn told(run: Result<Vec<u8>, String>) -> Result<Vec<u8>, Stop> {
    run.map_err(|error| Stop::wrong(format!("git: {error}")))
}
