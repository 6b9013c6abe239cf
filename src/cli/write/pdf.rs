//! `--to pdf`: one start of LibreOffice for the documents of a run, and what it made of the fonts.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use indexmap::IndexMap;

use crate::cli::Stop;
use crate::cli::session::Session;
use crate::cli::write::file::OutputFile;
use crate::cli::write::make::FinishedDocument;
use crate::docx::specimen;
use crate::pdf::converter::{Job, convert};
use crate::pdf::face::{Replaced, replaced};
use crate::pdf::join::join;
use crate::pdf::program::Office;
use crate::pdf::read::{Font, Pdf};

/// The LibreOffice of a run: the one that the config names, or the one that is found.
///
/// # Errors
/// There is none, or the one of the config can't be used.
pub(super) fn office(session: &Session<'_>) -> Result<Office, Stop> {
    let surroundings = &session.world.surroundings;
    let office = match &session.project.pdf_with {
        Some(path) => Office::named(path, &session.world.folder.join(&session.project.root), surroundings),
        None => Office::find(surroundings),
    };
    office.map_err(|error| Stop::unfinished(error.text(session.lang)))
}

/// Lays out the PDFs among the files of documents, and returns them.
///
/// # Errors
/// The first that LibreOffice does not make, and why.
pub(super) fn lay_out_all<'d>(
    office: &Office,
    documents: &'d mut [FinishedDocument],
    session: &mut Session<'_>,
) -> Result<Vec<&'d mut OutputFile>, Stop> {
    let files = documents.iter_mut().flat_map(|document| &mut document.files);
    let mut files: Vec<&mut OutputFile> = files.filter(|file| file.is_pdf()).collect();
    lay_out(office, &mut files, session)?;
    Ok(files)
}

/// Lays out the files that are to become PDF: their bytes are those of the `.docx` before, and those of the PDF after.
/// Faces in whose place another stands are told.
///
/// # Errors
/// The first that LibreOffice does not make, and why.
fn lay_out(office: &Office, files: &mut [&mut OutputFile], session: &mut Session<'_>) -> Result<(), Stop> {
    let lang = session.lang;
    let Some(day) = files.first().map(|file| file.day) else { return Ok(()) };
    let own = files.iter().map(|file| file.bytes.clone().into_vec()).collect::<Result<Vec<_>, _>>()?;
    let specimens: Result<BTreeSet<_>, _> = own.iter().map(|docx| specimen(docx)).collect();
    let specimens = specimens.map_err(|error| Stop::unfinished(error.to_string()))?;
    let jobs = files.iter().zip(&own).map(|(file, docx)| Job { docx, day: file.day });
    let jobs: Vec<Job<'_>> = jobs.chain(specimens.iter().map(|specimen| Job { docx: &specimen.docx, day })).collect();
    session.begin_documents(jobs.len());
    let made = convert(office, &jobs, &mut || session.world.progress.add(1));
    session.world.progress.end();
    let name = |index: usize| files.get(index).map_or_else(|| "specimen.pdf".to_owned(), |file| file.name.clone());
    let mut made = made.map_err(|error| Stop::unfinished(error.text(&name, lang)))?;

    let of_specimens = made.split_off(files.len());
    let used: BTreeSet<Font> = made.iter().flat_map(Pdf::fonts).collect();
    let pages = specimens
        .into_iter()
        .zip(of_specimens)
        .flat_map(|(specimen, pdf)| specimen.faces.into_iter().zip(pdf.fonts_by_page()));
    let missing = replaced(&pages.collect::<Vec<_>>(), &used);
    for (file, pdf) in files.iter_mut().zip(made) {
        file.bytes = pdf.bytes()?.into();
    }
    tell(&missing, session)
}

/// All documents of an edition in one PDF, each on the front of a sheet.
///
/// # Errors
/// None for files that were laid out.
pub(super) fn together<'f>(files: impl Iterator<Item = &'f OutputFile>, day: NaiveDate) -> Result<Vec<u8>, Stop> {
    let files = files.map(|file| file.bytes.clone().into_vec()).collect::<Result<Vec<_>, _>>()?;
    let joined = join(files.iter().map(Vec::as_slice), day).map_err(|error| Stop::unfinished(error.to_string()))?;
    Ok(joined.bytes()?)
}

/// Tells which faces are missing: lines and pages may end elsewhere than in the office's Word.
fn tell(missing: &BTreeSet<Replaced>, session: &mut Session<'_>) -> Result<(), Stop> {
    if missing.is_empty() {
        return Ok(());
    }
    let lang = session.lang;
    // A face may be asked for letters of two scripts, for which two fonts stand in.
    let mut by_face: IndexMap<&str, Vec<&str>> = IndexMap::new();
    for face in missing {
        by_face.entry(&face.asked).or_default().push(face.by(lang));
    }
    let list: Vec<String> = by_face.iter().map(|(face, by)| format!("{face} → {}", by.join(" / "))).collect();
    let list = list.join(lang.pick("、", ", "));
    session.warn(&lang.pick(
        format!("duban: 本机缺字体，PDF 里换了别的，断行和分页会与 .docx 不同：{list}；装上，或在 duban.yaml 的 fonts: 写本机有的"),
        format!(
            "duban: fonts are missing on this machine, and others stand in their place in the PDF, so lines and pages may end \
             elsewhere than in the .docx: {list}; install them, or name some that are there under fonts: in duban.yaml"
        ),
    ))
}
