//! Reads the records of a text in memory, and encodes single cells.

use std::borrow::Cow;
use std::ops::Range;

use crate::delimited::bytes::line_breaks;
use crate::delimited::cells::Cells;
use crate::delimited::scanner::{ReadOutcome, ScanBuffers, Scanner, closing_quote};
use crate::place::OneBased;

/// A record of a text: the line it begins on, and the byte spans of its cells in the text, quotes included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Record {
    /// The line it begins on, which identifies the record.
    pub(crate) line: OneBased,
    pub(crate) cells: Vec<Range<usize>>,
}

/// A text whose records cannot all be read: a quote is never closed, or a record exceeds the limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unreadable {
    /// The line of the record that cannot be read.
    pub(crate) line: OneBased,
    /// Index of the last cell that was read, from 0.
    pub(crate) cell: usize,
    /// The reason.
    pub(crate) outcome: ReadOutcome,
}

/// Reads all records of `text`, in order.
///
/// # Errors
/// A quote is never closed, or a record exceeds the limits of the scanner.
pub(crate) fn records(text: &str, delimiter: u8) -> Result<Vec<Record>, Unreadable> {
    let buffers = ScanBuffers::with_text(text.as_bytes().to_vec());
    let (mut scanner, mut cells): (_, Cells) = Scanner::of_buffer(buffers, text.len(), delimiter, 0);
    let mut records = Vec::new();
    loop {
        match scanner.read(&mut cells) {
            Ok(ReadOutcome::Record) => {
                let spans = cells.spans().iter().map(|(start, end)| *start as usize..*end as usize);
                records.push(Record { line: scanner.line(), cells: spans.collect() });
            }
            // Reading from memory cannot fail.
            Ok(ReadOutcome::End) | Err(_) => return Ok(records),
            Ok(outcome) => {
                return Err(Unreadable { line: scanner.line(), cell: cells.len().saturating_sub(1), outcome });
            }
        }
    }
}

impl Record {
    /// Returns the line on which a cell begins; earlier cells may contain line breaks.
    pub(crate) fn line_of(&self, cell: usize, text: &str) -> OneBased {
        let (Some(first), Some(span)) = (self.cells.first(), self.cells.get(cell)) else { return self.line };
        let before = text.as_bytes().get(first.start..span.start).unwrap_or_default();
        OneBased::from_zero(self.line.to_zero() + line_breaks(before))
    }

    /// Returns the unquoted value of each cell.
    pub(crate) fn values<'t>(&self, text: &'t str) -> impl Iterator<Item = Cow<'t, str>> {
        self.cells.iter().map(|span| value(text.get(span.clone()).unwrap_or_default()))
    }
}

/// Returns the value of a raw cell, without its quotes.
pub(crate) fn value(raw: &str) -> Cow<'_, str> {
    if !raw.starts_with('"') {
        return raw.into();
    }
    let mut cell = Cells::default();
    cell.push(raw.as_bytes());
    cell.unquote();
    String::from_utf8_lossy(cell.get(0)).into_owned().into()
}

/// Whether anything follows the closing quote of a cell; such a cell needs a human to look at it.
pub(crate) fn is_ambiguous(raw: &str) -> bool {
    raw.starts_with('"') && closing_quote(raw.as_bytes()) != Some(raw.len())
}

/// Encodes a value as a cell, quoted if it was quoted before or has to be.
pub(crate) fn encoded(value: &str, delimiter: u8, was_quoted: bool) -> String {
    let needs_quotes = value.contains([char::from(delimiter), '\n', '\r', '"']);
    if needs_quotes || was_quoted { format!("\"{}\"", value.replace('"', "\"\"")) } else { value.to_owned() }
}
