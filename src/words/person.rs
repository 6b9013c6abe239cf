//! Anonymises names of persons: 张三丰 becomes 张某某.
//!
//! The rule is that of the courts (法释〔2016〕19号 art. 9; domain facts, anonymisation): the family name is kept and
//! the given name replaced by 某; of other names the first character is kept; names that would become equal are
//! numbered.

use std::collections::BTreeMap;

/// Family names of two characters.
const COMPOUND_SURNAMES: [&str; 36] = [
    "欧阳", "司马", "上官", "诸葛", "皇甫", "尉迟", "公孙", "慕容", "令狐", "长孙", "宇文", "司徒", "夏侯", "轩辕",
    "东方", "南宫", "独孤", "端木", "呼延", "赫连", "澹台", "公冶", "宗政", "濮阳", "淳于", "单于", "太叔", "申屠",
    "仲孙", "钟离", "闾丘", "司空", "鲜于", "拓跋", "万俟", "闻人",
];

/// Suffixes of offices, places and posts, which are not names of persons.
const NON_PERSON_SUFFIXES: [&str; 40] = [
    "局",
    "办",
    "科",
    "处",
    "队",
    "所",
    "站",
    "部",
    "组",
    "室",
    "司",
    "村",
    "区",
    "街道",
    "委",
    "会",
    "心",
    "院",
    "校",
    "厂",
    "店",
    "馆",
    "镇",
    "乡",
    "县",
    "市",
    "园",
    "中队",
    "单位",
    "人员",
    "主任",
    "书记",
    "局长",
    "科长",
    "经理",
    "负责人",
    "网格员",
    "值班员",
    "代表",
    "社",
];

/// How many 某 replace a given name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MaskStyle {
    /// One for each character of the given name, at most two.
    #[default]
    ByLength,
    /// Always one: 张某.
    One,
    /// Always two: 张某某.
    Two,
}

impl MaskStyle {
    /// All styles, with their names in the config.
    pub const ALL: [(&'static str, Self); 3] = [("by_length", Self::ByLength), ("某", Self::One), ("某某", Self::Two)];
}

/// Whether a character is a Chinese one (CJK unified ideographs and their extensions).
fn is_han(c: char) -> bool {
    ('\u{3400}'..='\u{9fff}').contains(&c) || ('\u{20000}'..='\u{323af}').contains(&c)
}

/// Whether a text may be the name of a person, rather than of an office, a place or a post.
///
/// A Chinese name has two to four characters, or up to twenty with a dot in it (买买提·依明). Any other name has 3 to
/// 60 characters, begins with a capital and has only letters, spaces, dots, hyphens and apostrophes.
#[must_use]
pub fn is_name(text: &str) -> bool {
    let count = text.chars().count();
    let is_dot = |c: char| matches!(c, '·' | '•' | '‧');
    if text.chars().all(|c| is_han(c) || is_dot(c)) {
        let longest = if text.contains(is_dot) { 20 } else { 4 };
        return (2..=longest).contains(&count) && !NON_PERSON_SUFFIXES.iter().any(|suffix| text.ends_with(suffix));
    }
    let is_foreign = |c: char| c.is_alphabetic() && !is_han(c) || matches!(c, ' ' | '.' | '-' | '\'');
    (3..=60).contains(&count) && text.starts_with(char::is_uppercase) && text.chars().all(is_foreign)
}

/// Returns the names in a cell: 张三、李四, 王五（主任）.
#[must_use]
pub fn names(cell: &str) -> Vec<&str> {
    let parts = cell.split(|c: char| "、，,；;/|（）()【】[]：:\n\u{2028}\u{1f}".contains(c));
    let words = parts.flat_map(|part| {
        // Blanks separate Chinese names from each other and from what follows them, but are part of other names.
        let blanks = if part.chars().any(is_han) { &[' ', '\u{3000}', '\t'][..] } else { &[] };
        part.split(blanks)
    });
    words.map(|word| word.trim().trim_end_matches(|c: char| c.is_ascii_digit())).filter(|word| is_name(word)).collect()
}

/// Returns the part of a name that is kept, and the number of characters of the rest.
fn split_surname(name: &str) -> (&str, usize) {
    let count = name.chars().count();
    let family = if count > 2 && COMPOUND_SURNAMES.iter().any(|compound| name.starts_with(compound)) { 2 } else { 1 };
    let end = name.char_indices().nth(family).map_or(name.len(), |(at, _)| at);
    (name.get(..end).unwrap_or(name), count.saturating_sub(family))
}

/// Masks the given name: 张三丰 becomes 张某某, 欧阳锋 becomes 欧阳某, J. Smith becomes J***.
///
/// A name that contains 某 is already masked and returned as it is.
#[must_use]
pub fn masked(name: &str, style: MaskStyle) -> String {
    if name.is_empty() || name.contains('某') {
        return name.to_owned();
    }
    let (family, rest) = split_surname(name);
    if !name.chars().next().is_some_and(is_han) {
        return format!("{family}***");
    }
    let count = match style {
        MaskStyle::ByLength => rest.clamp(1, 2),
        MaskStyle::One => 1,
        MaskStyle::Two => 2,
    };
    format!("{family}{}", "某".repeat(count))
}

/// Returns the masked form of each name.
///
/// Different names with the same masked form are numbered in the order of their first occurrence: 张某1, 张某2.
#[must_use]
pub fn aliases<'n>(names: impl IntoIterator<Item = &'n str>, style: MaskStyle) -> BTreeMap<String, String> {
    let mut order: Vec<&str> = Vec::new();
    let mut sharing: BTreeMap<String, usize> = BTreeMap::new();
    for name in names {
        if !order.contains(&name) {
            order.push(name);
            *sharing.entry(masked(name, style)).or_default() += 1;
        }
    }
    let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
    let mut found = BTreeMap::new();
    for name in order {
        let mut alias = masked(name, style);
        if sharing.get(&alias).is_some_and(|count| *count > 1) {
            let (family, _) = split_surname(name);
            let base = if alias.ends_with('*') { alias.clone() } else { format!("{family}某") };
            let n = numbers.entry(base.clone()).or_default();
            *n += 1;
            alias = format!("{base}{n}");
        }
        found.insert(name.to_owned(), alias);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_family_name_stays() {
        for (name, by_length, one, two) in [
            ("张三丰", "张某某", "张某", "张某某"),
            ("张三", "张某", "张某", "张某某"),
            ("欧阳锋", "欧阳某", "欧阳某", "欧阳某某"),
            ("诸葛孔明", "诸葛某某", "诸葛某", "诸葛某某"),
            ("买买提·依明", "买某某", "买某", "买某某"),
            ("李某某", "李某某", "李某某", "李某某"),
            ("J. Smith", "J***", "J***", "J***"),
            ("", "", "", ""),
        ] {
            let shown = [MaskStyle::ByLength, MaskStyle::One, MaskStyle::Two].map(|style| masked(name, style));
            assert_eq!(shown, [by_length, one, two]);
        }
    }

    #[test]
    fn names_that_come_out_the_same_are_numbered_and_stay_the_same() {
        let names = ["张三丰", "李四", "张无忌", "张三丰", "王五"];
        let found = aliases(names, MaskStyle::ByLength);
        let shown = names.map(|name| found[name].as_str());
        assert_eq!(shown, ["张某1", "李某", "张某2", "张某1", "王某"]);
    }

    #[test]
    fn offices_and_posts_are_no_names() {
        assert_eq!(names("张三、李四（主任）"), ["张三", "李四"]);
        assert_eq!(names("王五 13800138000"), ["王五"]);
        assert_eq!(names("赵六13800138000"), ["赵六"]);
        assert_eq!(names("John Smith; Jane Doe"), ["John Smith", "Jane Doe"]);
        for text in ["综合科", "金光路街道", "13800138000", "", "无", "南湖物流园区有限公司", "安全生产负责人"]
        {
            assert_eq!(names(text), Vec::<&str>::new(), "{text}");
        }
    }
}
