//! The errors of a register, and their texts in both languages.

use std::io;
use std::path::PathBuf;

use crate::fault::FileError;
use crate::platform::paths::slashed;
use crate::words::lang::Lang;

/// An error of the register.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// An operation on a file or folder failed.
    #[error("{}: {source}", slashed(&path))]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
    /// Files can't be locked here, so that two runs might take one number.
    #[error(
        "files can't be locked here (in a browser, or wherever duban runs as WebAssembly), and two runs might take one number: nothing \
         is dispatched or entered here; do it with duban on a machine of the office, `draft` works here"
    )]
    NoLocks,
    /// A line can't be read, so the numbers taken are not known for certain and none is issued.
    #[error(
        "line {line} of the register can't be read ({source}); restore it from a copy, and see `duban register verify`"
    )]
    Line {
        /// The line, from 1.
        line: usize,
        /// The error of the JSON parser.
        source: serde_json::Error,
    },
    /// Git merged two branches by text and left a conflict.
    #[error(
        "line {line} of the register is a mark of a merge that is not solved; nothing is entered until it is:          git config merge.duban.driver \"duban register merge %O %A %B\", then: git checkout -m register.jsonl"
    )]
    Unmerged {
        /// The line of the first mark, from 1.
        line: usize,
    },
    /// The line entered last on this machine is not in the register, though it is long enough: its end was rewritten.
    #[error(
        "the end of the register was rewritten: entry {seq}, made on this machine, is neither here nor on a branch, and its number \
         would be lost; restore register.jsonl from a copy, or remove {} if the line was deleted on purpose", slashed(&head)
    )]
    Replaced {
        /// The position in the chain of the last line entered on this machine, from 1.
        seq: u64,
        /// The file that records it.
        head: PathBuf,
    },
    /// Lines are missing at the end, so the next numbers would be ones issued before.
    #[error(
        "the register was truncated: entry {seq}, made on this machine, is missing, and its number would be issued \
         again; restore register.jsonl from a copy, or remove {} if the lines were deleted on purpose", slashed(&head)
    )]
    Truncated {
        /// The position in the chain of the last line entered on this machine, from 1.
        seq: u64,
        /// The file that records it.
        head: PathBuf,
    },
    /// A line was altered, or doesn't follow the one before.
    #[error(
        "line {line} of the register was altered or doesn't follow the line before, so nothing is appended to it; \
         restore register.jsonl from a copy or from version control, and see `duban register verify`"
    )]
    Broken {
        /// The first line that shows it, from 1.
        line: usize,
    },
    /// The number belongs to another document.
    #[error("the number {number} of the series {series} is already taken")]
    NumberTaken {
        /// The number.
        number: String,
        /// The series.
        series: String,
    },
    /// The status of a number doesn't allow an event.
    #[error("the status of number {n} of {year} in the series {series} does not allow this")]
    InvalidTransition {
        /// The series.
        series: String,
        /// The year.
        year: i32,
        /// The running number.
        n: u32,
    },
    /// There is no such number.
    #[error(
        "there is no number {number}{} in the register", file.as_ref().map_or_else(String::new, |file| format!(" with the file {file}"))
    )]
    UnknownNumber {
        /// The number asked for.
        number: String,
        /// The file asked for.
        file: Option<String>,
    },
    /// Two branches gave one number to two documents.
    #[error("{number} was given to several documents; name one of its files, or the beginning of its hash, with --file:\n  {}", documents.join("\n  "))]
    Doubled {
        /// The number asked for.
        number: String,
        /// What tells each from the others.
        documents: Vec<String>,
    },
    /// A printed number was issued in several series or years.
    #[error("{number} was issued more than once ({}); specify its series and year", places.join(", "))]
    Ambiguous {
        /// The number asked for.
        number: String,
        /// The series and year of each.
        places: Vec<String>,
    },
    /// The number is void already.
    #[error("{number} is already void{}", why.as_ref().map_or_else(String::new, |why| format!(": {why}")))]
    AlreadyVoid {
        /// The number.
        number: String,
        /// Why it was voided.
        why: Option<String>,
    },
    /// No reason was given for voiding a number.
    #[error("voiding a number needs a reason: give it with --why")]
    NoReason,
    /// A pending document has lost a file: neither the staged nor the final one is left.
    #[error("{number} can't be finished: {path} is lost; void the number, giving the reason")]
    Lost {
        /// The number.
        number: String,
        /// The file.
        path: String,
    },
    /// Another file has the name of a pending document's file.
    #[error("{number} can't be finished: there is another file at {path}; move it away and resume, or void the number")]
    Blocked {
        /// The number.
        number: String,
        /// The file.
        path: String,
    },
    /// An earlier write failed and could not be undone, so the content of the file is unknown until it is reopened.
    #[error("an earlier write to the register failed; reopen it")]
    Failed,
}

impl RegisterError {
    /// Whether this is why the document of a number can't be finished, or an error of more than one document.
    #[must_use]
    pub fn is_of(&self, wanted: &str) -> bool {
        match self {
            Self::Lost { number, .. } | Self::Blocked { number, .. } => number == wanted,
            _ => true,
        }
    }

    /// Returns the message for the user.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        if lang == Lang::En && !matches!(self, Self::Io { .. }) {
            return self.to_string();
        }
        match self {
            Self::Io { path, source } => {
                let (path, why) = (slashed(&path), FileError::from(source));
                lang.pick(format!("{path}：{}", why.text(lang)), format!("{path}: {}", why.text(lang)))
            }
            Self::NoLocks => "这里不能给文件加锁（在浏览器里，或以 WebAssembly 运行），两次发文可能拿到同一个号，所以不发文、不登记；请用本单位电脑上的 duban 发文，这里可以用 draft".to_owned(),
            Self::Line { line, source } => {
                format!("登记簿第 {line} 行无法读取（{source}）；请从备份恢复，并用 duban register verify 查看")
            }
            Self::Unmerged { line } => format!(
                "登记簿第 {line} 行是没有解决的合并冲突标记，解决之前不再登记：git config merge.duban.driver \"duban register merge %O %A %B\"，再 git checkout -m register.jsonl"
            ),
            Self::Replaced { seq, head } => format!(
                "登记簿末尾被改写：本机登记过的第 {seq} 条这里没有，别的分支上也没有，此号会丢失；请从备份恢复 register.jsonl，确属有意删除的，再删去 {}",
                slashed(&head)
            ),
            Self::Truncated { seq, head } => format!(
                "登记簿被截短：本机登记过的第 {seq} 条已不在，继续发文会重号；请从备份恢复 register.jsonl，确属有意删除的，再删去 {}",
                slashed(&head)
            ),
            Self::Broken { line } => format!(
                "登记簿第 {line} 行被改动过或与上一行接不上，不能再登记；请从备份或版本库恢复 register.jsonl，并用 duban register verify 查看"
            ),
            Self::NumberTaken { number, series } => format!("{series} 序列的 {number} 已被占用"),
            Self::InvalidTransition { series, year, n } => {
                format!("{series} 序列 {year} 年 {n} 号的状态不允许这样登记")
            }
            Self::UnknownNumber { number, file: None } => format!("登记簿里没有 {number}"),
            Self::UnknownNumber { number, file: Some(file) } => format!("登记簿里没有文件为 {file} 的 {number}"),
            Self::Doubled { number, documents } => format!(
                "{number} 给了几份文书；用 --file 写明其中一份的文件，或其哈希的开头：\n  {}",
                documents.join("\n  ")
            ),
            Self::Ambiguous { number, places } => {
                format!("{number} 不止一个（{}）；请指明序列和年份", places.join("、"))
            }
            Self::AlreadyVoid { number, why } => {
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
    /// The path of a new document is in use. No number was taken.
    #[error("{path} exists already and would be overwritten")]
    Exists {
        /// The file.
        path: String,
    },
    /// The path belongs to the document of another number, though the file is missing. No number was taken.
    #[error("{path} belongs to the document {number}")]
    PathReserved {
        /// The file.
        path: String,
        /// The number it belongs to.
        number: String,
    },
    /// Two documents have the same path. No number was taken.
    #[error("two documents would be written to {path}")]
    DuplicatePath {
        /// The file.
        path: String,
    },
    /// The path is invalid, or one of duban's own files. No number was taken.
    #[error(
        "`{path}` can't be the path of a document: use a path without `..` and without names that Windows keeps for devices (CON, NUL …), separated by /"
    )]
    BadPath {
        /// The path.
        path: String,
    },
    /// The register could not be written, or a number belongs to another document. No number was taken.
    #[error(transparent)]
    Register(#[from] RegisterError),
    /// The numbers are taken, but the files could not all be written under their final names.
    #[error("{} taken but not finished: {source}; finish with `duban register resume`", numbers.join(", "))]
    Unfinished {
        /// The numbers.
        numbers: Vec<String>,
        /// What interrupted the dispatch.
        source: RegisterError,
    },
}

impl DispatchError {
    /// Returns the message for the user.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        if lang == Lang::En && !matches!(self, Self::Register(_)) {
            return self.to_string();
        }
        match self {
            Self::Exists { path } => format!("{path} 已经存在，不会覆盖"),
            Self::PathReserved { path, number } => format!("{path} 是 {number} 的文件"),
            Self::DuplicatePath { path } => format!("两份文件都要写到 {path}"),
            Self::BadPath { path } => format!(
                "“{path}”不能作文件名：不能含“..”、“\\”、空的一段，也不能含 Windows 留给设备的名字（CON、NUL 等）"
            ),
            Self::Register(error) => error.text(lang),
            Self::Unfinished { numbers, source } => format!(
                "{} 已取号，但没有完成：{}；用 duban register resume 完成",
                numbers.join("、"),
                source.text(lang)
            ),
        }
    }
}

/// Something the user should know although nothing failed.
#[derive(Debug)]
pub enum Note {
    /// The last lines were incomplete and were removed; their numbers were never issued.
    CutOff {
        /// The first of them, from 1.
        line: usize,
    },
    /// The missing line feed of the last line was added.
    Completed {
        /// The line.
        line: usize,
    },
    /// Writing the head note or removing a staged file failed; no number depends on either.
    Housekeeping {
        /// The file or folder.
        path: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
}

impl Note {
    /// Returns the message for the user.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        match self {
            Self::CutOff { line } => lang.pick(
                format!("登记簿从第 {line} 行起没有写完（当时的发文未成），已清除"),
                format!(
                    "the register was incomplete from line {line} on (that dispatch did not take place); \
                     these lines were removed"
                ),
            ),
            Self::Completed { line } => lang.pick(
                format!("登记簿第 {line} 行末尾缺换行，已补上"),
                format!("line {line} of the register had no line feed; it was added"),
            ),
            Self::Housekeeping { path, source } => lang.pick(
                format!("{}：{source}（不影响文号）", slashed(&path)),
                format!("{}: {source} (no number is affected)", slashed(&path)),
            ),
        }
    }
}
