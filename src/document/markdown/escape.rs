//! Escapes data for Markdown.

use std::fmt::Write as _;

use crate::document::text::normalised;

/// Returns `value` as Markdown that is read as plain text, wherever it is inserted in a line.
///
/// Every ASCII punctuation mark becomes a numeric character reference, and every line break `<br>`. A value that
/// contains `|`, `# `, `<script>` or `1. ` therefore neither ends a table cell nor starts a heading, a tag or a list.
/// It is read back as [`normalised`]`(value)`: without control characters and surrounding white space.
///
/// One case is left to template authors: in `x**{{ value }}**y`, next to Latin letters, a value that begins or ends
/// with a punctuation mark does not become strong; that is a rule of Markdown. Next to Chinese characters, spaces or
/// line breaks it does.
///
/// ```
/// assert_eq!(duban::document::markdown::escape("a|b\n1. c"), "a&#124;b<br>1&#46; c");
/// ```
#[must_use]
pub fn escape(value: &str) -> String {
    let value = normalised(value);
    let mut text = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '\n' => text.push_str("<br>"),
            c if c.is_ascii_punctuation() => {
                let _ = write!(text, "&#{};", u32::from(c));
            }
            c => text.push(c),
        }
    }
    text
}
