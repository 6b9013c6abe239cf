//! Reads a sheet of an `.xlsx` as a stream of rows, in one pass over its XML, several times as fast as the library.
//!
//! It reads what spreadsheet programs and libraries usually write. Whatever else there is makes it stop ([`Odd`]): the
//! sheet is then read by the library from its beginning, which knows it or says what is wrong with it. So the fast way
//! decides nothing; it gives the cells that the library would give.
//!
//! - `xml`: tags and texts
//! - `strings`: the texts that cells share
//! - `sheet`: rows and cells
//! - `number_format`: which number formats show days

pub(super) mod number_format;
pub(super) mod sheet;
pub(super) mod strings;
mod xml;

pub(super) use xml::PlainXml;

/// Something that is to be read by the library.
#[derive(Debug)]
pub(super) struct Odd;

impl From<std::io::Error> for Odd {
    /// The library meets the same error, and reports it.
    fn from(_: std::io::Error) -> Self {
        Self
    }
}
