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
        if inner == Some(value) && !new.contains([quote, '\\', '\t']) {
            return Some(format!("{quote}{new}{quote}"));
        }
    }
    if raw != value || !is_plain(new) {
        return None;
    }
    // Here 001 is an id; other YAML readers would take it for a number.
    let style = number_style(new);
    let is_as_before = style == number_style(value) || is_number && style == Some(NumberStyle::Decimal);
    Some(if style.is_none() || is_as_before { new.to_owned() } else { format!("'{new}'") })
}

/// How a number is written that some reader of YAML takes for one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NumberStyle {
    /// `12`, `1.50`.
    Decimal,
    /// `007`, which is octal to some.
    Zeros,
    /// `0x10`, `1_000`, `1e3`, `inf`.
    Other,
}

fn number_style(text: &str) -> Option<NumberStyle> {
    let digits = text.replace('_', "");
    let based = ["0x", "0o", "0b"].iter().find_map(|base| digits.to_lowercase().strip_prefix(base).map(str::to_owned));
    if based.is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_hexdigit())) {
        return Some(NumberStyle::Other);
    }
    digits.parse::<f64>().ok()?;
    let is_plain = digits == text && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let has_zeros = text.len() > 1 && text.starts_with('0') && !text.starts_with("0.");
    Some(match (is_plain, has_zeros) {
        (true, true) => NumberStyle::Zeros,
        (true, false) => NumberStyle::Decimal,
        (false, _) => NumberStyle::Other,
    })
}

/// Words that are no text where they stand without quotes, to one reader of YAML or another.
const WORDS: [&str; 11] = ["~", "null", "true", "false", "yes", "no", "on", "off", "y", "n", ""];

/// Whether a text needs no quotes anywhere in YAML.
fn is_plain(text: &str) -> bool {
    let starts_well = text.starts_with(|c: char| c.is_alphanumeric() || c == '〔' || c == '“' || c == '《');
    let is_word = WORDS.contains(&text.to_lowercase().as_str());
    starts_well
        && !is_word
        && !text.contains(char::is_control)
        && !text.contains([',', '[', ']', '{', '}', '#', ':', '"', '\'', '\\'])
        && text == text.trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_another_reader_takes_for_no_text_is_quoted() {
        let plain = |old: &str, new: &str| encoded_scalar(old, old, new, number_style(old).is_some());
        for word in ["yes", "No", "on", "OFF", "y", "N", "null", "True", "a\tb"] {
            assert_eq!(plain("甲", word), None, "{word}");
        }
        for number in ["12", "1.50", "007", "0x1F", "0o17", "1_000", "1e3", "inf"] {
            assert_eq!(plain("甲", number), Some(format!("'{number}'")));
            assert_eq!(plain(number, number).as_deref(), Some(number));
        }
        for (old, new, written) in [
            ("12", "13", "13"),
            ("12", "007", "'007'"),
            ("12", "0x10", "'0x10'"),
            ("12", "1_000", "'1_000'"),
            ("001", "007", "007"),
            ("001", "12", "12"),
            ("甲", "2021-08-20", "2021-08-20"),
            ("甲", "3号楼", "3号楼"),
            ("甲", "0xyz", "0xyz"),
        ] {
            assert_eq!(plain(old, new).as_deref(), Some(written), "{old} {new}");
        }
        assert_eq!(encoded_scalar("'甲'", "甲", "yes", false).as_deref(), Some("'yes'"));
        assert_eq!(encoded_scalar("\"甲\"", "甲", "a\tb", false), None);
    }
}
