//! Counts that a public edition shows in words: what a template gets in place of the number.
//!
//! A template gets a mark, one character that no text of the data holds. It is true where a number would be, and equal to
//! nothing but itself: `{% if late == open %}` is not true because both are below the threshold. To compare it by size or to
//! calculate with it is an error of the template. Once everything is rendered, marks become words.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use indexmap::IndexMap;
use serde_json::{Value, json};

use crate::small_counts::hidden::{GivenAway, HiddenCounts};
use crate::small_counts::selection::{CountSelection, PublishedCount};
use crate::words::lang::Lang;

/// The characters that marks are taken from: planes for private use.
const MARKS: std::ops::RangeInclusive<char> = '\u{F0000}'..='\u{10FFFD}';

/// The counts of a document and which of them are hidden.
pub struct CountPolicy {
    /// Counts from 1 to below it are hidden.
    threshold: u64,
    lang: Lang,
    hidden: HiddenCounts,
    /// Characters of the data that are no marks.
    taken: BTreeSet<char>,
    seen: Mutex<Seen>,
}

/// What a template asked for.
#[derive(Default)]
struct Seen {
    /// Each count, with the records that it counts.
    counts: BTreeMap<CountSelection, (u64, CountedRecords)>,
    /// The number of different values that a selection shows, such as its units.
    values: BTreeMap<CountSelection, u64>,
    /// The records that are listed one by one.
    listed: BTreeSet<(&'static str, usize)>,
    /// The words of each mark, and the mark of each hidden count.
    words: IndexMap<char, String>,
    marks: BTreeMap<CountSelection, Value>,
}

/// The list that records are of, and their places in it.
pub type CountedRecords = (&'static str, Vec<usize>);
/// A count behind a share.
pub type Counted = (CountSelection, u64, CountedRecords);

impl CountPolicy {
    /// Hides counts from 1 to below a threshold, and those of `hidden`, in a document of a language whose data holds some
    /// texts (all of them as one).
    #[must_use]
    pub fn new(threshold: u64, hidden: HiddenCounts, lang: Lang, texts: &str) -> Self {
        let taken = texts.chars().filter(|c| is_mark(*c)).collect();
        Self { threshold, lang, hidden, taken, seen: Mutex::default() }
    }

    /// A count as a template gets it.
    pub fn count(&self, selection: CountSelection, value: u64, counted: CountedRecords) -> Value {
        let mut seen = self.seen();
        seen.counts.entry(selection.clone()).or_insert((value, counted));
        let threshold = self.threshold;
        let words = if self.hidden.several.contains(&selection) {
            self.lang.pick("若干", "several").to_owned()
        } else if self.hidden.small.contains(&selection) {
            self.lang.pick(format!("不足{threshold}"), format!("fewer than {threshold}"))
        } else {
            return json!(value);
        };
        if let Some(mark) = seen.marks.get(&selection) {
            return mark.clone();
        }
        let mark = self.mark(words, &mut seen);
        seen.marks.insert(selection, mark.clone());
        mark
    }

    /// A share as a template gets it: hidden where a count behind it is hidden, or so small as to be told from it.
    #[must_use]
    pub fn rate(&self, rate: &Value, part: Counted, whole: Counted) -> Value {
        let ((part, part_count, part_records), (whole, whole_count, whole_records)) = (part, whole);
        let mut seen = self.seen();
        let rest = whole_count.saturating_sub(part_count);
        let is_hidden = self.hidden.contains(&part) || self.hidden.contains(&whole);
        if is_hidden || [part_count, rest].iter().any(|count| (1..self.threshold).contains(count)) {
            return self.mark(self.lang.pick("（不公布）", "(not published)").to_owned(), &mut seen);
        }
        seen.counts.entry(part).or_insert((part_count, part_records));
        seen.counts.entry(whole).or_insert((whole_count, whole_records));
        rate.clone()
    }

    /// Notes records that the document lists one by one.
    pub fn list(&self, of: &'static str, rows: &[usize]) {
        self.seen().listed.extend(rows.iter().map(|row| (of, *row)));
    }

    /// Notes that the document shows how many different values the records of a selection have: there are as many at least.
    pub fn values(&self, selection: CountSelection, count: u64) {
        let mut seen = self.seen();
        let most = seen.values.entry(selection).or_default();
        *most = count.max(*most);
    }

    /// A text with the words in place of their marks.
    #[must_use]
    pub fn in_words(&self, text: &str) -> String {
        let seen = self.seen();
        if !text.contains(is_mark) {
            return text.to_owned();
        }
        let mut result = String::with_capacity(text.len());
        for c in text.chars() {
            match seen.words.get(&c) {
                Some(words) => result.push_str(words),
                None => result.push(c),
            }
        }
        result
    }

    /// What must be hidden, from what the template asked for; nothing if that is what was hidden.
    ///
    /// # Errors
    /// A small count that is given away.
    pub fn more_to_hide(&self) -> Result<Option<HiddenCounts>, GivenAway> {
        let seen = self.seen();
        let counts: Vec<PublishedCount> = seen
            .counts
            .iter()
            .map(|(selection, (value, (of, rows)))| PublishedCount {
                selection: selection.clone(),
                value: *value,
                // A record may have several values.
                at_least: seen.values.get(selection).copied().unwrap_or(0).min(*value),
                is_listed: !rows.is_empty() && rows.iter().all(|row| seen.listed.contains(&(*of, *row))),
            })
            .collect();
        let mut hidden = self.hidden.clone();
        Ok(hidden.extend(&counts, self.threshold)?.then_some(hidden))
    }

    /// A new mark that stands for some words.
    fn mark(&self, words: String, seen: &mut Seen) -> Value {
        let first = seen.words.last().map_or(*MARKS.start(), |(mark, _)| *mark);
        let mut free =
            (first..=*MARKS.end()).filter(|mark| !seen.words.contains_key(mark) && !self.taken.contains(mark));
        // Beyond 131,000 hidden counts they are texts that only look hidden.
        let Some(mark) = free.next() else { return words.into() };
        seen.words.insert(mark, words);
        mark.to_string().into()
    }

    fn seen(&self) -> std::sync::MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a value that a filter gets stands for a hidden count.
#[must_use]
pub fn is_hidden_count(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.chars().count() == 1 && text.contains(is_mark))
}

fn is_mark(c: char) -> bool {
    MARKS.contains(&c)
}
