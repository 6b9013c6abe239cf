//! Finds logs: files, folders, globs and `-`, in one order on every machine.

use std::collections::BTreeSet;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use globset::GlobBuilder;

use crate::source::{Form, Source, Sources, workbook};

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
#[derive(Debug)]
pub enum FindError {
    /// There is no such file or folder.
    Missing(String),
    /// A folder or a pattern in which no log was found.
    NoLog(String),
    /// The pattern is none.
    Pattern(String, String),
    /// A format that is not read.
    Format(String),
    /// The system says no.
    Io(String, io::Error),
    /// A folder lies so deep that links must be leading in circles.
    TooDeep(String),
}

/// Finds the logs that the user named.
///
/// - a file is read whatever its name is, unless its ending is that of a format not read;
/// - a folder gives all its `.csv .tsv .yaml .yml .json .xlsx .xlsm`, hidden ones and `duban.yaml` left out;
/// - a pattern (`*`, `?`, `[…]`, `**`, `{a,b}`) is matched against paths below its fixed part;
/// - `-` is standard input.
///
/// # Errors
/// The first name that gives nothing.
pub fn by_names(names: &[PathBuf], stdin: &mut dyn Read, input_format: InputFormat) -> Result<Sources, FindError> {
    let mut sources = Sources::default();
    let mut seen = BTreeSet::new();
    for name in names {
        let shown = shown(name);
        if shown == "-" {
            let source = Source::spool("-", &mut *stdin, input_format.form());
            sources.add(source.map_err(|error| FindError::Io(shown, error))?);
        } else if name.is_dir() {
            let found = walk(name, |_| true)?;
            add_all(&mut sources, &mut seen, found, None, &shown)?;
        } else if name.exists() {
            add(&mut sources, &mut seen, name.clone(), shown)?;
        } else if is_pattern(&shown) {
            add_all(&mut sources, &mut seen, glob(Path::new("."), &shown)?, None, &shown)?;
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
pub fn by_patterns(root: &Path, patterns: &[String]) -> Result<Sources, FindError> {
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
        add_all(&mut sources, &mut seen, found, Some(root), pattern)?;
    }
    Ok(sources)
}

fn add_all(
    sources: &mut Sources,
    seen: &mut BTreeSet<PathBuf>,
    found: Vec<PathBuf>,
    root: Option<&Path>,
    asked: &str,
) -> Result<(), FindError> {
    if found.is_empty() {
        return Err(FindError::NoLog(asked.to_owned()));
    }
    for path in found {
        let name = shown(root.and_then(|root| path.strip_prefix(root).ok()).unwrap_or(&path));
        add(sources, seen, path, name)?;
    }
    Ok(())
}

/// Adds a file once, however often it is named.
fn add(sources: &mut Sources, seen: &mut BTreeSet<PathBuf>, path: PathBuf, name: String) -> Result<(), FindError> {
    if is_workbook(&path) {
        let sheet = workbook::read(&path).map_err(|error| FindError::Io(name.clone(), error))?;
        let real = path.canonicalize().unwrap_or_else(|_| path.clone());
        if seen.insert(real) {
            // A workbook without any cell is an empty log.
            let (text, sheet) = sheet.map_or_else(Default::default, |sheet| (sheet.text, Some(sheet.name)));
            let mut source = Source::text(name, text, Form::Table);
            source.sheet = sheet;
            sources.add(source);
        }
        return Ok(());
    }
    let form = form_of(&path).map_err(|error| match error {
        Some(error) => FindError::Io(name.clone(), error),
        None => FindError::Format(name.clone()),
    })?;
    let real = path.canonicalize().unwrap_or_else(|_| path.clone());
    if seen.insert(real) {
        sources.add(Source::file(path, name, form));
    }
    Ok(())
}

/// By the ending; without a telling one, by the first character that is no space.
fn form_of(path: &Path) -> Result<Form, Option<io::Error>> {
    match extension(path).as_str() {
        "csv" | "tsv" | "txt" | "tab" => Ok(Form::Table),
        "yaml" | "yml" | "json" => Ok(Form::Tree),
        "xls" | "xlsb" | "ods" | "et" | "docx" | "doc" | "pdf" | "zip" | "gz" => Err(None),
        _ => {
            let mut head = [0; 512];
            let filled = std::fs::File::open(path).and_then(|mut file| file.read(&mut head)).map_err(Some)?;
            let head = String::from_utf8_lossy(&head[..filled]);
            let head = head.trim_start_matches('\u{feff}').trim_start();
            let tree = head.starts_with(['{', '[', '#']) || head.starts_with("- ") || head.starts_with("---");
            Ok(if tree { Form::Tree } else { Form::Table })
        }
    }
}

fn is_workbook(path: &Path) -> bool {
    matches!(extension(path).as_str(), "xlsx" | "xlsm")
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
            } else if matches!(extension(&path).as_str(), "csv" | "tsv" | "yaml" | "yml" | "json" | "xlsx" | "xlsm")
                && !is_of_duban(&folder, &name)
                && wanted(&path)
            {
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
        let names =
            |sources: Sources| -> Vec<String> { sources.ids().map(|id| sources.get(id).name.clone()).collect() };
        let patterns = |list: &[&str]| list.iter().map(|p| (*p).to_owned()).collect::<Vec<_>>();
        assert_eq!(
            names(by_patterns(root, &patterns(&["logs", "logs/*.csv"])).unwrap()),
            ["logs/b/a.yaml", "logs/z.csv"]
        );
        assert_eq!(names(by_patterns(root, &patterns(&["logs/**/*.yaml"])).unwrap()), ["logs/b/a.yaml"]);
        assert_eq!(names(by_patterns(root, &patterns(&["logs/*.{csv,tsv}"])).unwrap()), ["logs/z.csv"]);
        assert!(matches!(by_patterns(root, &patterns(&["nowhere"])), Err(FindError::Missing(_))));
        assert!(matches!(by_patterns(root, &patterns(&["*.json"])), Err(FindError::NoLog(_))));
        let missing = by_names(&[root.join("gone.csv")], &mut io::empty(), InputFormat::Csv);
        assert!(matches!(missing, Err(FindError::Missing(_))));
    }
}
