//! Which fields a header may name: by the spellings that the reader knows, or by the words in it.
//!
//! The reader takes whole spellings only, since 检查单位 inspects and 被检查单位 is inspected. A proposal may look at parts:
//! it is shown before it counts, and what may be two is asked. The words are those of the headers of real ledgers.

use crate::log;
use crate::model::Field;
use crate::model::field::WEAK;
use crate::project::vocabulary::normal;

/// How well a header names a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// By a word that fits other fields too: 时间, name.
    Vague,
    /// By words in it: 整改完成的期限要求.
    Words,
    /// By a spelling that the reader knows.
    Known,
}

/// A field that a header may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) field: Field,
    pub(super) fit: Fit,
}

/// Returns the field that a header names best, if its words name any.
pub(super) fn named(header: &str) -> Option<Named> {
    if let Some(field) = log::field_of_header(header) {
        let is_weak = WEAK.iter().any(|(name, _)| *name == header.trim());
        let is_vague = matches!(normal(header).as_str(), "时间" | "日期" | "date" | "time");
        return Some(Named { field, fit: if is_weak || is_vague { Fit::Vague } else { Fit::Known } });
    }
    let word = normal(header);
    let (word, _) = word.split_once('(').unwrap_or((&word, ""));
    let word = word.trim_matches(['*', ':', ' ']);
    if word.is_empty() || word.chars().count() > MAX_CHARS {
        return None;
    }
    let found = if word.is_ascii() || !word.chars().any(is_han) { western(header) } else { chinese(word) };
    found.map(|(field, fit)| Named { field, fit })
}

/// No header is longer, in characters.
const MAX_CHARS: usize = 40;

fn is_han(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

/// A header with one of the words in `ends` at its end, one of those in `with` anywhere (if there are any), and none of
/// those in `but`.
struct Rule {
    field: Field,
    fit: Fit,
    ends: &'static [&'static str],
    with: &'static [&'static str],
    but: &'static [&'static str],
}

const DAY: &[&str] = &["日期", "时间", "日", "时点"];
const TERM: &[&str] = &["期限", "时限", "限期", "截止日期", "截止时间", "截止日", "期限要求", "时限要求"];
const ORGAN: &[&str] = &[
    "单位",
    "部门",
    "公司",
    "企业",
    "机构",
    "街道",
    "乡镇",
    "镇街",
    "社区",
    "街镇",
    "项目部",
    "班组",
    "科室",
    "院系",
    "商户",
    "门店",
    "主体",
    "对象",
    "单位名称",
    "部门名称",
    "公司名称",
    "企业名称",
    "经营者",
    "学校",
    "学校名称",
    "医院",
    "名单",
];
const PERSON: &[&str] = &["人", "人员", "者", "员", "负责人", "责任人", "姓名", "组长"];
const TEXT: &[&str] = &["情况", "结果", "意见", "内容", "说明", "描述", "过程", "进展", "进度", "记录", "办法"];
const OF_PAST: &[&str] = &["完成", "整改", "办结", "解决", "修复", "治理", "改正", "消除", "消缺", "处理完"];
const OF_LOOKING: &[&str] = &["发现", "检查", "巡查", "督查", "排查", "抽查", "巡检", "暗访", "督导", "查出", "抽检"];
const OF_TELLING: &[&str] = &[
    "反映", "投诉", "举报", "留言", "来电", "来信", "受理", "登记", "记录", "提出", "提交", "上报", "填报", "采样",
    "抽样", "发生", "信访", "反馈", "立案", "接报",
];
const OF_DUTY: &[&str] = &[
    "责任",
    "整改",
    "承办",
    "主办",
    "牵头",
    "被检",
    "被查",
    "被督",
    "受检",
    "受查",
    "属地",
    "主责",
    "办理",
    "处理",
    "治理",
    "落实",
    "违法",
    "违规",
    "违章",
    "处罚对象",
    "被投诉",
    "涉事",
];
const TROUBLE: &[&str] = &["问题", "隐患", "缺陷", "不合格", "违章", "违法", "违规", "诉求", "不符合", "故障", "异常"];

/// Tried from the first to the last. What a Chinese header is about stands at its end.
#[rustfmt::skip]
const CHINESE: &[Rule] = &[
    Rule { field: Field::PhotoAfter, fit: Fit::Words, ends: &["照片", "图片", "截图", "图"], with: &["整改后", "复查", "验收", "修复后"], but: &[] },
    Rule { field: Field::Photo, fit: Fit::Words, ends: &["照片", "图片", "截图", "图"], with: &[], but: &["意图", "地图"] },
    Rule { field: Field::Phone, fit: Fit::Words, ends: &["电话", "手机", "手机号", "电话号码", "联系方式"], with: &[], but: &[] },
    // Days.
    Rule { field: Field::Deadline, fit: Fit::Words, ends: TERM, with: &[], but: &["有效", "保质", "合同", "保修", "任职", "追溯"] },
    Rule { field: Field::Deadline, fit: Fit::Words, ends: DAY, with: &["要求", "计划", "拟", "应完成", "限", "到期", "预计", "截止", "承诺"], but: &["检查", "发现", "开始"] },
    Rule { field: Field::ClosedOn, fit: Fit::Words, ends: DAY, with: &["销号", "销项", "闭环", "关闭", "结案", "归档"], but: &[] },
    Rule { field: Field::VerifiedOn, fit: Fit::Words, ends: DAY, with: &["复查", "验收", "核查", "复核", "验证", "复验", "回访"], but: &[] },
    Rule { field: Field::AssignedOn, fit: Fit::Words, ends: DAY, with: &["交办", "下发", "派单", "转办", "分派", "下达", "通知", "派发", "移交"], but: &[] },
    Rule { field: Field::FoundOn, fit: Fit::Words, ends: DAY, with: OF_LOOKING, but: &[] },
    Rule { field: Field::RectifiedOn, fit: Fit::Words, ends: DAY, with: OF_PAST, but: &["开始", "答复", "回复"] },
    Rule { field: Field::FoundOn, fit: Fit::Words, ends: DAY, with: OF_TELLING, but: &["答复", "回复"] },
    // Who.
    Rule { field: Field::CoUnits, fit: Fit::Words, ends: ORGAN, with: &["配合", "协办", "协同", "协助"], but: &[] },
    Rule { field: Field::VerifiedBy, fit: Fit::Words, ends: ORGAN, with: &["复查", "验收", "核查", "复核"], but: &[] },
    Rule { field: Field::Unit, fit: Fit::Words, ends: ORGAN, with: OF_DUTY, but: &["联系", "检验机构"] },
    Rule { field: Field::Team, fit: Fit::Words, ends: ORGAN, with: OF_LOOKING, but: &["被", "受"] },
    Rule { field: Field::Team, fit: Fit::Words, ends: ORGAN, with: &["执法", "监督", "上报", "填报", "反馈", "提出", "检验", "监管"], but: &["被", "受"] },
    Rule { field: Field::Unit, fit: Fit::Vague, ends: ORGAN, with: &[], but: &["施工图", "设备", "联系", "填报", "领导"] },
    Rule { field: Field::Leader, fit: Fit::Words, ends: &["领导"], with: &["责任", "分管", "包", "牵头"], but: &[] },
    Rule { field: Field::VerifiedBy, fit: Fit::Words, ends: PERSON, with: &["复查", "验收", "核查", "复核", "验证", "审核"], but: &[] },
    Rule { field: Field::Responsible, fit: Fit::Words, ends: PERSON, with: &["责任", "负责", "整改", "承办", "经办", "处理", "解决"], but: &[] },
    Rule { field: Field::Team, fit: Fit::Words, ends: PERSON, with: &["检查", "发现", "督查", "巡查", "巡检", "提出", "排查", "执法", "督导", "测试"], but: &["被"] },
    // What kind.
    Rule { field: Field::SiteType, fit: Fit::Words, ends: &["类型", "类别", "分类", "种类"], with: &["场所", "点位", "单位", "企业", "业态"], but: &[] },
    Rule { field: Field::Source, fit: Fit::Words, ends: &["来源", "渠道", "途径"], with: &[], but: &["资金", "照片"] },
    Rule { field: Field::Disposition, fit: Fit::Words, ends: &["方式", "类型", "措施", "形式"], with: &["处理", "处置", "整改", "办理", "查处"], but: &["问题类型"] },
    Rule { field: Field::Category, fit: Fit::Words, ends: &["类型", "类别", "分类", "种类", "性质", "类", "标签"], with: TROUBLE, but: &[] },
    Rule { field: Field::Category, fit: Fit::Vague, ends: &["类型", "类别", "分类", "一级标签", "专业", "领域", "科目", "模块", "项目类别"], with: &[], but: &["检查类型", "企业", "用户"] },
    Rule { field: Field::Severity, fit: Fit::Words, ends: &["等级", "级别", "程度", "严重性", "优先级"], with: &[], but: &["资质", "企业"] },
    // What became of it.
    Rule { field: Field::SignedOff, fit: Fit::Words, ends: &["情况", "状态", "结果"], with: &["销号", "销项", "办结", "闭环", "结案", "关闭"], but: &["时间"] },
    Rule { field: Field::Review, fit: Fit::Words, ends: &["结果", "意见", "情况", "结论"], with: &["复查", "验收", "核查", "复核", "回头看"], but: &[] },
    Rule { field: Field::Status, fit: Fit::Words, ends: &["状态"], with: &[], but: &["设备", "营业", "经营"] },
    Rule { field: Field::Status, fit: Fit::Words, ends: &["完成", "整改", "到位", "解决", "闭环", "改正"], with: &["是否"], but: &["现场", "当场", "立即"] },
    Rule { field: Field::Accountability, fit: Fit::Words, ends: &["情况", "金额", "结果", "分值", "元"], with: &["问责", "处罚", "罚款", "考核", "扣分", "追责"], but: &[] },
    Rule { field: Field::Measures, fit: Fit::Words, ends: &["措施", "方案", "对策", "解决办法"], with: &[], but: &["处理措施", "处置措施"] },
    Rule { field: Field::Demand, fit: Fit::Words, ends: &["要求", "建议", "目标"], with: &["整改", "处理", "改进", "工作", "完成"], but: &[] },
    Rule { field: Field::Basis, fit: Fit::Words, ends: &["依据", "条款", "法规", "条文"], with: &[], but: &[] },
    Rule { field: Field::Progress, fit: Fit::Words, ends: TEXT, with: &["整改", "处理", "办理", "落实", "修改", "解决", "答复", "回复", "治理", "完成", "进展"], but: TROUBLE },
    Rule { field: Field::Progress, fit: Fit::Words, ends: &["整改情况", "处理情况", "办理情况", "落实情况", "整改进展", "整改结果"], with: &[], but: &[] },
    // What it is.
    Rule { field: Field::Id, fit: Fit::Words, ends: &["编号", "单号", "编码"], with: &[], but: &["企业", "单位", "设备", "项目编号", "点位", "信用"] },
    Rule { field: Field::Site, fit: Fit::Words, ends: &["地点", "地址", "位置", "部位", "点位", "场所", "路段", "工点", "场所名称"], with: &[], but: &["单位地址", "企业地址", "注册"] },
    Rule { field: Field::Region, fit: Fit::Words, ends: &["区县", "县区", "区域", "行政区", "辖区", "城区", "县市区", "区市县"], with: &[], but: &[] },
    Rule { field: Field::Description, fit: Fit::Words, ends: &["描述", "内容", "情况", "详情", "名称", "表现", "事项", "摘要", "标题", "清单", "问题", "隐患", "缺陷", "诉求", "事实", "行为", "项目", "项"], with: TROUBLE, but: &["整改", "处理", "是否", "数", "来源", "原因", "答复"] },
    Rule { field: Field::Description, fit: Fit::Vague, ends: &["描述", "内容", "详情", "主题", "标题", "事由", "事项", "情况说明"], with: &[], but: &["检查内容", "整改", "处理", "答复", "回复"] },
    Rule { field: Field::Note, fit: Fit::Words, ends: &["备注", "说明"], with: &[], but: &[] },
];

fn chinese(word: &str) -> Option<(Field, Fit)> {
    let fits = |rule: &&Rule| {
        rule.ends.iter().any(|end| word.ends_with(end))
            && (rule.with.is_empty() || rule.with.iter().any(|with| word.contains(with)))
            && !rule.but.iter().any(|but| word.contains(but))
    };
    CHINESE.iter().find(fits).map(|rule| (rule.field, rule.fit))
}

/// The words of a header in English, or in another language with Latin letters: `caseStatus`, `APP_Libelle`.
fn words_of(header: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = ' ';
    for c in header.chars() {
        let begins = !before.is_alphanumeric() || before.is_lowercase() && c.is_uppercase();
        if c.is_alphanumeric() {
            if begins || words.is_empty() {
                words.push(String::new());
            }
            if let Some(word) = words.last_mut() {
                word.extend(c.to_lowercase());
            }
        }
        before = c;
    }
    words
}

/// A header with a word of each list, and none of those in `but`.
type WesternRule = (Field, Fit, &'static [&'static str], &'static [&'static str], &'static [&'static str]);

const WHEN: &[&str] = &["date", "dt", "day", "time", "datetime", "timestamp", "on", "at", "appeared"];
const TROUBLE_EN: &[&str] = &[
    "violation",
    "violations",
    "finding",
    "findings",
    "deficiency",
    "deficiencies",
    "infraction",
    "issue",
    "issues",
    "problem",
    "defect",
    "complaint",
    "observation",
    "observations",
    "nonconformity",
    "hazard",
    "noncompliance",
];
const UNITS_EN: &[&str] = &[
    "establishment",
    "etablissement",
    "facility",
    "business",
    "company",
    "employer",
    "operator",
    "contractor",
    "department",
    "agency",
    "licensee",
    "premises",
    "restaurant",
    "school",
    "unit",
    "vendor",
];

#[rustfmt::skip]
const WESTERN: &[WesternRule] = &[
    (Field::Deadline, Fit::Words, &["deadline", "due", "target"], &[], &[]),
    (Field::Disposition, Fit::Words, &["corrected"], &["inspection", "site", "onsite", "spot"], &[]),
    (Field::ClosedOn, Fit::Words, &["closed", "close", "closure"], WHEN, &[]),
    (Field::VerifiedOn, Fit::Words, &["verified", "verification", "reinspection", "followup"], WHEN, &["correction"]),
    (Field::RectifiedOn, Fit::Words, &["corrected", "correction", "resolved", "resolution", "completed", "completion", "rectified", "fixed", "abated", "abatement"], WHEN, &["inspection"]),
    (Field::RectifiedOn, Fit::Words, &["verified"], &["correction"], &[]),
    (Field::AssignedOn, Fit::Words, &["assigned", "issued", "sent", "notified"], WHEN, &[]),
    (Field::FoundOn, Fit::Words, &["inspection", "inspected", "found", "observed", "visit", "violation", "audit", "identified"], WHEN, &[]),
    (Field::FoundOn, Fit::Words, &["open", "opened", "reported", "created", "received", "submitted", "first"], WHEN, &[]),
    (Field::Disposition, Fit::Words, &["action", "disposition", "enforcement"], &[], &["date", "dt", "number", "taken"]),
    (Field::Source, Fit::Words, &["source", "channel"], &[], &["url", "id"]),
    (Field::Severity, Fit::Words, &["severity", "risk", "priority", "criticality", "critical"], &[], &["score"]),
    (Field::Category, Fit::Words, TROUBLE_EN, &["type", "category", "class", "code", "law"], &["status"]),
    (Field::Status, Fit::Words, &["status", "state"], &[], UNITS_EN),
    (Field::Description, Fit::Words, TROUBLE_EN, &["description", "details", "detail", "text", "comment", "comments", "summary", "title", "narrative", "desc"], &[]),
    (Field::Description, Fit::Words, &["infraction", "infractions", "deficiency", "violation", "violations", "finding", "findings"], &[], &["id", "number", "count", "points", "score", "type", "status", "date", "code", "level", "no"]),
    (Field::Id, Fit::Vague, &["id", "number", "numero", "no"], &["case", "record", "violation", "issue", "narrative", "complaint", "ticket", "finding", "enquiry"], &[]),
    (Field::Unit, Fit::Words, UNITS_EN, &["name", "nom", "libelle"], &["type", "address", "street", "activite"]),
    (Field::Unit, Fit::Vague, UNITS_EN, &[], &["type", "address", "status", "street", "city", "phone", "activite", "county", "zip"]),
    (Field::Unit, Fit::Vague, &["name"], &[], &["first", "last", "user", "file", "officer", "inspector", "street", "city", "county", "contact", "person"]),
    (Field::Team, Fit::Words, &["inspector", "officer", "team", "queue", "bureau"], &[], &["id"]),
    (Field::Phone, Fit::Words, &["phone", "telephone", "mobile"], &[], &[]),
    (Field::Site, Fit::Words, &["address", "adresse", "location", "street", "place", "site"], &[], &["zip", "zipcode", "type", "email", "name"]),
    (Field::Region, Fit::Words, &["neighborhood", "neighbourhood", "district", "region", "city", "commune", "ward", "county", "municipality"], &[], &["fire", "police", "council", "services", "pwd", "code"]),
    (Field::SiteType, Fit::Words, UNITS_EN, &["type"], &[]),
    (Field::Progress, Fit::Words, &["closure", "resolution", "response", "reply"], &["reason", "text", "notes", "comments", "description"], &[]),
    (Field::Category, Fit::Vague, &["category", "reason", "topic", "type"], &[], &["site", "unit", "activite"]),
    (Field::Description, Fit::Vague, &["description", "title", "details", "narrative", "standard", "comments", "synthese"], &[], &["id", "number", "job"]),
    (Field::Note, Fit::Words, &["notes", "note", "remarks", "remark"], &[], &[]),
    (Field::FoundOn, Fit::Vague, &["date"], &[], &["birth", "update", "updated", "prosecution", "last", "expiry", "publication"]),
];

fn western(header: &str) -> Option<(Field, Fit)> {
    let words = words_of(header);
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let fits = |(_, _, one, and, but): &&WesternRule| has(one) && (and.is_empty() || has(and)) && !has(but);
    WESTERN.iter().find(fits).map(|(field, fit, ..)| (*field, *fit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_in_a_header_tell_its_field() {
        for (header, field, fit) in [
            ("整改期限", Field::Deadline, Fit::Known),
            ("整改完成期限要求", Field::Deadline, Fit::Words),
            ("要求整改到位时间", Field::Deadline, Fit::Words),
            ("承诺解决时间", Field::Deadline, Fit::Words),
            ("实际整改到位日期", Field::RectifiedOn, Fit::Words),
            ("留言时间", Field::FoundOn, Fit::Words),
            ("巡查上报时间", Field::FoundOn, Fit::Words),
            ("隐患整改责任主体", Field::Unit, Fit::Words),
            ("监理单位", Field::Unit, Fit::Vague),
            ("督查检查部门", Field::Team, Fit::Words),
            ("缺陷标题", Field::Description, Fit::Words),
            ("留言主题", Field::Description, Fit::Vague),
            ("一级分类", Field::Category, Fit::Vague),
            ("答复意见", Field::Progress, Fit::Words),
            ("修改情况", Field::Progress, Fit::Words),
            ("整改责任人联系方式", Field::Phone, Fit::Words),
            ("隐患整改后图片2", Field::PhotoAfter, Fit::Words),
            ("correction_deadline", Field::Deadline, Fit::Words),
            ("correction_verified", Field::RectifiedOn, Fit::Words),
            ("corrected_at_inspection", Field::Disposition, Fit::Words),
            ("target_dt", Field::Deadline, Fit::Words),
            ("open_dt", Field::FoundOn, Fit::Words),
            ("closed_dt", Field::ClosedOn, Fit::Words),
            ("case_status", Field::Status, Fit::Words),
            ("Establishment Name", Field::Unit, Fit::Words),
            ("APP_Libelle_etablissement", Field::Unit, Fit::Words),
            ("Infraction Details", Field::Description, Fit::Words),
            ("date", Field::FoundOn, Fit::Vague),
        ] {
            // A number at the end of a header for photos is the reader's business.
            let got = named(header.trim_end_matches('2'));
            assert_eq!(got, Some(Named { field, fit }), "{header}");
        }
        for header in ["答复时间", "生产日期", "序列", "Latitude", "fire_district", "Establishment Status", ""]
        {
            assert_eq!(named(header).map(|named| named.field), None, "{header}");
        }
    }
}
