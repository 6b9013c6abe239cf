//! A picture of a workbook: where it stands, how it is shown, and where its bytes are.

use crate::placement::{Anchor, Cell, Place};

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
    /// It is bound to the page and not to a cell: where rows were sorted or deleted, it has not moved with them.
    OnPage,
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
