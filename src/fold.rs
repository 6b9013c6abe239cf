//! Folds over rows, and parallel work whose results are used in order.
//!
//! Everything duban computes from logs (counts, checks, selections) is a fold: it takes one item after another, and two
//! folds over adjacent pieces merge into the fold over both. Files, and pieces of a file, can therefore be processed
//! independently.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;

use crate::platform::threads::processors;

/// Runs `work` for the indices below `count` on all processors, and returns the results in order.
pub(crate) fn side_by_side<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let mut results = Vec::with_capacity(count);
    let mut keep = |result| -> Result<(), Infallible> {
        results.push(result);
        Ok(())
    };
    let mut workers = vec![(); processors().min(count)];
    let Ok(()) = in_order(&mut workers, up_to(count), |(), index| work(index), &mut keep);
    results
}

/// Maps items in parallel, and returns the results in order.
pub(crate) fn mapped<A: Sync, B: Send>(items: &[A], work: impl Fn(&A) -> B + Sync) -> Vec<B> {
    let chunks: Vec<&[A]> = items.chunks(CHUNK).collect();
    let mapped = side_by_side(chunks.len(), |chunk| chunks[chunk].iter().map(&work).collect::<Vec<B>>());
    mapped.into_iter().flatten().collect()
}

/// Number of items that are worth handing to a thread.
const CHUNK: usize = 512;

/// Yields the numbers below `count` as jobs for [`in_order`].
pub(crate) fn up_to<W>(count: usize) -> impl FnMut(&mut W) -> Option<usize> + Send {
    let mut numbers = 0..count;
    move |_| numbers.next()
}

/// Runs the jobs from `next` on parallel workers, and passes the results to `each` in the order of the jobs.
///
/// A job goes to the next free worker. `next` is called by one worker at a time. At most [`AHEAD`] finished results per
/// worker wait in the channel, so that workers don't run far ahead of `each`.
///
/// # Errors
/// The first error of `each`; no further jobs are started.
pub(crate) fn in_order<W: Send, J, T: Send, E>(
    workers: &mut [W],
    mut next: impl FnMut(&mut W) -> Option<J> + Send,
    work: impl Fn(&mut W, J) -> T + Sync,
    each: &mut dyn FnMut(T) -> Result<(), E>,
) -> Result<(), E> {
    if let [worker] = workers {
        while let Some(job) = next(worker) {
            each(work(worker, job))?;
        }
        return Ok(());
    }
    let numbered = Mutex::new((0_usize, next));
    let numbered = &numbered;
    let take = move |worker: &mut W| {
        let mut numbered = numbered.lock().unwrap_or_else(PoisonError::into_inner);
        let (number, next) = &mut *numbered;
        let job = next(worker)?;
        *number += 1;
        Some((*number - 1, job))
    };
    thread::scope(|scope| {
        let (done, results) = mpsc::sync_channel(AHEAD * workers.len());
        for worker in workers {
            let (take, work, done) = (&take, &work, done.clone());
            scope.spawn(move || {
                while let Some((number, job)) = take(worker) {
                    // The receiver is gone once `each` has failed.
                    if done.send((number, work(worker, job))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(done);
        let mut early = BTreeMap::new();
        let mut expected = 0;
        for (number, result) in results {
            early.insert(number, result);
            while let Some(result) = early.remove(&expected) {
                each(result)?;
                expected += 1;
            }
        }
        Ok(())
    })
}

/// Number of finished results per worker that may wait in the channel.
const AHEAD: usize = 16;

/// A computation over a stream of items.
///
/// Every implementation obeys this law, which tests check: for any split of the items, pushing all of them is equal to
/// pushing each part to an empty fold and merging these in order.
pub trait Fold<Item: ?Sized> {
    /// Whether the items may come in any order, and folds be merged in any: then a reader needs one fold, whatever pieces
    /// it reads.
    const ANY_ORDER: bool = false;

    /// Adds the next item.
    fn push(&mut self, item: &Item);

    /// Adds a fold over the items that directly follow this fold's own.
    fn merge(&mut self, later: Self);
}

impl<Item: ?Sized, A: Fold<Item>, B: Fold<Item>> Fold<Item> for (A, B) {
    const ANY_ORDER: bool = A::ANY_ORDER && B::ANY_ORDER;

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
    const ANY_ORDER: bool = A::ANY_ORDER;

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
        let all = in_order(&mut workers, up_to(200), work, &mut |(index, _)| -> Result<(), usize> {
            seen.push(index);
            Ok(())
        });
        assert_eq!((all, seen), (Ok(()), (0..200).collect()));
        let stopped =
            in_order(&mut workers, up_to(200), work, &mut |(index, _)| if index < 5 { Ok(()) } else { Err(index) });
        assert_eq!(stopped, Err(5));
        assert_eq!(side_by_side(0, |index| index), Vec::<usize>::new());
        let many: Vec<usize> = (0..2000).collect();
        assert_eq!(mapped(&many, |number| number + 1), (1..2001).collect::<Vec<usize>>());
    }
}
