//! The error of a function or filter that was called wrongly: a message, and how to mend the call.

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

/// Number of names up to which all are listed beside a suggestion.
const SHORT: usize = 12;

/// Separates message and help in the one text that a Tera error holds; occurs in no message.
const SEPARATOR: char = '\u{1f}';

impl CallError {
    pub(crate) fn new(lang: Lang, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { message: lang.pick(zh.into(), en.into()), help: None }
    }

    pub(crate) fn with_help(self, lang: Lang, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { help: Some(lang.pick(zh.into(), en.into())), ..self }
    }

    /// An unknown name, with the nearest known one. The known names are listed unless there are too many.
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
            None if list.is_empty() => error,
            None => error.with_help(lang, format!("可用：{list}"), format!("available: {list}")),
        }
    }

    /// A value that the key does not allow.
    pub(crate) fn value(lang: Lang, fault: &UnknownValue) -> Self {
        Self { message: fault.message(lang), help: Some(fault.help(lang)) }
    }

    /// Message and help as one text, to pass through a Tera error.
    pub(crate) fn packed(&self) -> String {
        match &self.help {
            Some(help) => format!("{}{SEPARATOR}{help}", self.message),
            None => self.message.clone(),
        }
    }

    /// The error that [`CallError::packed`] made a text of; `None` for any other text.
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
