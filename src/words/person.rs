//! Names of persons as they are printed when the person is not to be known: 张三丰 as 张某某.
//!
//! The rule is that of the courts (法释〔2016〕19号 art. 9; domain facts, anonymisation): the family name stays, the given
//! name becomes 某; of other names the first character stays; names that come out the same are numbered.

use std::collections::BTreeMap;

/// Family names of two characters.
const COMPOUND: [&str; 36] = [
    "欧阳", "司马", "上官", "诸葛", "皇甫", "尉迟", "公孙", "慕容", "令狐", "长孙", "宇文", "司徒", "夏侯", "轩辕",
    "东方", "南宫", "独孤", "端木", "呼延", "赫连", "澹台", "公冶", "宗政", "濮阳", "淳于", "单于", "太叔", "申屠",
    "仲孙", "钟离", "闾丘", "司空", "鲜于", "拓跋", "万俟", "闻人",
];

/// Endings of what is no person: an office, a place, a post.
const NO_PERSON: [&str; 40] = [
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

/// How many 某 stand for a given name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MaskStyle {
    /// As many as the given name has characters, two at most.
    #[default]
    ByLength,
    /// 张某.
    One,
    /// 张某某.
    Two,
}

impl MaskStyle {
    /// Every style, by its name in the config.
    pub const ALL: [(&'static str, Self); 3] = [("by_length", Self::ByLength), ("某", Self::One), ("某某", Self::Two)];
}

fn is_han(c: char) -> bool {
    ('\u{3400}'..='\u{9fff}').contains(&c) || ('\u{20000}'..='\u{323af}').contains(&c)
}

/// Whether a text may be the name of a person: two to four characters of a Chinese name, more with a dot between
/// (买买提·依明), or a foreign name. Not the name of an office, a place or a post.
#[must_use]
pub fn is_name(text: &str) -> bool {
    let count = text.chars().count();
    let is_dot = |c: char| matches!(c, '·' | '•' | '‧');
    if text.chars().all(|c| is_han(c) || is_dot(c)) {
        let longest = if text.contains(is_dot) { 20 } else { 4 };
        return (2..=longest).contains(&count) && !NO_PERSON.iter().any(|ending| text.ends_with(ending));
    }
    let is_foreign = |c: char| c.is_alphabetic() && !is_han(c) || matches!(c, ' ' | '.' | '-' | '\'');
    (3..=60).contains(&count) && text.starts_with(char::is_uppercase) && text.chars().all(is_foreign)
}

/// The names in a cell: 张三、李四, 王五（主任）.
#[must_use]
pub fn names(cell: &str) -> Vec<&str> {
    let parts = cell.split(|c: char| "、，,；;/|（）()【】[]：:\n\u{2028}\u{1f}".contains(c));
    let words = parts.flat_map(|part| {
        // A blank parts names and what stands beside them, but for the names of other languages.
        let blanks = if part.chars().any(is_han) { &[' ', '\u{3000}', '\t'][..] } else { &[] };
        part.split(blanks)
    });
    words.map(|word| word.trim().trim_end_matches(|c: char| c.is_ascii_digit())).filter(|word| is_name(word)).collect()
}

/// What of a name stays, and how long the rest is.
fn kept(name: &str) -> (&str, usize) {
    let count = name.chars().count();
    let family = if count > 2 && COMPOUND.iter().any(|compound| name.starts_with(compound)) { 2 } else { 1 };
    let end = name.char_indices().nth(family).map_or(name.len(), |(at, _)| at);
    (name.get(..end).unwrap_or(name), count.saturating_sub(family))
}

/// A name without the given name: 张三丰 as 张某某, 欧阳锋 as 欧阳某, J. Smith as J***. One that is masked already stays.
#[must_use]
pub fn masked(name: &str, style: MaskStyle) -> String {
    if name.is_empty() || name.contains('某') {
        return name.to_owned();
    }
    let (family, rest) = kept(name);
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

/// What each of some names is printed as. Two that come out the same are numbered in the order in which they are met:
/// 张某1, 张某2.
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
            let (family, _) = kept(name);
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
