//! Writes a document as a workbook, with a sheet for each table.
//!
//! Headers are matched with the synonyms that logs are read with, so a table written here can be read as a log: dates
//! are dates, vocabulary columns have lists to choose from, figures are numbers, and everything else is text, whatever
//! it begins with.
//!
//! - `annotated`: a log with its faults marked
//! - `charted`: charts as those of the program, and the workbook behind one in a Word file
//! - `cells`: positions and sizes of cells
//! - `column`: the contents of a column
//! - `colour`: conditional formats for overdue and due soon
//! - `entry`: workbooks to be filled in; `plain`: tables of texts
//! - `font`: the font
//! - `photographed`: photos as a sheet; `photos_in_cells`: photos in the cells of a table
//! - `page`: the sheets of a document, and what is on none of them
//! - `print`: the widths of columns and the paper
//! - `rows`: the rows of a table
//! - `saved`: the bytes of a finished workbook
//! - `stand_in`: pictures in the place of photos while a workbook is made
//! - `sheet`: one table as a sheet
//! - `text`: texts and sheet names within Excel's limits
//! - `totals`: formulas and a chart for tables with totals

pub(super) mod annotated;
mod cells;
mod charted;
mod colour;
mod column;
pub(super) mod entry;
mod font;
mod page;
mod photographed;
mod photos_in_cells;
pub(super) mod plain;
mod print;
mod rows;
mod saved;
mod sheet;
mod stand_in;
mod text;
mod totals;

use chrono::NaiveDate;
use rust_xlsxwriter::{DocProperties, XlsxError};

pub(super) use charted::chart_book;

use page::SheetContent;
use saved::saved;
use stand_in::StandIns;

use super::WriteError;
use super::loss::Loss;
use crate::document::Document;
use crate::document::photo::{PhotoReader, PhotoSource, UnreadablePhoto};
use crate::source::OwnOutput;
use crate::spool::Spooled;

/// Returns `document` as an `.xlsx`, and the photos that can't be read. Adds to `lost` what is outside tables or
/// too long for a cell.
///
/// # Errors
/// [`WriteError::Workbook`] if a table has more rows or columns than a worksheet can hold.
pub(super) fn write(
    document: &Document,
    photos: &dyn PhotoSource,
    lost: &mut Vec<Loss>,
) -> Result<(Spooled, Vec<UnreadablePhoto>), WriteError> {
    let mut reader = PhotoReader::new(photos);
    let file = workbook(document, &mut reader, lost).map_err(WriteError::Workbook)?;
    Ok((file, reader.unreadable()))
}

fn workbook(document: &Document, reader: &mut PhotoReader<'_>, lost: &mut Vec<Loss>) -> Result<Spooled, XlsxError> {
    let mut photos_of_book = StandIns::new(reader);
    let mut workbook = font::workbook(document.lang)?;
    let mut properties = DocProperties::new()
        .set_title(text::fit(&document.head.title))
        .set_author(text::fit(document.foot.signature.as_deref().unwrap_or_default()));
    // Marks the workbook as duban's own when it comes back as a log. Tallies and lists have no kind.
    let own = if document.kind.is_empty() { OwnOutput::Table } else { OwnOutput::Document };
    properties = properties.set_custom_property(OwnOutput::PROPERTY, own.name());
    // The as-of day rather than the clock: the same document gives the same bytes.
    let first = NaiveDate::from_ymd_opt(1980, 1, 1).unwrap_or_default();
    let day = document.reckoned.map_or(first, |(day, _)| day);
    for created in [first, day].into_iter().filter_map(column::excel_date) {
        properties = properties.set_creation_datetime(&created);
    }
    workbook.set_properties(&properties);
    let (pages, omitted) = page::pages(document);
    let mut names: Vec<String> = Vec::new();
    let mut to_be_written = Vec::new();
    for page in &pages {
        let name = text::sheet_name(&page.title, &names);
        let worksheet = workbook.add_worksheet();
        worksheet.set_name(&name)?;
        to_be_written.push(match page.content {
            SheetContent::Table(table) => {
                sheet::write(worksheet, &name, (page, table, None), (document, &mut photos_of_book))?
            }
            SheetContent::Chart(chart) => {
                sheet::write(worksheet, &name, (page, &chart.table, Some(chart)), (document, &mut photos_of_book))?
            }
            SheetContent::Photos(photos) => {
                photographed::write(worksheet, page, photos, document, &mut photos_of_book)?;
                None
            }
        });
        names.push(name);
    }
    if pages.is_empty() {
        workbook.add_worksheet();
    }
    if omitted > 0 {
        lost.push(Loss::OutsideTables(omitted));
    }
    if page::has_addressee_copies_or_note(document) {
        lost.push(Loss::LetterParts);
    }
    let tables = pages.iter().filter_map(|page| page.content.table());
    let cells = tables.flat_map(|table| table.rows.iter().chain([&table.header]).flatten());
    let long = cells.filter(|cell| text::is_long(&text::said(cell))).count();
    if long > 0 {
        lost.push(Loss::LongCells(long));
    }
    Ok(rows::finished(saved(&mut workbook)?, &to_be_written, &photos_of_book)?)
}
