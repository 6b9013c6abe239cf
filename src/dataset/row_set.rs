//! Rows by their numbers, from 0: stretches of rows that follow each other, so that a figure over all rows is one of them.

use serde::de::{Error, SeqAccess, Visitor};
use serde::ser::SerializeSeq as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Rows by their numbers, ascending. As JSON a list: a number for a row, `[first, last]` for several that follow each
/// other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowSet {
    /// The first and the last row of each stretch.
    stretches: Vec<(u32, u32)>,
}

impl RowSet {
    /// Adds a row after those that are there.
    pub fn push(&mut self, row: usize) {
        let row = u32::try_from(row).unwrap_or(u32::MAX);
        match self.stretches.last_mut() {
            Some((_, last)) if last.checked_add(1) == Some(row) => *last = row,
            _ => self.stretches.push((row, row)),
        }
    }

    /// The rows, one by one.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.stretches.iter().flat_map(|(first, last)| *first as usize..=*last as usize)
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.stretches.iter().map(|(first, last)| (*last - *first) as usize + 1).sum()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.stretches.is_empty()
    }

    /// The row after the last; 0 if there is none.
    pub(super) fn end(&self) -> usize {
        self.stretches.iter().map(|(_, last)| *last as usize + 1).max().unwrap_or(0)
    }

    /// The same rows by other numbers, which `number` gives in the same order.
    pub(super) fn renumbered(&self, number: impl Fn(usize) -> usize) -> Self {
        self.iter().map(number).collect()
    }
}

/// The rows of several sets, each once, with a number for each.
#[derive(Default)]
pub(crate) struct RowUnion {
    /// Whether a row is there.
    marks: Vec<bool>,
    /// The number of a row that is there.
    numbers: Vec<u32>,
}

impl RowUnion {
    /// Adds the rows of a set.
    pub(super) fn add(&mut self, rows: &RowSet) {
        if self.marks.len() < rows.end() {
            self.marks.resize(rows.end(), false);
        }
        for (first, last) in &rows.stretches {
            if let Some(marks) = self.marks.get_mut(*first as usize..=*last as usize) {
                marks.fill(true);
            }
        }
    }

    /// Numbers the rows from a number on, and returns the one after the last.
    pub(super) fn count_from(&mut self, first: u32) -> u32 {
        let mut next = first;
        let number = |is_there: &bool| {
            let number = next;
            next += u32::from(*is_there);
            number
        };
        self.numbers = self.marks.iter().map(number).collect();
        next
    }

    /// The number of a row, if it is there.
    pub(crate) fn number(&self, row: usize) -> Option<usize> {
        let is_there = self.marks.get(row).copied().unwrap_or_default();
        self.numbers.get(row).filter(|_| is_there).map(|number| *number as usize)
    }

    /// The rows in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.marks.iter().enumerate().filter(|(_, is_there)| **is_there).map(|(row, _)| row)
    }
}

impl FromIterator<usize> for RowSet {
    fn from_iter<I: IntoIterator<Item = usize>>(rows: I) -> Self {
        let mut set = Self::default();
        rows.into_iter().for_each(|row| set.push(row));
        set
    }
}

/// A stretch of rows as it is written.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Stretch {
    Row(u32),
    Rows([u32; 2]),
}

impl Serialize for RowSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.stretches.len()))?;
        for (first, last) in &self.stretches {
            let stretch = if first == last { Stretch::Row(*first) } else { Stretch::Rows([*first, *last]) };
            list.serialize_element(&stretch)?;
        }
        list.end()
    }
}

impl<'de> Deserialize<'de> for RowSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Stretches;

        impl<'de> Visitor<'de> for Stretches {
            type Value = RowSet;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("row numbers and [first, last]")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<RowSet, A::Error> {
                let mut set = RowSet::default();
                while let Some(stretch) = items.next_element()? {
                    let (first, last) = match stretch {
                        Stretch::Row(row) => (row, row),
                        Stretch::Rows([first, last]) => (first, last),
                    };
                    if last < first {
                        return Err(A::Error::custom(format!("[{first}, {last}] ends before it begins")));
                    }
                    set.stretches.push((first, last));
                }
                Ok(set)
            }
        }

        deserializer.deserialize_seq(Stretches)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_follow_each_other_are_one_stretch() {
        for (rows, text) in [(vec![], "[]"), (vec![3], "[3]"), (vec![0, 1, 2, 5, 7, 8], "[[0,2],5,[7,8]]")] {
            let set: RowSet = rows.iter().copied().collect();
            assert_eq!(serde_json::to_string(&set).unwrap(), text);
            assert_eq!(serde_json::from_str::<RowSet>(text).unwrap(), set);
            assert_eq!(set.iter().collect::<Vec<_>>(), rows);
            assert_eq!((set.len(), set.is_empty()), (rows.len(), rows.is_empty()));
        }
        assert!(serde_json::from_str::<RowSet>("[[2,1]]").is_err());
    }
}
