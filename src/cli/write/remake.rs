//! Makes documents again from what their figures say was asked for: in memory, without a number taken.

use std::sync::Arc;

use crate::cli::Stop;
use crate::cli::args::WriteArgs;
use crate::cli::session::Session;
use crate::cli::write::file::OutputFile;
use crate::cli::write::formats::formats;
use crate::cli::write::make::{FinishedDocument, Maker};
use crate::cli::write::mode::WriteMode;
use crate::cli::write::remade::{Remade, RemakeRequest, sheet};
use crate::cli::write::unheard::unheard;
use crate::cli::write::{asked, batch, correction, kept::KeptPhotos, pdf, run_options};
use crate::dataset::Edition;
use crate::register::AcceptedFaults;
use crate::write::Format;

/// Makes the documents of a run again. Nothing is written or told.
///
/// # Errors
/// Why they can't be made, in a line.
pub(in crate::cli) fn remade(request: RemakeRequest<'_>, session: &mut Session<'_>) -> Result<Vec<Remade>, String> {
    let (root, run) = (request.root.clone(), request.run);
    unheard((&root, run), session, |session| make(request, session))
}

fn make(request: RemakeRequest<'_>, session: &mut Session<'_>) -> Result<Vec<Remade>, Stop> {
    let RemakeRequest { run, as_of, past, is_draft, figures_only, .. } = request;
    let root = session.project.root.clone();
    let args = WriteArgs { formats: Vec::new(), ..run_options::to_args(run, &root, as_of.to_string()) };
    let args = WriteArgs { kind: session.kind_or(&args.kind, batch::LADDER)?, ..args };
    let mode = if is_draft { WriteMode::Draft } else { WriteMode::Dispatch };
    let past = Arc::new(past.map_or_else(|| session.register_past(), Ok)?);
    let mut of_run = batch::batches(&args, mode, &past, session)?;
    correction::apply((&args, mode), &past, &mut of_run, remade, session)?;
    asked::check_missing(&of_run.batches, mode, session)?;
    let photos = KeptPhotos::new(&of_run.photos);
    let accepted = AcceptedFaults::default();
    // It says what the first run was asked for, and not where it is made again.
    let mut maker = Maker {
        options: run.clone(),
        ..Maker::new((&args, mode), &past, &of_run.register, accepted, &photos, session)
    };
    let mut finished: Vec<FinishedDocument> = Vec::new();
    let wanted = WriteArgs { formats: run.formats.clone(), ..args.clone() };
    for mut batch in of_run.batches {
        let formats = match formats(&wanted, &batch.kind, session)? {
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
