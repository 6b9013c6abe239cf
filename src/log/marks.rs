//! Where the delimiters and line breaks of a text are: by sixty-four bytes at a time where the machine can.

/// Places in a text, in their order.
#[derive(Debug, Default)]
pub(super) struct Marks {
    /// Those found, and room behind them.
    places: Vec<u32>,
    count: usize,
}

impl Marks {
    /// The place of a mark.
    #[inline]
    pub(super) fn get(&self, at: usize) -> Option<usize> {
        self.places[..self.count].get(at).map(|place| *place as usize)
    }

    /// Forgets the first of them.
    pub(super) fn forget(&mut self, first: usize) {
        self.places.copy_within(first..self.count, 0);
        self.count -= first;
    }

    /// Forgets all.
    pub(super) fn forget_all(&mut self) {
        self.count = 0;
    }

    /// Adds every delimiter, line feed and carriage return of a text from a place on.
    pub(super) fn find(&mut self, text: &[u8], from: usize, delimiter: u8) {
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
        self.places.truncate(self.count);
        let found = memchr::memchr3_iter(delimiter, b'\n', b'\r', &text[from..]);
        self.places.extend(found.map(|at| u32::try_from(from + at).unwrap_or(u32::MAX)));
        self.count = self.places.len();
    }

    /// Room for the marks of a block, if all its bytes are some.
    #[inline]
    fn room(&mut self) -> &mut [u32; BLOCK] {
        if self.places.len() < self.count + BLOCK {
            self.places.resize(2 * self.places.len() + BLOCK, 0);
        }
        let (room, _) = self.places[self.count..].as_chunks_mut();
        &mut room[0]
    }
}

const BLOCK: usize = 64;

#[cfg(target_arch = "x86_64")]
mod wide {
    use std::arch::x86_64::{
        __m256i, _mm256_cmpeq_epi8, _mm256_movemask_epi8, _mm256_or_si256, _mm256_set_epi64x, _mm256_set1_epi8,
    };

    use super::{BLOCK, Marks};

    #[target_feature(enable = "avx2,bmi1,popcnt")]
    pub(super) fn find(marks: &mut Marks, text: &[u8], from: usize, delimiter: u8) {
        let wanted = [
            _mm256_set1_epi8(delimiter.cast_signed()),
            _mm256_set1_epi8(b'\n'.cast_signed()),
            _mm256_set1_epi8(b'\r'.cast_signed()),
        ];
        let (blocks, rest) = text[from..].as_chunks::<BLOCK>();
        let mut base = u32::try_from(from).unwrap_or(u32::MAX);
        for block in blocks {
            let (halves, _) = block.as_chunks::<32>();
            let mut mask = u64::from(mask(&halves[0], wanted)) | u64::from(mask(&halves[1], wanted)) << 32;
            let count = mask.count_ones() as usize;
            let room = marks.room();
            let (eights, _) = room.as_chunks_mut::<8>();
            // Eight at a time, some of them for nothing: how many there are can't be foreseen, and asking costs more.
            for eight in eights.iter_mut().take(count.div_ceil(8).max(1)) {
                for mark in eight {
                    *mark = base + mask.trailing_zeros();
                    mask &= mask.wrapping_sub(1);
                }
            }
            marks.count += count;
            base += 64;
        }
        marks.find_plainly(text, text.len() - rest.len(), delimiter);
    }

    /// A bit for each byte: whether it is one of those wanted.
    #[target_feature(enable = "avx2")]
    fn mask(bytes: &[u8; 32], wanted: [__m256i; 3]) -> u32 {
        let (words, _) = bytes.as_chunks::<8>();
        let word = |at: usize| i64::from_le_bytes(words[at]);
        let bytes = _mm256_set_epi64x(word(3), word(2), word(1), word(0));
        let [first, second, third] = wanted;
        let found = _mm256_or_si256(
            _mm256_cmpeq_epi8(bytes, first),
            _mm256_or_si256(_mm256_cmpeq_epi8(bytes, second), _mm256_cmpeq_epi8(bytes, third)),
        );
        _mm256_movemask_epi8(found).cast_unsigned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_mark_is_found(bytes in proptest::collection::vec(any::<u8>(), 0..300), delimiter in prop::sample::select(&b",;\t"[..]), from in 0..300_usize, to in 0..300_usize) {
            let bytes: Vec<u8> = bytes.into_iter().map(|byte| if byte < 90 { b",;\t\n\r\"a"[usize::from(byte) % 7] } else { byte }).collect();
            let (mut marks, mut plainly) = (Marks::default(), Marks::default());
            // What was found before shows nowhere.
            marks.find(&bytes, 0, b'a');
            marks.forget(marks.count);
            let (from, to) = (from.min(bytes.len()), to.min(bytes.len()));
            marks.find(&bytes[..from.max(to)], from.min(to), delimiter);
            marks.find(&bytes, from.max(to), delimiter);
            plainly.find_plainly(&bytes, from.min(to), delimiter);
            prop_assert_eq!(&marks.places[..marks.count], &plainly.places);
            let is_mark = |byte: &u8| [delimiter, b'\n', b'\r'].contains(byte);
            let expected: Vec<u32> = (0..).zip(&bytes).skip(from.min(to)).filter(|(_, byte)| is_mark(byte)).map(|(at, _)| at).collect();
            prop_assert_eq!(&plainly.places, &expected);
            let forgotten = expected.len() / 3;
            marks.forget(forgotten);
            prop_assert_eq!(&marks.places[..marks.count], &expected[forgotten..]);
        }
    }
}
