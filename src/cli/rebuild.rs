//! `duban register verify --rebuild`: makes documents again from the logs of their day, and compares the bytes.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use tempfile::TempDir;

use crate::cli::args::RebuildArgs;
use crate::cli::git::git;
use crate::cli::session::Session;
use crate::cli::write::{Remade, RemakeRequest, remade};
use crate::cli::{ExitStatus, Stop, documents};
use crate::dataset::FigureSheet;
use crate::platform::paths::slashed;
use crate::platform::scratch;
use crate::project::FILE_NAME as CONFIG;
use crate::register::{FILE_NAME, FileHash, Past, RegisterEntry};
use crate::source::excerpt::harmless;
use crate::words::lang::counted;

/// The digits of a commit that are shown.
const SHOWN: usize = 10;

/// What came of making a document again.
enum Rebuilt {
    Same,
    /// The files that differ, whether the figures do, and the version that made it.
    Differs {
        files: Vec<String>,
        figures: bool,
        version: String,
    },
    /// It can't be made again, and why.
    Not(String),
}

/// Makes the documents named again, or all that stand; from a folder, a commit, or each from the commit that brought it.
pub(super) fn run(args: &RebuildArgs, session: &mut Session<'_>) -> Result<ExitStatus, Stop> {
    let RebuildArgs { documents: names, at, .. } = args;
    let lang = session.lang;
    let entries = session.register_records()?;
    let wanted: Vec<&RegisterEntry> = if names.is_empty() {
        documents::dispatched(&entries).collect()
    } else {
        documents::meant(names, &entries, session)?
    };
    let mut rebuilder = Rebuilder { at: at.as_deref(), checkouts: BTreeMap::new(), made: None };
    let (mut same, mut differing) = (0, 0);
    let mut reasons: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for entry in wanted {
        let number = &entry.number;
        match rebuilder.rebuilt(entry, session)? {
            Rebuilt::Same => same += 1,
            Rebuilt::Not(why) => reasons.entry(why).or_default().push(number),
            Rebuilt::Differs { files, figures, version } => {
                differing += 1;
                let files = files.join(lang.pick("、", ", "));
                let why = match (figures, version == env!("CARGO_PKG_VERSION")) {
                    (true, _) => lang.pick(
                        format!("数字也不同，用 duban drift {number} 查看"),
                        format!("and so do its figures: see duban drift {number}"),
                    ),
                    (false, true) => lang
                        .pick(
                            "数字相同：配置、模板、照片或 LibreOffice 变了",
                            "its figures do not: config, template, photos or LibreOffice have changed",
                        )
                        .to_owned(),
                    (false, false) => lang.pick(
                        format!("数字相同；发文用的是 duban {version}，现在是 {}", env!("CARGO_PKG_VERSION")),
                        format!(
                            "its figures do not; duban {version} made it, and this is {}",
                            env!("CARGO_PKG_VERSION")
                        ),
                    ),
                };
                session.print(&lang.pick(
                    format!("{number}：{files} 与重写的不同；{why}\n"),
                    format!("{number}: {files} differ from what is made again; {why}\n"),
                ))?;
            }
        }
    }
    for (why, numbers) in reasons {
        let numbers = numbers.join(lang.pick("、", ", "));
        session
            .warn(&lang.pick(format!("没有重写：{why}（{numbers}）"), format!("not made again: {why} ({numbers})")))?;
    }
    session.note(&lang.pick(
        format!("重写后相同 {same} 份，不同 {differing} 份"),
        format!("made again: {} the same, {differing} not", counted(same, "document")),
    ))?;
    Ok(if differing > 0 { ExitStatus::Found } else { ExitStatus::Done })
}

struct Rebuilder<'r> {
    at: Option<&'r str>,
    /// The commits that were taken out, and the folder of the project in each.
    checkouts: BTreeMap<String, (TempDir, PathBuf)>,
    /// The documents of the last run that was made again: letters come in long runs.
    made: Option<(RunKey, Rc<Vec<Remade>>)>,
}

/// What the documents of one run have in common: the folder, how much of the register came before, and the options.
type RunKey = (PathBuf, usize, String);

impl Rebuilder<'_> {
    fn rebuilt(&mut self, entry: &RegisterEntry, session: &mut Session<'_>) -> Result<Rebuilt, Stop> {
        let lang = session.lang;
        let sheet = match documents::figures(entry, session) {
            Ok((_, sheet)) => sheet,
            Err(why) => return Ok(Rebuilt::Not(why)),
        };
        if entry.edited {
            return Ok(Rebuilt::Not(lang.pick("发出的是人工修改过的文书", "they were edited by hand").to_owned()));
        }
        let run = match documents::run_options(&sheet, session) {
            Ok(run) => run,
            Err(why) => return Ok(Rebuilt::Not(why)),
        };
        let root = match self.folder(entry, session)? {
            Ok(root) => root,
            Err(why) => return Ok(Rebuilt::Not(why)),
        };
        let past = Past::before(&session.project.root, entry.line).map_err(|error| Stop::wrong(error.text(lang)))?;
        let key = (root.clone(), past.listed().len(), serde_json::to_string(&(&run, &sheet.head.as_of))?);
        let made = match &self.made {
            Some((known, made)) if *known == key => Rc::clone(made),
            _ => {
                let request = RemakeRequest {
                    root,
                    run: &run,
                    as_of: entry.date,
                    past: Some(past),
                    is_draft: false,
                    figures_only: false,
                };
                match remade(request, session) {
                    Ok(made) => Rc::new(made),
                    Err(why) => return Ok(Rebuilt::Not(why)),
                }
            }
        };
        self.made = Some((key, Rc::clone(&made)));
        let found = made.iter().find(|made| made.facts.number == entry.number && made.facts.kind == entry.kind);
        Ok(match found {
            Some(made) => compared(entry, &sheet, made, run.version)?,
            None => Rebuilt::Differs {
                files: entry.files.iter().map(|file| file.path.clone()).collect(),
                figures: true,
                version: run.version,
            },
        })
    }

    /// The folder of the project from which a document is made again.
    fn folder(&mut self, entry: &RegisterEntry, session: &Session<'_>) -> Result<Result<PathBuf, String>, Stop> {
        let lang = session.lang;
        let root = session.world.folder.join(&session.project.root);
        let folder = self.at.map(|at| session.world.folder.join(at));
        if let Some(folder) = folder.filter(|folder| folder.is_dir()) {
            if folder.join(CONFIG).is_file() {
                return Ok(Ok(folder));
            }
            return Err(Stop::wrong(lang.pick(
                format!("{} 里没有 {CONFIG}", slashed(&folder)),
                format!("there is no {CONFIG} in {}", slashed(&folder)),
            )));
        }
        let commit = match self.at {
            Some(at) => Some(commit(&root, at).map_err(|error| {
                Stop::wrong(lang.pick(
                    format!("--at {at}：不是文件夹，也不是提交：{error}"),
                    format!("--at {at} is neither a folder nor a commit: {error}"),
                ))
            })?),
            None => brought(&root, entry),
        };
        // Not in a repository, or not committed yet: the logs as they are.
        let Some(commit) = commit else { return Ok(Ok(session.project.root.clone())) };
        if let Some(known) = self.checkouts.get(&commit) {
            return Ok(Ok(known.1.clone()));
        }
        let taken = match taken_out(&root, &commit) {
            Ok(taken) => taken,
            Err(why) => return Ok(Err(why)),
        };
        let inside = taken.1.clone();
        self.checkouts.insert(commit.clone(), taken);
        if !inside.join(CONFIG).is_file() {
            let short = commit.get(..SHOWN).unwrap_or(&commit).to_owned();
            return Ok(Err(
                lang.pick(format!("提交 {short} 里没有 {CONFIG}"), format!("commit {short} has no {CONFIG}"))
            ));
        }
        Ok(Ok(inside))
    }
}

/// The commit that a name means.
fn commit(root: &Path, name: &str) -> Result<String, String> {
    if name.starts_with('-') {
        return Err(harmless(name));
    }
    let found = git(root, &["rev-parse", "--verify", "--quiet", &format!("{name}^{{commit}}")])?;
    Ok(String::from_utf8_lossy(&found).trim().to_owned())
}

/// The first commit that has a document in its register: with the logs that it was made from.
fn brought(root: &Path, entry: &RegisterEntry) -> Option<String> {
    let hash = &entry.files.first()?.sha256;
    let found = git(root, &["log", "--reverse", "--format=%H", &format!("-S{hash}"), "--", FILE_NAME]).ok()?;
    String::from_utf8_lossy(&found).lines().next().map(str::to_owned)
}

/// Takes the files of a commit out into a temporary folder; returns it and the folder of the project in it.
fn taken_out(root: &Path, commit: &str) -> Result<(TempDir, PathBuf), String> {
    let text = |arguments: &[&str]| {
        git(root, arguments).map(|bytes| String::from_utf8_lossy(&bytes).trim_end_matches('\n').to_owned())
    };
    let (top, inside) = (text(&["rev-parse", "--show-toplevel"])?, text(&["rev-parse", "--show-prefix"])?);
    let folder = scratch::folder("duban-").map_err(|error| error.to_string())?;
    let archive = folder.path().join("commit.zip");
    let to = archive.to_string_lossy().into_owned();
    let plain = ["-c", "core.autocrlf=false", "-c", "core.eol=lf"];
    let arguments = [&plain[..], &["archive", "--format=zip", "-o", &to, commit]].concat();
    git(Path::new(&top), &arguments)?;
    let tree = folder.path().join("tree");
    let file = File::open(&archive).map_err(|error| error.to_string())?;
    let unpacked = zip::ZipArchive::new(file).and_then(|mut zip| zip.extract(&tree));
    unpacked.map_err(|error| error.to_string())?;
    Ok((folder, tree.join(inside)))
}

/// What differs between a document and one that was made again.
fn compared(entry: &RegisterEntry, sheet: &FigureSheet, made: &Remade, version: String) -> Result<Rebuilt, Stop> {
    let mut files = Vec::new();
    for file in &entry.files {
        let name = file.path.rsplit('/').next().unwrap_or_default();
        let again = made.files.iter().find(|made| made.name == name);
        let hash = again.map(|again| FileHash::of_file(&file.path, &again.bytes)).transpose()?;
        if hash.as_ref() != Some(&file.sha256) {
            files.push(file.path.clone());
        }
    }
    if files.is_empty() {
        return Ok(Rebuilt::Same);
    }
    let said = |sheet: &FigureSheet| -> Vec<String> {
        sheet
            .figures
            .iter()
            .map(|figure| format!("{} {:?} {}", figure.function, figure.selection, figure.value))
            .collect()
    };
    Ok(Rebuilt::Differs { files, figures: said(sheet) != said(&made.sheet), version })
}
