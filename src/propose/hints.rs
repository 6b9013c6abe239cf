//! What words that no vocabulary knows probably mean.
//!
//! Whether an issue counts as put right rests on such words, so a hint is sure only where each part of a word is known.
//! The others are what is offered first when somebody is asked.

use crate::model::Field;
use crate::model::value::{DISPOSITIONS, ValueInfo};
use crate::project::vocabulary::{Vocabularies, normal};

/// What a word probably means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hint {
    /// The canonical value.
    pub(super) value: &'static str,
    /// Whether it follows from known words.
    pub(super) is_sure: bool,
}

/// What a description or a result says where nothing was found, beside what the reader knows.
const NOTHING: [&str; 34] = [
    "合格",
    "检查合格",
    "抽检合格",
    "符合",
    "符合要求",
    "符合规定",
    "达标",
    "未见异常",
    "未发现违法行为",
    "未发现违法违规行为",
    "未发现违规行为",
    "未发现安全隐患",
    "未发现问题隐患",
    "检查未发现问题",
    "本次检查未发现问题",
    "无安全隐患",
    "无违法行为",
    "无需整改",
    "pass",
    "passed",
    "satisfactory",
    "satisfaisant",
    "très satisfaisant",
    "compliant",
    "in compliance",
    "no violation",
    "no violations",
    "no violations found",
    "no violations observed",
    "no violations were observed",
    "no violations noted",
    "no deficiencies",
    "no deficiencies found",
    "no infractions",
];

/// Whether a description or a result says that nothing was found.
pub(super) fn says_nothing_found(text: &str) -> bool {
    if text.is_empty() || text.len() > 60 {
        return false;
    }
    let word = normal(text);
    NOTHING.contains(&word.trim_end_matches(['。', '.', '!', ';', ',']))
}

/// The disposition at the end of a description, after a dash: the value, and the end with its dash.
pub(super) fn ending(description: &str) -> Option<(&'static str, &str)> {
    let at = [" - ", " – ", "——", "（"].iter().filter_map(|dash| description.rfind(dash)).max()?;
    let ending = description.get(at..)?;
    let word = normal(ending.trim_matches(|c: char| " -–—（）".contains(c)));
    if word.chars().count() < 4 || ending.contains('*') {
        return None;
    }
    let is_spelling =
        |info: &&ValueInfo| [info.zh, info.en].iter().chain(info.spellings).any(|spelling| normal(spelling) == word);
    DISPOSITIONS.iter().find(is_spelling).map(|info| (info.key, ending))
}

/// Words that deny, in Chinese: none of them may be in a word that is taken for its end.
const DENIALS: [&str; 9] = ["未", "待", "不", "没", "无法", "部分", "基本", "逾期", "暂"];

/// What is offered first: parts of words, tried in order, with what else may not be in them.
const PARTS: [(Field, &[&str], &str); 22] = [
    (
        Field::Disposition,
        &["现场整改", "当场整改", "现场改正", "当场改正", "现场纠正", "当场纠正", "现场消除", "corrected"],
        "on_site",
    ),
    (Field::Disposition, &["立即", "即时", "立行", "马上", "immediate"], "immediate"),
    (Field::Disposition, &["限期", "限时", "责令", "期限", "通知书", "notice"], "deadline"),
    (
        Field::Disposition,
        &["移送", "立案", "查处", "处罚", "summons", "ticket", "order", "prosecut", "refer", "closure"],
        "transferred",
    ),
    (Field::Disposition, &["提醒", "教育", "警告", "告诫", "education", "advice", "warning"], "advised"),
    (Field::Disposition, &["交办", "转办", "转交", "派单"], "assigned"),
    (Field::Disposition, &["长期", "持续"], "long_term"),
    (
        Field::Status,
        &["未整改", "未完成", "待整改", "整改中", "处理中", "正在", "办理中", "open", "active", "outstanding"],
        "in_progress",
    ),
    (Field::Status, &["待复查", "待验收", "待审核", "待核", "反馈", "回复", "答复"], "reported"),
    (Field::Status, &["退回", "驳回", "不合格"], "returned"),
    (Field::Status, &["销号", "办结", "闭环", "结案", "关闭", "归档", "closed", "removed"], "closed"),
    (Field::Status, &["复查合格", "验收合格", "核查属实", "verified"], "verified"),
    (
        Field::Status,
        &[
            "已整改",
            "整改完",
            "已完成",
            "已解决",
            "已处理",
            "整改到位",
            "修复",
            "现场处置",
            "现场整改",
            "resolved",
            "fixed",
        ],
        "rectified",
    ),
    (Field::SignedOff, &["未", "待", "不", "暂", "否"], "not_closed"),
    (Field::SignedOff, &["销号", "销项", "办结", "闭环", "结案", "关闭", "已", "是", "同意"], "closed"),
    (Field::Review, &["不合格", "未整改", "不到位", "不通过", "不符合"], "returned"),
    (Field::Review, &["合格", "通过", "到位", "属实", "符合"], "verified"),
    (Field::Status, &["登记", "新建", "new"], "registered"),
    (Field::Status, &["派", "交办", "assigned"], "assigned"),
    (Field::Status, &["签收", "受理", "确认", "confirmed"], "signed"),
    (Field::Status, &["撤销", "作废", "取消", "重复", "duplicate", "invalid"], "withdrawn"),
    (Field::Status, &["反弹", "重启", "重新打开", "reopen"], "reopened"),
];

/// Words of a status from the least to the farthest, after those that deny.
const ORDER: [&str; 12] = [
    "withdrawn",
    "returned",
    "reopened",
    "in_progress",
    "closed",
    "verified",
    "rectified",
    "reported",
    "signed",
    "transferred",
    "assigned",
    "registered",
];

/// What a word of a field probably means; `headers` are those of the disposition.
pub(super) fn hint(field: Field, text: &str, headers: &[String], known: &Vocabularies) -> Option<Hint> {
    let word = normal(text);
    if field == Field::Disposition {
        // Under 现场是否整改 or `corrected_at_inspection`, yes is an answer to that.
        let asks = |header: &String| {
            let header = header.to_lowercase();
            ["现场", "当场", "corrected", "on site", "onsite"].iter().any(|part| header.contains(part))
        };
        if headers.iter().any(asks) {
            match word.as_str() {
                "yes" | "y" | "true" | "1" | "是" | "已" => return Some(Hint { value: "on_site", is_sure: true }),
                "no" | "n" | "false" | "0" | "否" | "未" => return Some(Hint { value: "deadline", is_sure: true }),
                _ => {}
            }
        }
    } else if let Some(value) = of_two_words(field, &word, known) {
        return Some(Hint { value, is_sure: true });
    }
    let is_status = |other: Field| other == Field::Status && matches!(field, Field::SignedOff | Field::Review);
    let own = PARTS.iter().filter(|(of, ..)| *of == field).chain(PARTS.iter().filter(|(of, ..)| is_status(*of)));
    let said = |(_, parts, value): &&(Field, &[&str], &'static str)| {
        let denies = DENIALS.iter().any(|denial| word.contains(denial));
        let is_end = matches!(*value, "on_site" | "rectified" | "closed" | "verified");
        parts.iter().any(|part| word.contains(part)) && !(is_end && denies)
    };
    let found = own.clone().find(said)?;
    Some(Hint { value: found.2, is_sure: false })
}

/// The meaning of a word that is two known ones: 已整改销号. What denies goes before what was done, and then the farthest.
fn of_two_words(field: Field, word: &str, known: &Vocabularies) -> Option<&'static str> {
    let cuts = word.char_indices().map(|(at, _)| at).skip(2);
    for at in cuts.filter(|at| word[*at..].chars().count() >= 2) {
        let (first, second) = word.split_at(at);
        let second = second.trim_start_matches(['、', ',', ';', '/', '+', '并', '且', ' ']);
        let meaning = |part: &str| known.status_word(field, part.trim_end_matches(['、', ',', ';', '/', '+', ' ']));
        if let (Some(first), Some(second)) = (meaning(first), meaning(second)) {
            return ORDER.into_iter().find(|value| [first.as_str(), second.as_str()].contains(value));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_of_known_words_is_sure_and_others_are_offered() {
        let known = Vocabularies::built_in();
        let of = |field, text: &str| hint(field, text, &[], &known).map(|hint| (hint.value, hint.is_sure));
        for (field, text, expected) in [
            (Field::SignedOff, "已整改销号", Some(("closed", true))),
            (Field::Status, "已整改待验收", Some(("rectified", true))),
            (Field::Status, "部分整改完成", Some(("in_progress", true))),
            (Field::Status, "基本整改完成", None),
            (Field::Status, "还没有整改", None),
            (Field::SignedOff, "现场处置", Some(("rectified", false))),
            (Field::Disposition, "责令限期十日内改正", Some(("deadline", false))),
            (Field::Disposition, "要求现场整改但未完成", None),
            (Field::Disposition, "Summons", Some(("transferred", false))),
            (Field::Status, "removed", Some(("closed", false))),
            (Field::Status, "蓝", None),
        ] {
            assert_eq!(of(field, text), expected, "{text}");
        }
        let headers = ["corrected_at_inspection".to_owned()];
        let asked = |text: &str| hint(Field::Disposition, text, &headers, &known);
        assert_eq!(asked("Yes"), Some(Hint { value: "on_site", is_sure: true }));
        assert_eq!(asked("No"), Some(Hint { value: "deadline", is_sure: true }));
        assert_eq!(of(Field::Disposition, "Yes"), None);
    }

    #[test]
    fn the_end_of_a_description_may_say_how_it_was_handled() {
        let end = ending("Dishes: dirty - Corrected During Inspection");
        assert_eq!(end, Some(("on_site", " - Corrected During Inspection")));
        assert_eq!(ending("楼道堆物（当场整改）"), Some(("on_site", "（当场整改）")));
        for text in ["Dishes - dirty", "楼道堆物", "a - 是", "Corrected During Inspection"] {
            assert_eq!(ending(text), None, "{text}");
        }
    }

    #[test]
    fn what_was_not_found_is_no_issue() {
        for text in ["合格", "Pass", "No violations found.", "Très satisfaisant", "未发现安全隐患。"] {
            assert!(says_nothing_found(text), "{text}");
        }
        for text in ["", "不合格", "合格证过期", "未发现消防器材"] {
            assert!(!says_nothing_found(text), "{text}");
        }
    }
}
