//! Finds logs: files, folders, globs and `-`, in the same order on every machine.
//!
//! - `patterns`: the config's `logs:`; `walk`: the files below a folder; `whereabouts`: where to look again.
//! - `files`: what was found becomes sources; `names`: what a name tells; `error`: why none was found.

mod error;
mod files;
mod names;
mod patterns;
mod walk;
mod whereabouts;

use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::str::FromStr;

pub use crate::source::find::error::FindError;
pub use crate::source::find::files::in_bytes;
use crate::source::find::files::{add, add_all};
use crate::source::find::names::{display_name, is_pattern};
pub use crate::source::find::names::{is_gzip_name, is_log, is_workbook_name};
pub use crate::source::find::patterns::{
    FoundLogs, LogPattern, SubmissionChoice, by_patterns, covers, is_left_out, names_by_patterns, would_be_found,
};
pub use crate::source::find::walk::is_project_file;
use crate::source::find::walk::{glob, walk};
pub use crate::source::find::whereabouts::Whereabouts;
use crate::source::workbook::choice::Choice;
use crate::source::{Form, Source, Sources};

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

#[cfg(test)]
mod tests {
    #![expect(clippy::disallowed_methods, reason = "tests make the files they look for")]

    use std::io;

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
    fn names_are_told_without_reading() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        std::fs::create_dir_all(root.join("logs/b")).unwrap();
        for name in ["logs/z.csv", "logs/b/a.yaml", "logs/b/left-out.csv"] {
            std::fs::write(root.join(name), "x").unwrap();
        }
        let patterns = [
            LogPattern::Files("logs".to_owned()),
            LogPattern::Files("logs/*.csv".to_owned()),
            LogPattern::Without("logs/b/left-out.csv".to_owned()),
        ];
        let choice = Choice { wanted: &[], is_log: &|_| true };
        let names = || names_by_patterns(root, &patterns, SubmissionChoice::Newest, &choice).unwrap();
        let read = by_patterns(root, &patterns, SubmissionChoice::Newest, &choice).unwrap().sources;
        assert_eq!(names(), read.ids().map(|id| read.get(id).name.clone()).collect::<Vec<_>>());
        std::fs::write(root.join("logs/no-workbook.xlsx"), "x").unwrap();
        assert_eq!(names(), ["logs/b/a.yaml", "logs/no-workbook.xlsx", "logs/z.csv"]);
        let read = by_patterns(root, &patterns, SubmissionChoice::Newest, &choice);
        assert!(matches!(read, Err(FindError::Workbook(..))));
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
