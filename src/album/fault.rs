//! What is told of photos: V131 to V138.

use crate::fault::{Code, Finding, KnownBy, field_name};
use crate::model::Field;
use crate::photo::{Content, Doubt, PhotoError, PictureKind};
use crate::words::lang::Lang;

/// V131: no file has the name, or several have.
#[derive(Debug)]
pub(super) struct MissingPhoto {
    pub(super) name: String,
    /// The folders and archives that were searched.
    pub(super) searched: Vec<String>,
    /// The different files of the name, if that is why.
    pub(super) several: Vec<String>,
    /// How many the log names, if none of them is there.
    pub(super) of_all: Option<usize>,
}

impl Finding for MissingPhoto {
    fn code(&self) -> Code {
        const { Code::known("V131") }
    }

    fn known_by(&self) -> KnownBy {
        if self.of_all.is_some() { KnownBy::File(String::new()) } else { KnownBy::Row(self.name.clone()) }
    }

    fn words(&self, field: Option<Field>, lang: Lang) -> (String, String) {
        let (column, name) = (field_name(field, lang), &self.name);
        if !self.several.is_empty() {
            let files = self.several.join(lang.pick("、", ", "));
            return lang.pick(
                (format!("{column}写的“{name}”有几个不同的文件：{files}"), "写明文件夹，如 照片/1.jpg".to_owned()),
                (
                    format!("{column} names `{name}`, and different files have that name: {files}"),
                    "name the folder, such as photos/1.jpg".to_owned(),
                ),
            );
        }
        let searched = self.searched.join(lang.pick("、", ", "));
        if let Some(count) = self.of_all {
            return lang.pick(
                (
                    format!("台账写了 {count} 张照片，一张也找不到，如“{name}”（找过：{searched}）"),
                    "把照片放到台账所在文件夹，或在 duban.yaml 写 photos: {folder: 照片文件夹或 .zip}".to_owned(),
                ),
                (
                    format!("the log names {count} photos and none of them is there, such as `{name}` (searched: {searched})"),
                    "put the photos beside the log, or write photos: {folder: FOLDER or .zip} in duban.yaml".to_owned(),
                ),
            );
        }
        lang.pick(
            (
                format!("{column}写的“{name}”找不到（找过：{searched}）"),
                "把照片放到台账所在文件夹，或在 duban.yaml 写 photos: {folder: 照片文件夹或 .zip}".to_owned(),
            ),
            (
                format!("{column} names `{name}`, and there is no such file (searched: {searched})"),
                "put the photo beside the log, or write photos: {folder: FOLDER or .zip} in duban.yaml".to_owned(),
            ),
        )
    }
}

/// V132: the name leads out of the folders of the project and the logs.
#[derive(Debug)]
pub(super) struct PhotoOutside {
    pub(super) name: String,
}

impl Finding for PhotoOutside {
    fn code(&self) -> Code {
        const { Code::known("V132") }
    }

    fn words(&self, field: Option<Field>, lang: Lang) -> (String, String) {
        let (column, name) = (field_name(field, lang), &self.name);
        lang.pick(
            (
                format!("{column}写的“{name}”在项目和台账的文件夹以外，没有读"),
                "把照片拷进来，写相对路径，不写 ..、盘符".to_owned(),
            ),
            (
                format!("{column} names `{name}`, which is outside of the folders of the project and the log; it is not read"),
                "copy the photo there, and write a relative path without .. or a drive".to_owned(),
            ),
        )
    }
}

/// V133: the same photo stands at another issue, or at another stage of the same issue.
#[derive(Debug)]
pub(super) struct SamePhoto {
    pub(super) place: String,
    /// Where it stands, too.
    pub(super) other: String,
    /// Whether that is the same issue.
    pub(super) is_same_issue: bool,
}

impl Finding for SamePhoto {
    fn code(&self) -> Code {
        const { Code::known("V133") }
    }

    fn known_by(&self) -> KnownBy {
        // Either of the two rows may be told.
        let mut places = [self.place.as_str(), self.other.as_str()];
        places.sort_unstable();
        KnownBy::Facts(places.join("\0"))
    }

    fn words(&self, _: Option<Field>, lang: Lang) -> (String, String) {
        let Self { place, other, is_same_issue } = self;
        let (zh, en) = if *is_same_issue {
            ("同一问题的另一阶段用的也是这张", "another stage of the same issue has it, too")
        } else {
            ("另一个问题用的也是这张", "another issue has it, too")
        };
        lang.pick(
            (
                format!("照片 {place} 用了两次：{zh}（{other}）"),
                "核对哪个问题的照片放错了；同一张照片确实要用于几个问题，可合并单元格".to_owned(),
            ),
            (
                format!("the photo {place} is used twice: {en} ({other})"),
                "see which of them has the wrong photo; where one photo does show several issues, merge the cells"
                    .to_owned(),
            ),
        )
    }
}

/// V134: no picture, or one that can't be read.
#[derive(Debug)]
pub(super) struct UnreadablePhoto {
    pub(super) name: String,
    pub(super) why: Unreadable,
}

/// Why a photo, or all photos of a workbook, can't be read.
#[derive(Debug)]
pub(super) enum Unreadable {
    /// It is something else, or a picture of a kind that is not read.
    Kind(PictureKind),
    /// The name says so already.
    OtherFile,
    /// The workbook.
    Book(PhotoError),
    /// An object that was embedded in the workbook.
    Object(Content),
    /// It ends before the picture does.
    CutOff,
    /// The system, or the archive, says so.
    Io(String),
}

impl Finding for UnreadablePhoto {
    fn code(&self) -> Code {
        const { Code::known("V134") }
    }

    fn words(&self, _: Option<Field>, lang: Lang) -> (String, String) {
        let Self { name, why } = self;
        let help = lang.pick(
            "换成 JPEG 或 PNG（HEIC 请先转成 JPEG）；其他材料写到“佐证材料”列",
            "give a JPEG or a PNG (convert HEIC to JPEG); other files belong in the column Evidence",
        );
        let why = match why {
            Unreadable::Kind(kind) => {
                let (zh, en) = kind.name();
                lang.pick(format!("不能用作照片（{zh}）"), format!("can't be used as a photo ({en})"))
            }
            Unreadable::OtherFile => lang.pick("不是图片文件", "is not a picture").to_owned(),
            Unreadable::Book(error) => {
                let error = error.text(lang);
                return lang.pick(
                    (format!("{name} 里的图片读不出来"), error.clone()),
                    (format!("the pictures of {name} can't be read"), error),
                );
            }
            Unreadable::Object(content) => {
                let text = content.text(lang).unwrap_or_default();
                let (what, help) = text.split_once(lang.pick('；', ':')).unwrap_or((&text, help));
                return (format!("{name}{}{what}", lang.pick("：", ": ")), help.trim().to_owned());
            }
            Unreadable::CutOff => {
                let help = lang.pick("重新拷贝原照片", "copy the original again");
                return lang.pick(
                    (format!("“{name}”不完整，照片的后一部分丢失了"), help.to_owned()),
                    (format!("`{name}` is cut off: the rest of the photo is lost"), help.to_owned()),
                );
            }
            Unreadable::Io(why) => lang.pick(format!("读不出来（{why}）"), format!("can't be read ({why})")),
        };
        (lang.pick(format!("“{name}”{why}"), format!("`{name}` {why}")), help.to_owned())
    }
}

/// V135: too many bytes.
#[derive(Debug)]
pub(super) struct LargePhoto {
    pub(super) name: String,
    pub(super) bytes: u64,
    pub(super) most: u64,
}

impl Finding for LargePhoto {
    fn code(&self) -> Code {
        const { Code::known("V135") }
    }

    fn known_by(&self) -> KnownBy {
        KnownBy::Row(self.name.clone())
    }

    fn words(&self, _: Option<Field>, lang: Lang) -> (String, String) {
        let Self { name, bytes, most } = self;
        lang.pick(
            (
                format!("照片“{name}”有 {bytes} 字节，超过 {most}，没有用"),
                "压缩后再交；确实要用，在 duban.yaml 写 photos: {max_bytes: 更大的数}".to_owned(),
            ),
            (
                format!("the photo `{name}` has {bytes} bytes, more than {most}, and is not used"),
                "make it smaller, or write photos: {max_bytes: A LARGER NUMBER} in duban.yaml".to_owned(),
            ),
        )
    }
}

/// V136: a place for a photo, and no bytes: an address, a link, or what a program has lost.
#[derive(Debug)]
pub(super) enum AbsentPhoto {
    /// The log gives an address.
    Address(String),
    /// The workbook says why.
    InBook(Content),
    /// The cell says that it holds a picture, and the workbook has none there.
    Lost,
}

impl Finding for AbsentPhoto {
    fn code(&self) -> Code {
        const { Code::known("V136") }
    }

    fn words(&self, field: Option<Field>, lang: Lang) -> (String, String) {
        let column = field_name(field, lang);
        match self {
            Self::Address(address) => lang.pick(
                (format!("{column}只有网址（{address}），不联网取图"), "下载照片，放到台账旁边，写文件名".to_owned()),
                (
                    format!("{column} has an address only ({address}), and nothing is fetched from the network"),
                    "download the photo, put it beside the log, and write its name".to_owned(),
                ),
            ),
            Self::InBook(content) => {
                let text = content.text(lang).unwrap_or_default();
                let (what, help) = text.split_once(lang.pick('；', ':')).unwrap_or((&text, ""));
                (what.to_owned(), help.trim().to_owned())
            }
            Self::Lost => lang.pick(
                (
                    format!("{column}的图片已经丢失：最后保存文件的程序没有保留单元格里的图片"),
                    "用 WPS 或 Excel 从原来的文件重新保存，或重新插入图片".to_owned(),
                ),
                (
                    format!("the picture of {column} is lost: the program that saved the file last does not keep pictures in cells"),
                    "save the file before it again in WPS or Excel, or insert the picture again".to_owned(),
                ),
            ),
        }
    }
}

/// V137: a picture that no issue has.
#[derive(Debug)]
pub(super) struct StrayPicture {
    pub(super) at: Stray,
}

/// Where a picture stands that no issue has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stray {
    Above,
    Below,
    Beside,
    Between,
    Nowhere,
}

impl Finding for StrayPicture {
    fn code(&self) -> Code {
        const { Code::known("V137") }
    }

    fn words(&self, _: Option<Field>, lang: Lang) -> (String, String) {
        let (zh, en) = match self.at {
            Stray::Above => ("在第一个问题以上", "above the first issue"),
            Stray::Below => ("在最后一个问题以下", "below the last issue"),
            Stray::Beside => ("在表格右边", "to the right of the table"),
            Stray::Between => ("所在的行不是问题", "in a row that is no issue"),
            Stray::Nowhere => ("看不出在哪个单元格", "in no cell that the file tells"),
        };
        lang.pick(
            (
                format!("图片{zh}，不算任何问题的照片"),
                "是照片就移到问题那一行的照片列；徽标、印章、二维码不用管".to_owned(),
            ),
            (
                format!("a picture {en} is no issue's photo"),
                "move a photo into the row of its issue; a logo, a seal or a code may stay".to_owned(),
            ),
        )
    }
}

/// V138: a picture that may not be the photo of the issue that has it.
#[derive(Debug)]
pub(super) struct UnsurePhoto {
    /// How much of it lies in the row, in percent, if that is little.
    pub(super) share: Option<u8>,
    pub(super) doubts: Vec<Doubt>,
    /// Whether a part was cut away, and the file does not tell how much.
    pub(super) is_cut: bool,
}

impl Finding for UnsurePhoto {
    fn code(&self) -> Code {
        const { Code::known("V138") }
    }

    fn words(&self, _: Option<Field>, lang: Lang) -> (String, String) {
        let share = self.share.map(|share| {
            lang.pick(
                format!("图片只有 {share}% 在这一行，先算作这一行的照片"),
                format!("only {share}% of the picture lie in this row, which is taken to have it"),
            )
        });
        let doubts = self.doubts.iter().map(|doubt| doubt.text(lang).to_owned());
        let cut = self.is_cut.then(|| {
            lang.pick(
                "图片裁剪过，文件没有写明裁了多少，会整张显示".to_owned(),
                "the picture was cropped, and the file does not tell how much: all of it is shown".to_owned(),
            )
        });
        let said: Vec<String> = share.into_iter().chain(doubts).chain(cut).collect();
        lang.pick(
            (said.join("；"), "把图片缩小，整个放进问题那一行的单元格".to_owned()),
            (said.join("; "), "make the picture smaller, so that it lies within the cell of its issue".to_owned()),
        )
    }
}
