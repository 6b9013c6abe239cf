//! Patterns of numbers, and which number is next.

use std::fmt::{self, Write as _};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::register::number_key::NumberKey;
use crate::words::lang::Lang;
use crate::words::number::to_cn;

/// A running number and how it is printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// Its name in the config and in the register.
    pub name: String,
    /// How a number of it is printed.
    pub pattern: Pattern,
    /// When it starts anew.
    pub reset: Reset,
    /// The first number: an office that comes to duban in August may be at 第14期. It holds for the
    /// first year; the Januaries after it begin with 1 again.
    pub start: u32,
}

impl Series {
    /// Returns the next number that nobody has had, of those that were ever taken, in any series.
    ///
    /// Void and pending numbers stay taken: a number that was out of the house, or may have been, is
    /// never given to another document. At the end of `u32` the last number comes again, and the
    /// register refuses it.
    #[must_use]
    pub fn next(&self, taken: &[NumberKey], year: i32) -> u32 {
        let yearly = self.reset == Reset::Yearly;
        let mine = || taken.iter().filter(|key| key.series == self.name);
        let rivals = mine().filter(|key| !yearly || key.year == year);
        let after = rivals.map(|key| key.n).max().map_or(1, |highest| highest.saturating_add(1));
        let moved_here_before = yearly && mine().any(|key| key.year < year);
        if moved_here_before { after } else { after.max(self.start) }
    }

    /// Returns a number of this series as it is printed; `code` is the office's 机关代字.
    #[must_use]
    pub fn format(&self, n: u32, year: i32, code: &str) -> String {
        self.pattern.format(n, year, code)
    }
}

/// When a series starts anew.
///
/// Each entry carries it, so that `verify` can tell a new year from a gap without the config, and a
/// later change of the config does not make old numbers wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Reset {
    /// Each January.
    #[default]
    Yearly,
    /// Never: 总第N期.
    Never,
}

/// A pattern such as `第{n}期` or `{code}提醒〔{year}〕{n}号`.
///
/// One way in (`FromStr`), so that whoever holds a pattern can print with it.
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

/// The placeholders there are: the one list that the parser, `Display` and the fault read.
const PLACEHOLDERS: [(&str, Placeholder); 4] =
    [("n", Placeholder::N), ("year", Placeholder::Year), ("code", Placeholder::Code), ("cn", Placeholder::Cn)];

impl Pattern {
    /// Returns a number as it is printed.
    #[must_use]
    pub fn format(&self, n: u32, year: i32, code: &str) -> String {
        let mut text = String::new();
        for part in &self.0 {
            match part {
                PatternPart::Text(part) => text.push_str(part),
                // Writing to a String does not fail.
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

/// A text that is no pattern.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// A placeholder that there is none of.
    #[error("there is no placeholder {{{name}}}; those known are {}", known(", "))]
    Unknown {
        /// What stands between the braces.
        name: String,
    },
    /// A brace without its partner.
    #[error("the pattern `{pattern}` has a brace without its partner")]
    Brace {
        /// The text.
        pattern: String,
    },
    /// Nothing in it tells one number from the next.
    #[error("the pattern `{pattern}` would print the same for every number; it must hold {{n}} or {{cn}}")]
    NoNumber {
        /// The text.
        pattern: String,
    },
}

impl PatternError {
    /// Returns the sentence for the user.
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
        ] {
            let parsed: Pattern = pattern.parse().unwrap();
            assert_eq!(parsed.format(16, 2021, "郑东督"), expected);
            assert_eq!(parsed.to_string(), pattern);
        }
    }

    #[test]
    fn what_is_no_pattern_is_told() {
        for pattern in ["第{n期", "第n}期", "{n}}", "{{n}}x{", "}{n}{"] {
            assert!(pattern.parse::<Pattern>().is_err(), "{pattern}");
        }
        let unknown = "第{m}期".parse::<Pattern>().unwrap_err();
        assert_eq!(unknown.to_string(), "there is no placeholder {m}; those known are {n}, {year}, {code}, {cn}");
        assert_eq!(unknown.text(Lang::Zh), "没有占位符 {m}；可用的有 {n}、{year}、{code}、{cn}");
        assert!(matches!("〔{year}〕号".parse::<Pattern>(), Err(PatternError::NoNumber { .. })));
        assert!(matches!("第{n期".parse::<Pattern>(), Err(PatternError::Brace { .. })));
    }

    #[test]
    fn the_next_number_follows_the_highest_ever_taken() {
        let mut series =
            Series { name: "bulletin".into(), pattern: "第{n}期".parse().unwrap(), reset: Reset::Yearly, start: 14 };
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
