//! Writes one table as a sheet.

use rust_xlsxwriter::{Color, DataValidation, Format, FormatAlign, FormatBorder, Formula, Worksheet, XlsxError};

use super::cells::{HEADER, LINE_PT, lines};
use super::colour;
use super::column::{Column, ColumnKind, choices, columns, excel_date, number, read_date};
use super::page::SheetPage;
use super::text;
use super::totals::{self, TotalCells};
use crate::document::label::Labels;
use crate::document::{Document, Table};
use crate::words::lang::Lang;

/// The maximum number of rows printed on one page together with their chart.
const ONE_PAGE_ROWS: u32 = 40;
/// The maximum number of rows for which table and chart are wider than high.
const LANDSCAPE_ROWS: u32 = 8;

/// Writes the table of `page` with its title and notes into `sheet`, whose name is `name`.
///
/// # Errors
/// The table has more rows or columns than a worksheet can hold.
pub(super) fn write(
    sheet: &mut Worksheet,
    name: &str,
    page: &SheetPage<'_>,
    document: &Document,
) -> Result<(), XlsxError> {
    let table = page.table;
    let columns = columns(table);
    let last = u16::try_from(columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
    let totals = totals::of(table);
    sheet.write_string_with_format(
        0,
        0,
        title_line(&page.title, document),
        &Format::new().set_bold().set_font_size(16),
    )?;
    let status_columns = colour::status_columns(&columns).zip(document.reckoned);
    if let Some((_, reckoned)) = &status_columns {
        colour::legend(sheet, *reckoned, document.lang)?;
    }
    let bordered = Format::new().set_border(FormatBorder::Thin).set_text_wrap().set_align(FormatAlign::Top);
    let head = bordered.clone().set_bold().set_align(FormatAlign::Center).set_background_color(Color::RGB(0x00E7_E6E6));
    for (at, column) in (0_u16..).zip(&columns) {
        let text = table.header.get(usize::from(at)).map(text::of).unwrap_or_default();
        sheet.write_string_with_format(HEADER, at, text, &head)?;
        sheet.set_column_width(at, f64::from(u32::try_from(column.width).unwrap_or(50)))?;
    }
    for (row, cells) in (HEADER + 1..).zip(&table.rows) {
        for (at, column) in (0_u16..).zip(&columns) {
            let text = cells.get(usize::from(at)).map(text::of).unwrap_or_default();
            let place = (row, at);
            match totals.as_ref().and_then(|totals| {
                totals.formula(table, usize::try_from(row - HEADER - 1).unwrap_or(0), usize::from(at))
            }) {
                Some(formula) => {
                    let formula = Formula::new(formula).set_result(&text);
                    sheet.write_formula_with_format(row, at, formula, &bordered.clone().set_bold())?;
                }
                None => write_cell(sheet, place, column.kind, &text, &bordered)?,
            }
        }
    }
    for (row, cells) in (HEADER + 1..).zip(&table.rows) {
        let lines = cells.iter().zip(&columns).map(|(cell, column)| lines(&text::of(cell), column.width)).max();
        sheet.set_row_height(row, LINE_PT * lines.unwrap_or(1))?;
    }
    let rows = u32::try_from(table.rows.len()).unwrap_or(u32::MAX);
    sheet.set_freeze_panes(HEADER + 1, u16::from(columns.len() > 6))?;
    if rows > 0 {
        let bottom = HEADER + rows - u32::from(totals.as_ref().is_some_and(TotalCells::has_row));
        if bottom > HEADER {
            sheet.autofilter(HEADER, 0, bottom, last)?;
            if let Some((status_columns, _)) = &status_columns {
                status_columns.colour(sheet, last, bottom, document.lang)?;
            }
            add_lists(sheet, &columns, table, bottom, document.lang)?;
        }
    }
    sheet.set_landscape();
    sheet.set_paper_size(9);
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_footer("&C&P / &N");
    let mut below = HEADER + rows + 1;
    for note in &page.notes {
        sheet.write_string(below, 0, text::fit(note))?;
        below += 1;
    }
    match totals {
        Some(totals) if rows <= ONE_PAGE_ROWS => {
            totals.chart(sheet, name, table, below + 1)?;
            // A page break through the chart would make it unreadable: all goes on one page, in portrait if it is long.
            sheet.set_print_fit_to_pages(1, 1);
            if rows > LANDSCAPE_ROWS {
                sheet.set_portrait();
            }
        }
        Some(totals) => {
            totals.chart(sheet, name, table, below + 1)?;
            sheet.set_repeat_rows(HEADER, HEADER)?;
        }
        None => {
            sheet.set_repeat_rows(HEADER, HEADER)?;
        }
    }
    Ok(())
}

/// Returns the title, followed by the number and the draft mark.
fn title_line(title: &str, document: &Document) -> String {
    let draft = if document.head.draft { Labels::of(document.lang).draft } else { "" };
    let number = document.head.number.as_deref().unwrap_or_default();
    let parts = [title, number, draft].into_iter().filter(|part| !part.is_empty());
    text::fit(&parts.collect::<Vec<_>>().join("  "))
}

fn write_cell(
    sheet: &mut Worksheet,
    (row, at): (u32, u16),
    kind: ColumnKind,
    text: &str,
    format: &Format,
) -> Result<(), XlsxError> {
    match kind {
        ColumnKind::Date => {
            if let Some(date) = read_date(text).and_then(excel_date) {
                sheet.write_datetime_with_format(row, at, &date, &format.clone().set_num_format("yyyy-mm-dd"))?;
                return Ok(());
            }
        }
        ColumnKind::Number => {
            if let Some(value) = number(text) {
                sheet.write_number_with_format(row, at, value, format)?;
                return Ok(());
            }
        }
        ColumnKind::Text => {}
    }
    if text.is_empty() {
        sheet.write_blank(row, at, format)?;
    } else {
        // Always as text: a cell that begins with = + - @ must not become a formula.
        sheet.write_string_with_format(row, at, text, format)?;
    }
    Ok(())
}

/// Adds lists to choose from to the columns that have a vocabulary.
fn add_lists(
    sheet: &mut Worksheet,
    columns: &[Column],
    table: &Table,
    bottom: u32,
    lang: Lang,
) -> Result<(), XlsxError> {
    for (index, column) in columns.iter().enumerate() {
        let choices = choices(column, table, index, lang);
        if !choices.is_empty() {
            let at = u16::try_from(index).unwrap_or(u16::MAX);
            let list = DataValidation::new().allow_list_strings(&choices)?;
            sheet.add_data_validation(HEADER + 1, at, bottom, at, &list)?;
        }
    }
    Ok(())
}
