//! What the cells of each column are, counted over the rows: days, words, sentences, numbers.

use std::collections::{BTreeMap, BTreeSet};

use crate::fold::Fold;
use crate::model::value::STATUSES;
use crate::model::{Entry, Field};
use crate::place::SourceId;
use crate::words::date::{self, DateFault};
use crate::words::deadline::{self, Deadline};
use crate::words::person;

/// So many different texts of a column are kept; one with more is no list of anything.
const KEPT: usize = 300;
/// A text longer than this, in characters, is a sentence and not kept.
const MAX_WORD: usize = 40;

/// What the cells of a column are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ColumnStats {
    /// Cells that are not blank.
    pub(super) filled: u64,
    /// Those that are days.
    pub(super) days: u64,
    /// Those that are days, or words of a deadline: 立行立改.
    pub(super) terms: u64,
    /// Those that are numbers.
    pub(super) numbers: u64,
    /// Those that may be the names of persons.
    pub(super) persons: u64,
    /// Those longer than a word.
    pub(super) sentences: u64,
    /// `a/b/2021` with a first number above 12, with a second one above 12, and with neither.
    pub(super) orders: [u64; 3],
    /// The different texts, with their counts; `None` if there are too many.
    pub(super) words: Option<BTreeMap<String, u64>>,
}

impl Default for ColumnStats {
    fn default() -> Self {
        Self {
            filled: 0,
            days: 0,
            terms: 0,
            numbers: 0,
            persons: 0,
            sentences: 0,
            orders: [0; 3],
            words: Some(BTreeMap::new()),
        }
    }
}

impl ColumnStats {
    fn push(&mut self, text: &str) {
        self.filled += 1;
        let is_day = is_day(text) && !is_plain_number(text);
        self.days += u64::from(is_day);
        self.terms += u64::from(is_day || is_term(text));
        self.numbers += u64::from(is_plain_number(text));
        self.sentences += u64::from(text.chars().count() > MAX_WORD);
        self.persons += u64::from(!person::names(text).is_empty());
        if let Some(order) = order(text) {
            self.orders[order] += 1;
        }
        if let Some(words) = &mut self.words {
            match words.get_mut(text) {
                Some(count) => *count += 1,
                None => {
                    words.insert(text.chars().take(MAX_WORD * 4).collect(), 1);
                }
            }
            if words.len() > KEPT {
                self.words = None;
            }
        }
    }

    /// Adds the cells of another piece of the column.
    pub(super) fn merge(&mut self, other: Self) {
        self.filled += other.filled;
        self.days += other.days;
        self.terms += other.terms;
        self.numbers += other.numbers;
        self.persons += other.persons;
        self.sentences += other.sentences;
        for (own, other) in self.orders.iter_mut().zip(other.orders) {
            *own += other;
        }
        self.words = self.words.take().zip(other.words).map(|(mut words, others)| {
            for (word, count) in others {
                *words.entry(word).or_default() += count;
            }
            words
        });
        if self.words.as_ref().is_some_and(|words| words.len() > KEPT) {
            self.words = None;
        }
    }

    /// Whether at least a share of the filled cells, in percent, are of a kind.
    pub(super) fn are(&self, count: u64, percent: u64) -> bool {
        self.filled > 0 && count * 100 >= self.filled * percent
    }

    /// How many different texts there are, if few.
    pub(super) fn distinct(&self) -> Option<usize> {
        self.words.as_ref().map(BTreeMap::len)
    }
}

/// Whether a text is spelled as a day, in whatever order, with a year or without.
fn is_day(text: &str) -> bool {
    matches!(date::parse(text, None, None), Ok(_) | Err(DateFault::Ambiguous | DateFault::NoYear))
}

fn is_plain_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty()
        && digits.chars().all(|c| c.is_ascii_digit() || c == '.')
        && (digits.len() < 8 || date::parse_common(digits.as_bytes()).is_none())
        && digits.matches('.').count() < 2
}

fn is_term(text: &str) -> bool {
    deadline::parse(text, None, None).is_ok_and(|term| !matches!(term, Deadline::Unset)) && !is_plain_number(text)
}

/// What a date with its year at the end says of the order of day and month.
fn order(text: &str) -> Option<usize> {
    let day = text.split([' ', 'T']).next()?;
    let mut parts = day.split(['/', '-', '.']);
    let (first, second, year) = (parts.next()?, parts.next()?, parts.next()?);
    let number = |text: &str| text.parse::<u32>().ok().filter(|number| (1..=31).contains(number));
    let (first, second) = (number(first)?, number(second)?);
    if year.len() != 4 || !year.chars().all(|c| c.is_ascii_digit()) || parts.next().is_some() {
        return None;
    }
    Some(match (first > 12, second > 12) {
        (true, false) => 0,
        (false, true) => 1,
        _ => 2,
    })
}

/// The columns of all tables, counted over the rows that are issues.
#[derive(Clone, Debug, Default)]
pub(super) struct TableStats {
    /// The issues of each source.
    pub(super) rows: BTreeMap<u32, u64>,
    /// The columns, by source and cell.
    pub(super) columns: BTreeMap<(u32, usize), ColumnStats>,
    /// The rows of each source without a description, and those of them that say nothing else of an issue.
    pub(super) empty: BTreeMap<u32, (u64, u64)>,
    /// Hashes of what the rows of each source say, by which sheets with the same rows are found.
    said: BTreeMap<u32, BTreeSet<u64>>,
}

/// What a row says that is an issue, beside what was found, where and when.
const OF_ISSUE: [Field; 7] = [
    Field::Disposition,
    Field::Deadline,
    Field::Demand,
    Field::RectifiedOn,
    Field::Progress,
    Field::SignedOff,
    Field::ClosedOn,
];

impl TableStats {
    /// How many rows of a source another one has, too, word by word.
    pub(super) fn shared(&self, a: SourceId, b: SourceId) -> usize {
        match (self.said.get(&a.0), self.said.get(&b.0)) {
            (Some(a), Some(b)) => a.intersection(b).count(),
            _ => 0,
        }
    }
}

impl Fold<Entry<'_>> for TableStats {
    fn push(&mut self, entry: &Entry<'_>) {
        let Entry::Issue(issue) = entry else { return };
        let (row, source) = (&issue.row, issue.row.source.0);
        *self.rows.entry(source).or_default() += 1;
        let mut said = 0_u64;
        for cell in 0..row.len() {
            let text = row.cell(cell);
            // A dash stands for nothing.
            if text.chars().all(|c| "-–—―/\\_~*.…·?".contains(c)) {
                continue;
            }
            self.columns.entry((source, cell)).or_default().push(&text);
            // A running number differs between copies.
            if text.chars().count() > 4 {
                let word = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
                    (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
                });
                said = said.rotate_left(7) ^ word;
            }
        }
        self.said.entry(source).or_default().insert(said);
        let says = |fields: &[Field]| fields.iter().any(|field| row.says(*field));
        if !row.says(Field::Description) {
            let empty = self.empty.entry(source).or_default();
            empty.0 += 1;
            // `Pass` says something of the place and not of an issue.
            let is_status = issue.status.is_some_and(|word| STATUSES.iter().any(|known| known.key == word.as_str()));
            empty.1 += u64::from(!is_status && !says(&OF_ISSUE));
        }
    }

    fn merge(&mut self, later: Self) {
        for (source, rows) in later.rows {
            *self.rows.entry(source).or_default() += rows;
        }
        for (at, stats) in later.columns {
            self.columns.entry(at).or_default().merge(stats);
        }
        for (source, (blank, empty)) in later.empty {
            let own = self.empty.entry(source).or_default();
            (own.0, own.1) = (own.0 + blank, own.1 + empty);
        }
        for (source, said) in later.said {
            self.said.entry(source).or_default().extend(said);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stats(texts: &[&str]) -> ColumnStats {
        let mut stats = ColumnStats::default();
        for text in texts {
            stats.push(text);
        }
        stats
    }

    #[test]
    fn pieces_of_a_column_merge_to_the_whole() {
        let texts = ["2021-08-03", "立行立改", "12", "13/01/2022", "01/13/2022", "01/02/2022", "张三", "甲", "甲"];
        let whole = stats(&texts);
        for at in 0..texts.len() {
            let mut merged = stats(&texts[..at]);
            merged.merge(stats(&texts[at..]));
            assert_eq!(merged, whole);
        }
        assert_eq!((whole.days, whole.numbers, whole.orders), (4, 1, [1, 1, 1]));
        assert_eq!(whole.words.as_ref().and_then(|words| words.get("甲")), Some(&2));
        let many: Vec<String> = (0..KEPT + 5).map(|n| format!("w{n}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let mut merged = stats(&many[..KEPT]);
        merged.merge(stats(&many[KEPT..]));
        assert_eq!(merged.words, None);
        assert_eq!(stats(&many).words, None);
    }
}
