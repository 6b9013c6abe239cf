//! What a function or filter says of how it was called: the facts as a sentence, and what would be right.

use std::fmt;

use crate::project::UnknownValue;
use crate::words::lang::Lang;
use crate::words::near::nearest;

/// What is wrong with a call, in the language of the messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CallError {
    pub(crate) message: String,
    pub(crate) help: Option<String>,
}

/// So many names are shown beside a suggestion.
const SHORT: usize = 12;

/// Stands between message and help where only one text can pass: no sentence holds it.
const SEPARATOR: char = '\u{1f}';

impl CallError {
    pub(crate) fn new(lang: Lang, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { message: lang.pick(zh.into(), en.into()), help: None }
    }

    pub(crate) fn with_help(self, lang: Lang, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { help: Some(lang.pick(zh.into(), en.into())), ..self }
    }

    /// A name that is not among those known. A long list of these beside the one that is meant would only hide it.
    pub(crate) fn unknown(lang: Lang, (zh, en): (&str, &str), name: &str, known: &[&str]) -> Self {
        let list = known.join(" ");
        let error = Self::new(lang, format!("没有{zh} `{name}`"), format!("there is no {en} `{name}`"));
        match nearest(name, known.iter().copied()) {
            Some(near) if known.len() > SHORT => {
                error.with_help(lang, format!("是否指 `{near}`？"), format!("did you mean `{near}`?"))
            }
            Some(near) => error.with_help(
                lang,
                format!("是否指 `{near}`？可用：{list}"),
                format!("did you mean `{near}`? available: {list}"),
            ),
            None => error.with_help(lang, format!("可用：{list}"), format!("available: {list}")),
        }
    }

    /// A value that its key can't have.
    pub(crate) fn value(lang: Lang, fault: &UnknownValue) -> Self {
        Self { message: fault.message(lang), help: Some(fault.help(lang)) }
    }

    pub(crate) fn packed(&self) -> String {
        match &self.help {
            Some(help) => format!("{}{SEPARATOR}{help}", self.message),
            None => self.message.clone(),
        }
    }

    /// What was packed; nothing if the text was not.
    pub(crate) fn unpacked(text: &str) -> Option<Self> {
        let (message, help) = text.split_once(SEPARATOR)?;
        Some(Self { message: message.to_owned(), help: Some(help.to_owned()) })
    }
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.help {
            Some(help) => write!(f, "{} ({help})", self.message),
            None => f.write_str(&self.message),
        }
    }
}

impl std::error::Error for CallError {}
