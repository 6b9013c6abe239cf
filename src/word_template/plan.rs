//! What becomes of a part when it is filled: bytes that stay, tags, and the paragraphs, rows and cells that tags take
//! with them. What would go wrong is told before anything is filled.

use std::ops::Range;

use quick_xml::escape::escape;

use super::place::ParagraphPlace;
use super::problem::{Problem, Wrong};
use super::tag::{self, Carrier, STATEMENTS, Tag, TagKind};
use super::text::{Element, Paragraph};
use crate::document::text::permitted;

/// A tag that will be filled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The tag.
    pub tag: Tag,
    /// Its paragraph, by its index in the file.
    pub paragraph: usize,
    /// What a block belongs to: the index of the tag that opens it; its own for one that opens.
    pub(crate) opened_by: Option<usize>,
}

/// A piece of a filled part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PartSegment {
    /// Bytes of the part as they are.
    Kept(Range<usize>),
    /// Text of our own.
    Own(String),
    /// What a tag gives, by its index.
    Tag(usize),
}

/// What stands in a paragraph of its own, written by us.
pub const WHOLE: [&str; 2] = ["body", "attachments"];

/// Finds the tags of all paragraphs, and what is wrong with how they stand.
pub(crate) fn tags(paragraphs: &[Paragraph]) -> (Vec<Placed>, Vec<Wrong>) {
    let (mut placed, mut wrong) = (Vec::new(), Vec::new());
    for (index, paragraph) in paragraphs.iter().enumerate() {
        let (tags, loose) = tag::find(&paragraph.text);
        if !paragraph.spot.is_filled() {
            wrong.extend(tags.iter().map(|tag| Wrong::at(index, tag, Problem::NotFilled)));
            continue;
        }
        for loose in loose {
            let problem = if loose.is_open { Problem::NotClosed } else { Problem::NotOpened };
            wrong.push(Wrong { paragraph: index, start: loose.start, end: loose.end, problem });
        }
        for tag in tags {
            wrong.extend(alone(index, &tag, paragraphs));
            placed.push(Placed { tag, paragraph: index, opened_by: None });
        }
    }
    carriers(&placed, paragraphs, &mut wrong);
    pairs(&mut placed, paragraphs, &mut wrong);
    (placed, wrong)
}

impl Placed {
    /// Whether it is filled with paragraphs: `{{ body }}`, `{{p … }}`.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        let Tag { kind, carrier, inner, .. } = &self.tag;
        *kind == TagKind::Print && (*carrier == Some(Carrier::Paragraph) || WHOLE.contains(&inner.as_str()))
    }

    /// Whether a paragraph, row or cell goes with it.
    pub(crate) fn takes_element(&self) -> bool {
        self.is_whole() || self.tag.carrier.is_some()
    }

    /// The element that goes with it.
    fn element(&self, paragraph: &Paragraph) -> Option<Element> {
        let name = match self.tag.carrier {
            None if self.is_whole() => return Some(paragraph.element.clone()),
            None | Some(Carrier::Run) => return None,
            Some(Carrier::Paragraph) => return Some(paragraph.element.clone()),
            Some(Carrier::Row) => "w:tr",
            Some(Carrier::Cell) => "w:tc",
        };
        paragraph.around.iter().rfind(|element| element.name == name).cloned()
    }
}

/// What is wrong with a tag by itself.
fn alone(index: usize, tag: &Tag, paragraphs: &[Paragraph]) -> Option<Wrong> {
    let paragraph = paragraphs.get(index)?;
    let problem = match (tag.kind, tag.carrier) {
        (TagKind::Comment, _) => return None,
        _ if tag.inner.trim_matches('-').trim().is_empty() => Problem::Empty,
        (_, Some(Carrier::Run)) => Problem::RunTag,
        (TagKind::Print, Some(Carrier::Row | Carrier::Cell)) => Problem::PrintsRow,
        (TagKind::Block, _) if !STATEMENTS.contains(&tag.word()) => Problem::Foreign { word: tag.word().to_owned() },
        (TagKind::Block, _) if tag.word() == "set" && !tag.inner.contains('=') => {
            Problem::Foreign { word: "set … endset".to_owned() }
        }
        (_, carrier) => {
            let is_whole = WHOLE.contains(&tag.inner.as_str()) || carrier == Some(Carrier::Paragraph);
            let is_in_text = !matches!(paragraph.spot, ParagraphPlace::Header(_) | ParagraphPlace::Footer(_));
            if tag.kind == TagKind::Print && is_whole && !is_in_text {
                Problem::WholeOutside
            } else if tag.kind == TagKind::Print && is_whole && others(paragraph, tag) {
                Problem::WholeWithText
            } else {
                return None;
            }
        }
    };
    Some(Wrong::at(index, tag, problem))
}

/// Whether there is other text in the paragraph of a tag.
fn others(paragraph: &Paragraph, tag: &Tag) -> bool {
    let mut other = paragraph.text.chars().enumerate().filter(|(at, _)| !(tag.start..tag.end).contains(at));
    other.any(|(_, c)| !c.is_whitespace())
}

/// What is wrong with what tags take with them.
fn carriers(placed: &[Placed], paragraphs: &[Paragraph], wrong: &mut Vec<Wrong>) {
    let mut taken: Vec<(usize, usize)> = Vec::new();
    for Placed { tag, paragraph: index, .. } in placed {
        let Some(carrier) = tag.carrier.filter(|carrier| *carrier != Carrier::Run) else { continue };
        let Some(paragraph) = paragraphs.get(*index) else { continue };
        let own = Placed { tag: tag.clone(), paragraph: *index, opened_by: None };
        let Some(element) = own.element(paragraph) else {
            wrong.push(Wrong::at(*index, tag, Problem::NoCarrier { carrier }));
            continue;
        };
        let key = (paragraph.part, element.start);
        if taken.contains(&key) {
            wrong.push(Wrong::at(*index, tag, Problem::TwoCarriers { carrier }));
            continue;
        }
        taken.push(key);
        let inside =
            |other: &&Paragraph| other.part == paragraph.part && element.range().contains(&other.element.start);
        let mut others_there = paragraphs.iter().filter(inside).map(|other| {
            other.element.start != paragraph.element.start && !only_carriers(other) || {
                other.element.start == paragraph.element.start && others(paragraph, tag)
            }
        });
        // A second tag of the kind is told as such.
        let second = placed
            .iter()
            .any(|other| other.paragraph == *index && other.tag.start != tag.start && other.tag.carrier == tag.carrier);
        if tag.kind != TagKind::Print && !second && others_there.any(|there| there) {
            wrong.push(Wrong::at(*index, tag, Problem::TextIsLost { carrier }));
        } else if carrier == Carrier::Paragraph && paragraph.holds_more {
            wrong.push(Wrong::at(*index, tag, Problem::MoreIsLost));
        }
    }
}

/// Whether a paragraph holds nothing but tags that take rows or cells with them: it is told at these.
fn only_carriers(paragraph: &Paragraph) -> bool {
    let (tags, _) = tag::find(&paragraph.text);
    let mut rest = paragraph.text.chars().enumerate();
    let is_carrier = |at: usize| tags.iter().any(|tag| tag.carrier.is_some() && (tag.start..tag.end).contains(&at));
    !tags.is_empty() && rest.all(|(at, c)| c.is_whitespace() || is_carrier(at))
}

/// What must be the same where a block opens and where it closes.
#[derive(PartialEq, Eq)]
struct Level {
    part: usize,
    carrier: Option<Carrier>,
    /// The element around what is repeated or left out.
    around: usize,
    path: Vec<String>,
}

fn level(placed: &Placed, paragraph: &Paragraph) -> Level {
    let carrier = placed.tag.carrier;
    let name = match carrier {
        Some(Carrier::Row) => Some("w:tr"),
        Some(Carrier::Cell) => Some("w:tc"),
        _ => None,
    };
    let around = &paragraph.around;
    let own = name.and_then(|name| around.iter().rposition(|element| element.name == name));
    let at = own.unwrap_or(around.len().saturating_sub(1));
    let outer = at.checked_sub(1).and_then(|at| around.get(at)).map_or(0, |element| element.start);
    let path = match carrier {
        None => piece_at(paragraph, placed.tag.start).map(|piece| piece.path.clone()).unwrap_or_default(),
        Some(_) => Vec::new(),
    };
    Level { part: paragraph.part, carrier, around: outer, path }
}

fn piece_at(paragraph: &Paragraph, at: usize) -> Option<&super::text::RunText> {
    let mut from = 0;
    paragraph.pieces.iter().find(|piece| {
        let end = from + piece.text.chars().count();
        let holds = (from..end).contains(&at);
        from = end;
        holds && !piece.is_mark
    })
}

/// Matches blocks with their ends.
fn pairs(placed: &mut [Placed], paragraphs: &[Paragraph], wrong: &mut Vec<Wrong>) {
    let mut open: Vec<(usize, &'static str)> = Vec::new();
    let mut part = None;
    for index in 0..placed.len() {
        let Some(Placed { tag, paragraph, .. }) = placed.get(index).cloned() else { break };
        let Some(stands) = paragraphs.get(paragraph) else { break };
        if part != Some(stands.part) {
            part = Some(stands.part);
            unclosed(&mut open, placed, wrong);
        }
        if tag.kind != TagKind::Block {
            continue;
        }
        let word = tag.word();
        let (wanted, ends) = match word {
            "if" | "for" => {
                open.push((index, if word == "if" { "if" } else { "for" }));
                placed[index].opened_by = Some(index);
                continue;
            }
            "elif" => (&["if"][..], false),
            "else" => (&["if", "for"][..], false),
            "endif" => (&["if"][..], true),
            "endfor" => (&["for"][..], true),
            _ => continue,
        };
        let Some((opener, _)) = open.last().copied().filter(|(_, opens)| wanted.contains(opens)) else {
            let near = open.last().and_then(|(at, _)| placed.get(*at));
            let open = near.map(|near| (near.tag.word().to_owned(), near.paragraph));
            wrong.push(Wrong::at(paragraph, &tag, Problem::NothingOpen { word: word.to_owned(), open }));
            continue;
        };
        placed[index].opened_by = Some(opener);
        let first = &placed[opener];
        let same =
            paragraphs.get(first.paragraph).is_some_and(|other| level(first, other) == level(&placed[index], stands));
        if !same {
            let problem = Problem::OtherLevel {
                word: word.to_owned(),
                opened: first.paragraph,
                carriers: (first.tag.carrier, tag.carrier),
            };
            wrong.push(Wrong::at(paragraph, &tag, problem));
        }
        if ends {
            open.pop();
        }
    }
    unclosed(&mut open, placed, wrong);
}

fn unclosed(open: &mut Vec<(usize, &'static str)>, placed: &[Placed], wrong: &mut Vec<Wrong>) {
    for (index, word) in open.drain(..) {
        if let Some(Placed { tag, paragraph, .. }) = placed.get(index) {
            wrong.push(Wrong::at(*paragraph, tag, Problem::NoEnd { word }));
        }
    }
}

/// What a part is when it is filled; only of a file in which nothing is wrong.
pub(crate) fn items(part: usize, xml: &str, paragraphs: &[Paragraph], placed: &[Placed]) -> Vec<PartSegment> {
    let mut edits: Vec<(Range<usize>, Vec<PartSegment>)> = Vec::new();
    for (index, paragraph) in paragraphs.iter().enumerate().filter(|(_, paragraph)| paragraph.part == part) {
        let here = || placed.iter().enumerate().filter(|(_, placed)| placed.paragraph == index);
        for (at, placed) in here() {
            if let Some(element) = placed.element(paragraph) {
                edits.push((element.range(), vec![PartSegment::Tag(at)]));
            }
        }
        let inline: Vec<(usize, &Tag)> = here()
            .filter(|(_, placed)| placed.tag.carrier.is_none() && !placed.is_whole())
            .map(|(at, placed)| (at, &placed.tag))
            .collect();
        edits.extend(runs(paragraph, &inline));
    }
    edits.sort_by_key(|(range, _)| range.start);
    let (mut items, mut at) = (Vec::new(), 0);
    for (range, replacement) in edits {
        items.push(PartSegment::Kept(at..range.start));
        items.extend(replacement);
        at = range.end;
    }
    items.push(PartSegment::Kept(at..xml.len()));
    items.retain(|item| !matches!(item, PartSegment::Kept(range) if range.is_empty()));
    items
}

/// The text elements that tags touch: a tag goes whole into the first of them, so it has the looks of its beginning.
fn runs(paragraph: &Paragraph, tags: &[(usize, &Tag)]) -> Vec<(Range<usize>, Vec<PartSegment>)> {
    let (mut edits, mut from) = (Vec::new(), 0);
    for piece in &paragraph.pieces {
        let start = from;
        from += piece.text.chars().count();
        let touched = tags.iter().any(|(_, tag)| tag.start < from && start < tag.end);
        if !touched {
            continue;
        }
        if piece.is_mark {
            // A break within a tag is none.
            edits.push((piece.range.clone(), Vec::new()));
            continue;
        }
        let mut items = vec![PartSegment::Own(TEXT.to_owned())];
        let mut text = String::new();
        for (at, c) in (start..).zip(piece.text.chars()) {
            match tags.iter().find(|(_, tag)| (tag.start..tag.end).contains(&at)) {
                None => text.push(c),
                Some((index, tag)) if tag.start == at => {
                    items.push(PartSegment::Own(escape(std::mem::take(&mut text)).into_owned()));
                    items.push(PartSegment::Tag(*index));
                }
                Some(_) => {}
            }
        }
        items.push(PartSegment::Own(format!("{}</w:t>", escape(text))));
        edits.push((piece.range.clone(), items));
    }
    edits
}

/// Begins the text of a run, all of its blanks kept.
pub(super) const TEXT: &str = "<w:t xml:space=\"preserve\">";

/// A value as text of a run: a line break in it becomes one of the paragraph.
pub(crate) fn in_run(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let escaped = escape(permitted(&text).as_ref()).into_owned();
    escaped.replace('\n', &format!("</w:t><w:br/>{TEXT}")).replace('\t', &format!("</w:t><w:tab/>{TEXT}"))
}
