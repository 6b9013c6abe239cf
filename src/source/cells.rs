//! Where each cell of a table stands in its text, by the rules of the csv crate: a quote means something only where a
//! cell begins.

use std::borrow::Cow;
use std::ops::Range;

use crate::source::excerpt::cell_end;

/// A record: the line it begins on, and the spans of its cells, quotes included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Record {
    pub(crate) line: u32,
    pub(crate) cells: Vec<Cell>,
}

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cell {
    pub(crate) span: Range<usize>,
    /// Something stands behind its closing quote; such a cell is for a person to look at.
    pub(crate) is_odd: bool,
}

/// The records of a table; nothing if a quote is never closed.
pub(crate) fn records(text: &str, delimiter: u8) -> Option<Vec<Record>> {
    let bytes = text.as_bytes();
    let mut records = Vec::new();
    let (mut at, mut line) = (0, 1_u32);
    while at < bytes.len() {
        // Blank lines are no records.
        if matches!(bytes[at], b'\n' | b'\r') {
            line += u32::from(bytes[at] == b'\n');
            at += 1;
            continue;
        }
        let mut record = Record { line, cells: Vec::new() };
        loop {
            let start = at;
            let (quote_end, end) = cell_end(bytes, start, delimiter)?;
            at = end;
            record.cells.push(Cell { span: start..end, is_odd: quote_end != start && quote_end != end });
            let passed = memchr::memchr_iter(b'\n', bytes.get(start..end).unwrap_or_default()).count();
            line += u32::try_from(passed).unwrap_or(0);
            match bytes.get(at) {
                Some(byte) if *byte == delimiter => at += 1,
                _ => break,
            }
        }
        records.push(record);
    }
    Some(records)
}

/// What a cell says: without its quotes.
pub(crate) fn value(raw: &str) -> Cow<'_, str> {
    let quoted = raw.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    match quoted {
        Some(inner) if inner.contains("\"\"") => inner.replace("\"\"", "\"").into(),
        Some(inner) => inner.into(),
        None => raw.into(),
    }
}

/// A value as a cell; quoted where it was, or where it must be.
pub(crate) fn written(value: &str, delimiter: u8, was_quoted: bool) -> String {
    let must = value.contains([char::from(delimiter), '\n', '\r', '"']);
    if must || was_quoted { format!("\"{}\"", value.replace('"', "\"\"")) } else { value.to_owned() }
}
