//! Charts: the workbook behind one in a Word file.

use std::io;

use chrono::NaiveDate;
use rust_xlsxwriter::{DocProperties, Format, Worksheet, XlsxError};

use super::{column, font, text};
use crate::charts::Plot;
use crate::words::lang::Lang;

/// Returns the workbook that is embedded with a chart: what Word and WPS show for its data to be edited. A count in words is
/// an empty cell, a gap in the chart.
///
/// # Errors
/// The workbook can't be made.
pub(crate) fn chart_book(plot: &Plot, lang: Lang) -> io::Result<Vec<u8>> {
    book(plot, lang).map_err(io::Error::other)
}

fn book(plot: &Plot, lang: Lang) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = font::workbook(lang)?;
    // Never the clock: the same chart gives the same bytes.
    if let Some(created) = NaiveDate::from_ymd_opt(1980, 1, 1).and_then(column::excel_date) {
        workbook.set_properties(&DocProperties::new().set_creation_datetime(&created));
    }
    let sheet = workbook.add_worksheet();
    sheet.set_name("Sheet1")?;
    let (plain, mut at) = (font::plain(lang), 0_u16);
    put(sheet, (0, 0), &plot.axis, &plain)?;
    for (row, name) in (1..).zip(&plot.categories) {
        put(sheet, (row, 0), name, &plain)?;
    }
    for series in &plot.series {
        at += 1;
        put(sheet, (0, at), &series.name, &plain)?;
        for (row, value) in (1..).zip(&series.values) {
            if let Some(value) = value {
                #[expect(clippy::cast_precision_loss, reason = "counts of issues are small")]
                sheet.write_number_with_format(row, at, *value as f64, &plain)?;
            }
        }
    }
    sheet.set_column_width(0, 32)?;
    workbook.save_to_buffer()
}

fn put(sheet: &mut Worksheet, at: (u32, u16), said: &str, format: &Format) -> Result<(), XlsxError> {
    text::put(sheet, at, &text::fit(said), format)
}
