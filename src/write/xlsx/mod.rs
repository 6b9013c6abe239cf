//! A document → a workbook: a sheet for each of its tables.
//!
//! A table is read by its header, with the words that logs are read with, so that a ledger written here is a log again:
//! dates are dates, values come from lists, numbers are numbers, and everything else is text, whatever it begins with.
//!
//! - `annotated`: a log with its faults marked
//! - `column`: what a column holds
//! - `colour`: which rows are overdue or due soon
//! - `page`: which sheets there are, and what stands on none
//! - `sheet`: one table as a sheet
//! - `text`: texts and names as Excel takes them
//! - `totals`: tables with a total row: formulas and a chart

pub(super) mod annotated;
mod cells;
mod colour;
mod column;
mod page;
mod sheet;
mod text;
mod totals;

use chrono::NaiveDate;
use rust_xlsxwriter::{DocProperties, Workbook, XlsxError};

use super::WriteError;
use crate::document::{Document, plain};
use crate::source::OwnOutput;

/// Returns `document` as the bytes of an `.xlsx`. What stands outside of tables, or is too long for a cell, is told in
/// `lost`.
pub(super) fn write(document: &Document, lost: &mut Vec<String>) -> Result<Vec<u8>, WriteError> {
    workbook(document, lost).map_err(WriteError::Workbook)
}

fn workbook(document: &Document, lost: &mut Vec<String>) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let mut properties = DocProperties::new()
        .set_title(text::fitting(&document.head.title))
        .set_author(text::fitting(document.foot.signature.as_deref().unwrap_or_default()));
    // By this it is known again when it comes back as a log. Tallies and lists have no kind.
    let own = if document.kind.is_empty() { OwnOutput::Table } else { OwnOutput::Document };
    properties = properties.set_custom_property(OwnOutput::PROPERTY, own.name());
    // Never the clock: the same document gives the same bytes.
    let first = NaiveDate::from_ymd_opt(1980, 1, 1).unwrap_or_default();
    let day = document.reckoned.map_or(first, |(day, _)| day);
    for created in [first, day].into_iter().filter_map(column::date) {
        properties = properties.set_creation_datetime(&created);
    }
    workbook.set_properties(&properties);
    let (pages, left) = page::pages(document);
    let mut names: Vec<String> = Vec::new();
    for page in &pages {
        let name = text::sheet_name(&page.title, &names);
        let worksheet = workbook.add_worksheet();
        worksheet.set_name(&name)?;
        sheet::write(worksheet, &name, page, document)?;
        names.push(name);
    }
    if pages.is_empty() {
        workbook.add_worksheet();
    }
    if left > 0 {
        lost.push(format!("a workbook holds tables only: {left} paragraphs, lists and headings were left out"));
    }
    if page::has_letter(document) {
        lost.push("a workbook holds tables only: addressee, copies and note were left out".to_owned());
    }
    let cells = pages.iter().flat_map(|page| page.table.rows.iter().chain([&page.table.header]).flatten());
    let long = cells.filter(|cell| text::is_long(&plain(&cell.0))).count();
    if long > 0 {
        lost.push(format!("cells longer than a workbook can hold, cut with … at the end: {long}"));
    }
    workbook.save_to_buffer()
}
