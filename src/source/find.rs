//! Finds logs: files, folders, globs and `-`, in the same order on every machine.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use crate::platform::paths::real_path;
pub use crate::source::find_error::FindError;
use crate::source::pattern::Glob;
use crate::source::submission::{SubmissionDay, day_of_name, day_of_title};
use crate::source::workbook::choice::Choice;
use crate::source::workbook::{self, Bytes, is_workbook};
use crate::source::{Form, Source, Sources};

/// Maximum depth of nested folders.
const MAX_DEPTH: usize = 32;

/// The format of standard input (`--input-format`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InputFormat {
    /// CSV or TSV.
    #[default]
    Csv,
    /// YAML.
    Yaml,
    /// JSON.
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

/// Finds the logs named on the command line.
///
/// - a file is read whatever its name, unless its extension is that of an unsupported format;
/// - a folder stands for all its logs ([`is_log`]) but hidden ones;
/// - a pattern (`*`, `?`, `[…]`, `**`, `{a,b}`) is matched against the paths below its fixed prefix;
/// - `-` is standard input.
///
/// `choice` selects the sheets of workbooks.
///
/// # Errors
/// The first name that yields no log.
pub fn by_names(
    names: &[PathBuf],
    stdin: &mut dyn Read,
    input_format: InputFormat,
    choice: &Choice<'_>,
) -> Result<Sources, FindError> {
    let mut sources = Sources::default();
    let mut seen = BTreeSet::new();
    for name in names {
        let shown = display_name(name);
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

/// One entry of `logs:` in the config.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogPattern {
    /// A file, a folder or a pattern.
    Files(String),
    /// A file, a folder or a pattern that is left out.
    Without(String),
    /// Of the files that match, the newest submission.
    Latest(String),
}

/// Which of several submissions is read where `latest:` asks for one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubmissionChoice {
    /// The newest.
    Newest,
    /// The one before the newest; the newest if it is the only one.
    Previous,
}

/// The logs of a project.
#[derive(Debug, Default)]
pub struct FoundLogs {
    /// The logs.
    pub sources: Sources,
    /// For each `latest:` with several files, the file that is read and the others, the newest of them first.
    pub superseded: Vec<(String, Vec<String>)>,
    /// What was to be left out, and is nowhere.
    pub unused: Vec<String>,
}

/// Finds the logs of a project. Patterns and the names of the sources are relative to its folder.
///
/// # Errors
/// The first pattern that yields no log, or submissions of which the newest can't be told.
pub fn by_patterns(
    root: &Path,
    patterns: &[LogPattern],
    submission: SubmissionChoice,
    choice: &Choice<'_>,
) -> Result<FoundLogs, FindError> {
    let mut logs = FoundLogs::default();
    let mut seen = BTreeSet::new();
    let mut exclusions = Vec::new();
    for pattern in patterns {
        if let LogPattern::Without(pattern) = pattern {
            exclusions.push(Exclusion::new(pattern)?);
        }
    }
    for pattern in patterns {
        let (pattern, is_latest) = match pattern {
            LogPattern::Files(pattern) => (pattern, false),
            LogPattern::Latest(pattern) => (pattern, true),
            LogPattern::Without(_) => continue,
        };
        let path = root.join(pattern);
        let mut found = if path.is_dir() {
            walk(&path, |_| true)?
        } else if path.exists() {
            vec![path]
        } else if is_pattern(pattern) {
            glob(root, pattern)?
        } else {
            return Err(FindError::Missing(pattern.clone()));
        };
        let name = |path: &Path| display_name(path.strip_prefix(root).unwrap_or(path));
        found.retain(|path| {
            let name = name(path);
            // All of them look, so that none seems unused because another came first.
            exclusions.iter_mut().fold(true, |stays, exclusion| stays & !exclusion.covers(&name))
        });
        if is_latest && found.len() > 1 {
            let names: Vec<String> = found.iter().map(|path| name(path)).collect();
            let mut order = newest_first(pattern, &found, &names, choice)?;
            let read = order.remove(usize::from(submission == SubmissionChoice::Previous));
            found = vec![found.swap_remove(read)];
            logs.superseded.push((names[read].clone(), order.into_iter().map(|at| names[at].clone()).collect()));
        }
        add_all(&mut logs.sources, &mut seen, found, Some(root), pattern, choice)?;
    }
    logs.unused = exclusions.into_iter().filter(|exclusion| !exclusion.is_used).map(|one| one.pattern).collect();
    Ok(logs)
}

/// Where logs are looked for: the files found, which may be more than are read, and the folders looked through, in which
/// another would be found too.
#[derive(Clone, Debug, Default)]
pub struct Whereabouts {
    /// The files, and the names that lead to none.
    pub files: BTreeSet<PathBuf>,
    /// The folders.
    pub folders: BTreeSet<PathBuf>,
}

impl Whereabouts {
    /// Adds those of the names of a command line, as [`by_names`] takes them. What can't be read is passed over.
    pub fn add_names(&mut self, names: &[PathBuf]) {
        for name in names {
            self.add(Path::new("."), name.clone(), &display_name(name));
        }
    }

    /// Adds those of the patterns of a project, as [`by_patterns`] takes them. What can't be read is passed over.
    pub fn add_patterns(&mut self, root: &Path, patterns: &[LogPattern]) {
        for pattern in patterns {
            if let LogPattern::Files(pattern) | LogPattern::Latest(pattern) = pattern {
                self.add(root, root.join(pattern), pattern);
            }
        }
        let exclusion = |pattern: &LogPattern| match pattern {
            LogPattern::Without(pattern) => Exclusion::new(pattern).ok(),
            _ => None,
        };
        for mut exclusion in patterns.iter().filter_map(exclusion) {
            self.files.retain(|path| !exclusion.covers(&display_name(path.strip_prefix(root).unwrap_or(path))));
        }
    }

    fn add(&mut self, root: &Path, path: PathBuf, pattern: &str) {
        let found = if path.is_dir() {
            walk_through(&path, |_| true, &mut self.folders)
        } else if !path.exists() && is_pattern(pattern) {
            glob_through(root, pattern, &mut self.folders)
        } else {
            Ok(vec![path])
        };
        self.files.extend(found.unwrap_or_default());
    }
}

/// Files that are left out.
struct Exclusion {
    pattern: String,
    glob: Option<Glob>,
    is_used: bool,
}

impl Exclusion {
    fn new(pattern: &str) -> Result<Self, FindError> {
        let name = display_name(Path::new(pattern.trim_end_matches('/')));
        let glob = is_pattern(&name).then(|| Glob::new(&name)).transpose();
        let glob = glob.map_err(|reason| FindError::Pattern(pattern.to_owned(), reason))?;
        Ok(Self { pattern: name, glob, is_used: false })
    }

    /// Whether it names a file, or a folder of it.
    fn covers(&mut self, name: &str) -> bool {
        let below = || name.strip_prefix(&self.pattern).is_some_and(|rest| rest.starts_with('/'));
        let is_match = || self.glob.as_ref().is_some_and(|glob| glob.is_match(name));
        let covers = name == self.pattern || below() || is_match();
        self.is_used |= covers;
        covers
    }
}

/// The indexes of several submissions, the newest first: by the day in their title rows, if all have one, else by the date
/// in their names, else by whichever each has.
fn newest_first(
    pattern: &str,
    paths: &[PathBuf],
    names: &[String],
    choice: &Choice<'_>,
) -> Result<Vec<usize>, FindError> {
    let mut titles = Vec::new();
    for (path, name) in paths.iter().zip(names) {
        let mut sources = Sources::default();
        add(&mut sources, &mut BTreeSet::new(), path.clone(), name.clone(), choice)?;
        titles.push(sources.ids().find_map(|id| day_of_title(sources.get(id))));
    }
    let of_names: Vec<Option<SubmissionDay>> = names.iter().map(|name| day_of_name(name)).collect();
    let either: Vec<_> = titles.iter().zip(&of_names).map(|(title, name)| title.or(*name)).collect();
    let all = |days: &[Option<SubmissionDay>]| days.iter().copied().collect::<Option<Vec<SubmissionDay>>>();
    let Some(days) = all(&titles).or_else(|| all(&of_names)).or_else(|| all(&either)) else {
        let undated = either.iter().zip(names).filter(|(day, _)| day.is_none()).map(|(_, name)| name.clone());
        return Err(FindError::Undated(pattern.to_owned(), undated.collect()));
    };
    let undecided = |names: Vec<String>| Err(FindError::Undecided(pattern.to_owned(), names));
    let has_year = |day: &SubmissionDay| day.year.is_some();
    // Without a year, December may come before January or after it.
    let turns = !days.iter().any(has_year) && [1, 12].iter().all(|month| days.iter().any(|day| day.month == *month));
    if turns || days.iter().any(has_year) && !days.iter().all(has_year) {
        let without = days.iter().zip(names).filter(|(day, _)| !has_year(day)).map(|(_, name)| name.clone());
        return undecided(without.collect());
    }
    let mut order: Vec<usize> = (0..days.len()).collect();
    order.sort_by_key(|at| Reverse(days[*at]));
    let of_newest = order.iter().take_while(|at| days[**at] == days[order[0]]);
    if of_newest.clone().count() > 1 {
        return undecided(of_newest.map(|at| names[*at].clone()).collect());
    }
    Ok(order)
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
        let name = display_name(root.and_then(|root| path.strip_prefix(root).ok()).unwrap_or(&path));
        add(sources, seen, path, name, choice)?;
    }
    Ok(())
}

/// Adds a file, unless it has been added before.
fn add(
    sources: &mut Sources,
    seen: &mut BTreeSet<PathBuf>,
    path: PathBuf,
    name: String,
    choice: &Choice<'_>,
) -> Result<(), FindError> {
    let real = real_path(&path).unwrap_or_else(|_| path.clone());
    if !seen.insert(real) {
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

/// Whether a file has the extension of a log: `.csv .tsv .yaml .yml .json`, also with `.gz`, or that of a workbook.
#[must_use]
pub fn is_log(path: &Path) -> bool {
    is_workbook(path) || matches!(inner_extension(path).as_str(), "csv" | "tsv" | "yaml" | "yml" | "json")
}

/// Whether a name is that of a workbook.
#[must_use]
pub fn is_workbook_name(name: &str) -> bool {
    is_workbook(Path::new(name))
}

/// Whether a name is that of a compressed file.
#[must_use]
pub fn is_gzip_name(name: &str) -> bool {
    is_gzip(Path::new(name))
}

fn is_gzip(path: &Path) -> bool {
    extension(path) == "gz"
}

/// Returns the lower-case extension, without regard to `.gz`.
fn inner_extension(path: &Path) -> String {
    let inner = if is_gzip(path) { path.file_stem().map(Path::new) } else { None };
    extension(inner.unwrap_or(path))
}

fn extension(path: &Path) -> String {
    path.extension().unwrap_or_default().to_string_lossy().to_lowercase()
}

fn display_name(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    text.strip_prefix("./").map_or(text.clone(), str::to_owned)
}

fn is_pattern(name: &str) -> bool {
    name.contains(['*', '?', '[', '{'])
}

/// Returns the logs below `root` that match `pattern`. Wildcard characters in `root` are literal.
fn glob(root: &Path, pattern: &str) -> Result<Vec<PathBuf>, FindError> {
    glob_through(root, pattern, &mut BTreeSet::new())
}

/// The same; adds the folders that were looked through.
fn glob_through(root: &Path, pattern: &str, folders: &mut BTreeSet<PathBuf>) -> Result<Vec<PathBuf>, FindError> {
    let pattern = pattern.strip_prefix("./").unwrap_or(pattern);
    let matcher = Glob::new(pattern).map_err(|reason| FindError::Pattern(pattern.to_owned(), reason))?;
    let parts = Path::new(pattern).components();
    let fixed: PathBuf = parts.take_while(|part| !is_pattern(&part.as_os_str().to_string_lossy())).collect();
    let folder = root.join(fixed);
    let is_match = |found: &Path| matcher.is_match(&display_name(found.strip_prefix(root).unwrap_or(found)));
    walk_through(&folder, is_match, folders)
}

/// Suffix of the files duban writes beside documents: JSON, but not logs.
const FIGURES: &str = ".figures.json";

/// Returns the logs below a folder that satisfy `accepts`, sorted by path.
///
/// A folder reached twice through a symbolic link is visited once. A folder that cannot be read is an error, since its
/// logs would be missing from every figure.
fn walk(folder: &Path, accepts: impl Fn(&Path) -> bool) -> Result<Vec<PathBuf>, FindError> {
    walk_through(folder, accepts, &mut BTreeSet::new())
}

/// The same; adds the folders that were looked through, and one that is not there yet.
fn walk_through(
    folder: &Path,
    accepts: impl Fn(&Path) -> bool,
    folders: &mut BTreeSet<PathBuf>,
) -> Result<Vec<PathBuf>, FindError> {
    let mut found = Vec::new();
    let mut visited = BTreeSet::new();
    let mut pending = vec![(folder.to_owned(), 0)];
    while let Some((folder, depth)) = pending.pop() {
        let failed = |error| FindError::Io(display_name(&folder), error);
        let real = real_path(&folder).unwrap_or_else(|_| folder.clone());
        if !visited.insert(real) {
            continue;
        }
        if depth > MAX_DEPTH {
            return Err(FindError::TooDeep(display_name(&folder)));
        }
        folders.insert(folder.clone());
        // The fixed prefix of a pattern need not exist.
        if depth == 0 && !folder.exists() {
            continue;
        }
        let mut names = BTreeSet::new();
        for entry in std::fs::read_dir(&folder).map_err(failed)? {
            names.insert(entry.map_err(failed)?.file_name());
        }
        let beside: BTreeSet<String> = names.iter().map(|name| name.to_string_lossy().into_owned()).collect();
        for file_name in &names {
            let (path, name) = (folder.join(file_name), file_name.to_string_lossy());
            if name.starts_with('.') || name.starts_with("~$") {
                continue;
            }
            if path.is_dir() {
                pending.push((path, depth + 1));
            } else if is_log(&path) && !is_project_file(&name, &beside) && accepts(&path) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Whether a file belongs to duban: a config, the config of a kind, or the figures or the ledger of a document. `beside` are
/// the names of all files of its folder.
#[must_use]
pub fn is_project_file(name: &str, beside: &BTreeSet<String>) -> bool {
    // A kind has a text, or a Word file that is all of it.
    let is_word = |file: &str| Path::new(file).extension().is_some_and(|ending| ending.eq_ignore_ascii_case("docx"));
    let is_template = |file: &String| matches!(file.as_str(), "zh.md" | "en.md") || is_word(file);
    // A ledger written by duban has its figures beside it; a team's workbook does not.
    let is_ledger = || name.rsplit_once('.').is_some_and(|(stem, _)| beside.contains(&format!("{stem}{FIGURES}")));
    is_workbook(Path::new(name)) && is_ledger()
        || name.ends_with(FIGURES)
        || name == "duban.yaml"
        || name == "kind.yaml" && beside.iter().any(is_template)
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
        let patterns = |list: &[&str]| list.iter().map(|p| LogPattern::Files((*p).to_owned())).collect::<Vec<_>>();
        let by_patterns = |root: &Path, list: &[LogPattern], choice: &Choice<'_>| {
            by_patterns(root, list, SubmissionChoice::Newest, choice).map(|found| found.sources)
        };
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

    #[test]
    fn what_belongs_to_duban_shows_by_what_is_beside_it() {
        let is_ours = |name: &str, beside: &[&str]| {
            is_project_file(name, &beside.iter().map(|name| (*name).to_owned()).collect())
        };
        for (name, beside) in [
            ("kind.yaml", "zh.md"),
            ("kind.yaml", "en.md"),
            ("kind.yaml", "ours.docx"),
            ("ledger.xlsx", "ledger.figures.json"),
            ("a.figures.json", "a.docx"),
            ("duban.yaml", "a.csv"),
        ] {
            assert!(is_ours(name, &[name, beside]), "{name} beside {beside}");
        }
        for (name, beside) in [
            ("kind.yaml", "a.csv"),
            ("mankind.yaml", "zh.md"),
            ("ledger.xlsx", "other.figures.json"),
            ("a.csv", "a.docx"),
        ] {
            assert!(!is_ours(name, &[name, beside]), "{name} beside {beside}");
        }
    }
}
