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

/// What a disposition or a category is that the log does not state (未注明): a value like any other, so that sums hold.
pub const UNSTATED: &str = "unstated";

/// How an issue was handled when it was found. Every issue has exactly one: dispositions partition the issues found.
/// The last one stands for what is not stated.
#[rustfmt::skip]
pub const DISPOSITIONS: &[ValueInfo] = values! {
    "on_site" "现场整改" "fixed on site" ["现场指导整改", "当场整改", "现场点评整改", "立整立改", "已现场整改", "边督边改", "当场纠正", "现场纠正", "现场指导", "on site", "corrected during inspection", "corrected on site", "是", "√", "现场处理", "当场处理", "现场处置", "现场改正", "当场改正", "立查立改", "即查即改", "现场整改完成", "当场整改完成", "已当场整改", "现场督促整改", "corrected", "corrected on the spot"];
    "immediate" "立行立改" "immediate" ["立即整改", "即知即改", "立改立行", "马上改", "即时整改", "immediately", "立即改正", "责令立即整改", "责令立即改正", "即时改正", "立刻整改"];
    "deadline" "限期整改" "with a deadline" ["限时整改", "期限整改", "责令限期整改", "隐患整改通知单", "限期", "by deadline", "time limit", "否", "×", "限期改正", "责令改正", "责令限期改正", "责令整改", "限时改正", "限期治理", "限期完成整改", "下发整改通知书", "下达整改通知书", "整改通知书", "下发整改通知单", "下达整改通知单", "整改通知单", "隐患整改通知书", "下发限期整改通知书", "限期整改通知书", "停工整改", "局部停工整改", "停工", "停业整顿", "停业整改", "停产整顿", "停产整改", "停产停业整顿", "责令停工整改", "责令停业整顿", "责令停产停业整顿", "notice to comply", "stop work", "stop work order", "notice to correct"];
    "staged" "分阶段整改" "in stages" ["分步整改", "阶段性整改", "staged", "分期整改", "分批整改"];
    "long_term" "持续整改" "long-term" ["长期整改", "长期坚持", "持续推进", "long term", "常态化整改", "长期治理"];
    "assigned" "交办" "assigned" ["转办", "点对点交办", "移交", "督办", "挂牌督办", "交办整改"];
    "transferred" "移送线索" "transferred" ["移送", "线索移送", "移送问题线索", "referred"];
    "advised" "口头提醒" "advised" ["批评教育", "提醒", "当面提醒", "advice given", "口头警告", "口头批评", "口头教育", "口头告知", "提醒教育", "批评警告", "verbal warning"];
    "unstated" "未注明" "unstated" ["未填写", "未填", "待定", "未定", "不详", "无", "/", "\\", "—", "——", "-", "--", "n/a"];
};

/// The status in the log. Whether an issue is rectified, open or overdue is computed, see
/// [`State`](super::state::State).
/// `in_progress`, `returned` and `reopened` deny a rectification; `not_closed` denies only that the issue is closed. A tick
/// or 是 is here that of 是否整改: under 是否销号 it is one of [`SIGN_OFFS`].
#[rustfmt::skip]
pub const STATUSES: &[ValueInfo] = values! {
    "registered" "登记" "registered" ["待交办", "未交办", "新建", "已登记", "待处理", "待分派", "待派发", "待派单", "待下发", "未下发"];
    "assigned" "已交办" "assigned" ["待签收", "交办", "已下发"];
    "signed" "已签收" "signed for" ["签收", "已接收", "已受理"];
    "in_progress" "整改中" "in progress" ["正在整改", "办理中", "在办", "推进中", "部分整改", "未整改", "待整改", "持续整改", "无法完成", "未完成", "否", "×", "x", "no", "open", "not rectified", "开放", "未闭环", "未关闭", "待解决", "未解决", "未处理", "处理中", "整改处理中", "待落实", "未落实", "落实中", "未到位", "未整改到位", "整改未到位", "整改不到位", "未完成整改", "整改未完成", "未整改完成", "未整改完毕", "尚未整改", "正在办理", "进行中", "正在进行", "部分完成", "部分落实", "逾期未整改", "超期未整改", "到期未整改", "未按期整改", "未按时整改", "延期整改", "整改延期", "已延期", "未改正", "未纠正", "长期整改", "ongoing", "pending", "unresolved", "not corrected", "not completed", "incomplete"];
    "reported" "已反馈" "reported" ["待复核", "待验收", "待审核", "已回复", "待复查", "待验证", "待审查", "待核查", "待审批", "已上报", "已报送", "已回复待复查", "整改待复查"];
    "rectified" "已整改" "rectified" ["整改到位", "已完成", "完成", "完成整改", "已改正", "已整改到位", "整改完成", "done", "fixed", "corrected", "已完成整改", "整改完毕", "已整改完毕", "已整改完成", "按期整改", "已按期整改", "按时整改", "已按时整改", "按期完成", "按期完成整改", "已按期完成整改", "按要求整改", "已按要求整改", "已落实", "落实到位", "已解决", "已处理", "处理完毕", "已处理完毕", "已处置", "处置完毕", "已纠正", "已改", "立即整改完成", "现场已整改", "全部整改", "全部完成", "全部整改完成", "是", "√", "✓", "yes", "y", "resolved", "rectified on site", "complete", "completed", "finished"];
    "verified" "已复核" "verified" ["审核通过", "已验收", "验收合格", "复核通过", "合格", "复查合格", "复核合格", "核查合格", "整改合格", "通过", "复查通过", "验收通过", "核查通过", "复查已整改", "验收完成", "accepted"];
    "not_closed" "未销号" "not closed" ["未销项", "未办结", "未结案", "待销号", "待销项", "待闭环", "not signed off"];
    "closed" "已销号" "closed" ["办结", "已办结", "销号", "关闭", "已关闭", "闭环", "已闭环", "闭合", "已闭合", "销项", "已销项", "结案", "已结案", "归档", "已归档", "close"];
    "returned" "退回" "returned" ["驳回", "审核失败", "退回重办", "不合格", "复查不合格", "复核不合格", "核查不合格", "验收不合格", "整改不合格", "不通过", "未通过", "复查未通过", "复查不通过", "验收未通过", "验收不通过", "核查未通过", "审核未通过", "审核不通过", "重新整改", "退回整改", "返工", "rejected", "failed"];
    "reopened" "重启" "reopened" ["反弹", "重新打开", "复发", "重新开启"];
    "transferred" "已移送" "transferred" ["移送", "移送线索"];
    "withdrawn" "撤销" "withdrawn" ["作废", "已撤销", "合并", "取消", "void", "撤回", "cancelled", "canceled"];
};

/// What a column about signing off says (是否销号, 办结情况): whether the issue is closed, and nothing of whether it was
/// put right. Words that are not here have the meaning of [`STATUSES`].
#[rustfmt::skip]
pub const SIGN_OFFS: &[ValueInfo] = values! {
    "closed" "已销号" "closed" ["是", "√", "✓", "已", "同意", "同意销号", "同意销项", "可以销号", "准予销号", "y", "yes"];
    "not_closed" "未销号" "not closed" ["否", "×", "x", "✗", "未", "不同意", "不予销号", "暂不销号", "待销号", "待销项", "待闭环", "未闭环", "未关闭", "未销项", "未办结", "未结案", "n", "no"];
};

/// What a column about a review says (复查结果, 验收意见). Words that are not here have the meaning of [`STATUSES`];
/// a sentence says nothing that is counted.
#[rustfmt::skip]
pub const REVIEWS: &[ValueInfo] = values! {
    "verified" "已复核" "verified" ["是", "√", "✓", "y", "yes", "符合", "符合要求", "达标", "已整改", "已整改到位", "整改到位", "已完成", "已完成整改", "完成整改", "整改完成", "整改完毕", "已落实", "已解决", "pass", "passed", "ok"];
    "returned" "退回" "returned" ["否", "×", "x", "✗", "n", "no", "不符合", "不符合要求", "不达标", "未整改", "未完成", "未完成整改", "整改不到位", "未整改到位", "整改未到位", "未落实", "仍未整改", "仍未整改到位", "尚未整改", "逾期未改", "整改不彻底", "未达标", "未通过", "不通过", "需继续整改", "继续整改", "限期再整改", "fail"];
};

/// What an office does to someone for an issue. It is an accountability and no way to put the issue right: beside a
/// disposition in one cell (限期整改、罚款) it is passed over, alone it leaves the disposition open.
pub const SANCTIONS: [&str; 12] =
    ["罚款", "处罚", "罚金", "并罚款", "行政处罚", "立案处罚", "经济处罚", "考核", "扣分", "没收", "fine", "fined"];

/// Whether a text names one of [`SANCTIONS`], with an amount or without: 罚款500元.
#[must_use]
pub fn is_sanction(text: &str) -> bool {
    let bare = text.trim().trim_end_matches(|c: char| c.is_numeric() || matches!(c, '元' | '万' | '分' | '.' | ' '));
    SANCTIONS.iter().any(|sanction| bare.eq_ignore_ascii_case(sanction))
}

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
        for values in [DISPOSITIONS, STATUSES, SIGN_OFFS, REVIEWS, SOURCES, MEASURE_TYPES] {
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
