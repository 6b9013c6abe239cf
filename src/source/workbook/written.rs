//! What must be known of a sheet of an `.xlsx` to write its cells.

use calamine::ExcelDateTimeType;

use crate::source::workbook::grid;
use crate::source::workbook::plain::number_format::{shows_day, shows_time};

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
    /// A day: its year, month and day.
    Day,
    /// A day, and hours and minutes.
    DayAndTime,
    /// A part of a day, such as 8月5日, or a span of time.
    PartOfTime,
    /// Text, whatever is typed.
    Text,
    /// A number; the format, unless it is the general one.
    Number(Option<String>),
}

impl CellFormat {
    /// `format` is `None` for the general one.
    pub(super) fn new(moment: Option<ExcelDateTimeType>, format: Option<&str>) -> Self {
        let code = format.unwrap_or_default();
        match (moment, format) {
            (Some(ExcelDateTimeType::DateTime), _) if !shows_day(code) => Self::PartOfTime,
            (Some(ExcelDateTimeType::DateTime), _) if shows_time(code) => Self::DayAndTime,
            (Some(ExcelDateTimeType::DateTime), _) => Self::Day,
            (Some(ExcelDateTimeType::TimeDelta), _) => Self::PartOfTime,
            (None, Some("@")) => Self::Text,
            (None, format) => Self::Number(format.map(str::to_owned)),
        }
    }

    /// What a number shows; `None` where that is no plain number, or is not known.
    #[must_use]
    pub fn shows(&self, number: f64) -> Option<String> {
        match self {
            Self::Number(format) => grid::number_shown_surely(number, format.as_deref()),
            Self::Day | Self::DayAndTime | Self::PartOfTime | Self::Text => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::workbook::plain::number_format::{moment_of, text_of};

    #[test]
    fn a_number_shows_what_is_known_of_its_format() {
        for (number, format, shows) in [
            (80.0, None, Some("80")),
            (0.00001, None, None),
            (80.0, Some("0"), Some("80")),
            (7.5, Some("0"), None),
            (8.1, Some("0.00_ "), Some("8.10")),
            (7.0, Some("000"), Some("007")),
            (80.0, Some("0%"), None),
            (1234.0, Some("#,##0"), Some("1234")),
            (3.0, Some("\"第\"0\"期\""), None),
            (3.0, Some(";;;"), None),
            (3.0, Some("0;;;"), Some("3")),
            (0.0, Some("0;;;"), None),
            (0.0, Some("0.00;-0.00;"), None),
        ] {
            assert_eq!(CellFormat::new(None, format).shows(number).as_deref(), shows, "{number} {format:?}");
        }
    }

    #[test]
    fn a_day_is_one_where_year_month_and_day_are_shown() {
        use CellFormat::{Day, DayAndTime, Number, PartOfTime, Text};
        for (id, format, expected) in [
            (14, "mm-dd-yy", Day),
            (164, "yyyy\"年\"m\"月\"d\"日\";@", Day),
            (164, "[$-804]yyyy/m/d", Day),
            (31, "General", Day),
            (15, "d-mmm-yy", Day),
            (22, "m/d/yy h:mm", DayAndTime),
            (164, "yyyy-mm-dd hh:mm:ss", DayAndTime),
            (164, "yyyy-dd hh:mm", PartOfTime),
            (164, "m\"月\"d\"日\"", PartOfTime),
            (57, "General", PartOfTime),
            (58, "General", PartOfTime),
            (17, "mmm-yy", PartOfTime),
            (164, "yyyy-mm dddd", PartOfTime),
            (20, "h:mm", PartOfTime),
            (46, "[h]:mm:ss", PartOfTime),
            (49, "@", Text),
            (0, "General", Number(None)),
        ] {
            let moment = moment_of(Some(id), format);
            let format = text_of(Some(id), format);
            assert_eq!(CellFormat::new(moment, format), expected, "{id} {format:?}");
        }
    }
}
