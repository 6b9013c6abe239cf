//! What the writer must give: values that no log holds, such as the time and the place of an interview.

use crate::dataset::data::Data;
use crate::fault::ConfigProblem;
use crate::kind::Kind;
use crate::kind::config::{Bilingual, bilingual};
use crate::project::mapping::MappingReader;
use crate::source::yaml::{Node, Value};
use crate::template::lint;
use crate::words::lang::Lang;

/// A value that a kind asks for: `set.KEY` in its templates, given by `--set KEY=VALUE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// Its name in templates and on the command line.
    pub key: String,
    /// What people call it.
    pub label: Bilingual,
    /// What holds if it is not given; an empty one says that it may be left out.
    pub default: Option<Bilingual>,
}

impl Ask {
    /// What stands in a draft where the value is still to come: nobody can take it for the value.
    fn blank(&self, lang: Lang) -> String {
        let label = self.label.of(lang);
        lang.pick(format!("〔待填：{label}〕"), format!("[to fill in: {label}]"))
    }
}

impl Kind {
    /// The values that must be given and are not, in the order in which the kind asks for them.
    #[must_use]
    pub fn missing(&self, data: &Data) -> Vec<&Ask> {
        let is_given = |ask: &Ask| data.set.get(&ask.key).is_some_and(|value| !value.trim().is_empty());
        self.config.asks.iter().filter(|ask| ask.default.is_none() && !is_given(ask)).collect()
    }

    /// The keys that `--set` may give: those asked for, and those that the templates name beside them.
    #[must_use]
    pub fn set_keys(&self) -> Vec<String> {
        let mut keys: Vec<String> = self.config.asks.iter().map(|ask| ask.key.clone()).collect();
        for template in &self.templates {
            for key in lint::set_keys(&template.text) {
                if !keys.contains(&key) {
                    keys.push(key);
                }
            }
        }
        keys
    }
}

/// The data with the defaults, and in a draft with blanks where a value is still to come. Without a number to take
/// nothing is blanked: a template that prints what is missing fails.
pub(super) fn filled(kind: &Kind, data: &Data) -> Data {
    let mut data = data.clone();
    let missing: Vec<String> = kind.missing(&data).iter().map(|ask| ask.key.clone()).collect();
    for ask in &kind.config.asks {
        if missing.contains(&ask.key) {
            data.set.shift_remove(&ask.key);
            if data.draft {
                data.set.insert(ask.key.clone(), ask.blank(data.lang));
            }
        } else if let Some(default) = &ask.default {
            data.set.entry(ask.key.clone()).or_insert_with(|| default.of(data.lang).to_owned());
        }
    }
    data
}

/// Reads `asks:` of `kind.yaml`: a mapping from keys to what they are called, in both languages (`zh`, `en`) or
/// as one text, with a `default` or without.
pub(super) fn read(node: &Node, reader: &mut MappingReader<'_>) -> Vec<Ask> {
    let mut asks: Vec<Ask> = Vec::new();
    let Value::Map(pairs) = &node.value else {
        reader.expected("mapping", node);
        return asks;
    };
    for (name, node) in pairs {
        let key = name.scalar().unwrap_or_default().to_owned();
        if !is_name(&key) {
            reader.expected("name", name);
            continue;
        }
        if asks.iter().any(|ask| ask.key == key) {
            reader.fault(name.place, ConfigProblem::Doubled { what: "key", name: key });
            continue;
        }
        let mut ask = Ask { key, label: Bilingual::default(), default: None };
        if node.scalar().is_some() {
            ask.label = bilingual(node, reader);
        } else {
            for (part, node) in reader.known(node, &["zh", "en", "default"]) {
                match part {
                    "zh" => ask.label.zh = reader.text(node).unwrap_or_default(),
                    "en" => ask.label.en = reader.text(node).unwrap_or_default(),
                    _ => ask.default = Some(bilingual(node, reader)),
                }
            }
        }
        asks.push(ask);
    }
    asks
}

/// Whether a template can name it behind a dot.
fn is_name(key: &str) -> bool {
    key.starts_with(|c: char| c.is_ascii_alphabetic()) && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}
