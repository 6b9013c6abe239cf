//! Which characters a document may hold.

use std::borrow::Cow;

/// Says whether no written document may hold `c`.
///
/// These are the control characters but newline and tab, the two noncharacters XML forbids, the byte order mark,
/// and the marks that turn the direction of text round: a cell that holds one could make a printed line read
/// differently from what was recorded.
#[must_use]
pub fn is_forbidden(c: char) -> bool {
    matches!(c, '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
        || (c.is_control() && c != '\n' && c != '\t')
}

/// Says whether `c` ends a line: LF, CR, vertical tab, form feed, NEL, or Unicode's line and paragraph separators.
#[must_use]
pub fn ends_line(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Returns `value` as a document holds it.
///
/// Every spelling of a line end becomes `\n` (`\r\n` one), tabs become spaces, forbidden characters go, and white
/// space at both ends of the value goes.
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
    let kept = text.trim();
    if kept.len() == text.len() { text } else { kept.to_owned() }
}

/// Returns `value` without forbidden characters.
#[must_use]
pub fn permitted(value: &str) -> Cow<'_, str> {
    if value.contains(is_forbidden) { Cow::Owned(value.replace(is_forbidden, "")) } else { Cow::Borrowed(value) }
}

/// Returns how many half-width columns `text` takes.
#[must_use]
pub fn columns(text: &str) -> usize {
    unicode_width::UnicodeWidthStr::width(text)
}

/// Says whether `c` is set full-width, so that no space stands between it and its neighbours.
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
