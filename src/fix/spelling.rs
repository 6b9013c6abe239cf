//! The canonical spelling of a cell, if its meaning is beyond doubt.

use crate::model::Field;
use crate::model::field::FieldKind;
use crate::project::Project;
use crate::words::date;
use crate::words::lang::Lang;
use crate::words::personal::is_han;

/// Spells values with the vocabularies of a project.
pub(super) struct Speller<'p> {
    project: &'p Project,
}

impl<'p> Speller<'p> {
    pub(super) fn new(project: &'p Project) -> Self {
        Self { project }
    }

    /// Returns the canonical spelling of a cell; `None` if it already has it, or if a human has to decide.
    pub(super) fn spelling(&self, field: Field, text: &str) -> Option<String> {
        let new = match field.info().kind {
            FieldKind::Date | FieldKind::Deadline => self.day(text)?,
            FieldKind::Number => half_width(text),
            _ if matches!(field, Field::Id | Field::Phone) => half_width(text),
            FieldKind::Value if field == Field::Disposition => self.label(field, text)?,
            // Elsewhere the brackets may be those of a name: 平安里(1985)12号楼.
            _ if field == Field::Basis => brackets(text),
            _ => return None,
        };
        (new != text).then_some(new)
    }

    /// Returns a complete date as `2021-08-05`. Partial dates, deadlines in words and days with anything beside them, such
    /// as a time or a weekday, are left alone.
    fn day(&self, text: &str) -> Option<String> {
        let order = self.project.date_order;
        let read =
            date::parse(text, None, order).ok().filter(|read| !read.assumed && date::stands_alone(text, order))?;
        // A bare number may be a spreadsheet serial date or a typo.
        let is_number = text.trim().chars().all(|c| c.is_ascii_digit()) && text.trim().len() != 8;
        (!is_number).then(|| read.date.to_string())
    }

    /// Returns the label for a spelling in the vocabulary, in the language of that spelling: 限期整改 for 限时整改.
    fn label(&self, field: Field, text: &str) -> Option<String> {
        let vocabulary = self.project.vocabularies.of(field);
        let value = vocabulary.find(text)?;
        // A tick gets its meaning from its column.
        let is_tick = text.chars().count() < 2;
        let labels = [Lang::Zh, Lang::En].map(|lang| vocabulary.label(value, lang));
        let is_canonical = labels.iter().any(|label| label == text) || text == value.as_str();
        let lang = lang_of(text).filter(|_| !is_tick && !is_canonical)?;
        Some(vocabulary.label(value, lang))
    }
}

/// The language of a word; `None` of a number or a sign.
fn lang_of(word: &str) -> Option<Lang> {
    if word.contains(is_han) {
        return Some(Lang::Zh);
    }
    word.contains(|c: char| c.is_ascii_alphabetic()).then_some(Lang::En)
}

/// Returns a value without trailing blanks.
pub(super) fn trimmed(text: &str) -> &str {
    text.trim_end_matches([' ', '\u{3000}', '\t'])
}

/// Returns a header without surrounding blanks, blanks next to Chinese characters, and a trailing colon. Synonyms are
/// kept.
pub(super) fn header(text: &str) -> String {
    if text.contains(['\n', '\r', '\u{2028}']) {
        return text.to_owned();
    }
    let bare = text.trim().trim_end_matches([':', '：']).trim_end();
    let mut name = String::with_capacity(bare.len());
    let mut blanks = String::new();
    for c in bare.chars() {
        if c.is_whitespace() {
            blanks.push(c);
            continue;
        }
        // A blank separates words only between ASCII characters.
        if c.is_ascii() && name.ends_with(|last: char| last.is_ascii()) {
            name.push_str(&blanks);
        }
        blanks.clear();
        name.push(c);
    }
    name
}

/// Converts full-width digits, letters and hyphens to ASCII, as in `２０２１` and `ＷＴ－１`.
fn half_width(text: &str) -> String {
    let half = |c: char| match c {
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '－' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    };
    text.chars().map(half).collect()
}

/// Corrects the brackets of document numbers: `某督〔2021〕3号` for `某督[2021]3号`, `某督【2021】3号` and
/// `某督(2021)3号` (GB/T 9704—2012, 7.2.5).
fn brackets(text: &str) -> String {
    let mut new = String::new();
    let mut rest = text;
    while let Some(open) = rest.find(['[', '［', '【', '(', '（', '〔']) {
        let (before, from) = rest.split_at(open);
        new.push_str(before);
        let mut chars = from.chars();
        let sign = chars.next().unwrap_or('[');
        let inside = chars.as_str();
        let year: String = inside.chars().take(4).collect();
        let after = inside.get(year.len()..).unwrap_or_default();
        let close = after.chars().next().filter(|c| "]］】)）〕".contains(*c));
        let tail = close.map_or("", |close| after.get(close.len_utf8()..).unwrap_or_default());
        let digits = tail.bytes().take_while(u8::is_ascii_digit).count();
        let is_number = year.bytes().filter(u8::is_ascii_digit).count() == 4
            && digits > 0
            && tail.get(digits..).and_then(|end| end.strip_prefix('号')).is_some_and(ends_a_number)
            && !before.is_empty();
        if is_number {
            new.push('〔');
            new.push_str(&year);
            new.push('〕');
            rest = tail;
        } else {
            new.push(sign);
            rest = inside;
        }
    }
    new.push_str(rest);
    new
}

/// Whether what stands behind 号 lets it end the number of a document, and not that of a house: 12号楼.
fn ends_a_number(rest: &str) -> bool {
    const WORDS: [&str; 6] = ["文", "令", "第", "通知", "规定", "要求"];
    !rest.starts_with(char::is_alphanumeric) || WORDS.iter().any(|word| rest.starts_with(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_loses_its_blanks_and_keeps_its_words() {
        for (text, expected) in [
            (" 责任 单位　", "责任单位"),
            ("整改期限：", "整改期限"),
            ("Found on ", "Found on"),
            ("所属 unit", "所属unit"),
            ("责任\n单位", "责任\n单位"),
            ("责任单位*", "责任单位*"),
        ] {
            assert_eq!(header(text), expected);
        }
    }

    #[test]
    fn each_cell_has_one_spelling() {
        // The language of messages is none of the log.
        let project = Project { lang: Some(Lang::En), ..Project::default() };
        let speller = Speller::new(&project);
        for (field, text, expected) in [
            (Field::FoundOn, "2021年8月5日", Some("2021-08-05")),
            (Field::FoundOn, "2021/8/5", Some("2021-08-05")),
            (Field::FoundOn, "２０２１．８．５", Some("2021-08-05")),
            (Field::FoundOn, "20210805", Some("2021-08-05")),
            (Field::FoundOn, "2021-08-05", None),
            (Field::FoundOn, "8月5日", None),
            (Field::FoundOn, "2021-08-05 14:30", None),
            (Field::FoundOn, "2021年8月20日上午", None),
            (Field::FoundOn, "2021年8月20日下午3时", None),
            (Field::FoundOn, "2021-8-20 周三", None),
            (Field::FoundOn, "周三 2021-8-20", None),
            (Field::FoundOn, "2021.8.20（复查）", None),
            (Field::FoundOn, "44428.5", None),
            (Field::FoundOn, "2021. 8. 20.", Some("2021-08-20")),
            (Field::FoundOn, "二〇二一年八月五日", Some("2021-08-05")),
            (Field::FoundOn, "Aug 5th, 2021", Some("2021-08-05")),
            (Field::FoundOn, "44413", None),
            (Field::FoundOn, "03/04/2021", None),
            (Field::FoundOn, "不详", None),
            (Field::Deadline, "3个工作日内", None),
            (Field::Deadline, "2021.8.20", Some("2021-08-20")),
            (Field::Disposition, "限时整改", Some("限期整改")),
            (Field::Disposition, "限期整改", None),
            (Field::Disposition, "time limit", Some("with a deadline")),
            (Field::Disposition, "on_site", None),
            (Field::Disposition, "√", None),
            (Field::Disposition, "现场整该", None),
            (Field::Id, "ＷＴ－００１", Some("WT-001")),
            (Field::Basis, "见某督[2021]3号、某督（2021）4号", Some("见某督〔2021〕3号、某督〔2021〕4号")),
            (Field::Basis, "某督[2021]3号文第五条", Some("某督〔2021〕3号文第五条")),
            (Field::Basis, "（2021）年度", None),
            (Field::Basis, "平安里(1985)12号楼", None),
            (Field::Basis, "平安里(1985)12号院", None),
            (Field::Description, "见某督[2021]3号", None),
            (Field::Site, "平安里(1985)12号", None),
            (Field::Evidence, "平安里(2021)3号.png", None),
        ] {
            assert_eq!(speller.spelling(field, text).as_deref(), expected, "{text}");
        }
    }
}
