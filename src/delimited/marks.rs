//! Finds the ends of cells and records in a text, 64 bytes at a time where the CPU has AVX2.

use crate::delimited::cells::offset;

/// The marks of a text in order, consumed from the front. Marks are found byte by byte, without regard to quoting: a
/// delimiter inside quotes is a mark, too.
#[derive(Debug, Default)]
pub(super) struct Marks {
    /// Offsets of delimiters, line feeds and carriage returns.
    places: Queue,
    /// Indices into `places` of line feeds and carriage returns.
    breaks: Queue,
    /// Indices into `places` of the marks that end a cell beginning with a quote.
    quotes: Queue,
}

impl Marks {
    /// Returns the ends of all cells of the next record, and consumes all of them but the last, which ends the record.
    ///
    /// `None` if a cell of the record begins with a quote, or if the record has no end yet.
    #[inline]
    pub(super) fn record(&mut self) -> Option<&[u32]> {
        let last = self.breaks.first()?;
        if self.quotes.first().is_some_and(|quote| quote <= last) {
            return None;
        }
        let first = std::mem::replace(&mut self.places.next, last as usize);
        self.places.list.get(first..=last as usize)
    }

    /// Returns the offsets of all marks that have not been consumed.
    #[inline]
    pub(super) fn remaining(&self) -> &[u32] {
        self.places.rest()
    }

    /// Whether one of the next `count` marks is a line break.
    pub(super) fn has_break_within(&self, count: usize) -> bool {
        self.breaks.first().is_some_and(|mark| (mark as usize) < self.places.next + count)
    }

    /// Consumes `count` marks.
    #[inline]
    pub(super) fn skip(&mut self, count: usize) {
        self.places.next += count;
        for queue in [&mut self.breaks, &mut self.quotes] {
            while queue.first().is_some_and(|mark| (mark as usize) < self.places.next) {
                queue.next += 1;
            }
        }
    }

    /// Removes all marks, but keeps the memory.
    pub(super) fn clear(&mut self) {
        *self = Self { places: self.places.cleared(), breaks: self.breaks.cleared(), quotes: self.quotes.cleared() };
    }

    /// Adds the marks in `text` from offset `from` on. Consumed marks are dropped.
    pub(super) fn find(&mut self, text: &[u8], from: usize, delimiter: u8) {
        let dropped = offset(self.places.drop_consumed());
        for queue in [&mut self.breaks, &mut self.quotes] {
            queue.drop_consumed();
            queue.list[..queue.filled].iter_mut().for_each(|mark| *mark -= dropped);
        }
        #[cfg(target_arch = "x86_64")]
        if std::arch::is_x86_feature_detected!("avx2")
            && std::arch::is_x86_feature_detected!("bmi1")
            && std::arch::is_x86_feature_detected!("popcnt")
        {
            #[expect(unsafe_code, reason = "see the proof, and the test against the scalar version")]
            // SAFETY: the function requires a CPU with these three features, which was checked just above. It reads and
            // writes through slices only, as safe code does.
            unsafe {
                avx2::find(self, text, from, delimiter);
            }
            return;
        }
        self.find_scalar(text, from, delimiter);
    }

    /// Does what [`Marks::find`] does, without SIMD.
    fn find_scalar(&mut self, text: &[u8], from: usize, delimiter: u8) {
        if begins_cell(text, from, delimiter) && text.get(from) == Some(&b'"') {
            self.quotes.push(self.places.filled);
        }
        for place in memchr::memchr3_iter(delimiter, b'\n', b'\r', &text[from..]).map(|at| from + at) {
            if text[place] != delimiter {
                self.breaks.push(self.places.filled);
            }
            self.places.push(place);
            if text.get(place + 1) == Some(&b'"') {
                self.quotes.push(self.places.filled);
            }
        }
    }
}

/// Whether a cell begins at offset `at`; one does at the start of the text.
fn begins_cell(text: &[u8], at: usize, delimiter: u8) -> bool {
    at.checked_sub(1).is_none_or(|before| [delimiter, b'\n', b'\r'].contains(&text[before]))
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

    fn push(&mut self, number: usize) {
        self.reserve(1)[0] = offset(number);
        self.filled += 1;
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

    use super::{BLOCK, Marks, begins_cell, offset};

    // No closures in here: a closure skipped to a function compiled without these features is not inlined.
    #[target_feature(enable = "avx2,bmi1,popcnt")]
    pub(super) fn find(marks: &mut Marks, text: &[u8], from: usize, delimiter: u8) {
        let (blocks, rest) = text[from..].as_chunks::<BLOCK>();
        let length = text.len() - from;
        let (mut base, first) = (offset(from), offset(marks.places.filled));
        let (places, breaks) = (marks.places.reserve(length), marks.breaks.reserve(length));
        let quotes = marks.quotes.reserve(length);
        let (mut found, mut ended, mut opened) = (0, 0, 0);
        let mut begins = u64::from(begins_cell(text, from, delimiter));
        for block in blocks {
            let (low, high) = (half(block, 0), half(block, 4));
            let delimiters = (equal(low, delimiter), equal(high, delimiter));
            let ends = (either(low, b'\n', b'\r'), either(high, b'\n', b'\r'));
            let all = bits(_mm256_or_si256(delimiters.0, ends.0), _mm256_or_si256(delimiters.1, ends.1));
            // Not simply the bits of `ends`: for those the compiler emits a shuffle of single bytes.
            let ends = all & !bits(delimiters.0, delimiters.1);
            let mut opening = bits(equal(low, b'"'), equal(high, b'"')) & (all << 1 | begins);
            begins = all >> (BLOCK - 1);

            let before = first + offset(found);
            // Most blocks have at most one line break: write one unconditionally, and count it only if it exists.
            breaks[ended] = before + rank(all, ends);
            ended += usize::from(ends != 0);
            let mut more = ends & ends.wrapping_sub(1);
            while more != 0 {
                breaks[ended] = before + rank(all, more);
                ended += 1;
                more &= more - 1;
            }
            while opening != 0 {
                quotes[opened] = before + rank(all, opening);
                opened += 1;
                opening &= opening - 1;
            }

            let mut left = all;
            // Write eight at a time, some of them speculatively: their number is unpredictable, so a branch per mark
            // costs more.
            let (eights, _) = places[found..].as_chunks_mut::<8>();
            for eight in eights {
                for mark in eight {
                    *mark = base + left.trailing_zeros();
                    left &= left.wrapping_sub(1);
                }
                if left == 0 {
                    break;
                }
            }
            found += all.count_ones() as usize;
            base += 64;
        }
        marks.places.filled += found;
        marks.breaks.filled += ended;
        marks.quotes.filled += opened;
        marks.find_scalar(text, text.len() - rest.len(), delimiter);
    }

    /// Returns the number of marks in `all` before the first one in `subset`.
    #[target_feature(enable = "bmi1,popcnt")]
    fn rank(all: u64, subset: u64) -> u32 {
        (all & (subset ^ subset.wrapping_sub(1)) >> 1).count_ones()
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

    fn lists(marks: &Marks) -> [&[u32]; 3] {
        [&marks.places, &marks.breaks, &marks.quotes].map(Queue::rest)
    }

    proptest! {
        #[test]
        fn every_mark_is_found(bytes in proptest::collection::vec(any::<u8>(), 0..300), delimiter in prop::sample::select(&b",;\t"[..]), cut in 0..300_usize, skipped in 0..90_usize) {
            let bytes: Vec<u8> = bytes.into_iter().map(|byte| if byte < 90 { b",;\t\n\r\"a"[usize::from(byte) % 7] } else { byte }).collect();
            let cut = cut.min(bytes.len());
            let (mut marks, mut scalar) = (Marks::default(), Marks::default());
            // Earlier marks leave no trace.
            marks.find(&bytes, 0, b'a');
            marks.clear();
            marks.find(&bytes[..cut], 0, delimiter);
            marks.find(&bytes, cut, delimiter);
            scalar.find_scalar(&bytes, 0, delimiter);
            prop_assert_eq!(lists(&marks), lists(&scalar));

            let is_mark = |byte: &u8| [delimiter, b'\n', b'\r'].contains(byte);
            let places: Vec<usize> = (0..bytes.len()).filter(|at| is_mark(&bytes[*at])).collect();
            let breaks: Vec<usize> = (0..places.len()).filter(|mark| bytes[places[*mark]] != delimiter).collect();
            let begins = std::iter::once(0).chain(places.iter().map(|place| place + 1)).enumerate();
            let quotes: Vec<usize> = begins.filter(|(_, at)| bytes.get(*at) == Some(&b'"')).map(|(mark, _)| mark).collect();
            for (list, expected) in lists(&scalar).into_iter().zip([&places, &breaks, &quotes]) {
                prop_assert_eq!(list.iter().map(|number| *number as usize).collect::<Vec<_>>(), expected.clone());
            }

            // Consumed marks are gone, before and after another search.
            let skipped = skipped.min(places.len());
            marks.skip(skipped);
            for _ in 0..2 {
                prop_assert_eq!(marks.remaining().len(), places.len() - skipped);
                let next = breaks.iter().find(|mark| **mark >= skipped);
                prop_assert_eq!(marks.has_break_within(2), next.is_some_and(|mark| *mark < skipped + 2));
                marks.find(&bytes, bytes.len(), delimiter);
            }
            let next = breaks.iter().find(|mark| **mark >= skipped);
            let record = next.filter(|last| !quotes.iter().any(|quote| (skipped..=**last).contains(quote)));
            let expected = record.map(|last| &places[skipped..=*last]);
            let found = marks.record().map(|ends| ends.iter().map(|end| *end as usize).collect::<Vec<_>>());
            prop_assert_eq!(found.as_deref(), expected);
            if let Some(last) = record {
                prop_assert_eq!(marks.remaining().len(), places.len() - last);
                marks.skip(1);
                prop_assert_eq!(marks.remaining().len(), places.len() - last - 1);
                prop_assert!(marks.has_break_within(1) == breaks.contains(&(last + 1)));
            }
        }
    }
}
