//! The vocabularies of dispositions, statuses, sources and measures: canonical keys, labels, spellings.
//!
//! The spellings here are in common use; a project can add values and spellings (`values:` and `sources:` in
//! `duban.yaml`).

use crate::words::lang::Lang;

/// One value of a vocabulary.
#[derive(Debug)]
pub struct ValueInfo {
    /// The canonical key.
    pub key: &'static str,
    /// The Chinese label, which is also accepted as a spelling.
    pub zh: &'static str,
    /// The English label, which is also accepted as a spelling.
    pub en: &'static str,
    /// Other spellings.
    pub spellings: &'static [&'static str],
}

impl ValueInfo {
    /// Returns the label in a language.
    #[must_use]
    pub fn label(&self, lang: Lang) -> &'static str {
        lang.pick(self.zh, self.en)
    }
}

macro_rules! values {
    ($($key:literal $zh:literal $en:literal [$($s:literal),* $(,)?];)*) => {
        &[$(ValueInfo { key: $key, zh: $zh, en: $en, spellings: &[$($s),*] }),*]
    };
}

/// How an issue was handled when it was found. Every issue has exactly one: dispositions partition the issues found.
#[rustfmt::skip]
pub const DISPOSITIONS: &[ValueInfo] = values! {
    "on_site" "现场整改" "fixed on site" ["现场指导整改", "当场整改", "现场点评整改", "立整立改", "已现场整改", "边督边改", "当场纠正", "现场纠正", "现场指导", "on site", "corrected during inspection", "corrected on site", "是", "√"];
    "immediate" "立行立改" "immediate" ["立即整改", "即知即改", "立改立行", "马上改", "即时整改", "immediately"];
    "deadline" "限期整改" "with a deadline" ["限时整改", "期限整改", "责令限期整改", "隐患整改通知单", "限期", "by deadline", "time limit", "否", "×"];
    "staged" "分阶段整改" "in stages" ["分步整改", "阶段性整改", "staged"];
    "long_term" "持续整改" "long-term" ["长期整改", "长期坚持", "持续推进", "long term"];
    "assigned" "交办" "assigned" ["转办", "点对点交办", "移交", "督办", "挂牌督办", "交办整改"];
    "transferred" "移送线索" "transferred" ["移送", "线索移送", "移送问题线索", "referred"];
    "advised" "口头提醒" "advised" ["批评教育", "提醒", "当面提醒", "advice given"];
};

/// The status in the log. Whether an issue is rectified, open or overdue is computed, see
/// [`State`](super::state::State).
#[rustfmt::skip]
pub const STATUSES: &[ValueInfo] = values! {
    "registered" "登记" "registered" ["待交办", "未交办", "新建", "已登记"];
    "assigned" "已交办" "assigned" ["待签收", "交办", "已下发"];
    "signed" "已签收" "signed for" ["签收"];
    "in_progress" "整改中" "in progress" ["正在整改", "办理中", "在办", "推进中", "部分整改", "未整改", "待整改", "持续整改", "无法完成", "未完成", "未办结", "未销号", "否", "×", "x", "no", "open", "not rectified"];
    "reported" "已反馈" "reported" ["待复核", "待验收", "待审核", "已回复"];
    "rectified" "已整改" "rectified" ["整改到位", "已完成", "完成", "完成整改", "已改正", "已整改到位", "整改完成", "done", "fixed", "corrected"];
    "verified" "已复核" "verified" ["审核通过", "已验收", "验收合格", "复核通过"];
    "closed" "已销号" "closed" ["办结", "已办结", "销号", "是", "√", "✓", "yes"];
    "returned" "退回" "returned" ["驳回", "审核失败", "退回重办"];
    "reopened" "重启" "reopened" ["反弹", "重新打开", "复发"];
    "transferred" "已移送" "transferred" ["移送", "移送线索"];
    "withdrawn" "撤销" "withdrawn" ["作废", "已撤销", "合并", "取消", "void"];
};

/// The source of an issue.
#[rustfmt::skip]
pub const SOURCES: &[ValueInfo] = values! {
    "self" "自查" "self-check" ["自行发现", "自查发现", "企业自查"];
    "routine" "日常检查" "routine inspection" ["日常督查", "常规检查", "日常监督", "routine"];
    "special" "专项督查" "special inspection" ["专项检查", "专项整改", "专项"];
    "undercover" "暗访" "undercover" ["明察暗访", "四不两直", "暗访督查", "暗访督查反馈"];
    "cross" "交叉检查" "cross-inspection" ["交叉互查", "互查"];
    "inspection_tour" "巡察反馈" "inspection tour" ["巡察", "巡视", "巡视反馈", "巡视巡察"];
    "audit" "审计" "audit" ["审计发现", "审计反馈"];
    "superior" "上级转办" "from above" ["市级转办", "省级转办", "区级转办", "上级交办", "市级指挥部交办", "区级指挥部交办", "上级督办", "中央督察", "省级督察", "部委交办", "superior"];
    "leader" "领导批示" "leader's instruction" ["领导批示交办", "领导交办", "批示"];
    "hotline" "12345热线" "hotline" ["热线", "12345", "政务热线", "市长热线"];
    "petition" "信访" "petition" ["来信", "来电", "来访", "信访件"];
    "media" "媒体" "media" ["网络舆情", "舆情", "网络", "新闻媒体"];
    "public" "群众举报" "the public" ["群众反映", "群众", "举报", "人大代表", "政协委员", "特约监察员", "群众投诉", "投诉"];
};

/// The types of measures taken by the office.
#[rustfmt::skip]
pub const MEASURE_TYPES: &[ValueInfo] = values! {
    "interview" "约谈" "interview" ["约谈提醒", "集体约谈"];
    "case" "立案" "case" ["立案审查", "案件", "立案查处"];
    "other" "其他" "other" [];
};

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_spelling_means_two_values_of_one_vocabulary() {
        for values in [DISPOSITIONS, STATUSES, SOURCES, MEASURE_TYPES] {
            let mut seen = BTreeSet::new();
            for value in values {
                let names: BTreeSet<_> =
                    [value.key, value.zh, value.en].iter().chain(value.spellings).map(|s| s.to_lowercase()).collect();
                for name in names {
                    assert!(seen.insert(name.clone()), "{name}");
                }
            }
        }
    }
}
