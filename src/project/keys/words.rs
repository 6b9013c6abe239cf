//! Words that are values: canonical and Chinese.

use crate::words::lang::Lang;

/// The words of all lists of the config. A word means the same wherever it stands.
const WORDS: &[(&str, &str)] = &[
    ("zh", "中文"),
    ("en", "英文"),
    ("en-GB", "英式英文"),
    ("en-US", "美式英文"),
    ("subordinate", "下级"),
    ("peer", "平级"),
    ("ymd", "年月日"),
    ("dmy", "日月年"),
    ("mdy", "月日年"),
    ("cn", "国务院安排"),
    ("weekdays", "周一至周五"),
    ("letter", "美式信纸"),
    ("yearly", "每年"),
    ("never", "从不"),
    ("partition", "单值"),
    ("multi", "多值"),
    ("error", "错误"),
    ("warning", "警告"),
    ("info", "提示"),
    ("off", "不查"),
    ("by_length", "按字数"),
    ("name", "实名"),
    ("mask", "隐名"),
    ("omit", "略去"),
    ("show", "显示"),
    ("public_person", "普通人员"),
    ("disciplined_cadre", "受处分干部"),
    ("reporter", "举报人"),
    ("unit", "单位"),
    ("private", "不公开"),
    ("open", "公开"),
    ("true", "是"),
    ("false", "否"),
];

/// Returns the Chinese word for a canonical one, if it has one.
#[must_use]
pub(crate) fn word(canonical: &str) -> Option<&'static str> {
    WORDS.iter().find(|(word, _)| *word == canonical).map(|(_, zh)| *zh)
}

/// Returns the words of a list in a language; one that has no Chinese word stays as it is.
#[must_use]
pub(crate) fn words_in<'a>(canonical: impl IntoIterator<Item = &'a str>, lang: Lang) -> Vec<&'a str> {
    canonical.into_iter().map(|name| lang.pick(word(name).unwrap_or(name), name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_means_two_things() {
        let mut words: Vec<&str> = WORDS.iter().flat_map(|(word, zh)| [*word, *zh]).collect();
        words.sort_unstable();
        let count = words.len();
        words.dedup();
        assert_eq!(words.len(), count);
    }
}
