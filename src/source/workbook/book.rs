//! Opens workbooks. Their format is detected from their bytes, since an export named `.xls` may be anything.

use std::io::{BufReader, Read as _, Seek as _, SeekFrom};
use std::panic::{self, AssertUnwindSafe};

use calamine::{
    Data, Ods, OdsError, Reader as _, SheetType, SheetVisible, Xls, XlsError, Xlsb, XlsbError, Xlsx, XlsxError,
};
use zip::ZipArchive;

use crate::compound;
use crate::source::workbook::error::BookError;
use crate::source::workbook::grid::{Found, Look, TableWriter};
use crate::source::workbook::input::WorkbookReader;
use crate::source::workbook::limits::{MAX_BYTES, MAX_XLS_CELLS, check_sizes};
use crate::source::workbook::shape::{Shape, Shapes};
use crate::source::workbook::written::WrittenSheet;
use crate::source::workbook::xlsx_book::{Open, XlsxBook};
use crate::source::workbook::{biff, biff_rows};
use crate::spool::Spooled;

/// The reader of a workbook, by format.
enum OpenBook<'o> {
    Xlsx(Box<XlsxBook<'o>>),
    Xlsb(Box<Xlsb<WorkbookReader>>),
    Xls(Box<Xls<WorkbookReader>>),
    Ods(Box<Ods<WorkbookReader>>),
}

/// The name of a sheet, and whether it is visible.
pub(super) struct SheetName {
    pub(super) name: String,
    pub(super) is_visible: bool,
}

/// An open workbook.
pub(super) struct Book<'o> {
    format: OpenBook<'o>,
    shapes: Shapes,
}

/// The format of a workbook, by its first bytes and the names of its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum BookFormat {
    Xlsx,
    Xlsb,
    Xls,
    Ods,
}

impl<'o> Book<'o> {
    /// Opens a workbook. `open` opens its file anew; it is called several times.
    ///
    /// # Errors
    /// The file cannot be read, is not a workbook, is encrypted or exceeds a limit.
    pub(super) fn open(open: Open<'o>) -> Result<Self, BookError> {
        catch_panic(|| Self::open_inner(open))
    }

    fn open_inner(open: Open<'o>) -> Result<Self, BookError> {
        let reopen = || -> Result<WorkbookReader, BookError> { Ok(BufReader::new(open()?)) };
        let (format, shapes) = match format_of(reopen()?)? {
            // It has its shapes itself.
            BookFormat::Xlsx => (OpenBook::Xlsx(Box::new(XlsxBook::open(open)?)), Shapes::default()),
            BookFormat::Xlsb => {
                let book = Xlsb::new(reopen()?).map_err(|error| match error {
                    XlsbError::Password => BookError::Encrypted,
                    error => unreadable(&error),
                })?;
                let shapes = Shapes::of_xlsb(ZipArchive::new(reopen()?).map_err(|e| unreadable(&e))?)?;
                (OpenBook::Xlsb(Box::new(book)), shapes)
            }
            BookFormat::Ods => {
                // Checked before the library reads it: one element may repeat a row a million times.
                let shapes = Shapes::of_ods(ZipArchive::new(reopen()?).map_err(|e| unreadable(&e))?);
                if let Err(error @ BookError::TooLarge { .. }) = shapes {
                    return Err(error);
                }
                let book = Ods::new(reopen()?).map_err(|error| match error {
                    OdsError::Password => BookError::Encrypted,
                    error => unreadable(&error),
                })?;
                (OpenBook::Ods(Box::new(book)), shapes?)
            }
            BookFormat::Xls => {
                let Some(records) = compound::stream(&mut reopen()?, &["Workbook", "Book"])? else {
                    return Err(BookError::Unreadable("damaged".to_owned()));
                };
                if !biff::fits(&records, MAX_XLS_CELLS) {
                    return Err(BookError::TooLarge { what: "cells", limit: MAX_XLS_CELLS });
                }
                let rows = biff_rows::rows(&records);
                drop(records);
                let book = Xls::new(reopen()?).map_err(|error| {
                    // An encrypted .xlsx is in a compound file, like an .xls.
                    let encrypted = reopen().map(Xlsx::new).is_ok_and(|book| matches!(book, Err(XlsxError::Password)));
                    if encrypted || matches!(error, XlsError::Password) {
                        BookError::Encrypted
                    } else {
                        unreadable(&error)
                    }
                })?;
                let shapes = Shapes::of_xls(book.sheet_names().into_iter().enumerate().map(|(at, name)| {
                    let regions = book.merge_cells_by_sheet_name(&name).unwrap_or_default();
                    let regions = regions.into_iter().map(|region| (region.start, region.end)).collect();
                    (name, regions, rows.get(at).cloned().unwrap_or_default())
                }));
                (OpenBook::Xls(Box::new(book)), shapes)
            }
        };
        Ok(Self { format, shapes })
    }

    /// Returns its worksheets, in order; charts and macro sheets are not included.
    pub(super) fn sheets(&self) -> Vec<SheetName> {
        let all = match &self.format {
            OpenBook::Xlsx(book) => book.library().sheets_metadata(),
            OpenBook::Xlsb(book) => book.sheets_metadata(),
            OpenBook::Xls(book) => book.sheets_metadata(),
            OpenBook::Ods(book) => book.sheets_metadata(),
        };
        let worksheets = all.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
        worksheets
            .map(|sheet| SheetName { name: sheet.name.clone(), is_visible: sheet.visible == SheetVisible::Visible })
            .collect()
    }

    /// What must be known to write a sheet; `None` if the workbook is no `.xlsx`.
    ///
    /// # Errors
    /// The sheet can't be read.
    pub(super) fn written(&mut self, name: &str) -> Result<Option<WrittenSheet>, BookError> {
        match &mut self.format {
            OpenBook::Xlsx(book) => catch_panic(|| book.written(name)).map(Some),
            OpenBook::Xlsb(_) | OpenBook::Xls(_) | OpenBook::Ods(_) => Ok(None),
        }
    }

    /// Reads a sheet as a table, or its first `limit` rows. Returns the table, and what was found beside it.
    ///
    /// Merged cells and hidden rows are taken into account only if there is no limit.
    ///
    /// # Errors
    /// The sheet cannot be read or exceeds a limit.
    pub(super) fn table(&mut self, name: &str, limit: Option<u32>) -> Result<(Spooled, Found), BookError> {
        catch_panic(|| self.table_inner(name, limit))
    }

    fn table_inner(&mut self, name: &str, limit: Option<u32>) -> Result<(Spooled, Found), BookError> {
        if let OpenBook::Xlsx(book) = &mut self.format {
            return book.table(name, limit);
        }
        let none = Shape::default();
        let struck = Look { is_struck: true, ..Look::default() };
        let shape = if limit.is_none() { self.shapes.of(name)? } else { &none };
        let mut grid = TableWriter::new(&shape.merged, &shape.hidden);
        let broken = |error: String| BookError::Unreadable(error);
        match &mut self.format {
            OpenBook::Xlsb(book) => {
                let mut cells = book.worksheet_cells_reader(name).map_err(|error| unreadable(&error))?;
                while let Some(cell) = cells.next_cell().map_err(|error| unreadable(&error))? {
                    let look = shape.struck.contains(&cell.get_position()).then_some(&struck);
                    if !grid.cell(cell.get_position(), Data::from(cell.get_value().clone()), look, limit)? {
                        break;
                    }
                }
            }
            OpenBook::Xls(_) | OpenBook::Ods(_) | OpenBook::Xlsx(_) => {
                let range = match &mut self.format {
                    OpenBook::Xls(book) => book.worksheet_range(name).map_err(|error| broken(error.to_string()))?,
                    OpenBook::Ods(book) => book.worksheet_range(name).map_err(|error| broken(error.to_string()))?,
                    OpenBook::Xlsx(_) | OpenBook::Xlsb(_) => return Err(broken(String::new())),
                };
                let (top, left) = range.start().unwrap_or_default();
                for (row, column, value) in range.used_cells() {
                    let place =
                        |index: usize, first: u32| u32::try_from(index).unwrap_or(u32::MAX).saturating_add(first);
                    let place = (place(row, top), place(column, left));
                    let look = shape.struck.contains(&place).then_some(&struck);
                    if !grid.cell(place, value.clone(), look, limit)? {
                        break;
                    }
                }
            }
        }
        grid.finish()
    }
}

/// Runs `read` and turns a panic into an error.
///
/// The library for workbooks panics on some damaged files, since it trusts sizes in `.xls` files and macros. What it
/// was reading is dropped.
fn catch_panic<T>(read: impl FnOnce() -> Result<T, BookError>) -> Result<T, BookError> {
    let read = panic::catch_unwind(AssertUnwindSafe(read));
    read.unwrap_or_else(|_| Err(BookError::Unreadable("damaged".to_owned())))
}

fn unreadable(error: &dyn std::error::Error) -> BookError {
    BookError::Unreadable(error.to_string())
}

/// Detects the format of a workbook, and checks that its uncompressed size as stated is within [`MAX_BYTES`].
fn format_of(mut input: WorkbookReader) -> Result<BookFormat, BookError> {
    let mut head = Vec::new();
    input.by_ref().take(8).read_to_end(&mut head)?;
    match head.as_slice() {
        [0xd0, 0xcf, 0x11, 0xe0, ..] => return Ok(BookFormat::Xls),
        [b'P', b'K', ..] => {}
        // A byte order mark or printable text: HTML or CSV with the extension of a workbook.
        [0xef, 0xbb, 0xbf, ..] | [0xff, 0xfe, ..] => return Err(BookError::OnlyText),
        head if !head.is_empty() && head.iter().all(|byte| *byte >= b' ' || matches!(byte, b'\t' | b'\n' | b'\r')) => {
            return Err(BookError::OnlyText);
        }
        _ => return Err(BookError::Unreadable("not a workbook".to_owned())),
    }
    input.seek(SeekFrom::Start(0))?;
    let mut package = ZipArchive::new(input).map_err(|error| unreadable(&error))?;
    let (mut declared, mut format) = (0_u64, BookFormat::Xlsx);
    for index in 0..package.len() {
        let part = package.by_index_raw(index).map_err(|error| unreadable(&error))?;
        declared = declared.saturating_add(part.size());
        format = match part.name().map_err(|error| unreadable(&error))?.as_ref() {
            "xl/workbook.bin" => BookFormat::Xlsb,
            "content.xml" => BookFormat::Ods,
            _ => format,
        };
    }
    if declared > MAX_BYTES {
        return Err(BookError::TooLarge { what: "bytes", limit: MAX_BYTES });
    }
    // An `.xlsx` is checked where it is opened: a stream needs no check of the parts that it reads.
    if format != BookFormat::Xlsx {
        check_sizes(package.into_inner(), |_| true)?;
    }
    Ok(format)
}
