//! Finds logs: files, folders, globs and `-`, in one order on every machine.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use globset::GlobBuilder;

use crate::source::workbook::choice::Choice;
use crate::source::workbook::{self, BookError, Bytes, is_workbook};
use crate::source::{Form, Source, Sources};

/// How deep folders are searched.
const MAX_DEPTH: usize = 32;

/// What standard input holds (`--input-format`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InputFormat {
    /// A table.
    #[default]
    Csv,
    /// Records.
    Yaml,
    /// Records.
    Json,
}

impl FromStr for InputFormat {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "csv" | "tsv" => Ok(Self::Csv),
            "yaml" => Ok(Self::Yaml),
            "json" => Ok(Self::Json),
            _ => Err(()),
        }
    }
}

impl InputFormat {
    fn form(self) -> Form {
        match self {
            Self::Csv => Form::Table,
            Self::Yaml | Self::Json => Form::Tree,
        }
    }
}

/// Why a PATH gives no log.
#[derive(Debug, thiserror::Error)]
pub enum FindError {
    /// There is no such file or folder.
    #[error("there is no file or folder `{0}`")]
    Missing(String),
    /// A folder or a pattern in which no log was found.
    #[error("`{0}` holds no log")]
    NoLog(String),
    /// The pattern is none.
    #[error("`{0}` is no pattern: {1}")]
    Pattern(String, String),
    /// A format that is not read.
    #[error("the format of `{0}` is not read")]
    Format(String),
    /// A workbook of which nothing can be read.
    #[error("`{0}`: {1}")]
    Workbook(String, #[source] BookError),
    /// The system says no.
    #[error("`{0}`: {1}")]
    Io(String, #[source] io::Error),
    /// A folder lies so deep that links must be leading in circles.
    #[error("the folder `{0}` lies too deep; links may lead in circles")]
    TooDeep(String),
}

/// Finds the logs that the user named.
///
/// - a file is read whatever its name is, unless its ending is that of a format not read;
/// - a folder gives all its logs ([`is_log`]), hidden ones left out;
/// - a pattern (`*`, `?`, `[…]`, `**`, `{a,b}`) is matched against paths below its fixed part;
/// - `-` is standard input.
///
/// Of a workbook, `choice` says which sheets.
///
/// # Errors
/// The first name that gives nothing.
pub fn by_names(
    names: &[PathBuf],
    stdin: &mut dyn Read,
    input_format: InputFormat,
    choice: &Choice<'_>,
) -> Result<Sources, FindError> {
    let mut sources = Sources::default();
    let mut seen = BTreeSet::new();
    for name in names {
        let shown = shown(name);
        if shown == "-" {
            let source = Source::spool("-", &mut *stdin, input_format.form());
            sources.add(source.map_err(|error| FindError::Io(shown, error))?);
        } else if name.is_dir() {
            let found = walk(name, |_| true)?;
            add_all(&mut sources, &mut seen, found, None, &shown, choice)?;
        } else if name.exists() {
            add(&mut sources, &mut seen, name.clone(), shown, choice)?;
        } else if is_pattern(&shown) {
            add_all(&mut sources, &mut seen, glob(Path::new("."), &shown)?, None, &shown, choice)?;
        } else {
            return Err(FindError::Missing(shown));
        }
    }
    Ok(sources)
}

/// Finds the logs of a project: patterns relative to its folder; names are shown relative to it.
///
/// # Errors
/// The first pattern that gives nothing.
pub fn by_patterns(root: &Path, patterns: &[String], choice: &Choice<'_>) -> Result<Sources, FindError> {
    let mut sources = Sources::default();
    let mut seen = BTreeSet::new();
    for pattern in patterns {
        let path = root.join(pattern);
        let found = if path.is_dir() {
            walk(&path, |_| true)?
        } else if path.exists() {
            vec![path]
        } else if is_pattern(pattern) {
            glob(root, pattern)?
        } else {
            return Err(FindError::Missing(pattern.clone()));
        };
        add_all(&mut sources, &mut seen, found, Some(root), pattern, choice)?;
    }
    Ok(sources)
}

fn add_all(
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
        let name = shown(root.and_then(|root| path.strip_prefix(root).ok()).unwrap_or(&path));
        add(sources, seen, path, name, choice)?;
    }
    Ok(())
}

/// Adds a file once, however often it is named.
fn add(
    sources: &mut Sources,
    seen: &mut BTreeSet<PathBuf>,
    path: PathBuf,
    name: String,
    choice: &Choice<'_>,
) -> Result<(), FindError> {
    let real = path.canonicalize().unwrap_or_else(|_| path.clone());
    if !seen.insert(real) {
        return Ok(());
    }
    if is_workbook(&path) {
        let open = || Ok(Box::new(File::open(&path)?) as Box<dyn Bytes>);
        let sheets = workbook::read(&name, &open, choice).map_err(|error| FindError::Workbook(name, error))?;
        for sheet in sheets {
            sources.add(sheet);
        }
        return Ok(());
    }
    let form = form_of(&path).map_err(|error| match error {
        Some(error) => FindError::Io(name.clone(), error),
        None => FindError::Format(name.clone()),
    })?;
    sources.add(if is_packed(&path) { Source::packed(path, name, form) } else { Source::file(path, name, form) });
    Ok(())
}

/// The logs that the bytes of a file hold which is not on disk, such as one of an earlier revision.
///
/// # Errors
/// A workbook that can't be read.
pub fn in_bytes(name: &str, bytes: Vec<u8>, choice: &Choice<'_>) -> Result<Vec<Source>, FindError> {
    let path = Path::new(name);
    let failed = |error| FindError::Workbook(name.to_owned(), error);
    if is_workbook(path) {
        let bytes: std::sync::Arc<[u8]> = bytes.into();
        let open = || Ok(Box::new(Cursor::new(bytes.clone())) as Box<dyn Bytes>);
        return workbook::read(name, &open, choice).map_err(failed);
    }
    let form = match inner_extension(path).as_str() {
        "yaml" | "yml" | "json" => Form::Tree,
        _ => Form::Table,
    };
    let mut text = bytes;
    if is_packed(path) {
        let mut unpacked = Vec::new();
        let mut packed = flate2::read::MultiGzDecoder::new(text.as_slice());
        packed.read_to_end(&mut unpacked).map_err(|error| FindError::Io(name.to_owned(), error))?;
        text = unpacked;
    }
    Ok(vec![Source::text(name, text, form)])
}

/// By the ending; without a telling one, by the first character that is no space.
fn form_of(path: &Path) -> Result<Form, Option<io::Error>> {
    match inner_extension(path).as_str() {
        "csv" | "tsv" | "txt" | "tab" => Ok(Form::Table),
        "yaml" | "yml" | "json" => Ok(Form::Tree),
        "docx" | "doc" | "wps" | "pdf" | "zip" | "rar" | "7z" | "xz" | "bz2" | "zst" => Err(None),
        _ => {
            let mut head = [0; 512];
            let file = File::open(path).map_err(Some)?;
            let mut file: Box<dyn Read> =
                if is_packed(path) { Box::new(flate2::read::MultiGzDecoder::new(file)) } else { Box::new(file) };
            let filled = file.read(&mut head).map_err(Some)?;
            let head = String::from_utf8_lossy(&head[..filled]);
            let head = head.trim_start_matches('\u{feff}').trim_start();
            let tree = head.starts_with(['{', '[', '#']) || head.starts_with("- ") || head.starts_with("---");
            Ok(if tree { Form::Tree } else { Form::Table })
        }
    }
}

/// Whether a file's name ends as those of logs do: `.csv .tsv .yaml .yml .json`, packed by gzip or not, and workbooks.
#[must_use]
pub fn is_log(path: &Path) -> bool {
    is_workbook(path) || matches!(inner_extension(path).as_str(), "csv" | "tsv" | "yaml" | "yml" | "json")
}

fn is_packed(path: &Path) -> bool {
    extension(path) == "gz"
}

/// The ending, that of the file within where gzip packed it.
fn inner_extension(path: &Path) -> String {
    let inner = if is_packed(path) { path.file_stem().map(Path::new) } else { None };
    extension(inner.unwrap_or(path))
}

fn extension(path: &Path) -> String {
    path.extension().unwrap_or_default().to_string_lossy().to_lowercase()
}

fn shown(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    text.strip_prefix("./").map_or(text.clone(), str::to_owned)
}

fn is_pattern(name: &str) -> bool {
    name.contains(['*', '?', '[', '{'])
}

/// The logs that a pattern matches, below a root that is taken as it is: only the pattern has wildcards.
fn glob(root: &Path, pattern: &str) -> Result<Vec<PathBuf>, FindError> {
    let pattern = pattern.strip_prefix("./").unwrap_or(pattern);
    let glob = GlobBuilder::new(pattern).literal_separator(true).build();
    let matcher =
        glob.map_err(|error| FindError::Pattern(pattern.to_owned(), error.kind().to_string()))?.compile_matcher();
    let parts = Path::new(pattern).components();
    let fixed: PathBuf = parts.take_while(|part| !is_pattern(&part.as_os_str().to_string_lossy())).collect();
    let folder = root.join(fixed);
    walk(&folder, |found| matcher.is_match(found.strip_prefix(root).unwrap_or(found)))
}

/// What duban itself writes, and keeps beside documents: no log, though it is JSON.
const FIGURES: &str = ".figures.json";

/// The logs below a folder that `wanted` lets through, sorted by path. A folder reached twice, by a
/// link that loops, is walked once. A folder that can't be read is an error: its logs would be missed.
fn walk(folder: &Path, wanted: impl Fn(&Path) -> bool) -> Result<Vec<PathBuf>, FindError> {
    let mut found = Vec::new();
    let mut visited = BTreeSet::new();
    let mut waiting = vec![(folder.to_owned(), 0)];
    while let Some((folder, depth)) = waiting.pop() {
        let failed = |error| FindError::Io(shown(&folder), error);
        let real = folder.canonicalize().unwrap_or_else(|_| folder.clone());
        if !visited.insert(real) {
            continue;
        }
        if depth > MAX_DEPTH {
            return Err(FindError::TooDeep(shown(&folder)));
        }
        // The fixed part of a pattern need not be there.
        if depth == 0 && !folder.exists() {
            continue;
        }
        for entry in std::fs::read_dir(&folder).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let (path, name) = (entry.path(), entry.file_name());
            let name = name.to_string_lossy();
            if name.starts_with('.') || name.starts_with("~$") {
                continue;
            }
            if path.is_dir() {
                waiting.push((path, depth + 1));
            } else if is_log(&path) && !is_of_duban(&folder, &name) && wanted(&path) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The files of a project that are no logs: its config, the configs of kinds, and the figures of documents.
fn is_of_duban(folder: &Path, name: &str) -> bool {
    let holds_template = || ["zh.md", "en.md"].iter().any(|template| folder.join(template).is_file());
    // A ledger that duban wrote, beside its figures; a team's workbook has none.
    let is_ledger = || name.rsplit_once('.').is_some_and(|(stem, _)| folder.join(format!("{stem}{FIGURES}")).is_file());
    is_workbook(Path::new(name)) && is_ledger()
        || name.ends_with(FIGURES)
        || name == "duban.yaml"
        || name == "kind.yaml" && holds_template()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::disallowed_methods, reason = "tests make the files they look for")]

    use super::*;

    #[test]
    fn folders_patterns_and_files_give_each_log_once_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        std::fs::create_dir_all(root.join("logs/b")).unwrap();
        let no_logs = ["logs/.hidden.csv", "logs/note.md", "duban.yaml", "logs/~$z.csv", "logs/bulletin.figures.json"];
        for name in ["logs/z.csv", "logs/b/a.yaml"].into_iter().chain(no_logs) {
            std::fs::write(root.join(name), "x").unwrap();
        }
        let choice = Choice { wanted: &[], is_log: &|_| true };
        let names =
            |sources: Sources| -> Vec<String> { sources.ids().map(|id| sources.get(id).name.clone()).collect() };
        let patterns = |list: &[&str]| list.iter().map(|p| (*p).to_owned()).collect::<Vec<_>>();
        assert_eq!(
            names(by_patterns(root, &patterns(&["logs", "logs/*.csv"]), &choice).unwrap()),
            ["logs/b/a.yaml", "logs/z.csv"]
        );
        assert_eq!(names(by_patterns(root, &patterns(&["logs/**/*.yaml"]), &choice).unwrap()), ["logs/b/a.yaml"]);
        assert_eq!(names(by_patterns(root, &patterns(&["logs/*.{csv,tsv}"]), &choice).unwrap()), ["logs/z.csv"]);
        assert!(matches!(by_patterns(root, &patterns(&["nowhere"]), &choice), Err(FindError::Missing(_))));
        assert!(matches!(by_patterns(root, &patterns(&["*.json"]), &choice), Err(FindError::NoLog(_))));
        let missing = by_names(&[root.join("gone.csv")], &mut io::empty(), InputFormat::Csv, &choice);
        assert!(matches!(missing, Err(FindError::Missing(_))));
    }
}
