//! Escapes text for Markdown.
//!
//! Only characters that could have a meaning are escaped, so the text stays readable. For data inserted into a template
//! there is the stricter [`crate::document::markdown::escape`].

use std::fmt::Write as _;

use crate::document::text::permitted;

/// Where an escaped text is inserted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EscapePlace {
    /// A paragraph of its own.
    Line,
    /// A heading or caption: after the start of a line, and possibly at its end.
    Heading,
    /// A table cell.
    Cell,
    /// Within a line; the caller handles both ends with [`edges`].
    Inside,
}

/// Returns `text` as Markdown for `place`; newlines become `<br>`.
pub(super) fn escape(text: &str, place: EscapePlace) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in permitted(text).chars() {
        match c {
            '\n' => escaped.push_str("<br>"),
            '\t' => escaped.push(' '),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '&' | '|' | '~' | '#' => {
                escaped.push('\\');
                escaped.push(c);
            }
            c => escaped.push(c),
        }
    }
    if place == EscapePlace::Inside { escaped } else { edges(&escaped, place) }
}

/// Returns `text`, whose inside is escaped already, with both ends made safe for `place`.
pub(super) fn edges(text: &str, place: EscapePlace) -> String {
    let body = text.trim_matches(' ');
    let leading = text.len() - text.trim_start_matches(' ').len();
    let trailing = if body.is_empty() { 0 } else { text.len() - leading - body.len() };
    let mut line = "&#32;".repeat(leading);
    let first = body.chars().next();
    let digits = body.len() - body.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let begins_list = digits > 0 && body[digits..].starts_with(['.', ')']);
    if place == EscapePlace::Line && leading == 0 && first.is_some_and(|c| "-+=>:".contains(c)) {
        line.push('\\');
        line.push_str(body);
    } else if place == EscapePlace::Line && leading == 0 && begins_list {
        let _ = write!(line, "{}\\{}", &body[..digits], &body[digits..]);
    } else {
        line.push_str(body);
    }
    line.push_str(&"&#32;".repeat(trailing));
    line
}
