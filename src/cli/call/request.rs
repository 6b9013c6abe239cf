//! What a program asks for.

use std::num::NonZeroU16;

use chrono::NaiveDate;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

use crate::platform::paths::is_device;
use crate::source::workbook::address;
use crate::words::lang::Lang;

/// A request.
pub(super) struct Request {
    pub(super) lang: Option<Lang>,
    /// The day of whoever asks, which a place without time zones does not know.
    pub(super) today: Option<NaiveDate>,
    pub(super) call: Call,
}

/// What is asked for.
#[derive(Debug, Deserialize)]
#[serde(tag = "call", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Call {
    About {},
    Check {
        #[serde(default)]
        files: Vec<FilePath>,
        as_of: Option<NaiveDate>,
    },
    Explain {
        code: Word,
    },
    Tally {
        #[serde(default)]
        files: Vec<FilePath>,
        #[serde(default)]
        by: Vec<Word>,
        as_of: Option<NaiveDate>,
    },
    Due {
        #[serde(default)]
        files: Vec<FilePath>,
        as_of: Option<NaiveDate>,
    },
    Mend {
        file: FilePath,
        edits: Vec<CellEdit>,
        to: FilePath,
    },
    Annotate {
        #[serde(default)]
        files: Vec<FilePath>,
        to: FilePath,
    },
    Receipt {
        files: Vec<FilePath>,
    },
    Draft {
        kind: Word,
        #[serde(default)]
        files: Vec<FilePath>,
        #[serde(default)]
        formats: Vec<Word>,
        as_of: Option<NaiveDate>,
    },
    Take {
        file: FilePath,
        /// The log of the project that the file is another state of.
        #[serde(rename = "as")]
        log: Option<String>,
        /// The hash of that log when it was opened: SHA-256, in hexadecimal.
        was: Option<String>,
        #[serde(default)]
        replace: bool,
    },
    /// A word of a field that is new, or means a value that there is.
    Learn {
        field: Word,
        value: String,
        #[serde(rename = "as")]
        meant: Option<String>,
    },
    Dispatch {
        kind: Word,
        #[serde(default)]
        formats: Vec<Word>,
        request_id: String,
        #[serde(default)]
        accept: Vec<Word>,
        why: Option<String>,
    },
    Setup {
        office: String,
        files: Vec<FilePath>,
    },
}

/// A new value of a cell, by its place among the rows that `check` gives.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CellEdit {
    sheet: Option<String>,
    line: u32,
    column: EditColumn,
    was: String,
    value: String,
}

/// A column from 1, or in YAML and JSON a key.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum EditColumn {
    Number(NonZeroU16),
    Key(String),
}

impl CellEdit {
    /// The same for `duban mend --edits`.
    pub(super) fn of_mend(&self) -> Value {
        let Self { sheet, line, column, was, value } = self;
        let sheet = sheet.as_ref().filter(|_| matches!(column, EditColumn::Number(_)));
        match column {
            EditColumn::Number(column) => {
                json!({"sheet": sheet, "cell": address(*line, column.get() - 1), "was": was, "value": value})
            }
            EditColumn::Key(key) => json!({"line": line, "column": key, "was": was, "value": value}),
        }
    }
}

impl Request {
    /// Reads a request.
    ///
    /// # Errors
    /// It is none, with the reason in a sentence.
    pub(super) fn read(bytes: &[u8], lang: Lang) -> Result<Self, String> {
        let wrong =
            |error: serde_json::Error| lang.pick(format!("请求有误：{error}"), format!("a wrong request: {error}"));
        let mut value: Value = serde_json::from_slice(bytes).map_err(wrong)?;
        let mut take = |key: &str| value.as_object_mut().and_then(|object| object.remove(key)).unwrap_or_default();
        let (named, today) = (take("lang"), take("today"));
        let named = match named.as_str() {
            Some(text) => Some(text.parse().map_err(|_| lang.pick("lang 应是 zh 或 en", "lang is zh or en"))?),
            None => None,
        };
        let today = serde_json::from_value(today).map_err(wrong)?;
        let call = serde_json::from_value(value).map_err(wrong)?;
        Ok(Self { lang: named, today, call })
    }
}

/// A file below `in` or `out`: a folder and a name, and nothing that leads elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli) struct FilePath(String);

impl FilePath {
    pub(in crate::cli) fn new(text: &str) -> Option<Self> {
        let (folder, name) = text.split_once('/')?;
        let is_plain = !name.contains(['/', '\\', ':']) && !name.contains(char::is_control);
        let is_name = !name.is_empty() && name != "." && name != ".." && !is_device(name);
        (matches!(folder, "in" | "out") && is_plain && is_name).then(|| Self(text.to_owned()))
    }

    pub(in crate::cli) fn as_str(&self) -> &str {
        &self.0
    }

    /// The name without the folder.
    pub(super) fn name(&self) -> &str {
        self.0.split_once('/').map_or("", |(_, name)| name)
    }

    /// Whether it may be written.
    pub(super) fn is_output(&self) -> bool {
        self.0.starts_with("out/")
    }
}

impl<'de> Deserialize<'de> for FilePath {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::new(&text).ok_or_else(|| D::Error::custom(format!("`{text}` is no file below in/ or out/")))
    }
}

/// A value of an option: what begins with a hyphen would be another option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word(pub(super) String);

impl<'de> Deserialize<'de> for Word {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.is_empty() || text.starts_with('-') || text.contains(char::is_control) {
            return Err(D::Error::custom(format!("`{text}` can't be the value of an option")));
        }
        Ok(Self(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_lie_in_two_folders_and_nowhere_else() {
        for path in ["in/台账.xlsx", "out/a（已改）.csv", "in/..a", "in/-o"] {
            assert!(FilePath::new(path).is_some(), "{path}");
        }
        for path in [
            "a.csv",
            "/in/a",
            "in/",
            "in/..",
            "in/.",
            "in/../a",
            "in/a/b",
            "in\\a",
            "in/a\\b",
            "in/c:a",
            "in/a\nb",
            "in/nul.csv",
            "logs/a",
            "",
        ] {
            assert!(FilePath::new(path).is_none(), "{path}");
        }
    }

    #[test]
    fn a_request_is_read_whole() {
        let read = |text: &str| Request::read(text.as_bytes(), Lang::En).map(|request| request.call);
        assert!(matches!(
            read(r#"{"call":"check","files":["in/a.csv"],"today":"2021-08-20"}"#),
            Ok(Call::Check { .. })
        ));
        for wrong in [
            "",
            "[]",
            r#"{"call":"delete"}"#,
            r#"{"call":"check","filez":[]}"#,
            r#"{"call":"check","files":["/etc/passwd"]}"#,
            r#"{"call":"draft","kind":"--data"}"#,
            r#"{"call":"check","today":"tomorrow"}"#,
            r#"{"call":"check","lang":"fr"}"#,
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
