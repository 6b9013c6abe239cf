//! Finds the ends of cells and records in a text, 64 bytes at a time, with AVX2 where the processor has it.
//!
//! Quotes are paired in the same pass, so that a mark within quotes is none: all cells of a record are known when its
//! marks are, whether or not some of them are quoted.

use crate::delimited::cells::offset;

/// The marks of a text in order, consumed from the front: the delimiters and line breaks outside quotes.
#[derive(Debug, Default)]
pub(super) struct Marks {
    /// Offsets of delimiters, line feeds and carriage returns.
    places: Queue,
    /// Indices into `places` of line feeds and carriage returns.
    breaks: Queue,
    /// Indices into `places` of the marks that end a cell beginning with a quote.
    quotes: Queue,
    /// Indices into `places` of the marks that end a cell with more than quotes at both ends: doubled quotes, or text
    /// behind the closing one. A cell may be named more than once.
    uneven: Queue,
    /// Offsets of the line feeds and carriage returns within quotes.
    lines: Queue,
    /// Where the text searched so far ends.
    end: End,
}

/// What the end of a text says about the byte that follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum End {
    /// It begins a cell.
    #[default]
    Mark,
    /// It belongs to a cell.
    Cell,
    /// It is within quotes.
    Quoted,
    /// It follows a quote that closes a cell, unless it is a quote itself: then both are one quote of the cell.
    Closed,
}

/// How the cells of a record are quoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quoting {
    /// No cell begins with a quote.
    None,
    /// Some cells begin with a quote, which the last byte of the cell closes; there is no other quote in them.
    Around,
    /// Some cells have more quotes than that, or text behind the closing one.
    Uneven,
}

/// The marks of a record.
pub(super) struct RecordMarks<'m> {
    /// The ends of its cells; the last one ends the record.
    pub(super) ends: &'m [u32],
    pub(super) quoting: Quoting,
    /// Whether there are line breaks in its cells.
    pub(super) has_lines: bool,
}

impl Marks {
    /// Returns the marks of the next record, and consumes all of them but the last. `None` if it has no end yet.
    #[inline]
    pub(super) fn record(&mut self) -> Option<RecordMarks<'_>> {
        let last = self.breaks.first()?;
        let quoting = if self.quotes.first().is_none_or(|mark| mark > last) {
            Quoting::None
        } else if self.uneven.first().is_none_or(|mark| mark > last) {
            Quoting::Around
        } else {
            Quoting::Uneven
        };
        let has_lines = self.lines.first().is_some_and(|at| {
            let end = self.places.list.get(last as usize);
            end.is_some_and(|end| at < *end)
        });
        let first = std::mem::replace(&mut self.places.next, last as usize);
        Some(RecordMarks { ends: self.places.list.get(first..=last as usize)?, quoting, has_lines })
    }

    /// Returns the offsets of all marks that have not been consumed.
    #[inline]
    pub(super) fn remaining(&self) -> &[u32] {
        self.places.rest()
    }

    /// Whether the text ends within quotes.
    pub(super) fn ends_in_quotes(&self) -> bool {
        self.end == End::Quoted
    }

    /// Consumes `count` marks.
    #[inline]
    pub(super) fn skip(&mut self, count: usize) {
        self.places.next += count;
        let next = self.places.next;
        for queue in [&mut self.breaks, &mut self.quotes, &mut self.uneven] {
            while queue.first().is_some_and(|mark| (mark as usize) < next) {
                queue.next += 1;
            }
        }
    }

    /// Consumes the line breaks within quotes before an offset.
    pub(super) fn skip_lines(&mut self, before: usize) {
        while self.lines.first().is_some_and(|at| (at as usize) < before) {
            self.lines.next += 1;
        }
    }

    /// Removes all marks, but keeps the memory. The text that is searched next begins a cell.
    pub(super) fn clear(&mut self) {
        *self = Self {
            places: self.places.cleared(),
            breaks: self.breaks.cleared(),
            quotes: self.quotes.cleared(),
            uneven: self.uneven.cleared(),
            lines: self.lines.cleared(),
            end: End::Mark,
        };
    }

    /// Adds the marks in `text` from offset `from` on, up to which it has been searched. Consumed marks are dropped.
    pub(super) fn find(&mut self, text: &[u8], from: usize, delimiter: u8) {
        let dropped = offset(self.places.drop_consumed());
        for queue in [&mut self.breaks, &mut self.quotes, &mut self.uneven] {
            queue.drop_consumed();
            queue.list[..queue.filled].iter_mut().for_each(|mark| *mark -= dropped);
        }
        self.lines.drop_consumed();
        #[cfg(target_arch = "x86_64")]
        if std::arch::is_x86_feature_detected!("avx2")
            && std::arch::is_x86_feature_detected!("bmi1")
            && std::arch::is_x86_feature_detected!("popcnt")
        {
            #[expect(unsafe_code, reason = "see the proof, and the test against the portable version")]
            // SAFETY: the function requires a CPU with these three features, which was checked just above. It reads and
            // writes through slices only, as safe code does.
            unsafe {
                avx2::find(self, text, from, delimiter);
            }
            return;
        }
        self.find_portably(text, from, delimiter);
    }

    /// Does what [`Marks::find`] does, without SIMD.
    fn find_portably(&mut self, text: &[u8], from: usize, delimiter: u8) {
        let (blocks, rest) = text[from..].as_chunks::<BLOCK>();
        let mut base = from;
        for block in blocks {
            self.add(Bytes::of(block, delimiter), base, BLOCK);
            base += BLOCK;
        }
        self.add_rest(rest, base, delimiter);
    }

    /// Adds the marks of less than a block.
    fn add_rest(&mut self, rest: &[u8], base: usize, delimiter: u8) {
        if rest.is_empty() {
            return;
        }
        let mut block = [delimiter; BLOCK];
        block[..rest.len()].copy_from_slice(rest);
        let within = u64::MAX >> (BLOCK - rest.len());
        let Bytes { delimiters, breaks, quotes } = Bytes::of(&block, delimiter);
        let bytes = Bytes { delimiters: delimiters & within, breaks: breaks & within, quotes: quotes & within };
        self.add(bytes, base, rest.len());
    }

    /// Adds the marks of up to [`BLOCK`] bytes at an offset.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "compiled for the features of whoever calls it")]
    fn add(&mut self, bytes: Bytes, base: usize, length: usize) {
        let Bytes { delimiters, breaks, quotes } = bytes;
        let mut all = delimiters | breaks;
        let last = 1 << (length - 1);
        let places = &mut self.places;
        let first = offset(places.filled);
        // Most blocks have no quotes, and are not within any.
        if quotes == 0 && matches!(self.end, End::Mark | End::Cell) {
            self.end = if all & last == 0 { End::Cell } else { End::Mark };
        } else {
            let paired = Paired::of(quotes, all, self.end);
            let inner = breaks & paired.within;
            all &= !paired.within;
            push_each(&mut self.lines, inner, |at| offset(base) + at.trailing_zeros());
            push_each(&mut self.quotes, paired.begins, |at| first + rank(all, at));
            let there = u64::MAX >> (BLOCK - length);
            push_each(&mut self.uneven, paired.behind & there & !all, |at| first + rank(all, at));
            self.end = if paired.within & last != 0 {
                End::Quoted
            } else if paired.closings & last != 0 {
                End::Closed
            } else if all & last != 0 {
                End::Mark
            } else {
                End::Cell
            };
        }
        // Most blocks have at most one line break: write one unconditionally, and count it only if it exists.
        let mut ends = breaks & all;
        let room = self.breaks.reserve(BLOCK);
        let mut ended = usize::from(ends != 0);
        room[0] = first + rank(all, ends);
        ends &= ends.wrapping_sub(1);
        while ends != 0 {
            room[ended] = first + rank(all, ends);
            ended += 1;
            ends &= ends - 1;
        }
        self.breaks.filled += ended;

        let room = places.reserve(BLOCK);
        let (mut left, at) = (all, offset(base));
        // Write eight at a time, some of them speculatively: their number is unpredictable, so a branch per mark costs
        // more.
        for eight in room.as_chunks_mut::<8>().0 {
            for mark in eight {
                *mark = at.wrapping_add(left.trailing_zeros());
                left &= left.wrapping_sub(1);
            }
            if left == 0 {
                break;
            }
        }
        places.filled += all.count_ones() as usize;
    }
}

/// Which bytes of a block are delimiters, line feeds or carriage returns, and double quotes: a bit for each byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Bytes {
    delimiters: u64,
    breaks: u64,
    quotes: u64,
}

impl Bytes {
    /// Looks at eight bytes at a time.
    fn of(block: &[u8; BLOCK], delimiter: u8) -> Self {
        let mut bytes = Self { delimiters: 0, breaks: 0, quotes: 0 };
        for (at, word) in block.as_chunks::<8>().0.iter().enumerate() {
            let word = u64::from_le_bytes(*word);
            let shift = 8 * at;
            bytes.delimiters |= equal(word, delimiter) << shift;
            bytes.breaks |= (equal(word, b'\n') | equal(word, b'\r')) << shift;
            bytes.quotes |= equal(word, b'"') << shift;
        }
        bytes
    }
}

/// Returns a bit for each byte of a word, set where it is `byte`.
fn equal(word: u64, byte: u8) -> u64 {
    const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
    let different = word ^ u64::from_le_bytes([byte; 8]);
    // The high bit of each byte is set if any bit of the byte is; no carry leaves a byte.
    let high = (((different & LOW) + LOW) | different) & !LOW;
    // The eight high bits, inverted, are moved side by side: each product of two of their places is another bit.
    ((high ^ !LOW) >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
}

/// The quotes of a block, paired.
struct Paired {
    /// From each opening quote up to its closing one, without that.
    within: u64,
    /// The quotes that begin a cell.
    begins: u64,
    closings: u64,
    /// The bytes that follow a closing quote.
    behind: u64,
}

impl Paired {
    /// Pairs the quotes of a block, of which `marks` are the delimiters and line breaks, and `before` is the end of the
    /// text before it.
    ///
    /// A quote opens where a cell begins, and the next one closes. Directly behind a closing quote another one is the
    /// second of a doubled quote and opens again; elsewhere outside quotes a quote is a letter like others.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "compiled for the features of whoever calls it")]
    fn of(mut quotes: u64, marks: u64, before: End) -> Self {
        let is_within = before == End::Quoted;
        let follows_mark = u64::from(before == End::Mark);
        let follows_closing = u64::from(before == End::Closed);
        loop {
            let within = parities(quotes) ^ if is_within { u64::MAX } else { 0 };
            let (openings, closings) = (quotes & within, quotes & !within);
            let cells = (marks & !within) << 1 | follows_mark;
            let behind = closings << 1 | follows_closing;
            // Where there are openings that open nothing, the first of them is a letter; what comes after it is paired
            // anew.
            let letters = openings & !(cells | behind);
            if letters == 0 {
                return Self { within, begins: openings & cells, closings, behind };
            }
            quotes &= !(letters & letters.wrapping_neg());
        }
    }
}

/// Returns for each bit whether an odd number of bits is set up to it, itself included.
#[inline(always)]
#[expect(clippy::inline_always, reason = "compiled for the features of whoever calls it")]
fn parities(mut bits: u64) -> u64 {
    for shift in [1, 2, 4, 8, 16, 32] {
        bits ^= bits << shift;
    }
    bits
}

/// Returns the number of marks in `all` before the first one in `subset`.
#[inline(always)]
#[expect(clippy::inline_always, reason = "compiled for the features of whoever calls it")]
fn rank(all: u64, subset: u64) -> u32 {
    (all & (subset ^ subset.wrapping_sub(1)) >> 1).count_ones()
}

/// Adds a number for each bit; `number` gets the bits from it on.
#[inline(always)]
#[expect(clippy::inline_always, reason = "compiled for the features of whoever calls it")]
fn push_each(queue: &mut Queue, mut bits: u64, number: impl Fn(u64) -> u32) {
    while bits != 0 {
        queue.reserve(1)[0] = number(bits);
        queue.filled += 1;
        bits &= bits - 1;
    }
}

/// A queue of numbers in reusable memory; the first `next` of them have been consumed.
#[derive(Debug, Default)]
struct Queue {
    /// The numbers, up to `filled`, then spare capacity.
    list: Vec<u32>,
    filled: usize,
    next: usize,
}

impl Queue {
    #[inline]
    fn rest(&self) -> &[u32] {
        &self.list[self.next..self.filled]
    }

    #[inline]
    fn first(&self) -> Option<u32> {
        if self.next < self.filled { self.list.get(self.next).copied() } else { None }
    }

    /// Returns spare capacity for `additional` numbers, plus one block that may be overwritten speculatively.
    fn reserve(&mut self, additional: usize) -> &mut [u32] {
        let needed = self.filled + additional + BLOCK;
        if self.list.len() < needed {
            self.list.resize(needed.max(2 * self.list.len()), 0);
        }
        &mut self.list[self.filled..]
    }

    /// Drops the consumed numbers and returns how many there were.
    fn drop_consumed(&mut self) -> usize {
        self.list.copy_within(self.next..self.filled, 0);
        self.filled -= self.next;
        std::mem::take(&mut self.next)
    }

    /// Takes the memory out into an empty queue.
    fn cleared(&mut self) -> Self {
        Self { list: std::mem::take(&mut self.list), ..Self::default() }
    }
}

/// Bytes scanned at a time: one bit each in a `u64`.
const BLOCK: usize = 64;

#[cfg(target_arch = "x86_64")]
mod avx2 {
    use std::arch::x86_64::{
        __m256i, _mm256_cmpeq_epi8, _mm256_movemask_epi8, _mm256_or_si256, _mm256_set_epi64x, _mm256_set1_epi8,
    };

    use super::{BLOCK, Bytes, Marks};

    // No closures in here: a closure skipped to a function compiled without these features is not inlined.
    #[target_feature(enable = "avx2,bmi1,popcnt")]
    pub(super) fn find(marks: &mut Marks, text: &[u8], from: usize, delimiter: u8) {
        let (blocks, rest) = text[from..].as_chunks::<BLOCK>();
        let mut base = from;
        for block in blocks {
            marks.add(bytes(block, delimiter), base, BLOCK);
            base += BLOCK;
        }
        marks.add_rest(rest, base, delimiter);
    }

    /// Does what [`Bytes::of`] does.
    #[target_feature(enable = "avx2")]
    pub(super) fn bytes(block: &[u8; BLOCK], delimiter: u8) -> Bytes {
        let (low, high) = (half(block, 0), half(block, 4));
        Bytes {
            delimiters: bits(equal(low, delimiter), equal(high, delimiter)),
            breaks: bits(either(low, b'\n', b'\r'), either(high, b'\n', b'\r')),
            quotes: bits(equal(low, b'"'), equal(high, b'"')),
        }
    }

    #[target_feature(enable = "avx2")]
    fn half(block: &[u8; BLOCK], at: usize) -> __m256i {
        let (words, _) = block.as_chunks::<8>();
        let word = [words[at + 3], words[at + 2], words[at + 1], words[at]];
        let [fourth, third, second, first] = [
            i64::from_le_bytes(word[0]),
            i64::from_le_bytes(word[1]),
            i64::from_le_bytes(word[2]),
            i64::from_le_bytes(word[3]),
        ];
        _mm256_set_epi64x(fourth, third, second, first)
    }

    #[target_feature(enable = "avx2")]
    fn equal(bytes: __m256i, byte: u8) -> __m256i {
        _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(byte.cast_signed()))
    }

    #[target_feature(enable = "avx2")]
    fn either(bytes: __m256i, one: u8, other: u8) -> __m256i {
        _mm256_or_si256(equal(bytes, one), equal(bytes, other))
    }

    /// Returns one bit per byte of a block, set where the comparison matched.
    #[target_feature(enable = "avx2")]
    fn bits(low: __m256i, high: __m256i) -> u64 {
        let (low, high) = (_mm256_movemask_epi8(low).cast_unsigned(), _mm256_movemask_epi8(high).cast_unsigned());
        u64::from(low) | u64::from(high) << 32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The marks as one reads them byte by byte.
    #[derive(Debug, Default, PartialEq)]
    struct Expected {
        places: Vec<u32>,
        breaks: Vec<u32>,
        quotes: Vec<u32>,
        uneven: Vec<u32>,
        lines: Vec<u32>,
        end: End,
    }

    impl Expected {
        fn of(text: &[u8], delimiter: u8) -> Self {
            let mut found = Self::default();
            for (at, byte) in text.iter().enumerate() {
                let (at, cell) = (offset(at), offset(found.places.len()));
                let is_break = matches!(byte, b'\n' | b'\r');
                found.end = match (found.end, byte) {
                    (End::Quoted, b'"') => End::Closed,
                    (End::Quoted, _) => {
                        found.lines.extend(is_break.then_some(at));
                        End::Quoted
                    }
                    (End::Mark, b'"') => {
                        found.quotes.push(cell);
                        End::Quoted
                    }
                    (End::Closed, b'"') => {
                        found.uneven.push(cell);
                        End::Quoted
                    }
                    (_, byte) if is_break || *byte == delimiter => {
                        found.breaks.extend(is_break.then_some(cell));
                        found.places.push(at);
                        End::Mark
                    }
                    (before, _) => {
                        found.uneven.extend((before == End::Closed).then_some(cell));
                        End::Cell
                    }
                };
            }
            found
        }

        fn found(marks: &Marks) -> Self {
            let [places, breaks, quotes, uneven, lines] =
                [&marks.places, &marks.breaks, &marks.quotes, &marks.uneven, &marks.lines]
                    .map(|queue| queue.rest().to_vec());
            Self { places, breaks, quotes, uneven, lines, end: marks.end }
        }
    }

    fn texts() -> impl Strategy<Value = Vec<u8>> {
        let byte = prop_oneof![
            3 => prop::sample::select(&b",;\t\n\r\"\"a"[..]),
            1 => Just(b'"'),
            1 => any::<u8>(),
        ];
        proptest::collection::vec(byte, 0..300)
    }

    proptest! {
        /// Wherever the text is cut, and whatever stood in the memory before.
        #[test]
        fn every_mark_is_found(text in texts(), delimiter in prop::sample::select(&b",;\t"[..]), cut in 0..300_usize) {
            let cut = cut.min(text.len());
            let (mut marks, mut portable) = (Marks::default(), Marks::default());
            marks.find(&text, 0, b'a');
            marks.clear();
            marks.find(&text[..cut], 0, delimiter);
            marks.find(&text, cut, delimiter);
            portable.find_portably(&text, 0, delimiter);
            let expected = Expected::of(&text, delimiter);
            prop_assert_eq!(Expected::found(&portable), Expected::of(&text, delimiter));
            prop_assert_eq!(Expected::found(&marks), expected);
        }

        /// What has been consumed is gone, before and after another search.
        #[test]
        fn marks_are_consumed(text in texts(), skipped in 0..90_usize) {
            let mut marks = Marks::default();
            marks.find(&text, 0, b',');
            let Expected { places, breaks, quotes, uneven, .. } = Expected::of(&text, b',');
            let skipped = skipped.min(places.len());
            marks.skip(skipped);
            for _ in 0..2 {
                prop_assert_eq!(marks.remaining(), &places[skipped..]);
                marks.find(&text, text.len(), b',');
            }
            let within = |list: &[u32], last: u32| list.iter().any(|mark| *mark as usize >= skipped && *mark <= last);
            let next = breaks.iter().find(|mark| **mark as usize >= skipped);
            let expected = next.map(|last| {
                let quoting = match (within(&quotes, *last), within(&uneven, *last)) {
                    (false, _) => Quoting::None,
                    (true, false) => Quoting::Around,
                    (true, true) => Quoting::Uneven,
                };
                (places[skipped..=*last as usize].to_vec(), quoting)
            });
            let found = marks.record().map(|record| (record.ends.to_vec(), record.quoting));
            prop_assert_eq!(&found, &expected);
            if let Some((ends, _)) = found {
                prop_assert_eq!(marks.remaining().len(), places.len() - skipped - ends.len() + 1);
                marks.skip(1);
                prop_assert_eq!(marks.remaining().len(), places.len() - skipped - ends.len());
            }
        }
    }
}
