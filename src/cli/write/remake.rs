//! Makes documents again from what their figures say was asked for: in memory, without a number taken.

use std::cell::RefCell;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::cli::Stop;
use crate::cli::args::{ColorArg, GlobalArgs, LangArg, WriteArgs};
use crate::cli::session::Session;
use crate::cli::write::file::OutputFile;
use crate::cli::write::make::{FinishedDocument, Maker};
use crate::cli::write::mode::WriteMode;
use crate::cli::write::{asked, batch, kept::KeptPhotos, pdf, run_options};
use crate::dataset::issues::ListedIssue;
use crate::dataset::{Edition, FigureSheet, RowRef, RunOptions};
use crate::project::FILE_NAME;
use crate::register::{AcceptedFaults, Facts, Past};
use crate::source::excerpt::harmless;
use crate::words::lang::Lang;
use crate::write::Format;

/// What is made again.
pub(in crate::cli) struct RemakeRequest<'r> {
    /// The folder of the project whose logs, config and templates are read.
    pub(in crate::cli) root: PathBuf,
    /// What was asked for.
    pub(in crate::cli) run: &'r RunOptions,
    /// The day.
    pub(in crate::cli) as_of: NaiveDate,
    /// The register as it stood; none for today's.
    pub(in crate::cli) past: Option<Past>,
    /// Whether it was a draft, which names every issue again.
    pub(in crate::cli) is_draft: bool,
    /// Whether only the figures are wanted.
    pub(in crate::cli) figures_only: bool,
}

/// A document that was made again.
pub(in crate::cli) struct Remade {
    /// What the register would enter.
    pub(in crate::cli) facts: Facts,
    /// Its files.
    pub(in crate::cli) files: Vec<OutputFile>,
    /// The figures of its internal edition.
    pub(in crate::cli) sheet: FigureSheet,
}

impl Remade {
    /// The figures of an edition; nothing if it was not asked for.
    pub(in crate::cli) fn sheet_of(self, edition: Edition) -> Option<FigureSheet> {
        match edition {
            Edition::Internal => Some(self.sheet),
            Edition::Public => sheet(&self.files, edition).ok(),
        }
    }
}

/// The figures of an edition among the files of a document.
fn sheet(files: &[OutputFile], edition: Edition) -> Result<FigureSheet, Stop> {
    let is_sheet = |file: &&OutputFile| file.format.is_none() && file.edition == edition;
    let bytes = files.iter().find(is_sheet).map(|file| file.bytes.clone().into_vec()).transpose()?;
    Ok(FigureSheet::read(&bytes.unwrap_or_default())?)
}

/// Makes the documents of a run again. Nothing is written or told.
///
/// # Errors
/// Why they can't be made, in a line.
pub(in crate::cli) fn remade(request: RemakeRequest<'_>, session: &mut Session<'_>) -> Result<Vec<Remade>, String> {
    let (root, run) = (request.root.clone(), request.run);
    unheard((&root, run), session, |session| make(request, session))
}

/// Does something in the project of a run, in its language, and tells nothing.
///
/// # Errors
/// Why it can't be done, in a line.
fn unheard<T>(
    (root, run): (&Path, &RunOptions),
    session: &mut Session<'_>,
    act: impl FnOnce(&mut Session<'_>) -> Result<T, Stop>,
) -> Result<T, String> {
    let lang = session.lang;
    if run_options::is_of_stdin(run) {
        return Err(lang
            .pick("台账是从标准输入读的，已无从再读", "its logs came from standard input and can't be read again")
            .to_owned());
    }
    let own = run.lang.parse::<Lang>().unwrap_or(lang);
    let global = GlobalArgs {
        // Documents are drafted without a project, too.
        project: Some(root.to_owned()).filter(|root| session.world.folder.join(root).join(FILE_NAME).is_file()),
        lang: Some(own.pick(LangArg::Zh, LangArg::En)),
        color: ColorArg::Never,
        quiet: true,
        verbose: false,
    };
    let told = Told::default();
    let shown = std::mem::replace(&mut session.world.stderr, Box::new(told.clone()));
    let made = Session::open(&global, &mut *session.world).and_then(|mut session| act(&mut session));
    session.world.stderr = shown;
    made.map_err(|stop| match stop {
        Stop::Error(_, error) => harmless(&format!("{error:#}")),
        Stop::Reported(_) => told.text(),
    })
}

fn make(request: RemakeRequest<'_>, session: &mut Session<'_>) -> Result<Vec<Remade>, Stop> {
    let RemakeRequest { run, as_of, past, is_draft, figures_only, .. } = request;
    let root = session.project.root.clone();
    let args = WriteArgs { formats: Vec::new(), ..run_options::to_args(run, &root, as_of.to_string()) };
    let args = WriteArgs { kind: session.kind_or(&args.kind, batch::LADDER)?, ..args };
    let mode = if is_draft { WriteMode::Draft } else { WriteMode::Dispatch };
    let past = Arc::new(past.map_or_else(|| session.register_past(), Ok)?);
    let of_run = batch::batches(&args, mode, &past, session)?;
    asked::check_missing(&of_run.batches, mode, session)?;
    let photos = KeptPhotos::new(&of_run.photos);
    let mut maker = Maker::new((&args, mode), &past, &of_run.register, AcceptedFaults::default(), &photos, session);
    let mut finished: Vec<FinishedDocument> = Vec::new();
    let wanted = WriteArgs { formats: run.formats.clone(), ..args.clone() };
    for mut batch in of_run.batches {
        let formats = match super::formats(&wanted, &batch.kind, session)? {
            // A form has no text of its own.
            _ if figures_only && !batch.kind.is_form() => vec![Format::Markdown],
            formats => formats,
        };
        maker.all(&mut batch, &formats, session, &mut |document| finished.push(document))?;
    }
    if !figures_only {
        let has_pdf = finished.iter().flat_map(|document| &document.files).any(OutputFile::is_pdf);
        let office = if has_pdf { Some(pdf::office(session)?) } else { None };
        if let Some(office) = &office {
            pdf::lay_out_all(office, &mut finished, session)?;
        }
    }
    finished
        .into_iter()
        .map(|FinishedDocument { facts, files, .. }| {
            let sheet = sheet(&files, Edition::Internal)?;
            Ok(Remade { facts, files, sheet })
        })
        .collect()
}

/// All issues in the logs of a run, with their standing on a day.
///
/// # Errors
/// Why they can't be read, in a line.
pub(in crate::cli) fn all_rows(
    (root, run): (&Path, &RunOptions),
    (kind, as_of): (&str, NaiveDate),
    session: &mut Session<'_>,
) -> Result<Vec<RowRef>, String> {
    unheard((root, run), session, |session| {
        let root = session.project.root.clone();
        let args = run_options::to_args(run, &root, as_of.to_string());
        let args = WriteArgs { kind: kind.to_owned(), again: true, compare: None, ..args };
        let past = Arc::new(session.register_past()?);
        let rows = batch::proof_rows(&args, &past, session)?;
        Ok(rows.records.each_issue().map(ListedIssue::row_ref).collect())
    })
}

/// What a run says while nobody listens.
#[derive(Clone, Default)]
struct Told(Rc<RefCell<Vec<u8>>>);

impl Told {
    /// What was said, in a line.
    fn text(&self) -> String {
        let bytes = self.0.borrow();
        let text = String::from_utf8_lossy(&bytes);
        text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
    }
}

impl Write for Told {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
