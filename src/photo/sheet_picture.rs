//! A picture of a workbook: where it stands, how it is shown, and where its bytes are.

use crate::placement::{Anchor, Cell, Place};
use crate::words::lang::Lang;

/// A picture of a workbook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetPicture {
    /// The name of its sheet.
    pub sheet: String,
    /// How the workbook keeps it.
    pub form: Form,
    /// What the workbook calls it.
    pub name: String,
    /// Its alternative text.
    pub description: String,
    /// For each column that it covers, or each merged range of columns, its cell there: the column of which it covers
    /// most comes first. Empty if the workbook does not tell where it stands.
    pub cells: Vec<Cell>,
    /// What the user should know before the picture is taken for that of a cell.
    pub doubts: Vec<Doubt>,
    /// What the author cut away.
    pub crop: Crop,
    /// How the author turned it.
    pub turn: Turn,
    /// Where its bytes are.
    pub content: Content,
}

impl SheetPicture {
    /// Returns its cell: the best one in a column that is preferred, such as those under 整改前照片, or the best of all.
    #[must_use]
    pub fn cell(&self, is_preferred: impl Fn(u32) -> bool) -> Option<&Cell> {
        let preferred = self.cells.iter().find(|cell| (cell.columns.0..=cell.columns.1).any(&is_preferred));
        preferred.or_else(|| self.cells.first())
    }
}

/// How a workbook keeps a picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// It floats over the cells.
    #[default]
    Floating,
    /// It fills a shape that floats over the cells.
    Fill,
    /// It is the value of a cell, as WPS keeps it (`DISPIMG`).
    WpsCell,
    /// It is the value of a cell, as Excel keeps it.
    ExcelCell,
    /// It is the look of an embedded file, such as a photo that was inserted as an object.
    Object,
}

/// Why a picture may not belong to its cell, or may not be meant to be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Doubt {
    /// The picture has no height or no width, as in a hidden row or column; its cell is the one where it begins.
    NoSize,
    /// The author has hidden it.
    Hidden,
    /// It is bound to the page and not to a cell: where rows were sorted or deleted, it has not moved with them. An
    /// `.xls` does not tell it: programs set its flags as they like.
    OnPage,
}

impl Doubt {
    /// Returns what is in doubt, as a sentence without its end.
    #[must_use]
    pub fn text(self, lang: Lang) -> &'static str {
        match self {
            Self::NoSize => lang.pick(
                "图片没有高度或宽度，可能在隐藏的行或列里",
                "the picture has no height or no width, as in a hidden row or column",
            ),
            Self::Hidden => lang.pick("图片被设为隐藏", "the picture is hidden"),
            Self::OnPage => lang.pick(
                "图片固定在页面上，没有随单元格移动：排序或删除行以后可能对不上",
                "the picture is bound to the page: where rows were sorted or deleted, it has not moved with them",
            ),
        }
    }
}

/// What is in doubt of a picture that is bound to something and stands somewhere.
pub(super) fn doubts(anchor: Option<&Anchor>, place: &Place) -> Vec<Doubt> {
    let is_on_page = matches!(anchor, Some(Anchor::Page(..)));
    let both = [(place.is_flat, Doubt::NoSize), (is_on_page, Doubt::OnPage)];
    both.into_iter().filter_map(|(is_so, doubt)| is_so.then_some(doubt)).collect()
}

/// What the author cut away of a picture. Who copies its bytes shows it again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Crop {
    /// Nothing.
    #[default]
    Whole,
    /// At each side, in 1/100,000 of the picture's width or height; negative numbers add a margin.
    Sides {
        /// At the left.
        left: i32,
        /// At the top.
        top: i32,
        /// At the right.
        right: i32,
        /// At the bottom.
        bottom: i32,
    },
    /// Something; how much can't be told without the picture's size.
    Unmeasured,
}

/// How a picture is turned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Turn {
    /// Clockwise, in 1/60,000 degree, from 0 to less than 360°.
    pub angle: u32,
    /// Whether left and right are exchanged, before it is turned.
    pub is_mirrored: bool,
    /// Whether top and bottom are exchanged, before it is turned.
    pub is_upside_down: bool,
}

impl Turn {
    /// Adds to the angle, in 1/60,000 degree.
    pub(super) fn by(self, angle: i64) -> Self {
        const CIRCLE: i64 = 360 * 60_000;
        let angle = (i64::from(self.angle) + angle % CIRCLE).rem_euclid(CIRCLE);
        Self { angle: u32::try_from(angle).unwrap_or(0), ..self }
    }
}

/// Where the bytes of a picture are. Pictures with the same content are the same picture.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Content {
    /// In a part of the package, by its name.
    Part(String),
    /// Among the pictures of an `.xls`.
    Blip(Blip),
    /// In a bitmap among the records of an `.xls` by an old program.
    Bitmap {
        /// Where the record begins in the stream of the workbook.
        at: u64,
    },
    /// Outside of the workbook: at an address, or in a file of the author's.
    Linked(String),
    /// Nowhere that can be read.
    Missing(Missing),
}

impl Content {
    /// Returns why the bytes can't be read, and what helps; `None` if they can.
    #[must_use]
    pub fn text(&self, lang: Lang) -> Option<String> {
        let text = match self {
            Self::Part(_) | Self::Blip(_) | Self::Bitmap { .. } => return None,
            Self::Linked(address) => lang.pick(
                format!("图片只是链接（{address}），不在工作簿里；请在 WPS 或 Excel 里插入图片本身"),
                format!("the picture is only linked ({address}) and not in the workbook: insert the picture itself"),
            ),
            Self::Missing(Missing::NoPart(part)) => lang.pick(
                format!("工作簿里没有这张图片的数据（{part}）；请在 WPS 或 Excel 里重新插入"),
                format!("the workbook does not have the bytes of the picture ({part}): insert it again"),
            ),
            Self::Missing(Missing::Unknown(id)) => lang.pick(
                format!("图片已经丢失（{id}）：最后保存文件的程序没有保留；请用 WPS 或 Excel 从原来的文件重新保存"),
                format!(
                    "the picture is lost ({id}), since the program that saved the file last did not keep it: save the \
                     file before it again in WPS or Excel"
                ),
            ),
            Self::Missing(Missing::Object(program)) => lang.pick(
                format!("这是嵌入的文件（{program}），不是图片；请插入图片本身"),
                format!("this is an embedded file ({program}) and no picture: insert the picture itself"),
            ),
        };
        // What is not known leaves no empty brackets.
        Some(text.replace("（）", "").replace(" ()", ""))
    }
}

/// A picture among those of an `.xls`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Blip {
    /// Where it begins in the records of all pictures.
    pub(super) at: u64,
    /// Its number of bytes.
    pub(super) length: u32,
    /// How it is stored.
    pub(super) packing: Packing,
}

/// How a picture of an `.xls` is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Packing {
    /// As the file that it was.
    File,
    /// As a bitmap without the head of its file.
    Dib,
    /// As a drawing of Windows or the Macintosh, compressed or not.
    Metafile { is_deflated: bool },
}

/// Why the bytes of a picture can't be read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Missing {
    /// The workbook says that the picture is in a part which it does not have.
    NoPart(String),
    /// The workbook does not know the picture that the cell or the drawing names: the program that saved it last has lost
    /// it.
    Unknown(String),
    /// It is a file of another program, by the name of its kind, such as `Package`.
    Object(String),
}
