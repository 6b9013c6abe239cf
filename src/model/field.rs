//! The fields of the records, and the header names of each.
//!
//! One table, used by the header matcher, the schema, the ledger and the templates. The spellings were collected from
//! the headers of real ledgers.

use crate::model::stage::Stage;
use crate::words::lang::Lang;

/// A field of an issue, an inspection or a measure, by its canonical key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
#[expect(missing_docs, reason = "FIELDS describes each in both languages")]
pub enum Field {
    Id,
    FoundOn,
    AssignedOn,
    Team,
    Unit,
    CoUnits,
    Region,
    Site,
    SiteType,
    Category,
    Severity,
    Description,
    Basis,
    Source,
    Tags,
    Disposition,
    Demand,
    Measures,
    Deadline,
    Progress,
    Status,
    RectifiedOn,
    VerifiedBy,
    VerifiedOn,
    ClosedOn,
    Responsible,
    Leader,
    Phone,
    Accountability,
    PhotoBefore,
    PhotoDuring,
    PhotoAfter,
    Photo,
    Evidence,
    Note,
    // only in inspections and measures
    Date,
    To,
    Sites,
    SiteNames,
    Opinions,
    IssuesFound,
    Mode,
    Scope,
    Kind,
    Person,
    Role,
    People,
    Reason,
    Sanction,
    Issues,
    // the row number of a table (序号): ignored, never an id
    RowNumber,
    // columns that say part of the status
    SignedOff,
    Review,
}

/// How the cells of a field are parsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// Free text.
    Text,
    /// A date.
    Date,
    /// A date, or words such as `3个工作日内`.
    Deadline,
    /// One value of a vocabulary.
    Value,
    /// Several values of a vocabulary.
    Values,
    /// A whole number.
    Number,
}

/// The free-text fields that go into documents.
pub const FREE_TEXTS: [Field; 7] = [
    Field::Description,
    Field::Basis,
    Field::Demand,
    Field::Measures,
    Field::Progress,
    Field::Accountability,
    Field::Note,
];

/// The fields that are for photos and nothing else.
pub const PHOTOS: [Field; 4] = [Field::PhotoBefore, Field::PhotoDuring, Field::PhotoAfter, Field::Photo];

/// Which records have a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldOwners {
    /// Whether issues have it.
    pub issue: bool,
    /// Whether inspections have it.
    pub inspection: bool,
    /// Whether measures have it.
    pub measure: bool,
}

/// One row of [`FIELDS`].
#[derive(Debug)]
pub struct FieldInfo {
    /// The field.
    pub field: Field,
    /// The canonical key, used in templates, JSON and config.
    pub key: &'static str,
    /// The Chinese label.
    pub zh: &'static str,
    /// The English label.
    pub en: &'static str,
    /// How its cells are parsed.
    pub kind: FieldKind,
    /// Which records have it.
    pub of: FieldOwners,
    /// Header names other than key and labels.
    pub synonyms: &'static [&'static str],
}

const I: FieldOwners = FieldOwners { issue: true, inspection: false, measure: false };
const A: FieldOwners = FieldOwners { issue: true, inspection: true, measure: true };
const II: FieldOwners = FieldOwners { issue: true, inspection: true, measure: false };
const IM: FieldOwners = FieldOwners { issue: true, inspection: false, measure: true };
const V: FieldOwners = FieldOwners { issue: false, inspection: true, measure: false };
const M: FieldOwners = FieldOwners { issue: false, inspection: false, measure: true };
const VM: FieldOwners = FieldOwners { issue: false, inspection: true, measure: true };

macro_rules! fields {
    ($($field:ident $key:literal $zh:literal $en:literal $kind:ident $of:ident [$($syn:literal),* $(,)?];)*) => {
        &[$(FieldInfo { field: Field::$field, key: $key, zh: $zh, en: $en, kind: FieldKind::$kind,
            of: $of, synonyms: &[$($syn),*] }),*]
    };
}

/// Every field, in the order of [`Field`].
#[rustfmt::skip]
pub const FIELDS: &[FieldInfo] = fields! {
    Id "id" "问题编号" "ID" Text A ["编号", "隐患编号", "检查编号", "台账编号", "交办编号", "督办编号", "受理编号", "Issue ID", "No."];
    FoundOn "found_on" "发现日期" "Found on" Date I ["发现时间", "检查日期", "检查时间", "督查日期", "督查时间", "排查时间", "排查日期", "巡查时间", "巡查日期", "时间", "日期", "Inspection date", "Date found", "Date", "发现问题时间", "发现问题日期", "隐患发现时间", "隐患发现日期", "巡检日期", "巡检时间"];
    AssignedOn "assigned_on" "交办日期" "Assigned on" Date I ["交办时间", "下发时间", "下发日期", "派单时间", "转办时间", "下达时间", "Date assigned", "派单日期", "转办日期", "下达日期", "通知时间", "通知日期"];
    Team "team" "检查组" "Team" Value A ["检查单位", "检查人", "检查人员", "督查组", "督导组", "巡察组", "工作专班", "专班", "督查人员", "排查人", "跟踪人员", "检查小组", "Inspection team", "Inspector", "检查部门", "检查机构", "排查单位", "排查人员", "排查部门", "巡查人", "巡查人员", "发现人"];
    Unit "unit" "责任单位" "Responsible unit" Value A ["整改责任单位", "整改单位", "被检查单位", "受检单位", "被查单位", "被督查单位", "被检单位", "检查对象", "被检查对象", "单位名称", "具体责任单位", "单位", "承办单位", "主责单位", "牵头单位", "牵头整改部门", "牵头部门", "主办单位", "属地", "属地单位", "乡镇(街道)", "乡镇街道", "所在单位", "责任部门", "整改部门", "整改责任部门", "被检查部门", "受检部门", "被查部门", "责任主体", "被检查企业", "受检企业"];
    CoUnits "co_units" "配合单位" "Supporting units" Values I ["配合整改部门", "协办单位", "协同单位", "配合部门", "协办部门"];
    Region "region" "区域" "Region" Value A ["行政区域", "县(市、区)", "辖区", "片区", "District"];
    Site "site" "点位" "Site" Value I ["检查地点", "检查工点", "部位", "位置", "整改区域", "场所", "点位名称", "场所名称", "具体位置", "地址", "酒店名称", "地点", "督查点位", "检查点位", "Location", "Place", "隐患部位", "隐患位置", "隐患地点", "问题部位", "问题位置", "发现地点", "检查部位", "检查场所"];
    SiteType "site_type" "点位类型" "Site type" Value I ["场所类型", "重点场所类别", "场所类别"];
    Category "category" "问题类别" "Category" Values I ["问题类型", "隐患类型", "隐患类别", "污染类型", "问题分类", "问题性质", "类别", "Issue category", "Type", "不符合项类别", "隐患分类", "违章类别"];
    Severity "severity" "问题等级" "Severity" Value I ["隐患等级", "隐患级别", "影响程度", "等级", "是否重大", "是否上级重点关注", "重点关注", "Risk level", "严重程度", "问题级别"];
    Description "description" "问题描述" "Description" Text I ["存在问题", "存在的问题", "具体问题表述", "隐患问题描述", "隐患描述", "隐患内容", "违章内容", "交办问题基本情况", "具体问题", "主要问题", "发现问题", "发现的问题", "问题表现", "问题内容", "问题", "巡查发现", "巡查结果", "发现项", "Finding", "Issue", "Problem", "问题及隐患", "隐患及问题", "问题隐患", "存在问题及隐患", "存在的问题及隐患", "存在隐患", "存在的隐患", "安全隐患", "隐患情况", "隐患问题", "隐患", "问题情况", "发现隐患", "不合格项描述", "不合格项", "不符合项描述", "不符合项", "不符合事实", "违规内容", "违法违规行为", "缺陷描述"];
    Basis "basis" "依据" "Basis" Text I ["整改依据", "法规政策依据", "违反法规条款", "定性依据"];
    Source "source" "问题来源" "Source" Value I ["台账来源", "交办来源", "来源", "案件来源", "线索来源", "来源渠道", "来源详情", "隐患来源", "发现渠道", "发现途径"];
    Tags "tags" "标签" "Tags" Values A ["专项", "督查方式", "监督方式"];
    Disposition "disposition" "整改方式" "Disposition" Value I ["处理方式", "处置方式", "整改类型", "整改类别", "办理方式", "处理情况", "处理结果", "是否现场整改", "处置", "Action", "治理方式", "治理类型"];
    Demand "demand" "整改要求" "Demand" Text I ["整改目标", "整改目标清单", "整改完成标准", "整改意见", "处理要求"];
    Measures "measures" "整改措施" "Measures" Text I ["整改要求(措施)", "已采取的整改措施", "具体措施", "细化的整改措施", "Corrective measures", "治理措施", "整改方案", "采取措施", "采取的措施"];
    Deadline "deadline" "整改期限" "Deadline" Deadline I ["整改时限", "完成时限", "限期整改日期", "最晚整改时间", "对应的完成时间", "办结时限", "整改截止时间", "整改截止日期", "完成期限", "期限", "要求完成时间", "Due", "Due date", "治理期限", "治理时限", "整改完成期限", "整改完成时限", "限期整改时间", "限改时间", "限改日期", "计划完成时间", "计划完成日期", "拟完成时间", "拟完成日期", "要求完成日期", "要求整改时间"];
    Progress "progress" "整改情况" "Progress" Text I ["整改进展", "具体责任单位整改情况", "办理情况", "进展情况", "落实情况", "处理和整改情况", "整改完成情况", "整改落实情况", "整改结果", "整改进展情况", "治理情况", "问题整改情况", "隐患整改情况", "整改描述"];
    Status "status" "状态" "Status" Value I ["是否已完成整改", "完成情况", "是否完成", "是否完成整改", "是否整改", "是否已整改", "是否整改完成", "是否整改到位", "整改状态", "当前状态", "隐患状态", "问题状态", "隐患整改状态", "治理状态", "办理状态", "处理状态", "任务状态"];
    RectifiedOn "rectified_on" "整改完成日期" "Rectified on" Date I ["整改日期", "完成/作废时间", "最近整改时间", "完成时间", "完成日期", "实际完成时间", "办结时间", "办结日期", "整改完成时间", "Date rectified", "实际完成日期", "实际整改日期", "实际整改时间", "完成整改时间", "完成整改日期", "治理完成时间", "治理完成日期"];
    VerifiedBy "verified_by" "复查人" "Verified by" Text I ["验收人员", "核查人", "复核人", "验收人", "核查单位", "验收单位", "复查单位", "复查人员", "验收负责人", "核查人员", "复核人员", "复查部门", "验收部门"];
    VerifiedOn "verified_on" "复查日期" "Verified on" Date I ["核查时间", "整改验收时间", "复查时间", "复核日期", "复核时间", "验收日期", "验收时间", "核查日期", "复验日期", "复验时间", "验证日期", "验证时间"];
    ClosedOn "closed_on" "销号日期" "Closed on" Date IM ["销号时间", "结案日期", "办结销号日期", "Date closed", "销项日期", "销项时间", "闭环日期", "闭环时间", "关闭日期", "关闭时间", "办结销号时间"];
    Responsible "responsible" "责任人" "Person responsible" Text I ["整改责任人", "整改第一责任人", "责任单位负责人", "直接责任人", "整改负责人", "治理责任人", "隐患责任人", "整改人"];
    Leader "leader" "责任领导" "Leader" Text I ["分管领导", "包联领导", "协助整改工作的领导", "牵头领导"];
    Phone "phone" "联系电话" "Phone" Text I ["手机号码", "联系方式", "电话"];
    Accountability "accountability" "问责情况" "Accountability" Text I ["追责问题情况", "是否处罚", "处罚形式", "罚款", "追责问责人数", "罚款金额", "处罚金额", "罚款数额", "考核金额", "处罚情况", "处罚结果", "问责"];
    PhotoBefore "photo_before" "整改前照片" "Photos before" Text I ["整改前图片", "整改前", "问题照片", "问题图片", "隐患照片", "隐患图片", "Photo before", "Before photo", "Before photos", "Before"];
    PhotoDuring "photo_during" "整改中照片" "Photos during" Text I ["整改中图片", "整改中", "整改过程照片", "整改过程图片", "Photo during", "During"];
    PhotoAfter "photo_after" "整改后照片" "Photos after" Text I ["整改后图片", "整改后", "整改照片", "整改图片", "验证照片", "复查照片", "验收照片", "Photo after", "After photo", "After photos", "After"];
    Photo "photo" "照片" "Photos" Text I ["图片", "现场照片", "现场图片", "Picture", "Pictures"];
    Evidence "evidence" "佐证材料" "Evidence" Text I ["附件材料"];
    Note "note" "备注" "Note" Text A ["自用备注", "说明", "Notes", "Remarks"];
    Date "date" "检查日期" "Date" Date VM ["检查时间", "督查日期", "督查时间", "日期", "时间", "发现日期", "立案日期", "约谈日期", "约谈时间", "found_on", "filed_on", "Inspection date"];
    To "to" "结束日期" "To" Date V ["结束时间", "截止日期"];
    Sites "sites" "点位数" "Sites seen" Number V ["检查点位数", "督查点位数", "走访点位数", "点位个数", "检查场所数"];
    SiteNames "site_names" "检查点位" "Site names" Values V ["督查点位", "走访点位", "点位", "点位名单"];
    Opinions "opinions" "意见建议数" "Opinions" Number V ["意见数", "意见建议", "意见条数", "提出意见", "建议数"];
    IssuesFound "issues_found" "发现问题数" "Issues found" Number V ["问题数", "问题总数", "问题个数", "发现问题总数", "发现问题个数", "查出问题数", "隐患数", "隐患总数", "发现隐患数", "查出隐患数", "Number of issues"];
    Mode "mode" "检查方式" "Mode" Value V ["督查方式", "方式"];
    Scope "scope" "督查层面" "Scope" Value V ["层面", "范围"];
    Kind "type" "处置类型" "Measure" Value M ["类型", "措施类型"];
    Person "person" "人员" "Person" Text M ["姓名", "约谈对象", "被约谈人", "当事人"];
    Role "role" "职务" "Role" Text M ["身份", "角色"];
    People "people" "人数" "People" Number M ["人次", "约谈人数"];
    Reason "reason" "事由" "Reason" Text M ["案由", "原因", "事实"];
    Sanction "sanction" "处分" "Sanction" Text M ["处分结果", "处理", "处分情况"];
    Issues "issues" "相关问题" "Issues" Values M ["问题编号", "涉及问题"];
    RowNumber "row" "序号" "Row" Number II ["#", "行号", "Rec #", "项次"];
    SignedOff "signed_off" "是否销号" "Signed off" Value I ["销号情况", "销号状态", "是否已销号", "是否销项", "销项情况", "销项状态", "是否办结", "办结情况", "办结状态", "是否闭环", "闭环情况", "闭环状态", "是否关闭", "关闭情况", "是否结案"];
    Review "review" "复查结果" "Review result" Value I ["复查意见", "复查情况", "复查结论", "复核结果", "复核意见", "复核情况", "复核结论", "验收结果", "验收意见", "验收情况", "验收结论", "核查结果", "核查意见", "核查情况", "核查结论", "复验结果", "复验情况"];
};

/// Number of fields.
pub const FIELD_COUNT: usize = FIELDS.len();

/// Headers that name a field only where no other column of the table does: 检查区域 is the place if there is no 点位.
/// Beside such a column they are kept under `extra`, and nothing is wrong.
pub const WEAK: &[(&str, Field)] = &[
    ("处置措施", Field::Disposition),
    ("处理措施", Field::Disposition),
    ("检查区域", Field::Site),
    ("隐患区域", Field::Site),
    ("所在区域", Field::Site),
    ("施工单位", Field::Unit),
    ("责任班组", Field::Unit),
    ("整改班组", Field::Unit),
    ("检查项", Field::Category),
    ("检查项目", Field::Category),
    ("检查内容", Field::Category),
    ("隐患名称", Field::Description),
    ("问题名称", Field::Description),
    ("描述", Field::Description),
    ("情况描述", Field::Description),
    ("问题详情", Field::Description),
];

/// The fields that every issue must have.
pub const REQUIRED: [Field; 5] = [Field::FoundOn, Field::Unit, Field::Category, Field::Description, Field::Disposition];

/// Those of [`REQUIRED`] that a log may leave out: its issues then count as not stated, and it still gives every paper.
pub const MAY_BE_UNSTATED: [Field; 2] = [Field::Category, Field::Disposition];

impl Field {
    /// Returns its row of [`FIELDS`].
    #[must_use]
    pub fn info(self) -> &'static FieldInfo {
        &FIELDS[self as usize]
    }

    /// Returns the canonical key, such as `found_on`.
    #[must_use]
    pub fn key(self) -> &'static str {
        self.info().key
    }

    /// Returns the label in a language.
    #[must_use]
    pub fn label(self, lang: Lang) -> &'static str {
        lang.pick(self.info().zh, self.info().en)
    }

    /// Returns the field with a canonical key, if there is one.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        FIELDS.iter().find(|info| info.key == key).map(|info| info.field)
    }

    /// Returns the fields of an issue in the order of the table, without the row number.
    pub fn of_issue() -> impl Iterator<Item = Self> {
        FIELDS.iter().filter(|info| info.of.issue && !info.field.is_column_only()).map(|info| info.field)
    }

    /// The stage of the photos that a column of it names or holds, if it is for photos; 佐证材料 may name some.
    #[must_use]
    pub fn stage(self) -> Option<Stage> {
        match self {
            Self::PhotoBefore => Some(Stage::Before),
            Self::PhotoDuring => Some(Stage::During),
            Self::PhotoAfter => Some(Stage::After),
            Self::Photo | Self::Evidence => Some(Stage::Other),
            _ => None,
        }
    }

    /// Whether a log may have a column for it, but a record has no such field: the running number is read over, and what
    /// 是否销号 and 复查结果 say goes into the status.
    #[must_use]
    pub fn is_column_only(self) -> bool {
        matches!(self, Self::RowNumber | Self::SignedOff | Self::Review)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn the_table_is_in_the_order_of_the_enum() {
        for (index, info) in FIELDS.iter().enumerate() {
            assert_eq!(info.field as usize, index, "{}", info.key);
            assert_eq!(Field::from_key(info.key), Some(info.field));
        }
    }

    #[test]
    fn no_header_names_two_fields_of_an_issue() {
        let mut seen = BTreeMap::new();
        for info in FIELDS.iter().filter(|info| info.of.issue) {
            for name in [info.key, info.zh].iter().chain(info.synonyms) {
                assert_eq!(seen.insert(name.to_lowercase(), info.key), None, "{name}");
            }
        }
        for (name, field) in WEAK {
            assert_eq!(seen.insert(name.to_lowercase(), field.key()), None, "{name}");
        }
    }
}
