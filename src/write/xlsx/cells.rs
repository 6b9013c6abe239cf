//! Positions and sizes of cells: the header row, column letters, row heights, and how wide a column must be.

use super::print::ColumnNeed;
use crate::document::text::{columns as display_width, is_wide};

/// The row of the header, from 0. Above it are the title and the legend of deadlines.
pub(super) const HEADER: u32 = 2;
/// The height of a line, in points.
pub(super) const LINE_PT: u32 = 13;

/// The most lines that a row has room for: no program makes a row higher than 409 points.
const MOST_LINES: u32 = 25;
/// A column is made so wide that its texts have not many more lines.
const COMFORTABLE_LINES: usize = 16;
/// The longest word that a column is made wide enough for.
const LONGEST_WORD: usize = 24;
/// The narrowest column.
const NARROWEST: usize = 6;

/// Returns the number of lines a text takes in a column of `width` half-width characters, as many as a row has room for.
/// Row heights are set from it, since not every program fits them to the text.
pub(super) fn lines(text: &str, width: usize) -> u32 {
    let width = width.saturating_sub(1).max(1);
    let lines: usize = text.lines().map(|line| wrapped(line, width)).sum();
    u32::try_from(lines).unwrap_or(u32::MAX).clamp(1, MOST_LINES)
}

/// The lines that one line is wrapped into: between words, within a word that is longer than a line, and between Chinese
/// characters.
fn wrapped(line: &str, width: usize) -> usize {
    if display_width(line) <= width {
        return 1;
    }
    let (mut lines, mut used) = (1, 0);
    for word in words(line) {
        let length = display_width(word);
        if used > 0 && used + length > width {
            (lines, used) = (lines + 1, 0);
        }
        let more = length.saturating_sub(1) / width;
        (lines, used) = (lines + more, used + length - more * width);
    }
    lines
}

/// The pieces of a line that are not broken, each with the blanks after it.
fn words(line: &str) -> impl Iterator<Item = &str> {
    let mut rest = line;
    std::iter::from_fn(move || {
        let mut blanks = false;
        let end = rest.char_indices().find(|(at, c)| {
            let begins = *at > 0
                && (is_wide(*c) || blanks && *c != ' ' || rest.get(..*at).is_some_and(|text| text.ends_with(is_wide)));
            blanks = *c == ' ';
            begins
        });
        let (word, after) = rest.split_at(end.map_or(rest.len(), |(at, _)| at));
        rest = after;
        (!word.is_empty()).then_some(word)
    })
}

/// How wide a column of texts must be and would like to be, but no wider than `widest` if that can be avoided.
pub(super) fn need<'t>(head: &str, texts: impl Iterator<Item = &'t str>, widest: usize) -> ColumnNeed {
    let longest_word =
        |text: &str| text.lines().flat_map(words).map(|word| display_width(word.trim_end())).max().unwrap_or(0);
    let (mut word, mut line, mut whole) = (longest_word(head), 0, 0);
    for text in texts {
        let lines = || text.lines().map(display_width);
        word = word.max(longest_word(text));
        line = line.max(lines().max().unwrap_or(0));
        whole = whole.max(lines().sum());
    }
    let least = word.min(LONGEST_WORD).max(whole / COMFORTABLE_LINES).max(NARROWEST - 2) + 2;
    ColumnNeed {
        least,
        natural: line.min(widest).max(display_width(head) + 2) + 2,
        longest: whole.max(display_width(head) + 2),
    }
}

/// Returns the letters of a column counted from 0: `A`, `Z`, `AA`.
pub(super) fn column_letter(index: usize) -> String {
    rust_xlsxwriter::column_number_to_name(u16::try_from(index).unwrap_or(u16::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_wrapped_between_words_and_chinese_characters() {
        for (text, width, expected) in [
            ("", 10, 1),
            ("一二三四五六", 13, 1),
            ("一二三四五六", 12, 2),
            ("temperature control", 12, 2),
            ("a temperature of", 12, 3),
            ("第3次 check", 7, 2),
            ("一\n二", 20, 2),
            ("abcdefghijklmnop", 9, 2),
        ] {
            assert_eq!(lines(text, width), expected, "{text} in {width}");
        }
        assert_eq!(lines(&"长".repeat(9000), 10), MOST_LINES);
    }

    #[test]
    fn a_column_is_wide_enough_for_its_words_and_its_longest_text() {
        let of = |texts: &[&str]| need("问题描述", texts.iter().copied(), 44);
        assert_eq!(of(&["GS-001"]), ColumnNeed { least: 8, natural: 12, longest: 10 });
        assert_eq!(of(&["一二三四五六七八九十"]), ColumnNeed { least: 6, natural: 22, longest: 20 });
        let long = "长".repeat(400);
        assert_eq!(of(&[&long]), ColumnNeed { least: 52, natural: 46, longest: 800 });
    }
}
