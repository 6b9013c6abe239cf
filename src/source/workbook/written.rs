//! What must be known of a sheet of an `.xlsx` to write its cells.

use std::io;

use calamine::ExcelDateTimeType;

use crate::source::workbook::book::Book;
use crate::source::workbook::error::BookError;
use crate::source::workbook::grid;
use crate::source::workbook::input::Bytes;

/// A sheet of an `.xlsx` and its styles.
#[derive(Clone, Debug)]
pub struct WrittenSheet {
    /// The name of its part.
    pub part: String,
    /// The name of the part of the workbook.
    pub main: String,
    /// Whether days are counted from 1904.
    pub is_1904: bool,
    /// The number formats of the styles, in their order.
    pub formats: Vec<CellFormat>,
}

/// What a number format shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CellFormat {
    /// A day, perhaps with a time.
    Day,
    /// A span of time.
    Span,
    /// Text, whatever is typed.
    Text,
    /// A number; the format, unless it is the general one.
    Number(Option<String>),
}

impl CellFormat {
    pub(super) fn new(moment: Option<ExcelDateTimeType>, format: Option<&str>) -> Self {
        match (moment, format) {
            (Some(ExcelDateTimeType::DateTime), _) => Self::Day,
            (Some(ExcelDateTimeType::TimeDelta), _) => Self::Span,
            (None, Some("@")) => Self::Text,
            (None, format) => Self::Number(format.map(str::to_owned)),
        }
    }

    /// What a number shows; `None` where that is no plain number.
    #[must_use]
    pub fn shows(&self, number: f64) -> Option<String> {
        match self {
            Self::Number(format) => Some(grid::number_shown(number, format.as_deref())),
            Self::Day | Self::Span | Self::Text => None,
        }
    }
}

/// Returns what must be known to write a sheet; `None` if the workbook is no `.xlsx`.
///
/// # Errors
/// The workbook can't be read, or has no such sheet.
pub fn written_sheet(
    open: &dyn Fn() -> io::Result<Box<dyn Bytes>>,
    sheet: &str,
) -> Result<Option<WrittenSheet>, BookError> {
    Book::open(open)?.written(sheet)
}
