//! The two languages of the user interface.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A language of messages and documents.
///
/// Chinese is the default because the documents are Chinese; English is for those who maintain the logs of such an
/// office without reading Chinese.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Lang {
    /// Chinese, in simplified characters.
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// All languages, in the order in which they are listed.
    pub const ALL: [Self; 2] = [Self::Zh, Self::En];

    /// Returns `zh` or `en`, whichever is for this language.
    ///
    /// Both texts are side by side in the code, so that neither is changed without the other being seen.
    #[must_use]
    pub fn pick<T>(self, zh: T, en: T) -> T {
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }

    /// Returns the code of the language, `zh` or `en`.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.pick("zh", "en")
    }
}

/// Which English a document is written in: how it writes days, what paper it is usually printed on, how a letter closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Region {
    /// British English, which most of the world writes to: 14 June 2024, A4.
    #[default]
    Gb,
    /// American English: June 14, 2024, letter paper.
    Us,
}

impl Region {
    /// Whether it is the usual one.
    #[must_use]
    pub fn is_usual(&self) -> bool {
        *self == Self::default()
    }
}

/// Returns a count with its English noun: `1 error`, `2 errors`.
#[must_use]
pub fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl FromStr for Lang {
    type Err = UnknownLang;

    /// Reads a language code or a locale name: `zh`, `en-GB`, `zh_CN.UTF-8`.
    ///
    /// Only the language part matters, in either letter case.
    ///
    /// # Errors
    /// The text names another language, or none: `C` and `POSIX` are refused, so that the caller's default applies.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let language = text.trim().split(['-', '_', '.', '@']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|lang| language.eq_ignore_ascii_case(lang.code())).ok_or(UnknownLang)
    }
}

/// The error for a text that names neither language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownLang;

impl fmt::Display for UnknownLang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("unknown language; use `zh` or `en`")
    }
}

impl std::error::Error for UnknownLang {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_locale_names_are_read() {
        for (text, wanted) in [
            ("zh", Ok(Lang::Zh)),
            ("en", Ok(Lang::En)),
            ("ZH", Ok(Lang::Zh)),
            ("zh-CN", Ok(Lang::Zh)),
            ("zh-Hans-CN", Ok(Lang::Zh)),
            ("zh_CN.UTF-8", Ok(Lang::Zh)),
            ("en_US.UTF-8", Ok(Lang::En)),
            ("en_GB@euro", Ok(Lang::En)),
            (" en ", Ok(Lang::En)),
            ("C", Err(UnknownLang)),
            ("C.UTF-8", Err(UnknownLang)),
            ("POSIX", Err(UnknownLang)),
            ("de_DE.UTF-8", Err(UnknownLang)),
            ("english", Err(UnknownLang)),
            ("", Err(UnknownLang)),
        ] {
            assert_eq!(text.parse::<Lang>(), wanted, "{text:?}");
        }
    }

    #[test]
    fn what_is_displayed_reads_back() {
        for lang in Lang::ALL {
            assert_eq!(lang.to_string().parse(), Ok(lang));
        }
    }

    #[test]
    fn each_language_picks_its_own() {
        assert_eq!(Lang::default().pick("问题", "issue"), "问题");
        assert_eq!(Lang::En.pick("问题", "issue"), "issue");
    }
}
