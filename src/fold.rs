//! What is computed over rows.
//!
//! Everything duban computes from logs — counts, checks, selections — is a fold: it is pushed one
//! item after another, and two folds over neighbouring pieces merge into what one fold over both
//! pieces would have given. So files, and pieces of a file, can be worked on apart.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

/// Does so many pieces of work, as many at a time as the machine has processors, and gives what came of them in order.
pub(crate) fn side_by_side<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let mut results = Vec::with_capacity(count);
    let mut keep = |result| -> Result<(), Infallible> {
        results.push(result);
        Ok(())
    };
    let Ok(()) = in_order(&mut vec![(); processors()], count, |(), index| work(index), &mut keep);
    results
}

/// Does so many pieces of work, each by the next of the workers that is free, and hands on what came of them in order
/// while the work goes on. Workers are never further ahead than [`AHEAD`] pieces each.
///
/// # Errors
/// What `each` says; then no more work is begun.
pub(crate) fn in_order<W: Send, T: Send, E>(
    workers: &mut [W],
    count: usize,
    work: impl Fn(&mut W, usize) -> T + Sync,
    each: &mut dyn FnMut(T) -> Result<(), E>,
) -> Result<(), E> {
    let needed = workers.len().min(count);
    if let ([worker, ..], ..=1) = (&mut *workers, needed) {
        return (0..count).try_for_each(|index| each(work(worker, index)));
    }
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        let (done, results) = mpsc::sync_channel(AHEAD * needed);
        for worker in workers.iter_mut().take(needed) {
            let (next, work, done) = (&next, &work, done.clone());
            scope.spawn(move || {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    // Nobody receives any more once an error has ended it.
                    if index >= count || done.send((index, work(worker, index))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(done);
        let mut early = BTreeMap::new();
        let mut wanted = 0;
        for (index, result) in results {
            early.insert(index, result);
            while let Some(result) = early.remove(&wanted) {
                each(result)?;
                wanted += 1;
            }
        }
        Ok(())
    })
}

/// How many results of each worker may wait.
const AHEAD: usize = 16;

/// How many processors there are to work with.
pub(crate) fn processors() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// A computation over a stream of items.
///
/// The law that every implementation keeps, and that tests check: for any split of the items,
/// pushing all of them equals pushing each part to a fresh fold and merging these in order.
pub trait Fold<Item: ?Sized> {
    /// Takes the next item.
    fn push(&mut self, item: &Item);

    /// Takes what was computed over the items that come right after this fold's own.
    fn merge(&mut self, later: Self);
}

impl<Item: ?Sized, A: Fold<Item>, B: Fold<Item>> Fold<Item> for (A, B) {
    fn push(&mut self, item: &Item) {
        self.0.push(item);
        self.1.push(item);
    }

    fn merge(&mut self, later: Self) {
        self.0.merge(later.0);
        self.1.merge(later.1);
    }
}

impl<Item: ?Sized, A: Fold<Item>> Fold<Item> for Option<A> {
    fn push(&mut self, item: &Item) {
        if let Some(fold) = self {
            fold.push(item);
        }
    }

    fn merge(&mut self, later: Self) {
        match (self.as_mut(), later) {
            (Some(fold), Some(later)) => fold.merge(later),
            (None, later) => *self = later,
            (Some(_), None) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order_whoever_is_first() {
        let mut workers = [1_u64, 7, 3];
        let mut seen = Vec::new();
        let work = |worker: &mut u64, index: usize| {
            // Some take longer than others.
            let busy = (0..*worker * (index as u64 % 5) * 1000).fold(0_u64, u64::wrapping_add);
            (index, busy > 0)
        };
        let all = in_order(&mut workers, 200, work, &mut |(index, _)| -> Result<(), usize> {
            seen.push(index);
            Ok(())
        });
        assert_eq!((all, seen), (Ok(()), (0..200).collect()));
        let stopped = in_order(&mut workers, 200, work, &mut |(index, _)| if index < 5 { Ok(()) } else { Err(index) });
        assert_eq!(stopped, Err(5));
        assert_eq!(side_by_side(0, |index| index), Vec::<usize>::new());
    }
}
