//! Why a picture can't be used.

use crate::words::lang::Lang;

/// Why a picture can't be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.text(Lang::En))]
pub enum PictureError {
    /// The name leads out of the folders that are searched, or is an address.
    Outside,
    /// There is no such file.
    Missing {
        /// The folders that were searched.
        folders: Vec<String>,
    },
    /// Different files have the name.
    Several {
        /// Their paths.
        files: Vec<String>,
    },
    /// The file ends before its picture does.
    CutOff,
    /// The file can't be read as a picture.
    Unreadable {
        /// The cause.
        why: String,
    },
}

impl PictureError {
    /// Returns what is wrong in a few words, for a document: without paths, which are of one machine.
    #[must_use]
    pub fn reason(&self, lang: Lang) -> &'static str {
        match self {
            Self::Outside => lang.pick("不在项目文件夹里", "it is outside the project"),
            Self::Missing { .. } => lang.pick("没有这个文件", "there is no such file"),
            Self::Several { .. } => lang.pick("有几个同名文件", "several files have its name"),
            Self::CutOff => lang.pick("文件不完整", "its file is cut off"),
            Self::Unreadable { .. } => lang.pick("不是能读的图片", "it is no picture of a known format"),
        }
    }

    /// Returns what is wrong, and what helps.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        match self {
            Self::Outside => lang.pick(
                "只用项目文件夹和台账所在文件夹里的图片：写相对路径，不写 ..、盘符和网址".to_owned(),
                "pictures come from the folder of the project and those of the logs: write a relative path without .., \
                 a drive or an address"
                    .to_owned(),
            ),
            Self::Missing { folders } => lang.pick(
                format!("没有这个文件（找过：{}）", folders.join("、")),
                format!("there is no such file (searched: {})", folders.join(", ")),
            ),
            Self::Several { files } => lang.pick(
                format!("有几个不同的文件叫这个名字：{}；写明文件夹", files.join("、")),
                format!("different files have this name: {}; name the folder", files.join(", ")),
            ),
            Self::CutOff => lang.pick(
                "文件不完整，后一部分丢失了；请重新拷贝原照片".to_owned(),
                "the file is cut off, and the rest of the picture is lost; copy the original again".to_owned(),
            ),
            Self::Unreadable { why } => lang.pick(
                format!("读不出图片（{why}）；可用 JPEG、PNG、GIF、BMP、WebP，HEIC 请先转成 JPEG"),
                format!("this can't be read as a picture ({why}): JPEG, PNG, GIF, BMP and WebP can; convert HEIC to JPEG"),
            ),
        }
    }
}
