//! The one spelling of a cell: only where the meaning is beyond doubt.

use crate::model::Field;
use crate::model::field::FieldKind;
use crate::project::Project;
use crate::words::date;
use crate::words::lang::Lang;

/// Knows the words of an office.
pub(super) struct Speller<'p> {
    project: &'p Project,
    lang: Lang,
}

impl<'p> Speller<'p> {
    pub(super) fn new(project: &'p Project) -> Self {
        Self { project, lang: project.lang.unwrap_or_default() }
    }

    /// How a cell ought to be written; nothing if it is so already, or if a person must look at it.
    pub(super) fn spelling(&self, field: Field, text: &str) -> Option<String> {
        let new = match field.info().kind {
            FieldKind::Date | FieldKind::Deadline => self.day(text)?,
            FieldKind::Number => half_width(text),
            _ if matches!(field, Field::Id | Field::Phone) => half_width(text),
            FieldKind::Value if field == Field::Disposition => self.label(field, text)?,
            FieldKind::Text => brackets(text),
            _ => return None,
        };
        (new != text).then_some(new)
    }

    /// 2021-08-05 for a day written in full in any other way. Half a date, an hour, or a deadline in words is left.
    fn day(&self, text: &str) -> Option<String> {
        let has_hour = text.contains([':', '：', '时', '点', 'T']);
        let read = date::parse(text, None, self.project.date_order).ok().filter(|read| !read.assumed && !has_hour)?;
        // A number alone may be a day of a spreadsheet or a slip.
        let is_number = text.trim().chars().all(|c| c.is_ascii_digit()) && text.trim().len() != 8;
        (!is_number).then(|| read.date.to_string())
    }

    /// 限期整改 for 限时整改: a spelling that the vocabulary knows.
    fn label(&self, field: Field, text: &str) -> Option<String> {
        let vocabulary = self.project.vocabularies.of(field);
        let value = vocabulary.find(text)?;
        // A tick in a column of its own has its meaning from the column.
        let is_tick = text.chars().count() < 2;
        let spelt = [Lang::Zh, Lang::En].map(|lang| vocabulary.label(value, lang));
        (!is_tick && !spelt.iter().any(|label| label == text) && text != value.as_str())
            .then(|| vocabulary.label(value, self.lang))
    }
}

/// A value without blanks behind it.
pub(super) fn trimmed(text: &str) -> &str {
    text.trim_end_matches([' ', '\u{3000}', '\t'])
}

/// A header without blanks around it and between its Chinese characters, and without a colon behind it. Another word
/// for the same column is as good.
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
        // A blank parts words that are written with blanks.
        if c.is_ascii() && name.ends_with(|last: char| last.is_ascii()) {
            name.push_str(&blanks);
        }
        blanks.clear();
        name.push(c);
    }
    name
}

/// `２０２１` and `ＷＴ－１` as ASCII.
fn half_width(text: &str) -> String {
    let half = |c: char| match c {
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '－' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    };
    text.chars().map(half).collect()
}

/// `某督〔2021〕3号` for `某督[2021]3号`, `某督【2021】3号`, `某督(2021)3号` (GB/T 9704—2012, 7.2.5).
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
            && tail.get(digits..).is_some_and(|end| end.starts_with('号'))
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
        let project = Project { lang: Some(Lang::Zh), ..Project::default() };
        let speller = Speller::new(&project);
        for (field, text, expected) in [
            (Field::FoundOn, "2021年8月5日", Some("2021-08-05")),
            (Field::FoundOn, "2021/8/5", Some("2021-08-05")),
            (Field::FoundOn, "２０２１．８．５", Some("2021-08-05")),
            (Field::FoundOn, "20210805", Some("2021-08-05")),
            (Field::FoundOn, "2021-08-05", None),
            (Field::FoundOn, "8月5日", None),
            (Field::FoundOn, "2021-08-05 14:30", None),
            (Field::FoundOn, "44413", None),
            (Field::FoundOn, "03/04/2021", None),
            (Field::FoundOn, "不详", None),
            (Field::Deadline, "3个工作日内", None),
            (Field::Deadline, "2021.8.20", Some("2021-08-20")),
            (Field::Disposition, "限时整改", Some("限期整改")),
            (Field::Disposition, "限期整改", None),
            (Field::Disposition, "on_site", None),
            (Field::Disposition, "√", None),
            (Field::Disposition, "现场整该", None),
            (Field::Id, "ＷＴ－００１", Some("WT-001")),
            (Field::Basis, "见某督[2021]3号、某督（2021）4号", Some("见某督〔2021〕3号、某督〔2021〕4号")),
            (Field::Basis, "（2021）年度", None),
            (Field::Description, "楼道(2021)堆物", None),
        ] {
            assert_eq!(speller.spelling(field, text).as_deref(), expected, "{text}");
        }
    }
}
