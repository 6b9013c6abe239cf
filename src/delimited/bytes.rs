//! Counts line breaks at memory speed, and fills buffers.

use std::io::{self, Read};

/// Fills `buffer` from `input` and returns the number of bytes read; fewer than `buffer.len()` only at the end of the
/// input.
pub(crate) fn fill(input: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match input.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(more) => filled += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// Counts the line breaks in `text`: `\n`, `\r\n` or a lone `\r`.
pub(crate) fn line_breaks(text: &[u8]) -> usize {
    line_breaks_and_quotes(text).0
}

/// Counts the line breaks and the double quotes in `text`.
pub(crate) fn line_breaks_and_quotes(text: &[u8]) -> (usize, usize) {
    let [feeds, returns, quotes] = counts(text, *b"\n\r\"");
    if returns == 0 {
        return (feeds, quotes);
    }
    // Few files contain carriage returns; one directly before a line feed belongs to the same break.
    let lone = memchr::memchr_iter(b'\r', text).filter(|at| text.get(at + 1) != Some(&b'\n')).count();
    (feeds + lone, quotes)
}

/// Iterates over the lines of `text`.
///
/// The `\r` of `\r\n` stays at the end of its line, as in tools that only know line feeds.
pub(crate) fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let lone = |at: &usize| text.as_bytes()[*at] == b'\n' || text.as_bytes().get(at + 1) != Some(&b'\n');
        let end = memchr::memchr2_iter(b'\n', b'\r', text.as_bytes()).find(lone);
        rest = end.and_then(|end| text.get(end + 1..));
        Some(end.map_or(text, |end| &text[..end]))
    })
}

/// Counts the occurrences of each of `needles` in a single pass over `text`.
fn counts<const N: usize>(text: &[u8], needles: [u8; N]) -> [usize; N] {
    /// Bytes per chunk. At most 255, so that the `u8` counters, which let the loop vectorise, cannot overflow.
    const CHUNK: usize = 192;
    let mut totals = [0; N];
    for chunk in text.chunks(CHUNK) {
        let mut counts = [0_u8; N];
        for byte in chunk {
            for (count, needle) in counts.iter_mut().zip(needles) {
                *count = count.wrapping_add(u8::from(*byte == needle));
            }
        }
        totals.iter_mut().zip(counts).for_each(|(total, count)| *total += usize::from(count));
    }
    totals
}

/// Counts the line breaks of a text that comes in pieces.
#[derive(Debug, Default)]
pub(crate) struct LineCounter {
    breaks: usize,
    ends_with_return: bool,
}

impl LineCounter {
    /// Adds the next piece, and returns the number of double quotes in it.
    pub(crate) fn push(&mut self, piece: &[u8]) -> usize {
        let Some(last) = piece.last() else { return 0 };
        // The line feed of a `\r\n` that was cut in two.
        let is_cut = self.ends_with_return && piece.first() == Some(&b'\n');
        let (breaks, quotes) = line_breaks_and_quotes(piece);
        self.breaks += breaks - usize::from(is_cut);
        self.ends_with_return = *last == b'\r';
        quotes
    }

    /// Returns the number of line breaks in what was pushed.
    pub(crate) fn breaks(&self) -> usize {
        self.breaks
    }

    /// Returns the number of the line that follows what was pushed, from 1.
    pub(crate) fn line(&self) -> u32 {
        u32::try_from(self.breaks + 1).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_byte_is_counted(text in "([ab\"\r\n]|甲|\r\n){0,200}", times in 1..300_usize) {
            let text = text.repeat(times);
            let wide = text.replace("\r\n", "\n").replace('\r', "\n");
            let expected = (wide.matches('\n').count(), wide.matches('"').count());
            prop_assert_eq!(line_breaks_and_quotes(text.as_bytes()), expected);
            prop_assert_eq!(lines(&text).count(), expected.0 + 1);
            let mut counter = LineCounter::default();
            let quotes: usize = text.as_bytes().chunks(times % 7 + 1).map(|piece| counter.push(piece)).sum();
            prop_assert_eq!((counter.breaks(), quotes), expected);
        }
    }
}
