//! What can go wrong with a register, and the words for it.

use std::io;
use std::path::PathBuf;

use crate::words::lang::Lang;

/// What can go wrong with a register.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// The system says no.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What it says.
        source: io::Error,
    },
    /// A line that is none. Numbers are not given out over what can't be read.
    #[error(
        "line {line} of the register can't be read ({source}); restore it from a copy, and see `duban register verify`"
    )]
    Line {
        /// The line.
        line: usize,
        /// What the reader says.
        source: serde_json::Error,
    },
    /// Lines that stood at the end are gone: the next numbers would be numbers given out before.
    #[error(
        "the register was cut: line {seq} was entered here and is gone, and its number would be given out again; \
         restore register.jsonl from a copy, or remove {} if the lines are gone on purpose", head.display()
    )]
    Shorter {
        /// The place of the last line that was entered here.
        seq: u64,
        /// The note that says so.
        head: PathBuf,
    },
    /// A number that somebody has.
    #[error("the number {number} of the series {series} is taken already")]
    NumberTaken {
        /// The number.
        number: String,
        /// The series.
        series: String,
    },
    /// An event about a number that does not stand so.
    #[error("no {series} number {n} of {year} stands so that this could happen to it")]
    Stray {
        /// The series.
        series: String,
        /// The year.
        year: i32,
        /// The running number.
        n: u32,
    },
    /// No such number.
    #[error("there is no number {number} in the register")]
    NoNumber {
        /// What was asked for.
        number: String,
    },
    /// A printed number that was given out several times, in other series or years.
    #[error("{number} was given out more than once ({}); say which by its series and year", places.join(", "))]
    Ambiguous {
        /// What was asked for.
        number: String,
        /// Series and year of each.
        places: Vec<String>,
    },
    /// Voided before.
    #[error("{number} is void already{}", why.as_ref().map_or_else(String::new, |why| format!(": {why}")))]
    VoidAlready {
        /// The number.
        number: String,
        /// Why it was voided.
        why: Option<String>,
    },
    /// No reason given.
    #[error("a number is voided for a reason: give it with --why")]
    NoReason,
    /// A pending document of which neither the staged bytes nor the file are left.
    #[error("{number} can't be finished, for {path} is lost; void the number, giving the reason")]
    Lost {
        /// The number.
        number: String,
        /// The file.
        path: String,
    },
    /// Something else stands under the name of a pending document.
    #[error(
        "{number} can't be finished, for something else stands at {path}; move it away and resume, or void the number"
    )]
    Blocked {
        /// The number.
        number: String,
        /// The file.
        path: String,
    },
    /// A write failed before and could not be undone: what the file holds is only known on opening it anew.
    #[error("the register could not be written before; open it anew")]
    Failed,
}

impl RegisterError {
    /// Returns the sentence for the user.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        if lang == Lang::En {
            return self.to_string();
        }
        match self {
            Self::Io { path, source } => format!("{}：{source}", path.display()),
            Self::Line { line, source } => {
                format!("登记簿第 {line} 行无法读取（{source}）；请从备份恢复，并用 duban register verify 查看")
            }
            Self::Shorter { seq, head } => format!(
                "登记簿被截短：本机登记过的第 {seq} 条已不在，继续发文会重号；请从备份恢复 register.jsonl，确属有意删除的，再删去 {}",
                head.display()
            ),
            Self::NumberTaken { number, series } => format!("{series} 序列的 {number} 已被占用"),
            Self::Stray { series, year, n } => format!("{series} 序列 {year} 年 {n} 号的状态不允许这样登记"),
            Self::NoNumber { number } => format!("登记簿里没有 {number}"),
            Self::Ambiguous { number, places } => {
                format!("{number} 不止一个（{}）；请指明序列和年份", places.join("、"))
            }
            Self::VoidAlready { number, why } => {
                format!("{number} 已经作废{}", why.as_ref().map_or_else(String::new, |why| format!("：{why}")))
            }
            Self::NoReason => "作废要说明原因：--why".to_owned(),
            Self::Lost { number, path } => format!("{number} 无法完成：{path} 已丢失；请说明原因作废此号"),
            Self::Blocked { number, path } => {
                format!("{number} 无法完成：{path} 处已有别的文件；请移走后再 resume，或作废此号")
            }
            Self::Failed => "登记簿先前写入失败；请重新打开".to_owned(),
        }
    }
}

/// Why documents could not be dispatched.
#[derive(Debug, thiserror::Error)]
pub enum DispatchError {
    /// Something stands under the name of a new document. Nothing was taken.
    #[error("{path} is there already and would be overwritten")]
    Exists {
        /// The file.
        path: String,
    },
    /// The name is that of another number's document, which is not there now. Nothing was taken.
    #[error("{path} is the document of {number}")]
    Promised {
        /// The file.
        path: String,
        /// The number it belongs to.
        number: String,
    },
    /// Two documents of one run under one name. Nothing was taken.
    #[error("two documents would be written to {path}")]
    Doubled {
        /// The file.
        path: String,
    },
    /// A name outside the project, or one that duban keeps for itself. Nothing was taken.
    #[error("`{path}` is no name for a document: a path without `..`, with / between")]
    BadPath {
        /// The name.
        path: String,
    },
    /// The register could not be written, or a number is taken. Nothing was taken.
    #[error(transparent)]
    Register(#[from] RegisterError),
    /// The numbers are taken, but something came between before the documents stood under their names.
    #[error("{} taken but not finished: {source}; finish with `duban register resume`", numbers.join(", "))]
    Unfinished {
        /// The numbers.
        numbers: Vec<String>,
        /// What came between.
        source: RegisterError,
    },
}

impl DispatchError {
    /// Returns the sentence for the user.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        if lang == Lang::En && !matches!(self, Self::Register(_)) {
            return self.to_string();
        }
        match self {
            Self::Exists { path } => format!("{path} 已经存在，不会覆盖"),
            Self::Promised { path, number } => format!("{path} 是 {number} 的文件"),
            Self::Doubled { path } => format!("两份文件都要写到 {path}"),
            Self::BadPath { path } => format!("“{path}”不能作文件名：不能含“..”、“\\”或空的一段"),
            Self::Register(error) => error.text(lang),
            Self::Unfinished { numbers, source } => format!(
                "{} 已取号，但没有完成：{}；用 duban register resume 完成",
                numbers.join("、"),
                source.text(lang)
            ),
        }
    }
}

/// What the user should know though nothing failed.
#[derive(Debug)]
pub enum Note {
    /// The last lines were never finished and were cut off; nobody was told of their numbers.
    CutOff {
        /// The first of them.
        line: usize,
    },
    /// The last line lacked its line feed and got it.
    Completed {
        /// The line.
        line: usize,
    },
    /// The register has a break.
    Broken {
        /// The first line that shows it.
        line: usize,
    },
    /// The note of how far the register has come, or the sweeping of staged bytes, failed: no number
    /// depends on either.
    Housekeeping {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl Note {
    /// Returns the sentence for the user.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        match self {
            Self::CutOff { line } => lang.pick(
                format!("登记簿从第 {line} 行起没有写完（当时的发文未成），已清除"),
                format!(
                    "the register was unfinished from line {line} on (that dispatch never came to be); it was cut off"
                ),
            ),
            Self::Completed { line } => lang.pick(
                format!("登记簿第 {line} 行末尾缺换行，已补上"),
                format!("line {line} of the register lacked its line feed; it was added"),
            ),
            Self::Broken { line } => lang.pick(
                format!("登记簿第 {line} 行被改动过或接不上；用 duban register verify 查看"),
                format!("line {line} of the register was altered or does not follow; see `duban register verify`"),
            ),
            Self::Housekeeping { path, source } => lang.pick(
                format!("{}：{source}（不影响文号）", path.display()),
                format!("{}: {source} (no number is affected)", path.display()),
            ),
        }
    }
}
