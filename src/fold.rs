//! What is computed over rows.
//!
//! Everything duban computes from logs — counts, checks, selections — is a fold: it is pushed one
//! item after another, and two folds over neighbouring pieces merge into what one fold over both
//! pieces would have given. So files, and pieces of a file, can be worked on apart.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;

/// Does so many pieces of work, as many at a time as the machine has processors, and gives what came of them in order.
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

/// What comes of each item, in their order; many are worked on side by side.
pub(crate) fn mapped<A: Sync, B: Send>(items: &[A], work: impl Fn(&A) -> B + Sync) -> Vec<B> {
    let runs: Vec<&[A]> = items.chunks(RUN).collect();
    side_by_side(runs.len(), |run| runs[run].iter().map(&work).collect::<Vec<B>>()).into_iter().flatten().collect()
}

/// So many items are worth a worker's while.
const RUN: usize = 512;

/// The numbers below `count`, as work for [`in_order`].
pub(crate) fn up_to<W>(count: usize) -> impl FnMut(&mut W) -> Option<usize> + Send {
    let mut numbers = 0..count;
    move |_| numbers.next()
}

/// Does the work that `next` gives, each by the next of the workers that is free, and hands on what came of it in the
/// order in which it was given, while the work goes on. `next` is asked by one worker at a time. Workers are never further
/// ahead than [`AHEAD`] pieces each.
///
/// # Errors
/// What `each` says; then no more work is begun.
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
                    // Nobody receives any more once an error has ended it.
                    if done.send((number, work(worker, job))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(done);
        let mut early = BTreeMap::new();
        let mut wanted = 0;
        for (number, result) in results {
            early.insert(number, result);
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
