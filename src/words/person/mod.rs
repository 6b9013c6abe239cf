//! Anonymises names of persons: 张三丰 becomes 张某某.
//!
//! The rule is that of the courts (法释〔2016〕19号 art. 9; domain facts, anonymisation): the family name is kept and
//! the given name replaced by 某; of other names the first character is kept; names that would become equal are
//! numbered.

mod finder;

use std::collections::BTreeMap;

pub use finder::{FoundName, NameFinder};

use crate::words::personal::is_han;

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

/// Family names of one character, the most frequent of today and those of the Hundred Family Surnames (百家姓).
const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭\
陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳\
翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司\
卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝\
官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计索宣晋相初门云\
容敬来扈晁芮都普阙浦戈伏鹿薄邸雍辜羊阿乌母裘亓修邰赫杭况那宿鲜印逯隆茹诺战慕危玉银亢嵇公哈湛宾戎勾茅利於呼居揭干但尉冶斯元束檀衣信展阴\
昝智幸奉植衡富尧闭由";

/// What an office calls its people, before or after their names.
const TITLES: [&str; 44] = [
    "副主任",
    "副书记",
    "副局长",
    "副科长",
    "副所长",
    "副站长",
    "副队长",
    "副经理",
    "副镇长",
    "副主席",
    "副处长",
    "主任",
    "书记",
    "局长",
    "科长",
    "所长",
    "站长",
    "队长",
    "经理",
    "镇长",
    "乡长",
    "村长",
    "处长",
    "院长",
    "校长",
    "园长",
    "厂长",
    "店长",
    "组长",
    "班长",
    "部长",
    "主席",
    "主管",
    "负责人",
    "责任人",
    "联系人",
    "法人代表",
    "法人",
    "网格员",
    "安全员",
    "值班员",
    "老师",
    "同志",
    "师傅",
];

/// Returns the names in a cell: 张三、李四, 王五（主任）, 李 四, 主任赵六七.
#[must_use]
pub fn names(cell: &str) -> Vec<String> {
    let parts = cell.split(|c: char| "、，,；;/|（）()【】[]：:\n\u{2028}\u{1f}".contains(c));
    let mut found = Vec::new();
    for part in parts {
        // Blanks separate Chinese names from each other and from what follows them, but are part of other names, and of one
        // whose characters are spaced to the width of three: 李 四.
        let blanks = if part.chars().any(is_han) { &[' ', '\u{3000}', '\t', '\u{a0}'][..] } else { &[] };
        let words: Vec<&str> = part.split(blanks).filter(|word| !word.is_empty()).collect();
        let mut at = 0;
        while let Some(word) = words.get(at) {
            let next = words.get(at + 1).filter(|next| is_spaced(word, next));
            let name = next.map_or_else(|| (*word).to_owned(), |next| format!("{word}{next}"));
            at += if next.is_some() { 2 } else { 1 };
            let name = name.trim().trim_end_matches(|c: char| c.is_ascii_digit());
            let bare = without_title(name);
            if is_name(bare) {
                found.push(bare.to_owned());
            }
        }
    }
    found
}

/// Whether two words are the family name and the given name of one person.
fn is_spaced(family: &str, given: &str) -> bool {
    let is_family = family.chars().count() == 1 && SURNAMES.contains(family) || COMPOUND_SURNAMES.contains(&family);
    is_family && given.chars().all(is_han) && (1..=2).contains(&given.chars().count()) && !(TITLES.contains(&given))
}

/// Returns a name without the title before or behind it; unchanged if what is left does not begin with a family name.
fn without_title(text: &str) -> &str {
    let bare = TITLES.iter().find_map(|title| text.strip_prefix(title)).unwrap_or(text);
    let bare = TITLES.iter().find_map(|title| bare.strip_suffix(title)).unwrap_or(bare);
    let longest = if surname(bare).is_some_and(|surname| surname.chars().count() == 2) { 4 } else { 3 };
    let is_person =
        (2..=longest).contains(&bare.chars().count()) && bare.chars().all(is_han) && surname(bare).is_some();
    if is_person { bare } else { text }
}

/// Returns the family name of a Chinese name.
#[must_use]
pub fn surname(name: &str) -> Option<&str> {
    let compound = COMPOUND_SURNAMES.iter().find(|compound| name.starts_with(*compound)).copied();
    let first = name.chars().next().filter(|c| SURNAMES.contains(*c))?;
    compound.or_else(|| name.get(..first.len_utf8()))
}

/// What units are: a name without it is what people call them.
pub const UNIT_ENDINGS: [&str; 22] = [
    "街道办事处",
    "办事处",
    "委员会",
    "管理局",
    "有限公司",
    "街道",
    "社区",
    "公司",
    "医院",
    "学校",
    "中心",
    "大队",
    "酒店",
    "园区",
    "局",
    "镇",
    "乡",
    "村",
    "县",
    "区",
    "厂",
    "店",
];

/// Returns the names by which a unit or a place is known: its own, and without what it is. 黄河路办事处 is 黄河路, too.
pub fn known_as(name: &str) -> impl Iterator<Item = &str> {
    let short = UNIT_ENDINGS.iter().filter_map(|ending| name.strip_suffix(ending));
    std::iter::once(name).chain(short.filter(|short| short.chars().count() > 2))
}

/// Returns what may stand for a person by the family name alone: 王局长, 小王, 王某.
#[must_use]
pub fn allusions(name: &str) -> Vec<String> {
    let Some(surname) = surname(name).filter(|_| name.chars().all(is_han)) else { return Vec::new() };
    let after = TITLES.iter().chain(&["先生", "女士", "某", "总", "工"]).map(|title| format!("{surname}{title}"));
    ["小", "老"].iter().map(|before| format!("{before}{surname}")).chain(after).collect()
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
        assert_eq!(names("李 四、王\u{3000}五"), ["李四", "王五"]);
        assert_eq!(names("张三 李四 王 五"), ["张三", "李四", "王五"]);
        assert_eq!(names("主任赵六七、孙八九（代）、周副主任"), ["赵六七", "孙八九"]);
        assert_eq!(names("赵六七主任；欧阳 锋"), ["赵六七", "欧阳锋"]);
        assert_eq!(known_as("黄河路街道办事处").collect::<Vec<_>>(), ["黄河路街道办事处", "黄河路", "黄河路街道"]);
        assert_eq!(names("买买提·艾力"), ["买买提·艾力"]);
        assert_eq!(names("社区书记、综合科科长"), Vec::<&str>::new());
        assert_eq!(names("John Smith; Jane Doe"), ["John Smith", "Jane Doe"]);
        for text in ["综合科", "金光路街道", "13800138000", "", "无", "南湖物流园区有限公司", "安全生产负责人"]
        {
            assert_eq!(names(text), Vec::<&str>::new(), "{text}");
        }
    }
}
