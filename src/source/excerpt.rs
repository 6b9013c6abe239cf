//! From a place to line, column and the text that stands there.
//!
//! A file is read once more, and only if it has a fault: sound logs pay nothing for places.

use std::io::{self, Read};
use std::ops::Range;

use crate::place::{OneBased, Place, Spot};
use crate::source::Sources;

/// A line longer than this is shown cut; what is searched for a cell ends here.
const MAX_TEXT: usize = 64 * 1024;
/// A row of more lines than this is shown cut.
const MAX_LINES: usize = 200;

/// A place with its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// The line it is on.
    pub line: OneBased,
    /// The column, in characters.
    pub column: OneBased,
    /// The text of that line, without its end; control characters made harmless.
    pub text: String,
    /// The bytes of `text` that are meant; empty for an empty cell.
    pub range: Range<usize>,
}

/// Finds the text of places, in the order given. Where a file can't be read any more, the line is
/// known and the text is empty.
#[must_use]
pub fn locate(sources: &Sources, places: &[Place]) -> Vec<Excerpt> {
    let mut found: Vec<Option<Excerpt>> = vec![None; places.len()];
    let mut order: Vec<usize> = (0..places.len()).collect();
    order.sort_by_key(|index| places[*index]);
    for group in order.chunk_by(|a, b| places[*a].source == places[*b].source) {
        let source = sources.get(places[group[0]].source);
        if let Ok(text) = source.open() {
            let _ = locate_in(text, source.delimiter, group, places, &mut found);
        }
    }
    let blank = |place: &Place| Excerpt {
        line: place.line,
        column: match place.spot {
            Spot::Chars { column, .. } => column,
            _ => OneBased::FIRST,
        },
        text: String::new(),
        range: 0..0,
    };
    found.into_iter().zip(places).map(|(excerpt, place)| excerpt.unwrap_or_else(|| blank(place))).collect()
}

/// A place whose row is not read to its end yet.
struct Open {
    index: usize,
    lines: Vec<Vec<u8>>,
}

fn locate_in(
    text: impl Read,
    delimiter: u8,
    group: &[usize],
    places: &[Place],
    found: &mut [Option<Excerpt>],
) -> io::Result<()> {
    let mut wanted = group.iter().copied().peekable();
    let mut open: Vec<Open> = Vec::new();
    each_line(text, |number, line| {
        while let Some(index) = wanted.next_if(|index| places[*index].line.to_zero() <= number) {
            open.push(Open { index, lines: Vec::new() });
        }
        open.retain_mut(|row| {
            row.lines.push(line.to_vec());
            let last = row.lines.len() >= MAX_LINES;
            let excerpt = excerpt_of(&places[row.index], &row.lines, delimiter, last);
            found[row.index] = excerpt;
            found[row.index].is_none()
        });
        wanted.peek().is_some() || !open.is_empty()
    })?;
    // The text ended inside a row: a quote that is never closed.
    for row in open {
        found[row.index] = excerpt_of(&places[row.index], &row.lines, delimiter, true);
    }
    Ok(())
}

/// The excerpt, or `None` while the cell is not complete and there may be more lines.
fn excerpt_of(place: &Place, lines: &[Vec<u8>], delimiter: u8, last: bool) -> Option<Excerpt> {
    let first = &lines[0];
    match place.spot {
        Spot::Line => Some(excerpt(place.line, first, 0..first.len())),
        Spot::Chars { column, length } => {
            let text = String::from_utf8_lossy(first);
            let byte = |chars: usize| text.char_indices().nth(chars).map_or(text.len(), |(byte, _)| byte);
            let (start, end) = (column.to_zero(), column.to_zero() + length as usize);
            Some(excerpt(place.line, text.as_bytes(), byte(start)..byte(end)))
        }
        Spot::Cell(cell) => {
            let joined = lines.join(&b'\n');
            match cell_range(&joined, delimiter, usize::from(cell)) {
                Some(range) => {
                    let before = &joined[..range.start];
                    let skipped = memchr::memchr_iter(b'\n', before).count();
                    let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
                    let end = joined[range.start..].iter().position(|byte| *byte == b'\n');
                    let end = end.map_or(joined.len(), |length| range.start + length);
                    let line = OneBased::from_zero(place.line.to_zero() + skipped);
                    let range = range.start - start..range.end.min(end) - start;
                    Some(excerpt(line, &joined[start..end], range))
                }
                None if last => Some(excerpt(place.line, first, 0..first.len())),
                None => None,
            }
        }
    }
}

fn excerpt(line: OneBased, text: &[u8], range: Range<usize>) -> Excerpt {
    let before = String::from_utf8_lossy(&text[..range.start.min(text.len())]);
    let column = OneBased::from_zero(before.chars().count());
    let text = harmless(&String::from_utf8_lossy(text));
    let floor = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let range = floor(range.start)..floor(range.end);
    Excerpt { line, column, text, range }
}

/// Text that a terminal shows and never obeys: each control or direction character is replaced by a
/// visible one of as many bytes, so that ranges stay right. Tabs become spaces.
#[must_use]
pub fn harmless(text: &str) -> String {
    let visible = |c: char| match c {
        '\t' => ' ',
        // A line break within a cell of a sheet.
        '\u{2028}' => '↵',
        c if c.is_control() => ['?', '¿', '\u{fffd}'][c.len_utf8().clamp(1, 3) - 1],
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' => '\u{fffd}',
        c => c,
    };
    text.chars().map(visible).collect()
}

/// Lines of text that a terminal shows and never obeys, as [`harmless`] makes them.
#[must_use]
pub fn harmless_lines(text: &str) -> String {
    let lines: Vec<String> = text.split('\n').map(|line| harmless(line.trim_end_matches('\r'))).collect();
    lines.join("\n")
}

/// The raw bytes of the n-th cell of a record that begins `raw`, quotes included, by the csv
/// crate's rules: a quote is special only at the start of a cell, and doubled inside one. `None` if
/// the record may go on beyond `raw` before the cell is complete.
fn cell_range(raw: &[u8], delimiter: u8, cell: usize) -> Option<Range<usize>> {
    let (mut start, mut index) = (0, 0);
    loop {
        let (_, end) = cell_end(raw, start, delimiter)?;
        if index == cell || raw.get(end) != Some(&delimiter) {
            return Some(start..end);
        }
        (start, index) = (end + 1, index + 1);
    }
}

/// Where the cell that begins at `start` ends: behind its closing quote (its beginning if it has none), and before the
/// delimiter or line end. `None` if its quote is never closed.
pub(crate) fn cell_end(raw: &[u8], start: usize, delimiter: u8) -> Option<(usize, usize)> {
    let mut at = start;
    if raw.get(at) == Some(&b'"') {
        at += 1;
        loop {
            match (raw.get(at)?, raw.get(at + 1)) {
                (b'"', Some(b'"')) => at += 2,
                (b'"', _) => break,
                _ => at += 1,
            }
        }
        at += 1;
    }
    let quote_end = at;
    while raw.get(at).is_some_and(|byte| *byte != delimiter && *byte != b'\n' && *byte != b'\r') {
        at += 1;
    }
    Some((quote_end, at))
}

/// Calls `each` with every line and its index from 0, ends cut off, until it says stop. A line break
/// is `\n`, `\r\n` or a lone `\r`, as the readers count them.
fn each_line(mut text: impl Read, mut each: impl FnMut(usize, &[u8]) -> bool) -> io::Result<()> {
    let mut chunk = vec![0; 64 * 1024];
    let mut line = Vec::new();
    let (mut number, mut after_return, mut begun) = (0, false, false);
    loop {
        let filled = match text.read(&mut chunk) {
            Ok(filled) => filled,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if filled == 0 {
            if begun {
                each(number, &line);
            }
            return Ok(());
        }
        let mut rest = &chunk[..filled];
        while let Some(first) = rest.first() {
            if after_return && *first == b'\n' {
                rest = &rest[1..];
                after_return = false;
                continue;
            }
            after_return = false;
            begun = true;
            let end = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
            let piece = &rest[..end.unwrap_or(rest.len())];
            let room = MAX_TEXT.saturating_sub(line.len());
            line.extend_from_slice(&piece[..piece.len().min(room)]);
            let Some(end) = end else { break };
            after_return = rest[end] == b'\r';
            rest = &rest[end + 1..];
            if !each(number, &line) {
                return Ok(());
            }
            number += 1;
            line.clear();
            begun = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Form, Source};

    fn show(text: &str, line: u32, spot: Spot) -> (u32, u32, String) {
        let mut sources = Sources::default();
        let source = sources.add(Source::text("a.csv", text, Form::Table));
        let place = Place { source, line: OneBased::from_one(line), spot };
        let excerpt = locate(&sources, &[place]).remove(0);
        (excerpt.line.get(), excerpt.column.get(), excerpt.text[excerpt.range].to_owned())
    }

    #[test]
    fn a_cell_is_found_behind_quotes_and_line_breaks() {
        let text = "a,b,c\r\n1,\"x,\"\"y\n二\",第三\r\n\r\n甲,乙\"丙,丁";
        assert_eq!(show(text, 1, Spot::Cell(2)), (1, 5, "c".into()));
        assert_eq!(show(text, 2, Spot::Cell(1)), (2, 3, "\"x,\"\"y".into()));
        assert_eq!(show(text, 2, Spot::Cell(2)), (3, 4, "第三".into()));
        assert_eq!(show(text, 5, Spot::Cell(2)), (5, 7, "丁".into()));
        assert_eq!(show(text, 5, Spot::Line), (5, 1, "甲,乙\"丙,丁".into()));
        assert_eq!(show("a,,c\n", 1, Spot::Cell(1)), (1, 3, String::new()));
        assert_eq!(show("a,\"never\nclosed", 1, Spot::Cell(1)), (1, 1, "a,\"never".into()));
        let chars = Spot::Chars { column: OneBased::from_one(4), length: 2 };
        assert_eq!(show("单位：贾陈社区\n", 1, chars), (1, 4, "贾陈".into()));
    }

    #[test]
    fn what_a_terminal_would_obey_is_made_visible() {
        assert_eq!(harmless("a\u{1b}[31mb\u{202e}c\u{85}\t"), "a?[31mb\u{fffd}c¿ ");
        for text in ["\u{1b}", "\u{9b}", "\u{202e}", "\u{0}"] {
            assert_eq!(harmless(text).len(), text.len());
        }
    }
}
