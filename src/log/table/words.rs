//! Recognises rows that are not records by their first words: totals, subtotals, signatures and legends.

use crate::project::vocabulary::normal;
use crate::words::number;

/// A cell that marks its row as a total.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TotalMark {
    /// `合计`, `合计（个）`: the counts are in other cells.
    Label,
    /// The label with its count: `合计：11个`, `共11个`.
    Count(u64),
}

/// Reads a cell as the mark of a total row. `word` must be [normalised](normal).
pub(super) fn total_mark(word: &str) -> Option<TotalMark> {
    const WORDS: [&str; 10] = ["grand total", "totals", "total", "sum", "合计", "总计", "共计", "总数", "累计", "共"];
    let label = WORDS.into_iter().find(|label| word.starts_with(label))?;
    let rest = word[label.len()..].trim_start_matches([':', ' ']);
    if rest.is_empty() || rest.starts_with('(') && rest.ends_with(')') {
        // 共 alone is not a label: many sentences begin with it.
        return (label != "共").then_some(TotalMark::Label);
    }
    plain_count(rest).map(TotalMark::Count)
}

/// Whether a normalised cell marks a subtotal, with or without its count.
pub(super) fn is_subtotal(word: &str) -> bool {
    ["小计", "subtotal", "sub-total"].into_iter().any(|label| {
        word.strip_prefix(label).is_some_and(|rest| {
            let rest = rest.trim_start_matches([':', ' ']);
            rest.is_empty() || rest.starts_with('(') || plain_count(rest).is_some()
        })
    })
}

/// Reads a cell that holds only a count: `33`, `33个`, `共33条`, `３３`.
pub(super) fn plain_count(text: &str) -> Option<u64> {
    let text = normal(text);
    let text = text.strip_prefix('共').unwrap_or(&text);
    let text = text.trim_end_matches(['个', '件', '条', '项', '处', '起']).trim();
    number::parse(text)
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
    ["注", "说明", "备注", "填表说明", "note", "notes"]
        .iter()
        .any(|label| word.strip_prefix(label).is_some_and(|rest| rest.starts_with([':', '：', '1', '一', '.'])))
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
            ("共计 11 条", Some(TotalMark::Count(11))),
            ("Total: 11", Some(TotalMark::Count(11))),
            ("共", None),
            ("共3个灭火器过期", None),
            ("合计金额不符", None),
            ("sumo", None),
        ] {
            assert_eq!(total_mark(&normal(cell)), expected, "{cell}");
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
