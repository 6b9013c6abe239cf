//! A document → a workbook: a sheet for each of its tables.
//!
//! A table is read by its header, with the words that logs are read with, so that a ledger written here is a log again:
//! dates are dates, values come from lists, numbers are numbers, and everything else is text, whatever it begins with.
//!
//! - `annotated`: a log with its faults marked
//! - `column`: what a column holds
//! - `colour`: which rows are overdue or due soon
//! - `sheet`: one table as a sheet
//! - `totals`: tables with a total row: formulas and a chart

pub(super) mod annotated;
mod colour;
mod column;
mod sheet;
mod totals;

use chrono::NaiveDate;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use super::WriteError;
use crate::document::{Block, Document, Table, plain};

/// Returns `document` as the bytes of an `.xlsx`. What stands outside of tables is told in `lost`.
pub(super) fn write(document: &Document, lost: &mut Vec<String>) -> Result<Vec<u8>, WriteError> {
    workbook(document, lost).map_err(WriteError::Workbook)
}

fn workbook(document: &Document, lost: &mut Vec<String>) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // Never the clock: the same document gives the same bytes.
    let created = document.reckoned.map_or(NaiveDate::from_ymd_opt(1980, 1, 1).unwrap_or_default(), |(day, _)| day);
    let created = ExcelDateTime::parse_from_str(&created.to_string())?;
    workbook.set_properties(
        &DocProperties::new()
            .set_title(&document.head.title)
            .set_author(document.foot.signature.as_deref().unwrap_or_default())
            .set_creation_datetime(&created),
    );
    let tables = tables(document);
    let mut names: Vec<String> = Vec::new();
    for (title, table) in &tables {
        let name = sheet_name(title, &names);
        let worksheet = workbook.add_worksheet();
        worksheet.set_name(&name)?;
        sheet::write(worksheet, &name, title, table, document)?;
        names.push(name);
    }
    if tables.is_empty() {
        workbook.add_worksheet();
    }
    let words = document.body.iter().filter(|block| !matches!(block, Block::Table(_) | Block::PageBreak)).count();
    if words > 0 {
        lost.push(format!("a workbook holds tables only: {words} paragraphs and headings were left out"));
    }
    workbook.save_to_buffer()
}

/// The tables, those of attachments last, each with what it is called.
fn tables(document: &Document) -> Vec<(String, &Table)> {
    let mut found = Vec::new();
    let parts = std::iter::once((&document.head.title, &document.body));
    for (title, blocks) in parts.chain(document.attachments.iter().map(|part| (&part.title, &part.body))) {
        let mut title = title.replace('\n', "");
        for block in blocks {
            match block {
                Block::Heading { text, .. } => title = plain(text),
                Block::Table(table) => found.push((table.caption.clone().unwrap_or_else(|| title.clone()), table)),
                _ => {}
            }
        }
    }
    found
}

/// A name that Excel takes: at most 31 characters, none of `[]:*?/\`, no quote at an end, and not there yet.
fn sheet_name(title: &str, taken: &[String]) -> String {
    let clean: String = title.chars().map(|c| if "[]:*?/\\".contains(c) || c.is_control() { ' ' } else { c }).collect();
    let clean = clean.trim().trim_matches('\'');
    let clean = if clean.is_empty() { "Sheet" } else { clean };
    let cut = |most: usize| clean.chars().take(most).collect::<String>();
    let mut name = cut(31);
    let mut n = 1;
    while taken.iter().any(|other| other.to_lowercase() == name.to_lowercase()) {
        n += 1;
        name = format!("{} ({n})", cut(25));
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_sheets_are_legal_and_differ() {
        assert_eq!(sheet_name("问题清单", &[]), "问题清单");
        assert_eq!(sheet_name("a/b:[c]", &[]), "a b  c");
        assert_eq!(sheet_name("台账", &["台账".into()]), "台账 (2)");
        assert_eq!(sheet_name("A", &["a".into(), "A (2)".into()]), "A (3)");
        assert_eq!(sheet_name("", &[]), "Sheet");
        assert_eq!(sheet_name(&"长".repeat(40), &[]).chars().count(), 31);
    }
}
