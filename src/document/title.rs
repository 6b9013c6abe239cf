//! Breaks Chinese titles into lines (GB/T 9704—2012, 7.3.1): words are not split, and the lines form a trapezoid or a
//! diamond, never a rectangle or an hourglass.
//!
//! This needs no dictionary of Chinese: a title consists of names of units, which the document contains, and of the few
//! words of official prose below. Other text is split only as a last resort.

use super::text::columns;

/// Maximum number of full-width characters in 二号 on a line: 156 mm / 22 pt.
pub const TITLE_CHARACTERS: usize = 20;

/// Maximum number of lines; a longer title is left to the word processor.
const MAX_LINES: usize = 4;

/// Words that are not split. A word must precede its own prefixes.
const WORDS: &[&str] = &[
    "疫情防控",
    "安全生产",
    "食品安全",
    "环境保护",
    "生态环境",
    "城市管理",
    "监督检查",
    "专项督查",
    "专项检查",
    "整改落实",
    "贯彻落实",
    "问题整改",
    "整改工作",
    "突出问题",
    "有关情况",
    "工作情况",
    "落实情况",
    "整改情况",
    "检查情况",
    "督查情况",
    "督办情况",
    "人民政府",
    "街道办事处",
    "办事处",
    "委员会",
    "办公室",
    "指挥部",
    "管理局",
    "监督局",
    "卫生健康",
    "市场监管",
    "市场监督",
    "通知书",
    "提醒函",
    "督办函",
    "交办单",
    "整改单",
    "关于",
    "开展",
    "进一步",
    "做好",
    "加强",
    "推进",
    "督促",
    "限期",
    "逾期",
    "整改",
    "落实",
    "问题",
    "情况",
    "通报",
    "通知",
    "报告",
    "综述",
    "工作",
    "督查",
    "督办",
    "检查",
    "监督",
    "约谈",
    "提醒",
    "提示",
    "交办",
    "专项",
    "突出",
    "城市",
    "管理",
    "安全",
    "生产",
    "食品",
    "环境",
    "保护",
    "疫情",
    "防控",
    "街道",
    "社区",
    "单位",
    "部门",
    "领导",
    "小组",
    "全市",
    "全区",
    "全县",
    "年度",
    "季度",
    "上半年",
    "下半年",
    "清单",
    "台账",
    "统计",
    "方案",
    "意见",
    "建议",
    "措施",
    "责任",
    "期限",
    "反馈",
    "回执",
    "重点",
    "隐患",
    "排查",
    "治理",
    "整治",
    "行动",
    "阶段",
    "典型",
    "案例",
    "处理",
    "结果",
    "会议",
    "精神",
    "人员",
    "名单",
    "分类",
    "分布",
    "明细",
];

/// Returns the lines of `title`. Existing line breaks are kept, a line that fits is not broken, and `names` are not
/// split.
#[must_use]
pub fn lines(title: &str, names: &[&str]) -> Vec<String> {
    title.lines().flat_map(|line| break_line(line.trim(), names)).collect()
}

fn break_line(line: &str, names: &[&str]) -> Vec<String> {
    if columns(line) <= 2 * TITLE_CHARACTERS {
        return vec![line.to_owned()];
    }
    let atoms = atoms(line, names);
    let fewest = columns(line).div_ceil(2 * TITLE_CHARACTERS);
    // An additional line may avoid splitting a word.
    let candidates = (fewest..=(fewest + 1).min(MAX_LINES)).filter_map(|count| best_breaks(&atoms, count));
    let best = candidates.min_by_key(|(cost, _)| *cost);
    best.map_or_else(|| vec![line.to_owned()], |(_, lines)| lines)
}

/// A piece of a title that is never split.
struct Atom<'t> {
    text: &'t str,
    /// Whether it is a known word; otherwise it is a single character.
    is_word: bool,
}

fn atoms<'t>(line: &'t str, names: &[&str]) -> Vec<Atom<'t>> {
    let mut atoms = Vec::new();
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let name =
            names.iter().filter(|name| !name.is_empty() && rest.starts_with(**name)).map(|name| name.len()).max();
        let word = || WORDS.iter().find(|word| rest.starts_with(**word)).map(|word| word.len());
        let found = name.or_else(|| quoted(rest)).or_else(|| number(rest)).or_else(word);
        let (length, is_word) = found.map_or((first.len_utf8(), false), |length| (length, true));
        let (text, after) = rest.split_at(length);
        atoms.push(Atom { text, is_word });
        rest = after;
    }
    atoms
}

/// Returns the length in bytes of a leading 《…》, “…”, （…） or 〔…〕, unless it is nearly as long as a line.
fn quoted(text: &str) -> Option<usize> {
    let close = match text.chars().next()? {
        '《' => '》',
        '“' => '”',
        '（' => '）',
        '〔' => '〕',
        _ => return None,
    };
    let end = text.find(close)? + close.len_utf8();
    (columns(text.get(..end)?) <= 2 * TITLE_CHARACTERS - 8).then_some(end)
}

/// Returns the length in bytes of a leading number or Latin word with its units: `2021年8月3日—5日`, `第16期`,
/// `COVID-19`.
fn number(text: &str) -> Option<usize> {
    let belongs = |c: char| c.is_ascii_alphanumeric() || "年月日期号批次第至—-–.%季度".contains(c);
    let end = text.find(|c| !belongs(c)).unwrap_or(text.len());
    let piece = text.get(..end)?;
    piece.chars().any(|c| c.is_ascii_alphanumeric()).then_some(end)
}

/// Returns the cheapest division into `count` lines, and its cost; `None` if no division fits.
fn best_breaks(atoms: &[Atom<'_>], count: usize) -> Option<(usize, Vec<String>)> {
    let widths: Vec<usize> = atoms.iter().map(|atom| columns(atom.text)).collect();
    let mut best: Option<(usize, Vec<usize>)> = None;
    let mut breaks = Vec::new();
    search(atoms, &widths, count, &mut breaks, &mut best);
    let (cost, breaks) = best?;
    let ends = breaks.iter().copied().chain([atoms.len()]);
    let mut start = 0;
    let lines = ends.map(|end| {
        let line = atoms.get(start..end).unwrap_or_default().iter().map(|atom| atom.text).collect();
        start = end;
        line
    });
    Some((cost, lines.collect()))
}

/// Tries all ways to add the last `count - 1` breaks, and updates `best`.
fn search(
    atoms: &[Atom<'_>],
    widths: &[usize],
    count: usize,
    breaks: &mut Vec<usize>,
    best: &mut Option<(usize, Vec<usize>)>,
) {
    let start = breaks.last().copied().unwrap_or(0);
    let width = |from: usize, to: usize| widths.get(from..to).unwrap_or_default().iter().sum::<usize>();
    if count == 1 {
        let mut lines = Vec::new();
        let mut from = 0;
        for to in breaks.iter().copied().chain([atoms.len()]) {
            lines.push(width(from, to));
            from = to;
        }
        if lines.iter().any(|line| *line > 2 * TITLE_CHARACTERS) {
            return;
        }
        let cost = shape_cost(&lines) + breaks.iter().map(|at| break_cost(atoms, *at)).sum::<usize>();
        if best.as_ref().is_none_or(|(least, _)| cost < *least) {
            *best = Some((cost, breaks.clone()));
        }
        return;
    }
    for at in start + 1..atoms.len() {
        if width(start, at) > 2 * TITLE_CHARACTERS {
            break;
        }
        breaks.push(at);
        search(atoms, widths, count - 1, breaks, best);
        breaks.pop();
    }
}

/// Returns the cost of a break before an atom: low between words, high where it may split a word, and prohibitive
/// before 的 and the like, which belong to the preceding word.
fn break_cost(atoms: &[Atom<'_>], at: usize) -> usize {
    let (Some(before), Some(after)) = (at.checked_sub(1).and_then(|at| atoms.get(at)), atoms.get(at)) else { return 0 };
    if "的了和与及、，：；。）》”〕".contains(after.text)
        || matches!(before.text, "关于" | "对" | "（" | "《" | "“" | "〔")
    {
        return 1000;
    }
    match (before.text, before.is_word, after.is_word) {
        ("的", ..) => 0,
        (_, true, true) => 10,
        (_, true, false) | (_, false, true) => 60,
        _ => 150,
    }
}

/// Returns the cost of a shape, given the widths of its lines in half-width columns: lines of equal length and a waist
/// are wrong, great unevenness is ugly.
fn shape_cost(lines: &[usize]) -> usize {
    let (least, most) = (lines.iter().min().copied().unwrap_or(0), lines.iter().max().copied().unwrap_or(0));
    let rectangle = if most - least < 2 { 40 } else { 0 };
    let has_waist = lines.windows(3).any(|three| matches!(three, [a, b, c] if b < a && b < c));
    let mean = lines.iter().sum::<usize>() / lines.len().max(1);
    let uneven: usize = lines.iter().map(|line| line.abs_diff(mean).pow(2) / 8).sum();
    rectangle + if has_waist { 500 } else { 0 } + uneven + 20 * lines.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(title: &str, names: &[&str], expected: &[&str]) {
        assert_eq!(lines(title, names), expected, "{title}");
    }

    #[test]
    fn words_and_names_stay_whole() {
        check("工作提醒函", &[], &["工作提醒函"]);
        check("关于8月1日—3日疫情防控监督检查情况的通报", &[], &["关于8月1日—3日疫情防控监督检查情况的通报"]);
        check(
            "关于某某区人民政府城市管理突出问题整改落实情况专项督查的通报",
            &["某某区人民政府"],
            &["关于某某区人民政府城市管理", "突出问题整改落实情况专项督查的通报"],
        );
        check(
            "关于2021年8月3日—2021年8月5日郑东新区疫情防控监督检查情况的通报",
            &["郑东新区"],
            &["关于2021年8月3日—2021年8月5日", "郑东新区疫情防控监督检查情况的通报"],
        );
    }

    #[test]
    fn three_lines_have_no_waist() {
        let title = "某某市安全生产委员会办公室关于全市第三季度危险化学品企业安全隐患排查治理专项行动督查情况的通报";
        let lines = lines(title, &["某某市安全生产委员会办公室"]);
        assert_eq!(lines.concat(), title);
        let widths: Vec<usize> = lines.iter().map(|line| columns(line)).collect();
        assert!(widths.iter().all(|width| *width <= 2 * TITLE_CHARACTERS), "{lines:?}");
        assert!(!widths.windows(3).any(|three| three[1] < three[0] && three[1] < three[2]), "{lines:?}");
        assert!(lines.iter().all(|line| !line.starts_with('的')), "{lines:?}");
    }

    #[test]
    fn what_stands_in_quotes_and_own_line_breaks_stay() {
        check("甲\n乙", &[], &["甲", "乙"]);
        let title = "关于《某某市食品安全监督检查办法》执行情况专项督查发现问题整改的通报";
        let lines = lines(title, &[]);
        assert!(lines.iter().any(|line| line.contains("《某某市食品安全监督检查办法》")), "{lines:?}");
    }

    #[test]
    fn a_title_without_an_end_is_left_alone() {
        let title = "督".repeat(200);
        assert_eq!(lines(&title, &[]).concat(), title);
    }
}
