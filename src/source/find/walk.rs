//! The files below a folder, in the same order on every machine.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::platform::paths::real_path;
use crate::source::find::error::FindError;
use crate::source::find::names::{display_name, is_log, is_pattern, name_in};
use crate::source::pattern::Glob;
use crate::source::workbook::is_workbook;

/// Maximum depth of nested folders.
const MAX_DEPTH: usize = 32;

/// Returns the logs below `root` that match `pattern`. Wildcard characters in `root` are literal.
pub(super) fn glob(root: &Path, pattern: &str) -> Result<Vec<PathBuf>, FindError> {
    glob_through(root, pattern, &mut BTreeSet::new())
}

/// The same; adds the folders that were looked through.
pub(super) fn glob_through(
    root: &Path,
    pattern: &str,
    folders: &mut BTreeSet<PathBuf>,
) -> Result<Vec<PathBuf>, FindError> {
    let pattern = pattern.strip_prefix("./").unwrap_or(pattern);
    let matcher = Glob::new(pattern).map_err(|reason| FindError::Pattern(pattern.to_owned(), reason))?;
    let parts = Path::new(pattern).components();
    let fixed: PathBuf = parts.take_while(|part| !is_pattern(&part.as_os_str().to_string_lossy())).collect();
    let folder = root.join(fixed);
    let is_match = |found: &Path| matcher.is_match(&name_in(root, found));
    walk_through(&folder, is_match, folders)
}

/// Suffix of the files duban writes beside documents: JSON, but not logs.
const FIGURES: &str = ".figures.json";

/// Returns the logs below a folder that satisfy `accepts`, sorted by path.
///
/// A folder reached twice through a symbolic link is visited once. A folder that cannot be read is an error, since its
/// logs would be missing from every figure.
pub(super) fn walk(folder: &Path, accepts: impl Fn(&Path) -> bool) -> Result<Vec<PathBuf>, FindError> {
    walk_through(folder, accepts, &mut BTreeSet::new())
}

/// The same; adds the folders that were looked through, and one that is not there yet.
pub(super) fn walk_through(
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
