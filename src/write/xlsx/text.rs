//! Texts within the bounds of Excel, which counts in units of UTF-16.

use crate::document::text::permitted;
use crate::document::{Cell, plain};

/// The longest text of a cell.
const CELL: usize = 32_767;
/// The longest name of a sheet.
const NAME: usize = 31;

/// The text of a cell, cut with an ellipsis where Excel could not hold it.
pub(super) fn of(cell: &Cell) -> String {
    fitting(&plain(&cell.0))
}

/// A text as a cell can hold it.
pub(super) fn fitting(text: &str) -> String {
    let text = permitted(text);
    if is_long(&text) { format!("{}…", cut(&text, CELL - 1)) } else { text.into_owned() }
}

/// Whether a text has to be cut.
pub(super) fn is_long(text: &str) -> bool {
    // No character has fewer bytes than units, so most texts need not be counted.
    text.len() > CELL && units(text) > CELL
}

fn units(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// The beginning of `text`, at most `most` units.
fn cut(text: &str, most: usize) -> &str {
    let mut left = most;
    let end = text.char_indices().find(|(_, c)| match left.checked_sub(c.len_utf16()) {
        Some(rest) => {
            left = rest;
            false
        }
        None => true,
    });
    end.map_or(text, |(at, _)| text.get(..at).unwrap_or_default())
}

/// A name that Excel takes: at most 31 units, none of `[]:*?/\`, no quote at an end, not `History`, and not there yet.
pub(super) fn sheet_name(title: &str, taken: &[String]) -> String {
    let clean = |c: char| if "[]:*?/\\".contains(c) || c.is_control() { ' ' } else { c };
    let title: String = permitted(title).chars().map(clean).collect();
    let is_edge = |c: char| c == '\'' || c.is_whitespace();
    let title = title.trim_matches(is_edge);
    // What is cut off may leave a quote at the end.
    let begin = |most: usize| cut(title, most).trim_end_matches(is_edge);
    let is_taken = |name: &str| {
        name.eq_ignore_ascii_case("history") || taken.iter().any(|other| other.to_lowercase() == name.to_lowercase())
    };
    let mut name = if title.is_empty() { "Sheet".to_owned() } else { begin(NAME).to_owned() };
    let mut n = 1;
    while is_taken(&name) {
        n += 1;
        let suffix = format!(" ({n})");
        name = format!("{}{suffix}", begin(NAME - suffix.len()));
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
        assert_eq!(units(&sheet_name(&"𠮷".repeat(20), &[])), 30);
        let taken: Vec<String> = std::iter::once("b".repeat(31)).collect();
        assert_eq!(sheet_name(&"b".repeat(50), &taken), format!("{} (2)", "b".repeat(27)));
    }

    #[test]
    fn a_text_is_cut_between_characters_and_says_so() {
        assert_eq!(fitting(&"长".repeat(CELL)), "长".repeat(CELL));
        let cut = fitting(&"𠮷".repeat(CELL));
        assert!(units(&cut) <= CELL && cut.ends_with('…'), "{}", units(&cut));
    }
}
