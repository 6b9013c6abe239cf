//! Reads mappings with a fixed set of keys: every unknown, duplicate or malformed entry is a fault at its place, and
//! the rest is still read.

use crate::fault::{ConfigProblem, FaultKind, Faults};
use crate::place::Place;
use crate::source::yaml::{Node, Value};
use crate::words::near::nearest;

/// Reads nodes and collects the faults.
pub(crate) struct MappingReader<'f> {
    pub(crate) faults: &'f mut Faults,
}

impl MappingReader<'_> {
    /// Returns the entries of a mapping with a fixed set of keys, in the order written.
    pub(crate) fn known<'n>(&mut self, node: &'n Node, known: &[&'static str]) -> Vec<(&'static str, &'n Node)> {
        self.known_or(node, known, &[])
    }

    /// Does what [`MappingReader::known`] does, but also accepts former names of keys; `aliases` are pairs of the old
    /// and the new name.
    pub(crate) fn known_or<'n>(
        &mut self,
        node: &'n Node,
        known: &[&'static str],
        aliases: &[(&str, &str)],
    ) -> Vec<(&'static str, &'n Node)> {
        let mut found: Vec<(&'static str, &Node)> = Vec::new();
        for (key, value) in self.entries(node) {
            let name = aliases.iter().find(|(old, _)| *old == key.1).map_or(key.1, |(_, new)| *new);
            match known.iter().find(|known| **known == name) {
                None => {
                    let near = nearest(key.1, known.iter().copied()).map(str::to_owned);
                    let problem = ConfigProblem::UnknownKey { key: key.1.to_owned(), near, known: known.join(" ") };
                    self.fault(key.0, problem);
                }
                Some(name) if found.iter().any(|(seen, _)| seen == name) => {
                    self.fault(key.0, ConfigProblem::Doubled { what: "key", name: key.1.to_owned() });
                }
                Some(name) => found.push((name, value)),
            }
        }
        found
    }

    /// Returns the entries of a mapping with arbitrary keys, with the place of each key.
    pub(crate) fn entries<'n>(&mut self, node: &'n Node) -> Vec<((Place, &'n str), &'n Node)> {
        let Value::Map(pairs) = &node.value else {
            if !node.is_null() {
                self.expected("mapping", node);
            }
            return Vec::new();
        };
        let mut entries = Vec::new();
        for (key, value) in pairs {
            match key.scalar() {
                Some(name) => entries.push(((key.place, name), value)),
                None => self.expected("text", key),
            }
        }
        entries
    }

    /// Reads a text, trimmed.
    pub(crate) fn text(&mut self, node: &Node) -> Option<String> {
        let text = node.scalar();
        if text.is_none() {
            self.expected("text", node);
        }
        text.map(|text| text.trim().to_owned())
    }

    /// Reads a text or a list of texts, trimmed.
    pub(crate) fn texts(&mut self, node: &Node) -> Vec<String> {
        items(node).iter().filter_map(|item| self.text(item)).collect()
    }

    /// Reads a whole number from 0.
    pub(crate) fn number(&mut self, node: &Node) -> Option<u32> {
        let number = node.scalar().and_then(|text| text.trim().parse().ok());
        if number.is_none() {
            self.expected("number", node);
        }
        number
    }

    /// Reads `true`, `yes`, `false` or `no`.
    pub(crate) fn truth(&mut self, node: &Node) -> Option<bool> {
        match node.scalar().map(str::trim) {
            Some("true" | "yes") => Some(true),
            Some("false" | "no") => Some(false),
            _ => {
                self.expected("true or false", node);
                None
            }
        }
    }

    /// Reads one of `words` and returns its value.
    pub(crate) fn one_of<T: Copy>(&mut self, key: &str, node: &Node, words: &[(&str, T)]) -> Option<T> {
        let text = self.text(node)?;
        let found = words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        if found.is_none() {
            let expected = words.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(" | ");
            self.bad_value(key, node, &expected, nearest(&text, words.iter().map(|(word, _)| *word)));
        }
        found
    }

    /// Reports a value that is invalid for its key; `near` is a suggestion.
    pub(crate) fn bad_value(&mut self, key: &str, node: &Node, expected: &str, near: Option<&str>) {
        let value = node.scalar().unwrap_or(node.shape()).to_owned();
        let (key, expected, near) = (key.to_owned(), expected.to_owned(), near.map(str::to_owned));
        self.fault(node.place, ConfigProblem::BadValue { key, value, expected, near });
    }

    /// Reports a node that should have been a `what`.
    pub(crate) fn expected(&mut self, what: &'static str, node: &Node) {
        let found = node.scalar().map_or_else(|| node.shape().to_owned(), |text| format!("`{text}`"));
        self.fault(node.place, ConfigProblem::Expected { what, found });
    }

    /// Reports a problem of the config.
    pub(crate) fn fault(&mut self, place: Place, problem: ConfigProblem) {
        self.faults.add(place, FaultKind::Config { problem });
    }
}

/// Returns the items of a list; a single value is a list of one, null an empty list.
pub(crate) fn items(node: &Node) -> &[Node] {
    match &node.value {
        Value::List(items) => items,
        _ if node.is_null() => &[],
        _ => std::slice::from_ref(node),
    }
}
