//! `duban draft` and `duban dispatch`: the same way, but that dispatch takes numbers.
//!
//! - `asked`: what the writer must give
//! - `batch`: which documents, and what each is made from
//! - `edition`: what of it is kept back
//! - `make`: the documents themselves
//! - `names`: what their files are called

mod asked;
mod batch;
mod edition;
mod make;
mod names;

use std::path::{Path, PathBuf};

use crate::atomic;
use crate::cli::args::WriteArgs;
use crate::cli::progress::Progress;
use crate::cli::session::Session;
use crate::cli::{Status, Stop, register as cli_register};
use crate::document::Document;
use crate::kind::Kind;
use crate::ladder::Letters;
use crate::register::{DispatchRequest, Facts, Register};
use crate::write::{self, Format};
use batch::Batch;
use edition::Editor;
use make::Maker;
use names::NumberAllocator;

/// Whether a number is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// The number is shown and stays free.
    Draft,
    /// The number is taken and entered in the register.
    Dispatch,
}

/// A document ready to be written: all its files, by name, in memory.
struct FinishedDocument {
    facts: Facts,
    document: Document,
    formats: Vec<Format>,
    /// Whether its .docx is the office's own paper, filled.
    uses_word_template: bool,
    files: Vec<(String, Vec<u8>)>,
}

pub(super) fn run(args: &WriteArgs, mode: Mode, session: &mut Session<'_>) -> Result<Status, Stop> {
    if mode == Mode::Dispatch {
        session.need_project()?;
    }
    // From here to the end of a dispatch nobody else takes a number, and nobody's number is missed.
    let mut register = if mode == Mode::Dispatch { Some(cli_register::open(session)?) } else { None };
    let known = match &register {
        Some(register) => register.records().to_vec(),
        None => session.register_records()?,
    };
    let mut batches = batch::batches(args, mode, &known, session)?;
    let keys = args.set.iter().filter_map(|pair| pair.split_once('=')).map(|(key, _)| key.trim());
    asked::check_keys(keys, &batches, session)?;
    let mut editor = Editor::new(args.edition.into());
    if args.data {
        for batch in &mut batches {
            batch.all = editor.edit(&batch.all, session).into_owned();
        }
        return print_data(&batches, session);
    }
    if batches.iter().all(|batch| batch.all.is_empty()) {
        session.note(&session.say("没有需要发给任何单位的文书", "no unit calls for a letter"))?;
        return Ok(Status::Done);
    }
    asked::check_missing(&batches, mode, session)?;
    let folder = folder(args.output.as_deref(), mode, session);
    let mut loose = DraftFiles::new(&folder, session);
    let mut ready = Vec::new();
    let letters = Letters::new(&known);
    let mut maker =
        Maker { args, mode, taken: NumberAllocator::new(&known), editor, ladder: session.project.ladder(), letters };
    let mut progress = Progress::new(batches.iter().map(|batch| batch.all.len()).sum());
    for mut batch in batches {
        let formats = formats(args, &batch.kind, session)?;
        maker.all(&mut batch, &formats, &mut progress, session, &mut |mut one: FinishedDocument| {
            if mode == Mode::Draft {
                loose.add(std::mem::take(&mut one.files));
            }
            // A thousand letters are many pages: none is kept that is not wanted again.
            if mode == Mode::Dispatch || args.together {
                ready.push(one);
            }
        })?;
    }
    let together = if args.together { together(args, mode, &ready, &mut maker.taken, session)? } else { Vec::new() };
    maker.editor.search(&together, session.lang)?;
    if let Some(register) = &mut register {
        dispatch(ready, &folder, register, session)?;
    }
    loose.add(together);
    loose.finish(session)?;
    Ok(Status::Done)
}

/// Files that are not entered in the register.
struct DraftFiles {
    batch: atomic::Batch,
    /// Where the run stands, and where in it the files go, as it was said.
    root: PathBuf,
    folder: PathBuf,
    names: Vec<PathBuf>,
}

impl DraftFiles {
    fn new(folder: &Path, session: &Session<'_>) -> Self {
        let (batch, root, folder) = (atomic::Batch::default(), session.world.folder.clone(), folder.to_owned());
        Self { batch, root, folder, names: Vec::new() }
    }

    fn add(&mut self, files: Vec<(String, Vec<u8>)>) {
        for (name, bytes) in files {
            let path = self.folder.join(name);
            self.batch.add(self.root.join(&path), bytes);
            self.names.push(path);
        }
    }

    /// Gives them their names, and prints these.
    fn finish(self, session: &mut Session<'_>) -> Result<(), Stop> {
        let written = self.batch.finish();
        written.map_err(|(path, error)| Stop::unfinished(format!("{}: {error}", path.display())))?;
        session.print(&listed(&self.names))
    }
}

/// All documents of a run in one file, in each format that has pages.
fn together(
    args: &WriteArgs,
    mode: Mode,
    ready: &[FinishedDocument],
    taken: &mut NumberAllocator,
    session: &mut Session<'_>,
) -> Result<Vec<(String, Vec<u8>)>, Stop> {
    let documents: Vec<&Document> = ready.iter().map(|ready| &ready.document).collect();
    let day = ready.first().map_or_else(String::new, |ready| ready.facts.date.to_string());
    let draft = if mode == Mode::Draft { "draft-" } else { "" };
    let stem = taken.stem(&format!("{}-{draft}{day}-together", args.kind));
    let mut files = Vec::new();
    let is_asked = |format: &Format| ready.iter().any(|ready| ready.formats.contains(format));
    for format in Format::ALL.into_iter().filter(is_asked) {
        // Each has the office's own pages, which can't be put one behind the other.
        if format == Format::Docx && ready.iter().any(|ready| ready.uses_word_template) {
            session.note(session.lang.pick(
                "用了版式模板的 .docx 不能合订（--together），已逐份写出",
                "a .docx on the office's own paper is not put --together; each is written by itself",
            ))?;
            continue;
        }
        let written = write::together(format, &documents, &session.project.look);
        if let Some(bytes) = written.map_err(|error| Stop::unfinished(error.to_string()))? {
            files.push((format!("{stem}.{format}"), bytes));
        }
    }
    Ok(files)
}

fn formats(args: &WriteArgs, kind: &Kind, session: &Session<'_>) -> Result<Vec<Format>, Stop> {
    let wanted: Vec<&str> = if args.formats.is_empty() {
        kind.config.formats.iter().map(|format| format.extension()).collect()
    } else {
        args.formats.iter().map(|format| format.trim()).collect()
    };
    let mut formats = Vec::new();
    for name in wanted {
        let format = name.parse::<Format>().map_err(|_| {
            let known = Format::ALL.map(Format::extension).join(" ");
            Stop::wrong(session.lang.pick(
                format!("不能写成 {name}；可用：{known}"),
                format!("{name} is no format here; available: {known}"),
            ))
        })?;
        if !formats.contains(&format) {
            formats.push(format);
        }
    }
    Ok(formats)
}

fn print_data(batches: &[Batch], session: &mut Session<'_>) -> Result<Status, Stop> {
    let text = match batches {
        [Batch { kind, all, is_called: false, .. }] => match all.as_slice() {
            [one] if !kind.config.per_unit => serde_json::to_string_pretty(one)?,
            several => serde_json::to_string_pretty(several)?,
        },
        batches => serde_json::to_string_pretty(&batches.iter().flat_map(|batch| &batch.all).collect::<Vec<_>>())?,
    };
    session.print(&format!("{text}\n"))?;
    Ok(Status::Done)
}

fn folder(output: Option<&Path>, mode: Mode, session: &Session<'_>) -> PathBuf {
    match output {
        Some(folder) => folder.to_owned(),
        None => session.project.root.join(match mode {
            Mode::Draft => "drafts",
            Mode::Dispatch => "documents",
        }),
    }
}

fn dispatch(
    ready: Vec<FinishedDocument>,
    folder: &Path,
    register: &mut Register,
    session: &mut Session<'_>,
) -> Result<(), Stop> {
    // A folder that is there has one true name, whatever links and `..` led to it.
    let made = atomic::make_dir(&session.world.folder.join(folder));
    made.map_err(|error| Stop::unfinished(format!("{}: {error}", folder.display())))?;
    let relative = path_from_root(&session.project.root, folder, session);
    let mut shown = Vec::new();
    let mut requests = Vec::new();
    for FinishedDocument { facts, files, .. } in ready {
        shown.push((facts.number.clone(), facts.title.clone()));
        let named = files.into_iter().map(|(name, bytes)| (format!("{relative}{name}"), bytes));
        requests.push(DispatchRequest { facts, files: named.collect() });
    }
    let paths: Vec<PathBuf> =
        requests.iter().flat_map(|request| &request.files).map(|(path, _)| session.project.root.join(path)).collect();
    register.dispatch(requests).map_err(|error| Stop::unfinished(error.text(session.lang)))?;
    session.print(&listed(&paths))?;
    for (number, title) in shown {
        session.note(&format!("{number}  {title}"))?;
    }
    Ok(())
}

/// Paths as people write them, without `./` before them, one a line.
fn listed(paths: &[PathBuf]) -> String {
    let shown = |path: &PathBuf| path.strip_prefix(".").unwrap_or(path).display().to_string() + "\n";
    paths.iter().map(shown).collect()
}

/// A folder as the register names it: relative to the project where it lies in it, `/` between.
fn path_from_root(root: &Path, folder: &Path, session: &Session<'_>) -> String {
    let absolute = |path: &Path| {
        let path = session.world.folder.join(path);
        path.canonicalize().unwrap_or(path)
    };
    let (root, folder) = (absolute(root), absolute(folder));
    let inside = folder.strip_prefix(&root).unwrap_or(&folder);
    let text = inside.to_string_lossy().replace('\\', "/");
    if text.is_empty() { text } else { format!("{text}/") }
}
