//! Files that were found become sources, each once.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};

use crate::platform::paths::real_path;
use crate::source::find::error::FindError;
use crate::source::find::names::{display_name, inner_extension, is_gzip, name_in};
use crate::source::workbook::choice::Choice;
use crate::source::workbook::{self, Bytes, is_workbook};
use crate::source::{Form, Source, Sources};

pub(super) fn add_all(
    sources: &mut Sources,
    seen: &mut BTreeSet<PathBuf>,
    found: Vec<PathBuf>,
    root: Option<&Path>,
    asked: &str,
    choice: &Choice<'_>,
) -> Result<(), FindError> {
    if found.is_empty() {
        return Err(FindError::NoLog(asked.to_owned()));
    }
    for path in found {
        let name = root.map_or_else(|| display_name(&path), |root| name_in(root, &path));
        add(sources, seen, path, name, choice)?;
    }
    Ok(())
}

/// Adds a file, unless it has been added before.
pub(super) fn add(
    sources: &mut Sources,
    seen: &mut BTreeSet<PathBuf>,
    path: PathBuf,
    name: String,
    choice: &Choice<'_>,
) -> Result<(), FindError> {
    if !is_first(seen, &path) {
        return Ok(());
    }
    if is_workbook(&path) {
        let open = || Ok(Box::new(File::open(&path)?) as Box<dyn Bytes>);
        let sheets = workbook::read(&name, &open, choice).map_err(|error| FindError::Workbook(name, error))?;
        for sheet in sheets {
            sources.add(sheet.of_book(path.clone()));
        }
        return Ok(());
    }
    let form = form_of(&path).map_err(|error| match error {
        Some(error) => FindError::Io(name.clone(), error),
        None => FindError::Format(name.clone()),
    })?;
    sources.add(if is_gzip(&path) { Source::gzip(path, name, form) } else { Source::file(path, name, form) });
    Ok(())
}

/// Whether a file is met for the first time, by whatever path.
pub(super) fn is_first(seen: &mut BTreeSet<PathBuf>, path: &Path) -> bool {
    seen.insert(real_path(path).unwrap_or_else(|_| path.to_owned()))
}

/// Reads the logs in the bytes of a file that is not on disk, such as one from an earlier revision.
///
/// # Errors
/// A workbook that cannot be read, or a gzip file that cannot be decompressed.
pub fn in_bytes(name: &str, bytes: Vec<u8>, choice: &Choice<'_>) -> Result<Vec<Source>, FindError> {
    let path = Path::new(name);
    let failed = |error| FindError::Workbook(name.to_owned(), error);
    if is_workbook(path) {
        let bytes: std::sync::Arc<[u8]> = bytes.into();
        let open = || Ok(Box::new(Cursor::new(bytes.clone())) as Box<dyn Bytes>);
        return workbook::read(name, &open, choice).map_err(failed);
    }
    let mut text = bytes;
    if is_gzip(path) {
        let mut decompressed = Vec::new();
        let mut decoder = flate2::read::MultiGzDecoder::new(text.as_slice());
        decoder.read_to_end(&mut decompressed).map_err(|error| FindError::Io(name.to_owned(), error))?;
        text = decompressed;
    }
    let form = form_by(path, || Ok(text.get(..text.len().min(HEAD)).unwrap_or_default().to_vec()));
    let form = form.map_err(|_| FindError::Format(name.to_owned()))?;
    Ok(vec![Source::text(name, text, form)])
}

/// Bytes by which the form of a file is told that has an unknown extension.
const HEAD: usize = 512;

/// Determines the form of a file.
fn form_of(path: &Path) -> Result<Form, Option<io::Error>> {
    form_by(path, || {
        let mut head = vec![0; HEAD];
        let file = File::open(path)?;
        let mut file: Box<dyn Read> =
            if is_gzip(path) { Box::new(flate2::read::MultiGzDecoder::new(file)) } else { Box::new(file) };
        let filled = file.read(&mut head)?;
        head.truncate(filled);
        Ok(head)
    })
}

/// Determines the form by the extension or, if it is unknown, by the first non-blank characters. The error is `None`
/// for an unsupported format.
fn form_by(path: &Path, head: impl FnOnce() -> io::Result<Vec<u8>>) -> Result<Form, Option<io::Error>> {
    match inner_extension(path).as_str() {
        "csv" | "tsv" | "txt" | "tab" => Ok(Form::Table),
        "yaml" | "yml" | "json" => Ok(Form::Tree),
        "docx" | "doc" | "wps" | "pdf" | "zip" | "rar" | "7z" | "xz" | "bz2" | "zst" => Err(None),
        _ => {
            let head = head().map_err(Some)?;
            let head = String::from_utf8_lossy(&head);
            let head = head.trim_start_matches('\u{feff}').trim_start();
            let tree = head.starts_with(['{', '[', '#']) || head.starts_with("- ") || head.starts_with("---");
            Ok(if tree { Form::Tree } else { Form::Table })
        }
    }
}
