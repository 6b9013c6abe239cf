//! The heights of rows, or the widths of columns, and where each begins.

/// The rows or the columns of a sheet.
#[derive(Clone, Debug)]
pub(crate) struct Axis {
    /// The size of those of which nothing is told.
    usual: i64,
    /// Their number.
    count: u32,
    /// In order, without gaps of their own: those between have the usual size.
    runs: Vec<Run>,
}

/// Neighbours of the same size.
#[derive(Clone, Copy, Debug)]
struct Run {
    first: u32,
    last: u32,
    size: i64,
    /// Where the first begins.
    start: i64,
}

/// The sizes that a sheet tells, as they are told.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sizes(Vec<(u32, u32, i64)>);

/// No row or column is larger, in EMU (360,000 a centimetre).
const MAX_SIZE: i64 = 1 << 30;
/// The number of rows or columns that a picture is looked for in: one over more is no photo of a row.
const MAX_COVERED: usize = 256;

impl Sizes {
    /// Adds the size of neighbours, in EMU.
    pub(crate) fn push(&mut self, first: u32, last: u32, size: i64) {
        let size = size.clamp(0, MAX_SIZE);
        match self.0.last_mut() {
            Some(before) if before.2 == size && before.1.checked_add(1) == Some(first) => before.1 = last.max(first),
            _ if last >= first => self.0.push((first, last, size)),
            _ => {}
        }
    }
}

impl Axis {
    /// Makes the rows or columns, of which those that are not told have the usual size.
    pub(crate) fn new(mut sizes: Sizes, usual: i64, count: u32) -> Self {
        let usual = usual.clamp(0, MAX_SIZE);
        sizes.0.sort_by_key(|(first, ..)| *first);
        let (mut runs, mut next, mut start) = (Vec::with_capacity(sizes.0.len()), 0_u32, 0_i64);
        for (first, last, size) in sizes.0 {
            // What is told twice is as it was told first.
            let (first, last) = (first.max(next), last.min(count.saturating_sub(1)));
            if first <= last {
                start += i64::from(first - next) * usual;
                runs.push(Run { first, last, size, start });
                start += i64::from(last - first + 1) * size;
                next = last + 1;
            }
        }
        Self { usual, count, runs }
    }

    /// Returns the last that has the size of one from it on without a gap, and the size.
    fn stretch(&self, index: u32) -> (u32, i64) {
        let at = self.runs.partition_point(|run| run.last < index);
        match self.runs.get(at) {
            Some(run) if run.first <= index => (run.last, run.size),
            Some(run) => (run.first - 1, self.usual),
            None => (u32::MAX, self.usual),
        }
    }

    /// Returns the size of one.
    pub(crate) fn size(&self, index: u32) -> i64 {
        self.stretch(index).1
    }

    /// Returns where one begins.
    pub(crate) fn start(&self, index: u32) -> i64 {
        let at = self.runs.partition_point(|run| run.first <= index);
        match at.checked_sub(1).and_then(|at| self.runs.get(at)) {
            None => i64::from(index) * self.usual,
            Some(run) if index <= run.last => run.start + i64::from(index - run.first) * run.size,
            Some(run) => run.end() + i64::from(index - run.last - 1) * self.usual,
        }
    }

    /// Returns the number of the last one.
    pub(crate) fn last(&self) -> u32 {
        self.count.saturating_sub(1)
    }

    /// Returns the one that a place lies in, or the last one, if it is beyond all.
    pub(crate) fn at(&self, place: i64) -> u32 {
        let steps = |way: i64, size: i64| u32::try_from(way.max(0).checked_div(size).unwrap_or(0)).unwrap_or(u32::MAX);
        let at = self.runs.partition_point(|run| run.start <= place);
        let index = match at.checked_sub(1).and_then(|at| self.runs.get(at)) {
            None => steps(place, self.usual),
            Some(run) if place < run.end() => run.first.saturating_add(steps(place - run.start, run.size)),
            Some(run) => (run.last + 1).saturating_add(steps(place - run.end(), self.usual)),
        };
        index.min(self.last())
    }

    /// Returns those between two places, each with how much of it lies there; those without size are passed over.
    pub(crate) fn covered(&self, from: i64, to: i64) -> Vec<(u32, i64)> {
        let (mut covered, mut index) = (Vec::new(), self.at(from));
        // Each step meets one with a size, or passes over a stretch of those without.
        for _ in 0..4 * MAX_COVERED {
            let start = self.start(index);
            if start >= to || index >= self.count || covered.len() == MAX_COVERED {
                break;
            }
            let (last, size) = self.stretch(index);
            let part = (start + size).min(to) - start.max(from);
            if size == 0 {
                index = last;
            } else if part > 0 {
                covered.push((index, part));
            }
            let Some(next) = index.checked_add(1) else { break };
            index = next;
        }
        covered
    }
}

impl Run {
    fn end(&self) -> i64 {
        self.start + i64::from(self.last - self.first + 1) * self.size
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn axis(told: &[(u32, u32, i64)], usual: i64) -> Axis {
        let mut sizes = Sizes::default();
        for (first, last, size) in told {
            sizes.push(*first, *last, *size);
        }
        Axis::new(sizes, usual, 100)
    }

    #[test]
    fn what_is_hidden_is_passed_over() {
        // 0: 10, 1: 20, 2 to 4: hidden, 5: 30, then 10 each.
        let axis = axis(&[(1, 1, 20), (2, 2, 0), (3, 4, 0), (5, 5, 30)], 10);
        assert_eq!(axis.covered(0, 40), [(0, 10), (1, 20), (5, 10)]);
        assert_eq!(axis.covered(28, 35), [(1, 2), (5, 5)]);
        assert_eq!(axis.covered(60, 75), [(6, 10), (7, 5)]);
        assert_eq!(axis.covered(30, 30), []);
        assert_eq!((axis.start(3), axis.start(6), axis.size(3), axis.size(99)), (30, 60, 0, 10));
    }

    proptest! {
        /// Places and sizes are those of adding up one by one.
        #[test]
        fn an_axis_is_a_sum(
            told in proptest::collection::vec((0..120_u32, 0..9_u32, 0..5_i64), 0..12), usual in 0..4_i64,
            (from, length) in (0..300_i64, 0..60_i64),
        ) {
            let told: Vec<_> = told.into_iter().map(|(first, more, size)| (first, first + more, size)).collect();
            let axis = axis(&told, usual);
            let mut sorted = Sizes::default();
            for (first, last, size) in &told {
                sorted.push(*first, *last, *size);
            }
            let mut sorted = sorted.0;
            sorted.sort_by_key(|(first, ..)| *first);
            let mut sizes = vec![usual; 100];
            let mut next = 0;
            for (first, last, size) in sorted {
                for index in first.max(next)..=last.min(99) {
                    sizes[index as usize] = size;
                    next = next.max(index + 1);
                }
            }
            let mut start = 0;
            let mut covered = Vec::new();
            for (index, size) in (0_u32..).zip(&sizes) {
                prop_assert_eq!((axis.start(index), axis.size(index)), (start, *size));
                let part = (start + size).min(from + length) - start.max(from);
                if part > 0 {
                    covered.push((index, part));
                }
                start += size;
            }
            // Beyond the last one there is none.
            prop_assert_eq!(axis.covered(from, from + length), covered);
        }
    }
}
