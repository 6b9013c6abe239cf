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
    contents: &'x [Content],
    /// The bookmarks in ranges that are repeated, and the contents that hold each copy, in their order.
    repeated: BTreeMap<&'x str, Vec<usize>>,
    /// The ids of those bookmarks.
    ids: BTreeSet<&'x str>,
    /// How often each loop had turned before each of the contents; empty if no bookmark is repeated.
    turns: Vec<Turns>,
    /// The copy of each bookmark that has begun, by its id.
    begun: BTreeMap<&'x str, usize>,
    /// All names of bookmarks in the part, and those given to copies.
    names: BTreeSet<String>,
    /// The name of a bookmark in a copy.
    renamed: BTreeMap<(&'x str, usize), String>,
}

/// How often loops have turned. A loop is known by what it goes back to, and from where: the starts of two kept ranges.
type Turns = BTreeMap<(usize, usize), usize>;

/// The first id of a bookmark in a copy; the ids of one copy are this far apart from those of the next.
const FIRST_ID: usize = 800_000;
/// Number of characters that the name of a bookmark may have (ECMA-376 Part 1, 17.13.6.2).
const MAX_NAME: usize = 40;

impl<'x> Copies<'x> {
    /// Takes the XML of a part and what it will be filled with.
    pub(crate) fn new(xml: &'x str, contents: &'x [Content]) -> Self {
        let mut at: BTreeMap<usize, (usize, Vec<usize>)> = BTreeMap::new();
        if xml.contains("<w:bookmarkStart") {
            for (index, content) in contents.iter().enumerate() {
                if let Content::Kept(range) = content {
                    at.entry(range.start).or_insert((range.end, Vec::new())).1.push(index);
                }
            }
        }
        at.retain(|_, (_, copies)| copies.len() > 1);
        // A bookmark that ends outside of the loop stays in its first copy.
        let within = |start: usize, end: usize, name| tags(xml.get(start..end).unwrap_or_default(), name);
        let ends = at.iter().flat_map(|(start, (end, _))| within(*start, *end, "<w:bookmarkEnd"));
        let ends: BTreeSet<&str> = ends.filter_map(|tag| attribute(tag, "w:id")).collect();
        let (mut repeated, mut ids) = (BTreeMap::new(), BTreeSet::new());
        for (start, (end, copies)) in &at {
            for tag in within(*start, *end, "<w:bookmarkStart") {
                if let (Some(name), Some(id)) = (attribute(tag, "w:name"), attribute(tag, "w:id"))
                    && ends.contains(id)
                {
                    repeated.insert(name, copies.clone());
                    ids.insert(id);
                }
            }
        }
        let turns = if repeated.is_empty() { Vec::new() } else { turns(contents) };
        let names =
            tags(xml, "<w:bookmarkStart").filter_map(|tag| attribute(tag, "w:name")).map(str::to_owned).collect();
        let (begun, renamed) = (BTreeMap::new(), BTreeMap::new());
        Self { xml, contents, repeated, ids, turns, begun, names, renamed }
    }

    /// Returns the XML of a kept range, which is one of the contents. They are asked for in their order.
    pub(crate) fn next(&mut self, content: usize, range: &Range<usize>) -> Cow<'x, str> {
        let kept = self.xml.get(range.clone()).unwrap_or_default();
        if self.repeated.is_empty() { Cow::Borrowed(kept) } else { Cow::Owned(self.renamed_in(kept, content)) }
    }

    /// The copy of a bookmark that something among the contents refers to: of those in the same turn of every loop around
    /// both, the nearest. What stands in no loop with it refers to the first.
    fn copy_for(&self, name: &str, content: usize) -> Option<usize> {
        let copies = self.repeated.get(name)?;
        let start = |index: usize| match self.contents.get(index) {
            Some(Content::Kept(range)) => Some(range.start),
            _ => None,
        };
        let (here, there) = (start(content)?, start(*copies.first()?)?);
        let last = self.turns.last()?;
        let around: Vec<_> =
            last.keys().filter(|(from, to)| [here, there].iter().all(|at| (from..=to).contains(&at))).collect();
        if around.is_empty() {
            return Some(1);
        }
        let turn = |index: usize, of| self.turns.get(index).and_then(|turns| turns.get(of)).copied().unwrap_or(0);
        let same = |index: &usize| around.iter().all(|of| turn(*index, of) == turn(content, of));
        let near = copies.iter().copied().enumerate().filter(|(_, index)| same(index));
        near.min_by_key(|(_, index)| index.abs_diff(content)).map(|(copy, _)| copy + 1)
    }

    fn renamed_in(&mut self, kept: &'x str, content: usize) -> String {
        let (mut text, mut rest) = (String::with_capacity(kept.len() + 16), kept);
        while let Some(at) = rest.find('<') {
            let (before, from) = rest.split_at(at);
            text.push_str(before);
            let end = from.find('>').map_or(from.len(), |end| end + 1);
            let (tag, after) = from.split_at(end);
            rest = after;
            match tag.split([' ', '>', '/']).next().unwrap_or_default() {
                "<w:bookmarkStart" => {
                    let place = |copies: &Vec<usize>| copies.iter().position(|copy| *copy == content);
                    let copy = attribute(tag, "w:name").and_then(|name| self.repeated.get(name)).and_then(place);
                    let copy = copy.map_or(1, |place| place + 1);
                    self.begun.extend(attribute(tag, "w:id").map(|id| (id, copy)));
                    let renamed = self.with_name(tag, "w:name", content);
                    text.push_str(&self.with_id(&renamed, copy));
                }
                "<w:bookmarkEnd" => {
                    let copy = attribute(tag, "w:id").and_then(|id| self.begun.get(id)).copied();
                    text.push_str(&self.with_id(tag, copy.unwrap_or(1)));
                }
                "<w:hyperlink" => text.push_str(&self.with_name(tag, "w:anchor", content)),
                "<w:fldSimple" => match attribute(tag, "w:instr") {
                    Some(instruction) => {
                        let renamed = self.instruction(instruction, content);
                        text.push_str(&tag.replacen(instruction, &renamed, 1));
                    }
                    None => text.push_str(tag),
                },
                "<w:instrText" if !tag.ends_with("/>") => {
                    let (instruction, after) = rest.split_at(rest.find('<').unwrap_or(rest.len()));
                    text.push_str(tag);
                    text.push_str(&self.instruction(instruction, content));
                    rest = after;
                }
                _ => text.push_str(tag),
            }
        }
        text.push_str(rest);
        text
    }

    /// Returns a tag with the name of a bookmark in an attribute as it is in a copy.
    fn with_name(&mut self, tag: &'x str, key: &str, content: usize) -> String {
        let renamed = attribute(tag, key).and_then(|name| Some((name, self.name(name, content)?)));
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
        if copy == 1 {
            return tag.to_owned();
        }
        let new = FIRST_ID + copy * self.ids.len() + place;
        tag.replacen(&format!("w:id=\"{id}\""), &format!("w:id=\"{new}\""), 1)
    }

    /// Returns the instruction of a field with the names of bookmarks as they are in a copy: ` REF name \h `.
    fn instruction(&mut self, instruction: &'x str, content: usize) -> String {
        let word = |word: &'x str| {
            let name = word.trim_matches(['"', ' ']).trim_start_matches("&quot;").trim_end_matches("&quot;");
            self.name(name, content).map_or_else(|| word.to_owned(), |new| word.replacen(name, &new, 1))
        };
        instruction.split_inclusive(char::is_whitespace).map(word).collect()
    }

    /// Returns the name that a bookmark has for what stands among the contents; `None` if it is the bookmark's own.
    fn name(&mut self, name: &'x str, content: usize) -> Option<String> {
        let copy = self.copy_for(name, content).filter(|copy| *copy > 1)?;
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

/// Returns how often each loop had turned before each of the contents. A loop turns where the file goes back.
fn turns(contents: &[Content]) -> Vec<Turns> {
    let (mut turns, mut before) = (Turns::new(), None);
    let mut until = |content: &Content| {
        if let Content::Kept(range) = content {
            if let Some(before) = before.filter(|before| range.start <= *before) {
                *turns.entry((range.start, before)).or_default() += 1;
            }
            before = Some(range.start);
        }
        turns.clone()
    };
    contents.iter().map(&mut until).collect()
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

    fn given(copies: &mut Copies<'_>, contents: &[Content]) -> Vec<String> {
        let kept = contents.iter().enumerate().filter_map(|(index, content)| match content {
            Content::Kept(range) => Some((index, range)),
            _ => None,
        });
        kept.map(|(index, range)| copies.next(index, range).into_owned()).collect()
    }

    /// A loop over units, each with a bookmark, and within it a loop over issues, each with its own.
    #[test]
    fn references_in_nested_loops_point_into_their_copy() {
        let mark = |id: u32, name: &str| {
            format!("<w:bookmarkStart w:id=\"{id}\" w:name=\"{name}\"/><w:bookmarkEnd w:id=\"{id}\"/>")
        };
        let refer = |names: &[&str]| {
            names.iter().map(|name| format!("<w:instrText>REF {name}</w:instrText>")).collect::<Vec<_>>().concat()
        };
        let pieces = [mark(1, "u"), mark(2, "i") + &refer(&["u", "i"]), refer(&["u", "i"]), refer(&["u"])];
        let (xml, mut ranges) = (pieces.concat(), Vec::new());
        for piece in &pieces {
            let from = ranges.last().map_or(0, |range: &Range<usize>| range.end);
            ranges.push(from..from + piece.len());
        }
        // Unit 1 has two issues, unit 2 none, unit 3 one; the last piece stands behind the loop.
        let order = [0, 1, 1, 2, 0, 2, 0, 1, 2, 3];
        let contents: Vec<Content> = order.iter().map(|at| Content::Kept(ranges[*at].clone())).collect();
        let given = given(&mut Copies::new(&xml, &contents), &contents);
        let names = |at: usize| -> Vec<&str> {
            given[at].split("REF ").skip(1).map(|rest| rest.split('<').next().unwrap()).collect()
        };
        assert_eq!([1, 2].map(names), [["u", "i"], ["u", "i_2"]]);
        assert_eq!(names(3)[0], "u");
        assert_eq!(names(5)[0], "u_2");
        assert_eq!([7, 8].map(names), [["u_3", "i_3"], ["u_3", "i_3"]]);
        assert_eq!(names(9), ["u"]);
        assert!(given[6].contains("w:id=\"800006\" w:name=\"u_3\"/><w:bookmarkEnd w:id=\"800006\""), "{}", given[6]);
    }

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
        let given: Vec<String> = given(&mut copies, &contents);
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
        let given: Vec<String> = given(&mut copies, &contents);
        assert!(
            given[1].contains("w:name=\"b_2_\"") && given[1].contains(&format!("\"{}_2\"", "n".repeat(38))),
            "{}",
            given[1]
        );
        assert!(given[1].contains("w:name=\"open\"") && given[2].contains("w:name=\"b_2\""));
    }
}
