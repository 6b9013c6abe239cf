//! Series of numbers: their patterns, and the next number.

use std::fmt::{self, Write as _};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::register::number_key::NumberKey;
use crate::words::lang::Lang;
use crate::words::number::to_cn;

/// A series of running numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// The name in the config and in the register.
    pub name: String,
    /// The pattern by which its numbers are printed.
    pub pattern: Pattern,
    /// When it restarts.
    pub reset: Reset,
    /// The first number, since an office that adopts duban in August may already be at 第14期. It applies to the first
    /// year only; later years of a yearly series start at 1.
    pub start: u32,
    /// Whether a character that ends the code and begins the text behind it is printed twice: 郑东督督办. A series with such
    /// numbers keeps them so; others print 郑东督办.
    pub doubles: bool,
}

impl Series {
    /// Returns the next free number of a year; `taken` holds the numbers ever taken, of any series.
    ///
    /// Void and pending numbers stay taken: a number that has left the office, or may have, is never given to another
    /// document. At `u32::MAX` the same number is returned again, and the register rejects it.
    #[must_use]
    pub fn next(&self, taken: &[NumberKey], year: i32) -> u32 {
        let yearly = self.reset == Reset::Yearly;
        let own = || taken.iter().filter(|key| key.series == self.name);
        let of_run = own().filter(|key| !yearly || key.year == year);
        let after = of_run.map(|key| key.n).max().map_or(1, |highest| highest.saturating_add(1));
        let has_earlier_year = yearly && own().any(|key| key.year < year);
        if has_earlier_year { after } else { after.max(self.start) }
    }

    /// Returns a number of this series as printed; `code` is the office's 机关代字.
    #[must_use]
    pub fn format(&self, n: u32, year: i32, code: &str) -> String {
        self.pattern.format(n, year, code, self.doubles)
    }
}

/// When a series restarts.
///
/// Each entry records it, so that `verify` can tell a new year from a gap without the config, and a later change of the
/// config doesn't invalidate old numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Reset {
    /// Every January.
    #[default]
    Yearly,
    /// Never, as in 总第N期.
    Never,
}

/// A pattern such as `第{n}期` or `{code}提醒〔{year}〕{n}号`.
///
/// It can only be created with `FromStr`, so every pattern is valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern(Vec<PatternPart>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum PatternPart {
    Text(String),
    Placeholder(Placeholder),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Placeholder {
    N,
    Year,
    Code,
    Cn,
}

/// The placeholders and their names, for the parser, `Display` and the error messages.
const PLACEHOLDERS: [(&str, Placeholder); 4] =
    [("n", Placeholder::N), ("year", Placeholder::Year), ("code", Placeholder::Code), ("cn", Placeholder::Cn)];

impl Pattern {
    /// Returns a number as printed; `code` is the office's 机关代字. A character that ends it and begins the text behind is
    /// printed once, unless it `doubles`.
    #[must_use]
    pub fn format(&self, n: u32, year: i32, code: &str, doubles: bool) -> String {
        let (mut text, mut last) = (String::new(), None);
        for part in &self.0 {
            let shared = code.chars().last().filter(|_| last == Some(Placeholder::Code) && !doubles);
            last = match part {
                PatternPart::Placeholder(placeholder) => Some(*placeholder),
                PatternPart::Text(_) => None,
            };
            match part {
                PatternPart::Text(part) => text.push_str(shared.and_then(|c| part.strip_prefix(c)).unwrap_or(part)),
                // Writing to a `String` can't fail.
                PatternPart::Placeholder(Placeholder::N) => _ = write!(text, "{n}"),
                PatternPart::Placeholder(Placeholder::Year) => _ = write!(text, "{year}"),
                PatternPart::Placeholder(Placeholder::Code) => text.push_str(code),
                PatternPart::Placeholder(Placeholder::Cn) => text.push_str(&to_cn(u64::from(n))),
            }
        }
        text
    }
}

impl FromStr for Pattern {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Self, PatternError> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            let (before, brace) = rest.split_at(at);
            let (name, after) = brace
                .strip_prefix('{')
                .and_then(|inner| inner.split_once('}'))
                .ok_or_else(|| PatternError::Brace { pattern: text.to_owned() })?;
            let place = PLACEHOLDERS.iter().find(|(known, _)| *known == name).map(|(_, place)| *place);
            if !before.is_empty() {
                parts.push(PatternPart::Text(before.to_owned()));
            }
            parts.push(PatternPart::Placeholder(place.ok_or_else(|| PatternError::Unknown { name: name.to_owned() })?));
            rest = after;
        }
        if !rest.is_empty() {
            parts.push(PatternPart::Text(rest.to_owned()));
        }
        let counts =
            parts.iter().any(|part| matches!(part, PatternPart::Placeholder(Placeholder::N | Placeholder::Cn)));
        if counts { Ok(Self(parts)) } else { Err(PatternError::NoNumber { pattern: text.to_owned() }) }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in &self.0 {
            match part {
                PatternPart::Text(text) => f.write_str(text)?,
                PatternPart::Placeholder(place) => {
                    let name = PLACEHOLDERS.iter().find(|(_, known)| known == place).map_or("", |(name, _)| name);
                    write!(f, "{{{name}}}")?;
                }
            }
        }
        Ok(())
    }
}

/// Why a text is not a pattern.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// An unknown placeholder.
    #[error("unknown placeholder {{{name}}}; the placeholders are {}", known(", "))]
    Unknown {
        /// The text between the braces.
        name: String,
    },
    /// An unpaired brace.
    #[error("the pattern `{pattern}` has an unpaired brace")]
    Brace {
        /// The text.
        pattern: String,
    },
    /// It has no placeholder for the number.
    #[error("the pattern `{pattern}` prints the same text for every number; it must contain {{n}} or {{cn}}")]
    NoNumber {
        /// The text.
        pattern: String,
    },
}

impl PatternError {
    /// Returns the message for the user.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        lang.pick(
            match self {
                Self::Unknown { name } => format!("没有占位符 {{{name}}}；可用的有 {}", known("、")),
                Self::Brace { pattern } => format!("编号格式“{pattern}”的花括号不成对"),
                Self::NoNumber { pattern } => {
                    format!("编号格式“{pattern}”每个号都一样，必须含有 {{n}} 或 {{cn}}")
                }
            },
            self.to_string(),
        )
    }
}

/// Returns all placeholders, joined by `between`.
fn known(between: &str) -> String {
    PLACEHOLDERS.map(|(name, _)| format!("{{{name}}}")).join(between)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_print_their_parts_and_read_back() {
        for (pattern, expected) in [
            ("第{n}期", "第16期"),
            ("{code}提醒〔{year}〕{n}号", "郑东督提醒〔2021〕16号"),
            ("第{cn}期", "第十六期"),
            ("{n}", "16"),
            ("No. {n}/{year} ({cn})", "No. 16/2021 (十六)"),
            ("{code}督办〔{year}〕{n}号", "郑东督办〔2021〕16号"),
        ] {
            let parsed: Pattern = pattern.parse().unwrap();
            assert_eq!(parsed.format(16, 2021, "郑东督", false), expected);
            assert_eq!(parsed.to_string(), pattern);
        }
    }

    #[test]
    fn a_series_with_doubled_characters_keeps_them() {
        let pattern: Pattern = "{code}督办{n}号".parse().unwrap();
        assert_eq!(pattern.format(1, 2021, "郑东督", true), "郑东督督办1号");
        assert_eq!(pattern.format(1, 2021, "", false), "督办1号");
    }

    #[test]
    fn what_is_no_pattern_is_told() {
        for pattern in ["第{n期", "第n}期", "{n}}", "{{n}}x{", "}{n}{"] {
            assert!(pattern.parse::<Pattern>().is_err(), "{pattern}");
        }
        let unknown = "第{m}期".parse::<Pattern>().unwrap_err();
        assert_eq!(unknown.to_string(), "unknown placeholder {m}; the placeholders are {n}, {year}, {code}, {cn}");
        assert_eq!(unknown.text(Lang::Zh), "没有占位符 {m}；可用的有 {n}、{year}、{code}、{cn}");
        assert!(matches!("〔{year}〕号".parse::<Pattern>(), Err(PatternError::NoNumber { .. })));
        assert!(matches!("第{n期".parse::<Pattern>(), Err(PatternError::Brace { .. })));
    }

    #[test]
    fn the_next_number_follows_the_highest_ever_taken() {
        let mut series = Series {
            name: "bulletin".into(),
            pattern: "第{n}期".parse().unwrap(),
            reset: Reset::Yearly,
            start: 14,
            doubles: false,
        };
        assert_eq!(series.next(&[], 2021), 14);
        let key = |series: &str, n| NumberKey { series: series.into(), year: 2021, n };
        let mut records = vec![key("bulletin", 15), key("bulletin", 14), key("other", 90)];
        assert_eq!(series.next(&records, 2021), 16);
        assert_eq!(series.next(&records, 2022), 1, "the start value was for the year of the move");
        series.reset = Reset::Never;
        assert_eq!(series.next(&records, 2022), 16);
        series.start = 50;
        assert_eq!(series.next(&records, 2022), 50);
        records[0].n = u32::MAX;
        assert_eq!(series.next(&records, 2022), u32::MAX);
    }
}
