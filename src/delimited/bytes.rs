//! Line breaks counted at memory speed, and buffers filled.

use std::io::{self, Read};

/// Fills a buffer as far as the input goes, and says how far that was.
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

/// How many line breaks a text has: `\n`, `\r\n` or a lone `\r`.
pub(crate) fn line_breaks(text: &[u8]) -> usize {
    line_breaks_and_quotes(text).0
}

/// The same, and how many quotes it has.
pub(crate) fn line_breaks_and_quotes(text: &[u8]) -> (usize, usize) {
    let [feeds, returns, quotes] = counts(text, *b"\n\r\"");
    if returns == 0 {
        return (feeds, quotes);
    }
    // Few files have carriage returns; in those that do, one before a line feed is the same break.
    let lone = memchr::memchr_iter(b'\r', text).filter(|at| text.get(at + 1) != Some(&b'\n')).count();
    (feeds + lone, quotes)
}

/// The lines of a text. Of `\r\n` the carriage return is left to its line, as tools that know line feeds only have it.
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

/// How often each of some bytes stands in a text: all are counted on one way through it.
fn counts<const N: usize>(text: &[u8], wanted: [u8; N]) -> [usize; N] {
    /// Counts of one byte have room for so many bytes, which are looked at side by side.
    const PIECE: usize = 192;
    let mut totals = [0; N];
    for piece in text.chunks(PIECE) {
        let mut counts = [0_u8; N];
        for byte in piece {
            for (count, wanted) in counts.iter_mut().zip(wanted) {
                *count = count.wrapping_add(u8::from(*byte == wanted));
            }
        }
        totals.iter_mut().zip(counts).for_each(|(total, count)| *total += usize::from(count));
    }
    totals
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
        }
    }
}
