//! Names and quotes written in Chinese in tags, with what to write instead.
//!
//! Tera's names are ASCII. Of any other it says no more than that a character is unexpected, and it stops at the first.

use std::str::FromStr as _;

use crate::model::key::Key;
use crate::tags::{Occurrence, TagSpan, found, spans, tokens};
use crate::template::lint::ROOTS;

/// What the parts of a document and its figures are called, with what gives them in a tag.
const OF_DOCUMENT: [(&[&str], &str); 22] = [
    (&["标题"], "title"),
    (&["发文字号", "文号", "字号", "编号"], "number"),
    (&["期号", "期数"], "n"),
    (&["年", "年份"], "year"),
    (&["日期", "成文日期", "统计日期", "截至日期"], "as_of"),
    (&["答复期限", "反馈期限"], "reply_by"),
    (&["单位", "单位名称", "收文单位"], "unit.name"),
    (&["发文机关", "发文单位", "机关名称", "办公室"], "office.name"),
    (&["发文机关标志"], "mark"),
    (&["主送", "主送机关", "主送单位"], "addressee"),
    (&["落款", "署名"], "signature"),
    (&["抄报"], "report_to"),
    (&["抄送"], "send_to"),
    (&["签发人"], "signer"),
    (&["密级"], "secrecy"),
    (&["紧急程度"], "urgency"),
    (&["份号"], "copy_number"),
    (&["附注"], "note"),
    (&["印发机关"], "printed_by"),
    (&["印发日期"], "printed_on"),
    (&["正文"], "body"),
    (&["附件"], "attachments"),
];
/// What functions are called.
const FUNCTIONS: [(&[&str], &str); 2] =
    [(&["计数", "数量", "合计", "问题数", "问题总数"], "count"), (&["比例", "占比"], "rate")];

/// A name or a quote that is not ASCII.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ChineseName {
    pub(crate) found: Occurrence,
    /// What to write instead, if it is the label of something.
    pub(crate) instead: Option<String>,
}

/// Returns the names and quotes in the tags of a template that are not ASCII; of the quotes of a tag the first. `more` are the
/// variables that exist beside [`ROOTS`]: no other is proposed.
pub(crate) fn chinese_names(template: &str, more: &[&str]) -> Vec<ChineseName> {
    let mut names = Vec::new();
    for (start, end, span) in spans(template) {
        if !matches!(span, TagSpan::Print | TagSpan::Tag) {
            continue;
        }
        let tag = template.get(start..end).unwrap_or_default();
        // A tag without its end holds the text that follows; Tera tells where it begins.
        let rest = tag.get(2..).unwrap_or_default();
        if !rest.ends_with('}') || rest.contains("{{") || rest.contains("{%") {
            continue;
        }
        let tokens = tokens(tag);
        let words: Vec<&str> = tokens.iter().map(|(_, token)| *token).collect();
        // What follows such a quote is a text, not a name.
        let quote = tokens.iter().find(|(_, token)| matches!(*token, "“" | "”" | "‘" | "’"));
        if let Some((at, token)) = quote {
            names.push(ChineseName { found: found(template, start + at, token), instead: Some("\"".to_owned()) });
            continue;
        }
        for (index, (at, token)) in tokens.iter().enumerate() {
            let is_name = token.starts_with(|c: char| c.is_alphabetic() || c == '_');
            if is_name && !token.is_ascii() {
                names.push(ChineseName {
                    found: found(template, start + at, token),
                    instead: instead(&words, index, more),
                });
            }
        }
    }
    names
}

/// Returns what to write for a word of a tag, by what stands around it.
fn instead(words: &[&str], index: usize, more: &[&str]) -> Option<String> {
    let word = *words.get(index)?;
    let before = |back: usize| index.checked_sub(back).and_then(|at| words.get(at)).copied().unwrap_or_default();
    let after = words.get(index + 1).copied().unwrap_or_default();
    let is_known = |name: &String| {
        let root = name.split('.').next().unwrap_or_default();
        ROOTS.contains(&root) || more.contains(&root)
    };
    let key = || Key::from_str(word).ok().map(|key| key.to_string());
    match (before(1), after) {
        (".", _) if matches!(before(2), "extra" | "set") => Some(format!("{}[\"{word}\"]", before(2))),
        (".", _) if before(2) == "unit" && matches!(word, "名称" | "单位名称") => Some("name".to_owned()),
        (".", _) | (_, "=") => key(),
        ("|" | "for" | "set", _) => None,
        (_, "(") => of(&FUNCTIONS, word),
        _ => of(&OF_DOCUMENT, word)
            .filter(is_known)
            .or_else(|| of(&FUNCTIONS, word).map(|function| format!("{function}()")))
            .or_else(|| {
                let key = key()?;
                Some(if key == "unit" { "unit.name".to_owned() } else { format!("i.{key}") })
            }),
    }
}

fn of(labels: &[(&[&str], &str)], word: &str) -> Option<String> {
    labels.iter().find(|(labels, _)| labels.contains(&word)).map(|(_, name)| (*name).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_gives_the_name_to_write() {
        for (template, instead) in [
            ("{{被检查单位}}", Some("unit.name")),
            ("{{ 发文字号 }}", Some("number")),
            ("{{ 标题 }}", Some("title")),
            // No variable of a text, only of a Word template.
            ("{{ 落款 }}", None),
            ("{{ 问题数 }}", Some("count()")),
            ("{{ 问题描述 }}", Some("i.description")),
            ("{{ i.整改期限 }}", Some("deadline")),
            ("{{ unit.名称 }}", Some("name")),
            ("{{ i.extra.发现人 }}", Some("extra[\"发现人\"]")),
            ("{{ count(问题类别=\"消防\") }}", Some("category")),
            ("{{ 合计(open=true) }}", Some("count")),
            ("{% for 问题 in issues() %}{% endfor %}", None),
            ("{{ number | 大写 }}", None),
            ("{{ 随便 }}", None),
            ("{{ i.site or “（未写明）” }}", Some("\"")),
        ] {
            let names = chinese_names(template, &["title"]);
            assert_eq!(names.len(), 1, "{template}");
            assert_eq!(names[0].instead.as_deref(), instead, "{template}");
        }
        for template in [
            "{{ number or \"待编\" }}",
            "{# 说明 #}",
            "单位：{{ unit.name }}",
            "{{ i.extra[\"发现人\"] }}",
            "{{ n }个",
            "{{ n }个{{ n }}",
        ] {
            assert_eq!(chinese_names(template, &[]), [], "{template}");
        }
    }
}
