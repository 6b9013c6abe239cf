//! Spellings that were met before: each is looked up once, however many rows have it.

use rustc_hash::FxHashMap;

use crate::model::record::Values;

/// What a cell spells.
#[derive(Clone, Debug, Default)]
pub(in crate::log) struct Looked {
    pub(in crate::log) values: Values,
    /// What spells nothing, and what it may have meant.
    pub(in crate::log) unknown: Vec<(String, Option<String>)>,
}

/// The spellings of a field that were met.
#[derive(Clone, Debug, Default)]
pub(in crate::log) struct Spellings {
    by_spelling: FxHashMap<Box<[u8]>, u32>,
    looked: Vec<Looked>,
}

impl Spellings {
    /// The number of a spelling, from 1; `look` looks it up the first time. That of nothing is 0.
    pub(in crate::log) fn meet(&mut self, spelling: &[u8], look: impl FnOnce(&str) -> Looked) -> u32 {
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
    pub(in crate::log) fn meet_meaning(&mut self, looked: Looked) -> u32 {
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

    /// What a number stands for.
    pub(in crate::log) fn get(&self, number: u32) -> Option<&Looked> {
        self.looked.get((number as usize).checked_sub(1)?)
    }
}
