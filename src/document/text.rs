//! The characters a document may contain, and their width.

use std::borrow::Cow;

/// Whether `c` is forbidden in documents.
///
/// Forbidden are control characters except newline and tab, the two noncharacters that XML excludes, the byte order
/// mark, and bidirectional controls, which could make a printed line read differently from the recorded value.
#[must_use]
pub fn is_forbidden(c: char) -> bool {
    matches!(c, '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
        || (c.is_control() && c != '\n' && c != '\t')
}

/// Whether `c` is a line break: LF, CR, vertical tab, form feed, NEL, or Unicode's line or paragraph separator.
#[must_use]
pub fn ends_line(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Returns `value` in the form in which documents contain it.
///
/// Every line break becomes `\n` (`\r\n` a single one), tabs become spaces, and forbidden characters and surrounding
/// white space are removed.
///
/// ```
/// assert_eq!(duban::document::text::normalised(" 甲\r\n乙\u{7} "), "甲\n乙");
/// ```
#[must_use]
pub fn normalised(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let mut characters = value.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '\r' if characters.peek() == Some(&'\n') => {}
            '\t' => text.push(' '),
            c if ends_line(c) => text.push('\n'),
            c if is_forbidden(c) => {}
            c => text.push(c),
        }
    }
    let trimmed = text.trim();
    if trimmed.len() == text.len() { text } else { trimmed.to_owned() }
}

/// Returns `value` without forbidden characters.
#[must_use]
pub fn permitted(value: &str) -> Cow<'_, str> {
    if value.contains(is_forbidden) { Cow::Owned(value.replace(is_forbidden, "")) } else { Cow::Borrowed(value) }
}

/// Returns the width of `text` in half-width columns.
#[must_use]
pub fn columns(text: &str) -> usize {
    unicode_width::UnicodeWidthStr::width(text)
}

/// Whether `c` is full-width, so that no space is set between it and its neighbours.
#[must_use]
pub fn is_wide(c: char) -> bool {
    unicode_width::UnicodeWidthChar::width(c) == Some(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_end_is_one_newline() {
        assert_eq!(normalised("a\r\nb\rc\u{85}d\u{2028}e\u{2029}f\u{B}g"), "a\nb\nc\nd\ne\nf\ng");
    }

    #[test]
    fn what_turns_the_line_round_goes() {
        assert_eq!(normalised("甲\u{202E}乙\u{0}丙\u{FEFF}"), "甲乙丙");
        assert_eq!(permitted("甲\u{7}\n"), "甲\n");
    }
}
