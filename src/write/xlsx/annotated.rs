//! A log as a workbook with its faults marked: the same cells, with those at fault coloured and commented, and at the
//! end of each row what has to be corrected.

use rust_xlsxwriter::{Color, DocProperties, ExcelDateTime, FormatAlign, FormatBorder, Note, XlsxError};

use super::cells::{LINE_PT, lines, need};
use super::font;
use super::print::{ColumnNeed, PrintPlan};
use super::saved::saved;
use super::text::{fit, put, sheet_name};
use crate::source::OwnOutput;
use crate::words::lang::Lang;
use crate::write::WriteError;

/// A file and the faults in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annotated {
    /// The name of the file.
    pub name: String,
    /// All rows, as in the file.
    pub rows: Vec<AnnotatedRow>,
    /// The row of the header, or its last one; `None` if there is none.
    pub header: Option<usize>,
}

/// A row and the faults in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AnnotatedRow {
    /// The cells as text.
    pub cells: Vec<String>,
    /// The faults.
    pub remarks: Vec<Remark>,
}

impl AnnotatedRow {
    /// All its remarks, one on each line.
    fn said(&self) -> String {
        self.remarks.iter().map(|remark| remark.text.as_str()).collect::<Vec<_>>().join("\n")
    }
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
pub fn annotated(files: &[Annotated], heading: &str, lang: Lang) -> Result<Vec<u8>, WriteError> {
    workbook(files, heading, lang).map_err(WriteError::Workbook)
}

/// The widest that a column would like to be, and that of the remarks, in half-width characters.
const WIDEST: usize = 40;
const REMARKS_WIDEST: usize = 60;

/// How wide the columns must be; the last is that of the remarks. Titles above the header run over.
fn needs(file: &Annotated, heading: &str, last: usize) -> Vec<ColumnNeed> {
    let head = file.header.unwrap_or(0);
    let rows = || file.rows.iter().skip(head + 1);
    let column = |at: usize| {
        let text = |row: &AnnotatedRow| row.cells.get(at).cloned().unwrap_or_default();
        let texts: Vec<String> = rows().map(text).collect();
        need(&file.rows.get(head).map(text).unwrap_or_default(), texts.iter().map(String::as_str), WIDEST)
    };
    let remarks: Vec<String> = rows().map(AnnotatedRow::said).collect();
    let mut needs: Vec<ColumnNeed> = (0..last).map(column).collect();
    needs.push(need(heading, remarks.iter().map(String::as_str), REMARKS_WIDEST));
    needs
}

fn workbook(files: &[Annotated], heading: &str, lang: Lang) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = font::workbook(lang)?;
    // The same faults give the same bytes.
    let first = ExcelDateTime::parse_from_str("1980-01-01")?;
    let properties = DocProperties::new().set_creation_datetime(&first);
    // By this it is known again when it comes back as a log.
    workbook.set_properties(&properties.set_custom_property(OwnOutput::PROPERTY, OwnOutput::Annotated.name()));
    // A title runs over the columns beside it.
    let above = font::plain(lang);
    let plain = above.clone().set_text_wrap().set_align(FormatAlign::Top);
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
                    let is_above = file.header.is_some_and(|header| usize::try_from(at).is_ok_and(|at| at < header));
                    let format = if is_above { &above } else { &plain };
                    put(sheet, (at, column), &fit(text), format)?;
                    continue;
                }
                let format = marked(own.iter().any(|remark| remark.is_error));
                put(sheet, (at, column), &fit(text), &format)?;
                let said: Vec<&str> = own.iter().map(|remark| remark.text.as_str()).collect();
                sheet.insert_note(at, column, &Note::new(said.join("\n")).set_author("duban"))?;
            }
            if !row.remarks.is_empty() {
                let format = marked(row.remarks.iter().any(|remark| remark.is_error));
                put(sheet, (at, last), &fit(&row.said()), &format)?;
            }
        }
        let header = file.header.unwrap_or(0);
        let head = u32::try_from(header).unwrap_or(0);
        if file.rows.get(header).is_some_and(|row| row.remarks.is_empty()) {
            sheet.write_string_with_format(head, last, heading, &plain.clone().set_bold())?;
        }
        let layout = PrintPlan::new(&needs(file, heading, usize::from(last)), 1);
        for (at, row) in (0_u32..).zip(&file.rows) {
            let said = row.said();
            let widths = &layout.widths;
            let of_remarks = widths.last().copied().unwrap_or(REMARKS_WIDEST);
            let texts = row.cells.iter().zip(widths.iter().copied()).chain([(&said, of_remarks)]);
            let high = texts.map(|(text, width)| lines(text, width)).max().unwrap_or(1);
            sheet.set_row_height(at, if at < head { LINE_PT } else { LINE_PT * high })?;
        }
        if file.header.is_some() {
            let bottom = u32::try_from(file.rows.len().saturating_sub(1)).unwrap_or(0);
            sheet.set_freeze_panes(head + 1, 0)?;
            if bottom > head {
                sheet.autofilter(head, 0, bottom, last)?;
            }
        }
        sheet.set_print_gridlines(true);
        layout.set_up(sheet, head)?;
    }
    if files.is_empty() {
        workbook.add_worksheet();
    }
    saved(&mut workbook)
}
