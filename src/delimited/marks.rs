//! Where the cells and the records of a text end: by sixty-four bytes at a time where the machine can.

use crate::delimited::cells::short;

/// What was found in a text, in its order, and is passed over from the front. As far as single bytes tell: a delimiter
/// within quotes is a mark, too.
#[derive(Debug, Default)]
pub(super) struct Marks {
    /// The places of delimiters, line feeds and carriage returns.
    places: Queue,
    /// Which of them are no delimiters.
    breaks: Queue,
    /// Which of them end a cell that begins with a quote.
    quotes: Queue,
}

impl Marks {
    /// Where the cells of the next record end: all of them, if none begins with a quote. All but the last, which ends the
    /// record, are passed over.
    #[inline]
    pub(super) fn record(&mut self) -> Option<&[u32]> {
        let last = self.breaks.first()?;
        if self.quotes.first().is_some_and(|quote| quote <= last) {
            return None;
        }
        let first = std::mem::replace(&mut self.places.next, last as usize);
        self.places.list.get(first..=last as usize)
    }

    /// The places of all marks that were not passed over.
    #[inline]
    pub(super) fn ahead(&self) -> &[u32] {
        self.places.rest()
    }

    /// Whether one of the next so many marks is no delimiter.
    pub(super) fn have_break(&self, count: usize) -> bool {
        self.breaks.first().is_some_and(|mark| (mark as usize) < self.places.next + count)
    }

    /// Passes over so many marks.
    #[inline]
    pub(super) fn pass(&mut self, count: usize) {
        self.places.next += count;
        for of in [&mut self.breaks, &mut self.quotes] {
            while of.first().is_some_and(|mark| (mark as usize) < self.places.next) {
                of.next += 1;
            }
        }
    }

    /// Forgets all.
    pub(super) fn clear(&mut self) {
        *self = Self { places: self.places.emptied(), breaks: self.breaks.emptied(), quotes: self.quotes.emptied() };
    }

    /// Adds what is in a text from a place on. What was passed over is forgotten.
    pub(super) fn find(&mut self, text: &[u8], from: usize, delimiter: u8) {
        let gone = short(self.places.forget());
        for of in [&mut self.breaks, &mut self.quotes] {
            of.forget();
            of.list[..of.filled].iter_mut().for_each(|mark| *mark -= gone);
        }
        #[cfg(target_arch = "x86_64")]
        if std::arch::is_x86_feature_detected!("avx2")
            && std::arch::is_x86_feature_detected!("bmi1")
            && std::arch::is_x86_feature_detected!("popcnt")
        {
            #[expect(unsafe_code, reason = "see the proof, and the test against the plain way")]
            // SAFETY: what the function asks for is a machine with these three, which was made sure of just now. It
            // reads and writes by slices, as safe code does.
            unsafe {
                wide::find(self, text, from, delimiter);
            }
            return;
        }
        self.find_plainly(text, from, delimiter);
    }

    /// The same byte by byte.
    fn find_plainly(&mut self, text: &[u8], from: usize, delimiter: u8) {
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

/// Whether a cell begins at a place, the start of the text being such a one.
fn begins_cell(text: &[u8], at: usize, delimiter: u8) -> bool {
    at.checked_sub(1).is_none_or(|before| [delimiter, b'\n', b'\r'].contains(&text[before]))
}

/// Numbers in a list that is used again and again, of which the first `next` are passed over.
#[derive(Debug, Default)]
struct Queue {
    /// Up to `filled`, and room behind them.
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
        self.room(1)[0] = short(number);
        self.filled += 1;
    }

    /// Room for so many more behind those there are, and for a block that is written for nothing.
    fn room(&mut self, more: usize) -> &mut [u32] {
        let wanted = self.filled + more + BLOCK;
        if self.list.len() < wanted {
            self.list.resize(wanted.max(2 * self.list.len()), 0);
        }
        &mut self.list[self.filled..]
    }

    /// Forgets those passed over, and gives how many they were.
    fn forget(&mut self) -> usize {
        self.list.copy_within(self.next..self.filled, 0);
        self.filled -= self.next;
        std::mem::take(&mut self.next)
    }

    /// The same list with nothing in it.
    fn emptied(&mut self) -> Self {
        Self { list: std::mem::take(&mut self.list), ..Self::default() }
    }
}

const BLOCK: usize = 64;

#[cfg(target_arch = "x86_64")]
mod wide {
    use std::arch::x86_64::{
        __m256i, _mm256_cmpeq_epi8, _mm256_movemask_epi8, _mm256_or_si256, _mm256_set_epi64x, _mm256_set1_epi8,
    };

    use super::{BLOCK, Marks, begins_cell, short};

    // No closures within: what is handed to a function without these features is called and not woven in.
    #[target_feature(enable = "avx2,bmi1,popcnt")]
    pub(super) fn find(marks: &mut Marks, text: &[u8], from: usize, delimiter: u8) {
        let (blocks, rest) = text[from..].as_chunks::<BLOCK>();
        let most = text.len() - from;
        let (mut base, first) = (short(from), short(marks.places.filled));
        let (places, breaks, quotes) = (marks.places.room(most), marks.breaks.room(most), marks.quotes.room(most));
        let (mut found, mut ended, mut opened) = (0, 0, 0);
        let mut begins = u64::from(begins_cell(text, from, delimiter));
        for block in blocks {
            let (low, high) = (half(block, 0), half(block, 4));
            let delimiters = (equal(low, delimiter), equal(high, delimiter));
            let ends = (either(low, b'\n', b'\r'), either(high, b'\n', b'\r'));
            let all = bits(_mm256_or_si256(delimiters.0, ends.0), _mm256_or_si256(delimiters.1, ends.1));
            // Not the bits of the ends as they are: of these the compiler makes a shuffle of single bytes.
            let ends = all & !bits(delimiters.0, delimiters.1);
            let mut opening = bits(equal(low, b'"'), equal(high, b'"')) & (all << 1 | begins);
            begins = all >> (BLOCK - 1);

            let before = first + short(found);
            // Most blocks have one line break or none: it is written anyway, and counts if it is one.
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
            // Eight at a time, some of them for nothing: how many there are can't be foreseen, and asking costs more.
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
        marks.find_plainly(text, text.len() - rest.len(), delimiter);
    }

    /// How many marks there are before the first of some of those in a block.
    #[target_feature(enable = "bmi1,popcnt")]
    fn rank(all: u64, of: u64) -> u32 {
        (all & (of ^ of.wrapping_sub(1)) >> 1).count_ones()
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
    fn equal(bytes: __m256i, wanted: u8) -> __m256i {
        _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(wanted.cast_signed()))
    }

    #[target_feature(enable = "avx2")]
    fn either(bytes: __m256i, one: u8, other: u8) -> __m256i {
        _mm256_or_si256(equal(bytes, one), equal(bytes, other))
    }

    /// A bit for each byte of a block that was found.
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
        fn every_mark_is_found(bytes in proptest::collection::vec(any::<u8>(), 0..300), delimiter in prop::sample::select(&b",;\t"[..]), cut in 0..300_usize, passed in 0..90_usize) {
            let bytes: Vec<u8> = bytes.into_iter().map(|byte| if byte < 90 { b",;\t\n\r\"a"[usize::from(byte) % 7] } else { byte }).collect();
            let cut = cut.min(bytes.len());
            let (mut marks, mut plainly) = (Marks::default(), Marks::default());
            // What was found before shows nowhere.
            marks.find(&bytes, 0, b'a');
            marks.clear();
            marks.find(&bytes[..cut], 0, delimiter);
            marks.find(&bytes, cut, delimiter);
            plainly.find_plainly(&bytes, 0, delimiter);
            prop_assert_eq!(lists(&marks), lists(&plainly));

            let is_mark = |byte: &u8| [delimiter, b'\n', b'\r'].contains(byte);
            let places: Vec<usize> = (0..bytes.len()).filter(|at| is_mark(&bytes[*at])).collect();
            let breaks: Vec<usize> = (0..places.len()).filter(|mark| bytes[places[*mark]] != delimiter).collect();
            let begins = std::iter::once(0).chain(places.iter().map(|place| place + 1)).enumerate();
            let quotes: Vec<usize> = begins.filter(|(_, at)| bytes.get(*at) == Some(&b'"')).map(|(mark, _)| mark).collect();
            for (list, expected) in lists(&plainly).into_iter().zip([&places, &breaks, &quotes]) {
                prop_assert_eq!(list.iter().map(|number| *number as usize).collect::<Vec<_>>(), expected.clone());
            }

            // What is passed over is gone, before and after more is looked for.
            let passed = passed.min(places.len());
            marks.pass(passed);
            for _ in 0..2 {
                prop_assert_eq!(marks.ahead().len(), places.len() - passed);
                let next = breaks.iter().find(|mark| **mark >= passed);
                prop_assert_eq!(marks.have_break(2), next.is_some_and(|mark| *mark < passed + 2));
                marks.find(&bytes, bytes.len(), delimiter);
            }
            let next = breaks.iter().find(|mark| **mark >= passed);
            let record = next.filter(|last| !quotes.iter().any(|quote| (passed..=**last).contains(quote)));
            let expected = record.map(|last| &places[passed..=*last]);
            let found = marks.record().map(|ends| ends.iter().map(|end| *end as usize).collect::<Vec<_>>());
            prop_assert_eq!(found.as_deref(), expected);
            if let Some(last) = record {
                prop_assert_eq!(marks.ahead().len(), places.len() - last);
                marks.pass(1);
                prop_assert_eq!(marks.ahead().len(), places.len() - last - 1);
                prop_assert!(marks.have_break(1) == breaks.contains(&(last + 1)));
            }
        }
    }
}
