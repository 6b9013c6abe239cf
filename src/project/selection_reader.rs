//! Selections of issues in a config: `{unit: A, status: [rectified, closed]}`.

use crate::fault::ConfigProblem;
use crate::model::key::Key;
use crate::place::Place;
use crate::project::mapping::{MappingReader, items};
use crate::project::selection::Selection;
use crate::project::{Project, UnknownValue};
use crate::source::yaml::Node;

/// Reads selections: mappings of keys to one or more values, which are made canonical. A single mapping is a list of
/// one. Faults are reported, and the rest is still read.
pub(crate) fn selections(node: &Node, project: &Project, keys: &mut MappingReader<'_>) -> Vec<Selection> {
    let mut found = Vec::new();
    for item in items(node) {
        let mut selection = Selection::new();
        let mut seen: Vec<(Key, (&str, Place))> = Vec::new();
        for ((place, name), node) in keys.entries(item) {
            match name.parse::<Key>() {
                Ok(key) => {
                    if let Some((_, first)) = seen.iter().find(|(other, _)| *other == key) {
                        keys.doubled(place, name, *first);
                        continue;
                    }
                    seen.push((key, (name, place)));
                    let mut values = Vec::new();
                    for value in blank_or_texts(node, keys) {
                        match project.canonical(key, &value) {
                            Ok(value) => values.push(value),
                            Err(UnknownValue { written: value, suggestion: near, known, .. }) => {
                                let (key, expected) = (key.to_string(), known.join(" | "));
                                keys.fault(node.place, ConfigProblem::BadValue { key, value, expected, near });
                            }
                        }
                    }
                    selection.push((key, values));
                }
                Err(error) => {
                    let known = Key::all().map(|(name, _)| name).collect::<Vec<_>>().join(" ");
                    keys.fault(place, ConfigProblem::UnknownKey { key: name.to_owned(), near: error.near, known });
                }
            }
        }
        found.push(selection);
    }
    found
}

/// Reads one or more values; null stands for an empty cell.
pub(super) fn blank_or_texts(node: &Node, keys: &mut MappingReader<'_>) -> Vec<String> {
    if node.is_null() { vec![String::new()] } else { keys.texts(node) }
}
