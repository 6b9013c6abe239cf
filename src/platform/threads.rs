//! Threads, or the same work without them.

use std::sync::mpsc::{self, Sender};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

/// Returns the number of available processors.
pub(crate) fn processors() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// Whether a thread can be started here.
pub(crate) fn can_start() -> bool {
    static KNOWN: LazyLock<bool> = LazyLock::new(|| thread::Builder::new().spawn(|| ()).is_ok());
    *KNOWN
}

/// Does two things: side by side, or one after the other where there are no threads.
pub(crate) fn both<A: Send, B>(one: impl FnOnce() -> A + Send, other: impl FnOnce() -> B) -> (A, B) {
    both_if(can_start(), one, other)
}

fn both_if<A: Send, B>(can_start: bool, one: impl FnOnce() -> A + Send, other: impl FnOnce() -> B) -> (A, B) {
    if !can_start {
        return (one(), other());
    }
    thread::scope(|scope| {
        let one = scope.spawn(one);
        let other = other();
        // A panic there is one here.
        (one.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), other)
    })
}

/// Takes items one after another, on a thread of its own. Where there are no threads, whoever hands an item over waits for it.
pub(crate) struct Worker<S, T, E>(Way<S, T, E>);

enum Way<S, T, E> {
    Thread { items: Sender<T>, worker: JoinHandle<Result<S, E>> },
    Here { work: fn(&mut S, T) -> Result<(), E>, state: Mutex<Result<S, E>> },
}

impl<S: Send + 'static, T: Send + 'static, E: Send + 'static> Worker<S, T, E> {
    /// Begins with a state that `work` changes by each item, until it fails.
    pub(crate) fn start(state: S, work: fn(&mut S, T) -> Result<(), E>) -> Self {
        Self::start_if(can_start(), state, work)
    }

    fn start_if(can_start: bool, mut state: S, work: fn(&mut S, T) -> Result<(), E>) -> Self {
        if !can_start {
            return Self(Way::Here { work, state: Mutex::new(Ok(state)) });
        }
        let (items, waiting) = mpsc::channel();
        let worker = thread::spawn(move || {
            waiting.into_iter().try_for_each(|item| work(&mut state, item))?;
            Ok(state)
        });
        Self(Way::Thread { items, worker })
    }

    /// Hands an item over. It comes to nothing once one has failed.
    pub(crate) fn send(&self, item: T) {
        match &self.0 {
            Way::Thread { items, .. } => _ = items.send(item),
            Way::Here { work, state } => {
                let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
                if let Ok(ready) = &mut *state
                    && let Err(error) = work(ready, item)
                {
                    *state = Err(error);
                }
            }
        }
    }

    /// Waits for all items, and returns the state after them, or the first failure.
    ///
    /// # Errors
    /// The work panicked.
    pub(crate) fn finish(self) -> thread::Result<Result<S, E>> {
        match self.0 {
            Way::Thread { items, worker } => {
                drop(items);
                worker.join()
            }
            Way::Here { state, .. } => Ok(state.into_inner().unwrap_or_else(PoisonError::into_inner)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_work_is_the_same_with_threads_and_without() {
        fn add(sum: &mut u32, item: u32) -> Result<(), String> {
            *sum = sum.checked_sub(item).ok_or_else(|| format!("{item}"))?;
            Ok(())
        }
        for can_start in [true, false] {
            assert_eq!(both_if(can_start, || 1, || "2"), (1, "2"));
            for (items, wanted) in [(&[1, 2][..], Ok(7)), (&[9, 8, 7], Err("8".to_owned())), (&[], Ok(10))] {
                let worker = Worker::start_if(can_start, 10, add);
                for item in items {
                    worker.send(*item);
                }
                assert_eq!(worker.finish().unwrap(), wanted, "{can_start} {items:?}");
            }
        }
        assert!(can_start() && processors() > 0);
    }
}
