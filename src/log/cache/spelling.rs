//! Numbers for the distinct spellings of a field, so that each is looked up in the vocabulary only once.

use rustc_hash::FxHashMap;

use crate::model::record::Values;

/// The result of looking up a cell in the vocabulary of its field.
#[derive(Clone, Debug, Default)]
pub(in crate::log) struct Looked {
    pub(in crate::log) values: Values,
    /// Spellings that a closed vocabulary does not have, each with the most similar one that it has.
    pub(in crate::log) unknown: Vec<(String, Option<String>)>,
    /// Whether a field of one value has several names here, which count as one.
    pub(in crate::log) is_several: bool,
    /// The number of the values in the run; 0 for fields that issues are not counted by.
    pub(in crate::log) id: u32,
}

/// The spellings of a field that occurred so far.
#[derive(Clone, Debug, Default)]
pub(in crate::log) struct Spellings {
    by_spelling: FxHashMap<Box<[u8]>, u32>,
    looked: Vec<Looked>,
}

impl Spellings {
    /// Returns the number of a spelling, from 1; 0 if it is empty. `look` is called only for a new spelling.
    pub(in crate::log) fn intern(&mut self, spelling: &[u8], look: impl FnOnce(&str) -> Looked) -> u32 {
        if spelling.is_empty() {
            return 0;
        }
        self.by_spelling.get(spelling).copied().unwrap_or_else(|| {
            self.looked.push(look(&String::from_utf8_lossy(spelling)));
            let number = u32::try_from(self.looked.len()).unwrap_or(u32::MAX);
            self.by_spelling.insert(spelling.into(), number);
            number
        })
    }

    /// The number of what a spelling means, from 1; spellings that mean the same have the same. That of nothing is 0, and
    /// so is that of a text that means nothing.
    pub(in crate::log) fn intern_meaning(&mut self, looked: Looked) -> u32 {
        if looked.values.is_empty() && looked.unknown.is_empty() {
            return 0;
        }
        let same = |known: &Looked| known.values == looked.values && known.unknown == looked.unknown;
        let at = self.looked.iter().position(same).unwrap_or_else(|| {
            self.looked.push(looked);
            self.looked.len() - 1
        });
        u32::try_from(at + 1).unwrap_or(u32::MAX)
    }

    /// Returns what the spelling with this number was looked up as; `None` for 0.
    pub(in crate::log) fn get(&self, number: u32) -> Option<&Looked> {
        self.looked.get((number as usize).checked_sub(1)?)
    }

    /// Returns the number of the values of a spelling that occurred before and has no fault.
    pub(in crate::log) fn id(&self, spelling: &[u8]) -> Option<u32> {
        let looked = self.get(*self.by_spelling.get(spelling)?)?;
        (!looked.has_fault()).then_some(looked.id)
    }
}

impl Looked {
    /// Whether each row with this spelling is told.
    pub(in crate::log) fn has_fault(&self) -> bool {
        self.is_several || !self.unknown.is_empty()
    }
}
