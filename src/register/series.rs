//! Patterns of numbers, and which number is next.

use std::fmt::Write as _;
use std::str::FromStr;

use crate::project::SeriesConfig;
use crate::register::entry::Record;
use crate::words::lang::Lang;
use crate::words::number::to_cn;

/// A pattern such as `第{n}期` or `{code}提醒〔{year}〕{n}号`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    /// `{n}`: 16
    Number,
    /// `{cn}`: 十六
    Chinese,
    /// `{year}`: 2021
    Year,
    /// `{code}`: the office's 机关代字
    Code,
}

/// A text that is no pattern.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoPattern {
    /// A placeholder that there is none of.
    #[error("there is no {{{0}}}; known: {{n}} {{cn}} {{year}} {{code}}")]
    Unknown(String),
    /// A brace without its partner.
    #[error("a brace without its partner")]
    Brace,
    /// Nothing that tells one number from the next.
    #[error("a pattern must hold {{n}} or {{cn}}")]
    NoNumber,
}

impl FromStr for Pattern {
    type Err = NoPattern;

    fn from_str(text: &str) -> Result<Self, NoPattern> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(open) = rest.find(['{', '}']) {
            if rest[open..].starts_with('}') {
                return Err(NoPattern::Brace);
            }
            if open > 0 {
                parts.push(Part::Text(rest[..open].to_owned()));
            }
            let close = rest[open..].find('}').ok_or(NoPattern::Brace)? + open;
            parts.push(match &rest[open + 1..close] {
                "n" => Part::Number,
                "cn" => Part::Chinese,
                "year" => Part::Year,
                "code" => Part::Code,
                other => return Err(NoPattern::Unknown(other.to_owned())),
            });
            rest = &rest[close + 1..];
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        if parts.iter().any(|part| matches!(part, Part::Number | Part::Chinese)) {
            Ok(Self(parts))
        } else {
            Err(NoPattern::NoNumber)
        }
    }
}

impl Pattern {
    /// The number as it is printed.
    #[must_use]
    pub fn format(&self, n: u32, year: i32, code: &str) -> String {
        let mut text = String::new();
        for part in &self.0 {
            let _ = match part {
                Part::Text(part) => write!(text, "{part}"),
                Part::Number => write!(text, "{n}"),
                Part::Chinese => write!(text, "{}", to_cn(u64::from(n))),
                Part::Year => write!(text, "{year}"),
                Part::Code => write!(text, "{code}"),
            };
        }
        text
    }
}

/// A running number.
#[derive(Clone, Debug)]
pub struct Series {
    /// Its name.
    pub name: String,
    /// How its numbers are printed.
    pub pattern: Pattern,
    /// Whether it begins anew each year.
    pub yearly: bool,
    /// Its first number.
    pub start: u32,
    /// The office's 机关代字.
    pub code: String,
}

impl Series {
    /// The series of a project's config; one that is not configured counts 1, 2, 3 within each year.
    ///
    /// # Errors
    /// The pattern is none.
    pub fn new(name: &str, config: Option<&SeriesConfig>, code: &str, lang: Lang) -> Result<Self, NoPattern> {
        let usual = lang.pick("〔{year}〕{n}号", "No. {n}/{year}");
        let pattern = config.map_or(usual, |config| config.number.as_str()).parse()?;
        let (yearly, start) = config.map_or((true, 1), |config| (config.yearly, config.start));
        Ok(Self { name: name.to_owned(), pattern, yearly, start, code: code.to_owned() })
    }

    /// The next number that nobody has: void and pending numbers stay taken.
    #[must_use]
    pub fn next(&self, records: &[Record], year: i32) -> u32 {
        let mine = records.iter().filter(|record| record.series == self.name && (!self.yearly || record.year == year));
        let highest = mine.map(|record| record.n).max();
        highest.map_or(self.start, |highest| self.start.max(highest.saturating_add(1)))
    }

    /// A number as it is printed.
    #[must_use]
    pub fn format(&self, n: u32, year: i32) -> String {
        self.pattern.format(n, year, &self.code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_print_their_parts() {
        for (pattern, expected) in [
            ("第{n}期", "第16期"),
            ("{code}提醒〔{year}〕{n}号", "郑东督提醒〔2021〕16号"),
            ("第{cn}期", "第十六期"),
            ("No. {n}", "No. 16"),
        ] {
            assert_eq!(pattern.parse::<Pattern>().unwrap().format(16, 2021, "郑东督"), expected);
        }
        assert_eq!("第{m}期".parse::<Pattern>(), Err(NoPattern::Unknown("m".into())));
        assert_eq!("第期".parse::<Pattern>(), Err(NoPattern::NoNumber));
        assert_eq!("第{n期".parse::<Pattern>(), Err(NoPattern::Brace));
        assert_eq!("n}{n}".parse::<Pattern>(), Err(NoPattern::Brace));
    }
}
