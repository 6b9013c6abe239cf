//! Values of YAML and JSON in the style of those they replace.

use std::ops::Range;

/// Returns the byte span of `length` characters of a line.
pub(crate) fn span_of_chars(row: &str, column: usize, length: usize) -> Option<Range<usize>> {
    let byte = |count: usize| row.char_indices().map(|(at, _)| at).chain([row.len()]).nth(count);
    Some(byte(column)?..byte(column.checked_add(length)?)?)
}

/// Whether what stands before a value gives it an anchor or a tag.
pub(crate) fn is_marked(before: &str) -> bool {
    before.split_whitespace().next_back().is_some_and(|word| word.starts_with(['&', '!']))
}

/// Encodes a new value in the style of the old one, `raw`; `None` if the old one has escapes or spans several lines, or
/// the new one can't be written in that style.
pub(crate) fn encoded_scalar(raw: &str, value: &str, new: &str, is_number: bool) -> Option<String> {
    for quote in ['"', '\''] {
        let inner = raw.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
        if inner == Some(value) && !new.contains([quote, '\\']) {
            return Some(format!("{quote}{new}{quote}"));
        }
    }
    if raw != value || !is_plain(new) {
        return None;
    }
    // Here 001 is an id; other YAML readers would take it for a number.
    let looks_like_number = new.parse::<f64>().is_ok() && value.parse::<f64>().is_err() && !is_number;
    Some(if looks_like_number { format!("'{new}'") } else { new.to_owned() })
}

/// Whether a text needs no quotes anywhere in YAML.
fn is_plain(text: &str) -> bool {
    let starts_well = text.starts_with(|c: char| c.is_alphanumeric() || c == '〔' || c == '“' || c == '《');
    starts_well && !text.contains([',', '[', ']', '{', '}', '#', ':', '"', '\'', '\\']) && text == text.trim()
}
