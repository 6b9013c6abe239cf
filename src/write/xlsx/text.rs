//! Texts and sheet names within Excel's limits, which count in UTF-16 code utf16_len.

use std::borrow::Cow;

use rust_xlsxwriter::{Format, Worksheet, XlsxError};

use crate::document::text::permitted;
use crate::document::{self, Cell};

/// The maximum length of a cell's text.
const MAX_CELL: usize = 32_767;
/// The maximum length of a sheet's name.
const MAX_NAME: usize = 31;

/// Returns the text of a cell, cut and marked with an ellipsis if it is too long for Excel.
pub(super) fn of(cell: &Cell) -> Cow<'_, str> {
    let text = said(cell);
    if is_long(&text) || permitted(&text) != text { fit(&text).into() } else { text }
}

/// Returns the text of a cell as it is.
pub(super) fn said(cell: &Cell) -> Cow<'_, str> {
    document::said(&cell.0)
}

/// Writes a text into a cell, always as text: one that begins with `=`, `+`, `-` or `@` must not become a formula.
///
/// rust_xlsxwriter takes a text from `<r>` to `</r>` for the XML of a formatted text and writes it as it is. In two parts it
/// is escaped like any other.
pub(super) fn put(sheet: &mut Worksheet, (row, at): (u32, u16), text: &str, format: &Format) -> Result<(), XlsxError> {
    match text.split_at_checked(1) {
        Some((first, rest)) if text.starts_with("<r>") && text.ends_with("</r>") => {
            sheet.write_rich_string_with_format(row, at, &[(format, first), (format, rest)], format)?
        }
        _ => sheet.write_string_with_format(row, at, text, format)?,
    };
    Ok(())
}

/// Returns a text without forbidden characters, cut and marked with an ellipsis if it is too long for a cell.
pub(super) fn fit(text: &str) -> String {
    let text = permitted(text);
    if is_long(&text) { format!("{}…", cut(&text, MAX_CELL - 1)) } else { text.into_owned() }
}

/// Returns whether a text is too long for a cell.
pub(super) fn is_long(text: &str) -> bool {
    // The length in bytes is never less than that in UTF-16, so most texts need not be counted.
    text.len() > MAX_CELL && utf16_len(text) > MAX_CELL
}

fn utf16_len(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// Returns the beginning of `text`, at most `limit` code units, cut between characters.
fn cut(text: &str, limit: usize) -> &str {
    let mut left = limit;
    let end = text.char_indices().find(|(_, c)| match left.checked_sub(c.len_utf16()) {
        Some(rest) => {
            left = rest;
            false
        }
        None => true,
    });
    end.map_or(text, |(at, _)| text.get(..at).unwrap_or_default())
}

/// Returns a sheet name that Excel accepts and that is not among `taken`: at most 31 code units, none of `[]:*?/\`, no
/// quote at either end, not `History`. A duplicate gets a number appended.
pub(super) fn sheet_name(title: &str, taken: &[String]) -> String {
    let clean = |c: char| if "[]:*?/\\".contains(c) || c.is_control() { ' ' } else { c };
    let title: String = permitted(title).chars().map(clean).collect();
    let is_edge = |c: char| c == '\'' || c.is_whitespace();
    let title = title.trim_matches(is_edge);
    // Cutting may leave a quote at the end.
    let begin = |limit: usize| cut(title, limit).trim_end_matches(is_edge);
    let is_taken = |name: &str| {
        name.eq_ignore_ascii_case("history") || taken.iter().any(|other| other.to_lowercase() == name.to_lowercase())
    };
    let mut name = if title.is_empty() { "Sheet".to_owned() } else { begin(MAX_NAME).to_owned() };
    let mut n = 1;
    while is_taken(&name) {
        n += 1;
        let suffix = format!(" ({n})");
        name = format!("{}{suffix}", begin(MAX_NAME - suffix.len()));
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
        assert_eq!(sheet_name(" '' ", &[]), "Sheet");
        assert_eq!(sheet_name("history", &[]), "history (2)");
        assert_eq!(sheet_name(&"长".repeat(40), &[]).chars().count(), 31);
    }

    #[test]
    fn what_is_cut_off_leaves_a_legal_name() {
        assert_eq!(sheet_name(&format!("{}'rest", "a".repeat(30)), &[]), "a".repeat(30));
        assert_eq!(utf16_len(&sheet_name(&"𠮷".repeat(20), &[])), 30);
        let taken: Vec<String> = std::iter::once("b".repeat(31)).collect();
        assert_eq!(sheet_name(&"b".repeat(50), &taken), format!("{} (2)", "b".repeat(27)));
    }

    #[test]
    fn a_text_is_cut_between_characters_and_says_so() {
        assert_eq!(fit(&"长".repeat(MAX_CELL)), "长".repeat(MAX_CELL));
        let cut = fit(&"𠮷".repeat(MAX_CELL));
        assert!(utf16_len(&cut) <= MAX_CELL && cut.ends_with('…'), "{}", utf16_len(&cut));
    }
}
