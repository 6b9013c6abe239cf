//! `duban init --from`: a project whose config is proposed from its logs.

use std::io::Read;
use std::path::{Component, Path, PathBuf};

use crate::atomic;
use crate::cli::args::InitArgs;
use crate::cli::init::ask::{Asker, Manner};
use crate::cli::init::files::{IGNORE, IGNORED, is_there, prepare_for_git};
use crate::cli::init::left;
use crate::cli::world::World;
use crate::cli::{ExitStatus, Stop};
use crate::fault::{Faults, Severity};
use crate::place::SourceId;
use crate::platform::paths::{real_path, slashed};
use crate::project::{FILE_NAME, Project, config};
use crate::propose::proposal::Proposal;
use crate::propose::yaml::{self, Head};
use crate::propose::{meanings, survey};
use crate::source::Sources;
use crate::source::find::{self, InputFormat};
use crate::source::workbook::choice::Choice;
use crate::words::lang::Lang;

/// Where logs from outside of the project are copied to.
const LOGS: &str = "logs";

pub(super) fn run(args: InitArgs, lang: Lang, world: &mut World) -> Result<ExitStatus, Stop> {
    let shown = args.dir.clone().unwrap_or_else(|| PathBuf::from("."));
    let root = world.folder.join(&shown);
    let config_path = shown.join(FILE_NAME);
    if root.join(FILE_NAME).exists() {
        return Err(is_there(&config_path, lang));
    }
    let placed = place(&args.from_logs, &root, world, lang)?;
    let sources = read(&args.from_logs, world, lang)?;
    let mut setup =
        Setup { sources, lang, office: args.office, logs: placed.iter().map(|log| log.name.clone()).collect() };
    let manner = if args.yes {
        Manner::TakesAll
    } else if args.ask || world.can_ask {
        Manner::Asks
    } else {
        Manner::TakesWhatIsSure
    };
    let mut asker = Asker::new(manner, lang);
    let proposal = setup.propose(&mut asker, world)?;
    let takes_guesses = asker.takes_guesses();
    let text = setup.text(&proposal, takes_guesses);
    setup.parsed(&text)?;
    // Everything is decided: from here on, files are written.
    let mut files: Vec<(PathBuf, Vec<u8>)> = Vec::new();
    for log in placed.into_iter().filter(|log| log.is_copied) {
        let bytes = std::fs::read(world.folder.join(&log.from)).map_err(|error| Stop::unreadable(&log.from, error))?;
        files.push((shown.join(&log.name), bytes));
    }
    if !root.join(IGNORE).exists() {
        files.push((shown.join(IGNORE), IGNORED.as_bytes().to_vec()));
    }
    // The config comes last: with it, the folder is a project.
    files.push((config_path, text.into_bytes()));
    for (path, bytes) in files {
        atomic::write(&world.folder.join(&path), &bytes).map_err(|error| Stop::unwritten(&path, error))?;
        writeln!(world.stdout, "{}", slashed(&path))?;
    }
    prepare_for_git(&root, &shown, lang, world)?;
    left::tell_of_proposal(&proposal, takes_guesses, lang, world)?;
    left::tell_of_check(&shown, lang, world)?;
    Ok(ExitStatus::Done)
}

/// A log of the new project.
struct Placed {
    /// Where it was named.
    from: PathBuf,
    /// Its name in the config: relative to the project, with `/`.
    name: String,
    /// Whether it lies outside of the project and is copied into it.
    is_copied: bool,
}

/// Decides where the logs stand in the project: in place if they lie in its folder, else as a copy in `logs/`, so that the
/// project can be moved and its papers point to rows that are there.
///
/// # Errors
/// A log is no file, or a different file with its name is there already.
fn place(from: &[PathBuf], root: &Path, world: &World, lang: Lang) -> Result<Vec<Placed>, Stop> {
    let root = resolved(root);
    let mut placed: Vec<Placed> = Vec::new();
    for path in from {
        let full = world.folder.join(path);
        if !full.is_file() {
            return Err(Stop::wrong(lang.pick(
                format!("--from 要的是台账文件，{} 不是文件；项目的文件夹写在 --from 前面：duban init 文件夹 --from 台账", slashed(&path)),
                format!(
                    "--from takes files of logs, and {} is none; the project's folder comes before it: duban init DIR --from FILE",
                    slashed(&path)
                ),
            )));
        }
        let inside = resolved(&full).strip_prefix(&root).ok().map(as_pattern);
        let (name, is_copied) = if let Some(name) = inside {
            (name, false)
        } else {
            let file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let name = format!("{LOGS}/{file}");
            let taken = root.join(&name);
            if placed.iter().any(|other| other.name == name)
                || taken.exists() && std::fs::read(&taken)? != std::fs::read(&full)?
            {
                return Err(Stop::wrong(lang.pick(
                    format!("项目里已有另一个 {name}，不会覆盖；请给 {} 换个文件名", slashed(&path)),
                    format!("another {name} is in the project and is not overwritten; rename {}", slashed(&path)),
                )));
            }
            (name, true)
        };
        if !placed.iter().any(|other| other.name == name) {
            placed.push(Placed { from: path.clone(), name, is_copied });
        }
    }
    Ok(placed)
}

/// The path with links resolved, as far as it exists.
fn resolved(path: &Path) -> PathBuf {
    let plain = |path: &Path| -> PathBuf { path.components().filter(|part| *part != Component::CurDir).collect() };
    real_path(path).unwrap_or_else(|_| match (path.parent(), path.file_name()) {
        (Some(parent), Some(name)) if !parent.as_os_str().is_empty() => resolved(parent).join(name),
        _ => plain(path),
    })
}

/// A relative path as `logs:` has it: with `/` between its parts, and a `!` at its beginning is no mark of what is left out. A
/// file that is there goes before a pattern of its name.
fn as_pattern(path: &Path) -> String {
    let parts: Vec<String> = path.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    let name = parts.join("/");
    if name.starts_with('!') { format!("./{name}") } else { name }
}

/// Opens the logs with every sheet of their workbooks.
fn read(from: &[PathBuf], world: &World, lang: Lang) -> Result<Sources, Stop> {
    let every = ["*".to_owned()];
    let choice = Choice { wanted: &every, is_log: &|_| true };
    let paths: Vec<PathBuf> = from.to_vec();
    let mut nothing: &mut dyn Read = &mut std::io::empty();
    let found = find::by_names(&paths, &mut nothing, InputFormat::Csv, &choice);
    let mut sources = found.map_err(|error| Stop::wrong(error.text(lang)))?;
    sources.count_in(&world.progress);
    Ok(sources)
}

/// What is known while a project is set up.
struct Setup {
    sources: Sources,
    lang: Lang,
    office: Option<String>,
    logs: Vec<String>,
}

impl Setup {
    /// Proposes the config, and asks on the way what is asked in this manner.
    fn propose(&mut self, asker: &mut Asker, world: &mut World) -> Result<Proposal, Stop> {
        let base = Project { lang: Some(self.lang), ..Project::default() };
        let ids: Vec<SourceId> = self.sources.ids().collect();
        let survey = survey(&mut self.sources, &ids, &base)?;
        if survey.logs().is_empty() {
            return Err(self.no_log(&ids));
        }
        self.office = asker.office(self.office.take(), world)?;
        let mut proposal = survey.sheets(&self.sources);
        asker.answer(&mut proposal, world)?;
        let chosen = proposal.sheets();
        let read: Vec<SourceId> = survey.logs().into_iter().filter(|id| self.is_read(*id, &chosen)).collect();
        let mut columns = survey.columns(&read);
        asker.answer(&mut columns, world)?;
        asker.confirm(&mut columns, world)?;
        proposal.append(columns);
        let (whole, _) = proposal.with_first_columns();
        let project = self.parsed(&self.text(&whole, true))?;
        let mut words = meanings(&mut self.sources, &read, &project, &proposal)?;
        asker.answer(&mut words, world)?;
        asker.confirm(&mut words, world)?;
        proposal.append(words);
        if asker.takes_guesses() {
            proposal.drop_ignored_columns();
        }
        Ok(proposal)
    }

    /// Whether a source is read if these sheets are: all logs, but one sheet only of each workbook where none is named.
    fn is_read(&self, id: SourceId, chosen: &[String]) -> bool {
        let source = self.sources.get(id);
        let Some(sheet) = &source.sheet else { return true };
        if !chosen.is_empty() {
            return chosen.contains(&sheet.name);
        }
        let is_first = |other: &SourceId| self.sources.get(*other).name == source.name;
        self.sources.ids().find(|other| is_first(other) && self.sources.get(*other).sheet.is_some()) == Some(id)
            || self.sources.ids().filter(is_first).count() > 1
    }

    /// The text of the config with what is proposed so far.
    fn text(&self, proposal: &Proposal, takes_guesses: bool) -> String {
        let head = Head { lang: self.lang, office: self.office.as_deref(), logs: &self.logs, takes_guesses };
        yaml::config(&head, proposal)
    }

    /// Reads the text of a config back: what was written must be read without a fault.
    fn parsed(&self, text: &str) -> Result<Project, Stop> {
        let mut faults = Faults::default();
        let project = config::parse(SourceId(0), text, &mut faults);
        if faults.count(Severity::Error) > 0 {
            let first =
                faults.sorted().first().map(|fault| crate::fault::words(&fault.what, fault.field, self.lang).message);
            let first = first.unwrap_or_default();
            return Err(Stop::unfinished(self.lang.pick(
                format!("写出的配置读不回来，没有写任何文件：{first}"),
                format!("the config would not be read back, and nothing was written: {first}"),
            )));
        }
        Ok(project)
    }

    /// No table has columns of a log.
    fn no_log(&self, ids: &[SourceId]) -> Stop {
        let names: Vec<String> = ids.iter().map(|id| self.sources.get(*id).name.clone()).collect();
        let names = names.first().cloned().unwrap_or_default();
        Stop::wrong(self.lang.pick(
            format!("{names} 里没有看出问题台账：表头里要有写问题的一列（如“问题描述”），还要有日期、单位、状态等至少一列；没有写任何文件"),
            format!("no log was recognised in {names}: a header must have a column of what was found (`Description`), and one of a date, a unit or a status; nothing was written"),
        ))
    }
}
