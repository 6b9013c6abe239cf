//! Which numbers are duplicates, of however many there are: what is more than the memory should hold lies in a nameless
//! file.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};

use rustc_hash::FxHashSet;

/// So many numbers are held, thirty-two megabytes; more are put away.
const MOST: usize = 1 << 22;
/// What was put away is looked at in so many parts, one after another.
const PARTS: usize = 64;
const SIZE: usize = size_of::<u64>();

/// Numbers that are hashes: their first bits fall evenly.
#[derive(Debug)]
pub(super) struct Numbers {
    here: Vec<u64>,
    most: usize,
    away: Vec<Away>,
}

/// Numbers in a file, in parts by their first bits.
#[derive(Debug)]
struct Away {
    file: File,
    /// For each time that some were put away, where each part begins, by numbers, and where the last ends.
    chunks: Vec<[u64; PARTS + 1]>,
}

impl Default for Numbers {
    fn default() -> Self {
        Self { here: Vec::new(), most: MOST, away: Vec::new() }
    }
}

impl Numbers {
    pub(super) fn push(&mut self, number: u64) {
        if self.here.len() >= self.most {
            self.put_away();
        }
        self.here.push(number);
    }

    pub(super) fn merge(&mut self, later: Self) {
        self.away.extend(later.away);
        if self.here.len() + later.here.len() > self.most {
            self.put_away();
        }
        self.here.extend(later.here);
    }

    /// The numbers that come more than once.
    ///
    /// # Errors
    /// What was put away can't be read again.
    pub(super) fn twice(mut self) -> io::Result<FxHashSet<u64>> {
        if self.away.is_empty() {
            return Ok(twice(&self.here));
        }
        self.put_away();
        let mut found = FxHashSet::default();
        for part in 0..PARTS {
            let mut numbers: Vec<u64> = self.here.iter().copied().filter(|number| part_of(*number) == part).collect();
            for away in &mut self.away {
                away.read(part, &mut numbers)?;
            }
            found.extend(twice(&numbers));
        }
        Ok(found)
    }

    /// Puts all numbers away. If there is no room for them they stay where they are: the memory is what it costs.
    fn put_away(&mut self) {
        let away = match self.away.pop() {
            Some(away) => Ok(away),
            None => tempfile::tempfile().map(|file| Away { file, chunks: Vec::new() }),
        };
        let Ok(mut away) = away else { return };
        if away.add(&self.here).is_ok() {
            self.here.clear();
        }
        self.away.push(away);
    }
}

impl Away {
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
        // Behind what counts, whatever an earlier try has left there.
        let begin = self.chunks.last().map_or(0, |chunk| chunk[PARTS]);
        self.file.seek(SeekFrom::Start(begin * SIZE as u64))?;
        self.file.write_all(&bytes)?;
        self.chunks.push(ends.map(|end| begin + end as u64));
        Ok(())
    }

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

/// The numbers that a list has more than once.
///
/// A bit for each of many beginnings tells nearly all that stand once. What is left is counted.
fn twice(list: &[u64]) -> FxHashSet<u64> {
    let bits = (list.len() * BITS_EACH).next_power_of_two().max(64);
    let place = |number: u64| {
        // Behind the bits that all numbers of a part have. No list is so long that a place is beyond what can be counted.
        let number = number << PARTS.trailing_zeros();
        let place = usize::try_from(number >> (u64::BITS - bits.trailing_zeros())).unwrap_or_default();
        (place / 64, 1_u64 << (place % 64))
    };
    let (mut met, mut again) = (vec![0_u64; bits / 64], FxHashSet::default());
    for number in list {
        let (word, bit) = place(*number);
        if met[word] & bit != 0 {
            again.insert((word, bit));
        }
        met[word] |= bit;
    }
    met.fill(0);
    #[expect(clippy::iter_over_hash_type, reason = "bits are set in any order")]
    for (word, bit) in again {
        met[word] |= bit;
    }
    let (mut seen, mut twice) = (FxHashSet::default(), FxHashSet::default());
    let suspects = list.iter().filter(|number| {
        let (word, bit) = place(**number);
        met[word] & bit != 0
    });
    for number in suspects {
        if !seen.insert(*number) {
            twice.insert(*number);
        }
    }
    twice
}

/// So many bits for each number: one in thirty meets another by chance.
const BITS_EACH: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Whatever is put away, and wherever the numbers are split, duplicates are found.
        #[test]
        fn duplicates_are_found(
            few in proptest::collection::vec(0..40_u64, 0..60),
            spread in prop::sample::select(&[1_u64, 1 << 58, 0x9e37_79b9_7f4a_7c15][..]),
            most in prop::sample::select(&[1, 3, 20, MOST][..]),
            split in 0..60_usize,
        ) {
            let list: Vec<u64> = few.iter().map(|number| number.wrapping_mul(spread)).collect();
            let expected: FxHashSet<u64> =
                list.iter().copied().filter(|number| list.iter().filter(|other| *other == number).count() > 1).collect();
            let of = |list: &[u64]| {
                let mut numbers = Numbers { most, ..Numbers::default() };
                for number in list {
                    numbers.push(*number);
                }
                numbers
            };
            let (before, later) = list.split_at(split.min(list.len()));
            let mut numbers = of(before);
            numbers.merge(of(later));
            prop_assert!(numbers.here.len() <= most.max(later.len()));
            prop_assert_eq!(numbers.twice().unwrap(), expected);
        }
    }
}
