//! A workbook to be filled in: lists to choose from, rules, marks of what is missing, a total row of formulas, a sheet that
//! explains it, and all of it protected but for the cells to fill.
//!
//! It is made for Excel, WPS and LibreOffice alike: nothing that one of them lacks. The protection has no password; it keeps
//! hands off what is not to be filled in, and holds nobody off.
//!
//! - `book`: what such a workbook is
//! - `formula`: the formulas of the total row and of the rules
//! - `lists`: the lists to choose from, long ones on a hidden sheet
//! - `rules`: what a cell takes, and what is marked

mod book;
mod formula;
mod lists;
mod rules;

use chrono::NaiveDate;
use rust_xlsxwriter::{
    Color, DocProperties, Format, FormatAlign, FormatBorder, Formula, ProtectionOptions, Worksheet, XlsxError,
};

use super::cells::{LINE_PT, lines, need};
use super::column::{DAYS, excel_date, read_day};
use super::font::{self, TITLE_PT};
use super::print::{ColumnNeed, PrintPlan};
use super::saved::saved;
use super::text::{fit, put, sheet_name};
use crate::words::lang::Lang;
use crate::write::WriteError;
pub use book::{EntryBook, EntryBy, EntryColumn, EntryGuide, EntryKind, EntryRow, EntryTotal};
use book::{FIRST, HEADER, HINT, TITLE};
use lists::Lists;

/// The widest that a column of texts would like to be, and the narrowest that one to write in is made, in half-width
/// characters.
const WIDEST: usize = 44;
const NARROWEST: usize = 10;

/// The lines that the total row has room for.
const TOTAL_LINES: u32 = 4;

const REQUIRED: Color = Color::RGB(0x00FF_E699);
const OPTIONAL: Color = Color::RGB(0x00E7_E6E6);
const KNOWN: Color = Color::RGB(0x00F2_F2F2);

/// Writes a workbook to be filled in. The same form gives the same bytes.
///
/// # Errors
/// [`WriteError::Workbook`] if it has more rows or columns than a worksheet can hold.
pub fn entry_book(book: &EntryBook) -> Result<Vec<u8>, WriteError> {
    workbook(book).map_err(WriteError::Workbook)
}

fn workbook(book: &EntryBook) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = font::workbook(book.lang)?;
    let mut properties = DocProperties::new().set_title(fit(&book.title)).set_author(fit(&book.author));
    let first = NaiveDate::from_ymd_opt(1980, 1, 1).unwrap_or_default();
    for created in [first, book.day].into_iter().filter_map(excel_date) {
        properties = properties.set_creation_datetime(&created);
    }
    workbook.set_properties(&properties);
    let name = sheet_name(&book.sheet, &[]);
    let guide = sheet_name(&book.guide.name, std::slice::from_ref(&name));
    let hidden = sheet_name(&book.lists, &[name.clone(), guide.clone()]);
    let lists = Lists::of(&book.columns);
    let sheet = workbook.add_worksheet();
    sheet.set_name(&name)?;
    fill(sheet, book, &lists)?;
    let sheet = workbook.add_worksheet();
    sheet.set_name(&guide)?;
    explain(sheet, &book.guide, book.lang)?;
    lists.write(&mut workbook, &hidden)?;
    saved(&mut workbook)
}

/// What may be done on a protected sheet: filling in, sorting, selecting, putting rows in, and making columns wider.
fn permissions() -> ProtectionOptions {
    ProtectionOptions {
        format_columns: true,
        format_rows: true,
        insert_rows: true,
        insert_links: true,
        sort: true,
        use_autofilter: true,
        // Pictures are put in as objects.
        edit_objects: true,
        ..ProtectionOptions::new()
    }
}

fn fill(sheet: &mut Worksheet, book: &EntryBook, lists: &Lists) -> Result<(), XlsxError> {
    let plain = font::plain(book.lang);
    let last_column = u16::try_from(book.columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
    let rows = u32::try_from(book.rows.len()).unwrap_or(u32::MAX);
    let last = FIRST.saturating_add(rows.max(1)) - 1;
    put(sheet, (TITLE, 0), &fit(&book.title), &plain.clone().set_bold().set_font_size(TITLE_PT))?;
    put(sheet, (HINT, 0), &fit(&book.hint), &plain.clone().set_font_color(Color::RGB(0x0059_5959)))?;
    sheet.set_row_height(TITLE, LINE_PT * 2)?;
    let bordered = plain.clone().set_border(FormatBorder::Thin).set_text_wrap().set_align(FormatAlign::Top);
    let head = bordered.clone().set_bold().set_align(FormatAlign::Center);
    for (at, column) in (0_u16..).zip(&book.columns) {
        let colour = if column.is_required { REQUIRED } else { OPTIONAL };
        put(sheet, (HEADER, at), &fit(&column.header), &head.clone().set_background_color(colour))?;
    }
    let layout = PrintPlan::new(&needs(book), 1);
    let height = |texts: &[String]| {
        let each = texts.iter().zip(&layout.widths).map(|(text, width)| lines(text, *width));
        LINE_PT * each.max().unwrap_or(1)
    };
    sheet
        .set_row_height(HEADER, height(&book.columns.iter().map(|column| column.header.clone()).collect::<Vec<_>>()))?;
    for (row, entry) in (FIRST..).zip(&book.rows) {
        // A row that is still to be filled in grows with what is written.
        if entry.is_known {
            sheet.set_row_height(row, height(&entry.cells))?;
        }
        for (at, column) in book.columns.iter().enumerate() {
            let text = entry.cells.get(at).map_or("", String::as_str);
            let format = cell_format(&bordered, column, entry);
            write_cell(sheet, (row, u16::try_from(at).unwrap_or(u16::MAX)), column, text, &format)?;
        }
    }
    total(sheet, book, last, &bordered)?;
    rules::add(sheet, book, lists, last)?;
    sheet.autofilter(HEADER, 0, last, last_column)?;
    sheet.set_freeze_panes(FIRST, 1)?;
    layout.set_up(sheet, HEADER)?;
    sheet.protect_with_options(&permissions());
    Ok(())
}

/// The format of a cell of the table, which says whether it may be filled in. The ids are not locked: a locked cell keeps
/// Excel from sorting the rows it is in.
fn cell_format(bordered: &Format, column: &EntryColumn, row: &EntryRow) -> Format {
    let format = match column.kind {
        EntryKind::Date { .. } => bordered.clone().set_num_format(DAYS[0]),
        EntryKind::Text | EntryKind::Choice { .. } => bordered.clone().set_num_format("@"),
    };
    match (row.is_known && !column.is_follow_up, column.by) {
        (true, _) => format.set_background_color(KNOWN),
        (false, EntryBy::Hand) => format.set_unlocked(),
        (false, EntryBy::FormAsId | EntryBy::Form) => format.set_unlocked().set_background_color(KNOWN),
    }
}

fn write_cell(
    sheet: &mut Worksheet,
    (row, at): (u32, u16),
    column: &EntryColumn,
    text: &str,
    format: &Format,
) -> Result<(), XlsxError> {
    if text.is_empty() {
        sheet.write_blank(row, at, format)?;
        return Ok(());
    }
    if let (EntryKind::Date { .. }, Some((day, shown))) = (&column.kind, read_day(text)) {
        sheet.write_datetime_with_format(row, at, &day, &format.clone().set_num_format(shown))?;
        return Ok(());
    }
    put(sheet, (row, at), &fit(text), format)
}

/// How wide the columns must be: what is to be written is as long as their stated width, what is written as it is.
fn needs(book: &EntryBook) -> Vec<ColumnNeed> {
    let need = |(at, column): (usize, &EntryColumn)| {
        let texts = book.rows.iter().filter(|row| row.is_known).filter_map(|row| row.cells.get(at));
        let need = need(&column.header, texts.map(String::as_str), WIDEST);
        let width = usize::from(column.width);
        let unbroken = matches!(column.kind, EntryKind::Date { .. }) || column.by == EntryBy::FormAsId;
        ColumnNeed {
            least: need.least.max(if unbroken { width } else { width.min(NARROWEST).max(width * 3 / 4) }),
            natural: need.natural.max(width),
            longest: need.longest.max(width),
        }
    };
    book.columns.iter().enumerate().map(need).collect()
}

/// The row below the table.
fn total(sheet: &mut Worksheet, book: &EntryBook, last: u32, bordered: &Format) -> Result<(), XlsxError> {
    let (row, format) = (last + 1, bordered.clone().set_bold().set_background_color(OPTIONAL));
    for at in 0..u16::try_from(book.columns.len()).unwrap_or(u16::MAX) {
        sheet.write_blank(row, at, &format)?;
    }
    let place = |at: usize| u16::try_from(at).unwrap_or(u16::MAX);
    let (count, result) = formula::count(book, FIRST, last);
    sheet.write_formula_with_format(row, 0, Formula::new(count).set_result(result), &format)?;
    if let Some((at, (words, result))) = book.total.values_in.zip(formula::words(book, FIRST, last)) {
        sheet.write_formula_with_format(row, place(at), Formula::new(words).set_result(result), &format)?;
    }
    sheet.set_row_height(row, LINE_PT * TOTAL_LINES)?;
    Ok(())
}

/// The sheet that explains how to fill in.
fn explain(sheet: &mut Worksheet, guide: &EntryGuide, lang: Lang) -> Result<(), XlsxError> {
    let plain = font::plain(lang).set_text_wrap().set_align(FormatAlign::Top);
    put(sheet, (0, 0), &fit(&guide.name), &font::plain(lang).set_bold().set_font_size(TITLE_PT))?;
    let widths = [24_u16, 18, 78];
    for (at, width) in (0_u16..).zip(widths) {
        sheet.set_column_width(at, f64::from(width))?;
    }
    let mut row = 1;
    for note in &guide.notes {
        let note = fit(note);
        sheet.merge_range(row, 0, row, 2, "", &plain)?;
        put(sheet, (row, 0), &note, &plain)?;
        sheet.set_row_height(row, LINE_PT * lines(&note, usize::from(widths.iter().sum::<u16>())))?;
        row += 1;
    }
    let head = plain.clone().set_bold().set_border(FormatBorder::Thin).set_background_color(OPTIONAL);
    for (at, text) in (0_u16..).zip(&guide.heads) {
        put(sheet, (row + 1, at), &fit(text), &head)?;
    }
    let bordered = plain.clone().set_border(FormatBorder::Thin);
    for (row, line) in (row + 2..).zip(&guide.lines) {
        for (at, text) in (0_u16..).zip(line) {
            put(sheet, (row, at), &fit(text), &bordered)?;
        }
        let height = line.iter().zip(widths).map(|(text, width)| lines(text, usize::from(width))).max();
        sheet.set_row_height(row, LINE_PT * height.unwrap_or(1))?;
    }
    sheet.set_paper_size(9);
    sheet.set_print_fit_to_pages(1, 0);
    sheet.protect();
    Ok(())
}
