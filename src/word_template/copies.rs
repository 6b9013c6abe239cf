//! Bookmarks in what a loop repeats: each copy has its own, and a cross-reference in a copy points into it.
//!
//! Word drops a second bookmark of a name, so that all references would show the text of the first copy.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::filled::Content;

/// Gives the kept ranges of a part one after another, those of later copies with bookmarks of their own.
pub(crate) struct Copies<'x> {
    xml: &'x str,
    /// How often each kept range was given, by its start.
    given: BTreeMap<usize, usize>,
    /// The bookmarks in ranges that are repeated, and the number of copies of each.
    repeated: BTreeMap<&'x str, usize>,
    /// The ids of those bookmarks.
    ids: BTreeSet<&'x str>,
    /// All names of bookmarks in the part, and those given to copies.
    names: BTreeSet<String>,
    /// The name of a bookmark in a copy.
    renamed: BTreeMap<(&'x str, usize), String>,
}

/// The first id of a bookmark in a copy; the ids of one copy are this far apart from those of the next.
const FIRST_ID: usize = 800_000;
/// Number of characters that the name of a bookmark may have (ECMA-376 Part 1, 17.13.6.2).
const MAX_NAME: usize = 40;

impl<'x> Copies<'x> {
    /// Takes the XML of a part and what it will be filled with.
    pub(crate) fn new(xml: &'x str, contents: &[Content]) -> Self {
        let mut count: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
        if xml.contains("<w:bookmarkStart") {
            for content in contents {
                if let Content::Kept(range) = content {
                    count.entry(range.start).or_insert((range.end, 0)).1 += 1;
                }
            }
        }
        let ranges = || count.iter().filter(|(_, (_, times))| *times > 1);
        let within = |(start, (end, times)): (&usize, &(usize, usize)), name| {
            let times = *times;
            tags(xml.get(*start..*end).unwrap_or_default(), name).map(move |tag| (tag, times))
        };
        // A bookmark that ends outside of the loop stays in its first copy.
        let ends = ranges().flat_map(|range| within(range, "<w:bookmarkEnd"));
        let ends: BTreeSet<&str> = ends.filter_map(|(tag, _)| attribute(tag, "w:id")).collect();
        let (mut repeated, mut ids) = (BTreeMap::new(), BTreeSet::new());
        for (tag, times) in ranges().flat_map(|range| within(range, "<w:bookmarkStart")) {
            if let (Some(name), Some(id)) = (attribute(tag, "w:name"), attribute(tag, "w:id"))
                && ends.contains(id)
            {
                repeated.insert(name, times);
                ids.insert(id);
            }
        }
        let names =
            tags(xml, "<w:bookmarkStart").filter_map(|tag| attribute(tag, "w:name")).map(str::to_owned).collect();
        Self { xml, given: BTreeMap::new(), repeated, ids, names, renamed: BTreeMap::new() }
    }

    /// Returns the XML of a kept range, the n-th time it is asked for as its n-th copy.
    pub(crate) fn next(&mut self, range: &Range<usize>) -> Cow<'x, str> {
        let kept = self.xml.get(range.clone()).unwrap_or_default();
        if self.repeated.is_empty() {
            return Cow::Borrowed(kept);
        }
        let copy = self.given.entry(range.start).or_insert(0);
        *copy += 1;
        let copy = *copy;
        if copy == 1 { Cow::Borrowed(kept) } else { Cow::Owned(self.renamed_in(kept, copy)) }
    }

    fn renamed_in(&mut self, kept: &'x str, copy: usize) -> String {
        let (mut text, mut rest) = (String::with_capacity(kept.len() + 16), kept);
        while let Some(at) = rest.find('<') {
            let (before, from) = rest.split_at(at);
            text.push_str(before);
            let end = from.find('>').map_or(from.len(), |end| end + 1);
            let (tag, after) = from.split_at(end);
            rest = after;
            match tag.split([' ', '>', '/']).next().unwrap_or_default() {
                "<w:bookmarkStart" => {
                    let tag = self.with_name(tag, "w:name", copy);
                    text.push_str(&self.with_id(&tag, copy));
                }
                "<w:bookmarkEnd" => text.push_str(&self.with_id(tag, copy)),
                "<w:hyperlink" => text.push_str(&self.with_name(tag, "w:anchor", copy)),
                "<w:fldSimple" => match attribute(tag, "w:instr") {
                    Some(instruction) => {
                        let renamed = self.instruction(instruction, copy);
                        text.push_str(&tag.replacen(instruction, &renamed, 1));
                    }
                    None => text.push_str(tag),
                },
                "<w:instrText" if !tag.ends_with("/>") => {
                    let (instruction, after) = rest.split_at(rest.find('<').unwrap_or(rest.len()));
                    text.push_str(tag);
                    text.push_str(&self.instruction(instruction, copy));
                    rest = after;
                }
                _ => text.push_str(tag),
            }
        }
        text.push_str(rest);
        text
    }

    /// Returns a tag with the name of a bookmark in an attribute as it is in a copy.
    fn with_name(&mut self, tag: &'x str, key: &str, copy: usize) -> String {
        let renamed = attribute(tag, key).and_then(|name| Some((name, self.name(name, copy)?)));
        match renamed {
            Some((name, new)) => tag.replacen(&format!("{key}=\"{name}\""), &format!("{key}=\"{new}\""), 1),
            None => tag.to_owned(),
        }
    }

    fn with_id(&self, tag: &str, copy: usize) -> String {
        let id = attribute(tag, "w:id").filter(|id| self.ids.contains(id));
        let Some((id, place)) = id.and_then(|id| Some((id, self.ids.iter().position(|other| *other == id)?))) else {
            return tag.to_owned();
        };
        let new = FIRST_ID + copy * self.ids.len() + place;
        tag.replacen(&format!("w:id=\"{id}\""), &format!("w:id=\"{new}\""), 1)
    }

    /// Returns the instruction of a field with the names of bookmarks as they are in a copy: ` REF name \h `.
    fn instruction(&mut self, instruction: &'x str, copy: usize) -> String {
        let word = |word: &'x str| {
            let name = word.trim_matches(['"', ' ']).trim_start_matches("&quot;").trim_end_matches("&quot;");
            self.name(name, copy).map_or_else(|| word.to_owned(), |new| word.replacen(name, &new, 1))
        };
        instruction.split_inclusive(char::is_whitespace).map(word).collect()
    }

    /// Returns the name of a bookmark in a copy; `None` if it is not in what is repeated.
    fn name(&mut self, name: &'x str, copy: usize) -> Option<String> {
        self.repeated.get(name).filter(|copies| copy <= **copies)?;
        if let Some(known) = self.renamed.get(&(name, copy)) {
            return Some(known.clone());
        }
        let mut mark = format!("_{copy}");
        let new = loop {
            let short: String = name.chars().take(MAX_NAME.saturating_sub(mark.len())).collect();
            let new = format!("{short}{mark}");
            if self.names.insert(new.clone()) {
                break new;
            }
            mark.push('_');
        };
        self.renamed.insert((name, copy), new.clone());
        Some(new)
    }
}

/// Returns the start tags of a name.
fn tags<'x>(xml: &'x str, name: &'static str) -> impl Iterator<Item = &'x str> {
    xml.match_indices(name).filter_map(|(at, _)| {
        let rest = xml.get(at..)?;
        rest.get(..=rest.find('>')?)
    })
}

/// Returns the value of an attribute as it is written.
fn attribute<'x>(tag: &'x str, key: &str) -> Option<&'x str> {
    let from = tag.find(&format!(" {key}=\""))? + key.len() + 3;
    tag.get(from..)?.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_has_bookmarks_of_its_own_and_references_to_them() {
        let xml = "<w:bookmarkStart w:id=\"0\" w:name=\"a\"/><w:bookmarkEnd w:id=\"0\"/>\
                   <w:bookmarkStart w:id=\"1\" w:name=\"b\"/>|<w:bookmarkEnd w:id=\"1\"/><w:instrText> REF b \\h </w:instrText>\
                   <w:fldSimple w:instr=\" PAGEREF a \"/><w:hyperlink w:anchor=\"b\">|<w:instrText>REF b</w:instrText>";
        let cuts: Vec<usize> = xml.match_indices('|').map(|(at, _)| at).collect();
        let first = xml.find("<w:bookmarkStart w:id=\"1\"").unwrap();
        let ranges = [0..first, first..cuts[0], cuts[0] + 1..cuts[1], cuts[1] + 1..xml.len()];
        let [before, start, end, after] = ranges;
        let order = [before, start.clone(), end.clone(), start, end, after];
        let contents: Vec<Content> = order.iter().cloned().map(Content::Kept).collect();
        let mut copies = Copies::new(xml, &contents);
        let given: Vec<String> = order.iter().map(|range| copies.next(range).into_owned()).collect();
        assert_eq!(given[3], "<w:bookmarkStart w:id=\"800002\" w:name=\"b_2\"/>");
        assert_eq!(
            given[4],
            "<w:bookmarkEnd w:id=\"800002\"/><w:instrText> REF b_2 \\h </w:instrText><w:fldSimple w:instr=\" PAGEREF a \"/>\
             <w:hyperlink w:anchor=\"b_2\">"
        );
        let unchanged: Vec<&str> = order.iter().map(|range| &xml[range.clone()]).collect();
        for place in [0, 1, 2, 5] {
            assert_eq!(given[place], unchanged[place]);
        }
    }

    #[test]
    fn the_name_of_a_copy_is_free_and_not_too_long() {
        let long = "n".repeat(MAX_NAME);
        let xml = format!(
            "<w:bookmarkStart w:id=\"0\" w:name=\"{long}\"/><w:bookmarkStart w:id=\"1\" w:name=\"b\"/><w:bookmarkStart w:id=\"3\" w:name=\"open\"/><w:bookmarkEnd w:id=\"0\"/><w:bookmarkEnd w:id=\"1\"/>|<w:bookmarkEnd w:id=\"3\"/><w:bookmarkStart w:id=\"2\" w:name=\"b_2\"/>"
        );
        let cut = xml.find('|').unwrap();
        let order = [0..cut, 0..cut, cut + 1..xml.len()];
        let contents: Vec<Content> = order.iter().cloned().map(Content::Kept).collect();
        let mut copies = Copies::new(&xml, &contents);
        let given: Vec<String> = order.iter().map(|range| copies.next(range).into_owned()).collect();
        assert!(
            given[1].contains("w:name=\"b_2_\"") && given[1].contains(&format!("\"{}_2\"", "n".repeat(38))),
            "{}",
            given[1]
        );
        assert!(given[1].contains("w:name=\"open\"") && given[2].contains("w:name=\"b_2\""));
    }
}
