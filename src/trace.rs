//! Traces a document back to its figures, and describes how a figure was counted.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::dataset::figure::Scope;
use crate::dataset::{Figure, FigureSheet};

/// Returns the path of the figures of a document: `x.figures.json` beside `x.docx`.
#[must_use]
pub fn figures_path(document: &Path) -> PathBuf {
    let name = document.file_name().unwrap_or_default().to_string_lossy().into_owned();
    if name.ends_with(".figures.json") {
        return document.to_owned();
    }
    let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
    document.with_file_name(format!("{stem}.figures.json"))
}

/// Reads the figures of a document.
///
/// # Errors
/// The figures file cannot be read, or is not valid.
pub fn read(document: &Path) -> io::Result<FigureSheet> {
    Ok(FigureSheet::read(&fs::read(figures_path(document))?)?)
}

/// Describes the selection and the scope of a figure on one line: `disposition=on_site from=2021-08-01`.
#[must_use]
pub fn describe(figure: &Figure) -> String {
    let mut words: Vec<String> =
        figure.selection.iter().map(|(key, value)| format!("{key}={}", brief(value))).collect();
    let Scope { from, to, unit, against, .. } = &figure.scope;
    let scope = [("from", from), ("to", to), ("unit", unit), ("against", against)];
    words.extend(scope.into_iter().filter_map(|(key, value)| Some(format!("{key}={}", value.as_ref()?))));
    words.join(" ")
}

/// Returns a value on one line; a long list or a mapping is replaced by its length, as in `[12]` and `{3}`.
#[must_use]
pub fn brief(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) if items.iter().all(|item| item.is_string() || item.is_number()) && items.len() <= 8 => {
            items.iter().map(brief).collect::<Vec<_>>().join("|")
        }
        Value::Array(items) => format!("[{}]", items.len()),
        Value::Object(map) => format!("{{{}}}", map.len()),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figures_stand_beside_the_document() {
        for (document, figures) in [
            ("a/bulletin-2021-016.docx", "a/bulletin-2021-016.figures.json"),
            ("a/b.figures.json", "a/b.figures.json"),
            ("b", "b.figures.json"),
        ] {
            assert_eq!(figures_path(Path::new(document)), Path::new(figures));
        }
    }
}
