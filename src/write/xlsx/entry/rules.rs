//! What the cells take, and what is marked: a required cell that is blank in a row that is begun, a day before the one it
//! must not be before, an id that two rows have.

use rust_xlsxwriter::{
    Color, ConditionalFormatFormula, DataValidation, DataValidationErrorStyle, DataValidationRule, Format, Formula,
    Worksheet, XlsxError,
};

use super::book::{EntryBook, EntryBy, EntryColumn, EntryKind, FIRST};
use super::formula::{by_hand, letters, quoted};
use super::lists::Lists;

/// The most characters that Excel shows in a message of a rule.
const MAX_MESSAGE: usize = 255;
/// The earliest day that is taken for one: what is before was typed wrong.
const EARLIEST: &str = "=DATE(2000,1,1)";

/// Adds the rules and marks of all columns, from the first row to `last`.
///
/// # Errors
/// A range is beyond those of a worksheet.
pub(super) fn add(sheet: &mut Worksheet, book: &EntryBook, lists: &Lists, last: u32) -> Result<(), XlsxError> {
    for (index, column) in book.columns.iter().enumerate() {
        let at = u16::try_from(index).unwrap_or(u16::MAX);
        let rule = with_messages(rule(book, index, column, lists, last)?, column)?;
        sheet.add_data_validation(FIRST, at, last, at, &rule)?;
        for (condition, format) in marks(book, index, column, last) {
            let mark = ConditionalFormatFormula::new().set_rule(condition.as_str()).set_format(format);
            sheet.add_conditional_format(FIRST, at, last, at, &mark)?;
        }
    }
    Ok(())
}

fn rule(
    book: &EntryBook,
    index: usize,
    column: &EntryColumn,
    lists: &Lists,
    last: u32,
) -> Result<DataValidation, XlsxError> {
    let row = FIRST + 1;
    Ok(match &column.kind {
        _ if column.by == EntryBy::FormAsId => {
            let own = letters(index);
            let once = format!("=COUNTIF(${own}${row}:${own}${},{own}{row})<2", last + 1);
            DataValidation::new().allow_custom(Formula::new(once))
        }
        EntryKind::Text => DataValidation::new().allow_any_value(),
        EntryKind::Choice { values, takes_others } => {
            let style = if *takes_others { DataValidationErrorStyle::Warning } else { DataValidationErrorStyle::Stop };
            if values.is_empty() {
                DataValidation::new().allow_any_value()
            } else {
                lists.rule(index, values)?.set_error_style(style)
            }
        }
        EntryKind::Date { not_before, is_past } => {
            let from = match not_before.filter(|before| *before < book.columns.len()) {
                Some(before) => Formula::new(format!("=MAX(DATE(2000,1,1),${}{row})", letters(before))),
                None => Formula::new(EARLIEST),
            };
            let rule = if *is_past {
                DataValidationRule::Between(from, Formula::new("=TODAY()"))
            } else {
                DataValidationRule::GreaterThanOrEqualTo(from)
            };
            DataValidation::new().allow_date_formula(rule)
        }
    })
}

fn with_messages(rule: DataValidation, column: &EntryColumn) -> Result<DataValidation, XlsxError> {
    let message = |text: &str| text.chars().take(MAX_MESSAGE).collect::<String>();
    let mut rule = rule;
    if !column.prompt.is_empty() {
        rule = rule.set_input_message(message(&column.prompt))?;
    }
    if !column.refusal.is_empty() {
        rule = rule.set_error_message(message(&column.refusal))?;
    }
    Ok(rule)
}

/// The conditions under which the cells of a column are marked, and how.
fn marks(book: &EntryBook, index: usize, column: &EntryColumn, last: u32) -> Vec<(String, Format)> {
    let row = FIRST + 1;
    let own = letters(index);
    let wrong = || Format::new().set_background_color(Color::RGB(0x00FF_C7CE)).set_font_color(Color::RGB(0x009C_0006));
    let missing = || Format::new().set_background_color(Color::RGB(0x00FF_E699));
    let mut marks = Vec::new();
    if column.by == EntryBy::FormAsId {
        marks
            .push((format!("=AND(LEN({own}{row})>0,COUNTIF(${own}${row}:${own}${},{own}{row})>1)", last + 1), wrong()));
    }
    let is_blank = format!("LEN(TRIM({own}{row}))=0");
    if column.is_required {
        let others: Vec<String> = by_hand(book).map(|at| format!("${}{row}", letters(at))).collect();
        marks.push((format!("=AND({is_blank},LEN(TRIM({}))>0)", others.join("&")), missing()));
    } else if let Some((other, values)) = &column.required_with {
        let other = letters(*other);
        let each = values.iter().map(|value| format!("TRIM(${other}{row})={}", quoted(value)));
        marks.push((format!("=AND({is_blank},OR({}))", each.collect::<Vec<_>>().join(",")), missing()));
    }
    if let EntryKind::Date { not_before: Some(before), .. } = column.kind {
        let before = letters(before);
        marks.push((format!("=AND(ISNUMBER({own}{row}),ISNUMBER(${before}{row}),{own}{row}<${before}{row})"), wrong()));
    }
    marks
}
