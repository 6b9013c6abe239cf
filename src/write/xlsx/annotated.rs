//! A log as a workbook with its faults marked: the same cells, with those at fault coloured and commented, and at the
//! end of each row what has to be corrected.

use rust_xlsxwriter::{Color, DocProperties, ExcelDateTime, Format, FormatBorder, Note, Workbook, XlsxError};

use super::cells::{LINE_PT, lines};
use super::text::{fit, sheet_name};
use crate::document::text::columns;
use crate::source::OwnOutput;
use crate::write::WriteError;

/// A file and the faults in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annotated {
    /// The name of the file.
    pub name: String,
    /// All rows, as in the file.
    pub rows: Vec<AnnotatedRow>,
}

/// A row and the faults in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AnnotatedRow {
    /// The cells as text.
    pub cells: Vec<String>,
    /// The faults.
    pub remarks: Vec<Remark>,
}

/// A fault of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// The cell, counted from 0; `None` for the row as a whole.
    pub cell: Option<usize>,
    /// Whether it is an error rather than a warning.
    pub is_error: bool,
    /// What is wrong and how to correct it.
    pub text: String,
}

/// Writes files with their remarks into one workbook, a sheet for each file. `heading` is the header of the column of
/// remarks, which is the last.
///
/// # Errors
/// [`WriteError::Workbook`] if a file has more rows or columns than a worksheet can hold.
pub fn annotated(files: &[Annotated], heading: &str) -> Result<Vec<u8>, WriteError> {
    workbook(files, heading).map_err(WriteError::Workbook)
}

/// The width of the column of remarks, in half-width characters.
const REMARKS_WIDTH: usize = 60;

/// Returns the width of each column in half-width characters: that of its widest text, from 6 to 40; the last column is
/// that of the remarks.
fn widths(file: &Annotated, last: usize) -> Vec<usize> {
    let mut widths = vec![6; last];
    for row in &file.rows {
        for (width, text) in widths.iter_mut().zip(&row.cells) {
            *width = (*width).max(columns(text) + 2).min(40);
        }
    }
    widths.push(REMARKS_WIDTH);
    widths
}

fn workbook(files: &[Annotated], heading: &str) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // The same faults give the same bytes.
    let first = ExcelDateTime::parse_from_str("1980-01-01")?;
    let properties = DocProperties::new().set_creation_datetime(&first);
    // By this it is known again when it comes back as a log.
    workbook.set_properties(&properties.set_custom_property(OwnOutput::PROPERTY, OwnOutput::Annotated.name()));
    let plain = Format::new().set_text_wrap();
    let marked = |is_error: bool| {
        let colour = if is_error { Color::RGB(0x00F8_CBAD) } else { Color::RGB(0x00FF_F2CC) };
        plain.clone().set_background_color(colour).set_border(FormatBorder::Thin)
    };
    let mut names: Vec<String> = Vec::new();
    for file in files {
        let short = file.name.rsplit('/').next().unwrap_or(&file.name);
        let name = sheet_name(short, &names);
        let sheet = workbook.add_worksheet();
        sheet.set_name(&name)?;
        names.push(name);
        let last = u16::try_from(file.rows.iter().map(|row| row.cells.len()).max().unwrap_or(0)).unwrap_or(u16::MAX);
        for (at, row) in (0_u32..).zip(&file.rows) {
            for (column, text) in (0_u16..).zip(&row.cells) {
                let own: Vec<&Remark> =
                    row.remarks.iter().filter(|remark| remark.cell == Some(usize::from(column))).collect();
                if own.is_empty() {
                    // Always as text: a cell that begins with `=` must not become a formula.
                    sheet.write_string_with_format(at, column, fit(text), &plain)?;
                    continue;
                }
                let format = marked(own.iter().any(|remark| remark.is_error));
                sheet.write_string_with_format(at, column, fit(text), &format)?;
                let said: Vec<&str> = own.iter().map(|remark| remark.text.as_str()).collect();
                sheet.insert_note(at, column, &Note::new(said.join("\n")).set_author("duban"))?;
            }
            if !row.remarks.is_empty() {
                let said: Vec<&str> = row.remarks.iter().map(|remark| remark.text.as_str()).collect();
                let format = marked(row.remarks.iter().any(|remark| remark.is_error));
                sheet.write_string_with_format(at, last, fit(&said.join("\n")), &format)?;
            }
        }
        if file.rows.first().is_some_and(|row| row.remarks.is_empty()) {
            sheet.write_string_with_format(0, last, heading, &Format::new().set_bold())?;
        }
        let widths = widths(file, usize::from(last));
        for (column, width) in (0_u16..).zip(&widths) {
            sheet.set_column_width(column, f64::from(u32::try_from(*width).unwrap_or(60)))?;
        }
        for (at, row) in (0_u32..).zip(&file.rows) {
            let said: String = row.remarks.iter().map(|remark| remark.text.clone() + "\n").collect();
            let texts = row.cells.iter().zip(&widths).map(|(text, width)| lines(text, *width));
            let high = texts.chain([lines(said.trim_end(), REMARKS_WIDTH)]).max().unwrap_or(1);
            sheet.set_row_height(at, LINE_PT * high)?;
        }
        sheet.set_landscape();
        sheet.set_print_fit_to_pages(1, 0);
    }
    if files.is_empty() {
        workbook.add_worksheet();
    }
    workbook.save_to_buffer()
}
