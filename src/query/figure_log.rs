//! The figures that a document has counted so far, and which one a printed value is.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::dataset::Figure;
use crate::document::source::FigureId;
use crate::tags::LISTS;

/// Which figure a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FigureOrigin {
    /// The number that a function gave, or the length of its list.
    Number(usize),
    /// The list that a function gave.
    List(usize),
}

impl FigureOrigin {
    /// As a variable of a template keeps it.
    pub(crate) fn stored(self) -> i64 {
        match self {
            Self::Number(id) => i64::try_from(id).unwrap_or_default(),
            Self::List(id) => -i64::try_from(id).unwrap_or_default(),
        }
    }

    /// The figure that is printed, if it is a number.
    pub(crate) fn number(self) -> Option<FigureId> {
        match self {
            Self::Number(id) => Some(FigureId::whole(id)),
            Self::List(_) => None,
        }
    }
}

/// The figures of one document, in the order of the calls that counted them.
#[derive(Default)]
pub(crate) struct FigureLog {
    figures: Mutex<Vec<Figure>>,
    /// The figure of the last call.
    last: AtomicUsize,
}

impl FigureLog {
    /// The number of the figure of the last call.
    pub(crate) fn last(&self) -> usize {
        self.last.load(Ordering::Relaxed)
    }

    /// All figures so far.
    pub(super) fn all(&self) -> Vec<Figure> {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Figure>> {
        self.figures.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a figure, and returns its number. A call that repeats an earlier one shares its figure.
    pub(super) fn add(&self, figure: Figure) -> usize {
        let mut figures = self.lock();
        let same = |known: &Figure| {
            (&known.function, &known.selection, &known.scope) == (&figure.function, &figure.selection, &figure.scope)
        };
        let at = figures.iter().position(same).unwrap_or_else(|| {
            let id = figures.len() + 1;
            figures.push(Figure { id, ..figure });
            id - 1
        });
        self.last.store(at + 1, Ordering::Relaxed);
        at + 1
    }

    /// Records that a figure is compared with another, and returns the number of one that is. The last figure is that one.
    pub(super) fn compare(&self, now: usize, before: usize) {
        let mut figures = self.lock();
        let Some(figure) = now.checked_sub(1).and_then(|at| figures.get_mut(at)) else { return };
        let id = match figure.against {
            None => {
                figure.against = Some(before);
                now
            }
            Some(other) if other == before => now,
            // The same count, compared with something else.
            Some(_) => {
                let figure = figure.clone();
                let is_same = |known: &Figure| {
                    (&known.function, &known.selection, &known.scope, known.against)
                        == (&figure.function, &figure.selection, &figure.scope, Some(before))
                };
                let known = figures.iter().position(is_same);
                known.map_or_else(
                    || {
                        let id = figures.len() + 1;
                        figures.push(Figure { id, against: Some(before), ..figure.clone() });
                        id
                    },
                    |at| at + 1,
                )
            }
        };
        self.last.store(id, Ordering::Relaxed);
    }

    /// The figure of a value: that which a variable keeps, or else of the last call.
    /// Of a comparison, `is_before` asks for the figure that the value is compared with.
    pub(crate) fn of(&self, stored: Option<i64>, is_length: bool, is_before: bool) -> Option<FigureOrigin> {
        let origin = match stored {
            Some(0) => None,
            Some(stored) => {
                let id = usize::try_from(stored.unsigned_abs()).ok()?;
                Some(if stored > 0 { FigureOrigin::Number(id) } else { FigureOrigin::List(id) })
            }
            None => {
                let id = self.last.load(Ordering::Relaxed);
                let figures = self.lock();
                let figure = id.checked_sub(1).and_then(|at| figures.get(at));
                figure.map(|figure| {
                    let is_list = LISTS.contains(&figure.function.as_str());
                    if is_list { FigureOrigin::List(id) } else { FigureOrigin::Number(id) }
                })
            }
        };
        if let (Some(FigureOrigin::Number(id)), true) = (&origin, is_before) {
            let figures = self.lock();
            let figure = id.checked_sub(1).and_then(|at| figures.get(at))?;
            return figure.against.map(FigureOrigin::Number);
        }
        match (origin?, is_length) {
            (FigureOrigin::List(id), true) => Some(FigureOrigin::Number(id)),
            (FigureOrigin::Number(_), true) => None,
            (origin, false) => Some(origin),
        }
    }
}
