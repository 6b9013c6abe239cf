//! The explain page of an office's own rule, in the form of those of duban, and how a page is read without Markdown.

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::document::markdown::escape;
use crate::fault::{Code, CodeInfo, Severity};
use crate::source::excerpt::harmless;
use crate::words::lang::Lang;

/// What an office says of a rule of its own. A text in both languages is Chinese, then English.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnRuleTexts {
    /// What it is called.
    pub title: [String; 2],
    /// The condition as the office wrote it.
    pub when: String,
    /// The condition in the words of each language.
    pub printed: [String; 2],
    /// Why it matters; may be empty.
    pub why: [String; 2],
    /// What to do; may be empty.
    pub help: [String; 2],
}

/// Makes of the texts what is known of the code. What they hold can break out of neither a line nor Markdown.
#[must_use]
pub fn own(code: Code, severity: Severity, texts: &OwnRuleTexts) -> CodeInfo {
    let [zh, en] = texts.title.each_ref().map(|title| harmless(title));
    let [page_zh, page_en] = Lang::ALL.map(|lang| Cow::Owned(page(code, texts, lang)));
    let (zh, en) = (Cow::Owned(zh), Cow::Owned(en));
    // SARIF and GitLab show a name beside the code.
    CodeInfo { name: Cow::Borrowed("own-rule"), aliases: &[], severity, zh, en, page_zh, page_en }
}

fn page(code: Code, texts: &OwnRuleTexts, lang: Lang) -> String {
    let OwnRuleTexts { title, when, printed, why, help } = texts;
    let of = |[zh, en]: &[String; 2]| escape(&harmless(lang.pick(zh, en)));
    let mut page = format!("# {code} {}\n\n## {}\n", of(title), lang.pick("查什么", "What it finds"));
    page.push_str(lang.pick(
        "这是本单位写在 duban.yaml 里的规则。一行符合下面的条件，就报出来；条件用到的格空着，不算符合。\n",
        "This is a rule of the office, in duban.yaml. A row is told that meets the condition; where a cell that it asks for is blank, it is not met.\n",
    ));
    page.push_str(&fenced(when));
    let printed = lang.pick(&printed[0], &printed[1]);
    if printed != when {
        page.push_str(lang.pick("也就是：\n", "That is:\n"));
        page.push_str(&fenced(printed));
    }
    let parts = [(lang.pick("为什么", "Why it matters"), why), (lang.pick("怎么改", "Remedy"), help)];
    for (heading, text) in parts {
        let text = of(text);
        if !text.is_empty() {
            // A quotation: no line begins with what the office writes, which a log of CI would take for a command.
            let _ = write!(page, "\n## {heading}\n> {text}\n");
        }
    }
    page
}

/// A text as a block of code, in a fence that it can't close.
fn fenced(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}\n{}\n{fence}\n", harmless(text))
}

/// Returns a line of a page as it is read: with the marks that were escaped.
#[must_use]
pub fn as_read(line: &str) -> Cow<'_, str> {
    let mut parts = line.split("&#");
    let first = parts.next().unwrap_or_default();
    let mut text = first.to_owned();
    for part in parts {
        let mark = part.split_once(';').and_then(|(number, rest)| Some((char::from_u32(number.parse().ok()?)?, rest)));
        if let Some((mark, rest)) = mark {
            text.push(mark);
            text.push_str(rest);
        } else {
            text.push_str("&#");
            text.push_str(part);
        }
    }
    if first.len() == line.len() { Cow::Borrowed(line) } else { Cow::Owned(text) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::CodeTable;

    #[test]
    fn every_page_begins_with_its_code_and_name_in_both_languages() {
        let codes = CodeTable::default();
        for code in codes.all() {
            let info = codes.info(code);
            for lang in Lang::ALL {
                let heading = format!("# {code} {} {}", info.name, info.title(lang));
                assert!(info.page(lang).starts_with(&heading), "{heading}");
            }
        }
    }

    /// A page without a row in the table could not be shown.
    #[test]
    fn every_page_belongs_to_a_code() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/fault/explain");
        let codes = CodeTable::default();
        for entry in std::fs::read_dir(folder).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let code = name.strip_suffix(".zh.md").or(name.strip_suffix(".en.md"));
            assert!(code.is_some_and(|code| codes.all().any(|known| known.to_string() == code)), "{name}");
        }
    }

    #[test]
    fn what_an_office_writes_stays_text_on_its_page() {
        let evil = "a\u{1b}[2J<script>\n# b [c](javascript:d) ```";
        let both = || [evil.to_owned(), evil.to_owned()];
        let texts = OwnRuleTexts { title: both(), when: evil.to_owned(), printed: both(), why: both(), help: both() };
        let info = own(Code::own("X101").unwrap(), Severity::Error, &texts);
        for lang in Lang::ALL {
            let page = info.page(lang);
            let (code, text): (Vec<&str>, Vec<&str>) = page.lines().partition(|line| line.contains("```"));
            assert!(code.iter().any(|line| line.starts_with("````") && line.trim_matches('`').is_empty()), "{page}");
            assert_eq!(text.iter().filter(|line| line.starts_with("# ")).count(), 1, "{page}");
            assert!(!text.join("\n").contains(['<', '[', '\u{1b}']), "{page}");
            assert!(!info.title(lang).contains(['\n', '\u{1b}']));
            assert!(as_read(page).contains("<script>"));
        }
    }
}
