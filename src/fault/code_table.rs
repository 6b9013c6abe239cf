//! The codes of a run: those of duban, and those of the office's own rules. Read by `check`, `explain`, `--deny`,
//! `--allow`, `rules:` and allowances, so that an own code is a code like any other.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::fault::Severity;
use crate::fault::code::{CODES, Code, CodeInfo};
use crate::words::near::nearest;

/// The codes of a run with what is known of each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CodeTable {
    own: BTreeMap<Code, CodeInfo>,
}

/// What is known of an own code that this project does not declare: nothing that it says can be found.
static NOT_DECLARED: CodeInfo = CodeInfo {
    name: Cow::Borrowed("not-declared"),
    aliases: &[],
    severity: Severity::Warning,
    zh: Cow::Borrowed("duban.yaml 里没有这条规则"),
    en: Cow::Borrowed("no rule of duban.yaml"),
    page_zh: Cow::Borrowed(""),
    page_en: Cow::Borrowed(""),
};

impl CodeTable {
    /// Adds the code of an own rule.
    pub fn add(&mut self, code: Code, info: CodeInfo) {
        self.own.insert(code, info);
    }

    /// Whether it is the code of an own rule that is there already.
    #[must_use]
    pub fn has_own(&self, code: Code) -> bool {
        self.own.contains_key(&code)
    }

    /// Returns what is known of a code.
    #[must_use]
    pub fn info(&self, code: Code) -> &CodeInfo {
        code.row().or_else(|| self.own.get(&code)).unwrap_or(&NOT_DECLARED)
    }

    /// Returns all codes: those of duban in the order of the table, then own ones.
    pub fn all(&self) -> impl Iterator<Item = Code> {
        Code::built_in().chain(self.own.keys().copied())
    }

    /// Parses a code such as `V101`, in any case, or a name such as `bad-date`, former names included.
    ///
    /// # Errors
    /// Returns the nearest code if no code matches.
    pub fn find(&self, text: &str) -> Result<Code, UnknownCode> {
        if let Some(own) = Code::own(text).filter(|own| self.own.contains_key(own)) {
            return Ok(own);
        }
        let is_meant = |(code, info): &(&str, CodeInfo)| {
            code.eq_ignore_ascii_case(text) || info.name == text || info.aliases.contains(&text)
        };
        if let Some((code, _)) = Code::built_in().zip(CODES).find(|(_, row)| is_meant(row)) {
            return Ok(code);
        }
        let own: Vec<String> = self.own.keys().map(Code::to_string).collect();
        let names = CODES.iter().flat_map(|(code, info)| [*code, &*info.name]);
        // X101 is no slip for L101.
        let names = names.filter(|_| Code::own(text).is_none());
        let near = nearest(text, names.chain(own.iter().map(String::as_str))).map(str::to_owned);
        Err(UnknownCode { written: text.to_owned(), near })
    }

    /// Parses an argument of the command line: a code or name gives one code, a prefix such as `L` or `V1` all codes that
    /// start with it.
    ///
    /// # Errors
    /// Returns the nearest code if no code matches.
    pub fn find_all(&self, text: &str) -> Result<Vec<Code>, UnknownCode> {
        self.find(text).map(|code| vec![code]).or_else(|error| {
            let prefix = text.to_ascii_uppercase();
            let starts = |code: &Code| !prefix.is_empty() && code.to_string().starts_with(&prefix);
            let all: Vec<Code> = self.all().filter(starts).collect();
            if all.is_empty() { Err(error) } else { Ok(all) }
        })
    }
}

/// An unknown code, with the nearest known one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no code `{written}`{}", near.as_ref().map_or_else(String::new, |near| format!("; did you mean `{near}`?")))]
pub struct UnknownCode {
    /// The text as written.
    pub written: String,
    /// The code or name that may have been meant.
    pub near: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_word_names_one_code_or_all_that_begin_alike() {
        let codes = CodeTable::default();
        assert_eq!(codes.find_all("v101"), Ok(vec![Code::known("V101")]));
        assert_eq!(codes.find_all("bad-date"), Ok(vec![Code::known("V101")]));
        assert_eq!(codes.find_all("P"), Ok(["P301", "P302", "P303", "P304"].map(Code::known).to_vec()));
        assert!(codes.find_all("R2").is_ok_and(|codes| codes.len() > 5));
        assert!(codes.find_all("").is_err() && codes.find_all("Z").is_err() && codes.find_all("X").is_err());
        assert_eq!(codes.find_all("V1O1").map_err(|error| error.near), Err(Some("V101".to_owned())));
    }

    #[test]
    fn an_own_code_is_there_once_it_is_declared() {
        let own = Code::own("X101").unwrap();
        let mut codes = CodeTable::default();
        assert_eq!(codes.find("X101").map_err(|error| error.near), Err(None));
        codes.add(own, CodeInfo { severity: Severity::Info, ..NOT_DECLARED.clone() });
        assert_eq!((codes.find("x101"), codes.find_all("X1")), (Ok(own), Ok(vec![own])));
        assert_eq!(codes.find("X1O1").map_err(|error| error.near), Err(Some("X101".to_owned())));
        assert_eq!((codes.info(own).severity, codes.all().last()), (Severity::Info, Some(own)));
    }

    #[test]
    fn codes_and_names_are_unique_and_read_back() {
        let (codes, mut seen) = (CodeTable::default(), BTreeSet::new());
        for code in codes.all() {
            let (text, info) = (code.to_string(), codes.info(code));
            for name in [text.as_str(), &info.name].into_iter().chain(info.aliases.iter().copied()) {
                assert!(seen.insert(name.to_owned()), "{name}");
                assert_eq!(codes.find(name), Ok(code));
            }
            assert_eq!(codes.find(&text.to_lowercase()), Ok(code));
        }
    }
}
