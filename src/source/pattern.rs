//! Path and sheet patterns: `*`, `**`, `?`, `[…]` and `{…,…}`, matched by characters.
//!
//! The globset crate matches `?` and `[…]` by bytes, so that `第?期.csv` finds no 第一期.csv. The glob crate matches by
//! characters but has no alternatives in braces; these are expanded here.

use glob::{MatchOptions, Pattern, PatternError};

/// A pattern, compiled.
#[derive(Debug)]
pub(crate) struct Glob(Vec<Pattern>);

/// The number of alternatives that the braces of a pattern may expand to.
const MAX_ALTERNATIVES: usize = 1000;

/// As a shell does it: `*` and `?` match no `/`, and names that begin with a dot are ordinary names.
const OPTIONS: MatchOptions =
    MatchOptions { case_sensitive: true, require_literal_separator: true, require_literal_leading_dot: false };

impl Glob {
    /// Compiles a pattern.
    ///
    /// # Errors
    /// The reason why the text is not a pattern, in English.
    pub(crate) fn new(text: &str) -> Result<Self, String> {
        let message = |error: PatternError| error.msg.to_owned();
        let alternatives = alternatives(text)?;
        let patterns = alternatives.iter().map(|text| Pattern::new(text).map_err(message));
        Ok(Self(patterns.collect::<Result<_, _>>()?))
    }

    /// Returns whether a path or name matches; its parts are separated by `/`.
    pub(crate) fn is_match(&self, name: &str) -> bool {
        self.0.iter().any(|pattern| pattern.matches_with(name, OPTIONS))
    }
}

/// Expands the braces of a pattern, the first pair first.
fn alternatives(text: &str) -> Result<Vec<String>, String> {
    let mut pending = vec![text.to_owned()];
    let mut expanded = Vec::new();
    while let Some(text) = pending.pop() {
        let Some(open) = text.find('{') else {
            expanded.push(text);
            continue;
        };
        let rest = &text[open + 1..];
        let close = rest.find('}').ok_or("unclosed `{`")?;
        if rest[..close].contains('{') {
            return Err("`{` within `{…}`".to_owned());
        }
        pending.extend(rest[..close].split(',').map(|part| format!("{}{part}{}", &text[..open], &rest[close + 1..])));
        if pending.len() + expanded.len() > MAX_ALTERNATIVES {
            return Err(format!("more than {MAX_ALTERNATIVES} alternatives"));
        }
    }
    Ok(expanded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_match_characters() {
        for (pattern, name, expected) in [
            ("第?期.csv", "第一期.csv", true),
            ("第???期.csv", "第一期.csv", false),
            ("第[一二]期.csv", "第二期.csv", true),
            ("第[!一]期.csv", "第二期.csv", true),
            ("第[!一]期.csv", "第一期.csv", false),
            ("第{一,二}期.{csv,xlsx}", "第二期.xlsx", true),
            ("logs/*.csv", "logs/a/b.csv", false),
            ("logs/**/*.csv", "logs/a/b.csv", true),
            ("logs/**/*.csv", "logs/b.csv", true),
            ("**/台账*.csv", "8月/台账.csv", true),
            ("*", ".hidden", true),
            ("*月", "8月", true),
            ("A.csv", "a.csv", false),
        ] {
            assert_eq!(Glob::new(pattern).unwrap().is_match(name), expected, "{pattern} {name}");
        }
    }

    #[test]
    fn a_broken_pattern_is_an_error() {
        for pattern in ["[", "{a", "{a,{b}}", "a**"] {
            assert!(Glob::new(pattern).is_err(), "{pattern}");
        }
    }
}
