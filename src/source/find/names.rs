//! What the name of a file tells.

use std::path::Path;

use crate::source::workbook::is_workbook;

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

pub(super) fn is_gzip(path: &Path) -> bool {
    extension(path) == "gz"
}

/// Returns the lower-case extension, without regard to `.gz`.
pub(super) fn inner_extension(path: &Path) -> String {
    let inner = if is_gzip(path) { path.file_stem().map(Path::new) } else { None };
    extension(inner.unwrap_or(path))
}

fn extension(path: &Path) -> String {
    path.extension().unwrap_or_default().to_string_lossy().to_lowercase()
}

pub(super) fn display_name(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    text.strip_prefix("./").map_or(text.clone(), str::to_owned)
}

/// The name of a file below `root`, with `/`.
pub(super) fn name_in(root: &Path, path: &Path) -> String {
    display_name(path.strip_prefix(root).unwrap_or(path))
}

pub(super) fn is_pattern(name: &str) -> bool {
    name.contains(['*', '?', '[', '{'])
}
