//! The text of an iCalendar file (RFC 5545): lines of at most 75 octets that end with CRLF, values without what would end
//! them.

/// Adds a line `NAME:VALUE`, folded between characters (3.1).
pub(super) fn put(text: &mut String, name: &str, value: &str) {
    let mut length = 0;
    for c in name.chars().chain([':']).chain(value.chars()) {
        if length + c.len_utf8() > 75 {
            text.push_str("\r\n ");
            length = 1;
        }
        text.push(c);
        length += c.len_utf8();
    }
    text.push_str("\r\n");
}

/// Text as 3.3.11 wants it.
pub(super) fn escaped(text: &str) -> String {
    let text: String = text.chars().filter(|c| !c.is_control() || *c == '\n').collect();
    text.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,").replace('\n', "\\n")
}

/// The lines of a text, unfolded, each as name in capitals without parameters, and value as it stands.
pub(super) fn lines(text: &str) -> Vec<(String, String)> {
    let mut unfolded: Vec<String> = Vec::new();
    for line in text.trim_start_matches('\u{feff}').split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line)) {
        match (line.strip_prefix([' ', '\t']), unfolded.last_mut()) {
            (Some(rest), Some(before)) => before.push_str(rest),
            _ => unfolded.push(line.to_owned()),
        }
    }
    let parts = unfolded.iter().filter_map(|line| line.split_once(':'));
    parts.map(|(head, value)| (name(head), value.to_owned())).collect()
}

/// The name of a property, without its parameters.
fn name(head: &str) -> String {
    head.split(';').next().unwrap_or_default().to_ascii_uppercase()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_put_is_read_again(values in proptest::collection::vec("(\\PC|\n|\r|;|,|:|\\\\){0,60}", 0..4)) {
            let mut text = String::new();
            let escaped: Vec<String> = values.iter().map(|value| escaped(value)).collect();
            for value in &escaped {
                put(&mut text, "SUMMARY", value);
            }
            prop_assert!(text.split("\r\n").all(|line| line.len() <= 75));
            prop_assert!(!text.replace("\r\n", "").contains(['\r', '\n']));
            let read: Vec<String> = lines(&text).into_iter().map(|(_, value)| value).collect();
            prop_assert_eq!(read, escaped);
        }
    }
}
