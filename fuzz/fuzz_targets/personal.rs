//! Personal data in free text: places lie on characters, and what is masked is found no more.
#![no_main]

use duban::words::person::{NameFinder, names};
use duban::words::personal::{compact, find, without_personal_data};
use libfuzzer_sys::fuzz_target;

/// How often a text holds another, overlaps counted.
fn occurrences(text: &str, wanted: &str) -> usize {
    text.char_indices().filter(|(at, _)| text[*at..].starts_with(wanted)).count()
}

fuzz_target!(|text: &str| {
    let mut end = 0;
    for found in find(text) {
        assert!(found.range.start >= end && text.get(found.range.clone()).is_some(), "{found:?}");
        end = found.range.end;
    }
    assert_eq!(compact(&compact(text)), compact(text));
    if let Some(masked) = without_personal_data(text) {
        for found in find(text) {
            assert!(!compact(&masked).contains(&found.compact) || occurrences(&compact(text), &found.compact) > 1);
        }
    }
    let (first, rest) = text.split_at(text.char_indices().nth(text.chars().count() / 2).map_or(0, |(at, _)| at));
    let persons = names(first);
    let finder = NameFinder::new(persons.iter().map(String::as_str), [rest]);
    for found in finder.find(text) {
        assert!(text.get(found.range.clone()).is_some(), "{found:?}");
    }
});
