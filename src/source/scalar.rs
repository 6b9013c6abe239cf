//! Texts of logs as YAML: no cell can end a line, a quote or a comment.

use std::fmt::Write as _;

use crate::source::excerpt::harmless;
use crate::words::personal;

/// Longest text in a comment, in characters.
const MAX_COMMENT: usize = 100;

/// Returns a text as a scalar that reads back as the same text: plain if that is beyond doubt, else in double quotes.
#[must_use]
pub fn scalar(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if is_shown(c) => quoted.push(c),
            c if u32::from(c) <= 0xffff => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(c));
            }
            c => {
                let _ = write!(quoted, "\\U{:08X}", u32::from(c));
            }
        }
    }
    quoted.push('"');
    quoted
}

/// Whether a text can stand without quotes: letters and digits, with a few marks between them, and no word of YAML.
fn is_plain(text: &str) -> bool {
    const WORDS: [&str; 12] = ["true", "false", "yes", "no", "on", "off", "y", "n", "null", "nan", "inf", "none"];
    let inner = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '·' | '（' | '）' | '、' | '/' | ' ');
    let first = text.chars().next();
    first.is_some_and(char::is_alphabetic)
        && text.chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '）')
        && text.chars().all(inner)
        && !text.contains("  ")
        && !WORDS.contains(&text.to_lowercase().as_str())
}

/// Whether a character is shown as itself and is no break of a line.
fn is_shown(c: char) -> bool {
    let is_format = matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff0}'..='\u{ffff}' | '\u{e000}'..='\u{f8ff}');
    !c.is_control() && !is_format && c <= '\u{10fff}' || ('\u{20000}'..='\u{3ffff}').contains(&c)
}

/// Returns a text for a comment: one line, short, and without what is personal.
#[must_use]
pub fn comment(text: &str) -> String {
    let text = personal::without_personal_data(text).unwrap_or_else(|| text.to_owned());
    let line: String = text.chars().map(|c| if c.is_whitespace() || c == '\u{2028}' { ' ' } else { c }).collect();
    let mut line = harmless(&line);
    if line.chars().count() > MAX_COMMENT {
        line = line.chars().take(MAX_COMMENT).chain(['…']).collect();
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place::SourceId;
    use crate::source::yaml::{self, Value};
    use proptest::prelude::*;

    fn read(text: &str) -> Option<Vec<String>> {
        let node = yaml::read_all(SourceId(0), text).ok()?;
        let Value::Map(pairs) = node.value else { return None };
        let of = |node: &yaml::Node| match &node.value {
            Value::Scalar { text, plain } if !plain || !matches!(text.as_str(), "~" | "null" | "") => text.clone(),
            _ => "?".to_owned(),
        };
        Some(pairs.iter().flat_map(|(key, value)| [of(key), of(value)]).collect())
    }

    #[test]
    fn usual_names_stand_without_quotes() {
        for text in ["整改时限", "金光路街道办事处", "Harbour Works", "乡镇（街道）", "3号楼"] {
            assert_eq!(scalar(text) == text, !text.starts_with('3'), "{text}");
        }
        for text in [
            "", "yes", "~", "null", "a: b", "# x", "- a", "[a", "{a", "*a", "&a", "'a", "\"a", "a #b", "1", " a",
            "是：",
        ] {
            assert!(scalar(text).starts_with('"'), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_cell_reads_back_as_itself(
            text in prop_oneof![".*", "[\\PC\n\r\t\u{85}\u{2028}\u{feff}:#\\-\\[\\]{}*&!|>'\"%@`,?~ ]*", "(yes|No|~|null|[0-9.eE+-]+|:|- a|# b)"],
            other in ".*",
        ) {
            let yaml = format!("{}: {}  # {}\nb: 1\n", scalar(&text), scalar(&other), comment(&text));
            prop_assert_eq!(read(&yaml), Some(vec![text, other, "b".to_owned(), "1".to_owned()]), "{}", yaml);
        }
    }
}
