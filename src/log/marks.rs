//! Where the delimiters and line breaks of a text are: by sixty-four bytes at a time where the machine can.

/// Adds the places, from the start of `bytes`, of every delimiter, line feed and carriage return.
pub(super) fn index(bytes: &[u8], delimiter: u8, marks: &mut Vec<u32>) {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        #[expect(unsafe_code, reason = "see the proof, and the test against the plain way")]
        // SAFETY: the one thing that the function asks for is a machine with AVX2, which was made sure of just now. It
        // reads its bytes from slices, as safe code does.
        unsafe {
            wide::index(bytes, delimiter, marks);
        }
        return;
    }
    plain(bytes, delimiter, marks);
}

fn plain(bytes: &[u8], delimiter: u8, marks: &mut Vec<u32>) {
    let found = memchr::memchr3_iter(delimiter, b'\n', b'\r', bytes);
    marks.extend(found.map(|at| u32::try_from(at).unwrap_or(u32::MAX)));
}

#[cfg(target_arch = "x86_64")]
mod wide {
    use std::arch::x86_64::{
        __m256i, _mm256_cmpeq_epi8, _mm256_movemask_epi8, _mm256_or_si256, _mm256_set_epi64x, _mm256_set1_epi8,
    };

    #[target_feature(enable = "avx2")]
    pub(super) fn index(bytes: &[u8], delimiter: u8, marks: &mut Vec<u32>) {
        let wanted = [
            _mm256_set1_epi8(delimiter.cast_signed()),
            _mm256_set1_epi8(b'\n'.cast_signed()),
            _mm256_set1_epi8(b'\r'.cast_signed()),
        ];
        let (blocks, rest) = bytes.as_chunks::<64>();
        let mut base = 0;
        for block in blocks {
            let (halves, _) = block.as_chunks::<32>();
            let mut mask = u64::from(mask(&halves[0], wanted)) | u64::from(mask(&halves[1], wanted)) << 32;
            // Room for a whole block, so that a mark needs no look at the length of the list.
            marks.reserve(64);
            while mask != 0 {
                marks.push(base + mask.trailing_zeros());
                mask &= mask - 1;
            }
            base += 64;
        }
        let from = marks.len();
        super::plain(rest, delimiter, marks);
        for mark in &mut marks[from..] {
            *mark += base;
        }
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
        fn every_mark_is_found(bytes in proptest::collection::vec(any::<u8>(), 0..300), delimiter in prop::sample::select(&b",;\t"[..])) {
            let bytes: Vec<u8> = bytes.into_iter().map(|byte| if byte < 90 { b",;\t\n\r\"a"[usize::from(byte) % 7] } else { byte }).collect();
            let mut marks = Vec::new();
            index(&bytes, delimiter, &mut marks);
            let mut expected = Vec::new();
            plain(&bytes, delimiter, &mut expected);
            prop_assert_eq!(&marks, &expected);
            let is_mark = |byte: &u8| [delimiter, b'\n', b'\r'].contains(byte);
            prop_assert_eq!(expected, (0..).zip(&bytes).filter(|(_, byte)| is_mark(byte)).map(|(at, _)| at).collect::<Vec<u32>>());
        }
    }
}
