//! Values that a run asks for and no issue has: a name that is misspelt selects nothing, and says nothing.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use crate::cli::Stop;
use crate::cli::session::Session;
use crate::fold::Fold;
use crate::model::field::FieldKind;
use crate::model::key::Key;
use crate::model::{Entry, Field};
use crate::tally::select::Condition;
use crate::words::lang::Lang;
use crate::words::near::nearest;
use crate::words::symbol::Symbol;

/// The most values that are named where none is near.
const NAMED: usize = 10;

/// The values of the fields that are asked for.
#[derive(Clone, Debug)]
pub(super) struct Occurring {
    asked: Arc<Vec<(Field, Symbol)>>,
    /// For each of them the values of its field.
    seen: Vec<FxHashSet<Symbol>>,
}

impl Occurring {
    pub(super) fn new(asked: Arc<Vec<(Field, Symbol)>>) -> Self {
        let seen = vec![FxHashSet::default(); asked.len()];
        Self { asked, seen }
    }
}

impl Fold<Entry<'_>> for Occurring {
    const ANY_ORDER: bool = true;

    fn push(&mut self, entry: &Entry<'_>) {
        let Entry::Issue(issue) = entry else { return };
        for ((field, _), seen) in self.asked.iter().zip(&mut self.seen) {
            seen.extend(issue.values(*field));
        }
    }

    fn merge(&mut self, later: Self) {
        for (seen, later) in self.seen.iter_mut().zip(later.seen) {
            seen.extend(later);
        }
    }
}

impl Session<'_> {
    /// What conditions ask for of fields that take any value: the others refuse what they do not know.
    pub(super) fn ask_for(&mut self, conditions: &[Condition]) {
        for (key, values, not) in conditions.iter().map(Condition::parts) {
            let Key::Field(field) = key else { continue };
            let has_values = matches!(field.info().kind, FieldKind::Value | FieldKind::Values);
            if !not && has_values && !self.project.vocabularies.of(field).closed {
                self.asked.extend(values.iter().filter(|value| !value.is_empty()).map(|value| (field, *value)));
            }
        }
    }

    /// Tells which values that were asked for no issue has.
    pub(super) fn tell_absent(&mut self, occurring: &Occurring) -> Result<(), Stop> {
        for ((field, value), seen) in occurring.asked.iter().zip(&occurring.seen) {
            if seen.contains(value) {
                continue;
            }
            let mut known: Vec<&str> =
                seen.iter().map(|known| known.as_str()).filter(|known| !known.is_empty()).collect();
            known.sort_unstable();
            let hint = match (nearest(value.as_str(), known.iter().copied()), known.as_slice()) {
                (Some(near), _) => self.lang.pick(format!("；是否指“{near}”？"), format!("; did you mean `{near}`?")),
                (None, []) => String::new(),
                (None, known) => {
                    let named = known.iter().take(NAMED).copied().collect::<Vec<_>>();
                    let more = if known.len() > NAMED { self.lang.pick("等", " and others") } else { "" };
                    let named = named.join(self.lang.pick("、", ", "));
                    self.lang.pick(format!("；台账里有：{named}{more}"), format!("; the logs have: {named}{more}"))
                }
            };
            self.note(&self.lang.pick(
                format!("没有{}是“{value}”的问题{hint}", field.label(Lang::Zh)),
                format!("no issue has {}={value}{hint}", field.key()),
            ))?;
        }
        Ok(())
    }
}
