//! What is computed over rows.
//!
//! Everything duban computes from logs — counts, checks, selections — is a fold: it is pushed one
//! item after another, and two folds over neighbouring pieces merge into what one fold over both
//! pieces would have given. So files, and pieces of a file, can be worked on apart.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// Does so many pieces of work, as many at a time as the machine has processors, and gives what came of them in order.
pub(crate) fn side_by_side<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    work_with(&mut vec![(); processors()], count, |(), index| work(index))
}

/// Does so many pieces of work, each by the next of the workers that is free, and gives what came of them in order.
pub(crate) fn work_with<W: Send, T: Send>(
    workers: &mut [W],
    count: usize,
    work: impl Fn(&mut W, usize) -> T + Sync,
) -> Vec<T> {
    let needed = workers.len().min(count);
    if let ([worker, ..], ..=1) = (&mut *workers, needed) {
        return (0..count).map(|index| work(worker, index)).collect();
    }
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, T)>> = Mutex::new(Vec::with_capacity(count));
    thread::scope(|scope| {
        for worker in workers.iter_mut().take(needed) {
            let (next, done, work) = (&next, &done, &work);
            scope.spawn(move || {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    if index >= count {
                        break;
                    }
                    let result = work(worker, index);
                    done.lock().unwrap_or_else(PoisonError::into_inner).push((index, result));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_unstable_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

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
