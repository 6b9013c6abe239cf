//! Resolves a place to line, column and the text there.
//!
//! A file is read again only if it has a fault, so that places cost nothing in a valid log.

use std::io::{self, Read};
use std::ops::Range;

use crate::delimited::bytes::line_breaks;
use crate::delimited::cells::Cells;
use crate::delimited::scanner::{ReadOutcome, Scanner};
use crate::place::{OneBased, Place, SourceId, Spot};
use crate::source::decode::Decoder;
use crate::source::{Form, Sources};

/// Bytes after which a line is truncated.
const MAX_TEXT: usize = 64 * 1024;

/// A place and its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// The line.
    pub line: OneBased,
    /// The column in characters.
    pub column: OneBased,
    /// The column in bytes of UTF-8, whatever the encoding of the file.
    pub byte_column: OneBased,
    /// The text of that line without its line break, made [`harmless`].
    pub text: String,
    /// The byte range of the place in `text`; empty for an empty cell.
    pub range: Range<usize>,
}

/// Returns an excerpt for each of `places`, in the same order.
///
/// If a file can no longer be read, its excerpts have the line but no text.
#[must_use]
pub fn locate(sources: &Sources, places: &[Place]) -> Vec<Excerpt> {
    let mut found: Vec<Option<Excerpt>> = vec![None; places.len()];
    let mut order: Vec<usize> = (0..places.len()).collect();
    order.sort_by_key(|index| places[*index]);
    let mut excerpts = Excerpts::new(sources);
    for index in order {
        found[index] = Some(excerpts.of(places[index]));
    }
    found.into_iter().flatten().collect()
}

/// Excerpts, one after another. A file is read on from the place before; only for a place above that from its start.
pub struct Excerpts<'s> {
    sources: &'s Sources,
    /// The last place looked up, and the file as it was left there; `None` if it can't be read.
    last: Option<(Place, Option<OpenSource<'s>>)>,
}

type Text<'s> = Decoder<Box<dyn Read + 's>>;

enum OpenSource<'s> {
    Table(Box<TableReader<Text<'s>>>),
    Lines(LineReader<Text<'s>>),
}

impl<'s> Excerpts<'s> {
    /// Nothing is read before the first place.
    #[must_use]
    pub fn new(sources: &'s Sources) -> Self {
        Self { sources, last: None }
    }

    /// Returns the excerpt of a place. If its file can no longer be read, it has the line but no text.
    pub fn of(&mut self, place: Place) -> Excerpt {
        let is_behind = |(last, _): &(Place, _)| last.source == place.source && last.line <= place.line;
        let mut open = match self.last.take().filter(is_behind) {
            Some((_, open)) => open,
            None => self.open(place.source),
        };
        let found = open.as_mut().and_then(|open| match open {
            OpenSource::Table(table) => table.excerpt(place),
            OpenSource::Lines(lines) => lines.excerpt(place),
        });
        self.last = Some((place, open));
        found.unwrap_or_else(|| Excerpt {
            line: place.line,
            column: match place.spot {
                Spot::Chars { column, .. } => column,
                _ => OneBased::FIRST,
            },
            byte_column: OneBased::FIRST,
            text: String::new(),
            range: 0..0,
        })
    }

    fn open(&self, source: SourceId) -> Option<OpenSource<'s>> {
        let source = self.sources.get(source);
        let text = source.open().ok()?;
        Some(match source.form {
            Form::Table => OpenSource::Table(Box::new(TableReader::new(text, source.delimiter))),
            Form::Tree => OpenSource::Lines(LineReader::new(text)),
        })
    }
}

/// The records of a table. A line on which no record begins has no text, nor has one behind a read error.
struct TableReader<R> {
    scanner: Scanner<R>,
    cells: Cells,
    /// The line of the record read last.
    here: Option<OneBased>,
    is_over: bool,
}

impl<R: Read> TableReader<R> {
    fn new(text: R, delimiter: u8) -> Self {
        let scanner = Scanner::from_line(text, delimiter, 0);
        Self { scanner, cells: Cells::default(), here: None, is_over: false }
    }

    fn excerpt(&mut self, place: Place) -> Option<Excerpt> {
        while !self.is_over && self.here.is_none_or(|here| here < place.line) {
            let outcome = self.scanner.read(&mut self.cells);
            self.is_over = !matches!(outcome, Ok(ReadOutcome::Record));
            let is_one = outcome.is_ok_and(|outcome| outcome != ReadOutcome::End);
            self.here = is_one.then(|| self.scanner.line());
        }
        (self.here == Some(place.line)).then(|| in_record(&place, &self.scanner, &self.cells))
    }
}

/// Returns the excerpt of a place in the last record read.
fn in_record<R: Read>(place: &Place, scanner: &Scanner<R>, cells: &Cells) -> Excerpt {
    let record = &cells.buffer()[scanner.record_start()..scanner.filled()];
    let span = match place.spot {
        Spot::Cell(cell) => cells.spans().get(usize::from(cell)).or(cells.spans().last()),
        Spot::Line | Spot::Chars { .. } => None,
    };
    let Some((start, end)) = span.map(|(start, end)| (*start as usize, *end as usize)) else {
        let line = &record[..end_of_line(record, 0)];
        let range = match place.spot {
            Spot::Chars { column, length } => characters(line, column, length),
            Spot::Line | Spot::Cell(_) => 0..line.len(),
        };
        return excerpt(place.line, line, range);
    };
    let (start, end) = (start - scanner.record_start(), end - scanner.record_start());
    let before = &record[..start];
    let line = OneBased::from_zero(place.line.to_zero() + line_breaks(before));
    let from = before.iter().rposition(|byte| matches!(byte, b'\n' | b'\r')).map_or(0, |at| at + 1);
    let to = end_of_line(record, start);
    excerpt(line, &record[from..to], start - from..end.min(to) - from)
}

/// Returns the end of the line that contains offset `from`.
fn end_of_line(text: &[u8], from: usize) -> usize {
    memchr::memchr2(b'\n', b'\r', &text[from..]).map_or(text.len(), |length| from + length)
}

/// Returns the byte range of `length` characters of a line.
fn characters(line: &[u8], column: OneBased, length: u32) -> Range<usize> {
    let text = String::from_utf8_lossy(line);
    let byte = |chars: usize| text.char_indices().nth(chars).map_or(text.len(), |(byte, _)| byte);
    byte(column.to_zero())..byte(column.to_zero() + length as usize)
}

fn excerpt(line: OneBased, text: &[u8], range: Range<usize>) -> Excerpt {
    let before = String::from_utf8_lossy(&text[..range.start.min(text.len())]);
    let (column, byte_column) = (OneBased::from_zero(before.chars().count()), OneBased::from_zero(before.len()));
    let text = harmless(&String::from_utf8_lossy(&text[..text.len().min(MAX_TEXT)]));
    let floor = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let range = floor(range.start)..floor(range.end);
    Excerpt { line, column, byte_column, text, range }
}

/// Neutralises text for a terminal: replaces each control or bidirectional character by a visible one of the same
/// length in bytes, so that ranges stay valid. Tabs become spaces.
#[must_use]
pub fn harmless(text: &str) -> String {
    // Nearly all texts are as they should be.
    if !may_be_harmful(text.as_bytes()) {
        return text.to_owned();
    }
    let visible = |c: char| match c {
        '\t' => ' ',
        // A line break inside a cell of a sheet.
        '\u{2028}' => '↵',
        c if c.is_control() => ['?', '¿', '\u{fffd}'][c.len_utf8().clamp(1, 3) - 1],
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' => '\u{fffd}',
        c => c,
    };
    text.chars().map(visible).collect()
}

/// Whether there may be a character that [`harmless`] replaces: by its first byte, and by the second where that begins
/// Chinese punctuation as well.
fn may_be_harmful(text: &[u8]) -> bool {
    let second = |at: usize| text.get(at + 1).copied().unwrap_or_default();
    let third = |at: usize| text.get(at + 2).copied().unwrap_or_default();
    text.iter().enumerate().any(|(at, byte)| match byte {
        0..0x20 | 0x7f | 0xc2 => true,
        // U+2000 to U+207F; “ and ” are U+201C and U+201D.
        0xe2 => matches!((second(at), third(at)), (0x80, 0x8b..=0x8f | 0xa8..=0xae) | (0x81, _)),
        0xef => second(at) == 0xbb,
        _ => false,
    })
}

/// Neutralises text as [`harmless`] does, but keeps its line breaks.
#[must_use]
pub fn harmless_lines(text: &str) -> String {
    let lines: Vec<String> = text.split('\n').map(|line| harmless(line.trim_end_matches('\r'))).collect();
    lines.join("\n")
}

/// The lines of a YAML or JSON log, whose reader provides columns.
///
/// A line break is `\n`, `\r\n` or a lone `\r`, as in the readers.
struct LineReader<R> {
    text: R,
    chunk: Box<[u8]>,
    /// What is left of the chunk.
    rest: Range<usize>,
    /// Whether the text so far ends with `\r`, to which a `\n` may belong.
    after_return: bool,
    line: Vec<u8>,
    /// The number of `line`, from 1; 0 before the first.
    number: usize,
    is_over: bool,
}

impl<R: Read> LineReader<R> {
    fn new(text: R) -> Self {
        let chunk = vec![0; 64 * 1024].into_boxed_slice();
        Self { text, chunk, rest: 0..0, after_return: false, line: Vec::new(), number: 0, is_over: false }
    }

    fn excerpt(&mut self, place: Place) -> Option<Excerpt> {
        while !self.is_over && self.number <= place.line.to_zero() {
            self.is_over = !self.next().unwrap_or(false);
        }
        let is_here = !self.is_over && self.number == place.line.to_zero() + 1;
        is_here.then(|| {
            let range = match place.spot {
                Spot::Chars { column, length } => characters(&self.line, column, length),
                Spot::Line | Spot::Cell(_) => 0..self.line.len(),
            };
            excerpt(place.line, &self.line, range)
        })
    }

    /// Reads the next line; false behind the last.
    fn next(&mut self) -> io::Result<bool> {
        self.line.clear();
        let mut has_begun = false;
        loop {
            if self.rest.is_empty() {
                self.rest = 0..self.fill()?;
            }
            let rest = &self.chunk[self.rest.clone()];
            let Some(first) = rest.first() else {
                self.number += usize::from(has_begun);
                return Ok(has_begun);
            };
            if std::mem::take(&mut self.after_return) && *first == b'\n' {
                self.rest.start += 1;
                continue;
            }
            has_begun = true;
            let end = memchr::memchr2(b'\n', b'\r', rest);
            let piece = &rest[..end.unwrap_or(rest.len())];
            let room = MAX_TEXT.saturating_sub(self.line.len());
            self.line.extend_from_slice(&piece[..piece.len().min(room)]);
            self.rest.start += piece.len();
            if let Some(end) = end {
                self.after_return = rest[end] == b'\r';
                self.rest.start += 1;
                self.number += 1;
                return Ok(true);
            }
        }
    }

    fn fill(&mut self) -> io::Result<usize> {
        loop {
            match self.text.read(&mut self.chunk) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => return other,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

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
        assert_eq!(show("a,\"never\nclosed", 1, Spot::Cell(1)), (1, 3, "\"never".into()));
        assert_eq!(show("a,\"x\ry\",c\rd,e", 3, Spot::Cell(1)), (3, 3, "e".into()));
        assert_eq!(show("a,\"x\ry\",c\rd,e", 1, Spot::Cell(2)), (2, 4, "c".into()));
        let chars = Spot::Chars { column: OneBased::from_one(4), length: 2 };
        assert_eq!(show("单位：贾陈社区\n", 1, chars), (1, 4, "贾陈".into()));
    }

    proptest::proptest! {
        /// The excerpt of a cell has its position in the text, whatever precedes it.
        #[test]
        fn every_cell_is_shown_at_its_place(text in "([ab,\"\r\n甲]|\r\n|\",\"){0,50}") {
            let Ok(records) = crate::delimited::text::records(&text, b',') else { return Ok(()) };
            for record in records {
                for (cell, span) in record.cells.iter().enumerate() {
                    let lines = |text: &str| text.replace("\r\n", "\n").replace('\r', "\n");
                    let before = lines(&text[..span.start]);
                    let line = u32::try_from(before.matches('\n').count() + 1).unwrap();
                    let column = before.rsplit('\n').next().unwrap().chars().count() + 1;
                    let first = lines(&text[span.clone()]).split('\n').next().unwrap().to_owned();
                    let expected = (line, u32::try_from(column).unwrap(), first);
                    let found = show(&text, record.line.get(), Spot::Cell(u16::try_from(cell).unwrap()));
                    proptest::prop_assert_eq!(found, expected, "{:?} {}", text, cell);
                }
            }
        }
    }

    #[test]
    fn what_a_terminal_would_obey_is_made_visible() {
        assert_eq!(harmless("a\u{1b}[31mb\u{202e}c\u{85}\t"), "a?[31mb\u{fffd}c¿ ");
        for text in ["\u{1b}", "\u{9b}", "\u{202e}", "\u{0}"] {
            assert_eq!(harmless(text).len(), text.len());
        }
        // Of each character alone, and of none that is not in the list.
        for c in '\0'..='\u{ffff}' {
            let is_listed = c.is_control()
                || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
            assert_eq!(harmless(&format!("甲{c}“，")) != format!("甲{c}“，"), is_listed, "{c:?}");
        }
    }
}
