//! Data → Markdown that can only be text.

use std::fmt::Write as _;

use crate::document::text::normalised;

/// Returns `value` as Markdown that can only be text, wherever it is put in a line.
///
/// Every ASCII punctuation mark becomes a numeric character reference, and a line end becomes `<br>`; so a cell that
/// holds `|`, `# `, `<script>` or `1. ` neither ends a table cell nor begins a heading, a tag or a list. What comes
/// back is [`normalised`]`(value)`: without control characters and without white space at its ends.
///
/// One thing is left to who writes the template: between a Latin letter and `**` no value can begin or end a strong
/// piece (`x**{{ value }}**y`) if it begins or ends with a punctuation mark, for that is Markdown's own rule.
/// Between Chinese characters, spaces or line ends it always can.
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
