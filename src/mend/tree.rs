//! Edits in a YAML or JSON log: values on one line, and those that are blank.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::log;
use crate::mend::edit::{Column, Edit};
use crate::mend::fault::{EditFault, MendError, What};
use crate::mend::grid::Names;
use crate::mend::input::Before;
use crate::mend::outcome::MendedCell;
use crate::mend::scalar::{encoded_scalar, is_marked, span_of_chars};
use crate::mend::splice::spliced;
use crate::mend::tokens::{Leaf, Token, difference, span, tokens};
use crate::place::Place;
use crate::project::Project;
use crate::source::scalar::scalar;
use crate::source::yaml::Value;

/// Returns the bytes of a log with new values, and the values.
pub(super) fn mend(
    before: &Before<'_>,
    edits: &[Edit],
    project: &Project,
) -> Result<(Vec<u8>, Vec<MendedCell>), MendError> {
    // YAML counts a lone carriage return as a line break, but lines are counted by line feeds here.
    if before.text.replace("\r\n", "").contains('\r') {
        return Err(MendError::Broken("CR".to_owned()));
    }
    let (list, is_json) = tokens(before.text)?;
    let found = leaves(&list, edits, &log::own_header_fields(project))?;
    let lines = Lines::new(before.text);
    let (mut replaced, mut cells, mut faults) = (Vec::new(), Vec::new(), Vec::new());
    for (number, Found { edit, value, whole }) in &found {
        let Some(Token::Leaf(leaf)) = list.get(*number) else { continue };
        if let Some(shows) = whole {
            faults.extend(before.faults_of(edit, shows));
            if *shows != edit.value {
                let (place, old) = (edit.place.to_string(), shows.clone());
                cells.push(MendedCell { place, old, new: edit.value.clone() });
            }
        }
        if leaf.node.scalar().unwrap_or_default() == *value {
            continue;
        }
        match lines.replacement(leaf, value, is_json) {
            Ok(replacement) => replaced.push(replacement),
            Err(what) => faults.push(EditFault::new(edit, what)),
        }
    }
    if !faults.is_empty() {
        return Err(MendError::Faults(faults));
    }
    let pieces = replaced.iter().map(|(range, new): &(Range<usize>, String)| (range.clone(), new.as_str()));
    let bytes = spliced(before.raw, before.text, before.encoding, pieces);
    Ok((bytes.map_err(|_| MendError::Broken(before.encoding.name().to_owned()))?, cells))
}

/// Holds the mended log against the one before.
pub(super) fn compare(before: &Before<'_>, text: &str, edits: &[Edit], project: &Project) -> Result<(), MendError> {
    let (old, was_json) = tokens(before.text)?;
    let (new, is_json) = tokens(text)?;
    let found = leaves(&old, edits, &log::own_header_fields(project))?;
    let edited = |at: usize| found.get(&at).map(|found| (*found.value).to_owned());
    let line = difference(&old, &new, &edited).or_else(|| (was_json != is_json).then_some(1));
    line.map_or(Ok(()), |line| Err(MendError::Changed(format!("{}:{line}", before.source.name))))
}

/// A value that an edit names.
struct Found<'e> {
    edit: &'e Edit,
    /// What it is to be: of a list one of the values that the edit gives.
    value: &'e str,
    /// What the whole of it shows; nothing at the items of a list but the first.
    whole: Option<String>,
}

/// The values that edits name, by their numbers among the tokens.
///
/// # Errors
/// All that is wrong with the places.
fn leaves<'e>(list: &[Token], edits: &'e [Edit], names: &Names<'_>) -> Result<BTreeMap<usize, Found<'e>>, MendError> {
    let (mut found, mut faults) = (BTreeMap::new(), Vec::new());
    for edit in edits {
        match named(list, edit, names).and_then(|numbers| values(list, &numbers, edit)) {
            Ok(values) => {
                for (number, value) in values {
                    if found.insert(number, value).is_some() {
                        faults.push(EditFault::new(edit, What::Twice));
                    }
                }
            }
            Err(what) => faults.push(EditFault::new(edit, what)),
        }
    }
    if faults.is_empty() { Ok(found) } else { Err(MendError::Faults(faults)) }
}

/// What stands between the values of a list where it is shown as one cell.
const BETWEEN: &str = "、";

/// What each of the leaves of an edit is to be: the values of a list each in its place, for none comes or goes.
fn values<'e>(list: &[Token], numbers: &[usize], edit: &'e Edit) -> Result<Vec<(usize, Found<'e>)>, What> {
    let text = |number: &usize| match list.get(*number) {
        Some(Token::Leaf(leaf)) => leaf.node.scalar().unwrap_or_default(),
        _ => "",
    };
    let given: Vec<&str> = match numbers {
        [_] => vec![&edit.value],
        _ => edit.value.split(BETWEEN).map(str::trim).collect(),
    };
    let is_each = given.len() == numbers.len()
        && !given.contains(&"")
        && !numbers.iter().any(|number| text(number).contains(BETWEEN));
    if numbers.len() > 1 && !is_each {
        return Err(What::Items(numbers.len()));
    }
    let mut whole = Some(numbers.iter().map(text).collect::<Vec<_>>().join(BETWEEN));
    Ok(numbers.iter().zip(given).map(|(number, value)| (*number, Found { edit, value, whole: whole.take() })).collect())
}

/// The leaves that an edit names: one, or the items of a list.
fn named(list: &[Token], edit: &Edit, names: &Names<'_>) -> Result<Vec<usize>, What> {
    let line = edit.place.line;
    match &edit.place.column {
        Column::Cell(_) => Err(What::NoCell),
        Column::Character(column) => {
            let at = |place| {
                let (row, from, length) = span(place)?;
                let column = *column as usize - 1;
                (row + 1 == line as usize && (from..from + length.max(1)).contains(&column)).then_some(())
            };
            let is_key = |token: &Token| matches!(token, Token::Key(node) if at(node.place).is_some());
            let found =
                list.iter().position(|token| matches!(token, Token::Leaf(leaf) if at(leaf.node.place).is_some()));
            found
                .map(|number| vec![number])
                .ok_or_else(|| if list.iter().any(is_key) { What::Key } else { What::NoCell })
        }
        Column::Named(name) => {
            let field = names(name);
            let is_named = |key: &str| key == name || field.is_some() && names(key) == field;
            // What stands elsewhere needs no look at its key.
            let is_near = |leaf: &Leaf, at: Place| at.line.get() == line || leaf.map_line == Some(line);
            let keyed = list.iter().enumerate().filter_map(|(number, token)| match token {
                Token::Leaf(leaf) => leaf
                    .key
                    .as_ref()
                    .filter(|(key, at)| is_near(leaf, *at) && is_named(key))
                    .map(|(_, at)| (number, *at)),
                _ => None,
            });
            // The items of a list have one key.
            let mut on_line: BTreeMap<Place, Vec<usize>> = BTreeMap::new();
            let mut in_record: BTreeMap<Place, Vec<usize>> = BTreeMap::new();
            for (number, at) in keyed {
                let found = if at.line.get() == line { &mut on_line } else { &mut in_record };
                found.entry(at).or_default().push(number);
            }
            let found = if on_line.is_empty() { in_record } else { on_line };
            match found.len() {
                0 => Err(What::NoColumn),
                1 => Ok(found.into_values().flatten().collect()),
                _ => Err(What::SeveralColumns),
            }
        }
    }
}

/// The lines of a text.
struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    fn new(text: &'t str) -> Self {
        let breaks = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1);
        Self { text, starts: std::iter::once(0).chain(breaks).collect() }
    }

    fn line(&self, line: usize) -> Option<(usize, &'t str)> {
        let start = *self.starts.get(line)?;
        Some((start, self.text.get(start..)?.lines().next().unwrap_or_default()))
    }

    /// What takes the place of a value.
    fn replacement(&self, leaf: &Leaf, new: &str, is_json: bool) -> Result<(Range<usize>, String), What> {
        let Value::Scalar { text, plain } = &leaf.node.value else { return Err(What::NotText) };
        let (line, column, length) = leaf.span().ok_or(What::SeveralLines)?;
        let (start, row) = self.line(line).ok_or(What::SeveralLines)?;
        let span = span_of_chars(row, column, length).filter(|span| span.end <= row.len());
        let raw = span.clone().and_then(|span| row.get(span)).unwrap_or_default();
        // A value that is not there reads as empty or as `~`.
        if *plain && (text.is_empty() || text == "~" && raw != "~") {
            return self.blank(leaf, new);
        }
        let span = span.ok_or(What::SeveralLines)?;
        let before = row.get(..span.start).unwrap_or_default();
        if is_marked(before) || raw.starts_with(['&', '!', '*']) {
            return Err(What::Anchored);
        }
        let is_quoted =
            raw.len() > 1 && ['"', '\''].iter().any(|quote| raw.starts_with(*quote) && raw.ends_with(*quote));
        if *plain && raw != text || !*plain && !is_quoted {
            return Err(What::SeveralLines);
        }
        let was_number = *plain && text.parse::<f64>().is_ok();
        let encoded = if is_json {
            if was_number && is_json_number(new) { new.to_owned() } else { quoted(new) }
        } else {
            in_yaml(raw, text, new, was_number)
        };
        Ok((start + span.start..start + span.end, encoded))
    }

    /// Puts a value behind a key that has none.
    fn blank(&self, leaf: &Leaf, new: &str) -> Result<(Range<usize>, String), What> {
        let (_, place) = leaf.key.as_ref().ok_or(What::SeveralLines)?;
        let (line, column, length) = span(*place).ok_or(What::SeveralLines)?;
        let (start, row) = self.line(line).ok_or(What::SeveralLines)?;
        let key = span_of_chars(row, column, length).ok_or(What::SeveralLines)?;
        let rest = row.get(key.end..).unwrap_or_default();
        let colon = rest.len() - rest.trim_start().len();
        let rest = rest.trim_start().strip_prefix(':').ok_or(What::SeveralLines)?;
        let end = rest.trim_start();
        if !(end.is_empty() || end.starts_with(['#', ',', '}', ']'])) {
            return Err(What::Anchored);
        }
        let at = start + key.end + colon + 1;
        let gap = if end.starts_with('#') && !rest.starts_with(' ') { " " } else { "" };
        Ok((at..at, format!(" {}{gap}", in_yaml("", "", new, false))))
    }
}

fn in_yaml(raw: &str, old: &str, new: &str, was_number: bool) -> String {
    let styled = encoded_scalar(raw, old, new, was_number);
    styled.filter(|text| !text.contains('\n') && !text.contains('\r')).unwrap_or_else(|| scalar(new))
}

/// A text as a string of JSON.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Whether a text is a number of JSON.
fn is_json_number(text: &str) -> bool {
    serde_json::from_str::<serde_json::Value>(text).is_ok_and(|value| value.is_number()) && text.trim() == text
}
