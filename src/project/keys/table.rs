//! The table of keys. Examples are written in both languages, and a test reads them.

use crate::project::keys::key::Below::{Fields, Keys, Listed, Names, NamesOrList, Selections, Value};
use crate::project::keys::key::ConfigKey;

macro_rules! keys {
    ($($key:literal $zh:literal $zh_example:literal $en_example:literal $below:expr;)*) => {
        &[$(ConfigKey { key: $key, zh: $zh, example: ($zh_example, $en_example), below: $below }),*]
    };
}

/// The top level.
#[rustfmt::skip]
pub const CONFIG: &[ConfigKey] = keys! {
    "lang" "语言" "中文" "zh" Value;
    "office" "发文机关" "{名称: 某区人民政府督查室}" "{name: City Inspection Office}" Keys(OFFICE);
    "logs" "台账" "[logs]" "[logs]" Keys(LATEST);
    "sheets" "工作表" "[问题台账]" "[Log]" Value;
    "baseline" "基线" "baseline.json" "baseline.json" Value;
    "units" "单位" "[{名称: 金光路街道办事处, 别名: [金光路办事处]}]" "[{name: Harbour Works, aliases: [Harbor Works]}]" Keys(UNIT);
    "teams" "检查组" "[第一组]" "[Team 1]" Keys(TEAM);
    "sites" "点位" "[{名称: 金光路1号, 类型: 酒店}]" "[{name: Quay 1, type: Hotel}]" Listed(SITES_FILE, SITE);
    "categories" "类别" "[消防安全, 环境卫生]" "[Fire safety, Hygiene]" Keys(NAMED);
    "sources" "来源" "[{名称: 专项行动, 别名: [专项]}]" "[{name: campaign, aliases: [drive]}]" Keys(NAMED);
    "columns" "列" "{责任单位: [承办部门]}" "{unit: [Owner]}" Fields;
    "ignore" "忽略" "[打印时间]" "[Printed at]" Value;
    "values" "取值" "{整改方式: {立行立改: [马上就改]}}" "{disposition: {immediate: [at once]}}" Fields;
    "defaults" "默认值" "{整改方式: 限期整改}" "{disposition: deadline}" Fields;
    "not_issues" "非问题" "[{问题描述: 无问题}]" "[{description: none}]" Fields;
    "dates" "日期" "{年份: 2021}" "{year: 2021}" Keys(DATES);
    "calendar" "日历" "{休息日: [2027-02-05]}" "{off: [2027-02-05]}" Keys(CALENDAR);
    "due_soon_days" "临期天数" "3" "3" Keys(DUE_SOON);
    "ladder" "督办层级" "[{文种: 提醒函, 临期: 3天}, {文种: 督办函, 逾期: 1天}]" "[{rung: reminder, due_within: 3 days}, {rung: supervision, overdue: 1 day}]" Keys(RUNG);
    "rankings" "红黑榜" "{红榜: {整改率: '>=95%'}, 黑榜: {逾期: '>=3'}}" "{red: {rectified_rate: '>=95%'}, black: {overdue: '>=3'}}" Keys(RANKINGS);
    "series" "字号" "{bulletin: {编号: '第{n}期', 重编: 从不}}" "{bulletin: {number: 'No. {n}', reset: never}}" Names(SERIES);
    "dimensions" "维度" "{问题类别: 单值}" "{category: partition}" Fields;
    "fonts" "字体" "{仿宋: 仿宋_GB2312}" "{latin: Times New Roman}" Keys(FONTS);
    "paper" "纸张" "a4" "a4" Value;
    "pdf" "PDF" "{程序: /opt/libreoffice/program/soffice}" "{with: /opt/libreoffice/program/soffice}" Keys(PDF);
    "rules" "规则" "{V101: 警告}" "{V101: warning}" NamesOrList(RULE);
    "allowances" "放行" "[{代码: R204, 条件: {责任单位: 金光路街道办事处}, 期限: 2021-12-31, 理由: 纸质材料已归档}]" "[{code: R204, where: {unit: Harbour Works}, until: 2021-12-31, why: the paper is filed}]" Keys(ALLOWANCE);
    "privacy" "公开版" "{普通人员: 隐名}" "{public_person: mask}" Keys(PRIVACY);
    "photos" "照片" "{文件夹: logs/照片}" "{folder: logs/photos}" Keys(PHOTOS);
    "identities" "等式" "[{名称: 各类之和, 左边: {状态: 已整改}, 右边: {未整改: 否}}]" "[{name: the parts, left: {status: rectified}, right: {open: 'no'}}]" Keys(IDENTITY);
    "set" "设定" "{地点: 三楼会议室}" "{place: Room 3}" Names(&[]);
    "$schema" "" "duban.schema.json" "duban.schema.json" Value;
};

/// `office:`
#[rustfmt::skip]
pub(crate) const OFFICE: &[ConfigKey] = keys! {
    "name" "名称" "某区人民政府督查室" "City Inspection Office" Value;
    "mark" "标志" "督查通报" "Inspection Bulletin" Value;
    "code" "代字" "某政督" "CIO" Value;
    "signature" "落款" "某区人民政府督查室" "City Inspection Office" Value;
    "contact" "联系方式" "联系人：某某" "inspection@example.org" Value;
    "address" "称呼" "平级" "peer" Value;
};

/// An item of `logs:`.
#[rustfmt::skip]
pub(crate) const LATEST: &[ConfigKey] = keys! {
    "latest" "最新" "logs/台账*.xlsx" "logs/log*.xlsx" Value;
};

/// An item of `categories:` or `sources:`.
#[rustfmt::skip]
pub(crate) const NAMED: &[ConfigKey] = keys! {
    "name" "名称" "消防安全" "Fire safety" Value;
    "aliases" "别名" "[消防]" "[Fire]" Value;
};

/// An item of `units:`.
#[rustfmt::skip]
pub(crate) const UNIT: &[ConfigKey] = keys! {
    "name" "名称" "金光路街道办事处" "Harbour Works" Value;
    "aliases" "别名" "[金光路办事处]" "[Harbor Works]" Value;
    "group" "分组" "街道" "Works" Value;
    "head" "负责人" "某某" "N. N." Value;
    "address" "地址" "金光路1号" "1 Quay Road" Value;
    "contact" "联系方式" "0000-00000000" "harbour@example.org" Value;
};

/// An item of `teams:`.
#[rustfmt::skip]
pub(crate) const TEAM: &[ConfigKey] = keys! {
    "name" "名称" "第一组" "Team 1" Value;
    "aliases" "别名" "[一组]" "[T1]" Value;
    "units" "单位" "[金光路街道办事处]" "[Harbour Works]" Value;
};

/// An item of `sites:`.
#[rustfmt::skip]
pub(crate) const SITE: &[ConfigKey] = keys! {
    "name" "名称" "金光路1号" "Quay 1" Value;
    "aliases" "别名" "[金光路一号]" "[Quay I]" Value;
    "type" "类型" "酒店" "Hotel" Value;
    "team" "检查组" "第一组" "Team 1" Value;
    "unit" "责任单位" "金光路街道办事处" "Harbour Works" Value;
};

/// `sites:` as the name of a table.
#[rustfmt::skip]
pub(crate) const SITES_FILE: &[ConfigKey] = keys! {
    "file" "文件" "点位.csv" "sites.csv" Value;
};

/// `dates:`
#[rustfmt::skip]
pub(crate) const DATES: &[ConfigKey] = keys! {
    "order" "顺序" "年月日" "ymd" Value;
    "year" "年份" "2021" "2021" Value;
    "zone" "时区" "'+08:00'" "'+08:00'" Value;
};

/// `calendar:`
#[rustfmt::skip]
pub(crate) const CALENDAR: &[ConfigKey] = keys! {
    "base" "基础" "国务院安排" "cn" Value;
    "file" "文件" "日历.csv" "calendar.csv" Value;
    "off" "休息日" "[2027-02-05]" "[2027-02-05]" Value;
    "work" "上班日" "[2027-02-20]" "[2027-02-20]" Value;
};

/// `due_soon_days:`
#[rustfmt::skip]
pub(crate) const DUE_SOON: &[ConfigKey] = keys! {
    "days" "天数" "3" "3" Value;
    "working" "按工作日" "是" "true" Value;
};

/// A rung of `ladder:`.
#[rustfmt::skip]
pub(crate) const RUNG: &[ConfigKey] = keys! {
    "rung" "文种" "督办函" "supervision" Value;
    "due_within" "临期" "3天" "3 days" Value;
    "overdue" "逾期" "1天" "1 day" Value;
    "unanswered" "未反馈" "5个工作日" "5 workdays" Value;
};

/// `rankings:`
#[rustfmt::skip]
pub(crate) const RANKINGS: &[ConfigKey] = keys! {
    "red" "红榜" "{整改率: '>=95%'}" "{rectified_rate: '>=95%'}" Keys(MEASURES);
    "black" "黑榜" "{逾期: '>=3'}" "{overdue: '>=3'}" Keys(MEASURES);
};

/// The measures of a list of `rankings:`, as a tally calls them.
#[rustfmt::skip]
pub(crate) const MEASURES: &[ConfigKey] = keys! {
    "rectified_rate" "整改率" "'>=95%'" "'>=95%'" Value;
    "found" "发现" "'>=3'" "'>=3'" Value;
    "rectified" "已整改" "'>=3'" "'>=3'" Value;
    "open" "未整改" "'<=0'" "'<=0'" Value;
    "closed" "已销号" "'>=3'" "'>=3'" Value;
    "overdue" "逾期" "'>=3'" "'>=3'" Value;
    "late" "逾期整改" "'>=3'" "'>=3'" Value;
    "repeat" "重复" "'>=3'" "'>=3'" Value;
};

/// A series of `series:`.
#[rustfmt::skip]
pub(crate) const SERIES: &[ConfigKey] = keys! {
    "number" "编号" "'第{n}期'" "'No. {n}'" Value;
    "reset" "重编" "每年" "yearly" Value;
    "start" "起始" "1" "1" Value;
};

/// `fonts:`
#[rustfmt::skip]
pub(crate) const FONTS: &[ConfigKey] = keys! {
    "fangsong" "仿宋" "仿宋_GB2312" "仿宋_GB2312" Value;
    "heiti" "黑体" "黑体" "黑体" Value;
    "kaiti" "楷体" "楷体_GB2312" "楷体_GB2312" Value;
    "xiaobiaosong" "小标宋" "方正小标宋简体" "方正小标宋简体" Value;
    "songti" "宋体" "宋体" "宋体" Value;
    "latin" "西文" "Times New Roman" "Times New Roman" Value;
};

/// `pdf:`
#[rustfmt::skip]
pub(crate) const PDF: &[ConfigKey] = keys! {
    "with" "程序" "/opt/libreoffice/program/soffice" "/opt/libreoffice/program/soffice" Value;
};

/// A rule of `rules:`.
#[rustfmt::skip]
pub(crate) const RULE: &[ConfigKey] = keys! {
    "code" "代码" "X101" "X101" Value;
    "when" "条件" "整改期限 < 发现日期" "deadline < found_on" Value;
    "message" "提示" "整改期限太长" "the deadline is too far away" Keys(TEXTS);
    "severity" "级别" "警告" "warning" Value;
    "title" "标题" "期限太长" "deadline too far away" Keys(TEXTS);
    "help" "改法" "核对期限" "check the deadline" Keys(TEXTS);
    "why" "理由" "久拖不决" "it would never be done" Keys(TEXTS);
    "field" "字段" "整改期限" "deadline" Value;
};

/// A text in both languages.
#[rustfmt::skip]
pub(crate) const TEXTS: &[ConfigKey] = keys! {
    "zh" "中文" "文字" "文字" Value;
    "en" "英文" "text" "text" Value;
};

/// `privacy:`
#[rustfmt::skip]
pub(crate) const PRIVACY: &[ConfigKey] = keys! {
    "names" "隐名写法" "按字数" "by_length" Value;
    "public_person" "普通人员" "隐名" "mask" Value;
    "disciplined_cadre" "受处分干部" "实名" "name" Value;
    "unit" "单位" "实名" "name" Value;
    "small_counts" "少量" "5" "5" Value;
    "pictures" "照片" "略去" "omit" Value;
    "roles" "角色" "{责任人: 公开}" "{responsible: open}" Names(&[]);
};

/// `photos:`
#[rustfmt::skip]
pub(crate) const PHOTOS: &[ConfigKey] = keys! {
    "folder" "文件夹" "logs/照片" "logs/photos" Value;
    "max_bytes" "最大字节" "52428800" "52428800" Value;
    "max_side" "最大边长" "1600" "1600" Value;
    "quality" "质量" "80" "80" Value;
};

/// An item of `allowances:`.
#[rustfmt::skip]
pub(crate) const ALLOWANCE: &[ConfigKey] = keys! {
    "code" "代码" "R204" "R204" Value;
    "where" "条件" "{责任单位: 金光路街道办事处}" "{unit: Harbour Works}" Selections;
    "file" "文件" "logs/第一组.csv" "logs/team1.csv" Value;
    "id" "编号" "WT-001" "WT-001" Value;
    "until" "期限" "2021-12-31" "2021-12-31" Value;
    "why" "理由" "纸质材料已归档" "the paper is filed" Value;
};

/// An item of `identities:`.
#[rustfmt::skip]
pub(crate) const IDENTITY: &[ConfigKey] = keys! {
    "name" "名称" "各类之和" "the parts" Value;
    "left" "左边" "{状态: 已整改}" "{status: rectified}" Selections;
    "right" "右边" "{未整改: 否}" "{open: 'no'}" Selections;
};
