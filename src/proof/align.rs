//! Lays an edited document beside its draft: lines first, then what is in them, so that a number is compared with the one
//! that stood at its place, however the text around it was moved or reworded.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use aho_corasick::AhoCorasick;

use super::numbers::{Number, NumberClass, numbers};
use crate::words::number::narrow;

/// Names that are told from other text: each spelling with the name that it means.
pub(crate) struct Names {
    finder: Option<AhoCorasick>,
    meant: Vec<String>,
}

impl Names {
    /// Takes spellings and what each means.
    pub(crate) fn new(names: &BTreeMap<String, String>) -> Self {
        let known: Vec<(&String, &String)> = names.iter().filter(|(name, _)| name.chars().count() > 1).collect();
        let finder = AhoCorasick::builder()
            .match_kind(aho_corasick::MatchKind::LeftmostLongest)
            .build(known.iter().map(|(name, _)| name.as_str()))
            .ok();
        Self { finder, meant: known.into_iter().map(|(_, meant)| meant.clone()).collect() }
    }

    fn find(&self, text: &str) -> Vec<(Range<usize>, usize)> {
        let found = self.finder.iter().flat_map(|finder| finder.find_iter(text));
        found.map(|found| (found.range(), found.pattern().as_usize())).collect()
    }

    fn meant(&self, name: usize) -> &str {
        self.meant.get(name).map_or("", String::as_str)
    }
}

/// What a line is made of.
#[derive(Clone, Copy, Debug)]
enum TokenKind {
    /// A number of the line.
    Number(usize),
    /// A name, by its number among all.
    Name(usize),
    /// A character.
    Char(char),
}

#[derive(Clone, Debug)]
struct Token {
    kind: TokenKind,
    range: Range<usize>,
}

/// A line, read.
#[derive(Clone, Debug)]
pub(crate) struct ReadLine {
    /// Its text.
    pub(crate) text: String,
    /// Its numbers.
    pub(crate) numbers: Vec<Number>,
    tokens: Vec<Token>,
    /// The text without blanks, in half width.
    pub(crate) normal: String,
}

/// Returns a text as it is compared: half width, without blanks.
pub(crate) fn normal(text: &str) -> String {
    narrow(text).chars().filter(|c| !c.is_whitespace() || *c == '\t').collect()
}

impl ReadLine {
    pub(crate) fn new(text: &str, names: &Names) -> Self {
        let numbers = numbers(text);
        let mut taken: Vec<(Range<usize>, TokenKind)> = numbers
            .iter()
            .enumerate()
            .map(|(index, number)| (number.range.clone(), TokenKind::Number(index)))
            .collect();
        for (range, name) in names.find(text) {
            // A numeral within a name is part of it, and is compared with it.
            let overlaps = taken.iter().any(|(other, _)| other.start < range.end && range.start < other.end);
            if !overlaps {
                taken.push((range, TokenKind::Name(name)));
            }
        }
        taken.sort_by_key(|(range, _)| range.start);
        let (mut tokens, mut at) = (Vec::new(), 0);
        let chars = |from: usize, to: usize, tokens: &mut Vec<Token>| {
            for (offset, c) in text.get(from..to).unwrap_or_default().char_indices() {
                if c.is_whitespace() && c != '\t' {
                    continue;
                }
                let narrow = narrow(c.encode_utf8(&mut [0; 4])).chars().next().unwrap_or(c).to_ascii_lowercase();
                let range = from + offset..from + offset + c.len_utf8();
                tokens.push(Token { kind: TokenKind::Char(narrow), range });
            }
        };
        for (range, kind) in taken {
            chars(at, range.start, &mut tokens);
            at = range.end;
            tokens.push(Token { kind, range });
        }
        chars(at, text.len(), &mut tokens);
        Self { text: text.to_owned(), numbers, tokens, normal: normal(text) }
    }

    /// Whether it is a heading: numbered, and no sentence.
    pub(crate) fn is_heading(&self) -> bool {
        let is_numbered = self.numbers.first().is_some_and(|first| {
            let written = self.said(first.range.clone());
            // Captions of tables and charts are no headings.
            let is_caption =
                written.starts_with(['图', '表', '附']) || written.starts_with(|c: char| c.is_ascii_alphabetic());
            first.class == NumberClass::Clause && first.range.start == 0 && !is_caption
        });
        is_numbered && !self.text.contains('\t') && !self.text.trim_end().ends_with(['。', '；', ';', '.', '：', ':'])
    }

    fn number(&self, index: usize) -> Option<&Number> {
        self.numbers.get(index)
    }

    fn names(&self) -> impl Iterator<Item = (usize, Range<usize>)> {
        self.tokens.iter().filter_map(|token| match token.kind {
            TokenKind::Name(name) => Some((name, token.range.clone())),
            _ => None,
        })
    }

    fn said(&self, range: Range<usize>) -> &str {
        self.text.get(range).unwrap_or_default()
    }

    /// The clause that a byte is in, without numbers and blanks: what stands between two marks of punctuation.
    fn clause(&self, range: &Range<usize>) -> String {
        let ends = |c: char| "，。；：、,;:（）()\t！？".contains(c);
        let before = self.said(0..range.start).rsplit(ends).next().unwrap_or_default();
        let after = self.said(range.end..self.text.len()).split(ends).next().unwrap_or_default();
        let keep = |c: &char| !c.is_whitespace() && !c.is_ascii_digit();
        before.chars().filter(keep).chain(['#']).chain(after.chars().filter(keep)).collect()
    }
}

/// What became of something of the draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pair {
    /// Line and number of the draft.
    pub(crate) draft: (usize, usize),
    /// Line and number of the edited document.
    pub(crate) edited: (usize, usize),
}

/// A name that stands no longer where it stood, or one that stands where it did not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NameChange {
    /// The line of the edited document, and the byte.
    pub(crate) edited: (usize, usize),
    /// What is written there.
    pub(crate) written: String,
    /// What the draft had; nothing if it had no name there.
    pub(crate) draft: Option<String>,
}

/// Two documents side by side.
#[derive(Clone, Debug, Default)]
pub(crate) struct Alignment {
    /// For each line of the draft the line that it became.
    pub(crate) lines: Vec<Option<usize>>,
    /// Numbers that stand at one place.
    pub(crate) pairs: Vec<Pair>,
    /// Numbers of the draft that are not there.
    pub(crate) missing: Vec<(usize, usize)>,
    /// Numbers that were not in the draft.
    pub(crate) new: Vec<(usize, usize)>,
    /// Names.
    pub(crate) names: Vec<NameChange>,
}

/// Lays two documents side by side.
pub(crate) fn align(draft: &[ReadLine], edited: &[ReadLine], names: &Names) -> Alignment {
    let mut alignment = Alignment { lines: matched_lines(draft, edited), ..Alignment::default() };
    let mut is_matched = vec![false; edited.len()];
    for (at, old) in draft.iter().enumerate() {
        let Some(new_at) = alignment.lines[at] else {
            alignment.missing.extend((0..old.numbers.len()).map(|number| (at, number)));
            continue;
        };
        let Some(new) = edited.get(new_at) else { continue };
        is_matched[new_at] = true;
        for gap in gaps(old, new, names) {
            match gap {
                Step::Same(number, other) => {
                    alignment.pairs.push(Pair { draft: (at, number), edited: (new_at, other) });
                }
                Step::Gap(before, after) => pair_gap((at, old, before), (new_at, new, after), names, &mut alignment),
            }
        }
    }
    let in_draft: BTreeSet<&str> = draft.iter().flat_map(ReadLine::names).map(|(name, _)| names.meant(name)).collect();
    for (at, line) in edited.iter().enumerate().filter(|(at, _)| !is_matched[*at]) {
        alignment.new.extend((0..line.numbers.len()).map(|number| (at, number)));
        for (_, range) in line.names().filter(|(name, _)| !in_draft.contains(names.meant(*name))) {
            let written = line.said(range.clone()).to_owned();
            alignment.names.push(NameChange { edited: (at, range.start), written, draft: None });
        }
    }
    moved(draft, edited, &mut alignment);
    alignment
}

/// Numbers whose clause was moved as it is are no change.
fn moved(draft: &[ReadLine], edited: &[ReadLine], alignment: &mut Alignment) {
    let mut kept = Vec::new();
    let mut new = std::mem::take(&mut alignment.new);
    for missing in std::mem::take(&mut alignment.missing) {
        let Some((line, number)) = draft.get(missing.0).and_then(|line| Some((line, line.number(missing.1)?))) else {
            continue;
        };
        let clause = line.clause(&number.range);
        let position = new.iter().position(|(at, index)| {
            let Some((other, found)) = edited.get(*at).and_then(|line| Some((line, line.number(*index)?))) else {
                return false;
            };
            let is_first = other.said(0..found.range.start).chars().all(|c| clause.contains(c) || c.is_whitespace());
            let is_known = clause.chars().count() >= if is_first { 4 } else { 9 };
            is_known && found.says(number) && other.clause(&found.range) == clause
        });
        match position {
            Some(position) => alignment.pairs.push(Pair { draft: missing, edited: new.remove(position) }),
            None => kept.push(missing),
        }
    }
    (alignment.missing, alignment.new) = (kept, new);
}

fn pair_gap(
    (at, old, before): (usize, &ReadLine, Range<usize>),
    (new_at, new, after): (usize, &ReadLine, Range<usize>),
    names: &Names,
    alignment: &mut Alignment,
) {
    let of = |line: &ReadLine, range: &Range<usize>| -> (Vec<usize>, Vec<(usize, Range<usize>)>) {
        let (mut figures, mut of_names) = (Vec::new(), Vec::new());
        for token in line.tokens.get(range.clone()).unwrap_or_default() {
            match token.kind {
                TokenKind::Number(number) => figures.push(number),
                TokenKind::Name(name) => of_names.push((name, token.range.clone())),
                TokenKind::Char(_) => {}
            }
        }
        (figures, of_names)
    };
    let ((mut left, old_names), (mut right, new_names)) = (of(old, &before), of(new, &after));
    if left.len() != right.len() {
        // Those that say the same belong together; the others pair in order while there are any.
        let mut from = 0;
        let mut same = Vec::new();
        for (i, number) in left.iter().enumerate() {
            let says =
                |other: &usize| old.number(*number).zip(new.number(*other)).is_some_and(|(old, new)| new.says(old));
            if let Some(j) = right.iter().skip(from).position(says).map(|j| j + from) {
                same.push((i, j));
                from = j + 1;
            }
        }
        for (i, j) in same.iter().rev() {
            alignment.pairs.push(Pair { draft: (at, left.remove(*i)), edited: (new_at, right.remove(*j)) });
        }
        // A numeral within a word takes no figure's place.
        let is_vague = |number: &usize| new.number(*number).is_some_and(|number| number.class == NumberClass::Vague);
        while right.len() > left.len() {
            let Some(vague) = right.iter().position(is_vague) else { break };
            alignment.new.push((new_at, right.remove(vague)));
        }
    }
    let paired = left.len().min(right.len());
    for (number, other) in left.iter().zip(&right) {
        alignment.pairs.push(Pair { draft: (at, *number), edited: (new_at, *other) });
    }
    alignment.missing.extend(left.iter().skip(paired).map(|number| (at, *number)));
    alignment.new.extend(right.iter().skip(paired).map(|number| (new_at, *number)));
    let tokens = new.tokens.get(after.clone()).unwrap_or_default();
    let place = tokens.first().map_or_else(
        || after.start.checked_sub(1).and_then(|at| new.tokens.get(at)).map_or(0, |token| token.range.end),
        |token| token.range.start,
    );
    let end = tokens.last().map_or(place, |token| token.range.end);
    for index in 0..old_names.len().max(new_names.len()) {
        let (was, is) = (old_names.get(index), new_names.get(index));
        let meant = was.map(|(name, _)| names.meant(*name).to_owned());
        if meant.as_deref() == is.map(|(name, _)| names.meant(*name)) {
            continue;
        }
        let written = match is {
            Some((_, range)) => new.said(range.clone()).to_owned(),
            None if new_names.is_empty() => new.said(place..end).chars().take(40).collect(),
            None => String::new(),
        };
        let byte = is.map_or(place, |(_, range)| range.start);
        let draft = was.map(|(_, range)| old.said(range.clone()).to_owned());
        alignment.names.push(NameChange { edited: (new_at, byte), written, draft });
    }
}

enum Step {
    /// Two numbers that stand at one place and say the same.
    Same(usize, usize),
    /// Tokens that have no counterpart.
    Gap(Range<usize>, Range<usize>),
}

/// How much it weighs that two tokens stand at one place; nothing if they can't.
fn weight(old: (&ReadLine, &Token), new: (&ReadLine, &Token), names: &Names) -> u32 {
    match (old.1.kind, new.1.kind) {
        (TokenKind::Char('\t'), TokenKind::Char('\t')) => 12,
        (TokenKind::Char(a), TokenKind::Char(b)) if a == b => 2,
        (TokenKind::Name(a), TokenKind::Name(b)) if names.meant(a) == names.meant(b) => 6,
        // So little that text is never pulled away from its place by a number.
        (TokenKind::Number(a), TokenKind::Number(b)) => {
            let same = old.0.number(a).zip(new.0.number(b)).is_some_and(|(old, new)| new.says(old));
            u32::from(same)
        }
        _ => 0,
    }
}

/// Above this many pairs of tokens only the numbers are laid side by side.
const MOST_PAIRS: usize = 16_000_000;

/// The longest common run of tokens, and what is between.
fn gaps(old: &ReadLine, new: &ReadLine, names: &Names) -> Vec<Step> {
    let only_numbers = old.tokens.len().saturating_mul(new.tokens.len()) > MOST_PAIRS;
    let kept = |line: &ReadLine| -> Vec<usize> {
        let keep = |token: &Token| !only_numbers || !matches!(token.kind, TokenKind::Char(_));
        line.tokens.iter().enumerate().filter(|(_, token)| keep(token)).map(|(index, _)| index).collect()
    };
    let (left, right) = (kept(old), kept(new));
    let width = right.len() + 1;
    let mut best = vec![0_u32; (left.len() + 1) * width];
    let of = |i: usize, j: usize| -> u32 {
        let (Some(a), Some(b)) =
            (left.get(i).and_then(|at| old.tokens.get(*at)), right.get(j).and_then(|at| new.tokens.get(*at)))
        else {
            return 0;
        };
        weight((old, a), (new, b), names)
    };
    for i in (0..left.len()).rev() {
        for j in (0..right.len()).rev() {
            let weight = of(i, j);
            let mut most = best[(i + 1) * width + j].max(best[i * width + j + 1]);
            if weight > 0 {
                most = most.max(best[(i + 1) * width + j + 1] + weight);
            }
            best[i * width + j] = most;
        }
    }
    let (mut steps, mut i, mut j) = (Vec::new(), 0, 0);
    let (mut from_i, mut from_j) = (0, 0);
    let token = |list: &[usize], at: usize, end: usize| list.get(at).copied().unwrap_or(end);
    while i < left.len() && j < right.len() {
        let weight = of(i, j);
        if weight > 0 && best[i * width + j] == best[(i + 1) * width + j + 1] + weight {
            let (a, b) = (left[i], right[j]);
            if from_i < a || from_j < b {
                steps.push(Step::Gap(from_i..a, from_j..b));
            }
            if let (TokenKind::Number(a), TokenKind::Number(b)) = (old.tokens[a].kind, new.tokens[b].kind) {
                steps.push(Step::Same(a, b));
            }
            (from_i, from_j) = (a + 1, b + 1);
            (i, j) = (i + 1, j + 1);
        } else if best[(i + 1) * width + j] >= best[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    let (end_i, end_j) = (token(&left, left.len(), old.tokens.len()), token(&right, right.len(), new.tokens.len()));
    if from_i < end_i || from_j < end_j {
        steps.push(Step::Gap(from_i..end_i, from_j..end_j));
    }
    steps
}

/// For each line of the draft the line that it became: equal lines in order, then those that are most alike.
fn matched_lines(draft: &[ReadLine], edited: &[ReadLine]) -> Vec<Option<usize>> {
    let mut found = vec![None; draft.len()];
    let mut by_text: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, line) in edited.iter().enumerate().rev() {
        by_text.entry(&line.normal).or_default().push(at);
    }
    let mut is_free = vec![true; edited.len()];
    for (at, line) in draft.iter().enumerate() {
        if let Some(new) = by_text.get_mut(line.normal.as_str()).and_then(Vec::pop) {
            found[at] = Some(new);
            is_free[new] = false;
        }
    }
    let left: Vec<usize> = (0..draft.len()).filter(|at| found[*at].is_none()).collect();
    let right: Vec<usize> = (0..edited.len()).filter(|at| is_free[*at]).collect();
    let pairs_of = |line: &ReadLine| -> BTreeSet<(char, char)> {
        let text: Vec<char> =
            std::iter::once('^').chain(line.normal.chars().map(|c| if c.is_ascii_digit() { '0' } else { c })).collect();
        text.windows(2).filter_map(|pair| Some((*pair.first()?, *pair.get(1)?))).collect()
    };
    let right_pairs: Vec<_> = right.iter().map(|at| pairs_of(&edited[*at])).collect();
    let is_long = left.len().saturating_mul(right.len()) > 4_000_000;
    let mut scored: Vec<(usize, usize, usize, usize)> = Vec::new();
    for (i, at) in left.iter().enumerate() {
        let own = pairs_of(&draft[*at]);
        for (j, other) in right_pairs.iter().enumerate() {
            if is_long && i.abs_diff(j) > 200 {
                continue;
            }
            let common = own.intersection(other).count();
            let score = common * 2000 / (own.len() + other.len()).max(1);
            if score >= 500 {
                scored.push((score, usize::MAX - expected(&found, *at).abs_diff(right[j]), *at, right[j]));
            }
        }
    }
    scored.sort_by_key(|(score, near, at, new)| (std::cmp::Reverse((*score, *near)), *at, *new));
    for (.., at, new) in scored {
        if found[at].is_none() && is_free[new] {
            found[at] = Some(new);
            is_free[new] = false;
        }
    }
    between(&mut found, &is_free);
    found
}

/// Pairs lines that are alike in nothing but stand between the same two lines, as many here as there: a line such as an
/// addressee is one name, and is written anew as a whole.
fn between(found: &mut [Option<usize>], is_free: &[bool]) {
    let mut at = 0;
    while at < found.len() {
        let length = found.iter().skip(at).take_while(|line| line.is_none()).count();
        let before = at.checked_sub(1).and_then(|before| found.get(before).copied().flatten());
        let after = found.get(at + length).copied().flatten();
        let first = before.map_or(0, |before| before + 1);
        let end = after.unwrap_or(is_free.len());
        let is_gap = length > 0 && (before.is_some() || at == 0) && end.checked_sub(first) == Some(length);
        if is_gap && is_free.get(first..end).is_some_and(|lines| lines.iter().all(|free| *free)) {
            for (line, new) in found.iter_mut().skip(at).zip(first..end) {
                *line = Some(new);
            }
        }
        at += length.max(1);
    }
}

/// Where a line would stand behind the one before it.
fn expected(found: &[Option<usize>], at: usize) -> usize {
    let before = (0..at).rev().find_map(|before| Some(found.get(before).copied().flatten()? + (at - before)));
    before.unwrap_or(at)
}

#[cfg(test)]
mod tests;
