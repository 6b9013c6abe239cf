//! Why a PATH yields no log.

use std::io;

use crate::source::workbook::BookError;
use crate::words::lang::Lang;

/// Why a PATH yields no log.
#[derive(Debug, thiserror::Error)]
pub enum FindError {
    /// There is no such file or folder.
    #[error("there is no file or folder `{0}`")]
    Missing(String),
    /// A folder or a pattern that contains no log.
    #[error("`{0}` holds no log")]
    NoLog(String),
    /// The pattern is invalid: the pattern and the reason.
    #[error("`{0}` is no pattern: {1}")]
    Pattern(String, String),
    /// A format that is not supported.
    #[error("the format of `{0}` is not read")]
    Format(String),
    /// A workbook that cannot be read.
    #[error("`{0}`: {1}")]
    Workbook(String, #[source] BookError),
    /// A system error.
    #[error("`{0}`: {1}")]
    Io(String, #[source] io::Error),
    /// Submissions of which the newest can't be told, since these have no date: the pattern and the names.
    #[error("the newest of `{0}` can't be told: no date in {1:?}")]
    Undated(String, Vec<String>),
    /// Submissions of which the newest can't be told, since these have the same date, or dates without a year beside
    /// others: the pattern and the names.
    #[error("the newest of `{0}` can't be told: the dates of {1:?} don't decide")]
    Undecided(String, Vec<String>),
    /// A folder is nested so deeply that symbolic links must form a cycle.
    #[error("the folder `{0}` lies too deep; links may lead in circles")]
    TooDeep(String),
}

impl FindError {
    /// Returns the message.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        match self {
            Self::Missing(name) => {
                lang.pick(format!("没有这个文件或文件夹：{name}"), format!("no such file or folder: {name}"))
            }
            Self::NoLog(name) => lang.pick(
                format!(
                    "{name} 里没有台账（.csv .tsv .yaml .yml .json .xlsx .xlsm .xlsb .xls .et .ods，或它们的 .gz）"
                ),
                format!("no log (.csv .tsv .yaml .yml .json .xlsx .xlsm .xlsb .xls .et .ods, or .gz of one) in {name}"),
            ),
            Self::Pattern(name, why) => {
                lang.pick(format!("`{name}` 不是有效的通配符：{why}"), format!("`{name}` is no pattern: {why}"))
            }
            Self::Format(name) => lang.pick(
                format!("{name}：不读这种格式；请另存为 .xlsx 或“CSV UTF-8”"),
                format!("{name}: this format is not read; save it as .xlsx or \"CSV UTF-8\""),
            ),
            Self::Workbook(name, error) => format!("{name}{}{}", lang.pick("：", ": "), error.text(lang)),
            Self::Io(name, cause) => format!("{name}: {cause}"),
            Self::Undated(pattern, names) => {
                let names = names.join(lang.pick("、", ", "));
                lang.pick(
                format!("{pattern}：看不出哪一份最新，这些文件没有“截至”日期，文件名里也没有日期：{names}；在标题行写“截至2021年8月20日”，或在文件名里写日期"),
                format!("{pattern}: the newest can't be told, for these have no day in a title row and no date in their names: {names}; write 截至2021年8月20日 above the header, or the date into the name"),
            )
            }
            Self::Undecided(pattern, names) => {
                let names = names.join(lang.pick("、", ", "));
                lang.pick(
                format!("{pattern}：看不出哪一份最新，这些文件日期相同，或缺年份：{names}；写明年月日，几个检查组的台账各写一条 latest:"),
                format!("{pattern}: the newest can't be told, for these have the same date, or dates without a year: {names}; write year, month and day, and one `latest:` for each team's ledgers"),
            )
            }
            Self::TooDeep(name) => lang.pick(
                format!("文件夹层数太多，没有读完：{name}"),
                format!("folders lie too deep, not all was read: {name}"),
            ),
        }
    }
}
