//! The spans of a template and the words of its tags.

/// What a span of a template is.
pub(crate) enum TagSpan {
    Text,
    /// `{{ … }}`
    Print,
    /// `{% … %}`
    Tag,
    /// A comment, or raw text: not checked.
    Quiet,
}

/// The spans of a template: start, end, and what each is.
pub(crate) fn spans(template: &str) -> Vec<(usize, usize, TagSpan)> {
    let mut spans = Vec::new();
    let mut at = 0;
    while at < template.len() {
        let rest = template.get(at..).unwrap_or_default();
        let Some(open) = rest.find("{{").into_iter().chain(rest.find("{%")).chain(rest.find("{#")).min() else {
            spans.push((at, template.len(), TagSpan::Text));
            break;
        };
        if open > 0 {
            spans.push((at, at + open, TagSpan::Text));
        }
        let start = at + open;
        let tag = template.get(start..).unwrap_or_default();
        let (end, span) = if tag.starts_with("{#") {
            (tag.find("#}").map_or(tag.len(), |end| end + 2), TagSpan::Quiet)
        } else if is_raw(tag) {
            let close = tag.find("endraw").and_then(|end| Some(end + tag.get(end..)?.find("%}")? + 2));
            (close.unwrap_or(tag.len()), TagSpan::Quiet)
        } else if tag.starts_with("{{") {
            (tag_end(tag, "}}"), TagSpan::Print)
        } else {
            (tag_end(tag, "%}"), TagSpan::Tag)
        };
        spans.push((start, start + end, span));
        at = start + end.max(2);
    }
    spans
}

fn is_raw(tag: &str) -> bool {
    let inner = tag.strip_prefix("{%").unwrap_or_default();
    let inner = inner.strip_prefix('-').unwrap_or(inner).trim_start();
    inner.strip_prefix("raw").is_some_and(|rest| rest.trim_start().trim_start_matches('-').starts_with("%}"))
}

/// Where a tag ends; what is in quotes doesn't end it.
fn tag_end(tag: &str, close: &str) -> usize {
    let mut quote = None;
    for (at, c) in tag.char_indices().skip(2) {
        match quote {
            Some(open) if open == c => quote = None,
            None if matches!(c, '"' | '\'' | '`') => quote = Some(c),
            None if tag.get(at..).is_some_and(|rest| rest.starts_with(close)) => return at + close.len(),
            _ => {}
        }
    }
    tag.len()
}

/// The words, quoted texts and marks of a tag.
pub(crate) fn tokens(tag: &str) -> Vec<(usize, &str)> {
    let mut tokens = Vec::new();
    let mut characters = tag.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        if c.is_whitespace() || c == '?' {
            continue;
        }
        let mut end = at + c.len_utf8();
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        if matches!(c, '"' | '\'' | '`') {
            for (next, other) in characters.by_ref() {
                end = next + other.len_utf8();
                if other == c {
                    break;
                }
            }
        } else if is_word(c) {
            while let Some((next, other)) = characters.next_if(|(_, other)| is_word(*other)) {
                end = next + other.len_utf8();
            }
        }
        tokens.push((at, tag.get(at..end).unwrap_or_default()));
    }
    tokens
}

/// Returns what follows the brackets at the beginning of some words.
pub(crate) fn after_brackets<'w, 't>(words: &'w [&'t str]) -> Option<&'w [&'t str]> {
    let mut depth = 0_usize;
    for (index, word) in words.iter().enumerate() {
        match *word {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth = depth.checked_sub(1)?,
            _ => {}
        }
        if depth == 0 {
            return words.get(index + 1..);
        }
    }
    None
}

/// Something found at a line from 1 and a column from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Occurrence {
    pub(crate) line: usize,
    pub(crate) column: usize,
    /// How many characters it takes.
    pub(crate) length: usize,
    pub(crate) text: String,
}

pub(crate) fn found(template: &str, at: usize, text: &str) -> Occurrence {
    let before = template.get(..at).unwrap_or_default();
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let column = before.get(start..).unwrap_or_default().chars().count();
    Occurrence { line: before.matches('\n').count() + 1, column, length: text.chars().count(), text: text.to_owned() }
}
