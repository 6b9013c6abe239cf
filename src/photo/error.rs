//! Why the pictures of a workbook, or one of them, can't be read.

use std::io;

use super::sheet_picture::Content;
use crate::placement::TooManyMerged;
use crate::words::lang::Lang;

/// Why the pictures of a workbook, or one of them, can't be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.text(Lang::En))]
pub enum PhotoError {
    /// The file is no workbook whose pictures are known.
    NoWorkbook,
    /// It is protected by a password.
    Encrypted,
    /// A part of the file is damaged.
    Damaged {
        /// The name of the part, or of what it holds.
        part: String,
        /// The cause.
        why: String,
    },
    /// It holds more than is read.
    TooLarge {
        /// Of what: its name in Chinese and in English.
        what: (&'static str, &'static str),
        /// The most that is read.
        limit: u64,
    },
    /// The picture is not in the workbook.
    Absent(Content),
    /// The system can't read the file.
    Io {
        /// The cause.
        why: String,
    },
}

impl PhotoError {
    /// Returns what is wrong, and what helps.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        match self {
            Self::NoWorkbook => lang.pick(
                "不是能读出图片的工作簿（.xlsx、.xlsm、.xls、.et、.ods）；请另存为“Excel 工作簿（*.xlsx）”".to_owned(),
                "this is no workbook whose pictures can be read (.xlsx, .xlsm, .xls, .et, .ods): save it as an Excel \
                 workbook (*.xlsx)"
                    .to_owned(),
            ),
            Self::Encrypted => lang.pick(
                "工作簿有密码；请取消密码后再保存".to_owned(),
                "the workbook is protected by a password: save it without one".to_owned(),
            ),
            Self::Damaged { part, why } => lang.pick(
                format!("工作簿里的 {part} 已损坏（{why}）；请用 Excel 或 WPS 打开，重新保存"),
                format!("{part} in the workbook is damaged ({why}): open it in Excel or WPS and save it again"),
            ),
            Self::TooLarge { what: (zh, en), limit } => lang.pick(
                format!("{zh}超过 {limit}；请压缩图片，或把台账拆成几个文件"),
                format!("there are more than {limit} {en}: compress the pictures, or split the log"),
            ),
            Self::Absent(content) => content.text(lang).unwrap_or_default(),
            Self::Io { why } => lang.pick(format!("文件读不出来（{why}）"), format!("the file can't be read: {why}")),
        }
    }

    pub(super) fn damaged(part: &str, why: &dyn std::fmt::Display) -> Self {
        Self::Damaged { part: part.to_owned(), why: why.to_string() }
    }
}

impl From<TooManyMerged> for PhotoError {
    fn from(TooManyMerged(limit): TooManyMerged) -> Self {
        Self::TooLarge {
            what: ("图片所在列里的合并单元格", "merged cells in columns with pictures"),
            limit: limit as u64,
        }
    }
}

impl From<io::Error> for PhotoError {
    fn from(error: io::Error) -> Self {
        Self::Io { why: error.to_string() }
    }
}
