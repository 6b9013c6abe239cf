//! Writes one table as a sheet.

use rust_xlsxwriter::{Color, DataValidation, Format, FormatAlign, FormatBorder, Formula, Worksheet, XlsxError};

use super::cells::{HEADER, LINE_PT, lines};
use super::column::{Column, ColumnKind, choices, columns, number, read_day};
use super::font::{self, TITLE_PT};
use super::page::SheetPage;
use super::photos_in_cells::CellPhotos;
use super::print::PrintPlan;
use super::rows::Rows;
use super::stand_in::StandIns;
use super::text;
use super::totals::{self, TotalCells};
use super::{charted, colour};
use crate::document::chart::Chart;
use crate::document::label::Labels;
use crate::document::{Cell, Document, Table};
use crate::model::Field;
use crate::words::lang::Lang;

/// The height of a line in pixels, and that of what stands above the header.
const LINE_PX: u32 = LINE_PT * 4 / 3;
const ABOVE_PX: u32 = 60;

/// Writes a table, that of a chart if it is drawn, with its title and notes into `sheet`, whose name is `name`. Returns the
/// rows of the table if they are still to be written. Those of a table with totals or photos or of a chart are not, since
/// formulas, photos and charts lie where their rows are.
///
/// # Errors
/// The table has more rows or columns than a worksheet can hold.
pub(super) fn write<'d>(
    sheet: &mut Worksheet,
    name: &str,
    (page, table, chart): (&SheetPage<'_>, &'d Table, Option<&Chart>),
    (document, photos_of_book): (&Document, &mut StandIns<'_, '_>),
) -> Result<Option<Rows<'d>>, XlsxError> {
    let mut columns = columns(table);
    let photos = CellPhotos::of(table);
    photos.widen(&mut columns);
    let last = u16::try_from(columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
    let totals = totals::of(table);
    let plain = font::plain(document.lang);
    let title = title_line(&page.title, document);
    text::put(sheet, (0, 0), &title, &plain.clone().set_bold().set_font_size(TITLE_PT))?;
    let status_columns = colour::status_columns(&columns).zip(document.reckoned);
    if let Some((_, reckoned)) = &status_columns {
        let of_legend = colour::legend(sheet, *reckoned, document.lang)?;
        for (column, width) in columns.iter_mut().zip(of_legend) {
            column.need.least = column.need.least.max(width);
        }
    }
    let needs: Vec<_> = columns.iter().map(|column| column.need).collect();
    let mut layout = PrintPlan::new(&needs, named_by(&columns, totals.as_ref()));
    let bordered = plain.clone().set_border(FormatBorder::Thin).set_text_wrap().set_align(FormatAlign::Top);
    let head = bordered.clone().set_bold().set_align(FormatAlign::Center).set_background_color(Color::RGB(0x00E7_E6E6));
    for at in 0..u16::try_from(columns.len()).unwrap_or(u16::MAX) {
        let text = table.header.get(usize::from(at)).map(text::of).unwrap_or_default();
        text::put(sheet, (HEADER, at), &text, &head)?;
    }
    let own_height = |cell: &Cell, width: usize| lines(&text::of(cell), width);
    let height = |cells: &[Cell]| {
        cells.iter().zip(&layout.widths).map(|(cell, width)| own_height(cell, *width)).max().unwrap_or(1)
    };
    sheet.set_row_height(HEADER, LINE_PT * height(&table.header))?;
    let mut lines_in_all = height(&table.header);
    let mut to_be_written = None;
    if totals.is_some() || chart.is_some() || !photos.is_empty() {
        for (index, (row, cells)) in (HEADER + 1..).zip(&table.rows).enumerate() {
            let height = height(cells).max(photos.lines(index));
            sheet.set_row_height(row, LINE_PT * height)?;
            lines_in_all += height;
            for (at, column) in (0_u16..).zip(&columns) {
                let text = cells.get(usize::from(at)).map(text::of).unwrap_or_default();
                match totals.and_then(|totals| totals.formula(table, index, usize::from(at))) {
                    Some(formula) => {
                        let formula = Formula::new(formula).set_result(&*text);
                        sheet.write_formula_with_format(row, at, formula, &bordered.clone().set_bold())?;
                    }
                    None => write_cell(sheet, (row, at), column.kind, &text, &bordered)?,
                }
            }
            photos.insert(sheet, (row, index), cells, (document, photos_of_book))?;
        }
    } else if !table.rows.is_empty() {
        let rows = Rows::prepare(sheet, (table, &columns, &layout.widths), &bordered, page.notes.len())?;
        to_be_written = Some(rows);
    }
    let rows = u32::try_from(table.rows.len()).unwrap_or(u32::MAX);
    let frozen = if columns.len() > 6 { named_by(&columns, totals.as_ref()) } else { 0 };
    sheet.set_freeze_panes(HEADER + 1, u16::try_from(frozen).unwrap_or(1))?;
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
    let mut below = HEADER + rows + 1;
    for note in &page.notes {
        text::put(sheet, (below, 0), &text::fit(note), &Format::default())?;
        below += 1;
    }
    if totals.is_some() || chart.is_some() {
        let notes = u32::try_from(page.notes.len()).unwrap_or(0);
        let above = ABOVE_PX + LINE_PX * (lines_in_all + notes + 1);
        let inside = layout.paper.inside();
        let drawn = match (chart, totals) {
            (Some(chart), _) => charted::insert((sheet, name), chart, document.lang, below + 1, inside)?,
            (None, Some(totals)) => totals.chart(sheet, name, table, below + 1, inside)?,
            (None, None) => None,
        };
        if let Some(height) = drawn {
            layout = layout.with_chart(above, height, below + 1);
        }
    }
    layout.set_up(sheet, HEADER)?;
    Ok(to_be_written)
}

/// Returns the number of columns, from the first, by which a row is known: its numbers, or what its figures are of.
fn named_by(columns: &[Column], totals: Option<&TotalCells>) -> usize {
    let numbers =
        columns.iter().take_while(|column| matches!(column.field, Some(Field::Id | Field::RowNumber))).count();
    totals.map_or(numbers, TotalCells::first).clamp(1, 3)
}

/// Returns the title, followed by the number and the draft mark.
pub(super) fn title_line(title: &str, document: &Document) -> String {
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
            if let Some((time, shown)) = read_day(text) {
                sheet.write_datetime_with_format(row, at, &time, &format.clone().set_num_format(shown))?;
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
        text::put(sheet, (row, at), text, format)?;
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
