//! The codes of duban and the form of those that an office gives its own rules. What each means is in a
//! [`CodeTable`](crate::fault::CodeTable).

use std::borrow::Cow;
use std::fmt;

use serde::{Serialize, Serializer};

use crate::fault::Severity;
use crate::words::lang::Lang;

/// What is known of a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeInfo {
    /// The short name: that of a code of duban is ASCII, and accepted wherever the code is.
    pub name: Cow<'static, str>,
    /// Former names: still accepted, never shown.
    pub aliases: &'static [&'static str],
    /// The severity unless the project sets another.
    pub severity: Severity,
    /// The Chinese title.
    pub zh: Cow<'static, str>,
    /// The English title.
    pub en: Cow<'static, str>,
    /// The Chinese explain page, as Markdown.
    pub page_zh: Cow<'static, str>,
    /// The English explain page, as Markdown.
    pub page_en: Cow<'static, str>,
}

impl CodeInfo {
    /// Returns the title in a language.
    #[must_use]
    pub fn title(&self, lang: Lang) -> &str {
        lang.pick(&self.zh, &self.en)
    }

    /// Returns the explain page in a language, as Markdown.
    #[must_use]
    pub fn page(&self, lang: Lang) -> &str {
        lang.pick(&self.page_zh, &self.page_en)
    }
}

macro_rules! codes {
    ($($code:literal $name:literal $(| $alias:literal)* $severity:ident $zh:literal $en:literal;)*) => {
        &[$(($code, CodeInfo {
            name: Cow::Borrowed($name),
            aliases: &[$($alias),*],
            severity: Severity::$severity,
            zh: Cow::Borrowed($zh),
            en: Cow::Borrowed($en),
            page_zh: Cow::Borrowed(include_str!(concat!("explain/", $code, ".zh.md"))),
            page_en: Cow::Borrowed(include_str!(concat!("explain/", $code, ".en.md"))),
        })),*]
    };
}

/// Every code of duban: its name, `|` and former names, its severity and its titles. A row whose explain pages are missing
/// does not compile.
///
/// The letter tells what is checked: L the structure of a log, V a value, R rows that contradict each other, P personal
/// data, C the config, T a template. X is for the rules of an office.
#[rustfmt::skip]
pub(super) static CODES: &[(&str, CodeInfo)] = codes! {
    "L101" "unreadable-encoding" Error "编码无法识别" "unreadable encoding";
    "L102" "empty-log" Warning "台账没有记录" "the log has no records";
    "L103" "no-header" Error "找不到表头" "no header row";
    "L104" "missing-column" Error "缺少必需的列" "a required column is missing";
    "L105" "unknown-column" Warning "无法识别的列" "unknown column";
    "L106" "duplicate-column" | "doubled-column" Error "列重复" "duplicate column";
    "L107" "ragged-row" Error "单元格数与表头不符" "a row has more or fewer cells than the header";
    "L108" "duplicate-id" | "doubled-id" Error "编号重复" "duplicate id";
    "L109" "syntax" Error "文件语法错误" "syntax error in the file";
    "L110" "shape" Error "此处应为另一种结构" "a value has the wrong shape";
    "L111" "too-complex" Error "超出读取限度" "the file exceeds the reader's limits";
    "L112" "unclosed-quote" Error "引号没有闭合" "a quote is never closed";
    "L113" "unusable-allowance" | "allowance" Warning "放行说明无效或用不上" "an allowance that is invalid or not needed";
    "L114" "hidden-rows" Warning "工作表里有隐藏的行" "hidden rows in a sheet";
    "L115" "unread-sheet" Warning "像台账的工作表没有读" "a sheet that looks like a log was not read";
    "L116" "nothing-found" Info "没有问题的行" "a row that says that nothing was found";
    "L117" "struck-rows" Warning "整行划了删除线" "rows that are struck out";
    "L118" "copied-id" Info "复制的行带着同一编号" "a copied row of a form with the id of another";
    "L119" "note" Info "表格的说明" "a note on the table";
    "L120" "column-not-kept" Warning "没有整改方式或问题类别列" "no column for category or disposition";
    "L121" "own-output" Warning "duban 自己写出的工作簿" "a workbook that duban wrote";
    "L122" "repeated-file" Error "同一份台账读了两次" "the same submission is there twice";
    "L123" "unchecked-rule" Warning "少了一列，有的规则无从核对" "a rule can't be checked for want of a column";
    "L124" "swallowed-row" Error "一格里像是有另一行" "a cell that seems to hold another row";
    "L125" "struck-text" Warning "一格里划掉了一部分字" "a part of a cell is struck out";
    "L126" "merged-number" Warning "序号合并了几个问题" "one number merged over several issues";
    "V101" "bad-date" Error "日期无效" "not a valid date";
    "V102" "unknown-disposition" Error "整改方式不在词表中" "unknown disposition";
    "V103" "unknown-status" Error "状态不在词表中" "unknown status";
    "V104" "unknown-source" Error "问题来源不在词表中" "unknown source";
    "V105" "unknown-unit" Error "单位不在名录中" "unit not in the project's list";
    "V106" "unknown-category" Error "类别不在词表中" "category not in the project's list";
    "V107" "unknown-team" Error "检查组不在名录中" "team not in the project's list";
    "V108" "unknown-site" Error "点位不在名录中" "site not in the project's list";
    "V109" "empty-cell" Error "必填项为空" "a required cell is empty";
    "V110" "bad-deadline" Error "整改期限无法理解" "the deadline can't be understood";
    "V111" "bad-number" Error "不是数字" "not a number";
    "V112" "error-value" Error "单元格是错误值" "a cell holds an error value";
    "V113" "uncalculated-formula" Error "公式没有计算结果" "a formula without a stored result";
    "V114" "picture-cell" Warning "单元格是图片" "a cell holds a picture";
    "V115" "utc-days" Error "日期都在 16:00" "all days of a sheet are at 16:00";
    "V116" "as-above" Info "写作“同上”" "a cell that stands for the one above it";
    "V117" "other-punctuation" Info "引号、逗号等与文字不配" "punctuation of the other script";
    "V118" "several-units" Warning "一格里像是几个单位" "several units in a cell for one";
    "V119" "hidden-year" Warning "没有显示的年份与同一行的日期不相近" "a year that does not show, and is not the nearest";
    "V120" "unstated" Warning "整改方式或问题类别未注明" "category or disposition not stated";
    "V131" "missing-photo" Warning "照片找不到" "a photo that is not there";
    "V132" "photo-outside" Warning "照片在项目文件夹以外" "a photo outside of the project";
    "V133" "same-photo" Warning "同一张照片用了两次" "one photo used twice";
    "V134" "unreadable-photo" Warning "照片读不出来" "a photo that can't be read";
    "V135" "large-photo" Warning "照片太大" "a photo that is too large";
    "V136" "absent-photo" Warning "照片只有链接，或已丢失" "a photo that is only linked, or lost";
    "V137" "stray-picture" Info "图片不属于任何问题" "a picture that no issue has";
    "V138" "unsure-photo" Warning "不能确定是哪个问题的照片" "a photo that may not be that of its issue";
    "R201" "deadline-before-found" Error "整改期限早于发现日期" "the deadline is before the date found";
    "R202" "no-deadline" Error "限期整改却没有期限" "the disposition requires a deadline, but there is none";
    "R203" "rectified-before-found" Error "整改完成早于发现" "rectified before it was found";
    "R204" "closed-not-rectified" Error "已销号却没有整改完成日期" "closed without a date of rectification";
    "R205" "future-date" Error "日期在统计日之后" "a date after the as-of day";
    "R206" "duplicate-issue" | "doubled-issue" Error "问题重复登记" "duplicate issue";
    "R207" "totals-mismatch" | "totals-not-borne-out" Error "申报的合计与各行不符" "declared totals that the rows don't bear out";
    "R208" "moved-deadline" Error "整改期限与上次提交不同" "the deadline was changed since the last submission";
    "R209" "missing-issue" | "vanished-issue" Error "上次提交的问题不见了" "an issue of the last submission is missing";
    "R210" "no-longer-rectified" | "undone" Warning "上次已整改，这次又成未整改" "rectified in the last submission, open in this one";
    "R211" "unvisited-site" Warning "点位无人检查" "a planned site that was not visited";
    "R212" "denied-rectification" Error "状态与整改日期或整改方式矛盾" "the status denies a rectification that another field states";
    "R213" "contradicting-columns" Error "整改状态、是否销号、复查结果各列互相矛盾" "columns about the status contradict each other";
    "R214" "progress-in-words" Warning "整改情况只有句子，没有状态" "the progress is told in sentences only";
    "R215" "remark-contradicts" Warning "话里说的与计法相反" "a remark says otherwise than what is counted";
    "R216" "inspection-count" Warning "检查记录的问题数与台账不符" "an inspection states another number of issues than there are";
    "R221" "carried-over" Error "两份台账有同样的问题" "two files share issues";
    "P301" "id-card" Warning "出现证件号码" "the number of an identity document in free text";
    "P302" "phone-number" | "mobile-number" Warning "出现电话号码" "a telephone number in free text";
    "P303" "name-in-text" Warning "内容里有人名" "a person's name in free text";
    "P304" "personal-data" Warning "出现银行卡号、车牌、邮箱或住址" "a bank card, licence plate, e-mail or home address in free text";
    "C401" "config-syntax" Error "配置文件语法错误" "syntax error in the config";
    "C402" "unknown-key" Error "配置中有不认识的键" "unknown key in the config";
    "C403" "bad-setting" Error "配置项的值无效" "a setting has an invalid value";
    "C404" "unknown-year" Warning "日历没有这一年的放假安排" "a year whose holidays the calendar does not know";
    "T501" "template" Error "模板错误" "error in a template";
    "T502" "typed-figure" | "bare-digit" Warning "模板中有手写的数字" "a figure typed into a template by hand";
    "T503" "word-file-cleaned" Info "版式模板里的批注、修订等不会带出去" "comments, changes and the like of a Word template don't go out";
};

/// A fault code: one of duban, or `X` and three digits, which an office gives a rule of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(u16);

/// Codes of duban are numbered by their row, those of offices from here.
const OWN: u16 = 1000;

impl Code {
    /// Returns the code of duban with this text, for literals: in a `const` block, a code that is not in the table does not
    /// compile.
    pub(crate) const fn known(text: &str) -> Self {
        let mut index = 0_u16;
        while (index as usize) < CODES.len() {
            if is_same(CODES[index as usize].0, text) {
                return Self(index);
            }
            index += 1;
        }
        panic!("no such code");
    }

    /// Returns the code of an office's own rule: `X` and three digits, in any case.
    #[must_use]
    pub fn own(text: &str) -> Option<Self> {
        let digits = text.strip_prefix(['X', 'x'])?;
        let is_number = digits.len() == 3 && digits.bytes().all(|byte| byte.is_ascii_digit());
        digits.parse().ok().filter(|_| is_number).map(|number: u16| Self(OWN + number))
    }

    /// Returns all codes of duban in the order of the table.
    pub fn built_in() -> impl Iterator<Item = Self> {
        (0..).zip(CODES).map(|(index, _)| Self(index))
    }

    /// Returns what is known of a code of duban.
    pub(super) fn row(self) -> Option<&'static CodeInfo> {
        CODES.get(usize::from(self.0)).map(|(_, info)| info)
    }
}

/// Compares two texts; `==` of `str` is not `const`.
const fn is_same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] == other[at] {
        at += 1;
    }
    at == one.len() && at == other.len()
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match CODES.get(usize::from(self.0)) {
            Some((text, _)) => f.write_str(text),
            None => write!(f, "X{:03}", self.0.saturating_sub(OWN)),
        }
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_own_code_is_x_and_three_digits() {
        for (text, wanted) in [("X101", Some("X101")), ("x007", Some("X007")), ("X999", Some("X999"))] {
            assert_eq!(Code::own(text).map(|code| code.to_string()).as_deref(), wanted);
        }
        for text in ["X1", "X1010", "X+10", "X１０１", "V101", "X", "", "XX10"] {
            assert_eq!(Code::own(text), None, "{text}");
        }
        assert!(CODES.len() < usize::from(OWN));
        assert_eq!(Code::own("X000").and_then(Code::row), None);
    }
}
