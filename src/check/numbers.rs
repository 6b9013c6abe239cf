//! Finds duplicate numbers in bounded memory: numbers beyond the limit are moved to an anonymous temporary file.

use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};

use rustc_hash::FxHashSet;

use crate::platform::scratch::ScratchFile;

/// Number of numbers held in memory: 32 MiB.
const MAX_IN_MEMORY: usize = 1 << 22;
/// Number of parts that the numbers in files are split into, by their highest bits; one part at a time is read back.
const PARTS: usize = 64;
const SIZE: usize = size_of::<u64>();

/// Numbers that are hashes, so that their highest bits are evenly distributed.
#[derive(Debug)]
pub(super) struct Numbers {
    in_memory: Vec<u64>,
    max_in_memory: usize,
    files: Vec<NumberFile>,
}

/// Numbers in a temporary file.
#[derive(Debug)]
struct NumberFile {
    file: ScratchFile,
    /// One entry for each write: where each part begins, as an index of numbers in the file, and where the last ends.
    chunks: Vec<[u64; PARTS + 1]>,
}

impl Default for Numbers {
    fn default() -> Self {
        Self { in_memory: Vec::new(), max_in_memory: MAX_IN_MEMORY, files: Vec::new() }
    }
}

impl Numbers {
    pub(super) fn push(&mut self, number: u64) {
        if self.in_memory.len() >= self.max_in_memory {
            self.spill();
        }
        self.in_memory.push(number);
    }

    pub(super) fn merge(&mut self, later: Self) {
        self.files.extend(later.files);
        if self.in_memory.len() + later.in_memory.len() > self.max_in_memory {
            self.spill();
        }
        self.in_memory.extend(later.in_memory);
    }

    /// Whether they are looked through before a thread has begun.
    pub(super) fn are_few(&self) -> bool {
        self.files.is_empty() && self.in_memory.len() < 10_000
    }

    /// Returns the numbers that occur more than once.
    ///
    /// # Errors
    /// Fails if a temporary file can't be read back.
    pub(super) fn duplicates(mut self) -> io::Result<FxHashSet<u64>> {
        if self.files.is_empty() {
            return Ok(duplicates(&self.in_memory));
        }
        self.spill();
        let mut found = FxHashSet::default();
        for part in 0..PARTS {
            let in_part = |number: &u64| part_of(*number) == part;
            let mut numbers: Vec<u64> = self.in_memory.iter().copied().filter(in_part).collect();
            for file in &mut self.files {
                file.read(part, &mut numbers)?;
            }
            found.extend(duplicates(&numbers));
        }
        Ok(found)
    }

    /// Moves all numbers in memory to a file. If that fails, for example on a full disk, they stay in memory, which
    /// then grows beyond the limit.
    fn spill(&mut self) {
        let file = match self.files.pop() {
            Some(file) => Ok(file),
            None => ScratchFile::new().map(|file| NumberFile { file, chunks: Vec::new() }),
        };
        let Ok(mut file) = file else { return };
        if file.add(&self.in_memory).is_ok() {
            self.in_memory.clear();
        }
        self.files.push(file);
    }
}

impl NumberFile {
    /// Appends numbers, sorted by part.
    fn add(&mut self, numbers: &[u64]) -> io::Result<()> {
        let mut ends = [0; PARTS + 1];
        for number in numbers {
            ends[part_of(*number) + 1] += 1;
        }
        for part in 0..PARTS {
            ends[part + 1] += ends[part];
        }
        let (mut bytes, mut next) = (vec![0; numbers.len() * SIZE], ends);
        let (places, _) = bytes.as_chunks_mut::<SIZE>();
        for number in numbers {
            let next = &mut next[part_of(*number)];
            places[*next] = number.to_le_bytes();
            *next += 1;
        }
        // After the last complete chunk: a failed write may have left bytes there, which are overwritten.
        let begin = self.chunks.last().map_or(0, |chunk| chunk[PARTS]);
        self.file.seek(SeekFrom::Start(begin * SIZE as u64))?;
        self.file.write_all(&bytes)?;
        self.chunks.push(ends.map(|end| begin + end as u64));
        Ok(())
    }

    /// Appends the numbers of a part to `numbers`.
    fn read(&mut self, part: usize, numbers: &mut Vec<u64>) -> io::Result<()> {
        for chunk in &self.chunks {
            let (begin, end) = (chunk[part], chunk[part + 1]);
            let mut bytes = vec![0; usize::try_from(end - begin).map_err(io::Error::other)? * SIZE];
            self.file.seek(SeekFrom::Start(begin * SIZE as u64))?;
            self.file.read_exact(&mut bytes)?;
            numbers.extend(bytes.as_chunks::<SIZE>().0.iter().map(|bytes| u64::from_le_bytes(*bytes)));
        }
        Ok(())
    }
}

fn part_of(number: u64) -> usize {
    usize::try_from(number >> (u64::BITS - PARTS.trailing_zeros())).unwrap_or_default()
}

/// Returns the numbers that occur more than once in a list.
///
/// A bit set indexed by the high bits of the numbers rules out nearly all that occur once; a hash set compares the
/// rest.
fn duplicates(list: &[u64]) -> FxHashSet<u64> {
    let bits = (list.len() * BITS_PER_NUMBER).next_power_of_two().max(64);
    let position = |number: u64| {
        // The highest bits are shifted out: they are the same for all numbers of a part. The index always fits `usize`.
        let number = number << PARTS.trailing_zeros();
        let index = usize::try_from(number >> (u64::BITS - bits.trailing_zeros())).unwrap_or_default();
        (index / 64, 1_u64 << (index % 64))
    };
    let (mut set, mut collisions) = (vec![0_u64; bits / 64], FxHashSet::default());
    for number in list {
        let (word, bit) = position(*number);
        if set[word] & bit != 0 {
            collisions.insert((word, bit));
        }
        set[word] |= bit;
    }
    set.fill(0);
    #[expect(clippy::iter_over_hash_type, reason = "bits are set in any order")]
    for (word, bit) in collisions {
        set[word] |= bit;
    }
    let (mut seen, mut duplicates) = (FxHashSet::default(), FxHashSet::default());
    let candidates = list.iter().filter(|number| {
        let (word, bit) = position(**number);
        set[word] & bit != 0
    });
    for number in candidates {
        if !seen.insert(*number) {
            duplicates.insert(*number);
        }
    }
    duplicates
}

/// Number of bits in the bit set for each number; at most about 1 number in 16 then collides by chance.
const BITS_PER_NUMBER: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Duplicates are found whatever is spilled to files, and wherever the numbers are split.
        #[test]
        fn duplicates_are_found(
            few in proptest::collection::vec(0..40_u64, 0..60),
            spread in prop::sample::select(&[1_u64, 1 << 58, 0x9e37_79b9_7f4a_7c15][..]),
            max_in_memory in prop::sample::select(&[1, 3, 20, MAX_IN_MEMORY][..]),
            split in 0..60_usize,
        ) {
            let list: Vec<u64> = few.iter().map(|number| number.wrapping_mul(spread)).collect();
            let expected: FxHashSet<u64> =
                list.iter().copied().filter(|number| list.iter().filter(|other| *other == number).count() > 1).collect();
            let of = |list: &[u64]| {
                let mut numbers = Numbers { max_in_memory, ..Numbers::default() };
                for number in list {
                    numbers.push(*number);
                }
                numbers
            };
            let (before, later) = list.split_at(split.min(list.len()));
            let mut numbers = of(before);
            numbers.merge(of(later));
            prop_assert!(numbers.in_memory.len() <= max_in_memory.max(later.len()));
            prop_assert_eq!(numbers.duplicates().unwrap(), expected);
        }
    }
}
