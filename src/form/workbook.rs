//! A form as a workbook.

use crate::document::text::columns as display_width;
use crate::form::{Form, FormColumn, Need, OpenRow, Takes, guide, hints};
use crate::log;
use crate::model::Field;
use crate::write::{EntryBook, EntryBy, EntryColumn, EntryKind, EntryRow, EntryTotal, WriteError, entry_book};

/// The widths of columns, in half-width characters: at least, and for long texts.
const LEAST: usize = 10;
const LONG_TEXT: u16 = 40;
const MOST: usize = 24;

/// Writes a form as a workbook with so many rows to fill in. The same form gives the same bytes.
///
/// # Errors
/// It has more rows than a worksheet can hold.
pub fn write(form: &Form, rows: u32) -> Result<Vec<u8>, WriteError> {
    entry_book(&book(form, rows))
}

fn book(form: &Form, rows: u32) -> EntryBook {
    let lang = form.lang;
    let fresh = (1..=rows).map(|number| EntryRow { cells: fresh_cells(form, number), is_known: false });
    let hint = lang.pick(
        "表头带 * 的必填；编号由本表给出，请勿改动；怎样填见“填写说明”。",
        "Headers with * are required; the form gives the ids, don't change them; see the sheet \"How to fill in\".",
    );
    EntryBook {
        lang,
        title: form.title(),
        hint: hint.to_owned(),
        author: form.office.clone(),
        day: form.day,
        sheet: lang.pick("填报", "Form").to_owned(),
        columns: form.columns.iter().map(|column| entry_column(column, form)).collect(),
        rows: form.open.iter().map(|row| known_row(row, form)).chain(fresh).collect(),
        total: total(form),
        guide: guide::of(form),
        lists: lang.pick("选项", "Lists").to_owned(),
    }
}

/// The cells of a row to fill in: its id, and what is the same in every row.
fn fresh_cells(form: &Form, number: u32) -> Vec<String> {
    let cell = |column: &FormColumn| match &column.takes {
        Takes::Id => form.code.id(number),
        Takes::Given(choice) => choice.label.clone(),
        _ => String::new(),
    };
    form.columns.iter().map(cell).collect()
}

fn known_row(row: &OpenRow, form: &Form) -> EntryRow {
    let cell = |column: &FormColumn| match column.field {
        Field::Id => row.id.clone(),
        field => row.cells.get(&field).cloned().unwrap_or_default(),
    };
    EntryRow { cells: form.columns.iter().map(cell).collect(), is_known: true }
}

fn entry_column(column: &FormColumn, form: &Form) -> EntryColumn {
    let labels =
        |choices: &[crate::form::Choice]| choices.iter().map(|choice| choice.label.clone()).collect::<Vec<_>>();
    let kind = match &column.takes {
        Takes::Id | Takes::Text => EntryKind::Text,
        Takes::Given(choice) => EntryKind::Choice { values: vec![choice.label.clone()], takes_others: false },
        Takes::Value { choices, takes_others } => {
            EntryKind::Choice { values: labels(choices), takes_others: *takes_others }
        }
        Takes::Day { after_found, is_past } => EntryKind::Date {
            not_before: if *after_found { form.place(Field::FoundOn) } else { None },
            is_past: *is_past,
        },
    };
    let is_required = column.need == Need::Always;
    let header = if is_required { format!("{}*", column.header) } else { column.header.clone() };
    EntryColumn {
        width: width(column, &header),
        header,
        kind,
        by: match column.takes {
            Takes::Id => EntryBy::FormAsId,
            Takes::Given(_) => EntryBy::Form,
            _ => EntryBy::Hand,
        },
        is_required,
        required_with: match &column.need {
            Need::With(field, choices) => form.place(*field).map(|at| (at, labels(choices))),
            Need::Always | Need::Never => None,
        },
        is_follow_up: column.is_follow_up,
        prompt: hints::of(column, form.lang),
        refusal: hints::refusal(column, form.lang),
    }
}

fn width(column: &FormColumn, header: &str) -> u16 {
    let longest = match &column.takes {
        Takes::Id => 20,
        Takes::Text if matches!(column.field, Field::Description | Field::Progress | Field::Measures) => {
            return LONG_TEXT;
        }
        Takes::Given(choice) => display_width(&choice.label) + 2,
        Takes::Value { choices, .. } => {
            choices.iter().map(|choice| display_width(&choice.label) + 2).max().unwrap_or(LEAST)
        }
        Takes::Day { .. } => 12,
        Takes::Text => 14,
    };
    u16::try_from(longest.clamp(LEAST, MOST).max(display_width(header) + 2)).unwrap_or(LONG_TEXT)
}

/// The row below the table. It counts what a tally counts: neither issues that are withdrawn nor rows that say that nothing
/// was found.
fn total(form: &Form) -> EntryTotal {
    let mut uncounted = Vec::new();
    if let Some(at) = form.place(Field::Status)
        && let Takes::Value { choices, .. } = &form.columns[at].takes
    {
        let withdrawn = choices.iter().filter(|choice| choice.value.as_str() == "withdrawn");
        uncounted.push(vec![(at, withdrawn.map(|choice| choice.label.clone()).collect())]);
    }
    let nothing: Option<Vec<_>> = [
        (Field::Description, log::nothing_found_words().map(str::to_owned).collect()),
        (Field::Disposition, vec![String::new()]),
        (Field::Deadline, vec![String::new()]),
    ]
    .into_iter()
    .map(|(field, values): (Field, Vec<String>)| Some((form.place(field)?, values)))
    .collect();
    uncounted.extend(nothing);
    EntryTotal {
        label: (form.lang.pick("合计：", "Total: ").to_owned(), form.lang.pick("个", "").to_owned()),
        values_in: form.place(Field::Disposition),
        uncounted: uncounted.into_iter().filter(|rule| rule.iter().all(|(_, values)| !values.is_empty())).collect(),
    }
}
