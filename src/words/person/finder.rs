//! Finds names in free text as people write them: 李 四 for 李四, 张伟 for 張偉, 买买提•艾力 without its dot, john smith in any case.
//!
//! What is known by a longer name that a person's is a part of is left alone: 黄河路办事处 is a unit, whoever is called 黄河.

use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};

use crate::words::personal::Compact;

/// Looks for names of persons, and for names of units and places that stay as they are.
#[derive(Clone, Debug, Default)]
pub struct NameFinder {
    automaton: Option<AhoCorasick>,
    /// For each pattern the index of the name, if it is a person's.
    persons: Vec<Option<usize>>,
}

/// A name in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundName {
    /// Its bytes.
    pub range: Range<usize>,
    /// The index of the name among those looked for.
    pub name: usize,
    /// Whether it may be a part of a longer word: 高峰 in 早高峰.
    pub is_doubtful: bool,
}

/// Characters that stand between a name and what is before it. After any other Chinese character, two characters may be a
/// part of a longer word.
const BEFORE_NAMES: &str = "与和及跟同对向由请被给让把将叫为是于经或按找问告请由长任记员师生士总工人名者称据令某";

impl NameFinder {
    /// Looks for `names`, but not within any of the names that are `known`.
    pub fn new<'n>(names: impl IntoIterator<Item = &'n str>, known: impl IntoIterator<Item = &'n str>) -> Self {
        let mut patterns: Vec<String> = names.into_iter().map(|name| Compact::of(name).text).collect();
        let mut persons: Vec<Option<usize>> = (0..patterns.len()).map(Some).collect();
        for name in known {
            let name = Compact::of(name).text;
            // A unit that is called as a person is the person.
            if !name.is_empty() && !patterns.contains(&name) {
                persons.push(None);
                patterns.push(name);
            }
        }
        let automaton = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(&patterns).ok();
        Self { automaton: automaton.filter(|_| !patterns.is_empty()), persons }
    }

    /// Returns the names of persons in a text, in order.
    #[must_use]
    pub fn find(&self, text: &str) -> Vec<FoundName> {
        let Some(automaton) = &self.automaton else { return Vec::new() };
        let compact = Compact::of(text);
        let found = automaton.find_iter(&compact.text).filter_map(|found| {
            let name = self.persons.get(found.pattern().as_usize()).copied().flatten()?;
            let range = compact.original(&found.range());
            let (before, after) = (text.get(..range.start)?.chars().next_back(), text.get(range.end..)?.chars().next());
            let is_latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
            let of_latin = compact.text.get(found.range())?.starts_with(|c: char| c.is_ascii_alphanumeric());
            // Smith in Smithson.
            if of_latin && (is_latin(before) || is_latin(after)) {
                return None;
            }
            let is_short = text.get(range.clone())?.chars().count() == 2;
            let is_doubtful =
                is_short && before.is_some_and(|c| crate::words::personal::is_han(c) && !BEFORE_NAMES.contains(c));
            Some(FoundName { range, name, is_doubtful })
        });
        found.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(names: &[&str], known: &[&str], text: &str) -> Vec<(String, bool)> {
        let finder = NameFinder::new(names.iter().copied(), known.iter().copied());
        finder.find(text).into_iter().map(|found| (text[found.range].to_owned(), found.is_doubtful)).collect()
    }

    #[test]
    fn names_are_found_as_people_write_them() {
        for (name, text, expected) in [
            ("李四", "与李 四在场", "李 四"),
            ("李四", "与李\u{200b}四在场", "李\u{200b}四"),
            ("买买提·艾力", "买买提•艾力反映", "买买提•艾力"),
            ("买买提·艾力", "由买买提艾力反映", "买买提艾力"),
            ("张伟国", "由張偉國陪同", "張偉國"),
            ("張偉國", "由张伟国陪同", "张伟国"),
            ("John Smith", "seen by JOHN SMITH.", "JOHN SMITH"),
        ] {
            assert_eq!(found(&[name], &[], text), [(expected.to_owned(), false)], "{text}");
        }
        assert!(found(&["Smith"], &[], "Smithson").is_empty());
        assert!(found(&["张三"], &[], "张\n三").is_empty());
    }

    #[test]
    fn a_longer_known_name_stays() {
        let known = ["黄河路办事处", "黄河路"];
        assert!(found(&["黄河"], &known, "黄河路办事处、黄河路中段").is_empty());
        assert_eq!(found(&["黄河"], &known, "黄河路办事处黄河").len(), 1);
        // A name within a word may be none.
        assert_eq!(found(&["高峰"], &[], "早高峰时段"), [("高峰".to_owned(), true)]);
        assert_eq!(
            found(&["高峰"], &[], "，高峰在场；与高峰"),
            [("高峰".to_owned(), false), ("高峰".to_owned(), false)]
        );
        assert_eq!(found(&["张三"], &["张三"], "张三"), [("张三".to_owned(), false)]);
    }
}
