//! Why a workbook could not be read.

use std::io;

use crate::words::lang::Lang;

/// Why a workbook could not be read.
#[derive(Debug, thiserror::Error)]
pub enum BookError {
    /// The system cannot read the file, or it is not a workbook or is damaged.
    #[error("the workbook cannot be read: {0}")]
    Unreadable(String),
    /// Its content exceeds a limit: it is a decompression bomb, or at least not a log.
    #[error("the workbook contains more than {limit} {what}")]
    TooLarge {
        /// The unit of the limit: `bytes` (uncompressed) or `cells`.
        what: &'static str,
        /// The maximum number that is read.
        limit: u64,
    },
    /// No sheet has the requested name, number or pattern.
    #[error("there is no sheet `{asked}`; the workbook has: {}", there.join(", "))]
    NoSheet {
        /// The name, number or pattern.
        asked: String,
        /// The names of all sheets.
        there: Vec<String>,
    },
    /// It is HTML or text with the extension of a workbook, as some systems export it.
    #[error("the file is text, not a workbook, in spite of its extension")]
    OnlyText,
    /// It is encrypted.
    #[error("the workbook is protected by a password")]
    Encrypted,
}

impl From<io::Error> for BookError {
    fn from(error: io::Error) -> Self {
        Self::Unreadable(error.to_string())
    }
}

impl BookError {
    /// Cells of a sheet stand behind cells that they belong before, or two have one address.
    pub(in crate::source::workbook) fn out_of_order() -> Self {
        Self::Unreadable("the cells of the sheet are out of order".to_owned())
    }

    /// Returns the message.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        match self {
            Self::Unreadable(why) => lang.pick(
                format!("不能作为工作簿打开（{why}）；在 WPS 或 Excel 里打开并另存为 .xlsx"),
                format!("can't be opened as a workbook ({why}); open it in its program and save it as .xlsx"),
            ),
            Self::TooLarge { what, limit } => lang.pick(
                format!(
                    "展开后超过限度（{limit} {}）；台账不需要这样大",
                    if *what == "cells" { "个单元格" } else { "字节" }
                ),
                format!("more than {limit} {what} when unpacked; no log needs as much"),
            ),
            Self::NoSheet { asked, there } => lang.pick(
                format!("没有工作表“{asked}”；有：{}", there.join("、")),
                format!("no sheet `{asked}`; there are: {}", there.join(", ")),
            ),
            Self::OnlyText => lang.pick(
                "后缀是工作簿，内容却是网页或文本；在 WPS 或 Excel 里打开并另存为 .xlsx".to_owned(),
                "it has the ending of a workbook and holds a page or text; open it in its program and save it as .xlsx"
                    .to_owned(),
            ),
            Self::Encrypted => lang.pick(
                "工作簿有密码；去掉密码再交".to_owned(),
                "the workbook has a password; save it without one".to_owned(),
            ),
        }
    }
}
