//! The bytes of pictures, one at a time.

use std::io::{Read, Seek};

use super::book::Book;
use super::error::PhotoError;
use super::kind::{HEAD, PictureKind};
use super::sheet_picture::Content;

/// Reads the bytes of a workbook's pictures.
pub struct PictureReader<R: Read + Seek>(Book<R>);

impl<R: Read + Seek> PictureReader<R> {
    /// Opens a workbook.
    ///
    /// # Errors
    /// As [`pictures`](super::pictures), as far as it must be read to find bytes in it.
    pub fn open(book: R) -> Result<Self, PhotoError> {
        Book::open(book).map(Self)
    }

    /// Reads the bytes of a picture, of which there may be at most `limit`. What they are is told by
    /// [`PictureKind::of`](super::PictureKind::of).
    ///
    /// # Errors
    /// They are too many or damaged, lie outside of the workbook, or it does not have them.
    pub fn read(&mut self, content: &Content, limit: u64) -> Result<Vec<u8>, PhotoError> {
        match (content, &mut self.0) {
            (Content::Part(part), Book::Xlsx(package) | Book::Ods(package)) => package.read(part, limit),
            (Content::Blip(blip), Book::Xls(records)) => records.blip(blip, limit),
            (Content::Bitmap { at }, Book::Xls(records)) => records.bitmap(*at, limit),
            (Content::Linked(_) | Content::Missing(_), _) => Err(PhotoError::Absent(content.clone())),
            (Content::Part(_) | Content::Blip(_) | Content::Bitmap { .. }, _) => Err(PhotoError::NoWorkbook),
        }
    }

    /// Tells what a picture is by how it begins, and its number of bytes, without reading it all.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn look(&mut self, content: &Content) -> Result<(PictureKind, u64), PhotoError> {
        match (content, &mut self.0) {
            (Content::Part(part), Book::Xlsx(package) | Book::Ods(package)) => {
                let (head, size) = package.head(part, HEAD as u64)?;
                Ok((PictureKind::of(&head), size))
            }
            (Content::Blip(blip), Book::Xls(records)) => records.blip_look(blip),
            // There are few of them, in files of old programs, and none is large.
            (Content::Bitmap { at }, Book::Xls(records)) => {
                let bytes = records.bitmap(*at, 1 << 26)?;
                Ok((PictureKind::of(&bytes), bytes.len() as u64))
            }
            (Content::Linked(_) | Content::Missing(_), _) => Err(PhotoError::Absent(content.clone())),
            (Content::Part(_) | Content::Blip(_) | Content::Bitmap { .. }, _) => Err(PhotoError::NoWorkbook),
        }
    }
}
