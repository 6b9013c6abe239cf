//! The pictures of workbooks, and the cell to which each belongs: photos that clerks paste beside the issues they show.
//!
//! [`pictures`] reads what a workbook says of its pictures, and none of their bytes; [`PictureReader`] reads the bytes of
//! one picture at a time. A picture is never passed over because it can't be read: its [`Content`] says why.
//!
//! - `sheet_picture`: a picture as it is told; which cell it stands in is worked out in `placement`
//! - `xlsx`: the pictures of an `.xlsx`; `sheet`: its sheets; `drawing`: its drawings, and WPS's list of cell pictures;
//!   `rich`: Excel's pictures in cells
//! - `ods`: the pictures of an `.ods`
//! - `xls`: the pictures of an `.xls`; `office_art`: its drawings
//! - `book`: which format it is; `read`: the bytes of a picture; `kind`: what they are
//! - `package`, `xml`: parts and their elements
//! - `error`: why pictures can't be read

mod book;
mod drawing;
mod error;
mod kind;
mod ods;
mod office_art;
mod package;
mod read;
mod rich;
mod sheet;
mod sheet_picture;
mod xls;
mod xlsx;
mod xml;

use std::io::{Read, Seek};

use book::Book;

pub use error::PhotoError;
pub use kind::PictureKind;
pub use read::PictureReader;
pub use sheet::wps_id;
pub use sheet_picture::{Blip, Content, Crop, Doubt, Form, Missing, SheetPicture, Turn};

pub use crate::placement::{Cell, SURE};

/// Returns the pictures of a workbook, sheet by sheet. Its format is told by its first bytes.
///
/// A workbook in which nothing says that it has pictures is not searched for what is left of them: a cell with the text of
/// WPS's formula ([`wps_id`]) has lost its picture then.
///
/// # Errors
/// The file is no workbook whose pictures are known, is encrypted, damaged or too large, or can't be read.
pub fn pictures<R: Read + Seek>(book: R) -> Result<Vec<SheetPicture>, PhotoError> {
    match Book::open(book)? {
        Book::Xlsx(mut package) => xlsx::pictures(&mut package),
        Book::Ods(mut package) => ods::pictures(&mut package),
        Book::Xls(mut records) => records.pictures(),
    }
}
