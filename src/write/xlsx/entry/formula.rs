//! The formulas of the total row, with what they give for the rows as the form goes out: a program that only reads the
//! file, as duban does, never reckons them.

use std::fmt::Write as _;

use super::book::{EntryBook, EntryBy, EntryKind, EntryRow};

/// What stands for no value at all.
const NOTHING: &str = "—";

/// The columns that make a row one that is begun.
pub(super) fn by_hand(book: &EntryBook) -> impl Iterator<Item = usize> {
    book.columns.iter().enumerate().filter(|(_, column)| column.by == EntryBy::Hand).map(|(at, _)| at)
}

/// The cells of a column, from the first row to the last, without the blanks around their texts.
fn cells(column: usize, first: u32, last: u32) -> String {
    let letters = letters(column);
    format!("TRIM({letters}{}:{letters}{})", first + 1, last + 1)
}

/// Numbers above 0 for the rows in which a column has one of some values.
fn has_one(column: usize, values: &[String], first: u32, last: u32) -> String {
    let cells = cells(column, first, last);
    let each = values.iter().map(|value| format!("({cells}={})", quoted(value)));
    format!("({})", each.collect::<Vec<_>>().join("+"))
}

/// The factor that is 0 for the rows that don't count, and 1 for the others. Where a column is known to have something, the
/// rules for rows that have nothing there are left out.
fn counted(book: &EntryBook, (first, last): (u32, u32), filled: Option<usize>) -> String {
    let rule = |rule: &Vec<(usize, Vec<String>)>| {
        let parts = rule.iter().map(|(column, values)| format!("({}>0)", has_one(*column, values, first, last)));
        format!("*(1-{})", parts.collect::<Vec<_>>().join("*"))
    };
    let is_blank =
        |(column, values): &(usize, Vec<String>)| Some(*column) == filled && values.iter().all(String::is_empty);
    book.total.uncounted.iter().filter(|rule| !rule.iter().any(is_blank)).map(rule).collect()
}

/// How many rows are begun and count, between the words of the total's label.
pub(super) fn count(book: &EntryBook, first: u32, last: u32) -> (String, String) {
    let filled = by_hand(book).map(|at| format!("({}<>\"\")", cells(at, first, last)));
    let filled = filled.collect::<Vec<_>>().join("+");
    let (before, behind) = &book.total.label;
    let (quoted_before, quoted_behind) = (quoted(before), quoted(behind));
    let formula =
        format!("={quoted_before}&SUMPRODUCT((({filled})>0){})&{quoted_behind}", counted(book, (first, last), None));
    let count = book.rows.iter().filter(|row| is_counted(book, row)).count();
    (formula, format!("{before}{count}{behind}"))
}

/// How many rows have each value of a list, in words: 现场整改17个、限期整改16个. `None` if such words could not be read: a
/// value ends with a digit or holds what divides the words.
pub(super) fn words(book: &EntryBook, first: u32, last: u32) -> Option<(String, String)> {
    let at = book.total.values_in?;
    let EntryKind::Choice { values, .. } = &book.columns.get(at)?.kind else { return None };
    // A text within a formula has at most 255 characters.
    let is_plain = |value: &String| {
        value.chars().count() < 100
            && !value.ends_with(|c: char| c.is_numeric())
            && !value.contains(['、', ',', '，', ';', '；', ':', '：', '\n'])
    };
    if values.is_empty() || !values.iter().all(is_plain) {
        return None;
    }
    let (before, between, after) = book.lang.pick(("、", "", "个"), ("; ", ": ", ""));
    let counted_rows = counted(book, (first, last), Some(at));
    let mut formula = Vec::new();
    let mut result = String::new();
    for value in values {
        let number = format!("SUMPRODUCT(({}={}){counted_rows})", cells(at, first, last), quoted(value));
        // Without a factor it would be a sum of truth values, which is none.
        let number = if counted_rows.is_empty() { number.replacen("SUMPRODUCT(", "SUMPRODUCT(1*", 1) } else { number };
        formula.push(format!(
            "IF({number}=0,\"\",{}&{number}&{})",
            quoted(&format!("{before}{value}{between}")),
            quoted(after)
        ));
        let has = |row: &&EntryRow| is_counted(book, row) && row.cells.get(at).is_some_and(|cell| cell.trim() == value);
        let count = book.rows.iter().filter(has).count();
        if count > 0 {
            let before = if result.is_empty() { "" } else { before };
            let _ = write!(result, "{before}{value}{between}{count}{after}");
        }
    }
    // A text even where no row has a value: what was not reckoned is a 0 in a file.
    let any = format!("SUMPRODUCT(1*({}<>\"\"))", cells(at, first, last));
    if result.is_empty() {
        NOTHING.clone_into(&mut result);
    }
    // What stands before the first value is cut off.
    let (all, begin) = (formula.join("&"), before.chars().count() + 1);
    Some((format!("=IF({any}=0,{},MID({all},{begin},999))", quoted(NOTHING)), result))
        .filter(|(formula, _)| formula.len() < 8000)
}

/// Whether a row is begun and counts, as the formulas have it.
fn is_counted(book: &EntryBook, row: &EntryRow) -> bool {
    let cell = |at: usize| row.cells.get(at).map_or("", |cell| cell.trim());
    by_hand(book).any(|at| !cell(at).is_empty())
        && !book.total.uncounted.iter().any(|rule| {
            rule.iter().all(|(column, values)| values.iter().any(|value| value.eq_ignore_ascii_case(cell(*column))))
        })
}

/// The name of a column, `A` to `XFD`.
pub(super) fn letters(column: usize) -> String {
    let mut text = String::new();
    let mut left = column + 1;
    while left > 0 {
        left -= 1;
        text.insert(0, char::from(b'A' + u8::try_from(left % 26).unwrap_or_default()));
        left /= 26;
    }
    text
}

/// A text as a formula writes it.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}
