//! Whether a reader who knows all that is shown can still think of two values of a small count.
//!
//! A reader knows the counts that are shown, which of them add up to which, and of a hidden one that it is from 1 to below
//! the threshold, or several. A small count is safe if these also hold with another value of it; such values are looked
//! for by integer programming and then held against every relation, so that the solver is not trusted.

use std::collections::BTreeSet;

use microlp::{ComparisonOp, OptimizationDirection, Problem, SolveOptions, Variable};

use super::relation::Relation;
use super::selection::PublishedCount;

/// Nodes of a search; a count for which no other value is found within them is taken as given away. A number and no time,
/// so that the same document comes out everywhere.
const MOST_NODES: u64 = 500;

/// What several may be at most, as far as a reader knows.
const MOST: u64 = 1 << 30;

/// How a count is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    /// As it is.
    Number,
    /// As below the threshold.
    Small,
    /// As several.
    Several,
}

/// What a reader knows.
pub(super) struct Known<'c> {
    pub(super) counts: &'c [PublishedCount],
    pub(super) relations: &'c BTreeSet<Relation>,
    pub(super) threshold: u64,
    /// How each count is shown.
    pub(super) shown: Vec<Shown>,
}

impl Known<'_> {
    /// Returns the first small count that is given away, if there is one.
    pub(super) fn given_away(&self) -> Option<usize> {
        let mut open: BTreeSet<usize> = (0..self.counts.len()).filter(|index| self.is_small(*index)).collect();
        while let Some(small) = open.first().copied() {
            let directions = [OptimizationDirection::Maximize, OptimizationDirection::Minimize];
            let other = directions.into_iter().filter_map(|direction| self.solve(small, direction));
            let Some(other) = other.into_iter().find(|values| values[small] != self.counts[small].value) else {
                return Some(small);
            };
            // One set of other values is enough for all counts that it changes.
            open.retain(|index| other[*index] == self.counts[*index].value);
        }
        None
    }

    /// Whether a count that is shown as a number could be hidden: none is said to be several that is none.
    pub(super) fn can_be_hidden(&self, index: usize) -> bool {
        !self.counts[index].is_listed && self.counts[index].value >= self.threshold
    }

    fn is_small(&self, index: usize) -> bool {
        self.shown[index] != Shown::Number && self.counts[index].value < self.threshold
    }

    /// The values that a reader takes a hidden count for. Whoever knows how duban chooses knows that several are seldom
    /// below the threshold; so nothing rests on that.
    fn bounds(&self, index: usize) -> (u64, u64) {
        let PublishedCount { value, at_least, .. } = self.counts[index];
        match self.shown[index] {
            Shown::Number => (value, value),
            Shown::Small => (at_least.max(1), self.threshold - 1),
            Shown::Several if value < self.threshold => (at_least.max(1), MOST),
            Shown::Several => (at_least.max(self.threshold), MOST),
        }
    }

    /// Values for all counts with which a reader would see the same, with one of them as large or as small as it can be.
    fn solve(&self, of: usize, direction: OptimizationDirection) -> Option<Vec<u64>> {
        let mut problem = Problem::new(direction);
        let mut variable = |index: usize| -> Option<Variable> {
            let (least, most) = self.bounds(index);
            let bounds = (i32::try_from(least).unwrap_or(i32::MAX), i32::try_from(most).unwrap_or(i32::MAX));
            (self.shown[index] != Shown::Number)
                .then(|| problem.add_integer_var(f64::from(u8::from(index == of)), bounds))
        };
        let variables: Vec<Option<Variable>> = (0..self.counts.len()).map(&mut variable).collect();
        for relation in self.relations {
            // The parts and, taken off, the whole: those that are hidden are what the others leave.
            let (mut terms, mut rest) = (Vec::new(), 0.0);
            for index in relation.counts() {
                let sign = if index == relation.whole { -1.0 } else { 1.0 };
                match variables[index] {
                    Some(variable) => terms.push((variable, sign)),
                    None => rest -= sign * as_float(self.counts[index].value),
                }
            }
            if !terms.is_empty() {
                problem.add_constraint(&terms, ComparisonOp::Eq, rest);
            }
        }
        let mut options = SolveOptions::default();
        options.node_limit = Some(MOST_NODES);
        let solution = problem.solve_with(options).ok()?.into_solution().ok()?;
        let value = |index: usize| match variables[index] {
            Some(variable) => as_count(solution.var_value(variable)),
            None => self.counts[index].value,
        };
        let values: Vec<u64> = (0..self.counts.len()).map(value).collect();
        self.allows(&values).then_some(values)
    }

    /// Whether a reader would see the same with these values.
    fn allows(&self, values: &[u64]) -> bool {
        let in_bounds = |index: usize| {
            let (least, most) = self.bounds(index);
            (least..=most).contains(&values[index])
        };
        let adds_up = |relation: &Relation| {
            relation.parts.iter().map(|part| values[*part]).sum::<u64>() == values[relation.whole]
        };
        (0..values.len()).all(in_bounds) && self.relations.iter().all(adds_up)
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of rows are far below 2^52")]
fn as_float(count: u64) -> f64 {
    count as f64
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked against all that is known")]
fn as_count(value: f64) -> u64 {
    value.round().max(0.0) as u64
}
