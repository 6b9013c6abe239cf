//! `duban draft` and `duban dispatch`: they differ only in that dispatch takes numbers and enters them in the register.
//!
//! - `mode`: draft or dispatch
//! - `batch`: which documents, and the data of each
//! - `asked`: the values that a kind asks for (`--set`)
//! - `edition`: what a public edition leaves out
//! - `compare`: a document that was sent out, beside what the logs of today make of it; `correction`: what a correction puts
//!   right in it
//! - `make`: numbering, rendering and writing
//! - `names`: numbers and file names of a run
//! - `file`: a finished file; `final_file`: one that was edited by hand and goes out instead; `formats`: which are written
//! - `pictures`: the pictures that tags of a Word template name; `kept`: photos of a run;
//!   `unreadable`: those that can't be read
//! - `pdf`: LibreOffice lays out what is to be a PDF
//! - `request`: a dispatch that was asked for before
//! - `run_options`: what a run was asked for, as its documents keep it; `remake`: makes them again from it
//!   (`remade`: what comes of it; `unheard`: without a word)
//! - `written`: drafts that were edited where they are

mod asked;
pub(super) mod batch;
mod compare;
mod correction;
mod edition;
mod file;
mod final_file;
mod formats;
mod kept;
mod make;
mod mode;
pub(super) mod names;
pub(super) mod page;
mod pdf;
mod pictures;
mod remade;
mod remake;
mod request;
pub(super) mod run_options;
mod unheard;
mod unreadable;
mod written;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::atomic;
use crate::cli::args::{DispatchArgs, EditionArg, WriteArgs};
use crate::cli::init::files::attributes_extended;
use crate::cli::session::Session;
use crate::cli::versions;
use crate::cli::{ExitStatus, Stop, register as cli_register};
use crate::dataset::Edition;
use crate::document::Document;
use crate::platform::paths::{real_path, slashed};
use crate::proof::class::ProofClass;
use crate::register::{
    ATTRIBUTES, AcceptedFaults, AttributesOutcome, DispatchError, DispatchRequest, Register, RegisterEntry,
    keep_line_ends,
};
use crate::words::lang::{Lang, counted};
use crate::write::{self, Format};
use batch::{DocumentBatch, RunDocuments};
pub(super) use compare::compared;
use edition::Editor;
pub(super) use file::OutputFile;
use final_file::FinalFile;
use formats::formats;
use kept::KeptPhotos;
use make::{FinishedDocument, Maker};
pub(super) use mode::WriteMode;
pub(super) use remade::{Remade, RemakeRequest};
pub(super) use remake::remade;
use written::WrittenDrafts;

/// `duban draft`.
pub(super) fn draft(args: &WriteArgs, session: &mut Session<'_>) -> Result<ExitStatus, Stop> {
    run(args, None, None, session)
}

/// Returns the files that `draft` would write, instead of writing them.
pub(super) fn drafted(args: &WriteArgs, session: &mut Session<'_>) -> Result<Vec<OutputFile>, Stop> {
    let mut files = Vec::new();
    run(args, None, Some(&mut files), session)?;
    Ok(files)
}

/// `duban dispatch`: refused while the logs have faults, or an edited document what a proof tells, that `--accept` does not let
/// through.
pub(super) fn dispatch(args: &DispatchArgs, session: &mut Session<'_>) -> Result<ExitStatus, Stop> {
    session.need_project()?;
    let DispatchArgs { write, final_file, accept, why, request_id } = args;
    let (mut classes, mut codes) = (Vec::new(), Vec::new());
    for text in accept {
        match ProofClass::of_key(text.trim()) {
            Some(class) => classes.push(class),
            None => codes.push(text.clone()),
        }
    }
    if let (Some(class), None) = (classes.first(), final_file) {
        let key = class.key();
        return Err(Stop::wrong(session.lang.pick(
            format!("--accept {key} 是校核的类别，只与 --final 一起用"),
            format!("--accept {key} is a class of what proof tells, and goes with --final"),
        )));
    }
    let final_file = final_file.as_ref().map(|path| FinalFile::read(path, classes, session)).transpose()?;
    let request = request_id.as_deref();
    run(write, Some(&Dispatching { request, accept: &codes, why: why.as_deref(), final_file }), None, session)
}

/// What is asked of a dispatch beyond a draft.
struct Dispatching<'d> {
    request: Option<&'d str>,
    /// The codes of faults of the logs that are let through, and why.
    accept: &'d [String],
    why: Option<&'d str>,
    /// The edited document that goes out.
    final_file: Option<FinalFile>,
}

/// Files that are not entered in the register go to `kept`, if it is given, and else to the disk.
fn run(
    args: &WriteArgs,
    dispatching: Option<&Dispatching<'_>>,
    kept: Option<&mut Vec<OutputFile>>,
    session: &mut Session<'_>,
) -> Result<ExitStatus, Stop> {
    let mode = if dispatching.is_some() { WriteMode::Dispatch } else { WriteMode::Draft };
    let request = dispatching.and_then(|asked| asked.request);
    let final_file = dispatching.and_then(|asked| asked.final_file.as_ref());
    let args = &WriteArgs { kind: session.kind_or(&args.kind, batch::LADDER)?, ..args.clone() };
    // The register stays locked from here to the end of a dispatch: no other process takes a number in between.
    let mut register =
        if mode == WriteMode::Dispatch { Some(cli_register::open_at_checkpoint(session)?) } else { None };
    if let (Some(id), Some(register)) = (request, &mut register)
        && let Some(status) = request::answered(id, &args.kind, register, session)?
    {
        return Ok(status);
    }
    let past = match &register {
        Some(register) => register.past(),
        None => session.register_past()?,
    };
    if register.is_none() {
        cli_register::tell_doubled(past.listed(), session)?;
    }
    let past = Arc::new(past);
    let mut run = batch::batches(args, mode, &past, session)?;
    correction::apply((args, mode), &past, &mut run, remade, session)?;
    let RunDocuments { mut batches, faults, register: entries, photos, open_without_deadline } = run;
    session.warn_of_calendar()?;
    if mode == WriteMode::Dispatch {
        refuse_unnumbered(&batches, session)?;
    }
    let keys = args.set.iter().filter_map(|pair| pair.split_once('=')).map(|(key, _)| key.trim());
    asked::check_keys(keys, &batches, session)?;
    let mut editor = Editor::default();
    if args.data {
        return print_data(&mut batches, args.edition, &mut editor, session);
    }
    tell_withheld(photos.len(), args.edition, session)?;
    let accepted = match dispatching {
        Some(asked) => session.admit(&faults, asked.accept, asked.why)?,
        None => AcceptedFaults::default(),
    };
    if batches.iter().all(|batch| batch.all.is_empty()) {
        tell_of_none(args.of.as_deref(), open_without_deadline, session)?;
        return Ok(ExitStatus::Done);
    }
    asked::check_missing(&batches, mode, session)?;
    let data = final_file.map(|_| final_file::only_document(&batches, args, session)).transpose()?;
    let formats = formats_of(&batches, final_file, args, session)?;
    // Before anything is made: a dispatch that can't be finished takes no number.
    let office =
        if formats.iter().flatten().any(|format| *format == Format::Pdf) { Some(pdf::office(session)?) } else { None };
    let folder = folder(args.output.as_deref(), mode, session);
    let mut draft_files = match kept {
        Some(kept) => DraftFiles::InMemory(kept),
        None => DraftFiles::on_disk(&folder, mode, session),
    };
    let mut finished = Vec::new();
    let kept = KeptPhotos::new(&photos);
    let mut maker = Maker {
        editor,
        request: request.map(str::to_owned),
        ..Maker::new((args, mode), &past, &entries, accepted, &kept, session)
    };
    session.begin_documents(batches.iter().map(|batch| batch.all.len()).sum());
    for (mut batch, formats) in batches.into_iter().zip(&formats) {
        maker.all(&mut batch, formats, session, &mut |mut document: FinishedDocument| {
            if mode == WriteMode::Draft {
                let (pdf, other) = std::mem::take(&mut document.files).into_iter().partition(OutputFile::is_pdf);
                document.files = pdf;
                draft_files.add(other);
            }
            // Documents that are not needed again are dropped: a run may write thousands.
            if mode == WriteMode::Dispatch || args.together || !document.files.is_empty() {
                finished.push(document);
            }
        })?;
    }
    session.world.progress.end();
    maker.editor.tell_doubts(session)?;
    if let (Some(file), Some(data), Some(document)) = (final_file, data, finished.first_mut()) {
        file.take_place(document, data, session)?;
        maker.editor.search(&document.files, session.lang)?;
    }
    if let Some(office) = &office {
        let files = pdf::lay_out_all(office, &mut finished, session)?;
        maker.editor.search(files.iter().map(|file| &**file), session.lang)?;
    }
    let mut together = Vec::new();
    for edition in args.edition.editions().iter().filter(|_| args.together) {
        let files = bound(&mut maker, (*edition, &folder), &finished, session)?;
        maker.editor.search(&files, session.lang)?;
        together.extend(files);
    }
    let Some(register) = &mut register else {
        for document in finished {
            draft_files.add(document.files);
        }
        draft_files.add(together);
        draft_files.finish(session)?;
        return Ok(ExitStatus::Done);
    };
    let taken = register_all(finished, &folder, register, session)?;
    draft_files.add(together);
    let told = taken.tell(session).and_then(|()| draft_files.finish(session));
    told.map_err(|stop| taken.stop_after(stop, session.lang))?;
    Ok(ExitStatus::Done)
}

/// Stops a dispatch of a kind that takes no number.
fn refuse_unnumbered(batches: &[DocumentBatch], session: &Session<'_>) -> Result<(), Stop> {
    if let Some(batch) = batches.iter().find(|batch| !batch.kind.takes_number()) {
        let title = batch.kind.config.title.of(session.lang);
        return Err(Stop::wrong(session.lang.pick(
            format!("{title}是内部使用的文种（series: none），不取号、不登记：用 duban draft {}", batch.kind.name),
            format!(
                "the {title} is for the office itself (series: none), without a number: use `duban draft {}`",
                batch.kind.name
            ),
        )));
    }
    Ok(())
}

/// Says that there is nothing to write: nothing to correct in a document, or no unit that calls for a letter. Where no open issue
/// has a deadline, nothing can be late.
fn tell_of_none(of: Option<&str>, open_without_deadline: Option<usize>, session: &mut Session<'_>) -> Result<(), Stop> {
    if let Some(of) = of {
        let text = session.lang.pick(format!("{of} 没有需要更正的"), format!("there is nothing to correct in {of}"));
        return session.note(&text);
    }
    session.note(&session.pick("没有需要发给任何单位的文书", "no unit calls for a letter"))?;
    let Some(count) = open_without_deadline else { return Ok(()) };
    let remedy = session.typed(
        "；期限在别的列里的，用 duban config add 列.整改期限 列名",
        "; if a column has it by another name: duban config add columns.deadline HEADER",
    );
    session.warn(&session.lang.pick(
        format!("duban: {count} 个未整改的问题都没有读到整改期限，所以没有逾期的{remedy}"),
        format!("duban: no deadline was read for any of the open issues ({count}), so none is late{remedy}"),
    ))
}

/// Says how many photos of issues a public edition does not show.
fn tell_withheld(photos: usize, edition: EditionArg, session: &mut Session<'_>) -> Result<(), Stop> {
    let is_public = edition.editions().contains(&Edition::Public);
    if photos == 0 || !is_public || session.project.privacy.shows_pictures {
        return Ok(());
    }
    session.note(&session.lang.pick(
        format!("公开版不放问题的照片（{photos} 张）；可以公开的，在 duban.yaml 写 privacy: {{pictures: show}}"),
        format!(
            "the public edition has none of the {}; if they may be published, write privacy: {{pictures: show}} in \
             duban.yaml",
            counted(photos, "photo")
        ),
    ))
}

/// Files that are not entered in the register: drafts, and all documents in one file.
enum DraftFiles<'k> {
    InMemory(&'k mut Vec<OutputFile>),
    OnDisk {
        batch: atomic::Batch,
        /// The working folder, and the output folder as the user gave it.
        root: PathBuf,
        folder: PathBuf,
        /// Their names and, of drafts, their hashes.
        names: Vec<(String, Option<io::Result<String>>)>,
        mode: WriteMode,
    },
}

impl DraftFiles<'_> {
    fn on_disk(folder: &Path, mode: WriteMode, session: &Session<'_>) -> Self {
        let (batch, root, folder) = (atomic::Batch::default(), session.world.folder.clone(), folder.to_owned());
        Self::OnDisk { batch, root, folder, names: Vec::new(), mode }
    }

    fn add(&mut self, files: Vec<OutputFile>) {
        match self {
            Self::InMemory(kept) => kept.extend(files),
            Self::OnDisk { batch, root, folder, names, mode } => {
                for OutputFile { name, bytes, .. } in files {
                    let hash = (*mode == WriteMode::Draft).then(|| written::hash(&bytes));
                    batch.add(root.join(&*folder).join(&name), bytes);
                    names.push((name, hash));
                }
            }
        }
    }

    /// Renames the files to their final names and prints these; those in memory are where they are wanted.
    ///
    /// # Errors
    /// A draft that is there was edited, and none is written; or one can't be.
    fn finish(self, session: &mut Session<'_>) -> Result<(), Stop> {
        let Self::OnDisk { batch, root, folder, names, .. } = self else { return Ok(()) };
        let paths: Vec<PathBuf> = names.iter().map(|(name, _)| folder.join(name)).collect();
        let hashed = names.into_iter().filter_map(|(name, hash)| Some(hash?.map(|hash| (name, hash))));
        let hashed: Vec<(String, String)> = hashed.collect::<Result<_, _>>()?;
        if !hashed.is_empty() {
            let drafts = WrittenDrafts::read(root.join(&folder));
            let edited = hashed.iter().filter(|(name, hash)| drafts.is_edited(name, hash));
            let edited: Vec<PathBuf> = edited.map(|(name, _)| folder.join(name)).collect();
            if !edited.is_empty() {
                return Err(Stop::wrong(edited_text(&edited, session.lang)));
            }
            let (path, bytes) = drafts.with(hashed.into_iter())?;
            batch.add(path, bytes);
        }
        let written = batch.finish();
        written.map_err(|(path, error)| Stop::unwritten(&path, error))?;
        session.print(&listed(&paths))
    }
}

/// Says which drafts were edited where they are, and how to go on.
fn edited_text(edited: &[PathBuf], lang: Lang) -> String {
    let shown = edited.iter().take(3).map(|path| slashed(path).to_string()).collect::<Vec<_>>();
    let shown = shown.join(lang.pick("、", ", "));
    let more = edited.len().saturating_sub(3);
    let (zh, en) = if more > 0 {
        (format!(" 等 {} 个文件", edited.len()), format!(" and {more} more"))
    } else {
        Default::default()
    };
    lang.pick(
        format!("{shown}{zh} 写出后被改过（或不是 duban 写的），不会覆盖；没有写出文书。把它移走或改名，或用 -o 写到别的文件夹"),
        format!(
            "{shown}{en}: edited since it was written, or not written by duban, and not written over; no document was written. \
             Move or rename it, or write to another folder with -o"
        ),
    )
}

/// All documents of a run in an edition in one file, in each format that has pages.
fn bound(
    maker: &mut Maker<'_>,
    (edition, folder): (Edition, &Path),
    finished: &[FinishedDocument],
    session: &mut Session<'_>,
) -> Result<Vec<OutputFile>, Stop> {
    let Maker { args, mode, allocator, photos, .. } = maker;
    let mode = *mode;
    let Some(day) = finished.first().map(|first| first.facts.date) else { return Ok(Vec::new()) };
    let shown = finished.iter().flat_map(|finished| &finished.documents);
    let documents: Vec<&Document> = shown.filter(|(of, _)| *of == edition).map(|(_, document)| document).collect();
    let draft = if mode == WriteMode::Draft { "draft-" } else { "" };
    let stem = format!("{}-{draft}{day}-together{}", args.kind, names::edition_mark(edition, session.lang));
    let stem = match mode {
        // A draft takes the place of the one before.
        WriteMode::Draft => allocator.stem(&stem),
        WriteMode::Dispatch => allocator.free_stem(&stem, &session.world.folder.join(folder)),
    };
    let mut files = Vec::new();
    let is_asked = |format: &Format| finished.iter().any(|finished| finished.formats.contains(format));
    for format in Format::ALL.into_iter().filter(is_asked) {
        // Documents made from Word templates have page settings of their own, which one file can't hold.
        if format == Format::Docx && finished.iter().any(|finished| finished.uses_word_template) {
            session.note(session.lang.pick(
                "用了版式模板的 .docx 不能合订（--together），已逐份写出；要合订用 --to pdf",
                "a .docx on the office's own paper is not put --together; each is written by itself (--to pdf can)",
            ))?;
            continue;
        }
        let written = if format == Format::Pdf {
            let files = finished.iter().flat_map(|finished| &finished.files);
            Some(pdf::together(files.filter(|file| file.is_pdf() && file.edition == edition), day)?.into())
        } else {
            let written = write::together(format, &documents, &session.project.look, *photos);
            written.map_err(|error| Stop::unfinished(error.to_string()))?
        };
        if let Some(bytes) = written {
            files.push(OutputFile { name: format!("{stem}.{format}"), format: Some(format), bytes, edition, day });
        }
    }
    Ok(files)
}

/// The formats of each batch; those of an edited document are fewer.
fn formats_of(
    batches: &[DocumentBatch],
    final_file: Option<&FinalFile>,
    args: &WriteArgs,
    session: &mut Session<'_>,
) -> Result<Vec<Vec<Format>>, Stop> {
    let mut all = Vec::new();
    for batch in batches {
        let own = formats(args, &batch.kind, session)?;
        all.push(match final_file.filter(|_| !batch.all.is_empty()) {
            Some(file) => file.formats((own, &batch.kind), args, session)?,
            None => own,
        });
    }
    Ok(all)
}

/// Prints the data of the documents as an edition shows them.
fn print_data(
    batches: &mut [DocumentBatch],
    edition: EditionArg,
    editor: &mut Editor,
    session: &mut Session<'_>,
) -> Result<ExitStatus, Stop> {
    let [edition] = edition.editions() else {
        return Err(Stop::wrong(session.pick("--data 一次只打印一版", "--data prints one edition at a time")));
    };
    for batch in &mut *batches {
        batch.all = editor.edit(*edition, &batch.all, session).into_owned();
    }
    let text = match &*batches {
        [DocumentBatch { kind, all, is_called: false, .. }] => match all.as_slice() {
            [one] if !kind.config.per_unit => serde_json::to_string_pretty(one)?,
            several => serde_json::to_string_pretty(several)?,
        },
        batches => serde_json::to_string_pretty(&batches.iter().flat_map(|batch| &batch.all).collect::<Vec<_>>())?,
    };
    session.print(&format!("{text}\n"))?;
    Ok(ExitStatus::Done)
}

fn folder(output: Option<&Path>, mode: WriteMode, session: &Session<'_>) -> PathBuf {
    match output {
        Some(folder) => folder.to_owned(),
        None => session.project.root.join(match mode {
            WriteMode::Draft => "drafts",
            WriteMode::Dispatch => "documents",
        }),
    }
}

/// The documents of a dispatch that is done.
struct Taken {
    paths: Vec<PathBuf>,
    /// Number and title of each.
    documents: Vec<(String, String)>,
}

impl Taken {
    fn tell(&self, session: &mut Session<'_>) -> Result<(), Stop> {
        session.print(&listed(&self.paths))?;
        for (number, title) in &self.documents {
            session.note(&format!("{number}  {title}"))?;
        }
        Ok(())
    }

    /// The reason to stop after the numbers were taken: it names them.
    fn stop_after(&self, stop: Stop, lang: Lang) -> Stop {
        stop.after_numbers(self.documents.iter().map(|(number, _)| number.as_str()), lang)
    }
}

/// Takes the numbers and writes the files.
///
/// # Errors
/// Nothing was taken (status 3), or the numbers were and their files are not all written (status 4).
fn register_all(
    finished: Vec<FinishedDocument>,
    folder: &Path,
    register: &mut Register,
    session: &mut Session<'_>,
) -> Result<Taken, Stop> {
    // Only a folder that exists can be made canonical: links and `..` resolved.
    let made = atomic::make_dir(&session.world.folder.join(folder));
    made.map_err(|error| Stop::unwritten(folder, error))?;
    let relative = path_from_root(&session.project.root, folder, session);
    let mut documents = Vec::new();
    let mut requests = Vec::new();
    for FinishedDocument { facts, files, .. } in finished {
        documents.push((facts.number.clone(), facts.title.clone()));
        let named = files.into_iter().map(|file| (format!("{relative}{}", file.name), file.bytes));
        requests.push(DispatchRequest { facts, files: named.collect() });
    }
    let next: Vec<RegisterEntry> = requests.iter().map(|request| RegisterEntry::reserved(&request.facts)).collect();
    versions::refuse_numbers_known_elsewhere(&next, session)?;
    let paths: Vec<PathBuf> =
        requests.iter().flat_map(|request| &request.files).map(|(path, _)| session.project.root.join(path)).collect();
    let is_first = !register.has_files();
    register.dispatch(requests).map_err(|error| {
        let is_taken = matches!(error, DispatchError::Unfinished { .. });
        let status = if is_taken { ExitStatus::NumberTaken } else { ExitStatus::Unfinished };
        Stop::Error(status, anyhow::Error::msg(error.text(session.lang)))
    })?;
    let taken = Taken { paths, documents };
    if is_first {
        attributes(session).map_err(|stop| taken.stop_after(stop, session.lang))?;
    }
    Ok(taken)
}

/// Writes `.gitattributes` and tells it. The numbers are taken: that it can't be written is no reason to stop.
fn attributes(session: &mut Session<'_>) -> Result<(), Stop> {
    match keep_line_ends(&session.project.root) {
        Ok(AttributesOutcome::Unchanged) => Ok(()),
        Ok(AttributesOutcome::Extended) => session.note(attributes_extended(session.lang)),
        Ok(AttributesOutcome::Written) => session.note(&session.pick(
            "已写 .gitattributes：git 不改动 register.jsonl 和 documents/ 的换行",
            ".gitattributes was written: Git leaves the line ends of register.jsonl and documents/ alone",
        )),
        Err(error) => session.warn(&format!("duban: {ATTRIBUTES}: {error}")),
    }
}

/// Paths, one a line, without a leading `./`.
fn listed(paths: &[PathBuf]) -> String {
    let shown = |path: &PathBuf| slashed(&path.strip_prefix(".").unwrap_or(path)).to_string() + "\n";
    paths.iter().map(shown).collect()
}

/// A folder as the register names it: relative to the project if it is inside it, with `/` as separator.
fn path_from_root(root: &Path, folder: &Path, session: &Session<'_>) -> String {
    let absolute = |path: &Path| {
        let path = session.world.folder.join(path);
        real_path(&path).unwrap_or(path)
    };
    let (root, folder) = (absolute(root), absolute(folder));
    let inside = folder.strip_prefix(&root).unwrap_or(&folder);
    let text = inside.to_string_lossy().replace('\\', "/");
    if text.is_empty() { text } else { format!("{text}/") }
}
