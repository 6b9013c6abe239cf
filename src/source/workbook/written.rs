//! What must be known of a sheet of an `.xlsx` to write its cells.

use calamine::ExcelDateTimeType;

use crate::source::workbook::grid;

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
