//! Tables of texts as a workbook, for programs that read it: no look, nothing but texts.

use chrono::NaiveDate;
use rust_xlsxwriter::{DocProperties, Format, Workbook, XlsxError};

use super::column::excel_date;
use super::saved::saved;
use super::text::{fit, put, sheet_name};
use crate::write::WriteError;

/// A sheet of texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlainSheet {
    /// Its name.
    pub name: String,
    /// Its rows, the header first.
    pub rows: Vec<Vec<String>>,
}

/// Writes sheets of texts. `day` stands in the properties of the file instead of that of the clock.
///
/// # Errors
/// [`WriteError::Workbook`] if a sheet has more rows or columns than a worksheet can hold.
pub fn plain_book(sheets: &[PlainSheet], day: NaiveDate) -> Result<Vec<u8>, WriteError> {
    workbook(sheets, day).map_err(WriteError::Workbook)
}

fn workbook(sheets: &[PlainSheet], day: NaiveDate) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let mut properties = DocProperties::new();
    let first = NaiveDate::from_ymd_opt(1980, 1, 1).unwrap_or_default();
    for created in [first, day].into_iter().filter_map(excel_date) {
        properties = properties.set_creation_datetime(&created);
    }
    workbook.set_properties(&properties);
    let text = Format::new().set_num_format("@");
    let mut names: Vec<String> = Vec::new();
    for PlainSheet { name, rows } in sheets {
        let name = sheet_name(name, &names);
        let sheet = workbook.add_worksheet();
        sheet.set_name(&name)?;
        for (row, cells) in (0_u32..).zip(rows) {
            for (at, cell) in (0_u16..).zip(cells).filter(|(_, cell)| !cell.is_empty()) {
                put(sheet, (row, at), &fit(cell), &text)?;
            }
        }
        names.push(name);
    }
    saved(&mut workbook)
}
