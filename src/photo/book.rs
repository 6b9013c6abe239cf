//! An open workbook, by its format, which its first bytes tell: an export may be named as it likes.

use std::io::{Read, Seek, SeekFrom};

use super::error::PhotoError;
use super::package::Package;
use super::xls::Records;

/// An open workbook.
pub(super) enum Book<R> {
    Xlsx(Package<R>),
    Ods(Package<R>),
    Xls(Records<R>),
}

impl<R: Read + Seek> Book<R> {
    pub(super) fn open(mut book: R) -> Result<Self, PhotoError> {
        let mut head = Vec::new();
        book.seek(SeekFrom::Start(0))?;
        book.by_ref().take(4).read_to_end(&mut head)?;
        match head.as_slice() {
            [b'P', b'K', ..] => {
                let package = Package::open(book)?;
                Ok(if package.has("content.xml") { Self::Ods(package) } else { Self::Xlsx(package) })
            }
            [0xd0, 0xcf, 0x11, 0xe0] => Records::open(book).map(Self::Xls),
            _ => Err(PhotoError::NoWorkbook),
        }
    }
}
