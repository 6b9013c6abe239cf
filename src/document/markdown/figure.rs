//! Figures in Markdown: marks that enclose a printed number and say which figure of the document it is.
//!
//! A mark is a control character, which no value holds: [`escape`](super::escape()) takes them out. A figure begins with
//! its number, each hexadecimal digit a character of its own, for a cell of a table followed by a separator and the number of
//! the part; it ends with a mark. They change nothing of what is read: [`blocks`](super::blocks) compares with the
//! text without them.

use std::borrow::Cow;

use crate::document::source::FigureId;
use crate::document::text::permitted;
use crate::document::{Attachment, Block, Cell, Inline, Table, text_only};

/// The first of sixteen characters, one for each hexadecimal digit.
const DIGITS: u32 = 0x10;
/// Between the number of a figure and that of its part.
const PART: char = '\u{3}';
/// Ends a figure.
const END: char = '\u{1}';

/// Whether a character is a mark.
pub(super) fn is_mark(c: char) -> bool {
    matches!(c, END | PART | '\u{10}'..='\u{1F}')
}

/// Returns Markdown marked as a printed figure. It is that of one text: without emphasis and line breaks.
#[must_use]
pub fn figure(id: FigureId, markdown: &str) -> String {
    let mut marked = digits(id.figure);
    if id.part > 0 {
        marked.push(PART);
        marked.push_str(&digits(id.part));
    }
    marked.push_str(markdown);
    marked.push(END);
    marked
}

fn digits(number: usize) -> String {
    format!("{number:x}").chars().filter_map(|c| char::from_u32(DIGITS + c.to_digit(16)?)).collect()
}

/// Returns Markdown without the marks of figures.
#[must_use]
pub fn without_figures(markdown: &str) -> Cow<'_, str> {
    if markdown.contains(is_mark) { markdown.replace(is_mark, "").into() } else { markdown.into() }
}

/// Returns a text of the parser without forbidden characters, but with marks.
pub(super) fn with_marks(text: &str) -> Cow<'_, str> {
    if !text.contains(is_mark) {
        return permitted(text);
    }
    let pieces = text.split_inclusive(is_mark).flat_map(|piece| {
        let mark = piece.chars().next_back().filter(|c| is_mark(*c));
        let rest = mark.map_or(piece, |mark| piece.strip_suffix(mark).unwrap_or(piece));
        permitted(rest).chars().chain(mark).collect::<Vec<_>>()
    });
    Cow::Owned(pieces.collect())
}

/// Returns inlines with marked texts as figures. A mark that encloses nothing goes.
pub(super) fn read(pieces: Vec<Inline>) -> Vec<Inline> {
    let is_marked = |piece: &Inline| matches!(piece, Inline::Text(text) if text.contains(is_mark));
    if !pieces.iter().any(is_marked) {
        return pieces;
    }
    let mut all = Vec::new();
    for piece in pieces {
        match piece {
            Inline::Text(text) => read_text(&text, &mut all),
            other => all.push(other),
        }
    }
    all
}

fn read_text(text: &str, all: &mut Vec<Inline>) {
    let mut rest = text;
    while let Some((before, after)) = rest.find(is_mark).map(|at| rest.split_at(at)) {
        push_text(before, all);
        let (id, behind) = id(after);
        let end = behind.find(is_mark).unwrap_or(behind.len());
        let (shown, behind) = behind.split_at(end);
        match (id, behind.strip_prefix(END)) {
            (Some(id), Some(behind)) if !shown.is_empty() => {
                all.push(Inline::Figure { id, text: shown.to_owned() });
                rest = behind;
            }
            // What began is read again without its marks.
            _ => {
                push_text(shown, all);
                rest = behind;
            }
        }
    }
    push_text(rest, all);
}

fn push_text(text: &str, all: &mut Vec<Inline>) {
    if !text.is_empty() {
        all.push(Inline::Text(text.to_owned()));
    }
}

/// Takes the id at the beginning of a text, which begins with a mark.
fn id(text: &str) -> (Option<FigureId>, &str) {
    let (figure, rest) = number(text);
    let (part, rest) = match rest.strip_prefix(PART) {
        Some(rest) => number(rest),
        None => (Some(0), rest),
    };
    match figure.zip(part) {
        Some((figure, part)) => (Some(FigureId { figure, part }), rest),
        None => (None, text.strip_prefix(is_mark).unwrap_or(text)),
    }
}

/// Takes the number at the beginning of a text.
fn number(text: &str) -> (Option<usize>, &str) {
    let digit = |c: char| char::from_digit(u32::from(c).checked_sub(DIGITS)?, 16);
    let digits: String = text.chars().map_while(digit).collect();
    // A digit and its character are one byte each.
    (usize::from_str_radix(&digits, 16).ok(), text.get(digits.len()..).unwrap_or_default())
}

/// Returns blocks with the figures of others that say the same; where those say something else, the marks changed how they
/// were read, and the block stays without figures.
pub(super) fn adopted(blocks: Vec<Block>, marked: Vec<Block>) -> Vec<Block> {
    if blocks.len() != marked.len() {
        return blocks;
    }
    blocks
        .into_iter()
        .zip(marked)
        .map(|(block, marked)| if is_same(&block, &marked) { marked } else { block })
        .collect()
}

/// The same for attachments.
pub(super) fn adopted_attachments(attachments: Vec<Attachment>, marked: Vec<Attachment>) -> Vec<Attachment> {
    if attachments.len() != marked.len() {
        return attachments;
    }
    let adopt = |(attachment, marked): (Attachment, Attachment)| Attachment {
        body: adopted(attachment.body, marked.body),
        title: attachment.title,
    };
    attachments.into_iter().zip(marked).map(adopt).collect()
}

/// Whether a block is another but for its figures.
fn is_same(block: &Block, marked: &Block) -> bool {
    match (block, marked) {
        (Block::Heading { level, text }, Block::Heading { level: other_level, text: other }) => {
            level == other_level && *text == *text_only(other)
        }
        (Block::Paragraph(text), Block::Paragraph(other)) => *text == *text_only(other),
        (Block::List { ordered, items }, Block::List { ordered: other_ordered, items: others }) => {
            ordered == other_ordered
                && items.len() == others.len()
                && items.iter().zip(others).all(|(item, other)| {
                    item.len() == other.len() && item.iter().zip(other).all(|(block, other)| is_same(block, other))
                })
        }
        (Block::Table(table), Block::Table(other)) => is_same_table(table, other),
        (Block::Chart(chart), Block::Chart(other)) => {
            chart.form == other.form && is_same_table(&chart.table, &other.table)
        }
        (block, other) => block == other,
    }
}

fn is_same_table(table: &Table, other: &Table) -> bool {
    let same_row = |row: &Vec<Cell>, other: &Vec<Cell>| {
        row.len() == other.len() && row.iter().zip(other).all(|(cell, other)| cell.0 == *text_only(&other.0))
    };
    table.caption == other.caption
        && table.columns == other.columns
        && same_row(&table.header, &other.header)
        && table.rows.len() == other.rows.len()
        && table.rows.iter().zip(&other.rows).all(|(row, other)| same_row(row, other))
}
