//! The table of codes. `check`, `explain`, `--deny`, `--allow`, `rules:` and the schema read it.

use std::fmt;
use std::str::FromStr;

use crate::fault::Severity;
use crate::words::lang::Lang;
use crate::words::near::nearest;

/// One row of [`CODES`].
#[derive(Debug)]
pub struct CodeInfo {
    /// The code.
    pub code: &'static str,
    /// A short name in ASCII.
    pub name: &'static str,
    /// How grave it is unless the project says otherwise.
    pub severity: Severity,
    /// What it finds, in Chinese.
    pub zh: &'static str,
    /// What it finds, in English.
    pub en: &'static str,
    /// Its page in Chinese, as Markdown: `explain/CODE.zh.md`.
    pub page_zh: &'static str,
    /// Its page in English: `explain/CODE.en.md`.
    pub page_en: &'static str,
}

macro_rules! codes {
    ($($code:literal $name:literal $severity:ident $zh:literal $en:literal;)*) => {
        &[$(CodeInfo {
            code: $code,
            name: $name,
            severity: Severity::$severity,
            zh: $zh,
            en: $en,
            page_zh: include_str!(concat!("explain/", $code, ".zh.md")),
            page_en: include_str!(concat!("explain/", $code, ".en.md")),
        }),*]
    };
}

/// Every code, with its pages: a row without both does not compile. L the log's structure, V a value, R rows that contradict, P personal data,
/// C the config, T a template.
#[rustfmt::skip]
pub const CODES: &[CodeInfo] = codes! {
    "L101" "unreadable-encoding" Error "编码无法识别" "unreadable encoding";
    "L102" "empty-log" Warning "台账没有记录" "the log has no record";
    "L103" "no-header" Error "找不到表头" "no header row";
    "L104" "missing-column" Error "缺少必需的列" "a required column is missing";
    "L105" "unknown-column" Warning "无法识别的列" "a column nobody reads";
    "L106" "doubled-column" Error "列重复" "a column stands twice";
    "L107" "ragged-row" Error "单元格数与表头不符" "a row has more or fewer cells than the header";
    "L108" "doubled-id" Error "编号重复" "an id stands twice";
    "L109" "syntax" Error "文件语法错误" "the file's syntax is broken";
    "L110" "shape" Error "此处应为另一种结构" "a value has the wrong shape";
    "L111" "too-complex" Error "超出读取限度" "beyond the reader's limits";
    "L112" "unclosed-quote" Error "引号没有闭合" "a quote is never closed";
    "L113" "allowance" Warning "放行说明无效或用不上" "an allowance that is not understood, or not needed";
    "L114" "hidden-rows" Warning "工作表里有隐藏的行" "rows of a sheet that don't show";
    "L115" "unread-sheet" Warning "像台账的工作表没有读" "a sheet that looks like a log was not read";
    "L120" "column-not-kept" Warning "没有整改方式或问题类别列" "no column for category or disposition";
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
    "V120" "unstated" Warning "整改方式或问题类别未注明" "category or disposition not stated";
    "R201" "deadline-before-found" Error "整改期限早于发现日期" "the deadline lies before the day of finding";
    "R202" "no-deadline" Error "限期整改却没有期限" "to be put right by a deadline, and there is none";
    "R203" "rectified-before-found" Error "整改完成早于发现" "rectified before it was found";
    "R204" "closed-not-rectified" Error "已销号却没有整改完成日期" "closed without having been rectified";
    "R205" "future-date" Error "日期在统计日之后" "a date after the day the log is looked at";
    "R206" "doubled-issue" Error "问题重复登记" "the same issue stands twice";
    "R207" "totals-not-borne-out" Error "申报的合计与各行不符" "declared totals that the rows don't bear out";
    "R208" "moved-deadline" Error "整改期限与上次提交不同" "the deadline was moved since the last submission";
    "R209" "vanished-issue" Error "上次提交的问题不见了" "an issue of the last submission is gone";
    "R210" "undone" Warning "上次已整改，这次又成未整改" "done in the last submission, open in this one";
    "R211" "unvisited-site" Warning "点位无人检查" "a site of the plan that nobody visited";
    "P301" "id-card" Warning "出现身份证号" "an identity card number";
    "P302" "mobile-number" Warning "出现手机号" "a mobile number";
    "P303" "name-in-text" Warning "内容里有人名" "a person's name in free text";
    "C401" "config-syntax" Error "配置文件语法错误" "the config's syntax is broken";
    "C402" "unknown-key" Error "配置中有不认识的键" "unknown key in the config";
    "C403" "bad-setting" Error "配置项的值无效" "a setting has no valid value";
    "T501" "template" Error "模板错误" "the template is wrong";
    "T502" "bare-digit" Warning "模板中有手写的数字" "a figure typed into a template";
};

/// A code of [`CODES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(u8);

impl Code {
    /// The code with this text, for codes written in this program: in a `const` block, one that is not in the table does
    /// not compile.
    pub(crate) const fn known(text: &str) -> Self {
        let mut index = 0_u8;
        while (index as usize) < CODES.len() {
            if is_same(CODES[index as usize].code, text) {
                return Self(index);
            }
            index += 1;
        }
        panic!("no such code");
    }

    /// Its row of the table.
    #[must_use]
    pub fn info(self) -> &'static CodeInfo {
        &CODES[usize::from(self.0)]
    }

    /// All codes, in order.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..).zip(CODES).map(|(index, _)| Self(index))
    }

    /// What it finds, in a language.
    #[must_use]
    pub fn title(self, lang: Lang) -> &'static str {
        lang.pick(self.info().zh, self.info().en)
    }
}

/// Whether two texts are the same, in a constant.
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
        f.write_str(self.info().code)
    }
}

/// The codes that a word of the command line names: one by its code or name, or all that begin alike (`L`, `V1`).
///
/// # Errors
/// It names none; with the nearest code.
pub fn codes(text: &str) -> Result<Vec<Code>, UnknownCode> {
    match text.parse() {
        Ok(code) => Ok(vec![code]),
        Err(error) => {
            let prefix = text.to_ascii_uppercase();
            let all: Vec<Code> =
                Code::all().filter(|code| !prefix.is_empty() && code.info().code.starts_with(&prefix)).collect();
            if all.is_empty() { Err(error) } else { Ok(all) }
        }
    }
}

/// A code that is none, and the nearest one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no code `{written}`{}", near.map_or_else(String::new, |near| format!("; did you mean `{near}`?")))]
pub struct UnknownCode {
    /// As written.
    pub written: String,
    /// What may have been meant.
    pub near: Option<&'static str>,
}

impl FromStr for Code {
    type Err = UnknownCode;

    /// Reads `V101` (any case) or the name `bad-date`.
    fn from_str(text: &str) -> Result<Self, UnknownCode> {
        let is_it = |code: &Self| code.info().code.eq_ignore_ascii_case(text) || code.info().name == text;
        match Self::all().find(is_it) {
            Some(code) => Ok(code),
            None => Err(UnknownCode {
                written: text.to_owned(),
                near: nearest(text, CODES.iter().flat_map(|info| [info.code, info.name])),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_word_names_one_code_or_all_that_begin_alike() {
        assert_eq!(codes("v101"), Ok(vec![Code::known("V101")]));
        assert_eq!(codes("bad-date"), Ok(vec![Code::known("V101")]));
        assert_eq!(codes("P"), Ok(["P301", "P302", "P303"].map(Code::known).to_vec()));
        assert!(codes("R2").is_ok_and(|codes| codes.len() > 5));
        assert!(codes("").is_err() && codes("Z").is_err());
        assert_eq!(codes("V1O1").map_err(|error| error.near), Err(Some("V101")));
    }

    #[test]
    fn codes_and_names_are_unique_and_read_back() {
        let mut seen = BTreeSet::new();
        for code in Code::all() {
            let info = code.info();
            assert!(seen.insert(info.code) && seen.insert(info.name), "{code}");
            assert_eq!(info.code.parse(), Ok(code));
            assert_eq!(info.name.parse(), Ok(code));
            assert_eq!(info.code.to_lowercase().parse(), Ok(code));
        }
    }
}
