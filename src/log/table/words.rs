//! Recognises rows that are not records by their first words: totals, subtotals, signatures and legends.

use crate::project::vocabulary::normal;
use crate::words::number;

/// A cell that marks its row as a total.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TotalMark {
    /// `合计`, `合计（个）`: the counts are in other cells.
    Label,
    /// The label with its count: `合计：11个`, `共11个`, `合计：11个，其中现场整改4个`.
    Count(u64),
}

/// Reads a cell as the mark of a total row. `word` must be [normalised](normal).
pub(super) fn total_mark(word: &str) -> Option<TotalMark> {
    const WORDS: [&str; 13] = [
        "grand total",
        "grand count",
        "totals",
        "total",
        "sum",
        "合计",
        "总计数",
        "总计",
        "共计",
        "总数",
        "累计",
        "汇总",
        "共",
    ];
    let label = WORDS.into_iter().find(|label| word.starts_with(label))?;
    let rest = word[label.len()..].trim_start_matches([':', ' ']);
    if rest.is_empty() || rest.starts_with('(') && rest.ends_with(')') {
        // 共 alone is not a label: many sentences begin with it.
        return (label != "共").then_some(TotalMark::Label);
    }
    let count = plain_count(rest).or_else(|| {
        let (count, parts) = rest.split_once([',', ';', '(', '。'])?;
        // A description may begin so, too.
        (label != "共" || parts.starts_with("其中")).then(|| plain_count(count))?
    });
    count.map(TotalMark::Count)
}

/// Reads a cell as the label of a subtotal, with or without its count: 小计, `subtotal: 3`.
pub(super) fn subtotal_mark(word: &str) -> Option<TotalMark> {
    let rest = ["小计", "subtotal", "sub-total"].into_iter().find_map(|label| word.strip_prefix(label))?;
    let rest = rest.trim_start_matches([':', ' ']);
    if rest.is_empty() || rest.starts_with('(') {
        return Some(TotalMark::Label);
    }
    plain_count(rest).map(TotalMark::Count)
}

/// Reads a cell as the label that a spreadsheet puts below the rows of a group, 甲社区 计数 or `Fire safety Count`:
/// returns the name of the group and the rest of the label.
///
/// Only for a row without a description: a unit may be called 数据汇总.
pub(super) fn group_label(text: &str) -> Option<(String, &'static str)> {
    const SUFFIXES: [&str; 8] = ["计数", "汇总", "小计", "合计", "总计", " count", " total", " subtotal"];
    let text = text.trim().trim_end_matches([':', '：']);
    SUFFIXES.into_iter().find_map(|suffix| {
        let at = text.len().checked_sub(suffix.len())?;
        let (group, label) = (text.get(..at)?.trim(), text.get(at..)?);
        (!group.is_empty() && label.eq_ignore_ascii_case(suffix)).then(|| (group.to_owned(), suffix))
    })
}

/// Reads a cell that holds only a count: `33`, `33个`, `共33条`, `３３`, `33.0`, 发现问题33个, 33个问题.
pub(super) fn plain_count(text: &str) -> Option<u64> {
    let text = normal(text);
    let text = ["共发现", "共计", "共", "发现"].into_iter().find_map(|word| text.strip_prefix(word)).unwrap_or(&text);
    let text = text.strip_prefix("问题").or_else(|| text.strip_suffix("问题")).unwrap_or(text);
    let text = text.trim_end_matches(['个', '件', '条', '项', '处', '起']).trim();
    number::parse(text.strip_suffix(".0").unwrap_or(text))
}

/// Whether a normalised cell says who filled in, checked or sent the table, or when.
///
/// It does if it is one of the labels, alone or followed by a colon, a bracket or a space.
pub(super) fn is_signature(word: &str) -> bool {
    const WHO: [&str; 24] = [
        "填表人",
        "制表人",
        "填报人",
        "经办人",
        "联系人",
        "审核人",
        "复核人",
        "审批人",
        "签发人",
        "填报单位负责人",
        "单位负责人",
        "主要负责人",
        "分管负责人",
        "分管领导",
        "负责人签字",
        "填报单位",
        "制表单位",
        "报送单位",
        "单位盖章",
        "制表",
        "审核",
        "签字",
        "prepared by",
        "checked by",
    ];
    const WHEN: [&str; 4] = ["填表", "填报", "制表", "报送"];
    let ends = |rest: &str| rest.is_empty() || rest.starts_with([':', '(', ' ']);
    let when = |rest: &str| ["日期", "时间"].iter().any(|word| rest.strip_prefix(word).is_some_and(ends));
    WHO.iter().any(|label| word.strip_prefix(label).is_some_and(ends))
        || WHEN.iter().any(|label| word.strip_prefix(label).is_some_and(when))
}

/// Whether a normalised cell begins a note on the table.
pub(super) fn is_legend(word: &str) -> bool {
    const LABELS: [&str; 17] = [
        "注",
        "说明",
        "备注",
        "填表说明",
        "填报说明",
        "填写说明",
        "填表要求",
        "填报要求",
        "填写要求",
        "报送要求",
        "填报须知",
        "图例",
        "注意",
        "附注",
        "note",
        "notes",
        "legend",
    ];
    let is_mark = |rest: &str| rest.starts_with([':', '：', '1', '一', '.', '、']);
    LABELS.iter().any(|label| word.strip_prefix(label).is_some_and(|rest| rest.is_empty() || is_mark(rest)))
        || word.starts_with('※')
}

/// Whether a normalised cell begins with a mark that stands before notes and before issues.
pub(super) fn is_bullet(word: &str) -> bool {
    word.starts_with(['★', '●', '▲'])
}

/// Whether a normalised cell says that nothing follows: 以下空白.
pub(super) fn is_end_mark(word: &str) -> bool {
    let rest = word.trim_matches(['(', ')', '-', ' ']).strip_prefix("以下");
    rest.is_some_and(|rest| rest == "空白" || rest == "无正文")
}

/// Whether a normalised cell holds a running number and no more: 3, (3), 3., 第三条, ③, `A-3`.
pub(super) fn is_running_number(word: &str) -> bool {
    let core = word.strip_prefix('第').unwrap_or(word).trim_end_matches(['条', '项', '号', '个']);
    let core = core.trim_matches(['(', ')', '.', '、', ',', ' ']);
    number::parse(core).is_some()
        || !core.contains(char::is_alphabetic)
        || core.is_ascii() && !core.contains(char::is_whitespace)
}

/// Whether a normalised cell numbers a page: 第1页 共3页, `page 1 of 3`, `- 2 -`.
pub(super) fn is_page_line(word: &str) -> bool {
    if let Some(page) = word.strip_prefix('-').and_then(|rest| rest.strip_suffix('-')) {
        return number::parse(page).is_some();
    }
    let rest: String = word.chars().filter(|c| !c.is_whitespace() && !matches!(c, ',' | '/' | '-')).collect();
    if let Some(rest) = rest.strip_prefix("page") {
        return rest.split("of").all(|part| number::parse(part).is_some());
    }
    let mut parts = rest.split('页').filter(|part| !part.is_empty()).peekable();
    rest.ends_with('页')
        && parts.peek().is_some()
        && parts.all(|part| number::parse(part.trim_start_matches(['第', '共'])).is_some())
}

/// Whether a normalised cell that stands alone is the heading of a part of the table: 一、消防安全, (二)环境卫生.
pub(super) fn is_part_heading(word: &str) -> bool {
    let word = word.strip_prefix('第').unwrap_or(word);
    let (word, marks): (&str, &[&str]) = match word.strip_prefix('(') {
        Some(rest) => (rest, &[")"]),
        None => (word, &["、", "部分", "."]),
    };
    let digits = word.trim_start_matches(|c: char| "一二三四五六七八九十".contains(c));
    digits.len() < word.len() && marks.iter().any(|mark| digits.starts_with(mark))
}

/// Whether the heading of a part says how many rows it has or how they stand: 一、已销号问题（3个）.
pub(super) fn says_of_rows(word: &str) -> bool {
    let states = ["整改", "销号", "完成", "办结", "逾期"];
    states.iter().any(|state| word.contains(state)) || word.chars().any(|c| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_total_may_stand_in_one_cell_with_its_word() {
        for (cell, expected) in [
            ("合计", Some(TotalMark::Label)),
            ("合　计：", Some(TotalMark::Label)),
            ("合计（个）", Some(TotalMark::Label)),
            ("合计：11个", Some(TotalMark::Count(11))),
            ("合计１１", Some(TotalMark::Count(11))),
            ("共11个", Some(TotalMark::Count(11))),
            ("合计：11个，其中现场整改4个", Some(TotalMark::Count(11))),
            ("共11个，其中现场整改4个", Some(TotalMark::Count(11))),
            ("共3个，均已过期", None),
            ("共计 11 条", Some(TotalMark::Count(11))),
            ("Total: 11", Some(TotalMark::Count(11))),
            ("共", None),
            ("共3个灭火器过期", None),
            ("合计金额不符", None),
            ("sumo", None),
            ("总计数", Some(TotalMark::Label)),
            ("汇总", Some(TotalMark::Label)),
            ("Grand Count", Some(TotalMark::Label)),
        ] {
            assert_eq!(total_mark(&normal(cell)), expected, "{cell}");
        }
    }

    #[test]
    fn lines_that_are_no_rows_are_recognised() {
        for cell in ["第1页 共3页", "第 1 页，共 3 页", "第1页/共3页", "Page 1 of 3", "page 2", "- 2 -", "第十页"]
        {
            assert!(is_page_line(&normal(cell)), "{cell}");
        }
        for cell in ["共3个灭火器", "3", "2021-08-03", "第1页缺失", "网页"] {
            assert!(!is_page_line(&normal(cell)), "{cell}");
        }
        for cell in ["说明：红色为逾期", "注", "备注1.本表", "※本表一式两份", "图例：√已整改", "填写要求：每月报送"]
        {
            assert!(is_legend(&normal(cell)), "{cell}");
        }
        for cell in ["注射器过期", "说明书缺失", "备注栏未填", "以下为灭火器", "●污水横流"] {
            assert!(!is_legend(&normal(cell)) && !is_end_mark(&normal(cell)), "{cell}");
        }
        for cell in ["（以下空白）", "以下无正文"] {
            assert!(is_end_mark(&normal(cell)), "{cell}");
        }
        for cell in ["3", "（3）", "3.", "第三条", "③", "十二", "A-3", "●"] {
            assert!(is_running_number(&normal(cell)), "{cell}");
        }
        for cell in ["3、灭火器丢失", "甲街道", "3. door broken", "合计：11个"] {
            assert!(!is_running_number(&normal(cell)), "{cell}");
        }
        for cell in ["一、消防安全", "（二）环境卫生", "第三部分 台账", "十一、其他"] {
            assert!(is_part_heading(&normal(cell)), "{cell}");
        }
        for cell in ["一楼", "甲社区", "二七路街道", "十里铺"] {
            assert!(!is_part_heading(&normal(cell)), "{cell}");
        }
    }

    #[test]
    fn a_spreadsheet_names_the_group_that_it_counts() {
        for (cell, expected) in [
            ("甲社区 计数", Some(("甲社区", "计数"))),
            ("甲社区 汇总", Some(("甲社区", "汇总"))),
            ("甲社区小计：", Some(("甲社区", "小计"))),
            ("Fire safety Count", Some(("Fire safety", " count"))),
            ("计数", None),
            ("汇总", None),
            ("Account", None),
            ("甲社区", None),
        ] {
            let expected = expected.map(|(group, label)| (group.to_owned(), label));
            assert_eq!(group_label(cell), expected, "{cell}");
        }
    }

    #[test]
    fn a_signature_is_a_label_and_not_a_sentence() {
        for cell in ["填表人：张三", "单位负责人：", "经办人:李四", "报送单位（盖章）：", "填报时间：2021年8月", "审核"]
        {
            assert!(is_signature(&normal(cell)), "{cell}");
        }
        for cell in ["联系人名单未上墙", "审核不严", "填报时间滞后", "经办人员无证"] {
            assert!(!is_signature(&normal(cell)), "{cell}");
        }
    }
}
