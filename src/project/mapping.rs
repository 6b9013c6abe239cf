//! Reads mappings with a fixed set of keys: every unknown, duplicate or malformed entry is a fault at its place, and
//! the rest is still read.

use crate::fault::{ConfigProblem, FaultKind, Faults};
use crate::model::Field;
use crate::place::Place;
use crate::project::keys::{self, ConfigKey};
use crate::project::remedy;
use crate::source::yaml::{Node, Value};
use crate::words::lang::Lang;
use crate::words::near::nearest;

/// Reads nodes and collects the faults.
pub(crate) struct MappingReader<'f> {
    pub(crate) faults: &'f mut Faults,
    /// The language in which a config writes its keys: suggestions are in it.
    keys: Lang,
    /// Whether the words of lists may be Chinese, as in `duban.yaml`.
    chinese: bool,
    /// The whole of the config, from which the line that mends a fault is made.
    root: Option<&'f Node>,
}

impl<'f> MappingReader<'f> {
    /// Creates a reader of a file whose keys are those of the code, such as `kind.yaml`.
    pub(crate) fn new(faults: &'f mut Faults) -> Self {
        Self { faults, keys: Lang::En, chinese: false, root: None }
    }

    /// Creates a reader of a config, whose keys and words are in either language.
    pub(crate) fn of_config(root: &'f Node, faults: &'f mut Faults) -> Self {
        Self { faults, keys: language_of(root), chinese: true, root: Some(root) }
    }

    /// The language in which the file writes its keys.
    pub(crate) fn keys(&self) -> Lang {
        self.keys
    }

    /// Returns the entries of a mapping of the config, by their canonical keys, in the order written.
    pub(crate) fn known<'n>(&mut self, node: &'n Node, keys: &'static [ConfigKey]) -> Vec<(&'static str, &'n Node)> {
        let mut found: Vec<(&'static str, (&str, Place), &Node)> = Vec::new();
        for ((place, name), value) in self.entries(node) {
            match keys::find(keys, name) {
                None => {
                    let near = keys::nearest_name(keys, name).map(str::to_owned);
                    let known = keys::names(keys, self.keys);
                    self.fault(place, ConfigProblem::UnknownKey { key: name.to_owned(), near, known });
                }
                Some(key) => match found.iter().find(|(seen, ..)| *seen == key.key) {
                    Some((_, first, _)) => self.doubled(place, name, *first),
                    None => found.push((key.key, (name, place), value)),
                },
            }
        }
        found.into_iter().map(|(key, _, node)| (key, node)).collect()
    }

    /// Returns the entries of a mapping whose keys are fields, in the order written.
    pub(crate) fn fields<'n>(&mut self, node: &'n Node) -> Vec<(Field, &'n Node)> {
        let mut found: Vec<(Field, (&str, Place), &Node)> = Vec::new();
        for ((place, name), value) in self.entries(node) {
            match keys::field(name) {
                None => {
                    let near = keys::nearest_field(name).map(str::to_owned);
                    let known = keys::field_names(self.keys);
                    self.fault(place, ConfigProblem::UnknownKey { key: name.to_owned(), near, known });
                }
                Some(field) => match found.iter().find(|(seen, ..)| *seen == field) {
                    Some((_, first, _)) => self.doubled(place, name, *first),
                    None => found.push((field, (name, place), value)),
                },
            }
        }
        found.into_iter().map(|(field, _, node)| (field, node)).collect()
    }

    /// Returns the entries of a mapping with a fixed set of keys without Chinese names; `aliases` are pairs of the former
    /// and the present name of a key.
    pub(crate) fn canonical<'n>(
        &mut self,
        node: &'n Node,
        known: &[&'static str],
        aliases: &[(&str, &str)],
    ) -> Vec<(&'static str, &'n Node)> {
        let mut found: Vec<(&'static str, (&str, Place), &Node)> = Vec::new();
        for ((place, written), value) in self.entries(node) {
            let name = aliases.iter().find(|(old, _)| *old == written).map_or(written, |(_, new)| *new);
            match known.iter().find(|known| **known == name) {
                None => {
                    let near = nearest(written, known.iter().copied()).map(str::to_owned);
                    let problem = ConfigProblem::UnknownKey { key: written.to_owned(), near, known: known.join(" ") };
                    self.fault(place, problem);
                }
                Some(name) => match found.iter().find(|(seen, ..)| seen == name) {
                    Some((_, first, _)) => self.doubled(place, written, *first),
                    None => found.push((name, (written, place), value)),
                },
            }
        }
        found.into_iter().map(|(key, _, node)| (key, node)).collect()
    }

    /// Reports a key that stands twice in a mapping, in one language or in both.
    pub(crate) fn doubled(&mut self, place: Place, name: &str, (first, at): (&str, Place)) {
        let first = Some((first.to_owned(), at.line.get()));
        let problem = ConfigProblem::Doubled { what: "key", name: name.to_owned(), first };
        let line = self.line(at, &problem);
        self.faults.add_full(place, FaultKind::Config { problem, line }, None, Some(at));
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

    /// Reads `true`, `yes`, `是`, `false`, `no` or `否`.
    pub(crate) fn truth(&mut self, node: &Node) -> Option<bool> {
        match node.scalar().map(str::trim) {
            Some("true" | "yes" | "是") => Some(true),
            Some("false" | "no" | "否") => Some(false),
            _ => {
                self.expected("true or false", node);
                None
            }
        }
    }

    /// Reads one of `words`, in a config also by its Chinese word, and returns its value.
    pub(crate) fn one_of<T: Copy>(&mut self, key: &str, node: &Node, words: &[(&'static str, T)]) -> Option<T> {
        let text = self.text(node)?;
        let chinese = |word: &str| keys::word(word).filter(|_| self.chinese);
        let is_meant = |word: &str| word == text || chinese(word) == Some(text.as_str());
        let found = words.iter().find(|(word, _)| is_meant(word)).map(|(_, value)| *value);
        if found.is_none() {
            let canonical = || words.iter().map(|(word, _)| *word);
            let near = nearest(&text, canonical().chain(canonical().filter_map(chinese)));
            let expected = keys::words_in(canonical(), self.keys).join(" | ");
            self.bad_value(key, node, &expected, near);
        }
        found
    }

    /// Reports a value that is invalid for its key; `near` is a suggestion.
    pub(crate) fn bad_value(&mut self, key: &str, node: &Node, expected: &str, near: Option<&str>) {
        let value = node.scalar().unwrap_or(node.shape()).to_owned();
        // As the file calls it.
        let key = self.root.and_then(|root| remedy::key_at(root, node.place)).unwrap_or(key);
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
        let line = self.line(place, &problem);
        self.faults.add(place, FaultKind::Config { problem, line });
    }

    /// Reports a problem at a place within a value.
    pub(crate) fn fault_within(&mut self, value: &Node, place: Place, problem: ConfigProblem) {
        let line = self.line(value.place, &problem);
        self.faults.add(place, FaultKind::Config { problem, line });
    }

    /// The line that mends a problem of the config.
    fn line(&self, place: Place, problem: &ConfigProblem) -> Option<String> {
        self.root.and_then(|root| remedy::line(root, place, problem, self.keys))
    }
}

/// Returns the language in which a config writes its keys: that of most keys of its top level.
fn language_of(root: &Node) -> Lang {
    let Value::Map(pairs) = &root.value else { return Lang::En };
    let (chinese, other): (Vec<_>, Vec<_>) = pairs
        .iter()
        .filter_map(|(key, _)| key.scalar())
        .filter(|key| *key != "$schema")
        .partition(|key| !key.is_ascii());
    if chinese.len() > other.len() { Lang::Zh } else { Lang::En }
}

/// Returns the items of a list; a single value is a list of one, null an empty list.
pub(crate) fn items(node: &Node) -> &[Node] {
    match &node.value {
        Value::List(items) => items,
        _ if node.is_null() => &[],
        _ => std::slice::from_ref(node),
    }
}
