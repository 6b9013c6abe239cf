//! A YAML or JSON log as a list of its values, each with its place and its key.

use crate::mend::fault::MendError;
use crate::place::{Place, SourceId, Spot};
use crate::source::yaml::{Next, Node, Reader, Value, YamlError, is_strict_json};

/// The most of nested mappings and lists; the reader of logs has no more.
const MAX_DEPTH: usize = crate::source::yaml::MAX_DEPTH;

/// One step through a log.
#[derive(Debug)]
pub(super) enum Token {
    Map,
    List,
    End,
    Key(Node),
    Leaf(Leaf),
}

/// A value that is no mapping and no list, unless it is an alias of one.
#[derive(Debug)]
pub(super) struct Leaf {
    pub(super) node: Node,
    /// Its key, if it is a value of a mapping, or that of the list that it is an item of: the text and the place.
    pub(super) key: Option<(String, Place)>,
    /// The line on which its mapping begins.
    pub(super) map_line: Option<u32>,
}

impl Leaf {
    /// Line and column, both from 0, and the number of characters on the line.
    pub(super) fn span(&self) -> Option<(usize, usize, usize)> {
        span(self.node.place)
    }
}

/// Line and column of a place, both from 0, and its length.
pub(super) fn span(place: Place) -> Option<(usize, usize, usize)> {
    let Spot::Chars { column, length } = place.spot else { return None };
    Some((place.line.to_zero(), column.to_zero(), length as usize))
}

/// What is open.
enum Open {
    Map {
        line: u32,
        key: Option<(String, Place)>,
        is_key_next: bool,
    },
    /// With its key and the line on which its mapping begins.
    List(Option<(String, Place)>, Option<u32>),
}

/// Reads a log, as the reader of logs does.
///
/// # Errors
/// It can't be read from a line on.
pub(super) fn tokens(text: &str) -> Result<(Vec<Token>, bool), MendError> {
    let id = SourceId(0);
    let is_json = is_strict_json(text.as_bytes()).map_err(|error| MendError::Broken(error.to_string()))?;
    let mut reader = if is_json { Reader::json(id, text.as_bytes()) } else { Reader::new(id, text.as_bytes()) };
    Ok((walk(&mut reader).map_err(unreadable)?, is_json))
}

fn unreadable(error: YamlError) -> MendError {
    match error {
        YamlError::Syntax { place, .. } | YamlError::TooComplex { place, .. } => {
            MendError::Unreadable { line: place.line.get() }
        }
        YamlError::Io(error) => MendError::Broken(error.to_string()),
    }
}

fn walk(reader: &mut Reader<&[u8]>) -> Result<Vec<Token>, YamlError> {
    let (mut tokens, mut open): (Vec<Token>, Vec<Open>) = (Vec::new(), Vec::new());
    loop {
        let is_key = matches!(open.last(), Some(Open::Map { is_key_next: true, .. }));
        match reader.peek()? {
            Next::Nothing => return Ok(tokens),
            Next::End => {
                reader.step()?;
                open.pop();
                tokens.push(Token::End);
            }
            _ if is_key => {
                let node = reader.node()?;
                if let Some(Open::Map { key, is_key_next, .. }) = open.last_mut() {
                    *key = node.scalar().map(|text| (text.to_owned(), node.place));
                    *is_key_next = false;
                }
                tokens.push(Token::Key(node));
            }
            Next::Map(place) => {
                value_follows(&mut open);
                deep(&open, place)?;
                reader.step()?;
                open.push(Open::Map { line: place.line.get(), key: None, is_key_next: true });
                tokens.push(Token::Map);
            }
            Next::List(place) => {
                let (key, map_line) = value_follows(&mut open);
                deep(&open, place)?;
                reader.step()?;
                open.push(Open::List(key, map_line));
                tokens.push(Token::List);
            }
            Next::Leaf(_) => {
                let (key, map_line) = value_follows(&mut open);
                let node = reader.node()?;
                tokens.push(Token::Leaf(Leaf { node, key, map_line }));
            }
        }
    }
}

/// The key of the value that comes now, or of the list that it is an item of; the next of a mapping is a key again.
fn value_follows(open: &mut [Open]) -> (Option<(String, Place)>, Option<u32>) {
    match open.last_mut() {
        Some(Open::Map { line, key, is_key_next }) => {
            *is_key_next = true;
            (key.take(), Some(*line))
        }
        Some(Open::List(key, map_line)) => (key.clone(), *map_line),
        None => (None, None),
    }
}

fn deep(open: &[Open], place: Place) -> Result<(), YamlError> {
    if open.len() < MAX_DEPTH {
        return Ok(());
    }
    Err(YamlError::TooComplex { place, limit: "depth", allowed: MAX_DEPTH })
}

/// Whether two logs say the same but for the leaves of `edited`, which say what is given for each, by their number among
/// the tokens. If not, the line of the first difference in the first of them.
pub(super) fn difference(old: &[Token], new: &[Token], edited: &dyn Fn(usize) -> Option<String>) -> Option<u32> {
    let line = |at: usize| {
        old.iter().take(at + 1).rev().find_map(|token| match token {
            Token::Key(node) | Token::Leaf(Leaf { node, .. }) => Some(node.place.line.get()),
            _ => None,
        })
    };
    if old.len() != new.len() {
        return Some(line(old.len().min(new.len())).unwrap_or(1));
    }
    let pairs = old.iter().zip(new).enumerate();
    let mut different = pairs.filter(|(at, (old, new))| match (old, new) {
        (Token::Map, Token::Map) | (Token::List, Token::List) | (Token::End, Token::End) => false,
        (Token::Key(old), Token::Key(new)) => !same(&old.value, &new.value),
        (Token::Leaf(old), Token::Leaf(new)) => match edited(*at) {
            Some(value) => new.node.scalar() != Some(value.as_str()),
            None => !same(&old.node.value, &new.node.value),
        },
        _ => true,
    });
    different.next().map(|(at, _)| line(at).unwrap_or(1))
}

/// Whether two values are the same, wherever they stand.
fn same(old: &Value, new: &Value) -> bool {
    match (old, new) {
        (Value::Scalar { text: old, plain: was }, Value::Scalar { text: new, plain: is }) => old == new && was == is,
        (Value::List(old), Value::List(new)) => {
            old.len() == new.len() && old.iter().zip(new).all(|(old, new)| same(&old.value, &new.value))
        }
        (Value::Map(old), Value::Map(new)) => {
            let pairs = old.iter().zip(new);
            old.len() == new.len()
                && pairs
                    .into_iter()
                    .all(|(old, new)| same(&old.0.value, &new.0.value) && same(&old.1.value, &new.1.value))
        }
        _ => false,
    }
}
