//! Wraps messages to the width of a terminal.

use crate::document::text::{columns, is_wide};

/// Punctuation that must not begin a line.
const NOT_AT_START: &str = "，。、；：？！）】〕》”’…,.;:?!)]}>`'\"";
/// Punctuation that must not end a line.
const NOT_AT_END: &str = "（【〔《“‘([{<";

/// Wraps a text to lines of at most `width` columns. Lines break at spaces, and beside Chinese characters unless that
/// puts punctuation where it must not be. `indent` is put before each line but the first. A piece without a break may
/// exceed the width; so may a line of config to paste, `values: {disposition: {deadline: [限期办结]}}`.
pub(crate) fn wrapped(text: &str, width: usize, indent: &str) -> String {
    let mut lines = String::with_capacity(text.len());
    let (mut line, mut used) = (String::new(), 0);
    for piece in pieces(text) {
        if used + columns(piece.trim_end()) > width && !line.trim().is_empty() {
            lines.push_str(line.trim_end());
            lines.push('\n');
            indent.clone_into(&mut line);
            used = columns(indent);
        }
        line.push_str(piece);
        used += columns(piece);
    }
    lines + line.trim_end()
}

/// Splits a text wherever a line may break; spaces stay with the piece before them.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let mut open = 0_usize;
        let next = rest.char_indices().zip(rest.chars().skip(1)).find(|((at, before), after)| {
            match before {
                '{' | '[' if open > 0 || is_closed(&rest[*at..]) => open += 1,
                '}' | ']' => open = open.saturating_sub(1),
                _ => {}
            }
            let (key, value) = rest.split_at(*at + before.len_utf8());
            let is_key = matches!(after, '{' | '[') && key.ends_with(": ") && is_closed(value);
            open == 0 && !is_key && may_break(*before, *after)
        });
        let end = next.map_or(rest.len(), |((at, before), _)| at + before.len_utf8());
        let piece;
        (piece, rest) = rest.split_at(end);
        Some(piece)
    })
}

/// Whether the bracket that a text begins with is closed in it.
fn is_closed(text: &str) -> bool {
    let mut open = 0_usize;
    text.chars().any(|c| {
        match c {
            '{' | '[' => open += 1,
            '}' | ']' => open = open.saturating_sub(1),
            _ => {}
        }
        open == 0
    })
}

fn may_break(before: char, after: char) -> bool {
    if before == ' ' {
        // A line that begins with `::` is a command to GitHub, however far it is set in.
        return !matches!(after, ' ' | ':');
    }
    after != ' '
        && !NOT_AT_START.contains(after)
        && !NOT_AT_END.contains(before)
        && (is_chinese(before) || is_chinese(after))
}

/// Whether a character is set as Chinese. Quotes and ellipses are included, since their width depends on the font.
fn is_chinese(c: char) -> bool {
    is_wide(c) || matches!(c, '“' | '”' | '‘' | '’' | '…')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_where_the_language_allows() {
        for (text, expected) in [
            ("write 2021-08-03 or say so", "write\n  2021-08-03\n  or say so"),
            ("改合计，或补上漏报", "改合计，或\n  补上漏报"),
            ("写成“立行立改”等", "写成“立行立\n  改”等"),
            ("在duban.yaml登记", "在\n  duban.yaml\n  登记"),
            ("写 values: {状态: {规范值: [已 办]}}，再交", "写\n  values: {状态: {规范值: [已 办]}}，\n  再交"),
            ("the {%p tag takes", "the {%p tag\n  takes"),
            ("as a cell ::error::x", "as a\n  cell ::error::x"),
            ("", ""),
        ] {
            assert_eq!(wrapped(text, 11, "  "), expected);
        }
    }
}
