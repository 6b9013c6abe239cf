//! The file formats of workbooks, told apart by what the bytes are: an export called `.xls` may hold anything.

use std::io::{self, BufReader, Read as _, Seek as _, SeekFrom};
use std::panic::{self, AssertUnwindSafe};

use calamine::{
    Data, Ods, OdsError, Reader as _, SheetType, SheetVisible, Xls, XlsError, Xlsb, XlsbError, Xlsx, XlsxError,
};
use zip::ZipArchive;

use crate::source::Spool;
use crate::source::workbook::error::BookError;
use crate::source::workbook::grid::TableWriter;
use crate::source::workbook::input::{Bytes, WorkbookReader};
use crate::source::workbook::limits::{MOST_BYTES, MOST_OLD_CELLS, MOST_PACKED};
use crate::source::workbook::shape::{Shape, Shapes};
use crate::source::workbook::{biff, compound};

/// An open workbook, by its format.
enum OpenBook {
    Xlsx(Box<Xlsx<WorkbookReader>>),
    Xlsb(Box<Xlsb<WorkbookReader>>),
    Xls(Box<Xls<WorkbookReader>>),
    Ods(Box<Ods<WorkbookReader>>),
}

/// A sheet by its name, and whether it shows.
pub(super) struct SheetName {
    pub(super) name: String,
    pub(super) shows: bool,
}

/// An open workbook.
pub(super) struct Book {
    format: OpenBook,
    shapes: Shapes,
}

/// What a file is, by its first bytes and the names within it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum BookFormat {
    Xlsx,
    Xlsb,
    Xls,
    Ods,
}

impl Book {
    pub(super) fn open(open: &dyn Fn() -> io::Result<Box<dyn Bytes>>) -> Result<Self, BookError> {
        caught(|| Self::open_inner(open))
    }

    fn open_inner(open: &dyn Fn() -> io::Result<Box<dyn Bytes>>) -> Result<Self, BookError> {
        let again = || -> Result<WorkbookReader, BookError> { Ok(BufReader::new(open()?)) };
        let found = format_of(again()?)?;
        let (format, shapes) = match found {
            BookFormat::Xlsx => {
                let book = Xlsx::new(again()?).map_err(|error| match error {
                    XlsxError::Password => BookError::Encrypted,
                    error => unreadable(&error),
                })?;
                (
                    OpenBook::Xlsx(Box::new(book)),
                    Shapes::of_xlsx(ZipArchive::new(again()?).map_err(|e| unreadable(&e))?)?,
                )
            }
            BookFormat::Xlsb => {
                let book = Xlsb::new(again()?).map_err(|error| match error {
                    XlsbError::Password => BookError::Encrypted,
                    error => unreadable(&error),
                })?;
                (OpenBook::Xlsb(Box::new(book)), Shapes::default())
            }
            BookFormat::Ods => {
                // Looked at before it is read: a repeated row may stand for a million.
                let shapes = Shapes::of_ods(ZipArchive::new(again()?).map_err(|e| unreadable(&e))?);
                if let Err(error @ BookError::TooLarge { .. }) = shapes {
                    return Err(error);
                }
                let book = Ods::new(again()?).map_err(|error| match error {
                    OdsError::Password => BookError::Encrypted,
                    error => unreadable(&error),
                })?;
                (OpenBook::Ods(Box::new(book)), shapes?)
            }
            BookFormat::Xls => {
                let Some(records) = compound::stream(&mut again()?, &["Workbook", "Book"])? else {
                    return Err(BookError::Unreadable("damaged".to_owned()));
                };
                if !biff::fits(&records, MOST_OLD_CELLS) {
                    return Err(BookError::TooLarge { what: "cells", limit: MOST_OLD_CELLS });
                }
                drop(records);
                let book = Xls::new(again()?).map_err(|error| {
                    // An encrypted .xlsx is wrapped as old workbooks are.
                    let encrypted = again().map(Xlsx::new).is_ok_and(|book| matches!(book, Err(XlsxError::Password)));
                    if encrypted || matches!(error, XlsError::Password) {
                        BookError::Encrypted
                    } else {
                        unreadable(&error)
                    }
                })?;
                let shapes = Shapes::of_regions(book.sheet_names().into_iter().map(|name| {
                    let regions = book.merge_cells_by_sheet_name(&name).unwrap_or_default();
                    (name, regions.into_iter().map(|region| (region.start, region.end)).collect())
                }));
                (OpenBook::Xls(Box::new(book)), shapes)
            }
        };
        Ok(Self { format, shapes })
    }

    /// Its sheets of cells, in order.
    pub(super) fn sheets(&self) -> Vec<SheetName> {
        let all = match &self.format {
            OpenBook::Xlsx(book) => book.sheets_metadata(),
            OpenBook::Xlsb(book) => book.sheets_metadata(),
            OpenBook::Xls(book) => book.sheets_metadata(),
            OpenBook::Ods(book) => book.sheets_metadata(),
        };
        let of_cells = all.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
        of_cells
            .map(|sheet| SheetName { name: sheet.name.clone(), shows: sheet.visible == SheetVisible::Visible })
            .collect()
    }

    /// A sheet as a table, and the rows of it that hold something and don't show; its first `limit` rows only, if there
    /// is a limit.
    pub(super) fn table(&mut self, name: &str, limit: Option<u32>) -> Result<(Spool, Vec<u32>), BookError> {
        caught(|| self.table_inner(name, limit))
    }

    fn table_inner(&mut self, name: &str, limit: Option<u32>) -> Result<(Spool, Vec<u32>), BookError> {
        let none = Shape::default();
        let shape = if limit.is_none() { self.shapes.of(name)? } else { &none };
        let mut grid = TableWriter::new(&shape.merged, &shape.hidden);
        let broken = |error: String| BookError::Unreadable(error);
        match &mut self.format {
            OpenBook::Xlsx(book) => {
                let mut cells = book.worksheet_cells_reader(name).map_err(|error| unreadable(&error))?;
                while let Some(cell) = cells.next_cell().map_err(|error| unreadable(&error))? {
                    if !grid.cell(cell.get_position(), Data::from(cell.get_value().clone()), limit)? {
                        break;
                    }
                }
            }
            OpenBook::Xlsb(book) => {
                let mut cells = book.worksheet_cells_reader(name).map_err(|error| unreadable(&error))?;
                while let Some(cell) = cells.next_cell().map_err(|error| unreadable(&error))? {
                    if !grid.cell(cell.get_position(), Data::from(cell.get_value().clone()), limit)? {
                        break;
                    }
                }
            }
            OpenBook::Xls(_) | OpenBook::Ods(_) => {
                let range = match &mut self.format {
                    OpenBook::Xls(book) => book.worksheet_range(name).map_err(|error| broken(error.to_string()))?,
                    OpenBook::Ods(book) => book.worksheet_range(name).map_err(|error| broken(error.to_string()))?,
                    OpenBook::Xlsx(_) | OpenBook::Xlsb(_) => return Err(broken(String::new())),
                };
                let (top, left) = range.start().unwrap_or_default();
                for (row, column, value) in range.used_cells() {
                    let place =
                        |index: usize, first: u32| u32::try_from(index).unwrap_or(u32::MAX).saturating_add(first);
                    if !grid.cell((place(row, top), place(column, left)), value.clone(), limit)? {
                        break;
                    }
                }
            }
        }
        grid.finish()
    }
}

/// The reader of workbooks has places where a damaged file makes it panic (sizes in old files and in macros that it
/// takes for granted). What it was reading is thrown away then.
fn caught<T>(read: impl FnOnce() -> Result<T, BookError>) -> Result<T, BookError> {
    let read = panic::catch_unwind(AssertUnwindSafe(read));
    read.unwrap_or_else(|_| Err(BookError::Unreadable("damaged".to_owned())))
}

fn unreadable(error: &dyn std::error::Error) -> BookError {
    BookError::Unreadable(error.to_string())
}

fn format_of(mut input: WorkbookReader) -> Result<BookFormat, BookError> {
    let mut head = Vec::new();
    input.by_ref().take(8).read_to_end(&mut head)?;
    match head.as_slice() {
        [0xd0, 0xcf, 0x11, 0xe0, ..] => return Ok(BookFormat::Xls),
        [b'P', b'K', ..] => {}
        // A byte order mark, a tag or a word: a page or a table that was given the ending.
        [0xef, 0xbb, 0xbf, ..] | [0xff, 0xfe, ..] => return Err(BookError::OnlyText),
        head if !head.is_empty() && head.iter().all(|byte| *byte >= b' ' || matches!(byte, b'\t' | b'\n' | b'\r')) => {
            return Err(BookError::OnlyText);
        }
        _ => return Err(BookError::Unreadable("no workbook".to_owned())),
    }
    let packed = input.seek(SeekFrom::End(0))?;
    input.seek(SeekFrom::Start(0))?;
    let mut package = ZipArchive::new(input).map_err(|error| unreadable(&error))?;
    let too_large = BookError::TooLarge { what: "bytes", limit: MOST_BYTES };
    let (mut said, mut found) = (0_u64, BookFormat::Xlsx);
    for index in 0..package.len() {
        let part = package.by_index_raw(index).map_err(|error| unreadable(&error))?;
        said = said.saturating_add(part.size());
        found = match part.name().map_err(|error| unreadable(&error))?.as_ref() {
            "xl/workbook.bin" => BookFormat::Xlsb,
            "content.xml" => BookFormat::Ods,
            _ => found,
        };
    }
    if said > MOST_BYTES {
        return Err(too_large);
    }
    // What a part says of its size need not be true. A large package is unpacked once, to see.
    if packed.saturating_mul(MOST_PACKED) > MOST_BYTES {
        let mut real = 0_u64;
        for index in 0..package.len() {
            let Ok(part) = package.by_index(index) else { continue };
            real += io::copy(&mut part.take(MOST_BYTES - real + 1), &mut io::sink())?;
            if real > MOST_BYTES {
                return Err(too_large);
            }
        }
    }
    Ok(found)
}
