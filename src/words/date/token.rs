//! Splits a date into numbers, words and marks.

use Token::{Mark, Number, Word};

use crate::words::number;

/// A token of a date. White space only separates tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'t> {
    /// A number, and its number of digits.
    Number(u32, usize),
    /// A run of ASCII letters.
    Word(&'t str),
    /// Any other character; hyphens of all kinds and the en dash are `-`.
    Mark(char),
}

/// Splits a text into tokens. The text must be [narrowed](number::narrow).
///
/// `None` if it is longer than any date, or has Chinese digits that are not a number.
pub(super) fn tokens(text: &str) -> Option<Vec<Token<'_>>> {
    const MAX_BYTES: usize = 160;
    let mut tokens = Vec::new();
    let mut rest = text.trim();
    if rest.len() > MAX_BYTES {
        return None;
    }
    while let Some(c) = rest.chars().next() {
        let is_same_kind: fn(char) -> bool = match c {
            '0'..='9' => |c| c.is_ascii_digit(),
            'a'..='z' | 'A'..='Z' => |c| c.is_ascii_alphabetic(),
            _ if is_numeral(c) => is_numeral,
            _ => {
                rest = rest.get(c.len_utf8()..)?;
                match c {
                    '‐' | '‑' | '–' | '−' => tokens.push(Mark('-')),
                    _ if c.is_whitespace() => {}
                    _ => tokens.push(Mark(c)),
                }
                continue;
            }
        };
        let length = rest.find(|c| !is_same_kind(c)).unwrap_or(rest.len());
        let (run, after) = rest.split_at_checked(length)?;
        rest = after;
        tokens.push(if c.is_ascii_digit() {
            // Fractions of a second may have too many digits; their value is not used.
            Number(run.parse().unwrap_or(u32::MAX), run.len())
        } else if c.is_ascii() {
            Word(run)
        } else {
            let digits = if run.contains('十') { 2 } else { run.chars().count() };
            Number(u32::try_from(number::parse(run)?).ok()?, digits)
        });
    }
    Some(tokens)
}

fn is_numeral(c: char) -> bool {
    "〇○零一二三四五六七八九十".contains(c)
}
