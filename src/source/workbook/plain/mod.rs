//! Reads a sheet of an `.xlsx` as a stream of rows, in one pass over its XML, several times as fast as the library.
//!
//! It reads what spreadsheet programs and libraries usually write. Whatever else there is makes it stop ([`Odd`]): the
//! sheet is then read by the library from its beginning, which knows it or says what is wrong with it. So the fast way
//! decides nothing; it gives the cells that the library would give.
//!
//! - `xml`: tags and texts
//! - `strings`: the texts that cells share
//! - `sheet`: rows and cells
//! - `odd`: what ends the stream
//! - `number_format`: which number formats show days

pub(super) mod number_format;
mod odd;
pub(super) mod sheet;
pub(super) mod strings;
mod xml;

pub(super) use odd::Odd;
pub(super) use xml::PlainXml;
